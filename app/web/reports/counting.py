"""Counting a visit: without cookies, and of nobody who asks not to be followed, of no program and of no preloading.

count(request, PAGE, found.iri)
count_search(request, OFFERS, "subsidie jeugd", hits=0, place="44021")
"""

from __future__ import annotations

import re

import structlog
from starlette.requests import Request

from app.errors import LoketError
from app.register.reports.usage import MISSED, SOUGHT, term_of
from app.web.service import Service

# https://www.w3.org/TR/tracking-dnt/#dnt-header-field and https://w3c.github.io/gpc/#the-sec-gpc-header-field
OBJECTIONS = ("dnt", "sec-gpc")
# https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Purpose
PRELOADING = ("sec-purpose", "purpose", "x-moz")
# Browsers that people use say Mozilla; of the programs that say so too, nearly all name what they are.
BROWSER = re.compile(r"^(?:Mozilla|Opera)/", re.IGNORECASE)
PROGRAM = re.compile(
    r"bot|crawl|spider|slurp|headless|lighthouse|preview|monitor|scan|fetch|archive|validator|facebookexternal|\+https?:",
    re.IGNORECASE,
)


def count(request: Request, event: str, subject: str, place: str = "") -> None:
    """Note that a visitor saw or did something; nothing that goes wrong here may keep the page from them."""
    service: Service = request.app.state.service
    if service.counter is None or not counts(request):
        return
    try:
        service.counter.note(event, subject, place, visitor=visitor(request))
    except LoketError as error:
        structlog.get_logger("usage").warning("cannot count", why=error.title)


def count_search(request: Request, where: str, text: str, hits: int, place: str = "") -> None:
    """Note what was searched for, and that nothing was found; of further pages of the same list nothing."""
    service: Service = request.app.state.service
    term = term_of(text) if service.counter else None
    if term is None or "pagina" in request.query_params:
        return
    home = service.codelists.municipality(place) if place else None
    place = home.nis if home else ""
    count(request, SOUGHT[where], term, place)
    if hits == 0:
        count(request, MISSED[where], term, place)


def counts(request: Request) -> bool:
    """Whether this is a person with a browser who does not object."""
    headers = request.headers
    if request.method != "GET" or any(headers.get(name) == "1" for name in OBJECTIONS):
        return False
    if any("pre" in headers.get(name, "").lower() for name in PRELOADING):
        return False
    agent = headers.get("user-agent", "")
    return bool(BROWSER.match(agent)) and PROGRAM.search(agent) is None


def visitor(request: Request) -> str:
    """What tells visitors of one day apart; only ever hashed."""
    return f"{request.client.host if request.client else ''} {request.headers.get('user-agent', '')}"
