"""Dossiers for the system in which an administration handles them, with a token: `/v1/dossiers`.

| request | answer |
|---|---|
| GET /v1/dossiers?na=0&limiet=100 | each status of the own dossiers, in order; `na`: where you were |
| GET /v1/dossiers/{nummer} | a dossier with what was filled in, as JSON-LD; personal values with X-Request-Reason |
| POST /v1/dossiers/{nummer}/status | how far it is there: 202, or 200 when that was known |
| GET /v1/dossiers/ldes?na=0 | the same statuses as an event stream |
| GET /v1/dosis/statusveranderingen?index=0&limiet=100 | all of them, as DOSIS connectors pull them; for who operates |
"""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.errors import Conflict, Problem, Refused, Stale
from app.exchange.dossier_feed import PAGE_SIZE, feed_page
from app.exchange.handover import READ, whole_dossier
from app.exchange.ldes.writing import FORMATS
from app.exchange.statuses.dosis_collection import MOST, collection
from app.register.agents import MANAGER, Agent
from app.register.dossiers.commands import ReportStatus
from app.register.once import handle_once
from app.register.products.own_products import owners_of
from app.register.recognitions.rules import grantor
from app.register.register import Register
from app.store.dossier_statuses import DossierStatus, statuses_after
from app.web.auth import agent_of
from app.web.data.feeds import choose_format
from app.web.data.representations import expand
from app.web.service import Service
from app.web.telling.subscription_api import body_of
from app.web.v1.call import Call

AT, FEED, DOSIS = "/v1/dossiers", "/v1/dossiers/ldes", "/v1/dosis/statusveranderingen"
FRESH = {"cache-control": "private, no-store", "vary": "Authorization, Accept"}
TEXTS = {
    "fase": "phase",
    "status": "status",
    "detail": "detail",
    "actie": "action",
    "kenmerk": "reference",
    "link": "link",
}
WRONG = "Deze status is niet goed ingevuld."


def changes(request: Request) -> Response:
    """Each status of the own dossiers after a sequence."""
    service, agent = _asked(request)
    limit = number_in(request, "limiet", PAGE_SIZE, MOST)
    found = own_statuses(agent, service.register, number_in(request, "na", 0), limit)
    rows = [_row(status, service) for status in found]
    return _json({"statussen": rows, "na": rows[-1]["volgnummer"] if rows else number_in(request, "na", 0)})


def one(request: Request) -> Response:
    """A dossier with what was filled in."""
    service, agent = _asked(request)
    version, document = whole_dossier(request.path_params["nummer"], agent, service.register)
    type = service.schema.entity_types[version.kind]
    body = {"@context": type.context_iri, **expand(document, type, service.codelists)}
    if isinstance(filled_in := document.get("aanvraag"), dict):
        found = service.schema.entity_of(filled_in["@id"])
        assert found is not None
        body["aanvraag"] = {"@context": found[0].context_iri, **expand(filled_in, found[0], service.codelists)}
    return _json(body, headers={"etag": f'W/"{version.number}"'}, media_type="application/ld+json")


def report(request: Request) -> Response:
    """What the other system says of a dossier; the same again changes nothing."""
    service, agent = _asked(request)
    body = body_of(request)
    if wrong := [Problem(key, "Geef tekst.") for key in TEXTS if not isinstance(body.get(key, ""), str)]:
        raise Refused(WRONG, wrong)
    if lacking := [Problem(key, "Dit is verplicht.") for key in ("fase", "status") if not body.get(key)]:
        raise Refused(WRONG, lacking)
    given = {field: body.get(key, "").strip() for key, field in TEXTS.items()}
    call = Call(request, service, agent, orjson.dumps(body))
    command = ReportStatus(request.path_params["nummer"], **given, expected_version=call.expected_version)
    try:
        outcome = handle_once(command, agent, service.register, "Gemeld door het eigen systeem.", call.once)
    except Conflict as error:
        # https://www.rfc-editor.org/rfc/rfc9110#name-if-match: what the client knew is not what is there.
        raise Stale(error.title) if call.expected_version is not None else error from None
    headers = {"etag": f'W/"{outcome.version}"'}
    return _json({"dossier": outcome.entity, "versie": outcome.version}, 202 if outcome.sequence else 200, headers)


def feed(request: Request) -> Response:
    """The own dossiers as an event stream: the answer is for this asker alone."""
    service, agent = _asked(request)
    after = number_in(request, "na", 0)
    suffix = choose_format(request.headers.get("accept", ""))
    format = FORMATS.get(suffix, FORMATS["ttl"])
    found = own_statuses(agent, service.register, after, PAGE_SIZE + 1)
    page = feed_page(found[:PAGE_SIZE], service.register, f"{service.base}{FEED}", after, len(found) > PAGE_SIZE)
    return Response(format.write(page), headers={**FRESH, "content-type": format.content_type})


def pull(request: Request) -> Response:
    """All statuses, as DOSIS connectors pull them."""
    service: Service = request.app.state.service
    service.register.rights.check(agent_of(request), "Operate")
    index, limit = number_in(request, "index", 0), number_in(request, "limiet", PAGE_SIZE, MOST)
    found = statuses_after(service.log.database, index - 1, limit)
    source = next((teller.receiver.source for teller in service.tellers if teller.receiver.source), service.base)
    return _json(collection(found, service.register, source, f"{service.base}{DOSIS}", index, limit))


def own_statuses(agent: Agent, register: Register, after: int, limit: int) -> list[DossierStatus]:
    """Those of the administrations for which somebody acts, in order; a manager sees all."""
    database = register.log.database
    if agent.role == MANAGER:
        return statuses_after(database, after, limit)
    owners = {grantor(agent), *(owners_of(agent, register) or ())}
    found = [status for owner in sorted(owners) for status in statuses_after(database, after, limit, owner)]
    return sorted(found, key=lambda status: status.sequence)[:limit]


def number_in(request: Request, name: str, default: int, most: int = 10**12) -> int:
    """A whole number in the address; raises Refused."""
    text = request.query_params.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 13) or not int(name == "limiet") <= int(text) <= most:
        raise Refused("Dit is geen geldige vraag.", (Problem(name, "Geef een geheel getal dat kan."),))
    return int(text)


def _asked(request: Request) -> tuple[Service, Agent]:
    service: Service = request.app.state.service
    agent = agent_of(request)
    service.register.rights.check(agent, READ)
    return service, agent


def _row(status: DossierStatus, service: Service) -> dict[str, Any]:
    number = status.dossier.rpartition("/")[2]
    return {
        "kenmerk": status.id, "volgnummer": status.sequence, "dossiernummer": number,
        "dossier": f"{service.base}{AT}/{number}", "fase": status.phase, "status": status.status, "sinds": status.time,
        "vCode": status.association.rpartition("/")[2],
    }  # fmt: skip


def _json(
    body: Any, status: int = 200, headers: dict[str, str] | None = None, media_type: str = "application/json"
) -> Response:
    content = orjson.dumps(body, option=orjson.OPT_INDENT_2)
    return Response(content, status, {**FRESH, **(headers or {})}, media_type)


ROUTES = (
    Route(AT, changes),
    Route(FEED, feed),
    Route(f"{AT}/{{nummer}}", one),
    Route(f"{AT}/{{nummer}}/status", report, methods=["POST"]),
    Route(DOSIS, pull),
)
