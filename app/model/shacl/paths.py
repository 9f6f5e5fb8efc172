"""How property paths are followed: https://www.w3.org/TR/shacl/#property-paths."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from app.model.graph import IRI, Graph, Term
from app.model.shacl.core import Data, Walk


def walk_one(predicate: IRI) -> Walk:
    """Along one property."""
    return lambda focus, data: data.values(focus, predicate)


def walk_known(predicate: IRI, background: Graph) -> Walk:
    """Along one property of the graph under validation and of what is known beside it."""

    def walk(focus: Term, data: Data) -> Collection[Term]:
        known = background.described(focus).get(predicate, ())  # type: ignore[arg-type]
        return dict.fromkeys((*known, *data.values(focus, predicate)))

    return walk


def walk_back(predicate: IRI) -> Walk:
    """Against the direction of one property."""
    return lambda focus, data: [s for s in data.graph.subjects() if focus in data.values(s, predicate)]


def walk_along(steps: Sequence[Walk]) -> Walk:
    """One step after the other."""

    def walk(focus: Term, data: Data) -> Collection[Term]:
        reached: dict[Term, None] = {focus: None}
        for step in steps:
            reached = dict.fromkeys(value for node in reached for value in step(node, data))
        return reached

    return walk


def walk_any(ways: Sequence[Walk]) -> Walk:
    """Along each of these; a value that several lead to is one value."""
    return lambda focus, data: dict.fromkeys(value for way in ways for value in way(focus, data))
