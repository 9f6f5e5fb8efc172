"""One row of a list as a product: a new one, or what it changes of the one that is there.

A list is flat: one condition, one procedure, one cost. Of a product that has more than a list can say, a cell that says
what already stands there changes nothing, and any other cell changes only the part that it is about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.exchange.spreadsheet.cells import Cell, CellError, Row
from app.exchange.spreadsheet.columns import Column, Step
from app.exchange.spreadsheet.headers import Binding
from app.model.fields import Document, EntityType, Field, Kind, NodeType
from app.model.languages import NEUTRAL
from app.model.markup import from_plain, plain_text

# A part needs a title, and a list has none.
TITLES: Mapping[str, str] = {
    "voorwaarden": "Voorwaarden", "procedures": "Procedure", "kosten": "Kosten",
    "financieleVoordelen": "Financieel voordeel",
}  # fmt: skip
SITES: Mapping[str, str] = {"websites": "Meer info", "procedures": "Aanvragen"}
QUESTION = "Goed om te weten"
PROOF = "Voeg dit toe aan de aanvraag."


@dataclass(frozen=True)
class Filled:
    """A cell that says something, and the column that it stands in."""

    binding: Binding
    text: str

    @property
    def column(self) -> Column:
        """The column of the cell."""
        return self.binding.column


def filled(row: Row, bindings: Sequence[Binding]) -> list[Filled]:
    """The cells of a row that fill a field."""
    found = ((binding, _text(row.cells[binding.index])) for binding in bindings if binding.index < len(row.cells))
    return [Filled(binding, text) for binding, text in found if text and binding.column.path]


def document_of(cells: Sequence[Filled], type: EntityType, before: Document | None) -> Document:
    """What these cells say: all of a new product, of a known one the fields that become different."""
    language = str((before or {}).get("taalvariant", NEUTRAL))
    document: Document = {}
    for cell in cells:
        first = cell.column.path[0].term
        if first == "code" or (before is not None and _says_the_same(before, cell, type)):
            continue
        if first not in document and before is not None and first in before:
            document[first] = deepcopy(before[first])
        _put(document, cell.column.path, type, cell.text, language)
    _complete(document, language)
    return document


def column_of(path: str, bindings: Sequence[Binding]) -> int | None:
    """The place of the column that fills the field at a path of the document, or the nearest around it."""
    wanted = [step.partition("[")[0] for step in path.split(".")]
    best: tuple[int, int] | None = None
    for binding in bindings:
        own = [step.term for step in binding.column.path]
        shared = next((n for n, pair in enumerate(zip(wanted, own, strict=False)) if pair[0] != pair[1]), None)
        depth = min(len(wanted), len(own)) if shared is None else shared
        if own and depth and (best is None or depth > best[0]):
            best = depth, binding.index
    return best[1] if best else None


def _text(cell: Cell) -> str:
    if cell is None or isinstance(cell, CellError):
        return ""
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _put(node: Document, path: Sequence[Step], type: NodeType, text: str, language: str) -> None:
    step, *rest = path
    found = type.field(step.term)
    if not rest:
        node[step.term] = _value(found, text, language, node.get(step.term))
        return
    assert found.node is not None
    if step.selector is None:
        _put(node.setdefault(step.term, {}), rest, found.node, text, language)
        return
    nodes = node.setdefault(step.term, [])
    if not nodes:
        nodes.append({})
    _put(nodes[0], rest, found.node, text, language)


def _value(found: Field, text: str, language: str, before: Any) -> Any:
    if found.kind is Kind.LANGUAGES and found.several:
        return {"nl": _several(text, ";,\n")}
    if found.kind is Kind.LANGUAGES:
        others = before if isinstance(before, dict) else {}
        return {**others, language: from_plain(text) if found.markup else text}
    return _several(text, ";\n") if found.is_list else text


def _several(text: str, marks: str) -> list[str]:
    for mark in marks[1:]:
        text = text.replace(mark, marks[0])
    return [part.strip() for part in text.split(marks[0]) if part.strip()]


def _says_the_same(before: Document, cell: Filled, type: EntityType) -> bool:
    """Whether the product says this already, whatever markup it says it with."""
    value: Any = before
    node: NodeType = type
    found: Field | None = None
    for step in cell.column.path:
        found = node.field(step.term)
        value = value.get(step.term) if isinstance(value, dict) else None
        if isinstance(value, list) and step.selector is not None:
            value = value[0] if value else None
        node = found.node or node
    if isinstance(value, dict) and found is not None and found.kind is Kind.LANGUAGES and not found.several:
        return any(plain_text(text) == plain_text(from_plain(cell.text)) for text in value.values())
    return False


def _complete(document: Document, language: str) -> None:
    """Titles for parts that a list has only the text of."""
    for term, title in TITLES.items():
        for part in document.get(term, ()):
            part.setdefault("naam", {language: title})
            part.setdefault("beschrijving", {language: title})
            for site in part.get("websites", ()):
                site.setdefault("naam", {language: SITES["procedures"]})
            if proof := part.get("bewijs"):
                proof.setdefault("beschrijving", {language: f"<p>{PROOF}</p>"})
    for site in document.get("websites", ()):
        site.setdefault("naam", {language: SITES["websites"]})
    for each in document.get("interneInfo", ()):
        each.setdefault("vraag", QUESTION)
