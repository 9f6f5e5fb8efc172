"""What changed between two documents of one type: field by field, in the words of the shape.

    differences({"naam": "A"}, {"naam": "B"}, vereniging)[0].label      # 'Naam'

Of a nested node only that it came, changed or went, and which of its fields changed. Personal values stand in neither
document; `touched` names the nodes of which the vault holds others than before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.model.fields import Document, EntityType, Field, Kind, NodeType
from app.model.terms import ADMS, DCT, LOCN, ORG, PAV, RDF, SCHEMA, VL

What = Literal["toegevoegd", "gewijzigd", "weggehaald"]
ADDED: What = "toegevoegd"
CHANGED: What = "gewijzigd"
REMOVED: What = "weggehaald"

# These follow from the other fields, or count versions: nobody wants to be told.
FOLLOWING = frozenset(
    {
        PAV.version, PAV.lastUpdateOn, SCHEMA.dateModified, DCT.modified, VL.hoogsteVolgnummer, ADMS.identifier,
        LOCN.fullAddress, ORG.hasPrimarySite,
    }
)  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One field of an entity, and what happened to it; `before` and `after` only of a field with one plain value."""

    term: str
    label: str
    shape: str
    what: What
    parts: tuple[str, ...] = ()
    before: Any = None
    after: Any = None


def differences(
    before: Document, after: Document, type: EntityType, touched: Collection[str] = ()
) -> tuple[Difference, ...]:
    """All that differs, in the order of the shape; nothing of what follows from other fields."""
    return tuple(_differences(before, after, type, frozenset(touched)))


def _differences(before: Document, after: Document, type: EntityType, touched: frozenset[str]) -> Iterator[Difference]:
    for field in type.fields:
        if field.path in FOLLOWING:
            continue
        old, new = before.get(field.term), after.get(field.term)
        if field.node is not None:
            yield from _nodes(field, field.node, _by_id(old), _by_id(new), touched)
        elif old != new:
            values = (old, new) if _is_plain(field) else (None, None)
            yield _difference(field, _what(old, new), (), *values)


def _is_plain(field: Field) -> bool:
    """Whether it has one value that a reader takes in at a glance."""
    return not field.is_list and field.kind is not Kind.LANGUAGES and field.datatype != RDF.JSON


def _nodes(
    field: Field, type: NodeType, old: Mapping[str, Document], new: Mapping[str, Document], touched: frozenset[str]
) -> Iterator[Difference]:
    if new.keys() - old.keys():
        yield _difference(field, ADDED)
    changed = [(old[id], new[id]) for id in new if id in old and (old[id] != new[id] or ids_in(new[id]) & touched)]
    parts = dict.fromkeys(part for pair in changed for part in _parts(*pair, type))
    if any(ids_in(after) & touched for _, after in changed) or parts:
        yield _difference(field, CHANGED, tuple(parts))
    if old.keys() - new.keys():
        yield _difference(field, REMOVED)


def _parts(old: Document, new: Document, type: NodeType) -> Iterator[str]:
    """The labels of the fields of a nested node that differ, those of the nodes in it among them."""
    for field in type.fields:
        before, after = old.get(field.term), new.get(field.term)
        if before == after or field.path in FOLLOWING:
            continue
        if field.node is not None and isinstance(before, dict) and isinstance(after, dict):
            yield from _parts(before, after, field.node)
        else:
            yield field.label


def ids_in(document: Document) -> set[str]:
    """The IRIs of a node and of all nodes in it."""
    found = {document["@id"]} if "@id" in document else set()
    for value in document.values():
        for node in value if isinstance(value, list) else [value]:
            if isinstance(node, dict):
                found |= ids_in(node)
    return found


def _by_id(value: Any) -> dict[str, Document]:
    nodes = value if isinstance(value, list) else [] if value is None else [value]
    return {node["@id"]: node for node in nodes}


def _difference(field: Field, what: What, parts: tuple[str, ...] = (), *values: Any) -> Difference:
    return Difference(field.term, field.label, field.shape.value, what, parts, *values)


def _what(old: Any, new: Any) -> What:
    if old is None:
        return ADDED
    return REMOVED if new is None else CHANGED
