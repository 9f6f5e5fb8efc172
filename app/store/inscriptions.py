"""Whom MAGDA knows that we follow: wanted by the register, and as MAGDA confirmed it.

    put(connection, [Inscription(...)])
    for one in due(database, now, 50): ...

Between the two stands what still has to be told: `due` says when.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, func, insert, select, update

from app.store.batches import batches
from app.store.database import Database
from app.store.tables import elsewhere as tables_elsewhere
from app.store.tables import log as tables

TO_ENROL, ENROLLED, TO_LEAVE = "aan te melden", "ingeschreven", "af te melden"
ENTERPRISE, PERSON = "kbo", "personen"
TABLE = tables_elsewhere.inscription.c
AT_ONCE = 500


@dataclass(frozen=True)
class Inscription:
    """One person or enterprise; `number` is empty for a person."""

    id: str
    register: str
    number: str = field(repr=False)
    state: str
    detail: str
    changed: str
    attempts: int = 0
    due: str | None = None


def wanted_enterprises(connection: Connection) -> frozenset[str]:
    """The numbers that associations hold now."""
    claim = tables.claim.c
    return frozenset(connection.execute(select(claim.value).where(claim.kind == ENTERPRISE)).scalars())


def wanted_persons(connection: Connection, start: str) -> dict[str, str]:
    """By the blind index of each person in an entity whose IRI begins so, one such entity."""
    vault = tables.vault.c
    rows = connection.execute(
        select(vault.subject, func.min(vault.entity))
        .where(vault.subject.is_not(None), vault.entity.startswith(start, autoescape=True))
        .group_by(vault.subject)
    )
    return {subject.hex(): entity for subject, entity in rows}


def known(connection: Connection, register: str) -> dict[str, Inscription]:
    """All of one register, by id."""
    rows = connection.execute(select(tables_elsewhere.inscription).where(TABLE.register == register))
    return {row.id: Inscription(**row._mapping) for row in rows}


def inscription(connection: Connection, id: str) -> Inscription | None:
    """The one with this id."""
    row = connection.execute(select(tables_elsewhere.inscription).where(TABLE.id == id)).first()
    return None if row is None else Inscription(**row._mapping)


def put(connection: Connection, new: Sequence[Inscription]) -> None:
    """Write these, each in the place of what was known."""
    drop(connection, [one.id for one in new])
    if new:
        connection.execute(insert(tables_elsewhere.inscription), [dict(one.__dict__) for one in new])


def drop(connection: Connection, ids: Sequence[str]) -> None:
    """Forget these."""
    for part in batches(ids, AT_ONCE):
        connection.execute(delete(tables_elsewhere.inscription).where(TABLE.id.in_(part)))


def plan(connection: Connection, ids: Iterable[str], state: str, due: str | None, now: str) -> None:
    """Have these come to another state."""
    values = {"state": state, "due": due, "attempts": 0, "detail": "", "changed": now}
    for id in ids:
        connection.execute(update(tables_elsewhere.inscription).where(TABLE.id == id).values(**values))


def due(database: Database, now: str, limit: int) -> list[Inscription]:
    """What is to be told to MAGDA now, longest due first."""
    wanted = select(tables_elsewhere.inscription).where(TABLE.due <= now).order_by(TABLE.due, TABLE.id).limit(limit)
    with database.reading() as connection:
        return [Inscription(**row._mapping) for row in connection.execute(wanted)]


def counted(database: Database) -> Mapping[str, Mapping[str, int]]:
    """How many are in which state, by register."""
    found: dict[str, dict[str, int]] = {}
    wanted = select(TABLE.register, TABLE.state, func.count()).group_by(TABLE.register, TABLE.state)
    with database.reading() as connection:
        for register, state, number in connection.execute(wanted.order_by(TABLE.register, TABLE.state)):
            found.setdefault(register, {})[state] = number
    return found
