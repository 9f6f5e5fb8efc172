"""What a reader of the search index holds in memory: the sets of ids by value, as they were at one sequence."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pyroaring import BitMap

from app.store.search.layout import ALL, EXISTS
from app.store.search.words import words

WordsOf = Mapping[str, frozenset[str]]
WordsByLength = Mapping[int, list[str]]
ROOM = 1000


class Values:
    """The values of one field, each with the ids that have it."""

    def __init__(self, sets: Mapping[str, BitMap], known: Values | None = None) -> None:
        self.sets = sets
        if known is not None and known.sets.keys() == sets.keys():
            self.by_word, self.by_length = known.by_word, known.by_length

    @cached_property
    def by_word(self) -> WordsOf:
        """The values that a word stands in."""
        found: dict[str, set[str]] = defaultdict(set)
        for value in self.sets:
            for word in words(value):
                found[word].add(value)
        return {word: frozenset(values) for word, values in found.items()}

    @cached_property
    def by_length(self) -> WordsByLength:
        """The words in the values by how long they are."""
        return by_length(self.by_word)

    def union(self, values: Iterator[str] | frozenset[str]) -> BitMap:
        """The ids that have one of these values."""
        return BitMap.union(BitMap(), *(self.sets[value] for value in values if value in self.sets))

    def ordered(self, descending: bool = False) -> list[str]:
        """All values in order: numbers by size, all else by alphabet."""
        return sorted(self.sets, key=order_of, reverse=descending)


@dataclass(frozen=True)
class State:
    """Everything at one sequence; never changed, so that one question sees one state."""

    sequence: int = -1
    built: int = -1
    fields: Mapping[str, Values] = field(default_factory=dict)
    vocabulary: tuple[str, ...] = ()
    found: dict[str, BitMap] = field(default_factory=dict)
    alike: dict[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def words(self) -> str:
        """The vocabulary as one text, as looking through that is quickest."""
        return "\n".join(("", *self.vocabulary, ""))

    @cached_property
    def by_length(self) -> WordsByLength:
        """The vocabulary by how long the words are."""
        return by_length(self.vocabulary)

    @property
    def everything(self) -> BitMap:
        """All ids."""
        return self.values(ALL[0]).sets.get(ALL[1], BitMap())

    def values(self, path: str) -> Values:
        """The values of one field."""
        return self.fields.get(path, NONE)

    def having(self, path: str) -> BitMap:
        """The ids for which this field holds anything at all."""
        text = self.values(EXISTS).sets.get(path, BitMap())
        return BitMap.union(text, *self.values(path).sets.values())

    def with_words_of(self, other: State) -> State:
        """The same, with what was made of the same vocabulary."""
        for name in ("words", "by_length"):
            if name in other.__dict__:
                self.__dict__[name] = other.__dict__[name]
        self.alike.update(other.alike)
        return self

    def remember(self, key: str, ids: BitMap) -> BitMap:
        """Keep what was looked up in the file, as long as this state lives."""
        if len(self.found) < ROOM:
            self.found[key] = ids
        return ids


NONE = Values({})


def refreshed(state: State, connection: sqlite3.Connection) -> State:
    """The state of the file now: what changed since `state` is read, the rest is kept."""
    sequence, built = connection.execute("SELECT volgorde, opbouw FROM stand").fetchone()
    if (sequence, built) == (state.sequence, state.built):
        return state
    connection.execute("BEGIN")
    try:
        sequence, built = connection.execute("SELECT volgorde, opbouw FROM stand").fetchone()
        if built != state.built:
            state = State()
        vocabulary = _vocabulary(state, connection)
        new = State(sequence, built, _fields(state, connection), vocabulary)
        return new if vocabulary is not state.vocabulary else new.with_words_of(state)
    finally:
        connection.execute("COMMIT")


def _fields(state: State, connection: sqlite3.Connection) -> Mapping[str, Values]:
    changed: dict[str, dict[str, BitMap]] = {}
    rows = connection.execute("SELECT veld, waarde, ids FROM waarde WHERE gezet > ?", (state.sequence,))
    for path, value, ids in rows:
        if path not in changed:
            changed[path] = dict(state.values(path).sets)
        changed[path][value] = BitMap.deserialize(ids)
        if not changed[path][value]:
            del changed[path][value]
    return {**state.fields, **{path: Values(sets, state.fields.get(path)) for path, sets in changed.items()}}


def _vocabulary(state: State, connection: sqlite3.Connection) -> tuple[str, ...]:
    known = len(state.vocabulary)
    rows = connection.execute("SELECT woord FROM woord ORDER BY id LIMIT -1 OFFSET ?", (known,))
    new = tuple(row[0] for row in rows)
    return state.vocabulary + new if new else state.vocabulary


def by_length(words: Iterable[str]) -> WordsByLength:
    """Words by how long they are."""
    found: dict[int, list[str]] = {}
    for word in words:
        found.setdefault(len(word), []).append(word)
    return found


def order_of(value: str) -> tuple[int, float, str]:
    """Where a value stands among others: numbers first."""
    return (0, float(value), "") if value.isascii() and value.isdigit() else (1, 0.0, value.casefold())
