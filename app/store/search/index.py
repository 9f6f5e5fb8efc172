"""Searching what everybody may see: words, values, counts by value, any order, page by page without end.

    with closing(Search(SearchFile(path, layout))) as search:
        found = search.find(Asked(Words("naam", "harmonie"), counts=("verenigingstype.code",)))
        found.total, found.counts["verenigingstype.code"], [hit.document for hit in found.hits]

The index follows the log (`follow`), in this process or another; a question sees what was in when it was asked.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from pyroaring import BitMap

from app.store.packing import unpack
from app.store.search import lists
from app.store.search.file import SearchFile
from app.store.search.layout import Happening
from app.store.search.lists import Listed, ListRow
from app.store.search.match import Matcher
from app.store.search.order import Order, Ordered, Place, SortKey
from app.store.search.query import EVERYTHING, Query, sought
from app.store.search.state import State, refreshed
from app.store.search.words import words

__all__ = ["Asked", "Found", "Hit", "Place", "Search", "SortKey"]

BATCH = 1000


@dataclass(frozen=True)
class Asked:
    """One question; `choices` are the filters by the field that they are about, of which `counts` may be asked.

    The counts of a field tell what each of its values would give with all other choices kept, and its own left out.
    """

    query: Query = EVERYTHING
    choices: Mapping[str, Query] = field(default_factory=dict)
    counts: tuple[str, ...] = ()
    keys: tuple[SortKey, ...] = ()
    offset: int = 0
    limit: int = 50
    after: Place | None = None


@dataclass(frozen=True)
class Hit:
    """One thing found, where it stands in the order, and what was put in; `is_hidden`: not everybody may see it."""

    id: int
    place: Place
    packed_document: bytes = field(repr=False)
    packed_shown: bytes = field(repr=False)
    is_hidden: bool = False

    @property
    def document(self) -> bytes:
        """All that is public of it; of what is hidden, all that is nobody's own."""
        return unpack(self.packed_document)

    @property
    def shown(self) -> bytes:
        """What a list of results shows of it."""
        return unpack(self.packed_shown)


@dataclass(frozen=True)
class Found:
    """What there is in all, and one page of it; `sequence` tells up to where in the log."""

    total: int
    hits: tuple[Hit, ...]
    counts: Mapping[str, Mapping[str, int]]
    sequence: int


class Search:
    """Answers questions from any thread; each borrows a connection, so there are as many as questions at once."""

    def __init__(self, file: SearchFile) -> None:
        self.file = file
        # What came back last knows most of the file still.
        self._free: list[sqlite3.Connection] = []
        self._is_open = True
        self._lock = threading.Lock()
        self._state = State()

    def sequence(self) -> int:
        """How far in the log the index is."""
        with self._borrowed() as connection:
            return self._current(connection).sequence

    def find(self, asked: Asked) -> Found:
        """Raises Refused for a pattern that would take too long."""
        with self._borrowed() as connection:
            return self._find(asked, connection)

    def walk(self, asked: Asked) -> Iterator[Hit]:
        """Everything that fits, in order, read in parts: what changes meanwhile is seen or not, nothing comes twice."""
        asked = replace(asked, offset=0, limit=BATCH, counts=())
        while hits := self.find(asked).hits:
            yield from hits
            asked = replace(asked, after=hits[-1].place)

    def everything(self) -> Iterator[Hit]:
        """All documents in order of their codes."""
        last = -1
        statement = "SELECT id, document, getoond FROM item WHERE id > ? ORDER BY id LIMIT ?"
        while rows := self._rows(statement, (last, BATCH)):
            yield from (Hit(row[0], (row[0],), *row[1:]) for row in rows)
            last = rows[-1][0]

    def happenings(self, after: int, limit: int, operation: str | None = None) -> list[Happening]:
        """The last thing that happened in public to each, in order, from a sequence of the log on."""
        which = "" if operation is None else "AND wat = ?"
        statement = f"SELECT id, volgorde, tijd, wat FROM gebeurd WHERE volgorde > ? {which} ORDER BY volgorde LIMIT ?"
        values = (after, limit) if operation is None else (after, operation, limit)
        return [Happening(*row) for row in self._rows(statement, values)]

    def ids(self, query: Query) -> list[int]:
        """The ids of all that fits, in order of their codes."""
        with self._borrowed() as connection:
            return list(Matcher(self._current(connection), connection, self.file.layout).ids(query))

    def rows(self, asked: Listed) -> list[ListRow]:
        """The rows of a list that fit."""
        with self._borrowed() as connection:
            return lists.rows(connection, self.file.layout, asked)

    def count(self, asked: Listed) -> int:
        """How many rows of a list fit."""
        with self._borrowed() as connection:
            return lists.count(connection, self.file.layout, asked)

    def close(self) -> None:
        """Let go of the file and all connections; who still asks is refused."""
        with self._lock:
            self._is_open = False
            for connection in self._free:
                connection.close()
            self._free.clear()
        self.file.close()

    @contextmanager
    def _borrowed(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            connection = self._free.pop() if self._free else None
        connection = connection or self.file.connect()
        try:
            yield connection
        finally:
            with self._lock:
                if self._is_open:
                    self._free.append(connection)
                else:
                    connection.close()

    def _rows(self, statement: str, values: Sequence[object]) -> list[Any]:
        with self._borrowed() as connection:
            return connection.execute(statement, values).fetchall()

    def _find(self, asked: Asked, connection: sqlite3.Connection) -> Found:
        state = self._current(connection)
        matcher = Matcher(state, connection, self.file.layout)
        base = matcher.ids(asked.query)
        chosen = {name: matcher.ids(choice) for name, choice in asked.choices.items()}
        ids = base.intersection(*chosen.values()) if chosen else base
        wanted = list(dict.fromkeys(word for text in sought(asked.query) for word in words(text)))
        order = Order(state, connection, self.file.layout, wanted).walk(ids, asked.keys, asked.after)
        page = list(islice(order, asked.offset, asked.offset + asked.limit))
        counts = {name: _counts(state, name, base, chosen) for name in asked.counts}
        return Found(len(ids), tuple(self._hits(connection, page)), counts, state.sequence)

    def _current(self, connection: sqlite3.Connection) -> State:
        with self._lock:
            self._state = refreshed(self._state, connection)
            return self._state

    def _hits(self, connection: sqlite3.Connection, page: Sequence[Ordered]) -> Iterator[Hit]:
        listed = "[" + ",".join(str(one.id) for one in page) + "]"
        statement = "SELECT id, document, getoond FROM item WHERE id IN (SELECT value FROM json_each(?))"
        found = {row[0]: row[1:] for row in connection.execute(statement, (listed,))}
        # One that went away since it was counted is left out.
        yield from (Hit(one.id, one.place, *found[one.id]) for one in page if one.id in found)


def _counts(state: State, name: str, base: BitMap, chosen: Mapping[str, BitMap]) -> dict[str, int]:
    ids = base.intersection(*(others for other, others in chosen.items() if other != name))
    counted = {value: having.intersection_cardinality(ids) for value, having in state.values(name).sets.items()}
    return {value: count for value, count in counted.items() if count}
