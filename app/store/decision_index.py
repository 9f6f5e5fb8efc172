"""The index of decisions: words, filters and counts, newest first; a file beside the log that follows it.

    index = DecisionIndex(folder / "besluiten.sqlite", entry_of)
    index.follow(log)
    index.find(Sought(words="erkenning", municipality="44084"), offset=0, limit=25)

Made anew when the log is another one; killed at any moment it goes on from where its last transaction left it.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import reduce
from itertools import islice
from operator import and_
from pathlib import Path

import orjson
from pyroaring import BitMap

from app.errors import Unavailable
from app.store import decision_sets
from app.store.decision_sets import ALL, HOME, OURS, SORT, Moving, State, Value, refreshed
from app.store.log import Log, Version

BATCH = 1000
FORMAT = 3
BUSY_SECONDS = 30.0
TABLES = f"""
CREATE TABLE state (sequence INTEGER NOT NULL);
INSERT INTO state VALUES (0);
CREATE TABLE decision (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, title TEXT NOT NULL, summary TEXT NOT NULL,
    day TEXT NOT NULL, municipality TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX decision_by_day ON decision (day DESC, code);
CREATE INDEX decision_by_home ON decision (municipality, day DESC, code);
CREATE TABLE tag (decision INTEGER NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (kind, value, decision)) WITHOUT ROWID;
CREATE INDEX tag_by_decision ON tag (decision);
CREATE VIRTUAL TABLE words USING fts5 (title, summary, content, tokenize = "unicode61 remove_diacritics 2");
{decision_sets.TABLES}
"""
ABOUT = "over"
# What a question looks up in the file, each with one value; all else is a set in memory.
WORDS = "SELECT rowid FROM words WHERE words MATCH ?"
TAGGED = f"SELECT decision FROM tag WHERE kind = '{ABOUT}' AND value = ?"
SINCE, UNTIL = "SELECT id FROM decision WHERE day >= ?", "SELECT id FROM decision WHERE day <= ?"
ORDER = "ORDER BY day DESC, code"
# So many are put in order at once; of more, those in order are looked through until there are enough.
FEW = 2000
# Codes that we gave; all others are digits and small letters.
_OURS = re.compile("B[0-9]")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Entry:
    """A decision as it is found and shown; `sorts` are its types, `about` the IRIs of what it is about."""

    code: str
    title: str
    summary: str = ""
    content: str = ""
    day: str = ""
    municipality: str = ""
    body: str = ""
    sorts: tuple[str, ...] = ()
    about: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sought:
    """What somebody looks for; empty is anything. Of words, each must begin a word of the decision."""

    words: str = ""
    municipality: str = ""
    sort: str = ""
    about: str = ""
    since: str = ""
    until: str = ""
    made_here: bool = False


@dataclass(frozen=True)
class Listed:
    """One decision found."""

    code: str
    title: str
    summary: str
    day: str
    municipality: str
    body: str
    sorts: tuple[str, ...] = ()


EntryOf = Callable[[Version], Entry | None]


class DecisionIndex:
    """Safe to use from many threads; one of them follows the log at a time."""

    def __init__(self, path: Path, entry_of: EntryOf, kind: str = "besluit") -> None:
        self._path = path
        self._entry_of = entry_of
        self._kind = kind
        self._lock, self._reader = threading.Lock(), threading.Lock()
        self._state = State()
        path.parent.mkdir(parents=True, exist_ok=True)

    def follow(self, log: Log) -> int:
        """Bring the index up to the end of the log; answers its sequence. Raises Unavailable."""
        with self._lock, self._connection() as connection:
            reached = _sequence(connection)
            if reached > log.head():
                _drop(connection)
                reached = _sequence(connection)
            while reached < log.head() and (versions := log.read(reached, BATCH)):
                reached = self._take_in(connection, versions)
            return reached

    def forget(self) -> None:
        """Begin anew, for `follow` to fill."""
        with self._lock, self._connection() as connection:
            _drop(connection)

    def find(self, sought: Sought, offset: int = 0, limit: int = 25) -> tuple[int, list[Listed]]:
        """How many there are, and some of them, newest first."""
        with self._reading() as (connection, state):
            ids = _ids(sought, state, connection)
            page = _page(connection, ids, sought, offset, limit)
            return len(ids), _listed(connection, page)

    def counts(self, sought: Sought) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """How many each municipality and each type would give, all other filters kept."""
        with self._reading() as (connection, state):
            return (
                _counted(state.values(HOME), _ids(sought, state, connection, without=HOME)),
                _counted(state.values(SORT), _ids(sought, state, connection, without=SORT)),
            )

    def _take_in(self, connection: sqlite3.Connection, versions: list[Version]) -> int:
        """Apply these versions of the log in one transaction; answers how far the index then is."""
        connection.execute("BEGIN IMMEDIATE")
        reached, moving = _sequence(connection), Moving(connection)
        for version in versions:
            # Another process that shares the file may have been here meanwhile.
            if version.kind == self._kind and version.sequence > reached:
                self._apply(connection, moving, version)
        reached = max(reached, versions[-1].sequence)
        moving.flush(reached)
        connection.execute("UPDATE state SET sequence = ?", (reached,))
        connection.execute("COMMIT")
        return reached

    def _apply(self, connection: sqlite3.Connection, moving: Moving, version: Version) -> None:
        code = version.entity.rpartition("/")[2]
        row = connection.execute("SELECT id, municipality FROM decision WHERE code = ?", (code,)).fetchone()
        if row:
            id, home = row
            moving.move(id, _values(code, home, _sorts(connection, id)), ())
            connection.execute("DELETE FROM decision WHERE id = ?", (id,))
            connection.execute("DELETE FROM tag WHERE decision = ?", (id,))
            connection.execute("DELETE FROM words WHERE rowid = ?", (id,))
        entry = None if version.public is None or version.operation == "delete" else self._entry_of(version)
        if entry is None:
            return
        cursor = connection.execute(
            "INSERT INTO decision (code, title, summary, day, municipality, body) VALUES (?, ?, ?, ?, ?, ?)",
            (entry.code, entry.title, entry.summary, entry.day, entry.municipality, entry.body),
        )
        id = int(cursor.lastrowid or 0)
        tags = {*((SORT, sort) for sort in entry.sorts), *((ABOUT, iri) for iri in entry.about)}
        connection.executemany("INSERT INTO tag VALUES (?, ?, ?)", [(id, kind, value) for kind, value in tags])
        connection.execute(
            "INSERT INTO words (rowid, title, summary, content) VALUES (?, ?, ?, ?)",
            (id, entry.title, entry.summary, entry.content),
        )
        moving.move(id, (), _values(entry.code, entry.municipality, entry.sorts))

    @contextmanager
    def _reading(self) -> Iterator[tuple[sqlite3.Connection, State]]:
        """One view of the file, with the sets as they are in it."""
        with self._connection() as connection:
            connection.execute("BEGIN")
            sequence = _sequence(connection)
            with self._reader:
                self._state = refreshed(self._state, connection, sequence)
                state = self._state
            yield connection, state

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
                if connection.execute("PRAGMA user_version").fetchone()[0] != FORMAT:
                    _drop(connection)
                yield connection
        except sqlite3.Error as error:
            raise Unavailable("Het zoekbestand van de besluiten is niet beschikbaar.") from error


def _drop(connection: sqlite3.Connection) -> None:
    """Begin anew."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    for name in ("state", "decision", "tag", "words", "valued"):
        connection.execute(f"DROP TABLE IF EXISTS {name}")
    for statement in TABLES.split(";\n"):
        if statement.strip():
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {FORMAT}")
    connection.execute("COMMIT")


def _sequence(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT sequence FROM state").fetchone()[0])


def _sorts(connection: sqlite3.Connection, id: int) -> tuple[str, ...]:
    found = connection.execute("SELECT value FROM tag WHERE decision = ? AND kind = ? ORDER BY value", (id, SORT))
    return tuple(row[0] for row in found)


def _values(code: str, municipality: str, sorts: tuple[str, ...]) -> list[Value]:
    """What a decision is counted by."""
    ours = [(OURS, "")] if _OURS.match(code) else []
    return [(ALL, ""), (HOME, municipality), *((SORT, sort) for sort in sorts), *ours]


def _ids(sought: Sought, state: State, connection: sqlite3.Connection, without: str = "") -> BitMap:
    """All that fits; nothing of what was asked stands in the text of a statement."""
    terms = " ".join(f'"{word}"*' for word in _WORD.findall(sought.words))
    chosen = {HOME: sought.municipality, SORT: sought.sort}
    parts = [state.having(ALL), *([state.having(OURS)] if sought.made_here else [])]
    parts += [state.having(field, value) for field, value in chosen.items() if value and field != without]
    asked = {WORDS: terms, TAGGED: sought.about, SINCE: sought.since, UNTIL: sought.until}
    parts += [state.looked_up(connection, statement, value) for statement, value in asked.items() if value]
    return reduce(and_, sorted(parts, key=len))


def _counted(values: Mapping[str, BitMap], ids: BitMap) -> dict[str, int]:
    counts = {value: having.intersection_cardinality(ids) for value, having in values.items()}
    return {value: count for value, count in counts.items() if count}


def _page(connection: sqlite3.Connection, ids: BitMap, sought: Sought, offset: int, limit: int) -> list[int]:
    """Some of these in order, newest first."""
    if len(ids) <= FEW:
        statement = f"SELECT id FROM decision WHERE id IN (SELECT value FROM json_each(?)) {ORDER} LIMIT ? OFFSET ?"
        return [row[0] for row in connection.execute(statement, (orjson.dumps(list(ids)).decode(), limit, offset))]
    home = "WHERE municipality = ?" if sought.municipality else ""
    values = (sought.municipality,) if home else ()
    rows = connection.execute(f"SELECT id FROM decision {home} {ORDER}", values)
    return list(islice((id for (id,) in rows if id in ids), offset, offset + limit))


def _listed(connection: sqlite3.Connection, ids: list[int]) -> list[Listed]:
    statement = "SELECT code, title, summary, day, municipality, body FROM decision WHERE id = ?"
    found = [(id, Listed(*connection.execute(statement, (id,)).fetchone())) for id in ids]
    return [replace(one, sorts=_sorts(connection, id)) for id, one in found]
