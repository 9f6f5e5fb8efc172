"""Products and concepts as IPDC, LPDC and their vendors write them: RDF in, documents out.

    for source, document in read_products(data, RdfFormat.JSON_LD, schema): ...

Their snapshots and their instances say the same under other classes; the parts come as blank nodes or under IRIs of
theirs, and get ours on entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from app.errors import Problem, Refused
from app.model.documents import to_document
from app.model.fields import KEYWORDS, Document, Schema
from app.model.graph import IRI, Graph, Literal, RdfFormat, parse_graph
from app.model.languages import repair_tags
from app.model.reading import instances
from app.model.terms import DCT, PROV, Namespace

LPDC_EXT = Namespace("https://productencatalogus.data.vlaanderen.be/ns/ipdc-lpdc#")
CLASSES: Mapping[str, frozenset[IRI]] = {
    "product": frozenset({LPDC_EXT.InstancePublicService, LPDC_EXT.InstancePublicServiceSnapshot}),
    "concept": frozenset({LPDC_EXT.ConceptualPublicService, LPDC_EXT.ConceptualPublicServiceSnapshot}),
}
CONTEXT = "ontology/context/ipdc/ipdc-lpdc-im.jsonld"
WRONG = "Dit is geen geldige RDF of JSON-LD."


def read_graph_of(data: bytes, format: RdfFormat) -> Graph:
    """The triples of a file of theirs; raises Refused."""
    try:
        return parse_graph(repair_tags(data), format, base="urn:x-verenigingsloket:bestand")
    except (SyntaxError, ValueError):
        raise Refused(WRONG) from None


def read_lpdc_file(path: Path, root: Path) -> Graph:
    """The triples of a file by its suffix; JSON-LD that points at the official context is read with our copy of it."""
    suffix, data = path.suffix.lower().lstrip("."), path.read_bytes()
    if suffix in ("json", "jsonld"):
        return read_graph_of(with_context(data, root), RdfFormat.JSON_LD)
    format = RdfFormat.from_extension(suffix)
    if format is None:
        raise Refused(f"We kennen geen RDF-bestanden die op {path.suffix} eindigen.")
    return read_graph_of(data, format)


def documents_in(graph: Graph, schema: Schema, kind: str) -> Iterator[tuple[IRI, Document]]:
    """Each product or concept in a graph: the IRI that it has there, and its document in our terms."""
    for subject in instances(graph, *CLASSES[kind]):
        yield subject, document_of(graph, subject, schema, kind)


def document_of(graph: Graph, subject: IRI, schema: Schema, kind: str) -> Document:
    """What the graph says of one of them, without the names of its parts."""
    document = to_document(graph, schema.entity_types[kind], subject.value)
    bare: Document = {term: _nameless(value) for term, value in document.items() if term not in KEYWORDS}
    return bare


def version_of(graph: Graph, subject: IRI) -> tuple[str, str | None]:
    """The IRI of the thing itself and, of a snapshot, when it was made."""
    thing, time = graph.value(subject, DCT.isVersionOf), graph.value(subject, PROV.generatedAtTime)
    return thing.value if isinstance(thing, IRI) else subject.value, time.value if isinstance(time, Literal) else None


def with_context(data: bytes, root: Path) -> bytes:
    """A JSON-LD file with the official context inside it, wherever it said that it stands. Raises Refused."""
    try:
        content = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise Refused("Dit is geen geldige JSON.", [Problem("", "Kijk na of het bestand JSON-LD is.")]) from None
    context = orjson.loads((root / CONTEXT).read_bytes())["@context"]
    items = content if isinstance(content, list) else [content]
    return orjson.dumps([_with_context(item, context) for item in items])


def _with_context(item: Any, context: Any) -> Any:
    if not isinstance(item, dict):
        raise Refused(WRONG)
    if _is_expanded(item):
        return item
    own = [each for each in _several(item.get("@context")) if isinstance(each, dict)]
    return {**item, "@context": [context, *own]}


def _is_expanded(item: dict[str, Any]) -> bool:
    """Whether all names are IRIs: then no context is needed."""
    return "@context" not in item and all(name.startswith("@") or ":" in name for name in item)


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _nameless(value: Any) -> Any:
    if isinstance(value, list):
        return [_nameless(item) for item in value]
    if isinstance(value, dict) and "@type" in value:
        return {term: _nameless(item) for term, item in value.items() if term not in KEYWORDS}
    return value
