"""How an administration speaks: its guidelines, and the other form of a product, side by side to be read over.

| address | what |
|---|---|
| /beheer/richtlijnen | u or je, a service or a person as contact; which products do not follow yet |
| /beheer/producten/P0001001/aanspreekvorm | each text as it is and as it would be, what differs marked |
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import LoketError, Refused
from app.model.address_form import Aid, load_aid
from app.model.languages import FORMAL, INFORMAL, NEUTRAL
from app.model.markup import from_plain, to_plain
from app.model.whole import whole_number
from app.register.products.address_forms import PERSON, SERVICE, Guidelines, read_guidelines
from app.register.products.own_products import own_product
from app.register.products.speaking import Proposed, choose, confirm_form, differing, keep_form, propose, waiting
from app.web.auth import agent_of
from app.web.forms import form_of, items_of
from app.web.products.form import title
from app.web.rooms import DESK, framed
from app.web.service import Service

PATH, PRODUCT = "/beheer/richtlijnen", "/beheer/producten/{code}/aanspreekvorm"
NAMES = {FORMAL: "u", INFORMAL: "je", NEUTRAL: "neutraal"}
CONTACTS = {SERVICE: "een dienst, zoals de jeugddienst", PERSON: "een persoon, zoals de dossierbehandelaar"}


def show_guidelines(request: Request) -> Response:
    """The choice, and which products do not follow it."""
    return _guidelines(request)


def send_guidelines(request: Request) -> Response:
    """Choose."""
    service: Service = request.app.state.service
    said = form_of(request)
    try:
        choose(Guidelines(said.get("vorm", ""), said.get("contact", "")), agent_of(request), service.register)
    except Refused as refused:
        return _guidelines(request, refused)
    return RedirectResponse(PATH, 303, {"cache-control": "no-store"})


def show_product(request: Request) -> Response:
    """The proposal for one product."""
    return _product(request)


def send_product(request: Request) -> Response:
    """Keep what was read over, or say that it speaks so already."""
    service: Service = request.app.state.service
    code, said = request.path_params["code"], form_of(request)
    agent, form = agent_of(request), said.get("vorm", "")
    expected = whole_number(said.get("versie")) or 0
    try:
        if form not in (FORMAL, INFORMAL):
            raise Refused("Kies u of je.")
        if said.get("besluit") == "al":
            confirm_form(code, form, expected, agent, service.register)
        else:
            keep_form(code, form, _written(request), expected, agent, service.register)
    except Refused as refused:
        return _product(request, refused)
    return RedirectResponse(f"/doc/product/{code}", 303, {"cache-control": "no-store"})


def _written(request: Request) -> dict[str, str]:
    """The texts by path; what had markup may have it again."""
    found = ((name.removeprefix("tekst "), value.strip()) for name, value in items_of(request) if name[:6] == "tekst ")
    marked = {name.removeprefix("opgemaakt ") for name, _ in items_of(request) if name.startswith("opgemaakt ")}
    return {path: from_plain(value) if path in marked else value for path, value in found if value}


def _guidelines(request: Request, error: LoketError | None = None) -> Response:
    service: Service = request.app.state.service
    agent = agent_of(request)
    service.register.rights.check(agent, "Change")
    values = {
        "guidelines": read_guidelines(agent.iri, service.register), "waiting": list(waiting(agent, service.register)),
        "title": title, "forms": {FORMAL: "u", INFORMAL: "je"}, "contacts": CONTACTS, "error": error,
    }  # fmt: skip
    return framed(request, DESK, "richtlijnen.html", 400 if error else 200, **values)


def _product(request: Request, error: Refused | None = None) -> Response:
    service: Service = request.app.state.service
    aid: Aid = request.app.state.aid
    own = own_product(request.path_params["code"], agent_of(request), service.register)
    form, proposed = propose(own, service.register, aid)
    said = dict(items_of(request)) if request.method == "POST" else {}
    rows = [_row(each, said) for each in proposed]
    values = {"own": own, "title": title(own.document), "form": form, "names": NAMES, "rows": rows, "error": error,
              "now": own.document.get("taalvariant", NEUTRAL)}  # fmt: skip
    return framed(request, DESK, "product_aanspreekvorm.html", 400 if error else 200, **values)


def _row(each: Proposed, said: dict[str, str]) -> dict[str, object]:
    show = to_plain if each.text.field.markup else str
    before, after = show(each.now), show(each.kept or each.proposal.text)
    old, new = differing(before, after)
    return {
        "path": each.text.path, "label": each.text.label, "old": old, "new": new, "markup": each.text.field.markup,
        "value": said.get(f"tekst {each.text.path}", after), "kept": bool(each.kept),
        "doubts": () if each.kept else each.proposal.doubts, "same": before == after,
    }  # fmt: skip


def make_aid(service: Service) -> Aid:
    """What is known of Dutch."""
    return load_aid(service.root)


ROUTES = (
    Route(PATH, show_guidelines),
    Route(PATH, send_guidelines, methods=["POST"]),
    Route(PRODUCT, show_product),
    Route(PRODUCT, send_product, methods=["POST"]),
)
