"""What readers say of a product: "Was deze pagina duidelijk?" and "meld een fout"; no login, no cookie, no script.

| address | what |
|---|---|
| POST /aanbod/P0001004/terugkoppeling | the small form on the page of the product |
| /aanbod/P0001004/fout | report a mistake; who is logged in reports it as a colleague |
| /aanbod/P0001004/bedankt | thanks |
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Refused
from app.model.documents import to_document
from app.model.graph import from_ntriples
from app.model.languages import text_of
from app.register.products.feedback import LONGEST, Said, give
from app.web.auth import visitor_of
from app.web.edge.gate import Gate
from app.web.forms import form_of
from app.web.found import Found, canonical_code, entity_type, find
from app.web.pages import page
from app.web.products.page import says_je
from app.web.service import Service

MOST, WITHIN = 10, timedelta(hours=1)
# A field that people do not see: who fills it in is a program.
TRAP = "website"
CLEAR = {"ja": True, "nee": False}
NO_STORE = {"cache-control": "no-store"}


def send_clarity(request: Request) -> Response:
    """Keep what the small form says; what is wrong comes back with what was written."""
    found = _product(request)
    said = form_of(request)
    clear = CLEAR.get(said.get("duidelijk", ""))
    if clear is None:
        return _form(request, found, "duidelijk", Refused("Kies of de pagina duidelijk was."))
    return _keep(request, found, "duidelijk", Said(clear, said.get("tekst", "")))


def show_mistake(request: Request) -> Response:
    """The form to report a mistake."""
    return _form(request, _product(request), "fout")


def send_mistake(request: Request) -> Response:
    """Keep a report."""
    found = _product(request)
    return _keep(request, found, "fout", Said(None, form_of(request).get("tekst", "")))


def thank(request: Request) -> Response:
    """Say that it arrived, and what happens with it."""
    found = _product(request)
    html = page(request, "terugkoppeling_bedankt.html", found=found, **_speaking(found))
    return Response(html, 200, NO_STORE, "text/html")


def _keep(request: Request, found: Found, kind: str, said: Said) -> Response:
    service: Service = request.app.state.service
    thanks = RedirectResponse(f"/aanbod/{found.code}/bedankt", 303, NO_STORE)
    if form_of(request).get(TRAP):
        return thanks
    agent = visitor_of(request)
    if agent is None:
        gate: Gate = request.app.state.gate
        gate.pass_by(request)
    try:
        give(found.code, said, agent, service.register, service.mint)
    except Refused as refused:
        return _form(request, found, kind, refused)
    return thanks


def _form(request: Request, found: Found, kind: str, error: Refused | None = None) -> Response:
    said = form_of(request) if request.method == "POST" else {}
    html = page(
        request, "terugkoppeling.html", found=found, kind=kind, error=error, said=said,
        agent=visitor_of(request), longest=LONGEST, **_speaking(found),
    )  # fmt: skip
    return Response(html, 400 if error else 200, NO_STORE, "text/html")


def _product(request: Request) -> Found:
    service: Service = request.app.state.service
    type = entity_type(service, "product")
    return find(service, type, canonical_code(type, request.path_params["code"]))


def _speaking(found: Found) -> dict[str, Any]:
    """What the product is called, and whether its page says je."""
    document = to_document(from_ntriples(found.version.public or b""), found.type, found.iri)
    return {"title": text_of(document.get("naam")), "says_je": says_je(document)}


def make_gate(service: Service) -> Gate:
    """What bounds how often readers without a login may send something."""
    return Gate(service.log.blind, service.clock, MOST, WITHIN)


ROUTES = (
    Route("/aanbod/{code}/terugkoppeling", send_clarity, methods=["POST"]),
    Route("/aanbod/{code}/fout", show_mistake),
    Route("/aanbod/{code}/fout", send_mistake, methods=["POST"]),
    Route("/aanbod/{code}/bedankt", thank),
)
