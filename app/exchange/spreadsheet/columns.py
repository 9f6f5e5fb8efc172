"""Which columns a list may have: read from `ontology/spreadsheet/*.ttl`, so a column is data and not code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.model.graph import IRI, Graph, Literal, Subject, parse_graph
from app.model.terms import RDF, RDFS, SH, SKOS, VL, Namespace

CSVW = Namespace("http://www.w3.org/ns/csvw#")
STEP = re.compile(r"([A-Za-z]+)(?:\[([^\]]*)\])?")
DEFAULT_KIND = "tekst"


@dataclass(frozen=True)
class Step:
    """One step of a path: a field, and in a list which node of it.

    "+" is a new one for each value, "*" the one of the column's group, `a=b` the one whose a is the concept b.
    """

    term: str
    selector: str | None = None


@dataclass(frozen=True)
class Group:
    """Columns that belong together; a title above, before or after theirs says so. `roles` name a role."""

    key: str
    label: str
    order: float
    titles: frozenset[str]
    roles: frozenset[str]


@dataclass(frozen=True)
class Column:
    """One column that we know: its header in the template, other headers, and what a cell of it fills."""

    key: str
    label: str
    help: str
    example: str
    group: Group
    order: float
    titles: frozenset[str] = field(repr=False)
    path: tuple[Step, ...]
    kind: str
    separator: str | None
    required: bool
    in_template: bool
    beside: str | None

    @property
    def repeats(self) -> bool:
        """Whether several columns may fill it together, such as two for e-mail."""
        return any(step.selector == "+" for step in self.path)


def load_columns(root: Path, plural: str = "verenigingen") -> tuple[Column, ...]:
    """The columns of one kind of list, in the order of the template."""
    graph = parse_graph((root / "ontology" / "spreadsheet" / f"{plural}.ttl").read_bytes(), base=f"urn:x:{plural}")
    groups = {node: _group(graph, node) for node in _all(graph, SH.PropertyGroup)}
    columns = (_column(graph, node, groups) for node in _all(graph, CSVW.Column))
    return tuple(sorted(columns, key=lambda column: (column.group.order, column.order)))


def parse_path(text: str) -> tuple[Step, ...]:
    """The steps of a path.

    >>> parse_path("contactgegevens[+].email")
    (Step(term='contactgegevens', selector='+'), Step(term='email', selector=None))
    """
    return tuple(Step(found[1], found[2]) for found in STEP.finditer(text))


def _all(graph: Graph, type: IRI) -> Iterator[Subject]:
    return (node for node in graph.subjects() if type in graph.objects(node, RDF.type))


def _group(graph: Graph, node: Subject) -> Group:
    order = float(_text(graph, node, SH.order))
    titles = frozenset(_texts(graph, node, CSVW["title"]))
    return Group(_key(node), _text(graph, node, RDFS.label), order, titles, frozenset(_texts(graph, node, VL.rol)))


def _column(graph: Graph, node: Subject, groups: dict[Subject, Group]) -> Column:
    beside = graph.value(node, VL.naast)
    group = graph.value(node, SH.group)
    assert isinstance(group, IRI), f"{node} needs a sh:group"
    return Column(
        key=_text(graph, node, CSVW.name),
        label=_text(graph, node, RDFS.label),
        help=_text(graph, node, RDFS.comment),
        example=_text(graph, node, SKOS.example),
        group=groups[group],
        order=float(_text(graph, node, SH.order)),
        titles=frozenset(_texts(graph, node, CSVW["title"])),
        path=parse_path(_text(graph, node, VL.pad)),
        kind=_text(graph, node, VL.celsoort) or DEFAULT_KIND,
        separator=_text(graph, node, CSVW.separator) or None,
        required=_text(graph, node, CSVW.required) == "true",
        in_template=_text(graph, node, VL.inSjabloon) != "false",
        beside=_key(beside) if isinstance(beside, IRI) else None,
    )


def _key(node: Subject) -> str:
    return node.value.rpartition("#")[2]


def _texts(graph: Graph, node: Subject, predicate: IRI) -> Iterator[str]:
    return (value.value for value in graph.objects(node, predicate) if isinstance(value, Literal))


def _text(graph: Graph, node: Subject, predicate: IRI) -> str:
    return next(_texts(graph, node, predicate), "")
