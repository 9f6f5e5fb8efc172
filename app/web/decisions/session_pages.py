"""`/beheer/besluiten/zittingen`: the sessions in which a municipality decides; the next begins as the last one was."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Conflict, LoketError, Problem, Refused
from app.model.fields import Document
from app.model.whole import whole_number
from app.register.agents import Agent
from app.register.commands import Change, Create
from app.register.decisions.conduct import SESSION
from app.register.decisions.own_drafts import own_session, own_sessions
from app.register.handle import handle
from app.store.records import Version
from app.web.associations.editing import Frame, by_path, form_of_type, read_form, without_empty
from app.web.auth import agent_of
from app.web.decisions.draft_pages import LIST, session_label
from app.web.forms import items_of
from app.web.rooms import DESK, framed
from app.web.service import Service

PLACE = "/beheer/besluiten/zittingen"
OFFICE = ("http://data.lblod.info/id/mandatarissen/", "http://data.lblod.info/id/functionarissen/")
PEOPLE = ("voorzitter", "secretaris", "aanwezigen", "afwezigen")
# Nobody types these: they follow from what was decided.
SKIPPED = frozenset(
    {
        "code", "gemeente", "bestuurt", "agendapunten", "behandelingen", "agenda", "besluitenlijst", "notulen",
        "uittreksels", "bronnen", "ondertekendOp",
    }
)  # fmt: skip
# What a session has in common with the one before it.
ALIKE = ("orgaan", "plaats", "voorzitter", "secretaris", "aanwezigen")
NO_OFFICE = "Verwijs naar de IRI bij data.lblod.info: http://data.lblod.info/id/mandatarissen/…"


def show_new(request: Request) -> Response:
    """The form, as far as the last session tells."""
    service, agent = _open(request)
    before = next((document for _, document in own_sessions(agent, service.register)), {})
    return _form(request, None, {term: before[term] for term in ALIKE if term in before})


def show(request: Request) -> Response:
    """The form of one session."""
    service, agent = _open(request)
    version, document = own_session(request.path_params["code"], agent, service.register)
    return _form(request, version, document)


def save(request: Request) -> Response:
    """Keep it; what stands in the way is told beside its field."""
    service, agent = _open(request)
    said, code = dict(items_of(request)), request.path_params.get("code")
    version, before = own_session(code, agent, service.register) if code else (None, {})
    read = without_empty(read_form(items_of(request), service.schema.entity_types[SESSION], "nl"))
    document = {**{term: before[term] for term in SKIPPED if term in before}, **read}
    if "orgaan" in document:
        document["orgaan"] = {**before.get("orgaan", {}), **document["orgaan"]}
    try:
        if problems := _people(document):
            raise Refused("Niet alles is goed ingevuld.", problems)
        if version is None:
            handle(Create(SESSION, document), agent, service.register)
        else:
            known = whole_number(said.get("versie"))
            expected = version.number if known is None else known
            change = Change(SESSION, version.entity.rpartition("/")[2], document, expected, whole=True)
            handle(change, agent, service.register)
    except (Refused, Conflict) as error:
        return _form(request, version, document, error)
    return RedirectResponse(LIST, 303, {"cache-control": "no-store"})


def _people(document: Document) -> list[Problem]:
    """People in office stand here by the IRI of their office: their names are nobody's to keep twice."""
    named = {term: document.get(term) or [] for term in PEOPLE}
    iris = {term: value if isinstance(value, list) else [value] for term, value in named.items()}
    return [Problem(term, NO_OFFICE) for term, values in iris.items() if not all(v.startswith(OFFICE) for v in values)]


def _form(request: Request, version: Version | None, document: Document, error: LoketError | None = None) -> Response:
    service, _ = _open(request)
    problems = error.problems if isinstance(error, Refused) else ()
    frame = Frame(service.codelists, "nl", SKIPPED | {"zelfdeAls"}, by_path(problems), by_the_clock=True)
    sections = form_of_type(service.schema.entity_types[SESSION], document, frame)
    return framed(
        request, DESK, "zitting_bewerken.html", 400 if error else 200, sections=sections, error=error,
        problems=problems, version=version.number if version else "", made=version is not None,
        title=session_label(document) if version else "Nieuwe zitting", here=request.url.path,
    )  # fmt: skip


def _open(request: Request) -> tuple[Service, Agent]:
    service: Service = request.app.state.service
    agent = agent_of(request)
    service.register.rights.check(agent, "SubmitDraft")
    return service, agent


ROUTES = (
    Route(f"{PLACE}/nieuw", show_new),
    Route(f"{PLACE}/nieuw", save, methods=["POST"]),
    Route(PLACE + "/{code}", show),
    Route(PLACE + "/{code}", save, methods=["POST"]),
)
