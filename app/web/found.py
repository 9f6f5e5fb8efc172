"""From an address to the version of an entity that stands there, or the error that tells why none does.

What is registered but not public is answered as if it were not there: not even that it exists may show.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.exceptions import HTTPException

from app.errors import Gone, Unknown
from app.model.schema import EntityType
from app.store.log import Version
from app.web.service import Service


@dataclass(frozen=True)
class Found:
    """A public version of an entity, and the address of the page about it."""

    type: EntityType
    code: str
    iri: str
    page: str
    version: Version
    is_latest: bool

    @property
    def changed(self) -> datetime:
        """When this version came."""
        return datetime.fromisoformat(self.version.time)


def entity_type(service: Service, key: str) -> EntityType:
    """The type with this key; raises Unknown."""
    type = service.schema.entity_types.get(key)
    if type is None:
        raise Unknown("Op dit adres staat niets.")
    return type


def canonical_code(type: EntityType, code: str) -> str:
    """The code as we write it: a V-code may come in small letters. Raises Unknown when it cannot be a code."""
    for candidate in (code, code.upper()):
        if re.search(type.code_pattern, candidate):
            return candidate
    raise Unknown(f"Dit is geen code van een {type.label.lower()}.")


def find(service: Service, type: EntityType, code: str, number: str | None = None) -> Found:
    """The latest version, or the one with this number; raises Unknown, or Gone for what was removed."""
    iri = type.iri(code)
    latest = service.log.latest(iri)
    if latest is not None and latest.ended:
        raise _gone(service, type, code, latest)
    if latest is None or latest.public is None:
        raise Unknown(f"Er is geen {type.label.lower()} met code {code}.")
    version = latest if number is None else _numbered(service, iri, number)
    page = f"{service.base}/doc/{type.key}/{code}"
    return Found(type, code, iri, page, version, version.number == latest.number)


def history(service: Service, type: EntityType, code: str) -> Sequence[Version]:
    """What everybody may know of the versions, oldest first: those that were public, and the end. Raises Unknown."""
    versions = service.log.versions(type.iri(code))
    ended = bool(versions) and versions[-1].ended
    seen = [version for version in versions if version.public is not None]
    if not seen or (versions[-1].public is None and not ended):
        raise Unknown(f"Er is geen {type.label.lower()} met code {code}.")
    return [*seen, versions[-1]] if ended else seen


def at(service: Service, found: Found, when: datetime) -> Version:
    """The public version that stood at a moment; the first one for any moment before it (RFC 7089 section 4.5.3)."""
    versions = history(service, found.type, found.code)
    before = [version for version in versions if datetime.fromisoformat(version.time) <= when]
    return before[-1] if before else versions[0]


def _numbered(service: Service, iri: str, number: str) -> Version:
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        raise HTTPException(400, "Een versie is een nummer: 1, 2, 3 …")
    version = service.log.version(iri, int(number))
    if version is None or version.public is None:
        raise Unknown(f"Versie {int(number)} is er niet.")
    return version


def _gone(service: Service, type: EntityType, code: str, latest: Version) -> Gone | Unknown:
    try:
        history(service, type, code)
    except Unknown as unknown:
        return unknown
    happened = "verwijderd" if latest.operation == "delete" else "een dubbel van een andere"
    return Gone(f"De {type.label.lower()} met code {code} is {happened}.", latest.replaced_by)
