"""What a search index holds: its fields, and what is put in and told of each thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

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
