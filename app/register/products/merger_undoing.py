"""A municipal merger taken back: a product that moved stands as before, one that was joined is there again.

    undoable(into, register)              # what moved or was joined, the last first
    undo(code, agent, register)           # its address answers as before

What somebody changed after the merger stays, unless it is the very thing that the merger changed: then it is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.errors import Problem, Refused
from app.model.codelists import Municipality
from app.model.fields import Document, EntityType
from app.model.languages import text_of
from app.model.terms import VL
from app.register.agents import MUNICIPALITY, Agent
from app.register.commands import Outcome
from app.register.desk import Desk
from app.register.entities import restore_entity, type_of
from app.register.prepare import refusal
from app.register.products.conduct import KIND, may_keep
from app.register.products.municipal_merger import JOINED
from app.register.products.own_products import read_own
from app.register.register import Register
from app.register.stamps import is_stamp
from app.store.records import Version

MOVED, UNDONE = VL.FusieOvergenomen.value, VL.FusieTeruggedraaid.value
BATCH = 1000
NOTHING = "Aan dit product is door geen fusie iets veranderd dat nog teruggedraaid kan worden."
CHANGED = "Dit is na de fusie gewijzigd: zet het op het formulier zelf recht."


@dataclass(frozen=True)
class Undoable:
    """One product; `into` is the code of the one that it was joined to, empty when it only moved."""

    code: str
    title: str
    time: str
    into: str = ""


def undoable(into: Municipality, register: Register) -> list[Undoable]:
    """All products of a municipality of which a merger can be taken back, the last first."""
    agent = Agent(into.unit or into.iri, into.name, MUNICIPALITY, into.nis)
    found = (_undoable(version, agent, register) for version in _all(register))
    return sorted(filter(None, found), key=lambda each: each.time, reverse=True)


def undo(code: str, agent: Agent, register: Register) -> Outcome:
    """Raises Refused when there is nothing to take back, Forbidden for a product of another administration."""
    register.rights.check(agent, "Change")
    with register.log.transaction() as transaction:
        desk = Desk(register, transaction, agent, "Fusie teruggedraaid", register.today())
        type = type_of(KIND, desk)
        latest = transaction.latest(type.iri(code))
        if latest is None:
            raise Refused(NOTHING)
        document = _joined(latest, register) if latest.ended else _moved_back(latest, type, register)
        if document is None:
            raise Refused(NOTHING)
        return restore_entity(type, code, document, UNDONE, desk)


def _undoable(version: Version, agent: Agent, register: Register) -> Undoable | None:
    code = version.entity.rpartition("/")[2]
    if version.ended:
        document = _joined(version, register)
    else:
        move = _move_of(version, register)
        document = read_own(version, register).document if move is not None else None
    if document is None or not may_keep(agent, document, register.codelists):
        return None
    into = (version.replaced_by or "").rpartition("/")[2] if version.ended else ""
    return Undoable(code, text_of(document.get("naam")), version.time, into)


def _joined(version: Version, register: Register) -> Document | None:
    """What stood before it was joined to another; None when it went for another reason."""
    if version.operation != "delete" or version.reason != JOINED or not version.replaced_by:
        return None
    before = register.log.version(version.entity, version.number - 1)
    return read_own(before, register).document if before is not None else None


def _moved_back(latest: Version, type: EntityType, register: Register) -> Document | None:
    """As it stands, with what the merger changed as it was before; raises Refused when that changed again."""
    move = _move_of(latest, register)
    before = register.log.version(latest.entity, move.number - 1) if move is not None else None
    if move is None or before is None:
        return None
    old, moved, now = (read_own(version, register).document for version in (before, move, latest))
    own = [field.term for field in type.fields if not is_stamp(field.path)]
    changed = [term for term in own if old.get(term) != moved.get(term)]
    if problems := tuple(Problem(term, CHANGED) for term in changed if now.get(term) != moved.get(term)):
        raise refusal(problems)
    kept = {term: value for term, value in now.items() if term not in changed}
    return {**kept, **{term: old[term] for term in changed if term in old}}


def _move_of(latest: Version, register: Register) -> Version | None:
    """The version with which it moved, if that was not taken back."""
    history = reversed(register.log.versions(latest.entity))
    last = next((version for version in history if version.activity in (MOVED, UNDONE)), None)
    return last if last is not None and last.activity == MOVED and last.number > 1 else None


def _all(register: Register) -> Iterator[Version]:
    code = ""
    while batch := register.log.entities(KIND, code, BATCH):
        yield from batch
        code = batch[-1].entity.rpartition("/")[2]
