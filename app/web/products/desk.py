"""`/beheer/producten`: an administration's own products and drafts, the form to edit one, and the upload of a list.

| address | what |
|---|---|
| /beheer/producten | the list; drafts, what needs review and what was not looked at in time stand on top |
| /beheer/producten/nieuw, `?concept=` | an empty form, or one filled from a concept |
| /beheer/producten/P0001001 | the form; its buttons check, publish, keep as a draft, add and remove parts |
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import LoketError, Problem, Refused, Unknown
from app.model.fields import Document
from app.register.agents import Agent
from app.register.commands import Archive, Change, Create
from app.register.handle import handle, rehearse_all
from app.register.products.deriving import product_from
from app.register.products.drafts import own_product_drafts
from app.register.products.own_products import own_product, own_products, read_own
from app.register.register import Register
from app.web.associations.editing_parts import pressed
from app.web.auth import agent_of
from app.web.forms import form_of, items_of
from app.web.products.checking import compared, joined
from app.web.products.draft_pages import keep, submit
from app.web.products.form import CHECKED, PATH, Written, language_of, product_form, read_product, title
from app.web.products.previews import preview_page
from app.web.rooms import DESK, framed
from app.web.service import Service


def show_list(request: Request) -> Response:
    """All products and drafts that this agent keeps."""
    service: Service = request.app.state.service
    agent, register = agent_of(request), service.register
    today, word = service.clock().date(), request.query_params.get("zoek", "").strip().casefold()
    found = [own for own in own_products(agent, register) if word in title(own.document).casefold()]
    drafts = [draft for draft in own_product_drafts(agent, register) if word in draft.title.casefold()]
    urgent = [own for own in found if own.review or own.overdue(today)]
    values: dict[str, Any] = {"products": found, "urgent": urgent, "title": title, "today": today, "word": word}
    return framed(request, DESK, "producten.html", drafts=drafts, **values)


def show_new(request: Request) -> Response:
    """A form with nothing in it, or with what a concept gives."""
    service: Service = request.app.state.service
    agent = agent_of(request)
    language = language_of(request.query_params.get("vorm"))
    document = _start(agent, service.register)
    if code := request.query_params.get("concept", "").strip():
        document |= _from_concept(code, language, agent, service.register)
    return product_form(request, Written(document, language))


def show_form(request: Request) -> Response:
    """The form of one product."""
    service: Service = request.app.state.service
    own = own_product(request.path_params["code"], agent_of(request), service.register)
    return product_form(request, Written(own.document, language_of(own.document.get("taalvariant")), own))


def send_form(request: Request) -> Response:
    """Do what the button says: check, publish, keep as a draft, or only add or remove a part."""
    service: Service = request.app.state.service
    agent, items, code = agent_of(request), items_of(request), request.path_params.get("code")
    own = own_product(code, agent, service.register) if code else None
    written = read_product(request, items, own)
    choice = written.said.get("besluit")
    if pressed(written.said):
        return product_form(request, written)
    if choice == "voorbeeld":
        return preview_page(request, written.content)
    if choice == "ontwerp":
        return keep(request, written)
    if choice == "voorleggen":
        return submit(request, written)
    if choice == "nakijken":
        error = _wrong(request, *compared(request, written))
        return product_form(request, written, error, "" if error else CHECKED)
    return _publish(request, written)


def archive(request: Request) -> Response:
    """Take the product off the offer."""
    service: Service = request.app.state.service
    own = own_product(request.path_params["code"], agent_of(request), service.register)
    said = form_of(request)
    handle(Archive("product", own.code), agent_of(request), service.register, said.get("reden", "")[:500])
    return RedirectResponse(PATH, 303)


def _publish(request: Request, written: Written) -> Response:
    service: Service = request.app.state.service
    reason = written.said.get("reden", "")[:500]
    settled, problems = compared(request, written)
    if problems:
        return product_form(request, written, _wrong(request, settled, problems), status=400)
    try:
        outcome = handle(_command(settled), agent_of(request), service.register, reason)
    except Refused as refused:
        return product_form(request, written, refused, status=400)
    return RedirectResponse(f"/doc/product/{outcome.code}", 303)


def _wrong(request: Request, written: Written, problems: tuple[Problem, ...]) -> LoketError | None:
    """All that would stand in the way of publishing."""
    service: Service = request.app.state.service
    [outcome] = rehearse_all([_command(written)], agent_of(request), service.register)
    return joined(outcome, problems)


def _command(written: Written) -> Create | Change:
    if written.own is None:
        return Create("product", written.content)
    return Change("product", written.own.code, written.content, written.version, whole=True)


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


ROUTES = (
    Route(PATH, show_list),
    Route(f"{PATH}/nieuw", show_new),
    Route(f"{PATH}/nieuw", send_form, methods=["POST"]),
    Route(f"{PATH}/{{code}}", show_form),
    Route(f"{PATH}/{{code}}", send_form, methods=["POST"]),
    Route(f"{PATH}/{{code}}/archiveren", archive, methods=["POST"]),
)
