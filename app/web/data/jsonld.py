"""Triples as JSON-LD that a person can read: short names, one object for each subject, plain strings where possible.

For graphs that have no context of their own (catalogue, code lists); documents of entities have one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from app.model.graph import Graph, RdfFormat, to_format


def to_json_ld(graph: Graph, prefixes: Mapping[str, str]) -> bytes:
    """Compact JSON-LD with `prefixes` as its context."""
    expanded = orjson.loads(to_format(graph, RdfFormat.JSON_LD))
    document = {"@context": dict(prefixes), "@graph": [_node(node, prefixes) for node in expanded]}
    return orjson.dumps(document, option=orjson.OPT_INDENT_2)


def _node(node: Mapping[str, Any], prefixes: Mapping[str, str]) -> dict[str, Any]:
    compact: dict[str, Any] = {}
    for key, value in node.items():
        if key == "@id":
            compact[key] = value
        elif key == "@type":
            compact[key] = _one_or_all([_short(iri, prefixes) for iri in value])
        else:
            compact[_short(key, prefixes)] = _one_or_all([_value(item, prefixes) for item in value])
    types = compact.pop(_short(RDF_TYPE, prefixes), None)
    if types is not None:
        refs = types if isinstance(types, list) else [types]
        compact["@type"] = _one_or_all([_short(ref["@id"], prefixes) for ref in refs])
    return {key: compact[key] for key in sorted(compact, key=lambda key: not key.startswith("@"))}


def _value(item: Mapping[str, Any], prefixes: Mapping[str, str]) -> Any:
    if set(item) == {"@value"}:
        return item["@value"]
    if "@type" in item:
        return {**item, "@type": _short(item["@type"], prefixes)}
    return item


def _short(iri: str, prefixes: Mapping[str, str]) -> str:
    """The compact IRI, or the IRI itself; never one that would read as another (`a://b`)."""
    for prefix, namespace in prefixes.items():
        if iri.startswith(namespace) and not iri[len(namespace) :].startswith("//"):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def _one_or_all(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
