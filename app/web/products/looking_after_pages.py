"""`/beheer/nazicht`: which products of an administration are to be looked at, why, and who looks after each."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Conflict, LoketError, Refused
from app.model.whole import whole_number
from app.register.products.drafts import own_product_drafts
from app.register.products.looking_after import (
    ADDRESS,
    ALONE,
    BACK_UP,
    CONCEPT,
    FEEDBACK,
    FORM,
    NEAR,
    OVERDUE,
    OWNER,
    VALIDATOR,
    cards,
    looked_at,
)
from app.web.auth import agent_of
from app.web.forms import form_of
from app.web.products.form import title
from app.web.rooms import DESK, framed
from app.web.service import Service

PATH = "/beheer/nazicht"
YEAR = timedelta(days=365)
REASONS = {
    OVERDUE: "Nazicht verstreken",
    NEAR: "Nazicht binnen een maand",
    CONCEPT: "Herziening nodig",
    FEEDBACK: "Terugkoppeling wacht",
    FORM: "Om te zetten naar je",
    ADDRESS: "Contactadres niet gevonden of niet gecontroleerd",
    ALONE: "Eigenaar of vervanger ontbreekt",
}
ROLES = {OWNER: "Eigenaar", BACK_UP: "Vervanger", VALIDATOR: "Validator"}


def show(request: Request) -> Response:
    """The list; `?waarom=` chooses a reason, `?mijn=1` those that name one's own account."""
    return _page(request)


def send(request: Request) -> Response:
    """One was looked at."""
    service: Service = request.app.state.service
    said = form_of(request)
    again: date | None = None
    with suppress(ValueError):
        again = date.fromisoformat(said.get("nazichtOp", ""))
    expected = whole_number(said.get("versie")) or 0
    try:
        if again is None:
            raise Refused("Kies een dag.")
        looked_at(request.path_params["code"], again, expected, agent_of(request), service.register)
    except (Refused, Conflict) as error:
        return _page(request, error)
    return RedirectResponse(PATH, 303, {"cache-control": "no-store"})


def _page(request: Request, error: LoketError | None = None) -> Response:
    service: Service = request.app.state.service
    agent, asked = agent_of(request), request.query_params
    service.register.rights.check(agent, "Change")
    found = cards(agent, service.register, mine=bool(asked.get("mijn")))
    counts = {reason: sum(reason in card.reasons for card in found) for reason in REASONS}
    why = asked.get("waarom", "")
    mine = bool(asked.get("mijn"))
    waiting = [draft for draft in own_product_drafts(agent, service.register) if draft.waits]
    values: dict[str, Any] = {
        "waiting": [draft for draft in waiting if not mine or agent.account in draft.validators],
        "today": service.register.today(),
        "cards": [card for card in found if why not in REASONS or why in card.reasons], "counts": counts, "why": why,
        "mine": mine, "reasons": REASONS, "roles": ROLES, "title": title, "error": error,
        "next": (service.register.today() + YEAR).isoformat(),
    }  # fmt: skip
    status = 200 if error is None else 409 if isinstance(error, Conflict) else 400
    return framed(request, DESK, "nazicht.html", status, **values)


ROUTES = (Route(PATH, show), Route(f"{PATH}/{{code}}", send, methods=["POST"]))
