"""`/beheer/processen`: an administration shapes the steps through which it leads applications, without programming.

| address | what |
|---|---|
| /beheer/processen | its own processes, those that others share, those that ship |
| /beheer/processen/W0001001 | the form of one, its picture, and the products that follow it |
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Conflict, Forbidden, LoketError, Refused, Unknown
from app.model.fields import Document
from app.model.languages import text_of
from app.model.whole import whole_number
from app.register.agents import Agent
from app.register.commands import Archive, Change, Create
from app.register.dossiers.own_dossiers import open_document
from app.register.dossiers.processes import ALL, KIND, OWNER, SHARED, read_process
from app.register.handle import handle
from app.register.products.own_products import Own, own_products
from app.register.recognitions.rules import grantor
from app.web.associations.editing import Frame, by_path, form_of_type, read_form, without_empty
from app.web.associations.editing_parts import arrange, pressed
from app.web.auth import agent_of
from app.web.dossiers.process_picture import in_words, process_picture
from app.web.forms import chosen_in, form_of, items_of
from app.web.rooms import DESK, framed
from app.web.service import Service

LIST = "/beheer/processen"
SKIPPED = frozenset({"bestuur", "kopieVan", "code", "volgorde"})
DUTCH = "nl"
FORMS = "aanvraagvorm"


def show_list(request: Request) -> Response:
    """Own processes first, then what can be used or copied."""
    service, agent = _open(request)
    log, me = service.log, grantor(agent)
    own = _documents(log.find(OWNER, me), service)
    shared = [each for each in _documents(log.find(SHARED, ALL), service) if each.get("bestuur") != me]
    shipped = list(service.schema.processes.values())
    kinds = [("Uw processen", own), ("Van andere besturen", shared), ("Meegeleverd", shipped)]
    cards = [(name, [_card(each, service) for each in found]) for name, found in kinds]
    return framed(request, DESK, "processen.html", kinds=cards, used=_used(agent, service))


def copy(request: Request) -> Response:
    """A process of one's own that begins as a copy; it follows the other no more."""
    service, agent = _open(request)
    source = _source(form_of(request).get("van", ""), agent, service)
    kept = {term: value for term, value in source.items() if term in ("naam", "beschrijving", "stappen")}
    for step in kept.get("stappen", ()):
        step.pop("@id", None)
    document = {**kept, "naam": f"{source['naam']} (eigen)", "kopieVan": source["@id"]}
    code = handle(Create(KIND, document), agent, service.register).code
    return _to(f"{LIST}/{code}")


def show_one(request: Request) -> Response:
    """The form of an own one; of any other the picture."""
    service, agent = _open(request)
    return _one(request, _source(request.path_params["code"], agent, service))


def act(request: Request) -> Response:
    """Keep what was filled in, choose the products that follow it, or throw it away."""
    service, agent = _open(request)
    said, code = form_of(request), request.path_params["code"]
    before = _source(code, agent, service)
    if said.get("doe") == "producten":
        _follow(request, before, agent)
        return _to(f"{LIST}/{code}?bewaard=1")
    written = _written(request, before, service)
    if pressed(said):
        return _one(request, written)
    try:
        if said.get("doe") == "weg":
            handle(Archive(KIND, code), agent, service.register)
            return _to(LIST)
        expected = whole_number(said.get("versie"))
        handle(Change(KIND, code, without_empty(written), expected, whole=True), agent, service.register)
    except (Refused, Conflict) as error:
        return _one(request, written, error)
    return _to(f"{LIST}/{code}?bewaard=1")


def _written(request: Request, before: Document, service: Service) -> Document:
    """What the form says, with what it does not show; steps in the order of the form."""
    type = service.schema.entity_types[KIND]
    kept: Document = {term: before[term] for term in ("bestuur", "kopieVan", "code") if term in before}
    document: Document = {**kept, **read_form(items_of(request), type, DUTCH)}
    arrange(document, form_of(request))
    for place, step in enumerate(document.get("stappen", ()), 1):
        step["volgorde"] = place
    return {**document, "@id": before["@id"]}


