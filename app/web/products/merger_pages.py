"""`/beheer/fusie`: a municipality that came of a merger takes over the products of those that are no more."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Forbidden, LoketError, Refused
from app.model.codelists import Municipality
from app.register.agents import MANAGER
from app.register.products.merger_undoing import undo, undoable
from app.register.products.municipal_merger import join, merged_municipality, move_products, plan_merger
from app.web.auth import agent_of
from app.web.forms import form_of
from app.web.products.form import title
from app.web.rooms import DESK, framed
from app.web.service import Service

PATH = "/beheer/fusie"


def show(request: Request) -> Response:
    """What would move, and what is there twice."""
    return _page(request)


def send(request: Request) -> Response:
    """Move all, join one of two into the other, or take one of these back."""
    service: Service = request.app.state.service
    agent, said = agent_of(request), form_of(request)
    try:
        if said.get("besluit") == "terugdraaien":
            undo(said.get("product", ""), agent, service.register)
        elif said.get("besluit") == "samenvoegen":
            join(said.get("gaat", ""), said.get("blijft", ""), agent, service.register)
        else:
            move_products(_into(request), agent, service.register)
    except Refused as refused:
        return _page(request, refused)
    suffix = f"?gemeente={request.query_params['gemeente']}" if "gemeente" in request.query_params else ""
    return RedirectResponse(PATH + suffix, 303, {"cache-control": "no-store"})


def _into(request: Request) -> Municipality:
    """The municipality of who asks; a Flemish administrator names one. Raises Refused when it came of no merger."""
    service: Service = request.app.state.service
    agent = agent_of(request)
    service.register.rights.check(agent, "Change")
    name = request.query_params.get("gemeente", "") if agent.role == MANAGER else agent.municipality or ""
    if not name:
        raise Forbidden("Kies een gemeente, of meld u aan voor een.")
    return merged_municipality(name, service.register)


def _page(request: Request, error: LoketError | None = None) -> Response:
    service: Service = request.app.state.service
    values: dict[str, Any] = {"plan": None, "title": title, "error": error, "places": _places(service)}
    values["chooses"] = agent_of(request).role == MANAGER
    values["chosen"] = request.query_params.get("gemeente", "")
    if not values["chooses"] or values["chosen"]:
        try:
            into = _into(request)
            values |= {"plan": plan_merger(into, service.register), "done": undoable(into, service.register)}
        except Refused as refused:
            values["error"] = error or refused
    return framed(request, DESK, "fusie.html", 400 if error else 200, **values)


def _places(service: Service) -> list[Municipality]:
    """The municipalities that came of a merger, by name."""
    found = (one for one in service.codelists.municipalities.all if one.former_nis and one.unit)
    return sorted(found, key=lambda one: one.name)


ROUTES = (Route(PATH, show), Route(PATH, send, methods=["POST"]))
