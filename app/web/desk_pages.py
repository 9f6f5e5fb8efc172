"""Where a person arrives after logging in: what this role can do, and the way to it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.web.rooms import DESK, MINE, framed


def desk(request: Request) -> Response:
    """The administration's first page."""
    return framed(request, DESK, "beheer.html")


def mine(request: Request) -> Response:
    """The first page of a representative."""
    return framed(request, MINE, "beheer.html")


ROUTES = (Route("/beheer", desk), Route("/mijn-vereniging", mine))
