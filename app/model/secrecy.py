"""Takes a document apart by who may see what, and puts it together again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.model.fields import KEYWORDS, Document, EntityType, Field, NodeType, Secrecy
from app.model.graph import IRI

Personal = dict[str, dict[str, str]]
"""Personal values by the IRI of the node they belong to, then by term."""


def split(document: Document, type: EntityType) -> tuple[Document, Document, Personal]:
    """The public part, the internal part and the personal values; disjoint, and together the document.

    A field with vl:persoonlijkIndien is personal where that flag is true on its node or on one around it: the street
    of a home address. A nested node with vl:internIndien is internal as a whole where its flag is true. Nested nodes
    must have an "@id": personal values are kept by it.
    """
    personal: Personal = {}
    public, internal = _split(document, type, frozenset(), personal)
    return public, {**_stub(document), **internal}, personal


def join(document: Document, personal: Mapping[str, Mapping[str, str]]) -> Document:
    """`document` with the personal values of each of its nodes put back."""
    whole = {term: _join_value(value, personal) for term, value in document.items()}
    return {**whole, **personal.get(document.get("@id", ""), {})}


def _join_value(value: Any, personal: Mapping[str, Mapping[str, str]]) -> Any:
    if isinstance(value, dict):
        return join(value, personal)
    if isinstance(value, list):
        return [_join_value(item, personal) for item in value]
    return value


def _stub(document: Document) -> Document:
    """A node whose class is stated elsewhere."""
    return {"@id": document["@id"], "@type": []} if "@id" in document else {"@type": []}


def _split(document: Document, type: NodeType, flags: frozenset[IRI], personal: Personal) -> tuple[Document, Document]:
    flags = flags | _flags(document, type)
    public: Document = {}
    internal: Document = {}
    for term, value in document.items():
        field = type.by_term.get(term)
        if field is None or term in KEYWORDS:
            public[term] = value
        elif field.secrecy is Secrecy.PERSONAL or field.personal_if in flags:
            _keep(personal, document, term, value)
        elif field.node is None:
            (public if field.secrecy is Secrecy.PUBLIC else internal)[term] = value
        else:
            _split_nodes(field, field.node, value, flags, personal, (public, internal))
    return public, internal


def _keep(personal: Personal, document: Document, term: str, value: Any) -> None:
    if value is None or value == "":
        return
    personal.setdefault(document["@id"], {})[term] = value


def _split_nodes(
    field: Field, type: NodeType, value: Any, flags: frozenset[IRI], personal: Personal, into: tuple[Document, Document]
) -> None:
    """Divide nested nodes over the two documents; what is not a node goes along for `to_graph` to refuse."""
    public, internal = into
    seen: list[Any] = []
    unseen: list[Any] = []
    for node in value if isinstance(value, list) else [value]:
        if not isinstance(node, dict):
            seen.append(node)
            continue
        shown, hidden = _split(node, type, flags, personal)
        if field.secrecy is not Secrecy.PUBLIC or (field.internal_if and field.internal_if in _flags(node, type)):
            unseen.append({**shown, **hidden})
        else:
            seen.append(shown)
            unseen.extend([{**_stub(node), **hidden}] if hidden else [])
    for part, nodes in ((public, seen), (internal, unseen)):
        if nodes:
            part[field.term] = nodes if isinstance(value, list) else nodes[0]


def _flags(document: Document, type: NodeType) -> frozenset[IRI]:
    """The shapes of the fields that are true."""
    return frozenset(f.shape for term, value in document.items() if value is True and (f := type.by_term.get(term)))
