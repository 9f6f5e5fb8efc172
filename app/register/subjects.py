"""What rights have to know of an association: read from its summary, which the log keeps beside its latest version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from app.model.codelists import Municipality
from app.register.derive import primary_site
from app.register.doubles.traits import Traits, from_summary
from app.register.notions import Notions
from app.register.rights import Subject

HOME, FEDERATIONS = "thuis", "koepels"
FOREVER = date.max.isoformat()
Rights = Mapping[str, Any]


class Summaries(Protocol):
    """The log, or a transaction on it."""

    def summary(self, entity: str) -> bytes | None: ...


def rights_of(
    document: Mapping[str, Any], homes: Sequence[Municipality | None], hint: Municipality | None, notions: Notions
) -> Rights:
    """What the summary is to say beside the traits: where it is at home, and what it is a member of until when."""
    until: dict[str, str] = {}
    for membership in document.get("lidmaatschappen", ()):
        if code := membership.get("andereVereniging", "").rpartition("/")[2]:
            until[code] = max(until.get(code, ""), membership.get("tot", FOREVER))
    home = home_of(document, homes, hint, notions)
    return {**({HOME: home} if home else {}), **({FEDERATIONS: until} if until else {})}


def home_of(
    document: Mapping[str, Any], homes: Sequence[Municipality | None], hint: Municipality | None, notions: Notions
) -> str | None:
    """The NIS code of the municipality of the primary location.

    When that lies abroad, of the first location that does not; of an association without address, of who brought it in.
    """
    site = primary_site(document, notions)
    pairs = zip(document.get("locaties", ()), homes, strict=True)
    ranked = sorted((location["@id"] != site, index) for index, (location, home) in enumerate(pairs) if home)
    found = homes[ranked[0][1]] if ranked else hint
    return found.nis if found else None


def subject_of(summaries: Summaries, entity: str, today: date) -> Subject | None:
    """What rights depend on, of the association with this IRI; None when there is none, or no more."""
    summary = summaries.summary(entity)
    return as_subject(entity.rpartition("/")[2], summary, today) if summary else None


def as_subject(code: str, summary: bytes, today: date) -> Subject:
    """The subject that this summary tells of."""
    traits, said = from_summary(summary)
    return Subject(code, said.get(HOME), frozenset(traits.areas), _federations(said, today))


def newcomer(traits: Traits, said: Rights, today: date) -> Subject:
    """The subject that an association will be, which is not there yet."""
    return Subject("", said.get(HOME), frozenset(traits.areas), _federations(said, today))


def _federations(said: Rights, today: date) -> frozenset[str]:
    until: Mapping[str, str] = said.get(FEDERATIONS, {})
    return frozenset(code for code, day in until.items() if day >= today.isoformat())
