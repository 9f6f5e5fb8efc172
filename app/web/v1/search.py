"""`/v1/verenigingen/zoeken`: the register's search, and what it does beyond (see `v1`)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.errors import Problem, Refused
from app.exchange.register_api.fields import SORTABLE, STATUS
from app.exchange.register_api.json import in_version_1
from app.exchange.register_api.query import parse_query
from app.model.codelists import CodeLists
from app.store.search.index import Asked, Found, Place, SortKey
from app.store.search.query import Between, OneOf, Query, every, tolerant
from app.web.associations.choices import ACTIVITIES, FACETS
from app.web.auth import visitor_of
from app.web.insight import search_of
from app.web.v1.common import (
    JSON,
    JSON_LD,
    check_key,
    context_of,
    flag,
    json_answer,
    listed,
    number,
    wants_version_2,
    wrong,
)

PATH = "/v1/verenigingen/zoeken"
DEFAULT_LIMIT, WINDOW = 50, 1000
ACTIVE = OneOf(STATUS, ("Actief",))
START = "*"
# The register's documentation names a field by its old name.
RENAMED = {"verenigingstype.beschrijving": "verenigingstype.naam"}
MOST_KEYS = 5
# Sentences of the register, which clients may look for.
INCORRECT = "Deze zoekopdracht kon niet uitgevoerd worden. Controleer alle parameters en probeer opnieuw."
UNKNOWN_FIELD = "Deze zoekopdracht bevat onbekende sorteervelden en kon niet uitgevoerd worden."


def search(request: Request) -> Response:
    """One page of what fits the query."""
    check_key(request)
    service = request.app.state.service
    agent = visitor_of(request)
    asked = _asked(request, service.codelists)
    found = search_of(service, agent).find(asked)
    body = b"".join(_body(request, asked, found))
    # What somebody finds by a right is for nobody else.
    headers = {"cache-control": "no-store"} if agent else {}
    if next_page := _next(request, asked, found):
        headers["link"] = f'<{service.base}{next_page}>; rel="next"'
    return json_answer(request, body, JSON, JSON_LD, headers=headers)


def _asked(request: Request, codelists: CodeLists) -> Asked:
    offset, limit = number(request, "offset", 0), number(request, "limit", DEFAULT_LIMIT)
    cursor = request.query_params.get("cursor")
    if offset + limit > WINDOW:
        raise wrong(
            "limit", f"'Limit' en 'Offset' mogen samen niet groter dan {WINDOW} zijn. Met cursor=* leest u verder."
        )
    if cursor and offset:
        raise wrong("offset", "offset en cursor gaan niet samen.")
    keys = tuple(_keys(request))
    return Asked(
        query=_query(request),
        choices=dict(_choices(request, codelists)),
        counts=tuple(FACETS[name].field for name in _shown_facets(request)),
        keys=keys,
        offset=offset,
        limit=limit,
        after=read_cursor(cursor, keys) if cursor and cursor != START else None,
    )


def _query(request: Request) -> Query:
    """What is asked, of active associations only unless somebody with a right asks."""
    all_words = request.query_params.get("operator", "").upper() == "AND"
    try:
        query = parse_query(request.query_params.get("q", "*"), all_words)
    except Refused as error:
        raise Refused(error.title, [Problem("q", f"{INCORRECT} {one.message}") for one in error.problems]) from None
    if flag(request, "typfouten"):
        query = tolerant(query)
    also: list[Query] = [] if _sees_stopped(request) else [ACTIVE]
    if request.query_params.get("leeftijd"):
        age = str(number(request, "leeftijd", 0))
        also.append(Between("doelgroep.minimumleeftijd", None, age))
        also.append(Between("doelgroep.maximumleeftijd", age, None))
    return every(query, *also)


def _sees_stopped(request: Request) -> bool:
    """As in the register's admin API: who may read what is not public finds what is stopped, too."""
    agent = visitor_of(request)
    return agent is not None and request.app.state.service.register.rights.may(agent, "ReadInternal")


def _choices(request: Request, codelists: CodeLists) -> Iterator[tuple[str, Query]]:
    for name, facet in FACETS.items():
        if values := listed(request, f"facets.{name}"):
            yield facet.field, facet.among(codelists, values)


