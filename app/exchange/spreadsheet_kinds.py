"""How a cell of each kind fills a draft; the kinds are named in `ontology/spreadsheet/*.ttl`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.exchange import spreadsheet_address as address
from app.exchange import spreadsheet_values as values
from app.exchange.spreadsheet_ages import age, ages
from app.exchange.spreadsheet_cells import Cell
from app.exchange.spreadsheet_columns import Column, Step
from app.exchange.spreadsheet_draft import CellProblem, Draft
from app.exchange.spreadsheet_headers import Binding, words
from app.model.codelists import CodeLists
from app.model.fields import EntityType, Field, Kind, NodeType
from app.model.identifiers import (
    validate_person_name,
    validate_social_media,
    validate_text,
    validate_v_code,
    validate_website,
)
from app.register.canonical import VALIDATORS

Validator = Callable[[str], str]
ONE_ONLY = "Hier past één waarde: enkel de eerste is overgenomen."


@dataclass(frozen=True)
class Setting:
    """What readers need besides the cell."""

    codelists: CodeLists
    type: EntityType
    validators: Mapping[str, Validator]


@dataclass(frozen=True)
class CellReader:
    """Reads the cells of one column into drafts."""

    binding: Binding
    setting: Setting

    def read(self, cell: Cell, draft: Draft) -> None:
        """Put what the cell says in the draft, or the problem that it has."""
        try:
            KINDS[self.binding.column.kind](self, cell, draft)
        except ValueError as error:
            draft.problems.append(CellProblem(self.binding.index, str(error)))

    @cached_property
    def field(self) -> Field | None:
        """The field at the end of the column's path."""
        return field_of(self.binding.column, self.setting.type)

    @cached_property
    def validate(self) -> Validator:
        """Text to the canonical text of the field."""
        term = self.field.term if self.field else ""
        if term in self.setting.validators:
            return self.setting.validators[term]
        if self.field and self.field.kind is Kind.LANGUAGE:
            return lambda text: validate_text(text, multiline=True)
        return validate_text

    def put(self, draft: Draft, value: Any) -> None:
        draft.put(self.binding.column.path, value, self.binding, self.setting.codelists)

    def put_each(self, draft: Draft, found: list[Any]) -> None:
        """Each value where the path takes several, else the first, and say so."""
        several = self.binding.column.repeats
        for value in found if several else found[:1]:
            self.put_new(draft, value)
        if len(found) > 1 and not several:
            draft.remarks.append(CellProblem(self.binding.index, ONE_ONLY))

    def put_new(self, draft: Draft, value: Any) -> None:
        """A value in a new node of its list, unless the same one is there from another cell."""
        first, *rest = self.binding.column.path
        if first.selector == "+" and rest:
            same = (node for node in draft.document.get(first.term, ()) if node.get(rest[-1].term) == value)
            if next(same, None) is not None:
                return
        self.put(draft, value)

    def fill(self, draft: Draft, parts: Mapping[str, Any]) -> None:
        """Set fields of the node that the path leads to, or that holds the field it leads to."""
        draft.fill(self.node_path, dict(parts), self.binding, self.setting.codelists)

    @cached_property
    def node_path(self) -> tuple[Step, ...]:
        path = self.binding.column.path
        return path if self.field and self.field.node else path[:-1]


def field_of(column: Column, type: EntityType) -> Field | None:
    """The field at the end of a column's path; None for a column that fills none."""
    node: NodeType | None = type
    found = None
    for step in column.path:
        found = node.field(step.term) if node else None
        node = found.node if found else None
    return found


def _text(reader: CellReader, cell: Cell, draft: Draft) -> None:
    reader.put(draft, reader.validate(values.text_of(cell)))


def _texts(reader: CellReader, cell: Cell, draft: Draft) -> None:
    reader.put_each(draft, [reader.validate(text) for text in values.texts(cell)])


def _read(read: Callable[[Cell], Any]) -> Callable[[CellReader, Cell, Draft], None]:
    return lambda reader, cell, draft: reader.put(draft, read(cell))


