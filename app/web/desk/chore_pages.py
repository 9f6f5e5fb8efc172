"""`/beheer/taken`: what the service does at night, what came of it, and having it done now."""

from __future__ import annotations

from dataclasses import asdict

import orjson
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.register.chores import next_night
from app.web.auth import agent_of
from app.web.forms import form_of
from app.web.rooms import DESK, framed
from app.web.service import Service

LIST = "/beheer/taken"
ACTION = "SeeChores"
NO_STORE = {"cache-control": "no-store"}


def show(request: Request) -> Response:
    """Each task, when it was last done and what came of it."""
    service = _service(request)
    rows, following = service.chores.outcomes(), next_night(service.clock())
    if request.url.path.endswith(".json"):
        body = {"volgende": following.isoformat(), "taken": [asdict(row) for row in rows]}
        return Response(orjson.dumps(body), headers=NO_STORE, media_type="application/json")
    asked = request.query_params.get("gevraagd", "")
    return framed(request, DESK, "taken.html", rows=rows, following=following, asked=asked)


def act(request: Request) -> Response:
    """Have one done now; it goes on while the page is looked at."""
    key = form_of(request).get("taak", "")
    _service(request).chores.ask(key)
    return RedirectResponse(f"{LIST}?gevraagd={key}", 303, NO_STORE)


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    service.register.rights.check(agent_of(request), ACTION)
    return service


ROUTES = (
    Route(LIST, show),
    Route(f"{LIST}.json", show),
    Route(LIST, act, methods=["POST"]),
)
