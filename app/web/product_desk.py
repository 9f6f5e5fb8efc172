"""`/beheer/producten`: an administration's own products, the form to edit one, and the upload of a whole list.

| address | what |
|---|---|
| /beheer/producten | the list; what needs review or was not looked at in time stands on top |
| /beheer/producten/nieuw, `?concept=` | an empty form, or one filled from a concept |
| /beheer/producten/P0001001 | the form; its buttons check, publish, add and remove parts |
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import LoketError, Refused, Unknown
from app.model.fields import Document, EntityType
from app.model.languages import FORMAL, INFORMAL, NEUTRAL, text_of
from app.register.address_forms import carried_over, read_guidelines
from app.register.agents import Agent
from app.register.commands import Archive, Change, Create
from app.register.deriving import product_from
from app.register.handle import handle, rehearse_all
from app.register.own_products import Own, own_product, own_products, read_own
from app.register.register import Register
from app.register.writing import Helped, help_with
from app.web.auth import agent_of
from app.web.editing import Frame, Items, by_path, form_of_type, read_form, without_empty
from app.web.editing_parts import arrange, pressed
from app.web.forms import form_of, items_of
from app.web.previews import preview_page
from app.web.rooms import DESK, framed
from app.web.service import Service

PATH = "/beheer/producten"
FORMS = ((NEUTRAL, "neutraal"), (FORMAL, "u"), (INFORMAL, "je"))
# Nobody types these: they follow, or other pages set them.
SKIPPED = frozenset(
    {
        "aangemaaktDoor", "status", "taalvariant", "conceptSnapshot", "herzieningsstatus", "verzondenOp", "kopieVan",
        "voorFusie", "omzettingNodig", "gearchiveerd", "sameAs", "linkedConcept", "volgens", "tags", "provincie",
        "verwijstNaar", "productnummer", "feedbackBeschikbaar", "herinnerdOp",
    }
)  # fmt: skip
CHECKED = "Alles is goed ingevuld."


def show_list(request: Request) -> Response:
    """All products that this agent keeps."""
    service: Service = request.app.state.service
    today, word = service.clock().date(), request.query_params.get("zoek", "").strip().casefold()
    found = [own for own in own_products(agent_of(request), service.register) if word in title(own.document).casefold()]
    urgent = [own for own in found if own.review or own.overdue(today)]
    values: dict[str, Any] = {"products": found, "urgent": urgent, "title": title, "today": today, "word": word}
    return framed(request, DESK, "producten.html", **values)


def show_new(request: Request) -> Response:
    """A form with nothing in it, or with what a concept gives."""
    service: Service = request.app.state.service
    agent = agent_of(request)
    language = _language(request.query_params.get("vorm"))
    document = _start(agent, service.register)
    if code := request.query_params.get("concept", "").strip():
        document |= _from_concept(code, language, agent, service.register)
    return _form(request, None, document, language)


def show_form(request: Request) -> Response:
    """The form of one product."""
    service: Service = request.app.state.service
    own = own_product(request.path_params["code"], agent_of(request), service.register)
    return _form(request, own, own.document, _language(own.document.get("taalvariant")))


def send_form(request: Request) -> Response:
    """Do what the button says: check, publish, or only add or remove a part."""
    service: Service = request.app.state.service
    agent, items = agent_of(request), items_of(request)
    said = dict(items)
    code, language = request.path_params.get("code"), _language(said.get("taalvariant"))
    own = own_product(code, agent, service.register) if code else None
    document = _read(items, service.schema.entity_types["product"], language, own, said)
    if pressed(said):
        return _form(request, own, document, language, said=said)
    if said.get("besluit") == "voorbeeld":
        return preview_page(request, {**without_empty(document), "taalvariant": language})
    command = _command(own, without_empty(document), said)
    if said.get("besluit") == "nakijken":
        [outcome] = rehearse_all([command], agent, service.register)
        error = outcome if isinstance(outcome, LoketError) else None
        return _form(request, own, document, language, error, "" if error else CHECKED, said)
    try:
        outcome = handle(command, agent, service.register, said.get("reden", "")[:500])
    except Refused as refused:
        return _form(request, own, document, language, refused, said=said, status=400)
    return RedirectResponse(f"/doc/product/{outcome.code}", 303)


def archive(request: Request) -> Response:
    """Take the product off the offer."""
    service: Service = request.app.state.service
    own = own_product(request.path_params["code"], agent_of(request), service.register)
    said = form_of(request)
    handle(Archive("product", own.code), agent_of(request), service.register, said.get("reden", "")[:500])
    return RedirectResponse(PATH, 303)


def title(document: Document) -> str:
    return text_of(document.get("naam")) or "Zonder titel"


def _command(own: Own | None, document: Document, said: dict[str, str]) -> Create | Change:
    if own is None:
        return Create("product", document)
    version = said.get("versie", "")
    expected = int(version) if version.isdecimal() else own.version.number
    return Change("product", own.code, document, expected, whole=True)


def _read(items: Items, type: EntityType, language: str, own: Own | None, said: dict[str, str]) -> Document:
    """What the form says, with what it does not show; a part more or less where a button says so."""
    kept = {term: own.document[term] for term in SKIPPED - {"taalvariant"} if own and term in own.document}
    given = {"linkedConcept": said["linkedConcept"]} if own is None and said.get("linkedConcept") else {}
    document = {**kept, **given, **read_form(items, type, language)}
    if own:
        document = carried_over(document, own.document, type, language)
    arrange(document, said)
    return document


def _form(
    request: Request, own: Own | None, document: Document, language: str, error: LoketError | None = None,
    notice: str = "", said: dict[str, str] | None = None, status: int = 200,
) -> Response:  # fmt: skip
    service: Service = request.app.state.service
    type = service.schema.entity_types["product"]
    problems = error.problems if isinstance(error, Refused) else ()
    frame = Frame(service.codelists, language, SKIPPED, by_path(problems))
    version = (said or {}).get("versie") or (str(own.version.number) if own else "")
    values = {
        "own": own, "title": title(document), "sections": form_of_type(type, document, frame), "forms": FORMS,
        "language": language, "error": error, "problems": problems, "notice": notice, "version": version,
        "concept": document.get("linkedConcept", ""), "helped": _help(request, own, document, language),
    }  # fmt: skip
    return framed(request, DESK, "product_bewerken.html", status, **values)


def _help(request: Request, own: Own | None, document: Document, language: str) -> Helped:
    """What somebody who reads along would say."""
    service: Service = request.app.state.service
    owner = own.document.get("aangemaaktDoor", "") if own else agent_of(request).iri
    written = {**without_empty(document), "taalvariant": language}
    guidelines = read_guidelines(owner, service.register)
    return help_with(written, service.schema.entity_types["product"], guidelines, request.app.state.plain_language)


def _start(agent: Agent, register: Register) -> Document:
    """What a new product has to begin with: the municipality of who makes it, as authority and as area."""
    home = register.codelists.municipality(agent.municipality or "")
    area = register.codelists.find("toepassingsgebied", home.nis) if home else None
    if home is None or home.unit is None or area is None:
        return {}
    own = [home.unit]
    return {"bevoegdeOverheden": own, "uitvoerendeOverheden": own, "geografischToepassingsgebieden": [area.iri]}


def _from_concept(code: str, language: str, agent: Agent, register: Register) -> Document:
    type = register.schema.entity_types["concept"]
    version = register.log.latest(type.iri(code))
    if version is None or version.operation == "delete":
        raise Unknown("Dit concept kennen we niet.")
    home = register.codelists.municipality(agent.municipality or "")
    concept = read_own(version, register).document
    return product_from(concept, register.schema.entity_types["product"], language, home.unit if home else None)


def _language(text: str | None) -> str:
    return text if text in (FORMAL, INFORMAL) else NEUTRAL


ROUTES = (
    Route(PATH, show_list),
    Route(f"{PATH}/nieuw", show_new),
    Route(f"{PATH}/nieuw", send_form, methods=["POST"]),
    Route(f"{PATH}/{{code}}", show_form),
    Route(f"{PATH}/{{code}}", send_form, methods=["POST"]),
    Route(f"{PATH}/{{code}}/archiveren", archive, methods=["POST"]),
)
