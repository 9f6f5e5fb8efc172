"""What others send of a product that we have: whole by their model, with what that model cannot say kept as it is.

    supplied = as_sent(document, before, type, terms_of_model(contexts))

The model of LPDC has no owners, review dates, internal information, links between products or conditions that can be
decided; nor, in a part, its criteria or opening times. What it has and the sender left out, is no more.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

from app.exchange.ldes.contexts import MODEL, Contexts
from app.model.fields import KEYWORDS, Document, EntityType, NodeType
from app.register.stamps import is_stamp

# By what one recognises a part that was sent again without its name: any of these is the same.
MARKS = ("naam", "url", "email", "telefoonnummer")


def terms_of_model(contexts: Contexts) -> frozenset[str]:
    """The terms that a sender has."""
    return frozenset(contexts[MODEL])


def as_sent(sent: Document, before: Document, type: EntityType, model: Container[str]) -> Document:
    """The fields to change: each one of the model as sent or empty, and nothing of the others that was not sent."""
    left_out = {field.term: None for field in type.fields if field.term in model and not is_stamp(field.path)}
    return {**left_out, **_kept_in_parts(sent, before, type, model)}


def _kept_in_parts(sent: Document, before: Document, type: NodeType, model: Container[str]) -> Document:
    kept = dict(sent)
    for field in type.fields:
        new, old = sent.get(field.term), before.get(field.term)
        if field.node is None or not new or not old:
            continue
        if isinstance(new, list) and isinstance(old, list):
            pairs = zip(new, _as_they_were(new, old), strict=True)
            kept[field.term] = [_part(part, was, field.node, model) for part, was in pairs]
        elif isinstance(new, dict) and isinstance(old, dict):
            kept[field.term] = _part(new, old, field.node, model)
    return kept


def _part(sent: Any, before: Document | None, type: NodeType, model: Container[str]) -> Any:
    if before is None or not isinstance(sent, dict):
        return sent
    unsaid = {term: value for term, value in before.items() if term == "@id" or not (term in model or term in KEYWORDS)}
    return {**unsaid, **_kept_in_parts(sent, before, type, model)}


def _as_they_were(new: list[Any], old: list[Document]) -> list[Document | None]:
    """Of each part what it was: what bears the same mark; else what stood in its place, when none came or went."""
    left = dict(enumerate(old))
    found: list[Document | None] = []
    for part in new:
        same = next((place for place, each in left.items() if _marks(part) & _marks(each)), None)
        found.append(left.pop(same) if same is not None else None)
    if len(new) == len(old):
        found = [was or left.pop(place, None) for place, was in enumerate(found)]
    return found


def _marks(part: Any) -> frozenset[tuple[str, str]]:
    found = ((term, part[term]) for term in MARKS if isinstance(part, Mapping) and part.get(term))
    return frozenset((term, text) for term, value in found for text in _texts(value))


def _texts(value: Any) -> list[str]:
    return [str(text) for text in value.values()] if isinstance(value, Mapping) else [str(value)]
