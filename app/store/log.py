"""The append-only log: the truth, numbered without gaps and durable at commit; feeds are ranges of it.

log = open_log("sqlite:///data/log.sqlite", clock)
with log.transaction() as transaction:
    transaction.append(NewVersion(...))
log.read(after=0, limit=500)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from app.store import tables
from app.store.database import Database, open_database
from app.store.heads import SELECT_LATEST, SELECT_VERSION, VERSION_COLUMNS, to_version
from app.store.names import holders
from app.store.records import Member, Name, NewVersion, Operation, Version
from app.store.transaction import Transaction
from app.store.vault import Access, Cipher, Personal, record

__all__ = ["Log", "Member", "NewVersion", "Operation", "Personal", "Transaction", "Version", "open_log"]


class Log:
    """Reads of what is committed, and the transaction that adds to it."""

    def __init__(self, database: Database, clock: Callable[[], datetime], cipher: Cipher | None = None) -> None:
        self.database = database
        self._clock = clock
        self._cipher = cipher

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """The one writer at a time; what it appended is on disk when this ends well, and gone when it raises."""
        accesses: list[Access] = []
        try:
            with self.database.writing() as connection:
                transaction = Transaction(connection, self._clock, self._cipher)
                accesses = transaction.accesses
                yield transaction
                transaction.flush()
        except BaseException:
            self._record_again(accesses)
            raise

    def head(self) -> int:
        """The sequence of the last version; 0 when there is none."""
        return int(self._scalar(select(func.max(tables.version.c.sequence))) or 0)

    def latest(self, entity: str) -> Version | None:
        """How the entity stands now (an `operation` of "delete" means removed), or None when there never was one."""
        return self._version(SELECT_LATEST.where(tables.head.c.entity == entity))

    def version(self, entity: str, number: int) -> Version | None:
        """One version of an entity, or None."""
        table = tables.version.c
        return self._version(SELECT_VERSION.where(table.entity == entity, table.number == number))

    def versions(self, entity: str) -> list[Version]:
        """The history of an entity, oldest first."""
        table = tables.version.c
        return self._versions(SELECT_VERSION.where(table.entity == entity).order_by(table.number))

    def read(self, after: int, limit: int) -> list[Version]:
        """The versions that follow a sequence, in order and without gaps."""
        table = tables.version.c
        return self._versions(SELECT_VERSION.where(table.sequence > after).order_by(table.sequence).limit(limit))

    def entities(self, kind: str, after: str = "", limit: int = 1000) -> list[Version]:
        """The latest version of each entity of a kind, removed ones too, by code; go on `after` the last code."""
        table = tables.head.c
        wanted = SELECT_LATEST.where(table.kind == kind, table.code > after).order_by(table.code).limit(limit)
        return self._versions(wanted)

    def kinds(self) -> list[str]:
        """The kinds of entity that the log holds."""
        return self._texts(select(tables.head.c.kind).distinct().order_by(tables.head.c.kind))

    def find(self, kind: str, value: str) -> list[str]:
        """The entities that hold this claim or key, in order of registration."""
        return list(self._holders([(kind, value)], tables.head.c.id))

    def summaries(self, names: Iterable[Name]) -> dict[str, bytes]:
        """The summaries of all entities that hold one of these claims or keys."""
        return self._holders(names, tables.head.c.summary)

    def get_state(self, key: str) -> str | None:
        """What was last put under this key."""
        value = self._scalar(select(tables.state.c.value).where(tables.state.c.key == key))
        return None if value is None else str(value)

    def feeds(self) -> list[str]:
        """The feeds that have, or had, a member."""
        return self._texts(select(tables.feed.c.name).order_by(tables.feed.c.name))

    def feed_size(self, feed: str) -> int:
        """The position of the last member; 0 when the feed is unknown."""
        return int(self._scalar(select(tables.feed.c.size).where(tables.feed.c.name == feed)) or 0)

    def members(self, feed: str, first: int, last: int) -> list[Member]:
        """The members of a feed from position `first` to `last`, both included."""
        member, version = tables.member.c, tables.version.c
        wanted = (
            select(*VERSION_COLUMNS, member.position, member.operation.label("happened"))
            .join(tables.member, member.sequence == version.sequence)
            .join(tables.feed, tables.feed.c.id == member.feed)
            .where(tables.feed.c.name == feed, member.position.between(first, last))
            .order_by(member.position)
        )
        with self.database.reading() as connection:
            rows = connection.execute(wanted).all()
        return [Member(feed, row.position, row.sequence, row.happened, to_version(row)) for row in rows]

    def close(self) -> None:
        self.database.close()

    def _record_again(self, accesses: list[Access]) -> None:
        """Who read personal values has read them, also when what they were read for was undone."""
        if accesses:
            with self.database.writing() as connection:
                record(connection, *accesses)

    def _holders(self, names: Iterable[Name], column: Any) -> dict[str, Any]:
        with self.database.reading() as connection:
            ids = set().union(*holders(connection, names).values())
            wanted = select(tables.head.c.entity, column).where(tables.head.c.id.in_(ids)).order_by(tables.head.c.id)
            return dict(connection.execute(wanted).all())

    def _scalar(self, wanted: Select[Any]) -> Any:
        with self.database.reading() as connection:
            return connection.execute(wanted).scalar()

    def _texts(self, wanted: Select[Any]) -> list[str]:
        with self.database.reading() as connection:
            return list(connection.execute(wanted).scalars())

    def _version(self, wanted: Select[Any]) -> Version | None:
        with self.database.reading() as connection:
            row = connection.execute(wanted).first()
        return None if row is None else to_version(row)

    def _versions(self, wanted: Select[Any]) -> list[Version]:
        with self.database.reading() as connection:
            rows = connection.execute(wanted).all()
        return [to_version(row) for row in rows]


def open_log(url: str, clock: Callable[[], datetime], cipher: Cipher | None = None) -> Log:
    """Open the log by SQLAlchemy URL, making it when it is not there; without cipher it takes no personal values."""
    return Log(open_database(url), clock, cipher)
