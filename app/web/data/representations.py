"""What we say of an entity, with the code and name of each concept that it uses, as triples and as JSON-LD.

All formats say the same; the names of concepts are there so that a reader needs no second request for each of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from app.model.codelists import CodeLists, Concept
from app.model.documents import Document, to_document
from app.model.graph import IRI, Graph, Literal, from_ntriples
from app.model.schema import EntityType, NodeType
from app.model.terms import RDF, SKOS
from app.web.data.formats import JSONLD, Format, write
from app.web.found import Found
from app.web.service import Service

CONCEPT = "Concept"


def document(found: Found) -> Document:
    """The public document of a version, concepts as IRIs."""
    return to_document(from_ntriples(found.version.public or b""), found.type, found.iri)


def represent(service: Service, found: Found, format: Format) -> bytes:
    """A version in one of the data formats."""
    if format.suffix == JSONLD:
        return to_json_ld(document(found), found.type, service.codelists)
    graph = first(IRI(found.iri), from_ntriples(found.version.public or b""))
    return write(with_concepts(graph, service.codelists), format, service.schema.prefixes, found.iri)


def to_json_ld(document: Document, type: EntityType, codelists: CodeLists) -> bytes:
    """The document with its context, each concept with code and name beside its IRI."""
    body = {"@context": type.context_iri, **expand(document, type, codelists, concept_term(type))}
    return orjson.dumps(body, option=orjson.OPT_INDENT_2)


def expand(document: Document, type: NodeType, codelists: CodeLists, term: str = CONCEPT) -> Document:
    """
    {"status": ACTIVE} becomes {"status": {"@id": ACTIVE, "@type": "Concept", "code": "actief", "naam": "Actief"}}.
    """
    expanded = dict(document)
    for field in type.fields:
        value = document.get(field.term)
        if value is None:
            continue
        if field.node is not None:
            node = field.node
            expanded[field.term] = _each(value, lambda item, node=node: expand(item, node, codelists, term))
        else:
            expanded[field.term] = _each(value, lambda item: _concept(item, codelists, term))
    return expanded


def concept_term(type: EntityType) -> str:
    """What the context of the type calls a concept of a code list: in some, `Concept` is something else."""
    start = next((name for name, iri in type.context.items() if iri == str(SKOS)), "skos")
    named = {f"{start}:Concept", SKOS.Concept.value}
    definitions = ((term, d.get("@id") if isinstance(d, dict) else d) for term, d in type.context.items())
    return next((term for term, iri in definitions if iri in named), CONCEPT)


def with_concepts(graph: Graph, codelists: CodeLists) -> Graph:
    """The graph with type, code and name of every concept in it."""
    union = Graph(graph)
    for concept in concepts_in(graph, codelists):
        subject = IRI(concept.iri)
        union.add(subject, RDF.type, SKOS.Concept)
        union.add(subject, SKOS.notation, Literal(concept.notation))
        union.add(subject, SKOS.prefLabel, Literal(concept.label, language="nl"))
    return union


def first(subject: IRI, graph: Graph) -> Graph:
    """The same triples, with those about `subject` in front, for whoever reads them."""
    return Graph(sorted(graph, key=lambda triple: triple.subject != subject))


def concepts_in(graph: Graph, codelists: CodeLists) -> Iterator[Concept]:
    """The concepts that the objects of the triples name."""
    seen = {triple.object.value for triple in graph if isinstance(triple.object, IRI)}
    for iri in sorted(seen):
        if concept := codelists.concept(iri):
            yield concept


def _each(value: Any, change: Any) -> Any:
    return [change(item) for item in value] if isinstance(value, list) else change(value)


def _concept(value: Any, codelists: CodeLists, term: str) -> Any:
    concept = codelists.concept(value) if isinstance(value, str) else None
    if concept is None:
        return value
    return {"@id": concept.iri, "@type": term, "code": concept.notation, "naam": concept.label}
