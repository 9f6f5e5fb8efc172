"""Which columns a list may have: read from `ontology/spreadsheet/*.ttl`, so a column is data and not code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.model.graph import IRI, Graph, parse_graph
from app.model.reading import instances, iri_of, needed_iri, number_of, text_of, texts_of
from app.model.terms import RDFS, SH, SKOS, VL, Namespace

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
    groups = {node: _group(graph, node) for node in instances(graph, SH.PropertyGroup)}
    columns = (_column(graph, node, groups) for node in instances(graph, CSVW.Column))
    return tuple(sorted(columns, key=lambda column: (column.group.order, column.order)))


def parse_path(text: str) -> tuple[Step, ...]:
    """The steps of a path.

    >>> parse_path("contactgegevens[+].email")
    (Step(term='contactgegevens', selector='+'), Step(term='email', selector=None))
    """
    return tuple(Step(found[1], found[2]) for found in STEP.finditer(text))


def _group(graph: Graph, node: IRI) -> Group:
    order = number_of(graph, node, SH.order) or 0
    titles = frozenset(texts_of(graph, node, CSVW["title"]))
    return Group(_key(node), text_of(graph, node, RDFS.label), order, titles, frozenset(texts_of(graph, node, VL.rol)))


def _column(graph: Graph, node: IRI, groups: Mapping[IRI, Group]) -> Column:
    beside = iri_of(graph, node, VL.naast)
    return Column(
        key=text_of(graph, node, CSVW.name),
        label=text_of(graph, node, RDFS.label),
        help=text_of(graph, node, RDFS.comment),
        example=text_of(graph, node, SKOS.example),
        group=groups[needed_iri(graph, node, SH.group)],
        order=number_of(graph, node, SH.order) or 0,
        titles=frozenset(texts_of(graph, node, CSVW["title"])),
        path=parse_path(text_of(graph, node, VL.pad)),
        kind=text_of(graph, node, VL.celsoort) or DEFAULT_KIND,
        separator=text_of(graph, node, CSVW.separator) or None,
        required=text_of(graph, node, CSVW.required) == "true",
        in_template=text_of(graph, node, VL.inSjabloon) != "false",
        beside=_key(beside) if beside else None,
    )


def _key(node: IRI) -> str:
    return node.value.rpartition("#")[2]
