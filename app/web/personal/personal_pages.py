"""A clerk, or a machine of a government, asks for the personal values of one association: with a purpose."""

from __future__ import annotations

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.errors import Refused
from app.register.agents import ASSOCIATION
from app.register.personal.commands import ReadPersonalData
from app.register.personal.people import Read, current, read_personal
from app.register.subjects import subject_of
from app.web.auth import agent_of
from app.web.data.formats import choose
from app.web.forms import form_of
from app.web.personal.access_pages import JSON_FORMAT, NO_STORE, PAGE_FORMAT
from app.web.personal.told import parts_of
from app.web.rooms import DESK, MINE, framed
from app.web.service import Service

TEMPLATE = "persoonsgegevens.html"


def ask(request: Request) -> Response:
    """The question for what; for a machine, which says so in X-Request-Reason, the answer."""
    service: Service = request.app.state.service
    agent, code = agent_of(request), request.path_params["code"]
    if choose(request, None, (PAGE_FORMAT, JSON_FORMAT)) is JSON_FORMAT:
        return _as_json(read_personal(code, agent, service.register), service)
    if agent.role == ASSOCIATION:
        return _shown(request, read_personal(code, agent, service.register))
    _, document = current(code, service.register)
    # Who may not, hears so before stating why.
    subject = subject_of(service.log, document["@id"], service.register.today())
    stated = service.schema.processing.choosable[0].code
    service.register.rights.check(agent.for_purpose(stated), ReadPersonalData, subject)
    return _question(request, code, document.get("naam", code))


def show(request: Request) -> Response:
    """The values, for the purpose that the form states."""
    service: Service = request.app.state.service
    agent, code, form = agent_of(request), request.path_params["code"], form_of(request)
    stated = ": ".join(filter(None, (form.get("doel", ""), form.get("reden", "")[:200])))
    try:
        read = read_personal(code, agent, service.register, stated or "?")
    except Refused as error:
        name = current(code, service.register)[1].get("naam", code)
        return _question(request, code, name, error.problems[0].message, form.get("reden", ""))
    return _shown(request, read)


def _question(request: Request, code: str, name: str, problem: str = "", why: str = "") -> Response:
    service: Service = request.app.state.service
    return framed(
        request, DESK, TEMPLATE, 400 if problem else 200, code=code, name=name, read=None, parts=(), why=why,
        problem=problem, purposes=service.schema.processing.choosable,
    )  # fmt: skip


def _shown(request: Request, read: Read) -> Response:
    service: Service = request.app.state.service
    type = service.register.tools.type
    own = agent_of(request).role == ASSOCIATION
    return framed(
        request, MINE if own else DESK, TEMPLATE, code=read.document["vCode"], name=read.document["naam"], read=read,
        parts=list(parts_of(read.personal(type), type)), why="", problem="", purposes=(),
    )  # fmt: skip


def _as_json(read: Read, service: Service) -> Response:
    """In the terms of an association, as JSON-LD."""
    type = service.register.tools.type
    body = {"@context": type.context_iri, **read.personal(type), "vCode": read.document["vCode"]}
    headers = {**NO_STORE, "link": f'<{read.purpose.iri.value}>; rel="https://w3id.org/dpv#hasPurpose"'}
    return Response(orjson.dumps(body, option=orjson.OPT_INDENT_2), headers=headers, media_type="application/ld+json")


ROUTES = (
    Route("/beheer/verenigingen/{code}/persoonsgegevens", ask),
    Route("/beheer/verenigingen/{code}/persoonsgegevens", show, methods=["POST"]),
    Route("/mijn-vereniging/{code}/persoonsgegevens", ask),
)
