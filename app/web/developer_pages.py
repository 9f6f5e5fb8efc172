"""`/ontwikkelaars`: what there is for a program, and how to begin with it; every example there is run by a test."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.web.answers import FRESH_BRIEFLY, cacheable
from app.web.pages import page
from app.web.service import Service
from app.web.telling.site import Telling

PATH = "/ontwikkelaars"
KIND = "vereniging"
LOOKED_AT = 20
ANY = "V0001001"


@dataclass(frozen=True)
class Feed:
    """One event stream: what it is, and how much stands in it."""

    name: str
    title: str
    text: str
    size: int


def show(request: Request) -> Response:
    """The page where a developer begins."""
    service: Service = request.app.state.service
    values = {"feeds": feeds(request), "types": service.schema.public_types, "example": example(service)}
    return cacheable(request, page(request, "ontwikkelaars.html", **values), "text/html", cache=FRESH_BRIEFLY)


def feeds(request: Request) -> list[Feed]:
    """The streams of everything of one kind; those per municipality and audience are a part of them."""
    service: Service = request.app.state.service
    telling: Telling = request.app.state.telling
    whole = [name for name in service.log.feeds() if "/" not in name]
    told = [(name, telling.describe(name)) for name in whole]
    return [Feed(name, one.title, one.description, service.log.feed_size(name)) for name, one in told if one]


def example(service: Service) -> str:
    """The code of an association that everybody may see."""
    found = service.log.entities(KIND, limit=LOOKED_AT)
    shown = (one for one in found if one.public is not None and not one.ended)
    return next((one.entity.rpartition("/")[2] for one in shown), ANY)


ROUTES = (Route(PATH, show),)
