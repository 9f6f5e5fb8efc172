"""Who may what, as a clerk reads it, and as data for whom the table is for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.model.permissions import Named, Permissions
from app.register.agents import VISITOR, Agent
from app.register.register import Register
from app.web.answers import FRESH_LONG, cacheable, link, links
from app.web.auth import agent_of
from app.web.data.formats import FORMATS, HTML, alternates, choose, offers, write
from app.web.pages import page
from app.web.rooms import DESK, framed
from app.web.service import Service


@dataclass(frozen=True)
class Reach:
    """What may be done with one kind of things, and whether only with a purpose."""

    scope: str
    purpose: bool
    actions: tuple[str, ...]


@dataclass(frozen=True)
class Chapter:
    """All that one role may do."""

    role: Named
    reaches: tuple[Reach, ...]


def chapters(table: Permissions) -> Iterator[Chapter]:
    """The table by role, and then by what it reaches; actions in their own order."""
    for role in table.roles.values():
        found: dict[tuple[str, bool], list[str]] = {}
        for action in table.actions.values():
            for row in table.of(role.key, action.key):
                found.setdefault((table.scopes[row.scope].label, row.purpose), []).append(action.label)
        yield Chapter(role, tuple(Reach(scope, purpose, tuple(done)) for (scope, purpose), done in found.items()))


def rights(request: Request) -> Response:
    """The table as data, and as a page that anybody may read."""
    service: Service = request.app.state.service
    format = choose(request, request.path_params.get("suffix"))
    table, at = service.schema.permissions, f"{service.base}/rechten"
    if format.suffix == HTML:
        body = page(request, "rechten.html", chapters=list(chapters(table)), offers=offers("/rechten"))
    else:
        body = write(table.graph, format, service.schema.prefixes)
    headers = {**links([link(at, "canonical"), *alternates(at, formats=FORMATS)]), "vary": "Accept"}
    return cacheable(request, body, format.media_type, cache=FRESH_LONG, headers=headers)


def own_rights(request: Request) -> Response:
    """What whoever is logged in may do, and then what the others may."""
    service: Service = request.app.state.service
    role = agent_of(request).role
    every = list(chapters(service.schema.permissions))
    return framed(
        request,
        DESK,
        "beheer_rechten.html",
        own=next(chapter for chapter in every if chapter.role.key == role),
        others=[chapter for chapter in every if chapter.role.key not in (role, VISITOR)],
    )


def own_chapter(register: Register, agent: Agent) -> Chapter:
    """What the role of an agent may do."""
    return next(chapter for chapter in chapters(register.rights.table) if chapter.role.key == agent.role)


ROUTES = (
    Route("/rechten", rights),
    Route("/rechten.{suffix}", rights),
    Route("/beheer/rechten", own_rights),
)
