"""`/verenigingen`: all associations by name, by page, filtered by name and by lists to choose from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.errors import Unknown
from app.model.codelists import CodeLists, Concept
from app.register.reports.usage import ASSOCIATIONS
from app.store.search.index import Found, Hit
from app.web.answers import cacheable
from app.web.associations.choices import FACETS, Facet
from app.web.associations.finding import SELECTS, Filter, Select, find, read_filter
from app.web.entity_page import Rows, rows_of
from app.web.facets import Choice, Here, facet
from app.web.found import entity_type
from app.web.pages import page
from app.web.paging import Paging, page_number
from app.web.reports.counting import count_search
from app.web.service import Service

PER_PAGE = 25
KIND = "vereniging"
PLACE = "gemeente"
# This list stands in its own order; all others by alphabet.
IN_ORDER = "leeftijdsgroep"
# What a list tells of each.
TOLD = ("naam", "status", "korteBeschrijving", "gemeente", "hoofdactiviteiten")


@dataclass(frozen=True)
class Item:
    """One association in the list: where its page is, and the fields that are told."""

    href: str
    code: str
    rows: Rows
    is_hidden: bool = False


def show(request: Request) -> Response:
    """One page of the associations that fit the filter."""
    service: Service = request.app.state.service
    asked, number = read_filter(request.query_params), page_number(request, "pagina")
    found, nearly = find(service.search, service.codelists, asked, (number - 1) * PER_PAGE, PER_PAGE)
    hits = 0 if nearly else found.total
    count_search(request, ASSOCIATIONS, asked.name, hits, asked.chosen.get("gemeente", ""))
    paging = Paging(request.url.path, request.query_params, number, found.total, PER_PAGE, "pagina")
    if paging.page > paging.last:
        raise Unknown("Deze pagina bestaat niet: zo lang is de lijst niet.")
    values = {
        **beside(request, found, asked),
        "nearly": nearly,
        "paging": paging,
        "query": paging.query(1),
        "items": [item(service, hit) for hit in found.hits],
    }
    return cacheable(request, page(request, "verenigingen.html", **values), "text/html")


def item(service: Service, hit: Hit) -> Item:
    """One association as a list shows it."""
    type = entity_type(service, KIND)
    document = orjson.loads(hit.document)
    told = {term: document[term] for term in TOLD if term in document}
    rows = Rows((row.term, row) for row in rows_of(service, told, type))
    return Item(f"/doc/{type.key}/{document['vCode']}", document["vCode"], rows, hit.is_hidden)


def choices_of(
    codelists: CodeLists, select: Select, counts: Mapping[str, Mapping[str, int]], asked: Filter
) -> list[Choice]:
    """The values that would leave something, and the one that is chosen."""
    chosen_by = FACETS[select.facet]
    text = asked.chosen.get(select.parameter)
    chosen = chosen_by.read(codelists, text) if text else None
    return [
        Choice(concept.notation, concept.label, count, concept.notation == chosen)
        for concept, count in _counted(codelists, chosen_by, counts[chosen_by.field])
        if count or concept.notation == chosen
    ]


def beside(request: Request, found: Found, asked: Filter) -> dict[str, Any]:
    """What stands around the list and around the map: what was asked, and what can be chosen."""
    service: Service = request.app.state.service
    here = Here(request.url.path, request.query_params)
    lists = {each.parameter: choices_of(service.codelists, each, found.counts, asked) for each in SELECTS}
    return {
        "asked": asked,
        "here": here,
        "places": lists[PLACE],
        "facets": [
            facet(each.parameter, each.label, lists[each.parameter], here)
            for each in SELECTS
            if each.parameter != PLACE
        ],
    }


def _counted(codelists: CodeLists, facet: Facet, counts: Mapping[str, int]) -> Iterator[tuple[Concept, int]]:
    concepts = codelists.concepts(facet.scheme or "")
    if facet.scheme != IN_ORDER:
        concepts = tuple(sorted(concepts, key=lambda concept: concept.label.casefold()))
    return ((concept, counts.get(concept.notation, 0)) for concept in concepts)


ROUTES = (Route("/verenigingen", show),)
