"""The association for which somebody looks at what is offered, and what its answers are called.

club = club_of(request)                       # the one in the address, or None
eligibility(offer.deciding, club.profile, facts_of(codelists, everything), today)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request

from app.model.documents import to_document
from app.model.graph import from_ntriples
from app.register.products.eligibility import NO, UNKNOWN, YES
from app.register.profile import Profile, profile_of
from app.web.found import canonical_code, entity_type, find
from app.web.service import Service

LONGEST = 200
LABELS: Mapping[str, str] = {YES: "Komt in aanmerking", UNKNOWN: "Zelf na te gaan", NO: "Komt niet in aanmerking"}
TONES: Mapping[str, str] = {YES: "good", UNKNOWN: "plain", NO: "bad"}


@dataclass(frozen=True)
class Club:
    """The association that somebody asks for: what the public knows of it."""

    code: str
    name: str
    profile: Profile


def club_of(request: Request) -> Club | None:
    """The association named in the address; raises Unknown or Gone."""
    code = request.query_params.get("vereniging", "").strip()
    if not code:
        return None
    return read_club(request.app.state.service, code[:LONGEST])


def read_club(service: Service, code: str) -> Club:
    """An association as everybody sees it; raises Unknown or Gone."""
    type = entity_type(service, "vereniging")
    found = find(service, type, canonical_code(type, code))
    document = to_document(from_ntriples(found.version.public or b""), type, found.iri)
    return Club(found.code, document["naam"], profile_of(document, service.codelists))
