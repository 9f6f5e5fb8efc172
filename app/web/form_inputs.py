"""A form about a document, made from its shape: one input for each field, named by the path that problems name.

    inputs = fields_of(document, type, codelists, ("naam", "locaties"))
    changes_in(form, inputs)                     # {"naam": "De Harmonie"}: what is not as it was shown

What is not shown is not changed, so a value that only the vault holds stays as it is unless somebody types another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData

from app.errors import Problem, Refused
from app.model.codelists import CodeLists
from app.model.dates import validate_date
from app.model.fields import Document, Field, Kind, NodeType
from app.model.terms import XSD
from app.model.whole import whole_number

LONG = 200


@dataclass(frozen=True)
class Option:
    """One value to choose."""

    value: str
    label: str


@dataclass(frozen=True)
class Input:
    """One field as it is filled in; `kind` is text, textarea, date, number, yes, select or many."""

    path: str
    label: str
    help: str
    kind: str
    value: Any
    options: tuple[Option, ...] = ()
    required: bool = False

    @property
    def shown(self) -> Any:
        """What stands in the form before anybody touches it."""
        if self.kind == "many":
            return sorted(self.value or ())
        return bool(self.value) if self.kind == "yes" else self.value

    def read(self, form: FormData) -> Any:
        """What somebody filled in; None for nothing. Raises ValueError for what is not this kind of value."""
        if self.kind == "many":
            return sorted(str(each) for each in form.getlist(self.path))
        text = str(form.get(self.path, "")).replace("\r\n", "\n").strip()
        if self.kind == "yes":
            return bool(text)
        if self.kind == "date" and text:
            return validate_date(text)
        if self.kind == "number" and text:
            number = whole_number(text)
            return text if number is None else number
        return text or None


def fields_of(
    document: Document, type: NodeType, codelists: CodeLists, terms: Iterable[str] = (), start: str = ""
) -> Iterator[Input]:
    """The inputs of the fields with these names, of all when there are none, in the order of the shape."""
    wanted = frozenset(terms)
    for field in type.fields:
        if wanted and field.term not in wanted:
            continue
        path, value = f"{start}{field.term}", document.get(field.term)
        if field.node is not None and not field.is_list:
            yield from fields_of(value or {}, field.node, codelists, (), f"{path}.")
        elif kind := _kind(field):
            options = _options(field, codelists, value)
            yield Input(path, field.label, field.help, kind, value, options, field.required)


def changes_in(form: FormData, inputs: Iterable[Input]) -> Mapping[str, Any]:
    """By path, the values that are not what was shown; empty is None. Raises Refused with all that is no value."""
    found: dict[str, Any] = {}
    problems = []
    for each in inputs:
        try:
            value = each.read(form)
        except ValueError as error:
            problems.append(Problem(each.path, str(error)))
            continue
        if value != each.shown:
            found[each.path] = value
    if problems:
        raise Refused("Niet alles is goed ingevuld.", problems)
    return found


def nested(changes: Mapping[str, Any], start: str = "") -> Document:
    """Values by path as a document: `adres.postcode` inside `adres`."""
    document: Document = {}
    for path, value in changes.items():
        *outer, term = path.removeprefix(start).split(".")
        node = document
        for step in outer:
            node = node.setdefault(step, {})
        node[term] = value
    return document


def _kind(field: Field) -> str:
    if field.kind is Kind.BOOLEAN:
        return "yes"
    if field.kind is Kind.INTEGER:
        return "number"
    if field.kind is Kind.LINK and field.scheme:
        return "many" if field.is_list else "select"
    if field.is_list or field.kind is Kind.NODE:
        return ""
    if field.kind is Kind.TYPED:
        return "date" if field.datatype == XSD.date else ""
    return "textarea" if field.kind is Kind.LANGUAGE and (field.max_length or LONG + 1) > LONG else "text"


def _options(field: Field, codelists: CodeLists, value: Any) -> tuple[Option, ...]:
    """The concepts in use, and those no longer in use that stand there already."""
    if not field.scheme:
        return ()
    there = value if isinstance(value, list) else [value]
    scheme = codelists.scheme(field.scheme.value)
    found = [each for each in scheme.concepts if not each.deprecated or each.iri in there]
    return tuple(Option(each.iri, each.label) for each in sorted(found, key=lambda each: each.label.casefold()))
