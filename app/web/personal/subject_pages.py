"""What the officer does for a person: give out all that is held of them, and erase it; never a number in an address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.errors import Refused, Unknown
from app.register.agents import Agent
from app.register.personal.commands import ExtractPersonalData
from app.register.personal.extract import extract
from app.register.personal.forgetting import Forgotten, forget_association, forget_person
from app.store import ledger
from app.web.auth import agent_of
from app.web.forms import form_of
from app.web.personal.extracts import readable
from app.web.personal.told import Teller
from app.web.rooms import DESK, framed
from app.web.service import Service

TEMPLATE = "betrokkene.html"
Form = Mapping[str, str]


def ask(request: Request) -> Response:
    """The forms."""
    service: Service = request.app.state.service
    service.register.rights.check(agent_of(request), ExtractPersonalData)
    return _page(request)


def act(request: Request) -> Response:
    """What the button says."""
    agent, form = agent_of(request), form_of(request)
    act = ACTS.get(form.get("doe", ""))
    if act is None:
        raise HTTPException(400, "Kies wat er moet gebeuren.")
    try:
        return act(request, agent, form)
    except (Refused, Unknown) as error:
        problems = error.problems if isinstance(error, Refused) else ()
        return _page(request, 400, problem=" ".join((error.title, *(each.message for each in problems))))


def give_page(request: Request, agent: Agent, form: Form) -> Response:
    """The extract to read."""
    service: Service = request.app.state.service
    document = extract(form.get("insz", ""), agent, service.register, form.get("reden", ""))
    return _file(readable(document, service.register, service.publisher), "uittreksel.html", "text/html")


def give_data(request: Request, agent: Agent, form: Form) -> Response:
    """The extract as linked data."""
    service: Service = request.app.state.service
    document = extract(form.get("insz", ""), agent, service.register, form.get("reden", ""))
    return _file(orjson.dumps(document, option=orjson.OPT_INDENT_2), "uittreksel.jsonld", "application/ld+json")


def preview(request: Request, agent: Agent, form: Form) -> Response:
    """What would be erased, and what would stay."""
    return _page(request, forgotten=_forget(request, agent, form, dry_run=True), preview=True, form=form)


def erase(request: Request, agent: Agent, form: Form) -> Response:
    """Erase, in the files too, and remember for when a backup is put back."""
    service: Service = request.app.state.service
    forgotten = _forget(request, agent, form, dry_run=False)
    if forgotten:
        ledger.follow(service.kept, service.log.database)
        service.log.database.scrub()
    return _page(request, forgotten=forgotten)


ACTS: Mapping[str, Callable[[Request, Agent, Form], Response]] = {
    "lezen": give_page,
    "gegevens": give_data,
    "nakijken": preview,
    "wissen": erase,
}


def _forget(request: Request, agent: Agent, form: Form, *, dry_run: bool) -> list[Forgotten]:
    """One association as a whole where only its code is given, else the person."""
    service: Service = request.app.state.service
    code, reason = form.get("vereniging", "").upper(), form.get("reden", "")
    if form.get("van") == "vereniging":
        return forget_association(code, agent, service.register, reason, dry_run)
    return forget_person(form.get("insz", ""), agent, service.register, reason, only=code, dry_run=dry_run)


def _page(
    request: Request, status: int = 200, forgotten: Sequence[Forgotten] | None = None, problem: str = "",
    preview: bool = False, form: Form | None = None,
) -> Response:  # fmt: skip
    service: Service = request.app.state.service
    teller = Teller(service.register, service.publisher)
    told: list[dict[str, Any]] | None = None
    if forgotten is not None:
        told = [
            {"code": each.code, "gone": list(teller.fields(each.gone)), "left": list(teller.fields(each.left))}
            for each in forgotten
        ]
    return framed(request, DESK, TEMPLATE, status, forgotten=told, problem=problem, preview=preview, form=form or {})


def _file(body: bytes, name: str, media_type: str) -> Response:
    headers = {"cache-control": "no-store", "content-disposition": f'attachment; filename="{name}"'}
    return Response(body, headers=headers, media_type=media_type)


ROUTES = (Route("/beheer/betrokkene", ask), Route("/beheer/betrokkene", act, methods=["POST"]))
