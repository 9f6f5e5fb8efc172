"""`/besluiten`: the decisions of all municipalities, newest first, by word, municipality, type, day and subject.

| address | what |
|---|---|
| /besluiten, /besluiten.json | the list; `zoek`, `gemeente`, `soort`, `van`, `tot`, `over` |
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.errors import Unknown
from app.model.codelists import CodeLists
from app.store.decision_index import DecisionIndex, Listed, Sought
from app.web.answers import cacheable
from app.web.facets import Choice, Here, facet
from app.web.pages import page
from app.web.paging import Paging, page_number
from app.web.service import Service

PER_PAGE = 25
JSON_MOST = 200
LONGEST = 200
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def show(request: Request) -> Response:
    """One page of the decisions that fit."""
    service: Service = request.app.state.service
    sought, number = read(request, service.codelists), page_number(request, "pagina")
    found = decisions_of(request)
    if request.url.path.endswith(".json"):
        return _json(request, service, found.find(sought, (number - 1) * JSON_MOST, JSON_MOST))
    total, listed = found.find(sought, (number - 1) * PER_PAGE, PER_PAGE)
    paging = Paging(request.url.path, request.query_params, number, total, PER_PAGE, "pagina")
    if paging.page > paging.last:
        raise Unknown("Deze pagina bestaat niet: zo lang is de lijst niet.")
    homes, sorts = found.counts(sought)
    here, types = Here(request.url.path, request.query_params), _types(service.codelists, sorts, sought)
    values: dict[str, Any] = {
        "sought": sought,
        "paging": paging,
        "items": [(item, _labels(service.codelists, item)) for item in listed],
        "here": here,
        "places": sorted(_municipalities(service.codelists, homes, sought), key=lambda choice: choice.label),
        "facets": [facet("soort", "Soort", sorted(types, key=lambda choice: choice.label), here)],
        "is_empty": sought == Sought(),
    }
    return cacheable(request, page(request, "besluiten.html", **values), "text/html")


def decisions_of(request: Request) -> DecisionIndex:
    """The index, at the end of the log: who just published something finds it."""
    service: Service = request.app.state.service
    service.decisions.follow(service.log)
    return service.decisions


def decisions_about(request: Request, iri: str) -> tuple[int, list[Listed]]:
    """How many decisions are about something, and the latest of them."""
    return decisions_of(request).find(Sought(about=iri), 0, 5)


def read(request: Request, codelists: CodeLists) -> Sought:
    """What is asked for; a municipality by its name or code, a day as it is written in forms."""
    asked = {name: request.query_params.get(name, "").strip()[:LONGEST] for name in NAMES}
    home = codelists.municipality(asked["gemeente"]) if asked["gemeente"] else None
    return Sought(
        words=asked["zoek"],
        municipality=home.nis if home else asked["gemeente"],
        sort=asked["soort"],
        about=asked["over"],
        since=asked["van"] if _DAY.fullmatch(asked["van"]) else "",
        until=asked["tot"] if _DAY.fullmatch(asked["tot"]) else "",
    )


NAMES = ("zoek", "gemeente", "soort", "over", "van", "tot")


def _json(request: Request, service: Service, found: tuple[int, list[Listed]]) -> Response:
    total, listed = found
    items = [{"@id": f"{service.base}/id/besluit/{item.code}", **asdict(item)} for item in listed]
    return cacheable(request, orjson.dumps({"totaal": total, "besluiten": items}), "application/json")


def _labels(codelists: CodeLists, item: Listed) -> tuple[str, list[str]]:
    """The name of the municipality, and of the types."""
    home = codelists.municipality(item.municipality) if item.municipality else None
    return home.name if home else "", type_labels(codelists, item)


def type_labels(codelists: CodeLists, item: Listed) -> list[str]:
    """What the types of a decision are called."""
    return [label for sort in item.sorts if (label := _type_label(codelists, sort))]


def _municipalities(codelists: CodeLists, counts: Mapping[str, int], sought: Sought) -> Iterator[Choice]:
    for nis, count in counts.items():
        if nis and (home := codelists.municipality(nis)):
            yield Choice(nis, home.name, count, nis == sought.municipality)


def _types(codelists: CodeLists, counts: Mapping[str, int], sought: Sought) -> Iterator[Choice]:
    for notation, count in counts.items():
        if label := _type_label(codelists, notation):
            yield Choice(notation, label, count, notation == sought.sort)


def _type_label(codelists: CodeLists, notation: str) -> str:
    found = codelists.find("besluittype", notation)
    return found.label if found else ""


ROUTES = (Route("/besluiten", show), Route("/besluiten.json", show))
