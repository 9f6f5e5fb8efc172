"""Claims (one holder each) and keys (shared) by which entities are found, inside one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import orjson
from sqlalchemy import Connection, Table, bindparam, delete, select, union

from app.errors import Conflict
from app.store.batches import batches
from app.store.database import insert_rows
from app.store.records import Name
from app.store.tables import log as tables

Names = tuple[frozenset[Name], frozenset[Name]]
NOTHING: Names = (frozenset(), frozenset())
# SQLite takes some 30,000 parameters in a statement; this many keep the statement small.
AT_ONCE = 500
HOLDERS = union(
    *(
        select(table.c.value, table.c.head).where(
            table.c.kind == bindparam("kind"), table.c.value.in_(bindparam("values", expanding=True))
        )
        for table in (tables.claim, tables.key)
    )
)


def to_bytes(names: Names) -> bytes:
    """Claims and keys as they stand in the log."""
    return orjson.dumps([sorted(part) for part in names]) if names != NOTHING else b""


def from_bytes(data: bytes) -> Names:
    """Out of these bytes."""
    if not data:
        return NOTHING
    claims, keys = orjson.loads(data)
    return frozenset(map(tuple, claims)), frozenset(map(tuple, keys))


def holders(connection: Connection, names: Iterable[Name]) -> dict[Name, set[int]]:
    """For each of these names the ids of the heads that hold it, as a claim or as a key."""
    found: dict[Name, set[int]] = {name: set() for name in names}
    values_of = defaultdict(list)
    for kind, value in found:
        values_of[kind].append(value)
    for kind, values in values_of.items():
        for part in batches(values, AT_ONCE):
            for value, head in connection.execute(HOLDERS, {"kind": kind, "values": part}):
                found[kind, value].add(head)
    return found


class NameWriter:
    """Sees the names in the database and those not yet flushed as one.

    A kind of name is used for claims or for keys, never for both.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._holders: dict[Name, set[int]] = {}
        self._came: defaultdict[Name, set[int]] = defaultdict(set)
        self._went: defaultdict[Name, set[int]] = defaultdict(set)
        self._added: dict[Table, dict[tuple[Name, int], None]] = {tables.claim: {}, tables.key: {}}
        self._removed: dict[Table, dict[tuple[Name, int], None]] = {tables.claim: {}, tables.key: {}}

    def find(self, names: Iterable[Name]) -> list[int]:
        """The head ids that hold one of these names now, lowest first."""
        wanted = tuple(names)
        self.load(wanted)
        return sorted(set().union(*(self._holders[name] for name in wanted)))

    def load(self, names: Iterable[Name]) -> None:
        """Look many names up at once, so that `find` and `check` need not ask for each."""
        unknown = [name for name in names if name not in self._holders]
        if not unknown:
            return
        for name, heads in holders(self._connection, unknown).items():
            self._holders[name] = (heads | self._came[name]) - self._went[name]

    def check(self, head: int, claims: Iterable[Name]) -> None:
        """Raise Conflict when another entity holds one of the claims."""
        for name in claims:
            if set(self.find([name])) - {head}:
                raise Conflict(f"Een andere registratie heeft hetzelfde gegeven: {name[0]}.")

    def change(self, head: int, before: Names, after: Names) -> None:
        """Replace what this entity holds; `check` first."""
        for table, past, present in zip((tables.claim, tables.key), before, after, strict=True):
            for name in past - present:
                self._drop(table, name, head)
            for name in present - past:
                self._take(table, name, head)

    def _take(self, table: Table, name: Name, head: int) -> None:
        self._came[name].add(head)
        self._went[name].discard(head)
        if name in self._holders:
            self._holders[name].add(head)
        _move((name, head), self._removed[table], self._added[table])

    def _drop(self, table: Table, name: Name, head: int) -> None:
        self._went[name].add(head)
        self._came[name].discard(head)
        if name in self._holders:
            self._holders[name].discard(head)
        _move((name, head), self._added[table], self._removed[table])

    def flush(self) -> None:
        """Write the changes down in the transaction; removals first, so that a freed claim can be taken."""
        for table, removed in self._removed.items():
            if removed:
                columns = (
                    table.c.kind == bindparam("k"),
                    table.c.value == bindparam("v"),
                    table.c.head == bindparam("h"),
                )
                rows = [{"k": kind, "v": value, "h": head} for (kind, value), head in removed]
                self._connection.execute(delete(table).where(*columns), rows)
                removed.clear()
        for table, added in self._added.items():
            if added:
                insert_rows(self._connection, table, [(*name, head) for name, head in added])
                added.clear()


def _move(item: tuple[Name, int], undone: dict[tuple[Name, int], None], done: dict[tuple[Name, int], None]) -> None:
    if item in undone:
        del undone[item]
    else:
        done[item] = None
