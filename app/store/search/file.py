"""The file of the search index: SQLite with FTS5, written by whoever follows the log, read by any process.

It is a projection: it knows up to which sequence of the log it went, moves that in the transaction that moves the rest,
and can be made anew at any time. What everybody may see and what only some may stand in files apart. Words are found by
FTS5; values of fields (a code, a postcode) are compressed sets of ids (roaring bitmaps), so that counting what a choice
would give is a matter of microseconds.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from app.errors import Unavailable
from app.store.graphs.directories import set_aside
from app.store.search.layout import Layout
from app.store.search.lists import list_functions, list_tables
from app.store.search.writing import Writing

FORMAT = "3"
FILE = "zoeken.sqlite"
# Stands beside it once it was found damaged: who opens it then makes it anew.
DAMAGED = "beschadigd"
BUSY_SECONDS = 30.0


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
        """Let go of the file."""
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
    """How far the index is: the sequence of the log, the position in the feed."""
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
