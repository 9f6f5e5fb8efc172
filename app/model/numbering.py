"""Gives nested nodes an IRI that stays theirs: `…/V0001001#locatie-3`, by a number that never comes back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from app.model.fields import KEYWORDS, Document, EntityType, Field, Kind, NodeType
from app.model.terms import VL


def number_of(iri: str) -> int:
    """The number at the end of a nested node's IRI, 0 when there is none."""
    digits = iri.rpartition("-")[2]
    return int(digits) if digits.isdecimal() else 0


def number_nodes(document: Document, type: EntityType, iri: str, previous: Document | None) -> Document:
    """`document` with an "@id" on every nested node, and the counter of numbers ever given.

    A node keeps the IRI of the node in `previous` (personal values included, see `join`) that has the same "@id", says
    the same, or is recognised by the fields with vl:herkent; or that stood in the same single-valued field. Any other
    node gets the next number; an "@id" that `previous` does not know is replaced, unless the type keeps those of parts.
    """
    counter = type.by_path.get(VL.hoogsteVolgnummer)
    before = previous or {}
    own = f"{type.parts(iri)}#" if type.keeps_parts else None
    numbering = _Numbering(type.parts(iri), before.get(counter.term, 0) if counter else 0, own)
    numbered = {**numbering.node(document, before, type), "@id": iri}
    if counter:
        numbered[counter.term] = numbering.highest
    return numbered


@dataclass
class _Numbering:
    """The highest number given so far for one entity."""

    iri: str
    highest: int
    # What an IRI that a supplied part already has starts with, where those are kept.
    own: str | None = None

    def node(self, document: Document, before: Document, type: NodeType) -> Document:
        return {term: self._value(value, before.get(term), type.by_term.get(term)) for term, value in document.items()}

    def _value(self, value: Any, before: Any, field: Field | None) -> Any:
        if field is None or field.node is None or not value:
            return value
        if isinstance(value, dict):
            return self._identified(value, before if isinstance(before, dict) else None, field.node)
        if not isinstance(value, list):
            return value
        old = [node for node in before or () if isinstance(node, dict)]
        matches = _match([node for node in value if isinstance(node, dict)], old, field.node) if old else {}
        return [self._identified(n, matches.get(id(n)), field.node) if isinstance(n, dict) else n for n in value]

    def _identified(self, node: Document, before: Document | None, type: NodeType) -> Document:
        if self.own and str(node.get("@id", "")).startswith(self.own):
            iri = node["@id"]
        elif before is None:
            self.highest += 1
            iri = f"{self.iri}#{type.name}-{self.highest}"
        else:
            iri = before["@id"]
        return {"@id": iri, **{t: v for t, v in self.node(node, before or {}, type).items() if t != "@id"}}


def _match(new: list[Document], old: list[Document], type: NodeType) -> dict[int, Document]:
    """For each new node, by identity of the object, the old node that it continues."""
    matches: dict[int, Document] = {}
    for key in (_by_id, _by_content, _by_recognition):
        new_keys = [(key(node, type), node) for node in new if id(node) not in matches]
        taken = {id(node) for node in matches.values()}
        old_keys = [(key(node, type), node) for node in old if id(node) not in taken]
        seen = Counter(k for k, _ in new_keys)
        candidates: dict[Hashable, list[Document]] = {}
        for k, node in old_keys:
            candidates.setdefault(k, []).append(node)
        for k, node in new_keys:
            found = candidates.get(k, [])
            # Two that look alike cannot be told apart by recognition, but twins with the same content may swap.
            if k and found and (key is not _by_recognition or seen[k] == len(found) == 1):
                matches[id(node)] = found.pop(0)
    return matches


def _by_id(node: Document, type: NodeType) -> Hashable:
    return node.get("@id")


def _by_content(node: Document, type: NodeType) -> Hashable:
    return frozenset(
        (term, _frozen(value, type.by_term.get(term)))
        for term, value in node.items()
        if term not in KEYWORDS and value is not None and value != []
    )


def _by_recognition(node: Document, type: NodeType) -> Hashable:
    values = ((f.term, _frozen(node.get(f.term), f)) for f in type.fields if f.recognises)
    return tuple((term, value) for term, value in values if value is not None)


def _frozen(value: Any, field: Field | None) -> Hashable:
    """A value as something to compare by: order within a list does not count, nor what stands beside a link."""
    if isinstance(value, list):
        return frozenset(_frozen(item, field) for item in value)
    if not isinstance(value, Mapping):
        return str(value) if isinstance(value, float) else value
    if field is not None and field.kind is Kind.LINK:
        return value.get("@id")
    return _by_content(dict(value), field.node) if field and field.node else str(sorted(value.items()))
