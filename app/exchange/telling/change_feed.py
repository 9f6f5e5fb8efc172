"""What everybody may know of changes, as entries: of a feed of the log, or of one entity.

    source = OfFeed("verenigingen/gemeente/44021", log, teller)
    source.entries(source.size() - 9, source.size())     # the last ten, oldest first

Positions begin at 1 and have no gaps, so a reader that knows where it was gets all that came after, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.register.events import event_of
from app.register.telling.messages import Message, Teller
from app.store.log import Log
from app.store.outbox import Notice
from app.store.records import Operation, Version

HAPPENED = {"create": "nieuw", "update": "gewijzigd", "delete": "verdwenen"}


@dataclass(frozen=True)
class Entry:
    """One change at its position in a source; `id` is the IRI of the version."""

    position: int
    id: str
    time: str
    title: str
    message: Message


class Source(Protocol):
    """Changes at positions."""

    def size(self) -> int:
        """The last position; 0 when there is none."""
        ...

    def entries(self, first: int, last: int) -> list[Entry]:
        """Those from one position to another, both included."""
        ...


@dataclass(frozen=True)
class OfFeed:
    """The members of a feed of the log."""

    feed: str
    log: Log
    teller: Teller

    def size(self) -> int:
        """How many changes there are."""
        return self.log.feed_size(self.feed)

    def entries(self, first: int, last: int) -> list[Entry]:
        """The changes from one position to another."""
        members = self.log.members(self.feed, first, last)
        return [_entry(one.position, one.version, one.operation, self.log, self.teller) for one in members]


@dataclass(frozen=True)
class OfEntity:
    """The versions of one entity that everybody may know of, oldest first."""

    versions: Sequence[Version]
    log: Log
    teller: Teller

    def size(self) -> int:
        """How many versions there are."""
        return len(self.versions)

    def entries(self, first: int, last: int) -> list[Entry]:
        """The changes from one version to another."""
        chosen: Iterable[tuple[int, Version]] = enumerate(self.versions[max(first, 1) - 1 : last], max(first, 1))
        return [_entry(position, one, one.operation, self.log, self.teller) for position, one in chosen]


def _entry(position: int, version: Version, operation: Operation, log: Log, teller: Teller) -> Entry:
    previous = log.version(version.entity, version.number - 1) if version.number > 1 else None
    event = event_of(version, previous, Notice(0, version.sequence, (), ()), teller.schema, teller.codelists)
    message = teller.message(event, event.seen, internal=False)
    # Seen from the feed of a municipality, an association that moves there is new, and one that leaves has gone.
    message["bewerking"] = HAPPENED[operation]
    return Entry(position, version.iri(teller.schema.base), version.time, _title(message), message)


def _title(message: Message) -> str:
    name = f"{message['naam']} ({message['code']})" if message["naam"] else message["code"]
    return f"{name}: {message['samenvatting']}"
