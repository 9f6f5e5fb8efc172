"""What came from the enterprise register (KBO) is changed there: a rule for everybody who is not the KBO.

Beside what came from there people may say which contact detail comes first and what it is for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.errors import Problem
from app.model.fields import KEYWORDS
from app.register import agents
from app.register.agents import Agent
from app.register.notions import Notions
from app.register.parts import plain

Document = Mapping[str, Any]
TRUSTED = frozenset({agents.KBO, agents.SYSTEM})
# What may be changed of a part from the KBO.
OPEN: Mapping[str, frozenset[str]] = {
    "contactgegevens": frozenset({"beschrijving", "isPrimair"}),
    "locaties": frozenset({"naam", "isPrimair", "isThuisadres"}),
    "vertegenwoordigers": frozenset(),
    "bankrekeningnummers": frozenset({"bevestigdDoor"}),
}
SENTENCES: Mapping[str, str] = {
    "contactgegevens": "Contactgegevens die uit de KBO komen, kunnen niet gewijzigd of verwijderd worden.",
    "locaties": "De maatschappelijke zetel volgens de KBO kan niet gewijzigd of verwijderd worden.",
    "vertegenwoordigers": "Vertegenwoordigers die uit de KBO komen, kunnen niet gewijzigd of verwijderd worden.",
    "bankrekeningnummers": "Een rekening die uit de KBO komt, kan niet gewijzigd of verwijderd worden.",
}
ONLY_THE_KBO = "Enkel de KBO zelf kan dit als gegeven van de KBO registreren."


def what_is_the_kbos_stays(before: Document, after: Document, agent: Agent, notions: Notions) -> Iterator[Problem]:
    """Nothing from the KBO changes or goes, and nothing else is said to be from there."""
    if agent.role in TRUSTED:
        return
    for term, sentence in SENTENCES.items():
        theirs = {id: node for id, (_, node) in _nodes(before, term).items() if node.get("bron") == notions.from_kbo}
        now = _nodes(after, term)
        for id, node in theirs.items():
            if id not in now or _fixed(term, now[id][1]) != _fixed(term, node):
                yield Problem(now[id][0] if id in now else term, sentence)
        for id, (path, node) in now.items():
            if id not in theirs and node.get("bron") == notions.from_kbo:
                yield Problem(f"{path}.bron", ONLY_THE_KBO)


def _nodes(document: Document, term: str) -> dict[str, tuple[str, Document]]:
    """The parts by their IRI, each with its path."""
    nodes = enumerate(document.get(term, ()))
    return {node.get("@id", str(index)): (f"{term}[{index}]", node) for index, node in nodes}


def _fixed(term: str, node: Document) -> dict[str, Any]:
    return {key: plain(value) for key, value in node.items() if key not in OPEN[term] | KEYWORDS}
