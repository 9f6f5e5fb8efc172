"""Claims (one holder each) and keys (shared) by which entities are found, inside one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy import Connection, Table, bindparam, delete, insert, select, union

from app.errors import Conflict
from app.store import tables
from app.store.records import Name

Names = tuple[frozenset[Name], frozenset[Name]]
NOTHING: Names = (frozenset(), frozenset())


def to_bytes(names: Names) -> bytes:
    return orjson.dumps([sorted(part) for part in names]) if names != NOTHING else b""


def from_bytes(data: bytes) -> Names:
    if not data:
        return NOTHING
    claims, keys = orjson.loads(data)
    return frozenset(map(tuple, claims)), frozenset(map(tuple, keys))


def holders(connection: Connection, kind: str, values: Iterable[str]) -> list[tuple[str, int]]:
    """The (value, head id) of all entities that hold one of these values as a claim or as a key."""
    wanted = list(values)
    parts = [
        select(table.c.value, table.c.head).where(table.c.kind == kind, table.c.value.in_(wanted))
        for table in (tables.claim, tables.key)
    ]
    return [(row.value, row.head) for row in connection.execute(union(*parts))]


class NameWriter:
    """Sees the names in the database and those not yet flushed as one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._claimed: dict[Name, int | None] = {}
        self._added: dict[Table, dict[tuple[Name, int], None]] = {tables.claim: {}, tables.key: {}}
        self._removed: dict[Table, dict[tuple[Name, int], None]] = {tables.claim: {}, tables.key: {}}
        self._by_name: defaultdict[Name, set[int]] = defaultdict(set)

    def find(self, kind: str, value: str) -> list[int]:
        """The head ids that hold this name now, lowest first."""
        name = (kind, value)
        found = {head for _, head in holders(self._connection, kind, [value])}
        gone = {head for table in self._removed for held, head in self._removed[table] if held == name}
        return sorted((found - gone) | self._by_name[name])

    def holder(self, name: Name) -> int | None:
        """Who holds this claim."""
        if name not in self._claimed:
            query = select(tables.claim.c.head).where(tables.claim.c.kind == name[0], tables.claim.c.value == name[1])
            self._claimed[name] = self._connection.execute(query).scalar()
        return self._claimed[name]

    def check(self, head: int, claims: Iterable[Name]) -> None:
        """Raise Conflict when another entity holds one of the claims."""
        for name in claims:
            if self.holder(name) not in (None, head):
                raise Conflict(f"Een andere registratie heeft hetzelfde gegeven: {name[0]}.")

    def change(self, head: int, before: Names, after: Names) -> None:
        """Replace what this entity holds; `check` first."""
        for table, past, present in zip((tables.claim, tables.key), before, after, strict=True):
            for name in past - present:
                self._remove(table, name, head)
            for name in present - past:
                self._add(table, name, head)

    def _add(self, table: Table, name: Name, head: int) -> None:
        self._by_name[name].add(head)
        if table is tables.claim:
            self._claimed[name] = head
        if (name, head) in self._removed[table]:
            del self._removed[table][(name, head)]
        else:
            self._added[table][(name, head)] = None

    def _remove(self, table: Table, name: Name, head: int) -> None:
        self._by_name[name].discard(head)
        if table is tables.claim:
            self._claimed[name] = None
        if (name, head) in self._added[table]:
            del self._added[table][(name, head)]
        else:
            self._removed[table][(name, head)] = None

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
        for table, added in self._added.items():
            if added:
                self._connection.execute(insert(table), [_row(*item) for item in added])
        for change in (*self._removed.values(), *self._added.values()):
            change.clear()
        self._by_name.clear()


def _row(name: Name, head: int) -> dict[str, Any]:
    return {"kind": name[0], "value": name[1], "head": head}
