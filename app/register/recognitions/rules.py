"""What may become of recognitions: rules, each a small function that yields problems beside a field.

A recognition belongs to the administration that gave it: only that one changes it, suspends it or takes it back. Its
status is nobody's to set; it follows from the period, and from the reason of a suspension while that stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from app.errors import Problem
from app.register import agents
from app.register.agents import Agent
from app.register.notions import Notions
from app.register.parts import plain

Document = Mapping[str, Any]
TERM = "erkenningen"
DUE = "erkenning"
EVER = date.max.isoformat()

OVERLAP = "Er mag geen overlap zijn met een andere erkenning door hetzelfde bestuur voor hetzelfde product."
OUTSIDE = "De hernieuwingsdatum moet tussen de startdatum en de einddatum liggen."
SUSPENDED = "Een geschorste erkenning kan niet verwijderd worden."
ANOTHER = "Het product en het bestuur van een erkenning veranderen niet: registreer een andere erkenning."
NOT_YOURS = "Enkel het bestuur dat een erkenning gaf, kan ze wijzigen."
# Who keeps the register in order may do so for an administration that no longer exists.
TRUSTED = frozenset({agents.SYSTEM, agents.MANAGER})


def grantor(agent: Agent) -> str:
    """The administration for which somebody acts, as it stands in a recognition."""
    return agent.on_behalf_of or agent.iri


def recognitions_do_not_overlap(document: Document, _today: date) -> Iterator[Problem]:
    """Of one administration for one product; an open begin or end is without limit."""
    for (_, first), (path, second) in combinations(_each(document), 2):
        if recognitions_overlap(first, second):
            yield Problem(f"{path}.geldigheidsperiode", OVERLAP)


def recognitions_overlap(first: Document, second: Document) -> bool:
    """Whether one administration recognises the same twice on some day."""
    return _of(first) == _of(second) and _meet(_period(first), _period(second))


def renewal_lies_within_the_period(document: Document, _today: date) -> Iterator[Problem]:
    for path, recognition in _each(document):
        start, end = _period(recognition)
        if not start <= recognition.get("hernieuwingsdatum", start) <= end:
            yield Problem(f"{path}.hernieuwingsdatum", OUTSIDE)


def suspended_recognitions_stay(before: Document, after: Document, _notions: Notions) -> Iterator[Problem]:
    """Lift the suspension first: else nobody would know that there was one."""
    left = {recognition.get("@id") for _, recognition in _each(after)}
    if any(each.get("redenSchorsing") and each.get("@id") not in left for _, each in _each(before)):
        yield Problem(TERM, SUSPENDED)


def recognitions_keep_their_subject(before: Document, after: Document, _notions: Notions) -> Iterator[Problem]:
    known = {each["@id"]: each for _, each in _each(before) if "@id" in each}
    for path, recognition in _each(after):
        if _of(known.get(recognition.get("@id"), recognition)) != _of(recognition):
            yield Problem(path, ANOTHER)


def recognitions_are_for_their_grantor(before: Document, after: Document, agent: Agent) -> Iterator[Problem]:
    """Each that comes, goes or changes is of the administration that asks."""
    if agent.role in TRUSTED:
        return
    old, new = ({each.get("@id", path): (path, each) for path, each in _each(document)} for document in (before, after))
    for id in {**old, **new}:
        touched = [document[id] for document in (old, new) if id in document]
        same = len(touched) == 2 and _said(touched[0][1]) == _said(touched[1][1])
        if not same and any(each.get("toegekendDoor") != grantor(agent) for _, each in touched):
            yield Problem(touched[-1][0] if id in new else TERM, NOT_YOURS)


def due_keys(document: Document, today: date) -> frozenset[tuple[str, str]]:
    """The days on which the calendar changes the status of a recognition, as keys to find the association by."""
    return frozenset((DUE, day) for _, each in _each(document) if (day := _due(each, today.isoformat())))


def _due(recognition: Document, today: str) -> str | None:
    start, end = _period(recognition)
    if recognition.get("redenSchorsing"):
        return None
    if start > today:
        return start
    return (date.fromisoformat(end) + timedelta(days=1)).isoformat() if today <= end < EVER else None


def _each(document: Document) -> list[tuple[str, Document]]:
    return [(f"{TERM}[{index}]", node) for index, node in enumerate(document.get(TERM, ()))]


def _of(recognition: Document) -> tuple[Any, Any]:
    return recognition.get("ipdcProduct", {}).get("nummer"), recognition.get("toegekendDoor")


def _period(recognition: Document) -> tuple[str, str]:
    period = recognition.get("geldigheidsperiode", {})
    return period.get("startdatum", ""), period.get("einddatum", EVER)


def _meet(first: tuple[str, str], second: tuple[str, str]) -> bool:
    return first[0] <= second[1] and second[0] <= first[1]


def _said(recognition: Document) -> dict[str, Any]:
    """What people said of it: the status changes with the days."""
    return {term: plain(value) for term, value in recognition.items() if term not in ("@type", "status")}
