"""`/beheer/publicaties`: which products went to the IPDC, what failed and why, and sending one again."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Refused
from app.exchange.products.ipdc_publishing import publications, publish_again
from app.model.fields import Document
from app.model.languages import text_of
from app.register.agents import Agent
from app.register.commands import Create
from app.register.products.conduct import KIND, may_keep
from app.register.products.own_products import read_own
from app.register.register import Register
from app.store.deliveries import DROPPED, FAILED, SENT, TO_SEND, Delivery
from app.web.auth import agent_of
from app.web.forms import chosen_in
from app.web.rooms import DESK, framed
from app.web.service import Service

AT = "/beheer/publicaties"
STATES = {FAILED: "mislukt", TO_SEND: "nog te verzenden", SENT: "verzonden", DROPPED: "niet verzonden"}
SHOWN = 200
Row = dict[str, Any]


def show(request: Request) -> Response:
    """The newest first, of each state; of the products that this agent keeps."""
    service, agent = _allowed(request)
    chosen = request.query_params.get("toestand", "")
    states = (chosen,) if chosen in STATES else (FAILED, TO_SEND, SENT)
    rows = [row for one in publications(service.register, states, SHOWN) if (row := _row(one, agent, service.register))]
    if request.url.path.endswith(".json"):
        content = orjson.dumps({"aan": service.to_ipdc, "publicaties": rows}, option=orjson.OPT_INDENT_2)
        return Response(content, headers={"cache-control": "no-store"}, media_type="application/json")
    rows.sort(key=lambda row: row["toestand"] != STATES[FAILED])
    return framed(
        request, DESK, "publicaties.html", rows=rows, states=STATES, chosen=chosen, on=service.to_ipdc, wrong=FAILED,
        again=request.query_params.get("opnieuw", ""),
    )  # fmt: skip


def send_again(request: Request) -> Response:
    """Publish the ticked products once more, or all that failed."""
    service, agent = _allowed(request)
    wanted = set(chosen_in(request, "product"))
    if "alle" in wanted:
        wanted |= {one.subscription for one in publications(service.register, (FAILED,))}
    codes = [code for code in sorted(wanted - {"alle"}) if _document(code, agent, service.register)]
    if not codes:
        raise Refused("Kies welke producten u opnieuw publiceert.")
    for code in codes:
        publish_again(code, service.register)
    return RedirectResponse(f"{AT}?opnieuw={len(codes)}", 303, {"cache-control": "no-store"})


def _allowed(request: Request) -> tuple[Service, Agent]:
    service: Service = request.app.state.service
    agent = agent_of(request)
    service.register.rights.check(agent, Create)
    return service, agent


def _row(one: Delivery, agent: Agent, register: Register) -> Row | None:
    document = _document(one.subscription, agent, register)
    if document is None:
        return None
    return {
        "product": one.subscription,
        "titel": text_of(document.get("naam")) or one.subscription,
        "toestand": STATES[one.state],
        "uitkomst": one.outcome,
        "pogingen": one.attempts,
        "sinds": one.created,
        "klaar": one.finished,
        "opnieuw": one.due if one.state == TO_SEND and one.attempts else None,
    }


def _document(code: str, agent: Agent, register: Register) -> Document | None:
    """The last that the product said, if this agent keeps it."""
    versions = register.log.versions(register.schema.entity_types[KIND].iri(code))
    last = next((each for each in reversed(versions) if each.operation != "delete"), None)
    document = read_own(last, register).document if last else None
    return document if document and may_keep(agent, document, register.codelists) else None


ROUTES = (
    Route(AT, show),
    Route(AT + ".json", show),
    Route(AT, send_again, methods=["POST"]),
)
