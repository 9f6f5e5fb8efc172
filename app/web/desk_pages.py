"""Where a person arrives after logging in: what this role can do, and the way to it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Forbidden
from app.register.agents import ASSOCIATION, Agent
from app.web.auth import agent_of, visitor_of
from app.web.pages import page
from app.web.rooms import ADMINISTRATION, DESK, MINE, framed


def desk(request: Request) -> Response:
    """The administration's first page."""
    if agent_of(request).role not in ADMINISTRATION:
        raise Forbidden("Deze pagina's zijn voor wie de verenigingen beheert.")
    return framed(request, DESK, "beheer.html")


def mine(request: Request) -> Response:
    """The first page of a representative."""
    if agent_of(request).role != ASSOCIATION:
        raise Forbidden("Deze pagina's zijn voor wie een vereniging vertegenwoordigt.")
    return framed(request, MINE, "beheer.html")


def log_in(request: Request) -> Response:
    """On to the first page of whoever is logged in, else what can be done to log in."""
    agent = visitor_of(request)
    if agent is not None:
        return RedirectResponse(first_page(agent), 303, {"cache-control": "no-store"})
    return Response(page(request, "aanmelden.html"), headers={"cache-control": "no-store"}, media_type="text/html")


def first_page(agent: Agent) -> str:
    """Where somebody in this role begins."""
    if agent.role in ADMINISTRATION:
        return "/beheer"
    return "/mijn-vereniging" if agent.role == ASSOCIATION else "/"


ROUTES = (Route("/beheer", desk), Route("/mijn-vereniging", mine), Route("/aanmelden", log_in))