def _follow(request: Request, process: Document, agent: Agent) -> None:
    """The chosen products follow this process, the others do not; raises Forbidden for what may not be used."""
    service: Service = request.app.state.service
    wanted = frozenset(chosen_in(request, "product"))
    for own in own_products(agent, service.register):
        now = own.document.get("aanvraagproces") == process["@id"]
        if (own.code in wanted) is not now:
            follows = process["@id"] if own.code in wanted else None
            handle(Change("product", own.code, {"aanvraagproces": follows}), agent, service.register)


def _one(request: Request, document: Document, error: LoketError | None = None) -> Response:
    service, agent = _open(request)
    problems = error.problems if isinstance(error, Refused) else ()
    frame = Frame(service.codelists, DUTCH, SKIPPED, by_path(problems))
    process = read_process(document, service.codelists)
    version = service.log.latest(document["@id"])
    mine = document.get("bestuur") == grantor(agent)
    products = [own for own in own_products(agent, service.register) if own.document.get(FORMS)]
    return framed(
        request, DESK, "proces.html", 400 if error else 200, process=process, mine=mine, error=error, problems=problems,
        sections=form_of_type(service.schema.entity_types[KIND], document, frame) if mine else (),
        picture=process_picture(process) if process.steps else "", words=in_words(process),
        version=version.number if version else 0, products=[_choice(own, document["@id"]) for own in products],
        place=f"{LIST}/{document['@id'].rpartition('/')[2]}", saved="bewaard" in request.query_params,
    )  # fmt: skip


def _choice(own: Own, process: str) -> tuple[str, str, bool]:
    """A product, what it is called, and whether it follows this process."""
    return own.code, text_of(own.document.get("naam")), own.document.get("aanvraagproces") == process


def _used(agent: Agent, service: Service) -> dict[str, int]:
    """How many products follow each process."""
    found: dict[str, int] = {}
    for own in own_products(agent, service.register):
        if iri := own.document.get("aanvraagproces"):
            found[iri] = found.get(iri, 0) + 1
    return found


def _card(document: Document, service: Service) -> dict[str, Any]:
    owner = service.codelists.organisations.get(document.get("bestuur", ""))
    return {
        "iri": document["@id"], "code": document["@id"].rpartition("/")[2], "name": document.get("naam", ""),
        "what": document.get("beschrijving", ""), "steps": len(document.get("stappen", ())),
        "owner": owner.name if owner else "", "shared": document.get("gedeeld") is True,
    }  # fmt: skip


def _documents(iris: list[str], service: Service) -> list[Document]:
    versions = (service.log.latest(iri) for iri in iris)
    return [open_document(each, service.register) for each in versions if each is not None and not each.ended]


def _source(code: str, agent: Agent, service: Service) -> Document:
    """An own process, a shared one or one that ships; raises Unknown or Forbidden."""
    iri = service.schema.entity_types[KIND].iri(code)
    if shipped := service.schema.processes.get(iri):
        return {**shipped, "stappen": [dict(step) for step in shipped["stappen"]]}
    found = _documents([iri], service)
    if not found:
        raise Unknown("Dit proces is er niet (meer).")
    if found[0].get("bestuur") != grantor(agent) and not found[0].get("gedeeld"):
        raise Forbidden("Dit proces is van een ander bestuur.")
    return found[0]


def _to(address: str) -> Response:
    return RedirectResponse(address, 303, {"cache-control": "no-store"})


def _open(request: Request) -> tuple[Service, Agent]:
    """The service, for who handles dossiers. Raises Unauthenticated or Forbidden."""
    service: Service = request.app.state.service
    agent = agent_of(request)
    service.register.rights.check(agent, "MoveDossier")
    return service, agent


ROUTES = (
    Route(LIST, show_list),
    Route(LIST, copy, methods=["POST"]),
    Route(f"{LIST}/{{code}}", show_one),
    Route(f"{LIST}/{{code}}", act, methods=["POST"]),
)
