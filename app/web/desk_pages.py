"""Where a person arrives after logging in: what this role can do, and the way to it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.register.agents import Agent
from app.web.auth import visitor_of
from app.web.pages import page
from app.web.rooms import DESK, MINE, framed


def desk(request: Request) -> Response:
    """The administration's first page."""
    return framed(request, DESK, "beheer.html")


def mine(request: Request) -> Response:
    """The first page of a representative."""
    return framed(request, MINE, "beheer.html")


def log_in(request: Request) -> Response:
    """On to the first page of whoever is logged in, else what can be done to log in."""
    agent = visitor_of(request)
    if agent is not None:
        return RedirectResponse(first_page(agent), 303, {"cache-control": "no-store"})
    return Response(page(request, "aanmelden.html"), headers={"cache-control": "no-store"}, media_type="text/html")


def first_page(agent: Agent) -> str:
    """Where somebody in this role begins."""
    houses = {"/beheer": DESK, "/mijn-vereniging": MINE}
    return next((address for address, house in houses.items() if agent.role in house.roles), "/")


ROUTES = (Route("/beheer", desk), Route("/mijn-vereniging", mine), Route("/aanmelden", log_in))
