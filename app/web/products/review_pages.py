"""The review of a product: ours, the concept that it was made of, and the concept now, field by field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Refused
from app.model.fields import Document, Field
from app.model.languages import NEUTRAL
from app.register.agents import Agent
from app.register.commands import Create
from app.register.handle import handle
from app.register.products.approving import may_approve, validators_of
from app.register.products.concept_changes import changed_sections
from app.register.products.concept_commands import AdoptConcept, ConfirmReview
from app.register.products.deriving import Comparison, taken_over, three_way
from app.register.products.drafts import KIND as DRAFT
from app.register.products.drafts import draft_of
from app.register.products.own_products import Own, own_product
from app.register.products.reviews import snapshots_of
from app.register.register import Register
from app.web.auth import agent_of
from app.web.entity_page import Value, in_one_language, show
from app.web.forms import items_of
from app.web.rooms import DESK, framed
from app.web.service import Service

UNREAD = frozenset({"order", "volgens"})
PATH = "/beheer/producten/{code}/herziening"


@dataclass(frozen=True)
class Line:
    """One field, as a reader sees each of its three versions."""

    term: str
    label: str
    ours: tuple[Value, ...]
    base: tuple[Value, ...]
    latest: tuple[Value, ...]
    concept_changed: bool
    we_changed: bool


def review(request: Request) -> Response:
    """What changed at the concept, what we made of it ourselves, and the buttons to settle it."""
    service: Service = request.app.state.service
    own = own_product(request.path_params["code"], agent_of(request), service.register)
    history = concept_history(own.document, service.register)
    known = {each.get("snapshot"): each for each in history}
    base, latest = known.get(own.document.get("conceptSnapshot"), history[0]), history[-1]
    type = service.schema.entity_types["product"]
    rows = three_way(own.document, base, latest, type, own.document.get("taalvariant", "nl"))
    values: dict[str, Any] = {
        "own": own,
        "sections": changed_sections(base, latest),
        "lines": [line(service, type.field(row.term), row) for row in rows],
        "latest": latest,
        "history": list(reversed(history)),
    }
    return framed(request, DESK, "product_herziening.html", **values)


def settle(request: Request) -> Response:
    """Say that the product was looked at, or take the concept over: all of it, or the fields that are ticked."""
    service: Service = request.app.state.service
    agent, items = agent_of(request), items_of(request)
    own, said = own_product(request.path_params["code"], agent, service.register), dict(items)
    command: ConfirmReview | AdoptConcept = ConfirmReview(own.code, said.get("snapshot", ""), own.version.number)
    if said.get("besluit") == "overnemen":
        command = AdoptConcept(own.code, None, own.version.number)
    elif said.get("besluit") == "velden":
        command = AdoptConcept(own.code, tuple(v for name, v in items if name == "veld"), own.version.number)
    validators = validators_of(own.document, service.codelists)
    if isinstance(command, AdoptConcept) and not may_approve(agent, validators):
        return RedirectResponse(f"/beheer/producten/ontwerpen/{_as_draft(own, command, agent, service)}", 303)
    handle(command, agent, service.register)
    return RedirectResponse(f"/beheer/producten/{own.code}/herziening", 303)


def _as_draft(own: Own, command: AdoptConcept, agent: Agent, service: Service) -> str:
    """What would be taken over, as a draft for the validator; answers its code."""
    type, latest = service.schema.entity_types["product"], concept_history(own.document, service.register)[-1]
    changes = taken_over(own.document, latest, type, own.document.get("taalvariant", NEUTRAL), command.terms)
    document = draft_of({**own.document, **changes}, own.version)
    return handle(Create(DRAFT, document), agent, service.register).code


def concept_history(product: Document, register: Register) -> list[Document]:
    """The snapshots of the concept of a product, oldest first; raises Refused when it has none."""
    iri = product.get("linkedConcept")
    version = register.log.latest(iri) if iri else None
    if version is None or version.operation == "delete":
        raise Refused("Dit product is aan geen concept gelinkt dat we kennen.")
    return snapshots_of(version, register)


def line(service: Service, field: Field, row: Comparison) -> Line:
    """One comparison, ready to read."""
    ours, base, latest = (shown(service, field, value) for value in (row.ours, row.base, row.latest))
    return Line(row.term, row.label, ours, base, latest, row.concept_changed, row.we_changed)


def shown(service: Service, field: Field, value: Any) -> tuple[Value, ...]:
    """A value of a field as the page shows it."""
    if value in (None, [], {}):
        return ()
    items = value if isinstance(value, list) else in_one_language(field, value)
    return tuple(show(service, field, _readable(item)) for item in items)


def _readable(value: Any) -> Any:
    """Without what the order of the parts says already, and where they come from."""
    if isinstance(value, list):
        return [_readable(item) for item in value]
    if isinstance(value, dict):
        return {term: _readable(item) for term, item in value.items() if term not in UNREAD}
    return value


ROUTES = (Route(PATH, review), Route(PATH, settle, methods=["POST"]))
