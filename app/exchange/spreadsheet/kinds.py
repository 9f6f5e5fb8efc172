"""How a cell of each kind fills a draft; the kinds are named in `ontology/spreadsheet/*.ttl`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from app.exchange.spreadsheet import address, values
from app.exchange.spreadsheet.ages import age, ages
from app.exchange.spreadsheet.cells import Cell
from app.exchange.spreadsheet.columns import Column, Step
from app.exchange.spreadsheet.draft import CellProblem, Draft
from app.exchange.spreadsheet.headers import Binding
from app.exchange.spreadsheet.titles import words
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
class CellKind:
    """`parse` finds what a cell says, from the cell alone; `apply` puts that in a draft."""

    parse: Callable[[CellReader, Cell], Any]
    apply: Callable[[CellReader, Draft, Any], None]


@dataclass(frozen=True)
class CellReader:
    """Reads the cells of one column into drafts; what was read once is remembered, for lists repeat themselves."""

    binding: Binding
    setting: Setting
    _remembered: dict[str, Any] = field(default_factory=dict, repr=False)

    def read(self, cell: Cell, draft: Draft) -> None:
        """Put what the cell says in the draft, or the problem that it has."""
        try:
            self.kind.apply(self, draft, self._parse(cell))
        except ValueError as error:
            draft.problems.append(CellProblem(self.binding.index, str(error)))

    def _parse(self, cell: Cell) -> Any:
        if not isinstance(cell, str):
            return self.kind.parse(self, cell)
        if cell in self._remembered:
            return self._remembered[cell]
        found = self.kind.parse(self, cell)
        if len(self._remembered) < MOST_REMEMBERED:
            self._remembered[cell] = found
        return found

    @cached_property
    def kind(self) -> CellKind:
        """How cells of this column are read."""
        return KINDS[self.binding.column.kind]

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
        """Fill the field of this column."""
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
        """Where the node is that the cell says something of."""
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


def _put(read: Callable[[Cell], Any]) -> CellKind:
    return CellKind(lambda _, cell: read(cell), CellReader.put)


def _put_each(read: Callable[[Cell], list[Any]]) -> CellKind:
    return CellKind(lambda _, cell: read(cell), CellReader.put_each)


def _fill(read: Callable[[Cell], Mapping[str, str]]) -> CellKind:
    def parse(_: CellReader, cell: Cell) -> dict[str, str]:
        return {term: validate_text(text) for term, text in read(cell).items()}

    return CellKind(parse, CellReader.fill)


def _text(reader: CellReader, cell: Cell) -> str:
    return reader.validate(values.text_of(cell))


def _texts(reader: CellReader, cell: Cell) -> list[str]:
    return [reader.validate(text) for text in values.texts(cell)]


def _ages(_: CellReader, cell: Cell) -> dict[str, int]:
    return dict(zip(("minimumleeftijd", "maximumleeftijd"), ages(cell), strict=True))


def _concepts(reader: CellReader, cell: Cell) -> list[str]:
    field = reader.field
    assert field is not None and field.scheme is not None, "a column of concepts needs a field with a concept scheme"
    name = f"Deze {field.label.lower().removesuffix('en')}"
    return [concept.iri for concept in values.concepts(reader.setting.codelists, field.scheme.value, cell, name)]


def _legal_form(reader: CellReader, cell: Cell) -> dict[str, str]:
    """`feitelijke vereniging` is a type (without legal personality) and a subtype in one word."""
    text = values.one_line(cell)
    lists = reader.setting.codelists
    type, subtype = lists.find("verenigingstype", text), lists.find("verenigingssubtype", text)
    if type is None:
        raise ValueError("Deze rechtsvorm kennen we niet. Schrijf bijvoorbeeld vzw of feitelijke vereniging.")
    return {"verenigingstype": type.iri, **({"verenigingssubtype": subtype.iri} if subtype else {})}


def _person(reader: CellReader, cell: Cell) -> dict[str, str]:
    """`An Peeters`, `Peeters, An`, `PEETERS An`; a header that has the last name first says so."""
    text = values.one_line(cell)
    last, comma, first = (part.strip() for part in text.partition(","))
    if not comma:
        first, last = _first_and_last(text.split(), words(reader.binding.header))
    names = {"voornaam": first, "achternaam": last}
    return {term: validate_person_name(name) for term, name in names.items() if name}


def _first_and_last(parts: list[str], header: list[str]) -> tuple[str, str]:
    upper = [part for part in parts if part.isupper() and len(part) > 1]
    if 0 < len(upper) < len(parts):
        return " ".join(part for part in parts if part not in upper), " ".join(upper)
    if header[:1] in (["naam"], ["familienaam"], ["achternaam"]):
        return parts[-1], " ".join(parts[:-1])
    return parts[0], " ".join(parts[1:])


def _set_code(_: CellReader, draft: Draft, code: str) -> None:
    draft.code = code


def _set_decision(_: CellReader, draft: Draft, decision: str) -> None:
    draft.decision = decision


def _leave(_: CellReader, _draft: Draft, _found: None) -> None:
    """A column that an import wrote itself: nothing to read."""


MOST_REMEMBERED = 5_000
KINDS: Mapping[str, CellKind] = {
    "tekst": CellKind(_text, CellReader.put),
    "teksten": CellKind(_texts, CellReader.put_each),
    "datum": _put(values.day),
    "leeftijd": _put(age),
    "leeftijden": CellKind(_ages, CellReader.fill),
    "ja of nee": _put(values.yes_or_no),
    "begrippen": CellKind(_concepts, CellReader.put_each),
    "rechtsvorm": CellKind(_legal_form, CellReader.fill),
    "e-mails": _put_each(values.emails),
    "telefoons": _put_each(values.phones),
    "webadressen": _put_each(values.addresses(validate_website)),
    "sociale media": _put_each(values.addresses(validate_social_media)),
    "adres": _fill(address.whole_address),
    "straat en nummer": _fill(address.street_and_number),
    "huisnummer": _fill(address.house_number),
    "postcode": _fill(address.postcode),
    "gemeente": _fill(address.municipality),
    "postcode en gemeente": _fill(address.municipality),
    "bus": _put(address.box_number),
    "persoon": CellKind(_person, CellReader.fill),
    "V-code": CellKind(lambda _, cell: validate_v_code(values.one_line(cell)), _set_code),
    "beslissing": CellKind(lambda _, cell: values.decision(cell), _set_decision),
    "uitkomst": CellKind(lambda _, cell: None, _leave),
}

__all__ = ["KINDS", "VALIDATORS", "CellReader", "Setting", "Validator", "field_of"]
