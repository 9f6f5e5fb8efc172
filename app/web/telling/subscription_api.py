"""The same as JSON, for programs: `/v1/abonnementen`, with a token or a session.

| request | answer |
|---|---|
| GET /v1/abonnementen | those of the asker |
| POST /v1/abonnementen {"waarover", "aanleidingen", "kanaal", "adres", "ritme"} | 201; of a webhook with its secret |
| GET, PATCH, DELETE /v1/abonnementen/{id} | one; PATCH takes "aanleidingen" and "ritme" |
| POST /v1/abonnementen/{id}/proef | 202: a test message is on its way |
| GET /v1/abonnementen/aanleidingen | what can be asked for |
"""

from __future__ import annotations

from typing import Any

import orjson
from anyio import from_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.errors import Problem, Refused
from app.register.telling.commands import ChangeSubscription, Subscribe, Unsubscribe
from app.register.telling.subscribing import change, owned, send_test, subscribe, unsubscribe
from app.register.telling.subscription_checks import AT_ONCE
from app.web.auth import agent_of
from app.web.telling.site import Telling
from app.web.telling.subscription_views import choices, managed, shown

AT = "/v1/abonnementen"
LARGEST = 20_000


def occasions(request: Request) -> Response:
    """The keys of all that can be asked for, with what they are called."""
    telling: Telling = request.app.state.telling
    return _json([{"sleutel": key, "naam": label} for key, label in choices(telling)])


def everything(request: Request) -> Response:
    """Those that the asker manages."""
    telling: Telling = request.app.state.telling
    agent, register = agent_of(request), telling.service.register
    register.rights.check(agent, Subscribe)
    found = [shown(one, agent, telling) for one in managed(agent, register)]
    return _json([one.as_json(telling.service.base) for one in found])


def create(request: Request) -> Response:
    """Ask to be told; a webhook gets the secret that its messages are signed with, here and never again."""
    telling: Telling = request.app.state.telling
    agent, register, body = agent_of(request), telling.service.register, body_of(request)
    command = Subscribe(
        scope=_text(body, "waarover"),
        occasions=_texts(body, "aanleidingen"),
        channel=_text(body, "kanaal"),
        address=_text(body, "adres"),
        rhythm=_text(body, "ritme", AT_ONCE),
    )
    made = subscribe(command, agent, register, telling.offer)
    seen = shown(made, agent, telling)
    answer = seen.as_json(telling.service.base)
    if seen.secret:
        answer["geheim"] = seen.secret
    return _json(answer, 201, {"location": f"{telling.service.base}{AT}/{made.id}"})


def one(request: Request) -> Response:
    """One of them."""
    telling: Telling = request.app.state.telling
    agent = agent_of(request)
    found = owned(request.path_params["id"], agent, telling.service.register)
    return _json(shown(found, agent, telling).as_json(telling.service.base))


def replace(request: Request) -> Response:
    """Other occasions, another rhythm."""
    telling: Telling = request.app.state.telling
    agent, register, body = agent_of(request), telling.service.register, body_of(request)
    known = owned(request.path_params["id"], agent, register)
    asked = _texts(body, "aanleidingen") if "aanleidingen" in body else known.occasions
    command = ChangeSubscription(known.id, asked, _text(body, "ritme", known.rhythm))
    changed = change(command, agent, register, telling.offer)
    return _json(shown(changed, agent, telling).as_json(telling.service.base))


def remove(request: Request) -> Response:
    """Stop."""
    telling: Telling = request.app.state.telling
    unsubscribe(Unsubscribe(request.path_params["id"]), agent_of(request), telling.service.register)
    return Response(status_code=204, headers={"cache-control": "no-store"})


def test(request: Request) -> Response:
    """Send an invented message."""
    telling: Telling = request.app.state.telling
    agent = agent_of(request)
    return _json({"melding": send_test(request.path_params["id"], agent, telling.service.register, telling.offer)}, 202)


def body_of(request: Request) -> dict[str, Any]:
    """The JSON object of a request. Raises Refused, or 413 or 415."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise HTTPException(415, "Geef JSON (application/json).")
    body = from_thread.run(request.body)
    if len(body) > LARGEST:
        raise HTTPException(413, "Dit is te lang voor een abonnement.")
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Refused("Dit is geen JSON.") from None
    if not isinstance(found, dict):
        raise Refused("Geef een JSON-object.")
    return found


def _text(body: dict[str, Any], name: str, default: str = "") -> str:
    value = body.get(name, default)
    if not isinstance(value, str):
        raise Refused("Dit abonnement is niet goed ingevuld.", [Problem(name, "Geef tekst.")])
    return value


def _texts(body: dict[str, Any], name: str) -> tuple[str, ...]:
    values = body.get(name, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise Refused("Dit abonnement is niet goed ingevuld.", [Problem(name, "Geef een lijst van teksten.")])
    return tuple(values)


def _json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    content = orjson.dumps(body, option=orjson.OPT_INDENT_2)
    return Response(content, status, {"cache-control": "no-store", **(headers or {})}, "application/json")


ROUTES = (
    Route(AT, everything),
    Route(AT, create, methods=["POST"]),
    Route(f"{AT}/aanleidingen", occasions),
    Route(f"{AT}/{{id}}", one),
    Route(f"{AT}/{{id}}", replace, methods=["PATCH"]),
    Route(f"{AT}/{{id}}", remove, methods=["DELETE"]),
    Route(f"{AT}/{{id}}/proef", test, methods=["POST"]),
)
