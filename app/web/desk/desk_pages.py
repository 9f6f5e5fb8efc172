"""Where a person arrives after logging in: for whom they act, what they may do, and the way to it."""

from __future__ import annotations

from collections import Counter

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.web.auth import agent_of
from app.web.desk.rights_pages import own_chapter
from app.web.desk.waiting import waiting
from app.web.rooms import DESK, framed
from app.web.service import Service


def desk(request: Request) -> Response:
    """The administration's first page."""
    service: Service = request.app.state.service
    agent = agent_of(request)
    home = service.codelists.municipality(agent.municipality) if agent.municipality else None
    todo, in_room = waiting(service, agent), Counter[str]()
    for one in todo:
        in_room[one.href.partition("#")[0].partition("?")[0]] += one.count
    return framed(
        request,
        DESK,
        "beheer.html",
        home=home,
        own=own_chapter(service.register, agent),
        waiting=todo,
        waiting_in=in_room,
    )


ROUTES = (Route("/beheer", desk),)
