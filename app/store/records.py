"""What the log takes in and gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.store.vault import Personal

Operation = Literal["create", "update", "delete"]
Name = tuple[str, str]


@dataclass(frozen=True)
class NewVersion:
    """What one command made of one entity, not yet in the log.

    `public` and `internal` are N-Triples without blank nodes and disjoint: the internal store gets both, the public one
    only the first. `feeds`, `claims`, `keys` and `summary` are the whole of what holds from now on, not a change to
    what held; `personal` names only the nodes whose values change.
    """

    entity: str
    kind: str
    number: int
    operation: Operation
    activity: str
    actor: str
    reason: str
    public: bytes | None
    internal: bytes
    feeds: tuple[str, ...] = ()
    claims: frozenset[Name] = frozenset()
    keys: frozenset[Name] = frozenset()
    summary: bytes = b""
    replaced_by: str | None = None
    personal: tuple[Personal, ...] = ()

    def __post_init__(self) -> None:
        if self.public is None and self.feeds:
            raise ValueError("what is not public stands in no feed")


@dataclass(frozen=True)
class Version:
    """One row of the log."""

    sequence: int
    entity: str
    kind: str
    number: int
    operation: Operation
    time: str
    activity: str
    actor: str
    reason: str
    public: bytes | None
    internal: bytes
    replaced_by: str | None
    on_behalf_of: str = ""

    @property
    def answerable(self) -> str:
        """The organisation that answers for it: the one that was acted for, else the one that acted."""
        return self.on_behalf_of or self.actor

    def iri(self, base: str) -> str:
        """The IRI of the version: under our own base, also where the entity has an IRI of others."""
        return f"{base}/id/{self.kind}/{self.entity.rpartition('/')[2]}/versie/{self.number}"

    @property
    def ended(self) -> bool:
        """Removed, or a double of another: its address says what took its place."""
        return self.operation == "delete" or self.replaced_by is not None


@dataclass(frozen=True)
class Member:
    """One member of one feed; `operation` is what happened as seen from that feed.

    An association that leaves a municipality is an update in the log and in the full feed, and a delete in the view of
    the municipality that it left.
    """

    feed: str
    position: int
    sequence: int
    operation: Operation
    version: Version

    @property
    def left_view(self) -> bool:
        """The entity is still public, but no more in this feed."""
        return self.operation == "delete" and self.version.public is not None
