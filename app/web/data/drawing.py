"""A small graph as a picture: the entity at the left, what it leads to at its right, in lines that never cross.

    drawing = draw(graph, IRI(found.iri), names)      # coordinates, for an SVG without any style of its own

A picture is for who sees it: `rows` says the same as a table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from app.model.graph import IRI, Graph, Literal, Subject, Term

ROW, TOP, WIDTH, GAP, SIDE = 34, 20, 250, 190, 12
MOST_ROWS, DEPTH, LONGEST = 48, 3, 34
Naming = Callable[[Term], str]


@dataclass(frozen=True)
class Box:
    """One node: where it stands, what is in it, and whether it leads on or is a value."""

    x: int
    y: int
    text: str
    iri: str
    is_value: bool


@dataclass(frozen=True)
class Edge:
    """A line from one node to another, with the property on it."""

    x: int
    y: int
    to_x: int
    to_y: int
    label: str


@dataclass
class Drawing:
    """All of it; `left_out` is how much more there is than fits."""

    boxes: list[Box] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    rows: list[tuple[str, str, str, str]] = field(default_factory=list)
    height: int = 0
    left_out: int = 0
    width: int = DEPTH * WIDTH + (DEPTH - 1) * GAP + 2 * SIDE
    row: int = ROW
    box: int = WIDTH


def draw(graph: Graph, root: IRI, name: Naming) -> Drawing:
    """The tree that begins at the root: three steps deep, each node once."""
    drawing = Drawing()
    seen: set[Subject] = {root}
    lines = _place(graph, root, name, drawing, seen, 0, 0)
    drawing.height = TOP * 2 + max(lines, 1) * ROW
    return drawing


def short(text: str) -> str:
    """As much as fits in a box."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _place(
    graph: Graph, node: Term, name: Naming, drawing: Drawing, seen: set[Subject], depth: int, line: int
) -> int:  # fmt: skip
    """Put a node and all that hangs on it, from this line on; answers how many lines that took."""
    x, used = SIDE + depth * (WIDTH + GAP), 0
    middle: list[int] = []
    for predicate, object in _leading(graph, node, seen, depth):
        if line + used >= MOST_ROWS:
            drawing.left_out += 1
            continue
        taken = _place(graph, object, name, drawing, seen, depth + 1, line + used)
        y = drawing.boxes[-1].y
        drawing.edges.append(Edge(x + WIDTH, 0, x + WIDTH + GAP, y, name(predicate)))
        drawing.rows.append((name(node), name(predicate), name(object), _iri(object)))
        middle.append(len(drawing.edges) - 1)
        used += taken
    own = TOP + line * ROW + (max(used, 1) * ROW) // 2
    for index in middle:
        edge = drawing.edges[index]
        drawing.edges[index] = Edge(edge.x, own, edge.to_x, edge.to_y, edge.label)
    drawing.boxes.append(Box(x, own, short(name(node)), _iri(node), isinstance(node, Literal)))
    return max(used, 1)


def _leading(graph: Graph, node: Term, seen: set[Subject], depth: int) -> Iterator[tuple[IRI, Term]]:
    """What a node leads to, values first; a node that is there already is not drawn again."""
    if isinstance(node, Literal) or depth >= DEPTH - 1:
        return
    found = [(predicate, object) for predicate, objects in graph.described(node).items() for object in objects]
    for predicate, object in sorted(found, key=lambda pair: (not isinstance(pair[1], Literal), pair[0].value)):
        if isinstance(object, Literal):
            yield predicate, object
        elif object not in seen:
            seen.add(object)
            yield predicate, object


def _iri(term: Term) -> str:
    return term.value if isinstance(term, IRI) else ""
