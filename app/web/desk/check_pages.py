"""How associations stand with other registers: per association for its clerks, and how the neighbours do."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Refused, Unavailable
from app.exchange.enterprises import register_enterprise
from app.model.fields import Document
from app.register.checks import ADDRESSES, ENTERPRISES, PERSONS, SUBJECT
from app.register.commands import RegisterAssociation
from app.register.doubles.referrals import DECIDE
from app.register.personal.people import current, node_types, part_of
from app.register.subjects import subject_of
from app.store.checks import NOT_CHECKED, Check, ask_again, calls, checks_of, states
from app.store.queues import finish_subject
from app.store.times import iso
from app.web.auth import agent_of
from app.web.forms import form_of
from app.web.rooms import DESK, framed
from app.web.service import Service

LABELS = {ADDRESSES: "Adressenregister", ENTERPRISES: "KBO", PERSONS: "Rijksregister"}
FINE = ("in orde", "overgenomen")
PLACE = "/beheer/verenigingen/{code}/controles"
KBO_OFF = "De KBO is niet aangesloten op dit loket."


def show(request: Request) -> Response:
    """Each part that was compared, or waits for it."""
    service: Service = request.app.state.service
    code, document = _association(request)
    rows = [_row(check, document, service) for check in _checks(service, document["@id"])]
    if request.url.path.endswith(".json"):
        body = orjson.dumps({"vCode": code, "controles": rows}, option=orjson.OPT_INDENT_2)
        return Response(body, headers={"cache-control": "no-store"}, media_type="application/json")
    asked = [line.name for line in service.neighbours]
    return framed(
        request, DESK, "controles.html", code=code, name=document.get("naam", code), rows=rows, fine=FINE,
        not_checked=NOT_CHECKED, neighbours=asked, calls=calls(service.log.database, 10, document["@id"]),
    )  # fmt: skip


def act(request: Request) -> Response:
    """Compare everything of an association again, or say of one part that somebody looked."""
    service: Service = request.app.state.service
    code, document = _association(request)
    form = form_of(request)
    with service.log.transaction() as transaction:
        if form.get("doe") == "opnieuw":
            ask_again(transaction.connection, document["@id"], iso(service.clock()))
        else:
            subject = SUBJECT.format(node=form.get("deel", ""), register=form.get("register", ""))
            if not subject.startswith(document["@id"]):
                raise Refused("Kies wat u nagekeken hebt.")
            told = {"besluit": "nagekeken", "code": code, "door": agent_of(request).iri, "reden": ""}
            finish_subject(transaction, subject, orjson.dumps(told).decode())
    return RedirectResponse(PLACE.format(code=code), 303, {"cache-control": "no-store"})


def overview(request: Request) -> Response:
    """How much stands how, whether each neighbour answers, and the last calls."""
    service: Service = request.app.state.service
    service.register.rights.check(agent_of(request), "Operate")
    lines = [(line.name, line.breaker.seconds_closed()) for line in service.neighbours]
    counted = {LABELS.get(name, name): numbers for name, numbers in states(service.log.database).items()}
    return framed(
        request, DESK, "controles_alle.html", lines=lines, states=counted, calls=calls(service.log.database, 50)
    )


def ask_number(request: Request) -> Response:
    """The form to bring in an association by its KBO number."""
    service: Service = request.app.state.service
    service.register.rights.check(agent_of(request), RegisterAssociation)
    return _number_form(request)


def bring_in(request: Request) -> Response:
    """Bring it in, and on to its page; what stands in the way is told beside the field."""
    service: Service = request.app.state.service
    agent, form = agent_of(request), form_of(request)
    service.register.rights.check(agent, RegisterAssociation)
    number, not_same = form.get("kboNummer", ""), tuple(form.get("nietDezelfde", "").split())
    if service.kbo is None:
        return _number_form(request, 503, number, KBO_OFF)
    try:
        outcome = register_enterprise(number, service.kbo, service.register, not_same, asked_by=agent)
    except Refused as error:
        candidates = tuple(getattr(error, "candidates", ()))
        words = " ".join(dict.fromkeys((error.title, *(each.message for each in error.problems))))
        return _number_form(request, 409 if candidates else 400, number, words, candidates)
    except Unavailable as error:
        return _number_form(request, 503, number, error.title)
    return RedirectResponse(f"/doc/vereniging/{outcome.code}", 303, {"cache-control": "no-store"})


def _number_form(
    request: Request, status: int = 200, number: str = "", problem: str = "", candidates: Any = ()
) -> Response:
    service: Service = request.app.state.service
    return framed(
        request, DESK, "kbo.html", status, number=number, problem=problem, candidates=candidates,
        off=KBO_OFF if service.kbo is None else "",
    )  # fmt: skip


def _association(request: Request) -> tuple[str, Document]:
    """The association in the address, for who may decide about it."""
    service: Service = request.app.state.service
    code = request.path_params["code"]
    _, document = current(code, service.register)
    subject = subject_of(service.log, document["@id"], service.register.today())
    service.register.rights.check(agent_of(request), DECIDE, subject)
    return code, document


def _checks(service: Service, entity: str) -> list[Check]:
    with service.log.database.reading() as connection:
        return checks_of(connection, [entity])[entity]


def _row(check: Check, document: Document, service: Service) -> dict[str, Any]:
    kinds = {node.name: node.label for node in node_types(service.register.tools.type)}
    return {
        "register": LABELS.get(check.register, check.register),
        "sleutel": check.register,
        "deel": check.node,
        "onderdeel": kinds.get(part_of(check.node), "Vereniging"),
        "toestand": check.state,
        "uitleg": check.detail,
        "tijdstip": check.time or None,
        "pogingen": check.attempts,
        "opnieuw": check.due,
        "wacht": check.due is not None and check.due <= iso(service.clock()),
    }


ROUTES = (
    Route("/beheer/controles", overview),
    Route("/beheer/kbo", ask_number),
    Route("/beheer/kbo", bring_in, methods=["POST"]),
    Route(PLACE, show),
    Route(PLACE + ".json", show),
    Route(PLACE, act, methods=["POST"]),
)
