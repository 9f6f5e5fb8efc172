"""What must be told of each version: put down with the version itself, taken out with what is made of it.

So a version that is kept is told of, and one that is not never is. Here stands what the log does not say: of which
nodes the personal values changed, which nobody can tell from two versions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, delete, func, insert, select

from app.store.database import Database
from app.store.records import Version
from app.store.tables import log as tables
from app.store.vault import Personal

CHANGE = "wijziging"


@dataclass(frozen=True)
class Notice:
    """A version of which people are still to be told; `feeds` are those that it is in, or was in before."""

    id: int
    sequence: int
    touched: tuple[str, ...]
    feeds: tuple[str, ...]


class OutboxWriter:
    """Keeps what is to be told of the versions of one transaction, until the versions go down."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[dict[str, Any]] = []

    def add(self, version: Version, personal: Iterable[Personal], feeds: Iterable[str]) -> None:
        """Have a version told."""
        told = {
            "sequence": version.sequence,
            "touched": [one.node for one in personal],
            "feeds": list(dict.fromkeys(feeds)),
        }
        self._rows.append({"topic": CHANGE, "time": version.time, "body": orjson.dumps(told)})

    def flush(self) -> None:
        """Write them down in the transaction."""
        if self._rows:
            self._connection.execute(insert(tables.outbox), self._rows)
            self._rows = []


def notices(database: Database, limit: int) -> list[Notice]:
    """The oldest versions of which nobody was told yet."""
    table = tables.outbox.c
    wanted = select(table.id, table.body).where(table.topic == CHANGE, table.sent.is_(None))
    with database.reading() as connection:
        return [_notice(row) for row in connection.execute(wanted.order_by(table.id).limit(limit))]


def count_notices(database: Database) -> int:
    """How many versions nobody was told of yet."""
    table = tables.outbox.c
    wanted = select(func.count()).where(table.topic == CHANGE, table.sent.is_(None))
    with database.reading() as connection:
        return int(connection.execute(wanted).scalar() or 0)


def take_out(connection: Connection, found: Sequence[Notice]) -> list[Notice]:
    """Those that nobody else took out meanwhile; they are gone when this transaction is kept."""
    ids = [notice.id for notice in found]
    there = set(connection.execute(select(tables.outbox.c.id).where(tables.outbox.c.id.in_(ids))).scalars())
    connection.execute(delete(tables.outbox).where(tables.outbox.c.id.in_(there)))
    return [notice for notice in found if notice.id in there]


def _notice(row: Any) -> Notice:
    told = orjson.loads(row.body)
    return Notice(row.id, told["sequence"], tuple(told["touched"]), tuple(told["feeds"]))
