"""Where a person arrives after logging in: for whom they act, what they may do, and the way to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.errors import Gone, Unknown
from app.register.agents import Agent
from app.register.people import current
from app.register.register import Register
from app.register.subjects import subject_of
from app.web.auth import agent_of
from app.web.rights_pages import Chapter, chapters
from app.web.rooms import DESK, MINE, framed
from app.web.service import Service


@dataclass(frozen=True)
class Own:
    """An association of a representative: what stands in the register, and the municipality that it is at home in."""

    code: str
    document: dict[str, Any]
    public: bool
    home: str


def desk(request: Request) -> Response:
    """The administration's first page."""
    service: Service = request.app.state.service
    agent = agent_of(request)
    home = service.codelists.municipality(agent.municipality) if agent.municipality else None
    return framed(request, DESK, "beheer.html", home=home, own=own_chapter(service.register, agent))


def mine(request: Request) -> Response:
    """The first page of a representative."""
    register: Register = request.app.state.service.register
    agent = agent_of(request)
    associations = list(own_associations(register, agent))
    return framed(request, MINE, "mijn.html", associations=associations, own=own_chapter(register, agent))


def own_associations(register: Register, agent: Agent) -> Iterator[Own]:
    """Those that an agent speaks for, and that are there still."""
    for code in sorted(agent.associations):
        try:
            version, document = current(code, register)
        except (Unknown, Gone):
            continue
        subject = subject_of(register.log, version.entity, register.today())
        home = register.codelists.municipality(subject.home) if subject and subject.home else None
        yield Own(code, document, version.public is not None, home.name if home else "")


def own_chapter(register: Register, agent: Agent) -> Chapter:
    """What the role of an agent may do."""
    return next(chapter for chapter in chapters(register.rights.table) if chapter.role.key == agent.role)


ROUTES = (Route("/beheer", desk), Route("/mijn-vereniging", mine))
