"""What can be asked of the search index, as values: no text of a stranger is ever part of a statement.

    Combined(must=(Words(None, "harmonie"), Words("locaties.postcode", "9000")), must_not=(Pattern("naam", "jeugd*"),))

A field is a path of the documents, `locaties.postcode`; None stands for all fields that free words look in, and `*` in
a path for any part of it. A field that does not exist has no value: it finds nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Everything:
    """All that is in the index."""


@dataclass(frozen=True)
class Words:
    """All words of the text in one field."""

    field: str | None
    text: str


@dataclass(frozen=True)
class Phrase:
    """The words of the text next to each other, or with at most `apart` others between them."""

    field: str | None
    text: str
    apart: int = 0


@dataclass(frozen=True)
class Pattern:
    """A word with `*` (any letters) and `?` (one letter) in it."""

    field: str | None
    text: str


@dataclass(frozen=True)
class Near:
    """A word with at most so many typing errors; None: as many as its length allows."""

    field: str | None
    text: str
    errors: int | None = None


@dataclass(frozen=True)
class Between:
    """A value from `low` to `high`; None is open. Numbers are compared as numbers, all else as text."""

    field: str | None
    low: str | None
    high: str | None
    with_low: bool = True
    with_high: bool = True


@dataclass(frozen=True)
class OneOf:
    """Exactly one of these values, as they stand in the index."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Combined:
    """All of `must`, none of `must_not`; without `must`, at least one of `should`, if there is any."""

    must: tuple[Query, ...] = ()
    should: tuple[Query, ...] = ()
    must_not: tuple[Query, ...] = ()


Query = Everything | Words | Phrase | Pattern | Near | Between | OneOf | Combined
EVERYTHING = Everything()


def every(*queries: Query) -> Query:
    """All of these at once."""
    return Combined(must=queries) if queries else EVERYTHING


def tolerant(query: Query) -> Query:
    """The same question with typing errors in free words forgiven."""
    if isinstance(query, Words) and query.field is None:
        return Near(None, query.text)
    if isinstance(query, Combined):
        must, should = (tuple(map(tolerant, parts)) for parts in (query.must, query.should))
        return replace(query, must=must, should=should)
    return query


def sought(query: Query) -> Iterator[str]:
    """The texts that somebody hopes to find, for telling how well something fits."""
    if isinstance(query, Words | Phrase | Near):
        yield query.text
    elif isinstance(query, Combined):
        for part in (*query.must, *query.should):
            yield from sought(part)
