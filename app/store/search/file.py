"""The file of the search index: SQLite with FTS5, written by whoever follows the log, read by any process.

It is a projection: it knows up to which sequence of the log it went, moves that in the transaction that moves the rest,
and can be made anew at any time. What everybody may see and what only some may stand in files apart. Words are found by
FTS5; values of fields (a code, a postcode) are compressed sets of ids (roaring bitmaps), so that counting what a choice
would give is a matter of microseconds.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from pyroaring import BitMap

from app.errors import Unavailable
from app.store.graphs.directories import set_aside
from app.store.lists import list_functions, list_names, list_tables
from app.store.packing import pack
from app.store.search.words import plain, words

FORMAT = "3"
FILE = "zoeken.sqlite"
# Stands beside it once it was found damaged: who opens it then makes it anew.
DAMAGED = "beschadigd"
BUSY_SECONDS = 30.0
# Of the values of a field that one may ask whether it is there at all: the field is then the value.
EXISTS = "_exists_"
# The set of all ids.
ALL = ("*", "*")
Value = tuple[str, str]


@dataclass(frozen=True)
class Layout:
    """Which fields there are: `text` with the weight of a word found in it, `free` the values that free words look in.

    `order` are the fields of text by which can be sorted; by values one can sort anyway. `code` is the field of the
    code, and how a code is written with an id. `lists` are tables besides, by name with their columns (`lists.py`).
    An index of another `edition` is made anew.
    """

    code: tuple[str, str]
    text: Mapping[str, int]
    free: frozenset[str] = frozenset()
    order: tuple[str, ...] = ()
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    edition: str = ""

    @property
    def columns(self) -> dict[str, str]:
        """The column of each text."""
        return {path: f"t{number}" for number, path in enumerate(self.text)}

    @property
    def keys(self) -> dict[str, str]:
        """The column of each sort key."""
        return {path: f"o{number}" for number, path in enumerate(self.order)}


@dataclass(frozen=True)
class Entry:
    """One thing as it is found; its id is the number in its code, so that ids are in the order of the codes.

    `document` is all that is public of it, `shown` what a list of results shows: ready, as lists are asked for most.
    `rows` are its rows in the tables besides.
    """

    id: int
    text: Mapping[str, str]
    values: Mapping[str, Iterable[str]]
    document: bytes
    shown: bytes
    rows: Mapping[str, Sequence[Sequence[Any]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Happening:
    """The last thing that everybody may know to have happened to something."""

    id: int
    sequence: int
    time: str
    operation: str


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


@dataclass
class SearchFile:
    """Opens connections to the index, and is the one that writes in it."""

    path: Path
    layout: Layout
    _connection: sqlite3.Connection = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if (self.path / DAMAGED).exists():
            set_aside(self.path)
        try:
            self._connection = self._prepared()
        except (sqlite3.DatabaseError, _OtherFormat):
            # Damaged, or of an older program: all that is in it can be made again.
            with suppress(AttributeError):
                self._connection.close()
            set_aside(self.path)
            self._connection = self._prepared()

    def connect(self) -> sqlite3.Connection:
        """A connection of the caller's own."""
        connection = sqlite3.connect(
            self.path / FILE, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA mmap_size = 268435456")
        list_functions(connection)
        return connection

    def state(self) -> tuple[int, int]:
        """(sequence of the log, position in the feed) up to which everything is in."""
        return read_state(self._connection)

    @contextmanager
    def writing(self, mark: int) -> Iterator[Writing]:
        """A transaction that takes the index to sequence `mark`; nothing of it stays when it raises."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            writing = Writing(self._connection, self.layout, mark)
            yield writing
            writing.flush()
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise

    def forget(self) -> None:
        """Ask for all of the log again; what is in stays readable until it is replaced."""
        with self.writing(0):
            self.settle(0, 0)

    def look_through(self) -> Iterator[None]:
        """Read all of it, part by part; raises Unavailable for damage, of which the next start makes good."""
        with closing(self.connect()) as connection:
            try:
                for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                    if connection.execute(f"PRAGMA quick_check('{name}')").fetchall() != [("ok",)]:
                        raise sqlite3.DatabaseError
                    yield
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:
                (self.path / DAMAGED).touch()
                raise Unavailable("Het zoekbestand is beschadigd; de volgende start maakt het opnieuw.") from None

    def settle(self, sequence: int, position: int, anew: bool = False) -> None:
        """Move the position, within the transaction; `anew` tells readers that nothing they remember holds."""
        self._connection.execute(
            "UPDATE stand SET volgorde = ?, positie = ?, opbouw = opbouw + ?", (sequence, position, int(anew))
        )

    def close(self) -> None:
        self._connection.close()

    def _prepared(self) -> sqlite3.Connection:
        self.path.mkdir(parents=True, exist_ok=True)
        connection = self.connect()
        connection.execute("PRAGMA journal_mode = WAL")
        # After a power cut the last commits may be gone, never half there: they are replayed.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA cache_size = -64000")
        connection.execute("PRAGMA journal_size_limit = 67108864")
        connection.executescript(_tables(self.layout))
        made = connection.execute("SELECT vorm FROM stand").fetchone()
        if made is None:
            connection.execute("INSERT INTO stand VALUES (?, 0, 0, 1)", (_form(self.layout),))
        elif made[0] != _form(self.layout):
            connection.close()
            raise _OtherFormat
        return connection


class _OtherFormat(Exception):
    """The file was made with other fields."""


def read_state(connection: sqlite3.Connection) -> tuple[int, int]:
    row = connection.execute("SELECT volgorde, positie FROM stand").fetchone()
    return row[0], row[1]


def _form(layout: Layout) -> str:
    return f"{FORMAT} {' '.join(layout.text)} | {' '.join(layout.order)} | {dict(layout.lists)} | {layout.edition}"


def _tables(layout: Layout) -> str:
    keys = "".join(f", {column} TEXT" for column in layout.keys.values())
    indexes = "".join(
        f"CREATE INDEX IF NOT EXISTS orde_{column} ON orde({column}, id) WHERE {column} IS NOT NULL;"
        for column in layout.keys.values()
    )
    return f"""
    CREATE TABLE IF NOT EXISTS stand(vorm TEXT, volgorde INTEGER, positie INTEGER, opbouw INTEGER);
    CREATE TABLE IF NOT EXISTS item(id INTEGER PRIMARY KEY, document BLOB, getoond BLOB, waarden BLOB);
    CREATE TABLE IF NOT EXISTS orde(id INTEGER PRIMARY KEY{keys});
    {indexes}
    CREATE TABLE IF NOT EXISTS waarde(
        veld TEXT, waarde TEXT, ids BLOB, gezet INTEGER, PRIMARY KEY (veld, waarde)
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS waarde_gezet ON waarde(gezet);
    CREATE TABLE IF NOT EXISTS woord(id INTEGER PRIMARY KEY, woord TEXT UNIQUE);
    CREATE TABLE IF NOT EXISTS gebeurd(id INTEGER PRIMARY KEY, volgorde INTEGER, tijd TEXT, wat TEXT);
    CREATE INDEX IF NOT EXISTS gebeurd_volgorde ON gebeurd(volgorde);
    {list_tables(layout)}
    CREATE VIRTUAL TABLE IF NOT EXISTS tekst USING fts5(
        {", ".join(layout.columns.values())}, tokenize = "unicode61 remove_diacritics 0", prefix = '2 3'
    );
    """
