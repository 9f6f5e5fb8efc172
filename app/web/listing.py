"""`/verenigingen`: all associations by name, by page, filtered by name, main activity and municipality."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.errors import Gone, Unknown
from app.model.codelists import fold
from app.web.answers import cacheable
from app.web.entity_page import Rows, rows_of
from app.web.found import entity_type, find
from app.web.pages import page
from app.web.paging import Paging, page_number
from app.web.reading import Reading
from app.web.representations import document
from app.web.service import Service

PER_PAGE = 25
KIND = "vereniging"


@dataclass(frozen=True)
class Named:
    """An association by name; `words` is what a search looks in."""

    iri: str
    order: str
    words: str


@dataclass(frozen=True)
class Filter:
    """What somebody looks for; a code that is not in the list finds nothing."""

    name: str
    activity: str
    municipality: str

    @property
    def is_empty(self) -> bool:
        return not (self.name or self.activity or self.municipality)


@dataclass(frozen=True)
class Option:
    """One choice in a filter, with how many associations it stands for in all."""

    code: str
    label: str
    count: int


@dataclass(frozen=True)
class Item:
    """One association in the list: where its page is, and its fields."""

    href: str
    code: str
    rows: Rows


def show(request: Request) -> Response:
    """One page of the associations that fit the filter."""
    service: Service = request.app.state.service
    reading: Reading = request.app.state.reading
    asked = Filter(*(request.query_params.get(name, "").strip()[:200] for name in ("naam", "activiteit", "gemeente")))
    found = search(service, reading, asked)
    number = page_number(request, "pagina")
    paging = Paging(request.url.path, request.query_params, number, len(found), PER_PAGE, "pagina")
    if paging.page > paging.last:
        raise Unknown("Deze pagina bestaat niet: zo lang is de lijst niet.")
    values = {
        "asked": asked,
        "paging": paging,
        "items": list(items(service, found[paging.first : paging.first + PER_PAGE])),
        "activities": options(service, reading, "list/activiteiten", "activiteit"),
        "municipalities": options(service, reading, "list/gemeenten", "gemeente"),
    }
    return cacheable(request, page(request, "verenigingen.html", **values), "text/html")


def search(service: Service, reading: Reading, asked: Filter) -> Sequence[Named]:
    """The associations that fit, by name."""
    found: Sequence[Named] = reading.made(("by name",), lambda: by_name(reading))
    if asked.activity:
        concept = service.codelists.find("hoofdactiviteit", asked.activity)
        having = with_value(reading, "list/met-activiteit", "activiteit", concept.iri if concept else None)
        found = [one for one in found if one.iri in having]
    if asked.municipality:
        municipality = service.codelists.municipality(asked.municipality)
        having = with_value(reading, "list/in-gemeente", "gemeente", municipality.iri if municipality else None)
        found = [one for one in found if one.iri in having]
    words = [(plain(word), fold(word)) for word in asked.name.split()]
    return [one for one in found if all(a in one.words or b in one.words for a, b in words)] if words else found


def by_name(reading: Reading) -> list[Named]:
    """All associations in the order of a telephone book: capitals and accents make no difference."""
    named = []
    for row in reading.rows("list/verenigingen"):
        both = f"{row['naam']} {row.get('korteNaam', '')}"
        named.append(Named(row["vereniging"], plain(row["naam"]), f"{plain(both)} {fold(both)}"))
    return sorted(named, key=lambda one: (one.order, one.iri))


def plain(text: str) -> str:
    """
    >>> plain("Élan & Co")
    'elan & co'
    """
    return "".join(mark for mark in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(mark))


def with_value(reading: Reading, query: str, parameter: str, iri: str | None) -> frozenset[str]:
    """The IRIs of the associations for which the query holds."""
    if iri is None:
        return frozenset()
    return frozenset(row["vereniging"] for row in reading.rows(query, **{parameter: iri}))


def items(service: Service, found: Sequence[Named]) -> Iterator[Item]:
    """The list as it is shown; what was removed this very moment is left out."""
    type = entity_type(service, KIND)
    for one in found:
        code = one.iri.removeprefix(type.iri_start)
        with suppress(Unknown, Gone):
            version = find(service, type, code)
            rows = Rows((row.term, row) for row in rows_of(service, document(version), type))
            yield Item(f"/doc/{type.key}/{code}", code, rows)


def options(service: Service, reading: Reading, query: str, variable: str) -> list[Option]:
    """The values that occur, by name."""
    found = []
    for row in reading.rows(query):
        if concept := service.codelists.concept(row[variable]):
            found.append(Option(concept.notation, concept.label, int(row["aantal"])))
    return sorted(found, key=lambda option: plain(option.label))


ROUTES = (Route("/verenigingen", show),)
