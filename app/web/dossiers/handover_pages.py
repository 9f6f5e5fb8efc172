"""`/beheer/doorgeven`: where dossiers go besides: to the system of the administration, DOSIS and Notificaties."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Forbidden, Refused
from app.exchange.handover import OVERDRACHT, hook_of, set_hook
from app.exchange.statuses.dosis import KIND as DOSIS
from app.exchange.statuses.notifications import KIND as NOTIFICATION
from app.register.agents import MANAGER, Agent
from app.register.recognitions.rules import grantor
from app.store import in_order
from app.store.deliveries import DROPPED, FAILED, SENT, TO_SEND
from app.store.dossier_statuses import last_status
from app.web.auth import agent_of
from app.web.dossiers.api import AT as API
from app.web.dossiers.api import FEED
from app.web.forms import form_of
from app.web.rooms import DESK, framed
from app.web.service import Service

AT, FOLLOW = "/beheer/doorgeven", "FollowDossiers"
RECEIVERS = {OVERDRACHT: "Eigen systeem", DOSIS: "DOSIS", NOTIFICATION: "Notificaties"}
STATES = {FAILED: "mislukt", TO_SEND: "nog te verzenden", SENT: "verzonden", DROPPED: "niet verzonden"}
SHOWN = 100


def show(request: Request) -> Response:
    """The three ways to an own system, and what was told to whom."""
    return _page(request)


def act(request: Request) -> Response:
    """Another address for the own system, or what failed once more."""
    service, agent = _allowed(request)
    form = form_of(request)
    if "opnieuw" in form:
        kind, _, number = form["opnieuw"].partition("/")
        return _again(kind, number, service, agent)
    if agent.role == MANAGER:
        raise Forbidden("Het adres van een eigen systeem kiest het bestuur zelf.")
    before = hook_of(grantor(agent), service.register)
    try:
        hook = set_hook(grantor(agent), form.get("adres", ""), last_status(service.log.database), service.register)
    except Refused as error:
        return _page(request, 400, form.get("adres", ""), error.title)
    if hook is None:
        return RedirectResponse(f"{AT}?gestopt=1", 303, {"cache-control": "no-store"})
    return _page(request, secret=hook.secret if hook != before else "")


def _page(request: Request, status: int = 200, given: str = "", problem: str = "", secret: str = "") -> Response:
    service, agent = _allowed(request)
    chosen = request.query_params.get("toestand", "")
    states = (chosen,) if chosen in STATES else tuple(STATES)
    found = in_order.of_owners(service.log.database, tuple(RECEIVERS), _owners(agent), states, SHOWN)
    hook = None if agent.role == MANAGER else hook_of(grantor(agent), service.register)
    values: dict[str, Any] = {
        "rows": found, "states": STATES, "receivers": RECEIVERS, "chosen": chosen if chosen in STATES else "",
        "connected": {teller.receiver.kind for teller in service.tellers}, "hook": hook, "secret": secret,
        "own": agent.role != MANAGER, "given": given or (hook.url if hook else ""), "problem": problem,
        "api": service.base + API, "feed": service.base + FEED, "failed": FAILED, "waiting": TO_SEND,
        "again": request.query_params.get("opnieuw", ""), "stopped": "gestopt" in request.query_params,
    }  # fmt: skip
    return framed(request, DESK, "doorgeven.html", status, **values)


def _again(kind: str, number: str, service: Service, agent: Agent) -> Response:
    """What failed of one dossier, told once more as long as nothing later was."""
    teller = next((each for each in service.tellers if each.receiver.kind == kind), None)
    mine = in_order.of_owners(service.log.database, [kind], _owners(agent), [FAILED], 10_000)
    if teller is None or not any(one.subscription == number for one in mine):
        raise Refused("Hier is niets om opnieuw te versturen.")
    return RedirectResponse(f"{AT}?opnieuw={teller.again(number)}", 303, {"cache-control": "no-store"})


def _owners(agent: Agent) -> tuple[str, ...] | None:
    return None if agent.role == MANAGER else (grantor(agent),)


def _allowed(request: Request) -> tuple[Service, Agent]:
    service: Service = request.app.state.service
    agent = agent_of(request)
    service.register.rights.check(agent, FOLLOW)
    return service, agent


ROUTES = (Route(AT, show), Route(AT, act, methods=["POST"]))
