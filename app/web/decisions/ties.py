"""What a decision is tied to, by name and with what that follows from; and the regulations that a product rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from app.model.documents import to_document
from app.model.fields import Document
from app.model.graph import from_ntriples
from app.model.languages import text_of
from app.register.decisions.conduct import is_regulation
from app.register.decisions.linking import target_of
from app.register.doubles.traits import plain_address
from app.store.decision_index import Listed, Sought
from app.web.decisions import announcements
from app.web.decisions.listing import decisions_of
from app.web.found import Found
from app.web.service import Service

MOST = 200


@dataclass(frozen=True)
class Tie:
    """An association, product or decision that a decision is tied to, or may be."""

    kind: str
    code: str
    name: str
    evidence: str

    @property
    def href(self) -> str:
        """The page of what it ties to."""
        return f"/doc/{self.kind}/{self.code}"


def ties_of(decision: Document, service: Service) -> list[Tie]:
    """What it is tied to, and what it says itself to be about or to cite, as far as that is here."""
    said = (*decision.get("gaatOver", ()), *decision.get("citeert", ()))
    told = dict.fromkeys(said, "het besluit zegt het zelf")
    told |= {target_of(node): f"{node['bewijs']} ({node['zekerheid']} %)" for node in decision.get("verbanden", ())}
    return [tie for iri, evidence in told.items() if (tie := tie_to(iri, evidence, service))]


def tie_to(iri: str, evidence: str, service: Service) -> Tie | None:
    """A tie to what has this IRI; None when it is not in the register."""
    found = service.schema.entity_of(iri)
    version = service.log.latest(iri) if found else None
    if found is None or version is None or version.public is None:
        return None
    type, code = found
    name = to_document(from_ntriples(version.public), type, iri).get("naam", code)
    return Tie(type.key, code, text_of(name) if isinstance(name, Mapping) else str(name), evidence)


def decision_values(request: Request, found: Found, document: Document) -> Mapping[str, Any]:
    """What the page of a decision shows besides its fields."""
    return {"ties": ties_of(document, request.app.state.service), **announcements.values(request, found, document)}


def regulations_of(request: Request, iri: str, document: Document) -> list[Listed]:
    """The regulations of a product that it does not name itself among its legal resources, newest first."""
    named = {plain_address(each.get("url", "")) for each in document.get("regelgeving", ())}
    start = request.app.state.service.schema.entity_types["besluit"].iri_start
    _, listed = decisions_of(request).find(Sought(about=iri), 0, MOST)
    return [
        each for each in listed if is_regulation({"naam": each.title}) and plain_address(start + each.code) not in named
    ]
