"""Whether the people that a vote names are as many as it counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from app.model.graph import IRI, Graph, Literal
from app.model.reading import instances, is_true
from app.model.terms import BESLUIT
from app.model.whole import whole_number

SIDES = (
    (BESLUIT.heeftVoorstander, BESLUIT.aantalVoorstanders),
    (BESLUIT.heeftTegenstander, BESLUIT.aantalTegenstanders),
    (BESLUIT.heeftOnthouder, BESLUIT.aantalOnthouders),
)


class Miscount(NamedTuple):
    """How many a vote names on one side, and how many it counts."""

    property: IRI
    named: int
    counted: int


def miscounts(graph: Graph) -> Iterator[tuple[IRI, Miscount]]:
    """Each vote that was not secret, with each side on which names and number differ."""
    for vote in instances(graph, BESLUIT.Stemming):
        if is_true(graph, vote, BESLUIT.geheim):
            continue
        for people, number in SIDES:
            said, named = graph.value(vote, number), len(graph.objects(vote, people))
            counted = whole_number(said.value) if isinstance(said, Literal) else None
            if counted is not None and counted != named:
                yield vote, Miscount(people, named, counted)
