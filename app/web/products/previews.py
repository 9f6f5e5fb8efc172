"""How each portal shows a product, before it is published: to whom it appears at all, and what of it.

A form sends itself here to be looked at as it stands; nothing is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.model.fields import Document
from app.model.languages import NEUTRAL
from app.register.canonical import Reader
from app.register.products.address_forms import in_form
from app.register.products.own_products import own_product
from app.web.auth import agent_of
from app.web.entity_page import Rows, rows_of
from app.web.products.page import opening_hours
from app.web.rooms import DESK, framed
from app.web.service import Service

PORTALS = (
    ("Burger", "Mijn Burgerprofiel", "burgers"),
    ("Onderneming", "e-loketondernemers.be", "ondernemingen"),
    ("Vereniging", "Verenigingsloket", "verenigingen"),
)


@dataclass(frozen=True)
class Preview:
    """One portal: whether the product appears there, and whether it says more to associations."""

    name: str
    readers: str
    appears: bool
    for_associations: bool


def show(request: Request) -> Response:
    """A product as it stands now, in each portal."""
    service: Service = request.app.state.service
    own = own_product(request.path_params["code"], agent_of(request), service.register)
    return preview_page(request, own.document, own.code)


def preview_page(request: Request, document: Document, code: str = "", place: str = "") -> Response:
    """The page with all portals, of a document that need not be kept, nor right."""
    service: Service = request.app.state.service
    type = service.schema.entity_types["product"]
    read = Reader(service.register.tools.plan_of(type.key)).read(document)
    shown = in_form(read, type, read.get("taalvariant", NEUTRAL))
    rows = Rows((row.term, row) for row in rows_of(service, shown, type))
    previews = list(previews_of(shown, service))
    place = place or (f"/beheer/producten/{code}" if code else "")
    return framed(
        request, DESK, "product_voorbeeld.html", rows=rows, product=shown, previews=previews, hours=_hours, place=place
    )


def previews_of(document: Document, service: Service) -> Iterator[Preview]:
    """One for each portal."""
    found = (service.codelists.concept(iri, "doelgroep") for iri in document.get("doelgroepen", ()))
    chosen = {concept.notation for concept in found if concept is not None}
    for audience, name, readers in PORTALS:
        yield Preview(name, readers, audience in chosen, audience == "Vereniging")


def _hours(times: list[Document]) -> list[tuple[str, str]]:
    """Of what is being written: those that are whole."""
    return opening_hours([each for each in times if each.keys() >= {"dagen", "opent", "sluit"}])


ROUTES = (Route("/beheer/producten/{code}/voorbeeld", show),)
