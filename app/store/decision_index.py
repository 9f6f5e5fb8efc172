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
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from app.errors import Unavailable
from app.store.log import Log, Version

BATCH = 1000
FORMAT = 2
BUSY_SECONDS = 30.0
TABLES = """
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
"""
SORT, ABOUT = "soort", "over"
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
        self._lock = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)

    def follow(self, log: Log) -> int:
        """Bring the index up to the end of the log; answers its sequence. Raises Unavailable."""
        with self._lock, self._connection() as connection:
            reached = _sequence(connection)
            if reached > log.head():
                _drop(connection)
                reached = _sequence(connection)
            while reached < log.head() and (versions := log.read(reached, BATCH)):
                connection.execute("BEGIN IMMEDIATE")
                for version in versions:
                    if version.kind == self._kind:
                        self._apply(connection, version)
                reached = versions[-1].sequence
                connection.execute("UPDATE state SET sequence = ?", (reached,))
                connection.execute("COMMIT")
            return reached

    def find(self, sought: Sought, offset: int = 0, limit: int = 25) -> tuple[int, list[Listed]]:
        """How many there are, and some of them, newest first."""
        where, values = _where(sought)
        with self._connection() as connection:
            [[total]] = connection.execute(f"SELECT count(*) FROM decision WHERE {where}", values)
            rows = connection.execute(
                "SELECT id, code, title, summary, day, municipality, body FROM decision "
                f"WHERE {where} ORDER BY day DESC, code LIMIT ? OFFSET ?",
                (*values, limit, offset),
            ).fetchall()
            return total, [replace(Listed(*row[1:]), sorts=_sorts(connection, row[0])) for row in rows]

    def counts(self, sought: Sought) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """How many each municipality and each type would give, all other filters kept."""
        home, values = _where(sought, without="municipality")
        sort, others = _where(sought, without="sort")
        with self._connection() as connection:
            homes = connection.execute(
                f"SELECT municipality, count(*) FROM decision WHERE {home} GROUP BY municipality", values
            ).fetchall()
            sorts = connection.execute(
                "SELECT value, count(*) FROM tag JOIN decision ON decision.id = tag.decision "
                f"WHERE kind = '{SORT}' AND {sort} GROUP BY value",
                others,
            ).fetchall()
        return dict(homes), dict(sorts)

    def _apply(self, connection: sqlite3.Connection, version: Version) -> None:
        code = version.entity.rpartition("/")[2]
        row = connection.execute("SELECT id FROM decision WHERE code = ?", (code,)).fetchone()
        if row:
            connection.execute("DELETE FROM decision WHERE id = ?", row)
            connection.execute("DELETE FROM tag WHERE decision = ?", row)
            connection.execute("DELETE FROM words WHERE rowid = ?", row)
        entry = None if version.public is None or version.operation == "delete" else self._entry_of(version)
        if entry is None:
            return
        id = connection.execute(
            "INSERT INTO decision (code, title, summary, day, municipality, body) VALUES (?, ?, ?, ?, ?, ?)",
            (entry.code, entry.title, entry.summary, entry.day, entry.municipality, entry.body),
        ).lastrowid
        tags = {*((SORT, sort) for sort in entry.sorts), *((ABOUT, iri) for iri in entry.about)}
        connection.executemany("INSERT INTO tag VALUES (?, ?, ?)", [(id, kind, value) for kind, value in tags])
        connection.execute(
            "INSERT INTO words (rowid, title, summary, content) VALUES (?, ?, ?, ?)",
            (id, entry.title, entry.summary, entry.content),
        )

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
    for name in ("state", "decision", "tag", "words"):
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


def _where(sought: Sought, without: str = "") -> tuple[str, Sequence[str]]:
    """A condition and its values; nothing of what was asked stands in the text of it."""
    tagged = "id IN (SELECT decision FROM tag WHERE kind = ? AND value = ?)"
    terms = " ".join(f'"{word}"*' for word in _WORD.findall(sought.words))
    parts: list[tuple[str, tuple[str, ...]]] = []
    if terms:
        parts.append(("id IN (SELECT rowid FROM words WHERE words MATCH ?)", (terms,)))
    if sought.municipality and without != "municipality":
        parts.append(("municipality = ?", (sought.municipality,)))
    if sought.sort and without != "sort":
        parts.append((tagged, (SORT, sought.sort)))
    if sought.about:
        parts.append((tagged, (ABOUT, sought.about)))
    if sought.since:
        parts.append(("day >= ?", (sought.since,)))
    if sought.made_here:  # codes that we gave; all others are digits and small letters
        parts.append(("code GLOB ?", ("B[0-9]*",)))
    if sought.until:
        parts.append(("day <= ?", (sought.until,)))
    condition = " AND ".join(part for part, _ in parts) or "1"
    return condition, tuple(value for _, values in parts for value in values)