def _read_each(read: Callable[[Cell], list[Any]]) -> Callable[[CellReader, Cell, Draft], None]:
    return lambda reader, cell, draft: reader.put_each(draft, read(cell))


def _fill(read: Callable[[Cell], dict[str, str]]) -> Callable[[CellReader, Cell, Draft], None]:
    def fill(reader: CellReader, cell: Cell, draft: Draft) -> None:
        reader.fill(draft, {term: validate_text(text) for term, text in read(cell).items()})

    return fill


def _ages(reader: CellReader, cell: Cell, draft: Draft) -> None:
    reader.fill(draft, dict(zip(("minimumleeftijd", "maximumleeftijd"), ages(cell), strict=True)))


def _concepts(reader: CellReader, cell: Cell, draft: Draft) -> None:
    field = reader.field
    assert field is not None and field.scheme is not None, "a column of concepts needs a field with a concept scheme"
    name = f"Deze {field.label.lower().removesuffix('en')}"
    found = values.concepts(reader.setting.codelists, field.scheme.value, cell, name)
    reader.put_each(draft, [concept.iri for concept in found])


def _legal_form(reader: CellReader, cell: Cell, draft: Draft) -> None:
    """`feitelijke vereniging` is a type (without legal personality) and a subtype in one word."""
    text = values.one_line(cell)
    lists = reader.setting.codelists
    type = lists.find("verenigingstype", text)
    if type is None:
        raise ValueError("Deze rechtsvorm kennen we niet. Schrijf bijvoorbeeld vzw of feitelijke vereniging.")
    reader.put(draft, type.iri)
    subtype = lists.find("verenigingssubtype", text)
    if subtype:
        draft.put((Step("verenigingssubtype"),), subtype.iri, reader.binding, lists)


def _person(reader: CellReader, cell: Cell, draft: Draft) -> None:
    """`An Peeters`, `Peeters, An`, `PEETERS An`; a header that has the last name first says so."""
    text = values.one_line(cell)
    last, comma, first = (part.strip() for part in text.partition(","))
    if not comma:
        parts = text.split()
        upper = [part for part in parts if part.isupper() and len(part) > 1]
        header = words(reader.binding.header)
        if 0 < len(upper) < len(parts):
            first, last = " ".join(part for part in parts if part not in upper), " ".join(upper)
        elif header[:1] in (["naam"], ["familienaam"], ["achternaam"]):
            first, last = parts[-1], " ".join(parts[:-1])
        else:
            first, last = parts[0], " ".join(parts[1:])
    names = {"voornaam": first, "achternaam": last}
    reader.fill(draft, {term: validate_person_name(name) for term, name in names.items() if name})


def _code(reader: CellReader, cell: Cell, draft: Draft) -> None:
    draft.code = validate_v_code(values.one_line(cell))


def _decision(reader: CellReader, cell: Cell, draft: Draft) -> None:
    draft.decision = values.decision(cell)


def _ours(reader: CellReader, cell: Cell, draft: Draft) -> None:
    """A column that an import wrote itself: nothing to read."""


KINDS: Mapping[str, Callable[[CellReader, Cell, Draft], None]] = {
    "tekst": _text,
    "teksten": _texts,
    "datum": _read(values.day),
    "leeftijd": _read(age),
    "leeftijden": _ages,
    "ja of nee": _read(values.yes_or_no),
    "begrippen": _concepts,
    "rechtsvorm": _legal_form,
    "e-mails": _read_each(values.emails),
    "telefoons": _read_each(values.phones),
    "webadressen": _read_each(values.addresses(validate_website)),
    "sociale media": _read_each(values.addresses(validate_social_media)),
    "adres": _fill(address.whole_address),
    "straat en nummer": _fill(address.street_and_number),
    "huisnummer": _fill(address.house_number),
    "postcode": _fill(address.postcode),
    "gemeente": _fill(address.municipality),
    "postcode en gemeente": _fill(address.municipality),
    "bus": _read(address.box_number),
    "persoon": _person,
    "V-code": _code,
    "beslissing": _decision,
    "uitkomst": _ours,
}

__all__ = ["KINDS", "VALIDATORS", "CellReader", "Setting", "Validator", "field_of"]
