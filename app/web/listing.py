"""`/verenigingen`: all associations by name, by page, filtered by name, main activity and municipality."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.errors import Gone, Unknown
from app.model.codelists import CodeLists
from app.web.answers import cacheable
from app.web.entity_page import Rows, rows_of
from app.web.found import entity_type, find
from app.web.index import Entry, Names, plain
from app.web.pages import page
from app.web.paging import Paging, page_number
from app.web.representations import document
from app.web.service import Service

PER_PAGE = 25
KIND = "vereniging"


@dataclass(frozen=True)
class Filter:
    """What somebody looks for, as typed or chosen."""

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
    names: Names = request.app.state.index.names()
    asked = Filter(*(request.query_params.get(name, "").strip()[:200] for name in ("naam", "activiteit", "gemeente")))
    found = search(service.codelists, names, asked)
    number = page_number(request, "pagina")
    paging = Paging(request.url.path, request.query_params, number, len(found), PER_PAGE, "pagina")
    if paging.page > paging.last:
        raise Unknown("Deze pagina bestaat niet: zo lang is de lijst niet.")
    values = {
        "asked": asked,
        "paging": paging,
        "items": list(items(service, found[paging.first : paging.first + PER_PAGE])),
        "activities": options(service.codelists, names.activities),
        "municipalities": options(service.codelists, names.municipalities),
    }
    return cacheable(request, page(request, "verenigingen.html", **values), "text/html")


def search(codelists: CodeLists, names: Names, asked: Filter) -> Sequence[Entry]:
    """The associations that fit, by name; a code that is not in its list fits none."""
    activity = codelists.find("hoofdactiviteit", asked.activity) if asked.activity else None
    municipality = codelists.municipality(asked.municipality) if asked.municipality else None
    if (asked.activity and activity is None) or (asked.municipality and municipality is None):
        return ()
    return names.search(asked.name, activity.iri if activity else None, municipality.iri if municipality else None)


def items(service: Service, found: Sequence[Entry]) -> Iterator[Item]:
    """The list as it is shown; what was removed this very moment is left out."""
    type = entity_type(service, KIND)
    for entry in found:
        code = entry.iri.removeprefix(type.iri_start)
        with suppress(Unknown, Gone):
            version = find(service, type, code)
            rows = Rows((row.term, row) for row in rows_of(service, document(version), type))
            yield Item(f"/doc/{type.key}/{code}", code, rows)


def options(codelists: CodeLists, counts: Mapping[str, int]) -> list[Option]:
    """The values that occur, by name."""
    found = [(codelists.concept(iri), count) for iri, count in counts.items()]
    known = [Option(concept.notation, concept.label, count) for concept, count in found if concept]
    return sorted(known, key=lambda option: plain(option.label))


ROUTES = (Route("/verenigingen", show),)
