"""What one row of a list says, as a document in the making, with every value's column remembered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.exchange.spreadsheet.columns import Step
from app.exchange.spreadsheet.headers import Binding
from app.model.codelists import CodeLists

Document = dict[str, Any]
WHOLE_ROW = -1


@dataclass(frozen=True)
class CellProblem:
    """A Dutch sentence beside one cell, or beside the whole row; it never holds what stood there."""

    column: int
    message: str


@dataclass
class Draft:
    """The canonical values of one row; `origins` has the column of each path in the document.

    With `problems` it is to be refused, with `doubts` somebody must decide; `remarks` only tell what was done.
    """

    row: int
    document: Document = field(default_factory=dict, repr=False)
    origins: dict[str, int] = field(default_factory=dict, repr=False)
    problems: list[CellProblem] = field(default_factory=list)
    doubts: list[CellProblem] = field(default_factory=list)
    remarks: list[CellProblem] = field(default_factory=list)
    code: str = ""
    decision: str = ""
    key: str = field(default="", repr=False)
    _nodes: dict[tuple[str, str, str], int] = field(default_factory=dict, repr=False)

    def put(self, steps: tuple[Step, ...], value: Any, binding: Binding, codelists: CodeLists) -> None:
        """Set the value at the end of a path; in a list, beside those that are there."""
        last = steps[-1]
        node, path = self._reach(steps[:-1], binding, codelists) if len(steps) > 1 else (self.document, "")
        if last.selector is None:
            node[last.term] = value
            self.origins[path + last.term] = binding.index
            return
        items = node.setdefault(last.term, [])
        if value not in items:
            self.origins[f"{path}{last.term}[{len(items)}]"] = binding.index
            items.append(value)

    def fill(self, steps: tuple[Step, ...], parts: dict[str, Any], binding: Binding, codelists: CodeLists) -> None:
        """Set several fields of the node at the end of a path; what another column said already stays."""
        node, path = self._reach(steps, binding, codelists)
        for term, value in parts.items():
            node.setdefault(term, value)
            self.origins.setdefault(path + term, binding.index)

    def node(self, term: str, selector: str, part: str) -> Document | None:
        """The node of a list that a path with this selector fills, if any cell did."""
        index = self._nodes.get((term, selector, part))
        return None if index is None else self.document[term][index]

    def keep(self, term: str, wanted: Callable[[Document], bool]) -> None:
        """Take the other nodes out of a list; the origins of those that stay move up with them."""
        before: list[Document] = self.document.get(term, [])
        places = [index for index, node in enumerate(before) if wanted(node)]
        if len(places) == len(before):
            return
        moved = {f"{term}[{old}]": f"{term}[{new}]" for new, old in enumerate(places)}
        origins = {}
        for path, column in self.origins.items():
            start = path[: path.find("]") + 1]
            if not path.startswith(f"{term}["):
                origins[path] = column
            elif start in moved:
                origins[moved[start] + path[len(start) :]] = column
        self.document[term], self.origins = [before[index] for index in places], origins

    def path_of(self, column: int) -> str:
        """The first path that this column filled."""
        return next((path for path, origin in self.origins.items() if origin == column), "")

    def column_of(self, path: str) -> int:
        """The column that filled a path, or the nearest thing to it."""
        if path in self.origins:
            return self.origins[path]
        inside = next((column for origin, column in self.origins.items() if origin.startswith(path)), None)
        if inside is not None:
            return inside
        around, _, _ = path.rpartition(".")
        return self.column_of(around) if around else WHOLE_ROW

    def _reach(self, steps: tuple[Step, ...], binding: Binding, codelists: CodeLists) -> tuple[Document, str]:
        node, path = self.document, ""
        for step in steps:
            if step.selector is None:
                node = node.setdefault(step.term, {})
                path += f"{step.term}."
            else:
                index = self._index(node, step, binding, codelists, path)
                node = node[step.term][index]
                path += f"{step.term}[{index}]."
        return node, path

    def _index(self, node: Document, step: Step, binding: Binding, codelists: CodeLists, path: str) -> int:
        """The place in a list of the node that a step selects, made when it is not there yet."""
        items: list[Document] = node.setdefault(step.term, [])
        selector = step.selector or ""
        name = (path + step.term, selector, binding.part)
        if selector == "+":
            items.append({})
            return len(items) - 1
        if name not in self._nodes:
            term, _, notation = selector.partition("=")
            concept = codelists.find(term, notation) if notation else None
            items.append({term: concept.iri} if concept else {})
            self._nodes[name] = len(items) - 1
        return self._nodes[name]
