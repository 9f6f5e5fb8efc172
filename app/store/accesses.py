"""Reading the log of accesses: who used whose personal values, when and why; and forgetting what is too old."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, func, select

from app.store.database import Database
from app.store.tables import log as tables
from app.store.vault import Access

TABLE = tables.access_log.c
FIELDS = ("time", "reader", "on_behalf_of", "purpose", "why", "entity", "what", "fields", "id")


@dataclass(frozen=True)
class Which:
    """Which accesses; what is empty does not narrow. `reader` is the start of an IRI, times are those of the log.

    `also` are other entities beside `entity`.
    """

    entity: str = ""
    also: Collection[str] = ()
    reader: str = ""
    purpose: str = ""
    what: Collection[str] = ()
    since: str = ""
    until: str = ""
    before: int = 0


def accesses(database: Database, which: Which, limit: int = 100) -> list[Access]:
    """The accesses that were asked for, newest first; go on `before` the last id."""
    wanted = select(*(TABLE[name] for name in FIELDS)).where(*_conditions(which)).order_by(TABLE.id.desc())
    with database.reading() as connection:
        return [Access(**row._asdict()) for row in connection.execute(wanted.limit(limit))]


def erasures(database: Database) -> Iterator[Access]:
    """Every taking out of values that something was taken out by, oldest first."""
    taken = (TABLE.what == "gewist", TABLE.fields != "")
    with database.reading() as connection:
        for row in connection.execute(select(*(TABLE[name] for name in FIELDS)).where(*taken).order_by(TABLE.id)):
            yield Access(**row._asdict())


def count(database: Database, which: Which) -> int:
    """How many there are."""
    with database.reading() as connection:
        return int(connection.execute(select(func.count()).where(*_conditions(which))).scalar() or 0)


def forget(connection: Connection, until: str) -> int:
    """Take out the accesses from before this time; answers how many."""
    return connection.execute(delete(tables.access_log).where(TABLE.time < until)).rowcount


def _conditions(which: Which) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if which.entity:
        conditions.append(TABLE.entity.in_((which.entity, *which.also)))
    if which.purpose:
        conditions.append(TABLE.purpose == which.purpose)
    if which.reader:
        conditions.append(TABLE.reader.startswith(which.reader, autoescape=True))
    if which.what:
        conditions.append(TABLE.what.in_(which.what))
    if which.since:
        conditions.append(TABLE.time >= which.since)
    if which.until:
        conditions.append(TABLE.time < which.until)
    if which.before:
        conditions.append(TABLE.id < which.before)
    return conditions or [TABLE.id > 0]
