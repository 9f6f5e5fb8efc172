"""`/rapporten/powerbi`: the ten files of the register's Power BI export, public, and for who manages with the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from app.errors import Refused
from app.exchange.reports.powerbi import FILES, Source, powerbi_lines
from app.model.codelists import Municipality
from app.register.agents import Agent
from app.register.reports.reporting import ACTION as SEE
from app.register.reports.territory import (
    confirmation_of,
    history_for,
    own_associations,
    own_questions,
    public_associations,
)
from app.web.answers import FRESH_BRIEFLY, cacheable
from app.web.auth import agent_of
from app.web.pages import page
from app.web.rooms import DESK, framed
from app.web.service import Service
from app.web.v1.admin_reads import admin_json

PUBLIC, OWN = "/rapporten/powerbi", "/beheer/rapporten/powerbi"
AT_ONCE = 200


def show(request: Request) -> Response:
    """Which files there are, and how to have Power BI read them."""
    own = request.url.path.startswith(OWN)
    service: Service = request.app.state.service
    files = {name: columns for name, (columns, _) in FILES.items()}
    values: dict[str, Any] = {"files": files, "at": request.url.path, "base": service.base, "own": own}
    if own:
        service.register.rights.check(agent_of(request), SEE)
        return framed(request, DESK, "powerbi_beheer.html", **values)
    return cacheable(request, page(request, "powerbi.html", **values), "text/html")


def file(request: Request) -> Response:
    """One file, sent while it is made."""
    agent = agent_of(request) if request.url.path.startswith(OWN) else None
    name = request.path_params["file"]
    lines = powerbi_lines(name, source_of(request.app.state.service, agent, _place(request)))
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        "cache-control": "no-store" if agent else FRESH_BRIEFLY,
    }
    return StreamingResponse(_parts(lines), headers=headers, media_type="text/csv; charset=utf-8")


def source_of(service: Service, agent: Agent | None, place: Municipality | None) -> Source:
    """What the files are made of: for everybody, or for who manages."""
    register = service.register
    if agent is not None:
        register.rights.check(agent, SEE)
    return Source(
        shaped=admin_json(service),
        type=register.tools.type,
        versions=lambda: own_associations(register, agent, place) if agent else public_associations(register, place),
        history=history_for(register, agent) if agent else register.log.versions,
        questions=lambda: own_questions(register, agent, place) if agent else iter(()),
        whole=agent is not None,
        confirmed=partial(confirmation_of, register) if agent else lambda _: None,
    )


def _place(request: Request) -> Municipality | None:
    text = request.query_params.get("gemeente", "").strip()[:200]
    service: Service = request.app.state.service
    place = service.codelists.municipality(text) if text else None
    if text and place is None:
        raise Refused(f"De gemeente “{text}” kennen we niet.")
    return place


def _parts(lines: Iterable[str]) -> Iterator[bytes]:
    lines = iter(lines)
    while part := list(islice(lines, AT_ONCE)):
        yield "".join(part).encode()


ROUTES = (
    Route(PUBLIC, show),
    Route(f"{PUBLIC}/{{file}}", file),
    Route(OWN, show),
    Route(f"{OWN}/{{file}}", file),
)
