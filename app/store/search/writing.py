"""One transaction on the search index: what is put in, taken out and told, and the sets that follow from it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from pyroaring import BitMap

from app.store.packing import pack
from app.store.search.layout import ALL, EXISTS, Entry, Happening, Layout, Value
from app.store.search.lists import list_names
from app.store.search.words import plain, words


class Writing:
    """One transaction; sets of ids are read once, changed in memory and written at its end."""

    def __init__(self, connection: sqlite3.Connection, layout: Layout, mark: int) -> None:
        self._connection = connection
        self._layout = layout
        self._mark = mark
        self._sets: dict[Value, BitMap] = {}
        self._touched: set[Value] = set()
        self._words: set[str] = set()
        self._is_empty = not connection.execute("SELECT 1 FROM item LIMIT 1").fetchone()

    def empty(self) -> None:
        """Take everything out."""
        for table in ("item", "orde", "tekst", "waarde", "woord", "gebeurd", *list_names(self._layout).values()):
            self._connection.execute(f"DELETE FROM {table}")
        self._sets, self._touched, self._is_empty = {}, set(), True

    def put(self, entry: Entry) -> None:
        """Put in, or replace."""
        new = {(path, value) for path, values in entry.values.items() for value in values if value}
        new |= {(EXISTS, path) for path, text in entry.text.items() if text} | {ALL}
        self._move(entry.id, self._values_of(entry.id), new)
        texts = [" ".join(words(entry.text.get(path, ""))) for path in self._layout.text]
        for text in texts:
            # Nobody mistypes a number on purpose to be understood; without them the list stays short.
            self._words.update(word for word in text.split(" ") if word.isalpha())
        if not self._is_empty:
            self._connection.execute("DELETE FROM tekst WHERE rowid = ?", (entry.id,))
        self._insert("tekst(rowid, " + ", ".join(self._layout.columns.values()) + ")", entry.id, *texts)
        keys = [plain(entry.text.get(path, "")) or None for path in self._layout.order]
        self._insert("item", entry.id, pack(entry.document), pack(entry.shown), orjson.dumps(sorted(new)))
        self._insert("orde", entry.id, *keys)
        self._list(entry.id, entry.rows)

    def remove(self, id: int) -> None:
        """Take out, if it is there."""
        self._move(id, self._values_of(id), set())
        self._connection.execute("DELETE FROM tekst WHERE rowid = ?", (id,))
        for table in ("item", "orde"):
            self._connection.execute(f"DELETE FROM {table} WHERE id = ?", (id,))
        self._list(id, {})

    def tell(self, happenings: Iterable[Happening]) -> None:
        """Remember what happened last."""
        rows = [(one.id, one.sequence, one.time, one.operation) for one in happenings]
        self._connection.executemany("INSERT OR REPLACE INTO gebeurd VALUES (?, ?, ?, ?)", rows)

    def flush(self) -> None:
        """Write the changed sets and the new words."""
        rows = [(*value, self._sets[value].serialize(), self._mark) for value in self._touched]
        self._connection.executemany("INSERT OR REPLACE INTO waarde VALUES (?, ?, ?, ?)", rows)
        found = [(word,) for word in sorted(self._words)]
        self._connection.executemany("INSERT OR IGNORE INTO woord(woord) VALUES (?)", found)

    def _list(self, id: int, rows: Mapping[str, Sequence[Sequence[Any]]]) -> None:
        for name, table in list_names(self._layout).items():
            if not self._is_empty:
                self._connection.execute(f"DELETE FROM {table} WHERE id = ?", (id,))
            for place, row in enumerate(rows.get(name, ()), 1):
                self._insert(table, id, place, *row)

    def _insert(self, table: str, *row: object) -> None:
        self._connection.execute(f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * len(row))})", row)

    def _values_of(self, id: int) -> set[Value]:
        row = None if self._is_empty else self._one("SELECT waarden FROM item WHERE id = ?", id)
        return {(path, value) for path, value in orjson.loads(row)} if row else set()

    def _move(self, id: int, old: set[Value], new: set[Value]) -> None:
        for value in new - old:
            self._ids(value).add(id)
        for value in old - new:
            self._ids(value).discard(id)
        self._touched |= new ^ old

    def _ids(self, value: Value) -> BitMap:
        if value not in self._sets:
            row = None if self._is_empty else self._one("SELECT ids FROM waarde WHERE veld = ? AND waarde = ?", *value)
            self._sets[value] = BitMap.deserialize(row) if row else BitMap()
        return self._sets[value]

    def _one(self, statement: str, *values: object) -> bytes | None:
        row = self._connection.execute(statement, values).fetchone()
        return row[0] if row else None
