"""The order of what was found, lazily: a page costs what it shows, not what was found.

Every key splits the ids into groups, the groups into smaller ones by the next key; what has no value comes last, and
equal ones stand by code, the last one first.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop
from itertools import groupby

from pyroaring import BitMap

from app.store.search.layout import Layout
from app.store.search.state import State, order_of

# Of so few, fetch the keys and order them; of more, walk along the index until the page is full.
FEW = 20_000
STEP = 500
HIGHEST = 10**8
# The field that stands for how well a text fits the words that were sought.
RELEVANCE = "score"

Place = tuple[str | int | None, ...]


@dataclass(frozen=True)
class SortKey:
    """One field to sort by."""

    field: str
    descending: bool = False


@dataclass(frozen=True)
class Ordered:
    """One id and where it stands: its value for each key, then itself."""

    id: int
    place: Place


class Order:
    """Puts ids of one state in order."""

    def __init__(
        self, state: State, connection: sqlite3.Connection, layout: Layout, sought: Sequence[str] = ()
    ) -> None:
        self._state = state
        self._connection = connection
        self._layout = layout
        self._sought = sought

    def walk(self, ids: BitMap, keys: Sequence[SortKey], after: Place | None = None) -> Iterator[Ordered]:
        """The ids in order, from the one that follows the place `after`."""
        if not keys:
            yield from self._by_code(ids, True, after)
        elif keys[0].field == self._layout.code[0]:
            yield from self._by_code(ids, keys[0].descending, after)
        else:
            yield from self._by_groups(ids, keys, after)

    def _by_code(self, ids: BitMap, descending: bool, after: Place | None) -> Iterator[Ordered]:
        if after:
            limit = int(after[0] or 0)
            ids = ids & (BitMap(range(limit)) if descending else BitMap(range(limit + 1, HIGHEST)))
        for start in range(0, len(ids), STEP):
            end = len(ids) - start
            part = reversed(ids[max(0, end - STEP) : end].to_array()) if descending else ids[start : start + STEP]
            for id in part:
                yield Ordered(id, (id,))

    def _by_groups(self, ids: BitMap, keys: Sequence[SortKey], after: Place | None) -> Iterator[Ordered]:
        start = after[0] if after else None
        if after is None or start is not None:
            for value, group in self._groups(ids, keys[0], None if start is None else str(start)):
                inner = after[1:] if after and value == start else None
                for one in self.walk(group, keys[1:], inner):
                    yield Ordered(one.id, (value, *one.place))
        if keys[0].field == RELEVANCE:
            return
        without = ids - self._state.having(keys[0].field)
        for one in self.walk(without, keys[1:], after[1:] if after and start is None else None):
            yield Ordered(one.id, (None, *one.place))

    def _groups(self, ids: BitMap, key: SortKey, start: str | None) -> Iterator[tuple[str, BitMap]]:
        """(value, ids) in order, from the value `start`."""
        column = self._layout.keys.get(key.field)
        if column is None and key.field != RELEVANCE:
            yield from self._value_groups(ids, key, start)
            return
        pairs: Iterable[tuple[str, int]]
        if column is None:
            pairs = self._scored(ids, key, start)
        else:
            few = len(ids) <= FEW
            pairs = self._few(ids, column, key, start) if few else self._walk(ids, column, key, start)
        for value, group in groupby(pairs, key=lambda pair: pair[0]):
            yield value, BitMap(id for _, id in group)

    def _value_groups(self, ids: BitMap, key: SortKey, start: str | None) -> Iterator[tuple[str, BitMap]]:
        values = self._state.values(key.field)
        passed = BitMap()
        for value in values.ordered(key.descending):
            is_before = start is not None and (order_of(value) < order_of(start)) != key.descending and value != start
            group = (values.sets[value] & ids) - passed
            # Of several values the first in the order counts, also when that one was on an earlier page.
            passed |= group
            if not is_before and group:
                yield value, group

    def _few(self, ids: BitMap, column: str, key: SortKey, start: str | None) -> Iterator[tuple[str, int]]:
        listed = "[" + ",".join(map(str, ids)) + "]"
        rows = self._connection.execute(
            f"SELECT {column}, id FROM orde WHERE {column} IS NOT NULL AND id IN (SELECT value FROM json_each(?))",
            (listed,),
        )
        return _sorted(rows, key, start)

    def _scored(self, ids: BitMap, key: SortKey, start: str | None) -> Iterator[tuple[str, int]]:
        """Relevance as text of one length, so that it sorts like any other; 0 for what was found by a value."""
        scores: dict[int, float] = {}
        if self._sought:
            asked = " OR ".join(f'"{word}"' for word in self._sought)
            weights = ", ".join(str(int(weight)) for weight in self._layout.text.values())
            statement = f"SELECT rowid, -bm25(tekst, {weights}) FROM tekst WHERE tekst MATCH ?"
            scores = dict(self._connection.execute(statement, (asked,)).fetchall())
        return _sorted(((f"{scores.get(id, 0.0):012.6f}", id) for id in ids), key, start)

    def _walk(self, ids: BitMap, column: str, key: SortKey, start: str | None) -> Iterator[tuple[str, int]]:
        compare, way = ("<=", "DESC") if key.descending else (">=", "ASC")
        since = "" if start is None else f"AND {column} {compare} ?"
        cursor = self._connection.execute(
            f"SELECT {column}, id FROM orde WHERE {column} IS NOT NULL {since} ORDER BY {column} {way}, id",
            () if start is None else (start,),
        )
        return ((value, id) for value, id in cursor if id in ids)


def _sorted(pairs: Iterable[tuple[str, int]], key: SortKey, start: str | None) -> Iterator[tuple[str, int]]:
    if start is not None:
        pairs = (pair for pair in pairs if (pair[0] <= start if key.descending else pair[0] >= start))
    if key.descending:
        yield from sorted(pairs, reverse=True)
        return
    heap = list(pairs)
    heapify(heap)
    while heap:
        yield heappop(heap)
