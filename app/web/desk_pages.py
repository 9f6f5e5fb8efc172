"""Where a person arrives after logging in: for whom they act, what they may do, and the way to it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.register.agents import Agent
from app.register.register import Register
from app.web.auth import agent_of
from app.web.rights_pages import Chapter, chapters
from app.web.rooms import DESK, framed
from app.web.service import Service


def desk(request: Request) -> Response:
    """The administration's first page."""
    service: Service = request.app.state.service
    agent = agent_of(request)
    home = service.codelists.municipality(agent.municipality) if agent.municipality else None
    return framed(request, DESK, "beheer.html", home=home, own=own_chapter(service.register, agent))


def own_chapter(register: Register, agent: Agent) -> Chapter:
    """What the role of an agent may do."""
    return next(chapter for chapter in chapters(register.rights.table) if chapter.role.key == agent.role)


ROUTES = (Route("/beheer", desk),)
