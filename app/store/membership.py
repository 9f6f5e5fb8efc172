"""Which members a new version adds to which feeds, and at which positions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, bindparam, select, update

from app.store.database import insert_rows
from app.store.records import Operation
from app.store.tables import log as tables

SIZE = select(tables.feed.c.size).where(tables.feed.c.name == bindparam("feed"))
MEMBERS = (
    select(*tables.version.c, tables.member.c.position, tables.member.c.operation.label("happened"))
    .join(tables.member, tables.member.c.sequence == tables.version.c.sequence)
    .join(tables.feed, tables.feed.c.id == tables.member.c.feed)
    .where(tables.feed.c.name == bindparam("feed"))
    .where(tables.member.c.position.between(bindparam("first"), bindparam("last")))
    .order_by(tables.member.c.position)
)


def memberships(before: Iterable[str], after: Iterable[str], changed: bool) -> Iterator[tuple[str, Operation]]:
    """What each feed is told: who comes, who changed in public, who goes; nothing when nothing public changed.

    >>> list(memberships(["all", "gent"], ["all", "aalst"], True))
    [('all', 'update'), ('aalst', 'create'), ('gent', 'delete')]
    """
    past, present = dict.fromkeys(before), dict.fromkeys(after)
    for feed in present:
        if feed not in past:
            yield feed, "create"
        elif changed:
            yield feed, "update"
    for feed in past:
        if feed not in present:
            yield feed, "delete"


class FeedWriter:
    """Hands out gap-free positions per feed inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        rows = connection.execute(select(tables.feed)).all()
        self._ids = {row.name: row.id for row in rows}
        self._sizes = {row.name: row.size for row in rows}
        self._stored = set(self._ids)
        self._members: list[tuple[int, int, int, str]] = []
        self._touched: set[str] = set()

    def add(self, feed: str, sequence: int, operation: Operation) -> None:
        """Make a version the next member of a feed."""
        position = self._sizes.get(feed, 0) + 1
        self._sizes[feed] = position
        identifier = self._ids.setdefault(feed, len(self._ids) + 1)
        self._touched.add(feed)
        self._members.append((identifier, position, sequence, operation))

    def flush(self) -> None:
        """Write members and sizes down in the transaction."""
        if not self._members:
            return
        new = [feed for feed in self._touched if feed not in self._stored]
        old = [feed for feed in self._touched if feed in self._stored]
        insert_rows(self._connection, tables.feed, [(self._ids[feed], feed, self._sizes[feed]) for feed in new])
        if old:
            resize = update(tables.feed).where(tables.feed.c.name == bindparam("feed"))
            self._connection.execute(resize, [{"feed": feed, "size": self._sizes[feed]} for feed in old])
        insert_rows(self._connection, tables.member, self._members)
        self._stored |= self._touched
        self._members, self._touched = [], set()
