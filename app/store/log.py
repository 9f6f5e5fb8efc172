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
from functools import cached_property
from os import urandom
from typing import Any

from sqlalchemy import Select, select

from app.errors import BadSetting
from app.store.database import Database, open_database
from app.store.heads import CURRENT, FOLLOWING, HEAD, HEADS, HIDDEN, HISTORY, LAST, LATEST, ONE, to_version
from app.store.membership import MEMBERS, SIZE
from app.store.names import holders
from app.store.records import Member, Name, NewVersion, Operation, Version
from app.store.spans import step
from app.store.states import STATE, StateWriter
from app.store.tables import log as tables
from app.store.transaction import Transaction
from app.store.vault import Access, Cipher, Personal, Vault, record

__all__ = ["Log", "Member", "NewVersion", "Operation", "Personal", "Transaction", "Version", "open_log"]

NAME = "logboek/naam"


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
            with step("append to the log") as span, self.database.writing() as connection:
                transaction = Transaction(connection, self._clock, self._cipher)
                accesses, before = transaction.accesses, transaction.head()
                yield transaction
                transaction.flush()
                span.note({"verenigingsloket.versions": transaction.head() - before})
        except BaseException:
            self._record_again(accesses)
            raise

    @cached_property
    def vault(self) -> Vault:
        """The personal values; raises BadSetting when there is no key."""
        if self._cipher is None:
            raise BadSetting("De instelling vault_key ontbreekt: zonder sleutel blijft de kluis dicht.")
        return Vault(self.database, self._cipher, self._clock)

    @cached_property
    def name(self) -> str:
        """What tells this log from all others, wherever it is put back; made at random by who first may write."""
        known = self.get_state(NAME)
        if known is None and not self.database.read_only:
            with self.database.writing() as connection:
                states = StateWriter(connection)
                known = states.get(NAME) or urandom(16).hex()
                states.put(NAME, known)
                states.flush()
        return known or ""

    def blind(self, text: str) -> bytes:
        """A keyed hash: equal for equal texts, and of no use to who lacks the key of the vault. Raises BadSetting."""
        if self._cipher is None:
            raise BadSetting("De instelling vault_key ontbreekt: zonder sleutel blijft de kluis dicht.")
        return self._cipher.index(text)

    def head(self) -> int:
        """The sequence of the last version; 0 when there is none."""
        return int(self._scalar(LAST) or 0)

    def latest(self, entity: str) -> Version | None:
        """How the entity stands now (an `operation` of "delete" means removed), or None when there never was one."""
        return next(iter(self._versions(LATEST, entity=entity)), None)

    def version(self, entity: str, number: int) -> Version | None:
        """One version of an entity, or None."""
        return next(iter(self._versions(ONE, entity=entity, number=number)), None)

    def versions(self, entity: str) -> list[Version]:
        """The history of an entity, oldest first."""
        return self._versions(HISTORY, entity=entity)

    def read(self, after: int, limit: int) -> list[Version]:
        """The versions that follow a sequence, in order and without gaps."""
        return self._versions(FOLLOWING, after=after, limit=limit)

    def entities(self, kind: str, after: str = "", limit: int = 1000) -> list[Version]:
        """The latest version of each entity of a kind, removed ones too, by code; go on `after` the last code."""
        return self._versions(CURRENT, kind=kind, after=after, limit=limit)

    def hidden(self, kind: str, after: int = 0) -> list[str]:
        """The entities of a kind that not everybody sees and that changed after a sequence, the latest first."""
        with self.database.reading() as connection:
            return list(connection.execute(HIDDEN, {"kind": kind, "after": after}).scalars())

    def kinds(self) -> list[str]:
        """The kinds of entity that the log holds."""
        return self._texts(select(tables.head.c.kind).distinct().order_by(tables.head.c.kind))

    def find(self, kind: str, value: str) -> list[str]:
        """The entities that hold this claim or key, in order of registration."""
        return list(self.summaries([(kind, value)]))

    def summaries(self, names: Iterable[Name]) -> dict[str, bytes]:
        """The summaries of all entities that hold one of these claims or keys, in order of registration."""
        with self.database.reading() as connection:
            ids = list(set().union(*holders(connection, names).values()))
            return {row.entity: row.summary for row in connection.execute(HEADS, {"ids": ids})}

    def summary(self, entity: str) -> bytes | None:
        """The summary of an entity, or None when there never was one."""
        with self.database.reading() as connection:
            row = connection.execute(HEAD, {"entity": entity}).first()
        return None if row is None else bytes(row.summary)

    def get_state(self, key: str) -> str | None:
        """What was last put under this key."""
        value = self._scalar(STATE, key=key)
        return None if value is None else str(value)

    def feeds(self) -> list[str]:
        """The feeds that have, or had, a member."""
        return self._texts(select(tables.feed.c.name).order_by(tables.feed.c.name))

    def feed_size(self, feed: str) -> int:
        """The position of the last member; 0 when the feed is unknown."""
        return int(self._scalar(SIZE, feed=feed) or 0)

    def members(self, feed: str, first: int, last: int) -> list[Member]:
        """The members of a feed from position `first` to `last`, both included."""
        with self.database.reading() as connection:
            rows = connection.execute(MEMBERS, {"feed": feed, "first": first, "last": last}).all()
        return [Member(feed, row.position, row.sequence, row.happened, to_version(row)) for row in rows]

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    def _record_again(self, accesses: list[Access]) -> None:
        """Who read personal values has read them, also when what they were read for was undone."""
        if accesses:
            with self.database.writing() as connection:
                record(connection, *accesses)

    def _scalar(self, wanted: Select[Any], **values: Any) -> Any:
        with self.database.reading() as connection:
            return connection.execute(wanted, values).scalar()

    def _texts(self, wanted: Select[Any]) -> list[str]:
        with self.database.reading() as connection:
            return list(connection.execute(wanted).scalars())

    def _versions(self, wanted: Select[Any], **values: Any) -> list[Version]:
        with self.database.reading() as connection:
            rows = connection.execute(wanted, values).all()
        return [to_version(row) for row in rows]


def open_log(url: str, clock: Callable[[], datetime], cipher: Cipher | None = None) -> Log:
    """Open the log by SQLAlchemy URL, making it when it is not there; without cipher it takes no personal values."""
    return Log(open_database(url), clock, cipher)
