"""The lists for spreadsheets as data: which there are, their columns, and an association as rows of each.

    tables = load_tables(root)
    rows_of(tables[0], shown)      # one tuple for each row, in the order of the columns

`ontology/odata.ttl` says what stands in which column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.exchange.register_api.json import Json, RegisterJson
from app.model.documents import Document
from app.model.graph import Graph, Subject, parse_graph
from app.model.reading import instances, nodes_of, ordered, text_of, texts_of
from app.model.terms import RDFS, VL, Namespace
from app.store.times import iso

CSVW = Namespace("http://www.w3.org/ns/csvw#")
FILE = "odata.ttl"
STEP = re.compile(r"([@A-Za-z]+)((?:\[[^\]]*\])*)")
SELECTOR = re.compile(r"\[([^\]]*)\]")
BETWEEN = "; "
Cell = str | int | bool | None


@dataclass(frozen=True)
class Column:
    """One column; `type` is string, integer, boolean, date or dateTime."""

    name: str
    label: str
    help: str
    type: str
    steps: tuple[tuple[str, tuple[str, ...]], ...] = field(repr=False)
    within_row: bool


@dataclass(frozen=True)
class Table:
    """One list; `path` names the nodes that are its rows, and is empty where the association itself is one."""

    name: str
    singular: str
    label: str
    help: str
    path: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column | None:
        """The column with this name."""
        return next((column for column in self.columns if column.name == name), None)


@lru_cache(maxsize=4)
def load_tables(root: Path) -> tuple[Table, ...]:
    """The lists, the one of the associations first."""
    graph = parse_graph((root / "ontology" / FILE).read_bytes(), base="urn:x:odata")
    return tuple(_table(graph, node) for node in ordered(graph, instances(graph, CSVW.Table)))


def shown_as(document: Document, shaped: RegisterJson) -> Json:
    """What the paths of the columns are paths in."""
    detail = shaped.detail(document, lambda iri: "")
    return {
        **detail,
        "document": document,
        "iri": document.get("@id", ""),
        "gemeenten": shaped.concepts(document.get("gemeente", [])),
        "isErkend": shaped.is_recognised(document),
    }


def rows_of(table: Table, shown: Json) -> list[tuple[Cell, ...]]:
    """The rows of one association."""
    nodes = shown.get(table.path, ()) if table.path else (shown,)
    return [tuple(_cell(column, shown, node) for column in table.columns) for node in nodes]


def _cell(column: Column, shown: Json, row: Json) -> Cell:
    found = list(_values(row if column.within_row else shown, column.steps))
    if not found:
        return None
    if column.type == "dateTime":
        # One length for all, so that the order of the texts is the order of the times.
        return iso(datetime.fromisoformat(found[0]))
    if column.type != "string":
        return found[0]  # type: ignore[no-any-return]
    # The register's identifiers are long addresses of which the last part tells them apart.
    texts = (each.rpartition("/")[2] if column.steps[-1][0] == "@id" else str(each) for each in found)
    return BETWEEN.join(dict.fromkeys(texts))


def _values(node: Any, steps: tuple[tuple[str, tuple[str, ...]], ...]) -> Iterator[Any]:
    """What is not empty at the end of a path."""
    if not steps:
        if node not in ("", None):
            yield node
        return
    (term, selectors), rest = steps[0], steps[1:]
    value = node.get(term) if isinstance(node, Mapping) else None
    nodes = value if isinstance(value, list) else [value]
    for selector in selectors:
        nodes = _selected(nodes, selector)
    for each in nodes:
        yield from _values(each, rest)


def _selected(nodes: list[Any], selector: str) -> list[Any]:
    if selector == "!":
        return sorted(nodes, key=lambda node: not node.get("isPrimair"))[:1]
    term, _, value = selector.partition("=")
    return [node for node in nodes if node.get(term) == value]


def _table(graph: Graph, node: Subject) -> Table:
    return Table(
        name=text_of(graph, node, CSVW.name),
        singular=text_of(graph, node, VL.enkelvoud),
        label=text_of(graph, node, RDFS.label),
        help=text_of(graph, node, RDFS.comment),
        path=text_of(graph, node, VL.pad),
        key=texts_of(graph, node, CSVW.primaryKey),
        columns=tuple(_column(graph, each) for each in ordered(graph, nodes_of(graph, node, CSVW.column))),
    )


def _column(graph: Graph, node: Subject) -> Column:
    path = text_of(graph, node, VL.pad)
    steps = ((found[1], tuple(SELECTOR.findall(found[2]))) for found in STEP.finditer(path))
    return Column(
        name=text_of(graph, node, CSVW.name),
        label=text_of(graph, node, RDFS.label),
        help=text_of(graph, node, RDFS.comment),
        type=text_of(graph, node, CSVW.datatype) or "string",
        steps=tuple(steps),
        within_row=path.startswith("."),
    )
