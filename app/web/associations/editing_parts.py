"""The buttons of a form that add a part to a list or take one away: they send the form, and nothing is kept yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.model.fields import Document
from app.model.whole import whole_number


def pressed(said: Mapping[str, str]) -> bool:
    """Whether such a button sent the form."""
    return bool(said.get("toevoegen") or said.get("verwijderen"))


def arrange(document: Document, said: Mapping[str, str]) -> None:
    """A part more or less in the document, where a button says so."""
    if path := said.get("verwijderen"):
        _remove(document, path)
    if path := said.get("toevoegen"):
        _add(document, path)


def _add(document: Document, path: str) -> None:
    holder, term = _holder(document, path)
    if isinstance(holder, dict):
        holder.setdefault(term, []).append({})


def _remove(document: Document, path: str) -> None:
    name, _, index = path.rpartition("[")
    holder, term = _holder(document, name)
    place = whole_number(index.removesuffix("]"))
    nodes = holder.get(term) if isinstance(holder, dict) else None
    if isinstance(nodes, list) and place is not None and place < len(nodes):
        del nodes[place]


def _holder(document: Document, path: str) -> tuple[Any, str]:
    """The node that has the last field of a path, and that field: `procedures[0].websites`."""
    *steps, last = path.split(".")
    node: Any = document
    for step in steps:
        term, _, index = step.partition("[")
        node = node.get(term) if isinstance(node, dict) else None
        place = whole_number(index.removesuffix("]"))
        if isinstance(node, list):
            node = node[place] if place is not None and place < len(node) else None
    return node, last
