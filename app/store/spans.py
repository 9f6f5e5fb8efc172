"""Steps of the work that an operator may want to follow: each is named here and in its place, and nothing more happens
unless a tracer was set.

    with step("append to the log") as span:
        ...
        span.note({"verenigingsloket.versions": 3})

What is noted is how much, how long and of which kind: never a value, an address as it was asked, or words of anybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Protocol

INTERNAL, SERVER, CLIENT = "internal", "server", "client"
Facts = Mapping[str, str | int]


class Span(Protocol):
    """One step that is followed."""

    trace: str
    """What all steps of one request have in common; empty when nobody follows."""

    def note(self, facts: Facts, name: str = "") -> None:
        """What came out meanwhile; a name replaces the one that it began with."""

    def fail(self, kind: str) -> None:
        """It did not end well; `kind` is a word for why, never a text with values in it."""


class Tracer(Protocol):
    """What follows steps."""

    def step(self, name: str, facts: Facts, kind: str, parent: Mapping[str, str]) -> AbstractContextManager[Span]:
        """One step; `parent` are the headers in which somebody told of which trace it is a part."""

    def onward(self) -> Mapping[str, str]:
        """The headers by which a neighbour goes on with this trace."""


class Unfollowed:
    """A step that nobody follows."""

    trace = ""

    def __enter__(self) -> Span:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def note(self, facts: Facts, name: str = "") -> None:
        """Nobody wants to know."""

    def fail(self, kind: str) -> None:
        """Nobody wants to know."""


_UNFOLLOWED = Unfollowed()
_NOTHING: Mapping[str, str] = {}
_tracer: Tracer | None = None


def step(
    name: str, facts: Facts = _NOTHING, kind: str = INTERNAL, parent: Mapping[str, str] = _NOTHING
) -> AbstractContextManager[Span]:
    """One step of the work, until the block ends; an exception that passes is its failure, by its class alone."""
    return _UNFOLLOWED if _tracer is None else _tracer.step(name, facts, kind, parent)


def onward() -> Mapping[str, str]:
    """The headers for a neighbour to go on with this trace; none when nobody follows."""
    return _NOTHING if _tracer is None else _tracer.onward()


def are_followed() -> bool:
    """Whether anybody follows."""
    return _tracer is not None


def follow_with(tracer: Tracer | None) -> None:
    """Have all steps of this process followed from now on; None: no more."""
    global _tracer
    _tracer = tracer
