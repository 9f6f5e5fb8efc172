"""What a graph says of a node, as plain values: Dutch texts, IRIs, numbers, lists.

    text_of(shapes, shape, SH.name), iris_of(shapes, shape, SH.property)

A literal counts as it is written: what others send is looked at more closely by who reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from app.model.graph import IRI, Graph, Literal, Subject, Term
from app.model.terms import RDF, SH

_Node = TypeVar("_Node", bound=Subject)


def instances(graph: Graph, *classes: IRI) -> list[IRI]:
    """What is of one of these classes and has an IRI, in the order of the graph."""
    kinds = set(classes)
    named = (node for node in graph.subjects() if isinstance(node, IRI))
    return [node for node in named if not kinds.isdisjoint(graph.objects(node, RDF.type))]


def text_of(graph: Graph, node: Subject, property: IRI) -> str:
    """The first text of a property that is Dutch or of no language; empty when there is none."""
    literals = (each for each in graph.objects(node, property) if isinstance(each, Literal))
    return next((each.value for each in literals if each.language in (None, "nl")), "")


def texts_of(graph: Graph, node: Subject, property: IRI) -> tuple[str, ...]:
    """All texts of a property, in any language."""
    return tuple(each.value for each in graph.objects(node, property) if isinstance(each, Literal))


def number_of(graph: Graph, node: Subject, property: IRI) -> float | None:
    """The number that a property has."""
    found = graph.value(node, property)
    return float(found.value) if isinstance(found, Literal) else None


def is_true(graph: Graph, node: Subject, property: IRI) -> bool:
    """Whether a property says `true`."""
    return graph.value(node, property) == Literal(True)


def iri_of(graph: Graph, node: Subject, property: IRI) -> IRI | None:
    """The IRI that a property has."""
    found = graph.value(node, property)
    return found if isinstance(found, IRI) else None


def needed_iri(graph: Graph, node: Subject, property: IRI) -> IRI:
    """The IRI that a property must have; raises ValueError naming node and property."""
    found = iri_of(graph, node, property)
    if found is None:
        raise ValueError(f"{node} needs an IRI as {property}")
    return found


def iris_of(graph: Graph, node: Subject, property: IRI) -> tuple[IRI, ...]:
    """All IRIs that a property has."""
    return tuple(each for each in graph.objects(node, property) if isinstance(each, IRI))


def nodes_of(graph: Graph, node: Subject, property: IRI) -> tuple[Subject, ...]:
    """All that a property points at, with an IRI or without."""
    return tuple(each for each in graph.objects(node, property) if not isinstance(each, Literal))


def items(graph: Graph, head: Term | None) -> Iterator[Term]:
    """The members of an RDF list; nothing of what is no list."""
    while head is not None and head != RDF.nil and not isinstance(head, Literal):
        yield from graph.objects(head, RDF.first)
        head = graph.value(head, RDF.rest)


def ordered(graph: Graph, nodes: Iterable[_Node]) -> list[_Node]:
    """These by their sh:order."""
    return sorted(nodes, key=lambda node: number_of(graph, node, SH.order) or 0.0)
