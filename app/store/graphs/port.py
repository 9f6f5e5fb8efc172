"""The port to a SPARQL store; the contract that every implementation keeps stands in the docstrings here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from app.model.graph import Graph
from app.model.terms import VL

# One graph that tells how far the store is; its only subject bears the same name.
BOOKKEEPING = "urn:x-verenigingsloket:store"
APPLIED = VL.toegepasteVolgorde
STATIC = VL.vasteGraaf
OWNER = VL.vanLogboek


@dataclass(frozen=True)
class Change:
    """What one named graph holds from now on: N-Triples without blank nodes; empty to remove the graph."""

    graph: str
    triples: bytes


class Graphs(Protocol):
    """A store of named graphs, one for each entity, that is a projection of the log.

    Queries run on the union of all graphs and are trusted: questions of strangers go to the query workers.
    Every method may be called from several threads. A method that writes returns when readers see what was written; it
    need not be on disk, because the log is.
    """

    def applied(self) -> int:
        """The sequence of the log up to which this store is complete; 0 when it is new."""

    def apply(self, changes: Sequence[Change], sequence: int) -> None:
        """Replace these graphs and move `applied` to `sequence`, all of it or nothing, also when killed.

        An engine without transactions may keep a part when killed; `applied` has not moved then, as with `bulk`.
        Does nothing when `sequence` is not beyond `applied`: somebody else was first.
        """

    def bulk(self, changes: Sequence[Change], sequence: int | None) -> None:
        """As `apply`, much faster for many new graphs, but a reader may see a part of it; None: `applied` stays.

        When killed, `applied` has not moved, and applying the same or later changes again makes good.
        """

    def load_static(self, graph: str, content: Graph) -> bool:
        """Let a graph that is not in the log (a code list) hold this; answers whether that was a change."""

    def belongs_to(self, log: str) -> bool:
        """Whether this is a store of the log with this name; one that bears no name yet is, from now on.

        An empty name says nothing.
        """

    def query(self, text: str, accept: str | None = None) -> bytes:
        """Answer in the media type `accept`; by default SPARQL JSON, and N-Triples for CONSTRUCT and DESCRIBE.

        Raises BadQuery for wrong syntax.
        """

    def describe(self, entity: str) -> Graph:
        """The graph of an entity; empty when there is none."""

    def flush(self) -> None:
        """Have everything on disk."""

    def close(self) -> None:
        """Let go of the files or connections."""
