"""Entities by IRI: `/id/…` points to `/doc/…`, which is the page, the data in every format, and each older version."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.register.reports.usage import PAGE
from app.web.answers import FRESH_BRIEFLY, FRESH_PRIVATELY, cacheable, http_date, link, links, moved, see_other
from app.web.auth import session_of
from app.web.data.formats import HTML, alternates, choose, split_suffix
from app.web.data.representations import represent
from app.web.entity_page import entity_page
from app.web.found import Found, at, canonical_code, entity_type, find
from app.web.reports.counting import count
from app.web.service import Service

VARY = "Accept, Accept-Datetime"


def identifier(request: Request) -> Response:
    """A thing is not a document: 303 to the document about it, also when there is none (that answers 404 or 410)."""
    service: Service = request.app.state.service
    type = entity_type(service, request.path_params["type"])
    name, suffix = split_suffix(request.path_params["code"])
    code = canonical_code(type, name)
    number = request.path_params.get("number")
    query = f"?{urlencode({'versie': number})}" if number else ""
    return see_other(f"/doc/{type.key}/{code}{'.' + suffix if suffix else ''}{query}")


def document(request: Request) -> Response:
    """The document about an entity, in the format asked for; `?versie=n` as it once was."""
    service: Service = request.app.state.service
    type = entity_type(service, request.path_params["type"])
    name, suffix = split_suffix(request.path_params["code"])
    code = canonical_code(type, name)
    if code != name:
        return moved(request, name, code)
    format = choose(request, suffix)
    number = request.query_params.get("versie")
    found = find(service, type, code, number)
    if number is None and (when := http_date(request.headers.get("accept-datetime"))):
        return then(service, found, when, suffix)
    body = entity_page(request, found) if format.suffix == HTML else represent(service, found, format)
    if format.suffix == HTML and number is None:
        count(request, PAGE, found.iri)
    query = f"?versie={found.version.number}" if number is not None else ""
    place = f"{found.page}.{format.suffix}{query}"
    headers = {**described(found, query), "vary": VARY, "content-location": place}
    cache = FRESH_BRIEFLY
    if format.suffix == HTML and session_of(request):
        # Who is logged in may see more of a page: whether the own association can get a product.
        headers["vary"], cache = f"{VARY}, Cookie", FRESH_PRIVATELY
    if number is not None:
        headers["memento-datetime"] = format_datetime(found.changed, usegmt=True)
    return cacheable(request, body, format.media_type, modified=found.changed, cache=cache, headers=headers)


def described(found: Found, query: str) -> dict[str, str]:
    """Where the rest is: Link headers (RFC 8288; relations of RFC 5829, 6892, 6903 and 7089)."""
    return links(_links(found, query))


def _links(found: Found, query: str) -> Iterator[str]:
    yield link(found.page + query, "canonical")
    yield link(found.iri, "about")
    yield link(found.type.type.value, "type")
    yield link(found.type.shape.value, "describedby")
    yield from alternates(found.page, query)
    yield link(found.page, "original timegate latest-version")
    yield link(f"{found.page}/historiek", "version-history")
    yield link(f"{found.page}/historiek.link", "timemap", type="application/link-format")


def then(service: Service, found: Found, when: datetime, suffix: str | None) -> Response:
    """Time travel: 302 to the version that stood at that moment (RFC 7089 section 4.1.1)."""
    version = at(service, found, when)
    page = f"/doc/{found.type.key}/{found.code}{'.' + suffix if suffix else ''}"
    return RedirectResponse(f"{page}?versie={version.number}", 302, {"vary": VARY, **described(found, "")})


ROUTES = (
    Route("/id/{type}/{code}", identifier),
    Route("/id/{type}/{code}/versie/{number:int}", identifier),
    Route("/doc/{type}/{code}", document),
)
