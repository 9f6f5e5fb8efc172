"""Municipalities that merged: their products go to the new one, under the codes and IRIs that they have.

    plan = plan_merger(new, register)                 # what would move, and what is then there twice
    move_products(new, agent, register)               # in one transaction; what is refused stays, and says why
    join(code, into, agent, register)                 # one of two that are there twice: its code leads to the other

Which municipalities merged is in the code lists. A product that moves leaves the feed of the old municipality with a
tombstone there and enters that of the new one; its history keeps what it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.errors import Forbidden, LoketError, Problem, Refused, Unknown
from app.model.codelists import Municipality
from app.model.fields import Document
from app.model.graph import IRI
from app.model.languages import text_of
from app.model.names import fold
from app.model.terms import DCT, VL
from app.register import agents
from app.register.agents import MUNICIPALITY, Agent
from app.register.commands import Archive, Change, Outcome
from app.register.handle import handle, handle_all, rehearse_all
from app.register.products.conduct import KIND, OWNER
from app.register.products.own_products import Own, own_product, read_own
from app.register.register import Register

JOINED = "Samengevoegd na fusie"


@dataclass(frozen=True)
class Move:
    """One product that is of a municipality that is no more: whose it was, and why it cannot move, if so."""

    code: str
    title: str
    owner: str
    error: LoketError | None = None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Why it cannot move."""
        return self.error.problems if isinstance(self.error, Refused) else ()


@dataclass(frozen=True)
class Plan:
    """What moves, and the codes of products that the new municipality then has twice, by title or concept."""

    into: Municipality
    former: tuple[str, ...]
    moves: tuple[Move, ...]
    twice: tuple[tuple[Own, ...], ...]


def merged_municipality(name: str, register: Register) -> Municipality:
    """The municipality of that name or that one merged into; raises Unknown, Refused when it came of no merger."""
    home = register.codelists.municipality(name)
    if home is None or home.unit is None:
        raise Unknown("Deze gemeente kennen we niet.")
    if not home.former_nis:
        raise Refused(f"{home.name} komt niet uit een fusie.", [Problem("gemeente", "Kies een fusiegemeente.")])
    return home


def plan_merger(into: Municipality, register: Register) -> Plan:
    """What `move_products` would do; nothing is written."""
    agent = _municipality(into)
    old = _old_products(into, register)
    outcomes = rehearse_all(_changes(old, into, register), agent, register)
    own = [*_products_of({unit for unit in (into.unit,) if unit}, register), *old]
    return Plan(into, into.former_names, _moves(old, outcomes, register), tuple(_twice(own)))


def move_products(into: Municipality, agent: Agent, register: Register) -> Plan:
    """Move them all, as one that may; raises Forbidden for another municipality."""
    if agent.role not in (agents.SYSTEM, agents.MANAGER) and not (
        agent.role == MUNICIPALITY and agent.municipality == into.nis
    ):
        raise Forbidden("Enkel de nieuwe gemeente haalt de producten van de fusie binnen.")
    old = _old_products(into, register)
    outcomes = handle_all(_changes(old, into, register), agent, register, f"Fusie tot {into.name}")
    own = _products_of({unit for unit in (into.unit,) if unit}, register)
    return Plan(into, into.former_names, _moves(old, outcomes, register), tuple(_twice(own)))


def join(code: str, into: str, agent: Agent, register: Register) -> Outcome:
    """One of two that say the same goes, and its code leads to the one that stays."""
    if code == into:
        raise Refused("Kies twee verschillende producten.")
    stays = own_product(into, agent, register)
    own_product(code, agent, register)
    return handle(Archive(KIND, code, stays.version.entity), agent, register, JOINED)


def heirs_of(into: Municipality, register: Register) -> Mapping[str, str]:
    """The IRI that takes the place of each that is no more: administrations, areas, municipalities."""
    codelists = register.codelists
    found = codelists.organisations.heirs(into.nis)
    area = codelists.find("toepassingsgebied", into.nis)
    for concept in codelists.scheme("toepassingsgebied").concepts:
        if area is not None and concept.deprecated and concept.notation in into.former_nis:
            found[concept.iri] = area.iri
    former = codelists.scheme("gemeente").graph.objects(IRI(into.iri), DCT.replaces)
    return found | {old.value: into.iri for old in former}


def moved(value: Any, heirs: Mapping[str, str]) -> Any:
    """The same with each IRI that has an heir replaced, wherever it stands; a list has each once.

    >>> moved({"a": ["x", "y"], "b": [{"c": "x"}]}, {"x": "y"})
    {'a': ['y'], 'b': [{'c': 'y'}]}
    """
    if isinstance(value, dict):
        return {term: moved(inner, heirs) for term, inner in value.items()}
    if not isinstance(value, list):
        return heirs.get(value, value) if isinstance(value, str) else value
    changed = [moved(inner, heirs) for inner in value]
    return list(dict.fromkeys(changed)) if all(isinstance(inner, str) for inner in changed) else changed


def _old_products(into: Municipality, register: Register) -> list[Own]:
    return _products_of(set(register.codelists.organisations.heirs(into.nis)), register)


def _products_of(units: set[str], register: Register) -> list[Own]:
    iris = sorted({iri for unit in units for iri in register.log.find(OWNER, unit)})
    versions = filter(None, map(register.log.latest, iris))
    return [read_own(version, register) for version in versions if version.operation != "delete"]


def _changes(old: list[Own], into: Municipality, register: Register) -> list[Change]:
    heirs = heirs_of(into, register)
    activity = VL.FusieOvergenomen.value
    return [Change(KIND, own.code, _changed(own.document, heirs), own.version.number, activity=activity) for own in old]


def _changed(document: Document, heirs: Mapping[str, str]) -> Document:
    after = moved(document, heirs)
    return {term: value for term, value in after.items() if value != document.get(term)}


def _moves(old: list[Own], outcomes: list[Outcome | LoketError], register: Register) -> tuple[Move, ...]:
    find = register.codelists.organisations.get
    return tuple(
        Move(
            own.code,
            text_of(own.document.get("naam")),
            found.name if (found := find(own.document.get("aangemaaktDoor", ""))) else "",
            outcome if isinstance(outcome, LoketError) else None,
        )
        for own, outcome in zip(old, outcomes, strict=True)
    )


def _twice(products: list[Own]) -> list[tuple[Own, ...]]:
    """Those with the same concept, or else the same title."""
    found: dict[str, list[Own]] = defaultdict(list)
    for own in products:
        found[own.document.get("linkedConcept") or fold(text_of(own.document.get("naam")))].append(own)
    return [tuple(group) for _, group in sorted(found.items()) if len(group) > 1]


def _municipality(into: Municipality) -> Agent:
    return Agent(into.unit or into.iri, f"Gemeente {into.name}", MUNICIPALITY, into.nis)
