"""`/aanvragen`: an association applies for a product, without typing what the register knows.

| address | what |
|---|---|
| /aanvragen/P0001004 | what will be shared, with whom, and whether the conditions are met; then: begin |
| /aanvragen/P0001004/elders | on to the form that the administration has elsewhere |
| /mijn-vereniging/aanvragen/ontwerp/{id} | the form, kept as often as one likes, and sent |
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Conflict, Forbidden, LoketError, Problem, Refused, TooLarge
from app.exchange.attachments.kinds import MOST_BYTES, examine, file_name
from app.model.fields import Document
from app.model.processing import SERVICE
from app.register.agents import ASSOCIATION, Agent
from app.register.dossiers.application_drafts import (
    ApplicationDraft,
    Offered,
    begin,
    drop,
    keep,
    offered,
    own_draft,
    own_drafts,
    shared_fields,
)
from app.register.dossiers.commands import SubmitApplication
from app.register.dossiers.document_store import Given, documents, give
from app.register.dossiers.elsewhere import address_elsewhere, shared_elsewhere
from app.register.handle import handle
from app.web.associations.editing import Frame, by_path, form_of_type, read_form, without_empty
from app.web.associations.editing_parts import arrange, pressed
from app.web.auth import agent_of
from app.web.dossiers.applying import documents_to_choose, owner_of, process_picture_of, title_of
from app.web.forms import file_of, form_of, items_of
from app.web.found import canonical_code, entity_type, find
from app.web.reports.counting import count
from app.web.rooms import MINE, framed
from app.web.service import Service

OWN = "/mijn-vereniging/aanvragen"
SKIPPED = frozenset({"code", "aanvrager"})
DUTCH = "nl"
APPLIED = "aanvraag"
TONES = {"ja": "good", "nee": "bad", "onbekend": "plain"}


def show_start(request: Request) -> Response:
    """Before anything is shared: what would be, with whom and what for, and whether the conditions are met."""
    return _start(request)


def start(request: Request) -> Response:
    """Begin: what the register knows is filled in."""
    service, agent = _open(request)
    code, club = _product_code(request), _club(request, agent)
    count(request, APPLIED, service.schema.entity_types["product"].iri(code))
    try:
        draft = begin(code, club, agent, service.register, service.mint())
    except Refused as error:
        return _start(request, error)
    return _to(f"{OWN}/ontwerp/{draft.row.id}")


def go_elsewhere(request: Request) -> Response:
    """On to the form of the administration itself, filled in with what is public; who goes on is counted, not known."""
    service, agent = _open(request)
    found = find(service, entity_type(service, "product"), _product_code(request))
    address = address_elsewhere(found.iri, _club(request, agent), agent, service.register)
    count(request, APPLIED, found.iri)
    return RedirectResponse(address, 303, {"cache-control": "no-store", "referrer-policy": "no-referrer"})


def show_form(request: Request) -> Response:
    """The form with what was filled in so far."""
    service, agent = _open(request)
    draft = own_draft(request.path_params["id"], agent, service.register)
    if draft.row.dossier:
        return _to(f"{OWN}/{draft.row.dossier.rpartition('/')[2]}")
    return _form(request, draft, saved="bewaard" in request.query_params)


def act(request: Request) -> Response:
    """Keep what was filled in, and send it when that is asked; what stands in the way is told beside its field."""
    service, agent = _open(request)
    draft = own_draft(request.path_params["id"], agent, service.register)
    said = form_of(request)
    if draft.row.dossier:
        return _to(f"{OWN}/{draft.row.dossier.rpartition('/')[2]}")
    if said.get("doe") == "weg":
        drop(draft, agent, service.register)
        return _to(OWN)
    document, problems = _read(request, draft, agent)
    arrange(document, said)
    draft = keep(draft, document, agent, service.register)
    if problems:
        return _form(request, draft, Refused("Niet alle documenten konden bewaard worden.", problems))
    if said.get("doe") != "indienen" or pressed(said):
        return _form(request, draft) if pressed(said) else _to(f"{OWN}/ontwerp/{draft.row.id}?bewaard=1")
    command = SubmitApplication(draft.association, draft.product, draft.row.id, without_empty(document))
    try:
        code = handle(command, agent, service.register).code
    except (Refused, Conflict) as error:
        return _form(request, draft, error)
    return _to(f"{OWN}/{code}?ingediend=1")


def _read(request: Request, draft: ApplicationDraft, agent: Agent) -> tuple[Document, list[Problem]]:
    """What the form says, with new documents kept; and why one could not be."""
    service: Service = request.app.state.service
    type = service.schema.entity_types[draft.row.form]
    document = read_form(items_of(request), type, DUTCH)
    problems = []
    for field in type.fields:
        if field.attachment is None:
            continue
        try:
            if iri := new_document(request, f"{field.term}-nieuw", field.attachment.value, draft.association, agent):
                document[field.term] = iri
        except (Refused, TooLarge) as error:
            problems.append(Problem(field.term, error.title))
    return document, problems


def new_document(request: Request, name: str, kind: str, association: str, agent: Agent) -> str:
    """The IRI of a document that was sent along, examined and kept; empty when there was none."""
    service: Service = request.app.state.service
    sent = file_of(request, name, MOST_BYTES)
    if sent is None:
        return ""
    media_type = examine(sent[1])
    given = Given(file_name(sent[0], media_type), sent[1], media_type, kind)
    return give(given, association, agent, service.register, service.mint()).iri


def _start(request: Request, error: Refused | None = None) -> Response:
    service, agent = _open(request)
    code = _product_code(request)
    product = find(service, entity_type(service, "product"), code)
    club = _club(request, agent)
    wanted, refusal = _offered(code, club, agent, service)
    elsewhere = shared_elsewhere(product.iri, club, agent, service.register)
    drafts = own_drafts(club, agent, service.register)
    return framed(
        request, MINE, "aanvraag_begin.html", 400 if error else 200, code=code, club=club, wanted=wanted,
        refusal=refusal, error=error, title=title_of(product.version, service),
        owner=owner_of(product.version, service), clubs=sorted(agent.associations), elsewhere=elsewhere, tones=TONES,
        shared=shared_fields(wanted.form) if wanted else [], purpose=service.schema.processing.purpose(SERVICE),
        drafts=[each for each in drafts if each.product == product.iri],
        picture=process_picture_of(product.version, service),
    )  # fmt: skip


def _offered(code: str, club: str, agent: Agent, service: Service) -> tuple[Offered | None, str]:
    """What can be applied for here, or why not."""
    try:
        return offered(code, club, agent, service.register), ""
    except Refused as error:
        return None, error.title


def _form(request: Request, draft: ApplicationDraft, error: LoketError | None = None, saved: bool = False) -> Response:
    service, agent = _open(request)
    type = service.schema.entity_types[draft.row.form]
    problems = error.problems if isinstance(error, Refused) else ()
    given = documents(draft.association, agent, service.register)
    chosen = documents_to_choose(given, service.codelists)
    frame = Frame(service.codelists, DUTCH, SKIPPED, by_path(problems), personal=True, documents=chosen)
    product = find(service, entity_type(service, "product"), draft.product)
    return framed(
        request, MINE, "aanvraag_formulier.html", 400 if error else 200, draft=draft, error=error, problems=problems,
        sections=form_of_type(type, _with_parts(draft.document, type), frame), saved=saved,
        title=title_of(product.version, service), owner=owner_of(product.version, service), form_label=type.label,
        place=f"{OWN}/ontwerp/{draft.row.id}", labels={f.term: f.label for f in type.fields},
    )  # fmt: skip


def _with_parts(document: Document, type: Any) -> Document:
    """A list that needs a part begins with an empty one."""
    asked: Document = {f.term: [{}] for f in type.fields if f.node is not None and f.is_list and f.required}
    return {**{term: parts for term, parts in asked.items() if not document.get(term)}, **document}


def _club(request: Request, agent: Agent) -> str:
    """For which association: the chosen one, or the only one."""
    given: Mapping[str, Any] = form_of(request) if request.method == "POST" else request.query_params
    wanted = str(given.get("vereniging", "")).upper()
    codes = sorted(agent.associations)
    return wanted if wanted in codes else next(iter(codes), "")


def _product_code(request: Request) -> str:
    service: Service = request.app.state.service
    return canonical_code(entity_type(service, "product"), request.path_params["code"])


def _to(address: str) -> Response:
    return RedirectResponse(address, 303, {"cache-control": "no-store"})


def _open(request: Request) -> tuple[Service, Agent]:
    """The service, for an association. Raises Unauthenticated or Forbidden."""
    agent = agent_of(request)
    if agent.role != ASSOCIATION:
        raise Forbidden("Aanvragen doet een vereniging. Meld aan als vertegenwoordiger van uw vereniging.")
    return request.app.state.service, agent


def _routes() -> Iterator[Route]:
    yield Route("/aanvragen/{code}", show_start)
    yield Route("/aanvragen/{code}", start, methods=["POST"])
    yield Route("/aanvragen/{code}/elders", go_elsewhere)
    yield Route(OWN + "/ontwerp/{id}", show_form)
    yield Route(OWN + "/ontwerp/{id}", act, methods=["POST"])


ROUTES = tuple(_routes())
