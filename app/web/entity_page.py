"""The page about one entity: its fields in the groups and the order of the shape, each value as a reader wants it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from starlette.requests import Request

from app.model.contacts import format_phone
from app.model.documents import Document
from app.model.graph import IRI
from app.model.identifiers import format_kbo
from app.model.languages import preferred
from app.model.markup import clean_markup, plain_text
from app.model.schema import Field, Kind, NodeType
from app.model.terms import SCHEMA, VL, XSD
from app.model.wording import day, moment
from app.web.data.categories import concept_path
from app.web.data.formats import offers
from app.web.data.representations import document
from app.web.decisions import ties as decision_ties
from app.web.decisions.listing import decisions_about
from app.web.found import Found
from app.web.pages import HERE, page
from app.web.products import page as product_page
from app.web.service import Service

YES = "ja"
# What decisions can be about.
CONCERNED = ("vereniging", "product", "besluit")


@dataclass(frozen=True)
class Value:
    """One value to show: a text, perhaps with a link or as safe HTML; a concept has a code, a nested node has rows."""

    text: str
    href: str | None = None
    code: str | None = None
    rows: tuple[Row, ...] = ()
    html: str | None = None

    def of(self, term: str) -> tuple[Value, ...]:
        """The values of a field of a nested node; none when it is not filled."""
        return next((row.values for row in self.rows if row.term == term), ())

    def text_of(self, term: str) -> str:
        """The same as one text."""
        return ", ".join(value.text for value in self.of(term))

    def says(self, term: str) -> bool:
        """Whether a yes-or-no field says yes."""
        return self.text_of(term) == YES


@dataclass(frozen=True)
class Row:
    """One field with all its values."""

    term: str
    label: str
    help: str
    group: str
    values: tuple[Value, ...]


class Rows(dict[str, Row]):
    """The rows by term; None for a field that is not filled, so that a template can ask."""

    def __missing__(self, term: str) -> None:
        return None

    def of(self, term: str) -> tuple[Value, ...]:
        """The values of a field; none when it is not filled."""
        row = self[term]
        return row.values if row else ()


def entity_page(request: Request, found: Found) -> bytes:
    """A template of the type's own where there is one, else the one for all."""
    service: Service = request.app.state.service
    own = f"entiteit/{found.type.key}.html"
    template = own if Path(HERE / "templates" / own).is_file() else "entiteit/algemeen.html"
    shown = SHOWN.get(found.type.key, as_it_is)(document(found), found.type)
    rows = Rows((row.term, row) for row in rows_of(service, shown, found.type))
    grouped = groupby(rows.values(), key=lambda row: row.group)
    groups = [(label, [row.term for row in group]) for label, group in grouped]
    query = "" if found.is_latest else f"?versie={found.version.number}"

    def rows_in(terms: list[str], without: list[str]) -> list[Row]:
        return [rows[term] for term in terms if term not in without]

    more = MORE[found.type.key](request, found, shown) if found.type.key in MORE else {}
    values = {"found": found, "rows": rows, "groups": groups, "rows_in": rows_in, **more}
    template = values.pop("template", template)
    values["decisions"] = decisions_about(request, found.iri) if found.type.key in CONCERNED else (0, [])
    return page(request, template, offers=offers(found.page, query), **values)


def rows_of(service: Service, document: Document, type: NodeType) -> Iterator[Row]:
    """The fields that the document fills, in the order of the shape."""
    for field in type.fields:
        if (value := document.get(field.term)) not in (None, []):
            items = value if isinstance(value, list) else in_one_language(field, value)
            values = tuple(show(service, field, item) for item in items)
            yield Row(field.term, field.label, field.help, field.group, values)


def in_one_language(field: Field, value: Any) -> list[Any]:
    """The texts in the language that a reader here knows best; what has no languages stays itself."""
    if field.kind is not Kind.LANGUAGES:
        return [value]
    best = preferred(value)
    texts = value.get(best, ())
    return list(texts) if isinstance(texts, list) else [texts]


def show(service: Service, field: Field, value: Any) -> Value:
    """A value of a field, as a reader wants it."""
    if field.markup:
        return Value(plain_text(value), html=clean_markup(value))
    if field.node is not None:
        return Value(field.node.label, rows=tuple(rows_of(service, value, field.node)))
    if render := BY_PROPERTY.get(field.path):
        return render(value)
    if field.datatype is not None:
        return BY_DATATYPE.get(field.datatype, _text)(value)
    return _iri(service, value)


def _iri(service: Service, value: str) -> Value:
    if concept := service.codelists.concept(value):
        return Value(concept.label, concept_path(concept), concept.notation)
    if entity := service.schema.entity_of(value):
        type, code = entity
        return Value(code, f"/doc/{type.key}/{code}")
    return _iri_text(value)


def _iri_text(value: str) -> Value:
    return Value(value.removeprefix("https://").removeprefix("http://").rstrip("/"), _safe(value))


def _safe(iri: str) -> str | None:
    """Only what a browser opens as a page: never `javascript:`."""
    return iri if iri.startswith(("https://", "http://")) else None


def _text(value: Any) -> Value:
    return Value(str(value))


def _yes_or_no(value: Any) -> Value:
    return Value(YES if value else "nee")


BY_DATATYPE: Mapping[IRI, Callable[[Any], Value]] = {
    XSD.date: lambda value: Value(day(value)),
    XSD.dateTime: lambda value: Value(moment(value)),
    XSD.boolean: _yes_or_no,
}
BY_PROPERTY: Mapping[IRI, Callable[[Any], Value]] = {
    SCHEMA.email: lambda value: Value(value, f"mailto:{value}"),
    SCHEMA.telephone: lambda value: Value(format_phone(value), f"tel:{value}"),
    SCHEMA.url: _iri_text,
    VL.kboNummer: lambda value: Value(format_kbo(value)),
}


def as_it_is(document: Document, _type: NodeType) -> Document:
    """All of the document."""
    return document


# How the document of a type is shown, where not as it is.
SHOWN: Mapping[str, Callable[[Document, NodeType], Document]] = {"product": product_page.in_one_form}
# What the page of a type shows besides its fields.
MORE: Mapping[str, Callable[[Request, Found, Document], Mapping[str, Any]]] = {
    "product": product_page.values,
    "besluit": decision_ties.decision_values,
}
