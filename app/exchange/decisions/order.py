"""The order of agenda items, treatments and articles, as numbers: pages give it as a list from the last to the first.

    ordered([c, a, b], {b: a, c: b}.get)      # [a, b, c]

https://data.vlaanderen.be/doc/applicatieprofiel/besluit-publicatie: aangebrachtNa and gebeurtNa point to the previous.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from app.exchange.decisions.terms import ARTICLE, ITEM, TREATMENT
from app.exchange.rdfa.reading import Page
from app.model.graph import IRI, Graph, Literal, Term
from app.model.reading import instances
from app.model.terms import BESLUIT, SH

PREVIOUS: Mapping[IRI, IRI | None] = {
    ITEM: BESLUIT.aangebrachtNa,
    TREATMENT: BESLUIT.gebeurtNa,
    ARTICLE: None,
}


def ordered(things: Sequence[IRI], previous: Callable[[IRI], Term | None]) -> list[IRI]:
    """Each after the one that it says to come after; the rest, and what goes round in circles, as they stand."""
    known = set(things)
    after: dict[Term | None, list[IRI]] = {}
    for thing in things:
        before = previous(thing)
        after.setdefault(before if before in known and before != thing else None, []).append(thing)
    found: list[IRI] = []
    waiting = list(reversed(after.get(None, [])))
    while waiting:
        thing = waiting.pop()
        found.append(thing)
        waiting += reversed(after.get(thing, []))
    return found + [thing for thing in things if thing not in set(found)]


def number(page: Page) -> Graph:
    """The graph of a page with a number on everything that has a place in an order: by its list, else by its line."""
    numbered = Graph() | page.graph
    for class_, previous in PREVIOUS.items():
        members = sorted(instances(page.graph, class_), key=lambda member: page.line(member) or 0)
        for place, member in enumerate(_ordered(page.graph, members, previous), start=1):
            numbered.set(member, SH.order, Literal(place))
    return numbered


def _ordered(graph: Graph, members: Sequence[IRI], previous: IRI | None) -> Sequence[IRI]:
    if previous is None:
        return members
    return ordered(members, lambda member: graph.value(member, previous))
