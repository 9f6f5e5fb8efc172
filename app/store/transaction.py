"""One writing transaction on the log: reads see what it appended, all or nothing is kept, sequences have no gaps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import IntegrityError

from app.errors import BadSetting, Conflict
from app.store import vault
from app.store.batches import batches
from app.store.database import insert_rows
from app.store.heads import (
    FORGET_HEAD,
    HEAD,
    HEADS,
    LAST,
    LATEST,
    Head,
    digest,
    new_version,
    to_head,
    to_version,
    version_row,
)
from app.store.membership import FeedWriter, memberships
from app.store.moments import reached
from app.store.names import AT_ONCE, NameWriter, to_bytes
from app.store.outbox import OutboxWriter
from app.store.records import Name, NewVersion, Version
from app.store.states import StateWriter
from app.store.tables import log as tables
from app.store.times import iso
from app.store.vault import Access, Cipher, Personal, Use

FLUSH_AFTER = 1000
TICK = timedelta(microseconds=1)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Transaction:
    """Handed out by `Log.transaction`; not to be kept after it ends.

    What is appended waits in memory and goes down in few large statements; every read looks there first.
    """

    def __init__(self, connection: Connection, clock: Callable[[], datetime], cipher: Cipher | None) -> None:
        self.connection = connection
        self.accesses: list[Access] = []
        self._clock = clock
        self._cipher = cipher
        self._personal: list[Personal] = []
        self._names = NameWriter(connection)
        self._states = StateWriter(connection)
        self._feeds = FeedWriter(connection)
        self._outbox = OutboxWriter(connection)
        self._heads: dict[str, Head | None] = {}
        self._by_id: dict[int, Head] = {}
        self._stored: set[int] = set()
        self._changed: dict[str, Head] = {}
        self._pending: list[Version] = []
        self._latest: dict[str, Version] = {}
        self._counters: dict[str, int] = {}
        self._last, self._time = _end(connection)
        self._given: datetime | None = None
        self._on_behalf_of = ""

    def act_for(self, organisation: str) -> None:
        """For whom all that is appended from here on is done; the empty text for the actor itself."""
        self._on_behalf_of = organisation

    def head(self) -> int:
        """The sequence of the last version, that of this transaction included."""
        return self._last

    def now(self) -> str:
        """A time later than everything in the log; the next version bears the last one that was given."""
        self._given = max(self._clock(), self._time + TICK)
        return iso(self._given)

    def latest(self, entity: str) -> Version | None:
        """How the entity stands now, or None when there never was one."""
        if entity in self._latest:
            return self._latest[entity]
        row = self.connection.execute(LATEST, {"entity": entity}).first()
        return None if row is None else to_version(row)

    def find(self, kind: str, value: str) -> list[str]:
        """The entities that hold this claim or key, in order of registration."""
        return list(self.summaries([(kind, value)]))

    def summaries(self, names: Iterable[Name]) -> dict[str, bytes]:
        """The summaries of all entities that hold one of these claims or keys, in order of registration."""
        heads = self._heads_of(self._names.find(names))
        return {head.entity: head.summary for head in heads}

    def preload(self, names: Iterable[Name]) -> None:
        """Look up at once what a batch will ask `find`, `summaries` and `append` one by one: ten times as fast."""
        wanted = tuple(names)
        self._names.load(wanted)
        self._heads_of(self._names.find(wanted))

    def summary(self, entity: str) -> bytes | None:
        """The summary of an entity, or None when there never was one."""
        head = self._head(entity)
        return None if head is None else head.summary

    def blind(self, text: str) -> bytes:
        """A keyed hash: equal for equal texts, and of no use to who lacks the key of the vault."""
        return self._key().index(text)

    def next_number(self, series: str, start: int = 1) -> int:
        """The next number of a series, never below `start`, never given twice once committed."""
        if series not in self._counters:
            query = select(tables.counter.c.last).where(tables.counter.c.series == series)
            self._counters[series] = self.connection.execute(query).scalar() or 0
        self._counters[series] = max(self._counters[series] + 1, start)
        return self._counters[series]

    def get_state(self, key: str) -> str | None:
        """What was last put under this key."""
        return self._states.get(key)

    def put_state(self, key: str, value: str | None) -> None:
        """Keep a value under a key, in step with the versions of this transaction; None removes it."""
        self._states.put(key, value)

    def drop_states(self, first: str, before: str) -> None:
        """Remove the values under all keys from `first` on and below `before`, in the order of text."""
        self._states.drop(first, before)

    def preload_states(self, keys: Iterable[str]) -> None:
        """Look up at once what a batch will ask `get_state` one by one."""
        self._states.load(keys)

    def personal(self, entity: str, use: Use) -> tuple[Personal, ...]:
        """The personal values of an entity; the access is logged, also when this transaction comes to nothing."""
        self._flush_personal()
        values = vault.read(self.connection, self._key(), entity)
        if values:
            access = vault.access(use, self.now(), entity, vault.fields_of(values))
            self.accesses.append(access)
            vault.record(self.connection, access)
        return values

    def keep(self, personal: Sequence[Personal]) -> None:
        """Put personal values that belong to no version in the vault, or take them out."""
        self._key()
        self._personal += personal

    def differing(self, personal: Sequence[Personal]) -> tuple[Personal, ...]:
        """Those whose values are not what the vault holds; nothing is decrypted, so nothing is logged."""
        if not personal:
            return ()
        self._flush_personal()
        return vault.differing(self.connection, self._key(), personal)

    def erase(self, entity: str, use: Use, personal: Sequence[Personal] | None = None) -> int:
        """Take all personal values of an entity, or these, away for good; answers of how many nodes."""
        self._flush_personal()
        return vault.erase(self.connection, use, self.now(), entity, personal)

    def note(self, entity: str, use: Use, fields: str) -> None:
        """Write down a use of personal values that was made in another way than by the methods here."""
        vault.record(self.connection, vault.access(use, self.now(), entity, fields))

    def append(self, new: NewVersion) -> Version:
        """Add a version and tell every feed concerned; raises Conflict, and then has added nothing."""
        before = self._before(new)
        self._names.check(before.id, new.claims)
        if new.personal:
            self._key()
            self._personal += new.personal
        self._last += 1
        self._time, self._given = max(self._given or self._clock(), self._time + TICK), None
        version = new_version(new, self._last, iso(self._time), self._on_behalf_of)
        after = _after(before, new, version)
        for feed, operation in memberships(before.feeds, after.feeds, before.digest != after.digest):
            self._feeds.add(feed, version.sequence, operation)
        self._outbox.add(version, new.personal, (*before.feeds, *after.feeds))
        self._names.change(after.id, before.names, (new.claims, new.keys))
        self._keep(version, after)
        return version

    def flush(self) -> None:
        """Write down what waits; `Log.transaction` does so at the end. Raises Conflict for a doubled entity."""
        try:
            self._flush_versions()
            reached("log: versions written, feeds not")
            self._names.flush()
            self._feeds.flush()
            self._outbox.flush()
            self._flush_counters()
            self._flush_personal()
            self._states.flush()
            reached("log: all written, not committed")
        except IntegrityError:
            # `from None`: the statement in the driver's message holds the rows.
            raise Conflict("Iemand anders heeft intussen hetzelfde geregistreerd.") from None

    def _key(self) -> Cipher:
        if self._cipher is None:
            raise BadSetting(
                "De instelling vault_key ontbreekt: zonder sleutel gaan er geen persoonsgegevens in de kluis."
            )
        return self._cipher

    def _flush_personal(self) -> None:
        if self._personal:
            vault.write(self.connection, self._key(), self._personal)
            self._personal = []

    def _before(self, new: NewVersion) -> Head:
        known = self._head(new.entity) if new.number > 1 or new.entity in self._heads else None
        if known is None and new.number == 1:
            return Head(self._last + 1, new.entity, new.kind, 0, 0, None, ())
        if known is None or known.number != new.number - 1:
            raise Conflict("Iemand anders heeft dit intussen gewijzigd.")
        return known

    def _keep(self, version: Version, head: Head) -> None:
        self._pending.append(version)
        self._latest[version.entity] = version
        self._heads[version.entity] = self._changed[version.entity] = self._by_id[head.id] = head
        if len(self._pending) >= FLUSH_AFTER:
            self.flush()

    def _head(self, entity: str) -> Head | None:
        if entity not in self._heads:
            row = self.connection.execute(HEAD, {"entity": entity}).first()
            self._remember(entity, None if row is None else to_head(row))
        return self._heads[entity]

    def _heads_of(self, ids: Sequence[int]) -> list[Head]:
        unknown = [id for id in ids if id not in self._by_id]
        for part in batches(unknown, AT_ONCE):
            for row in self.connection.execute(HEADS, {"ids": part}):
                self._remember(row.entity, to_head(row))
        return [self._by_id[id] for id in ids]

    def _remember(self, entity: str, head: Head | None) -> None:
        self._heads[entity] = head
        if head is not None:
            self._by_id[head.id] = head
            self._stored.add(head.id)

    def _flush_versions(self) -> None:
        if not self._pending:
            return
        new = [head for head in self._changed.values() if head.id not in self._stored]
        old = [head for head in self._changed.values() if head.id in self._stored]
        insert_rows(self.connection, tables.version, [version_row(version) for version in self._pending])
        if old:
            self.connection.execute(FORGET_HEAD, [{"old": head.id} for head in old])
        insert_rows(self.connection, tables.head, [head.row() for head in (*old, *new)])
        self._stored.update(head.id for head in self._changed.values())
        self._pending, self._latest, self._changed = [], {}, {}

    def _flush_counters(self) -> None:
        rows: list[dict[str, Any]] = [{"series": series, "last": last} for series, last in self._counters.items()]
        if rows:
            self.connection.execute(delete(tables.counter).where(tables.counter.c.series.in_(self._counters)))
            self.connection.execute(insert(tables.counter), rows)


def _after(before: Head, new: NewVersion, version: Version) -> Head:
    names = to_bytes((new.claims, new.keys)) if new.claims or new.keys else b""
    return Head(
        before.id, new.entity, new.kind, version.sequence, new.number, digest(new.public), new.feeds, names, new.summary
    )


def _end(connection: Connection) -> tuple[int, datetime]:
    row = connection.execute(LAST).first()
    return (0, LONG_AGO) if row is None else (row.sequence, datetime.fromisoformat(row.time))
