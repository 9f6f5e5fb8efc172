"""Which decisions have which value, as compressed sets of ids, so that counting a choice is a matter of microseconds.

They stand beside the rows of the index and move in the same transaction; each process reads a set again only after it
changed. The same is done for associations: `app.store.search.state`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pyroaring import BitMap

TABLES = """
CREATE TABLE valued (field TEXT NOT NULL, value TEXT NOT NULL, ids BLOB NOT NULL, moved INTEGER NOT NULL,
    PRIMARY KEY (field, value));
CREATE INDEX valued_by_moved ON valued (moved);
"""
ALL, HOME, SORT, OURS = "alle", "gemeente", "soort", "van hier"
Value = tuple[str, str]
NONE: Mapping[str, BitMap] = {}
ROOM = 200


class Moving:
    """The sets that one transaction changes: read once, written at its end."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._sets: dict[Value, BitMap] = {}

    def move(self, id: int, old: Iterable[Value], new: Iterable[Value]) -> None:
        """Let a decision have these values in place of those."""
        before, after = frozenset(old), frozenset(new)
        for value in before - after:
            self._having(value).discard(id)
        for value in after - before:
            self._having(value).add(id)

    def flush(self, sequence: int) -> None:
        """Write what changed."""
        rows = [(*value, ids.serialize(), sequence) for value, ids in self._sets.items()]
        self._connection.executemany("INSERT OR REPLACE INTO valued VALUES (?, ?, ?, ?)", rows)

    def _having(self, value: Value) -> BitMap:
        if value not in self._sets:
            found = self._connection.execute("SELECT ids FROM valued WHERE field = ? AND value = ?", value).fetchone()
            self._sets[value] = BitMap.deserialize(found[0]) if found else BitMap()
        return self._sets[value]


@dataclass(frozen=True)
class State:
    """All sets at one sequence, and what was looked up in the file then; no set is ever changed."""

    sequence: int = -1
    fields: Mapping[str, Mapping[str, BitMap]] = field(default_factory=dict)
    found: dict[tuple[str, str], BitMap] = field(default_factory=dict)

    def having(self, field: str, value: str = "") -> BitMap:
        """Those with this value."""
        return self.values(field).get(value, BitMap())

    def values(self, field: str) -> Mapping[str, BitMap]:
        """The set of each value."""
        return self.fields.get(field, NONE)

    def looked_up(self, connection: sqlite3.Connection, statement: str, value: str) -> BitMap:
        """The ids that a statement selects, asked once."""
        key = (statement, value)
        if key not in self.found:
            ids = BitMap([row[0] for row in connection.execute(statement, (value,))])
            if len(self.found) >= ROOM:
                return ids
            self.found[key] = ids
        return self.found[key]


def refreshed(state: State, connection: sqlite3.Connection, sequence: int) -> State:
    """The state at this sequence, of which only what changed since `state` is read."""
    if sequence == state.sequence:
        return state
    # An index that began anew starts again from the first sequence.
    known = state if sequence > state.sequence else State()
    fields = {name: dict(sets) for name, sets in known.fields.items()}
    rows = connection.execute("SELECT field, value, ids FROM valued WHERE moved > ?", (known.sequence,))
    for name, value, ids in rows:
        fields.setdefault(name, {})[value] = BitMap.deserialize(ids)
    return State(sequence, fields)
