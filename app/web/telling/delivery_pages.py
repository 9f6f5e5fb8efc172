"""`/beheer/meldingen`: what was sent, what failed and is to be sent again, and how each message looks."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Unknown
from app.exchange.telling.webhook import payload
from app.register import agents
from app.register.agents import Agent
from app.register.products.audience import about
from app.register.register import Register
from app.register.telling.commands import Subscribe
from app.register.telling.recipients import EMAIL
from app.store.deliveries import (
    CONFIRMATION,
    DROPPED,
    FAILED,
    FIGURES,
    SENT,
    TEST,
    TO_SEND,
    Delivery,
    count_deliveries,
    deliveries,
    delivery,
    revive,
)
from app.store.outbox import count_notices
from app.store.subscriptions import Subscription, subscription
from app.web.auth import agent_of
from app.web.forms import chosen_in
from app.web.rooms import DESK, framed
from app.web.service import Service
from app.web.telling.site import Telling
from app.web.telling.subscription_views import managed

AT = "/beheer/meldingen"
PER_PAGE = 50
STATES = {FAILED: "Mislukt", TO_SEND: "Nog te verzenden", SENT: "Verzonden", DROPPED: "Niet verzonden"}
KINDS = {CONFIRMATION: "Vraag om te bevestigen", TEST: "Proefmelding", FIGURES: "Cijfers"}


@dataclass(frozen=True)
class Row:
    """One delivery in words."""

    delivery: Delivery
    title: str
    about: str
    channel: str
    state: str


def show(request: Request) -> Response:
    """The newest first, those of one state when that is chosen."""
    service, agent = _allowed(request)
    theirs = _theirs(agent, service.register)
    chosen = request.query_params.get("toestand", "")
    states = (chosen,) if chosen in STATES else tuple(STATES)
    number = request.query_params.get("pagina", "1")
    page = min(int(number), 10_000) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    database = service.log.database
    found = deliveries(database, theirs, states, PER_PAGE + 1, max(0, page - 1) * PER_PAGE)
    counts = count_deliveries(database, theirs)
    values: dict[str, Any] = {
        "rows": [row_of(one, service.register) for one in found[:PER_PAGE]],
        "counts": [(state, label, counts.get(state, 0)) for state, label in STATES.items()],
        "chosen": chosen if chosen in STATES else "",
        "page": page,
        "more": len(found) > PER_PAGE,
        "outbox": count_notices(database),
        "again": request.query_params.get("opnieuw", ""),
        "postbox": service.means.postbox is not None,
    }
    return framed(request, DESK, "meldingen.html", **values)


def send_again(request: Request) -> Response:
    """Send those that were ticked, or all that failed, once more."""
    service, agent = _allowed(request)
    database, theirs = service.log.database, _theirs(agent, service.register)
    wanted = set(chosen_in(request, "melding"))
    failed = [one.id for one in deliveries(database, theirs, (FAILED,), 10_000)]
    ids = [id for id in failed if id in wanted or "alle" in wanted]
    with service.log.transaction() as transaction:
        count = revive(transaction.connection, ids, transaction.now())
    return RedirectResponse(f"{AT}?opnieuw={count}", 303, {"cache-control": "no-store"})


def show_one(request: Request) -> Response:
    """How a message looks to who gets it."""
    service, agent = _allowed(request)
    telling: Telling = request.app.state.telling
    one = delivery(service.log.database, request.path_params["id"])
    theirs = _theirs(agent, service.register)
    known = subscription(service.log.database, one.subscription) if one else None
    if one is None or known is None or (theirs is not None and known.id not in theirs):
        raise Unknown("Deze melding bestaat niet.")
    subject, text = preview(one, known, telling)
    row = row_of(one, service.register)
    return framed(request, DESK, "melding.html", row=row, known=known, subject=subject, text=text)


def show_postbox(request: Request) -> Response:
    """Of a demonstration: the e-mails that were not sent anywhere."""
    service, _ = _allowed(request)
    if service.means.postbox is None:
        raise Unknown("Er is geen postvak: e-mails worden echt verzonden.")
    letters = [_letter(letter) for letter in list(service.means.postbox.letters)]
    return framed(request, DESK, "postvak.html", letters=letters)


def preview(one: Delivery, known: Subscription, telling: Telling) -> tuple[str, str]:
    """Subject and text of the e-mail, or the body that the webhook gets; without anybody's address or token."""
    if known.channel != EMAIL:
        return "", orjson.dumps(orjson.loads(payload(one)), option=orjson.OPT_INDENT_2).decode()
    subject, template, values = telling.letters.content(known, [one])
    hidden = f"{telling.service.base}/abonnement/…"
    return subject, telling.letters.render(f"{template}.txt", **values, agree=hidden, stop=hidden, rhythm=hidden)


def row_of(one: Delivery, register: Register) -> Row:
    """A delivery in words."""
    known = subscription(register.log.database, one.subscription)
    message = orjson.loads(one.body)
    title = KINDS.get(one.kind) or f"{message['naam'] or message['code']}: {message['samenvatting']}"
    channel, scope = (known.channel, about(known.scope, register)) if known else ("", "")
    return Row(one, title, scope, channel, STATES[one.state])


def _allowed(request: Request) -> tuple[Service, Agent]:
    service: Service = request.app.state.service
    agent = agent_of(request)
    service.register.rights.check(agent, Subscribe)
    return service, agent


def _theirs(agent: Agent, register: Register) -> list[str] | None:
    """The subscriptions whose messages somebody may see; None for all."""
    return None if agent.role == agents.MANAGER else [one.id for one in managed(agent, register)]


def _letter(letter: EmailMessage) -> dict[str, Any]:
    body = letter.get_body(("plain",))
    text = str(body.get_content()) if body else ""
    links = [word for word in text.split() if word.startswith(("http://", "https://"))]
    return {"to": letter["to"], "subject": letter["subject"], "date": letter["date"], "text": text, "links": links}


ROUTES = (
    Route(AT, show),
    Route(AT, send_again, methods=["POST"]),
    Route(f"{AT}/postvak", show_postbox),
    Route(f"{AT}/{{id}}", show_one),
)
