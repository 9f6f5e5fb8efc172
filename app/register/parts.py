"""One part of an association at a time: add a location, change a contact detail, drop a membership.

    edited(document, [Add("locaties", {...}), Drop("contactgegevens", 7)])      # {"locaties": [...], ...}

A part is known by the number at the end of its IRI, which is never given twice within one association.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.errors import Problem, Refused
from app.model.fields import Document
from app.model.numbering import number_of

NOT_THERE = "Wat u wilt wijzigen, staat niet (meer) bij deze vereniging."


@dataclass(frozen=True)
class Add:
    """One part more in the list of this field."""

    term: str
    node: Document = field(repr=False)


@dataclass(frozen=True)
class Replace:
    """Other values for some fields of a part: what `change` makes of it; None clears one."""

    term: str
    number: int
    change: Callable[[Document], Document] = field(repr=False)


@dataclass(frozen=True)
class Drop:
    """One part less."""

    term: str
    number: int


Edit = Add | Replace | Drop


def edited(document: Mapping[str, Any], edits: Iterable[Edit]) -> Document:
    """The lists of parts as they become; raises Refused for a part that is not there."""
    lists: Document = {}
    for edit in edits:
        nodes = lists.get(edit.term, document.get(edit.term, []))
        lists[edit.term] = _edited(list(nodes), edit)
    return lists


def part(document: Mapping[str, Any], term: str, number: int) -> Document:
    """The part with this number; raises Refused when it is not there."""
    nodes: list[Document] = document.get(term, [])
    return nodes[_place(nodes, term, number)]


def plain(value: Any) -> Any:
    """A value without the classes of nodes, which a stored document states and a supplied one need not."""
    if isinstance(value, dict):
        return {term: plain(each) for term, each in value.items() if term != "@type"}
    return [plain(each) for each in value] if isinstance(value, list) else value


def newest(document: Mapping[str, Any], term: str) -> int:
    """The number of the part that was added last."""
    return max(number_of(node["@id"]) for node in document[term])


def _edited(nodes: list[Document], edit: Edit) -> list[Document]:
    if isinstance(edit, Add):
        return [*nodes, edit.node]
    place = _place(nodes, edit.term, edit.number)
    if isinstance(edit, Drop):
        return nodes[:place] + nodes[place + 1 :]
    return [*nodes[:place], {**nodes[place], **edit.change(nodes[place])}, *nodes[place + 1 :]]


def _place(nodes: list[Document], term: str, number: int) -> int:
    for place, node in enumerate(nodes):
        if number_of(node.get("@id", "")) == number:
            return place
    raise Refused(NOT_THERE, [Problem(term, f"Er is geen onderdeel met nummer {number}.")])
