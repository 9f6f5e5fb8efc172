"""How entities of one type behave where their shape does not say it: what follows, what is forbidden, who may.

A type has a `Conduct` in `conducts.CONDUCTS`; a type without one has the default, in which the shape says it all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.errors import Problem
from app.model.fields import Document, EntityType
from app.model.terms import VL
from app.store.records import Name

if TYPE_CHECKING:
    from app.register.desk import Desk


@dataclass(frozen=True)
class Case:
    """What rules look at: a whole document as it would stand, what stood before it, and the desk to look further at.

    `activity` says what happens, where that is more than that somebody made or changed it.
    """

    type: EntityType
    document: Document
    before: Document | None
    desk: Desk
    activity: str = ""


@dataclass(frozen=True)
class Standing:
    """Where an entity is found: the views of its feed (`gemeente/44021`), names that it alone has, names it shares."""

    views: tuple[str, ...] = ()
    claims: frozenset[Name] = frozenset()
    keys: frozenset[Name] = frozenset()
    summary: bytes = b""


Rule = Callable[[Case], Iterable[Problem]]


def nothing(document: Document, desk: Desk) -> None:
    """Nothing follows from what was supplied."""


def nowhere(document: Document, desk: Desk) -> Standing:
    """In the feed of the type alone."""
    return Standing()


def everybody(case: Case) -> None:
    """Whoever may give the command at all may give it for this entity."""


def always(document: Document) -> bool:
    """Everybody may see it."""
    return True


def never(document: Document) -> bool:
    """Nobody but who works with it may see it."""
    return False


@dataclass(frozen=True)
class Conduct:
    """The behaviour of one type.

    `derive` completes a canonical document in place. Each of `rules` yields what is wrong; those in `for_people` are
    advice for what another system sends (`incoming`). `allow` raises Forbidden. `trusting` takes texts as they come,
    for what others answer for. The activities are classes of the vocabulary; those in `quiet` only note something
    beside what people write, and come between nobody and their change. What is `guarded` changes by commands of its own
    alone: nobody creates, changes or archives it as it comes.
    """

    derive: Callable[[Document, Desk], None] = nothing
    rules: tuple[Rule, ...] = ()
    for_people: frozenset[Rule] = frozenset()
    standing: Callable[[Document, Desk], Standing] = nowhere
    allow: Callable[[Case], None] = everybody
    visible: Callable[[Document], bool] = always
    trusting: bool = False
    created: str = VL.Toegevoegd.value
    changed: str = VL.Gewijzigd.value
    archived: str = VL.Gearchiveerd.value
    quiet: frozenset[str] = frozenset()
    guarded: bool = False

    def rules_for(self, incoming: bool) -> tuple[Rule, ...]:
        """The rules that a document must keep."""
        return tuple(rule for rule in self.rules if not (incoming and rule in self.for_people))


DEFAULT = Conduct()