def _shown_facets(request: Request) -> list[str]:
    wanted = listed(request, "facetten")
    unknown = [name for name in wanted if name not in FACETS]
    if unknown:
        raise wrong("facetten", f"Kies uit {', '.join(FACETS)}.")
    return list(dict.fromkeys((ACTIVITIES, *wanted)))


def _keys(request: Request) -> Iterator[SortKey]:
    wanted = listed(request, "sort")
    if len(wanted) > MOST_KEYS:
        raise wrong("sort", f"Sorteer op hoogstens {MOST_KEYS} velden.")
    for text in wanted:
        name = text.removeprefix("-")
        path = RENAMED.get(name, name)
        if path not in SORTABLE:
            problem = Problem("sort", f"{UNKNOWN_FIELD} Onbekende velden: {name[:100]}")
            raise Refused(f"Sorteren op het veld '{name[:100]}' kan niet.", [problem])
        yield SortKey(path, text.startswith("-"))


def _body(request: Request, asked: Asked, found: Found) -> Iterator[bytes]:
    """The parts of the answer: results were made when they changed, so that they are only put together here."""
    shown = [hit.shown for hit in found.hits]
    if not wants_version_2(request):
        shown = [orjson.dumps(in_version_1(orjson.loads(each))) for each in shown]
    service = request.app.state.service
    yield b'{"@context":' + orjson.dumps(context_of(service, "zoek-verenigingen"))
    yield b',"verenigingen":[' + b",".join(shown) + b"]"
    yield b',"facets":' + orjson.dumps(_facets(request, found))
    yield b',"metadata":' + orjson.dumps({"pagination": _pagination(request, asked, found)}) + b"}"


def _facets(request: Request, found: Found) -> dict[str, list[dict[str, Any]]]:
    service = request.app.state.service
    shown = {}
    for name in _shown_facets(request):
        counts = found.counts[FACETS[name].field]
        shown[name] = [
            {"code": code, "aantal": count, "query": service.base + _with_facet(request, name, code)}
            for code, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        ]
    return shown


def _with_facet(request: Request, name: str, code: str) -> str:
    """The same search with this value chosen too."""
    chosen = list(dict.fromkeys((*listed(request, f"facets.{name}"), code)))
    return _address(request, offset=None, cursor=None, **{f"facets.{name}": ",".join(chosen)})


def _pagination(request: Request, asked: Asked, found: Found) -> dict[str, Any]:
    pagination: dict[str, Any] = {"totalCount": found.total, "offset": asked.offset, "limit": asked.limit}
    if next_page := _next(request, asked, found):
        cursor = write_cursor(asked.keys, found.hits[-1].place)
        pagination |= {"cursor": cursor, "next": request.app.state.service.base + next_page}
    return pagination


def _next(request: Request, asked: Asked, found: Found) -> str | None:
    """Where a reader with a cursor goes on; a page that is not full was the last one."""
    if not request.query_params.get("cursor") or not found.hits or len(found.hits) < asked.limit:
        return None
    return _address(request, cursor=write_cursor(asked.keys, found.hits[-1].place))


def _address(request: Request, **changed: str | None) -> str:
    """This search with some parameters changed; a key is never repeated in an address."""
    hidden = {*changed, "vr-api-key"}
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in hidden]
    return f"{PATH}?{urlencode([*kept, *((name, value) for name, value in changed.items() if value is not None)])}"


def write_cursor(keys: tuple[SortKey, ...], place: Place) -> str:
    """A place in an order, as text for an address."""
    return base64.urlsafe_b64encode(orjson.dumps([_names(keys), place])).decode().rstrip("=")


def read_cursor(text: str, keys: tuple[SortKey, ...]) -> Place:
    """The place that a cursor tells; raises Refused for one that is not of this order."""
    try:
        names, place = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, TypeError, binascii.Error):
        raise wrong("cursor", "Dit is geen cursor.") from None
    right = isinstance(place, list) and all(isinstance(each, str | int | None) for each in place)
    if names != _names(keys) or not right or len(place) < 1 or not isinstance(place[-1], int):
        raise wrong("cursor", "Deze cursor hoort bij een andere sortering.")
    return tuple(place)


def _names(keys: tuple[SortKey, ...]) -> list[str]:
    return [f"-{key.field}" if key.descending else key.field for key in keys]
