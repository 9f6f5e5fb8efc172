"""Decisions that are made here, as pages in HTML with RDFa that others harvest.

| address | what |
|---|---|
| /besluiten/bekendmakingen/44021 | the list of one municipality: what it decided here, newest first |
| /besluiten/bekendmaking/B0001001 | one decision with its session, all of it in RDFa |
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.errors import Unknown
from app.model.fields import Document
from app.register.drafting import ANNOUNCED, SIGNED
from app.store.decision_index import Sought
from app.web.answers import cacheable
from app.web.decisions import decisions_of
from app.web.found import Found, canonical_code, entity_type, find
from app.web.pages import page
from app.web.paging import Paging, page_number
from app.web.representations import document
from app.web.service import Service

PER_PAGE = 50
MINUTES = "https://data.vlaanderen.be/id/concept/BesluitDocumentType/8e791b27-7600-4577-b24e-c7c29e0eb773"


def show_list(request: Request) -> Response:
    """The decisions of one municipality, each with a link that says where it leads."""
    service = _service(request)
    home = service.codelists.municipality(request.path_params["nis"])
    if home is None or home.nis != request.path_params["nis"]:
        raise Unknown("Deze gemeente kennen we niet.")
    number = page_number(request, "pagina")
    total, listed = decisions_of(request).find(
        Sought(municipality=home.nis, made_here=True), (number - 1) * PER_PAGE, PER_PAGE
    )
    paging = Paging(request.url.path, request.query_params, number, total, PER_PAGE, "pagina")
    if paging.page > paging.last:
        raise Unknown("Deze pagina bestaat niet: zo lang is de lijst niet.")
    items = [(item, _both(service, item.code)[2]) for item in listed]
    values = {"home": home, "items": items, "paging": paging, "start": service.base + ANNOUNCED, "minutes": MINUTES}
    return cacheable(request, page(request, "bekendmakingen.html", **values), "text/html")


def show(request: Request) -> Response:
    """One decision with its session."""
    service = _service(request)
    found, decision, session = _both(service, request.path_params["code"])
    values = {
        "found": found, "decision": decision, "session": session, "minutes": MINUTES,
        "here": f"{service.base}{ANNOUNCED}{found.code}",
    }  # fmt: skip
    html = page(request, "bekendmaking.html", **values)
    return cacheable(request, html, "text/html", modified=found.changed)


def _both(service: Service, code: str) -> tuple[Found, Document, Document]:
    """A decision that was made and signed here, and its session. Raises Unknown or Gone."""
    type = entity_type(service, "besluit")
    found = find(service, type, canonical_code(type, code))
    decision = document(found)
    if SIGNED not in decision or "behandeling" not in decision:
        raise Unknown("Dit besluit is niet hier bekendgemaakt.")
    sessions = entity_type(service, "zitting")
    session = decision["behandeling"].partition("#")[0].removeprefix(sessions.iri_start)
    return found, decision, document(find(service, sessions, session))


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


ROUTES = (
    Route("/besluiten/bekendmakingen/{nis}", show_list),
    Route(ANNOUNCED + "{code}", show),
)
