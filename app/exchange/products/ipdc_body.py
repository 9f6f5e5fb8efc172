"""A product as the IPDC takes it: expanded JSON-LD of what its model knows, under the IRI that the IPDC knows it by.

https://github.com/lblod/lpdc-publish-service
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from app.exchange.ldes.contexts import MODEL, Contexts
from app.exchange.products.lpdc import LPDC_EXT
from app.model.graph import IRI, Graph, Literal, RdfFormat, Term, Triple, from_ntriples, to_format
from app.model.languages import FORMAL, INFORMAL
from app.model.terms import OWL, RDF, XSD, Namespace
from app.store.records import Version

OTHER = {FORMAL: INFORMAL, INFORMAL: FORMAL}
AS = Namespace("https://www.w3.org/ns/activitystreams#")


def instance_iri(version: Version, before: Version | None = None) -> str:
    """What the IPDC knows it by: the IRI of the vendor that made it, else ours."""
    for each in (version, before):
        if each is not None and each.public:
            other = from_ntriples(each.public).value(IRI(each.entity), OWL.sameAs)
            return other.value if isinstance(other, IRI) else each.entity
    return version.entity


def product_body(version: Version, vocabulary: frozenset[str]) -> bytes:
    """All that the model of the IPDC has words for."""
    assert version.public is not None
    graph = from_ntriples(version.public)
    triples = _known(graph, IRI(version.entity), IRI(instance_iri(version)), vocabulary)
    counts = graph.value(IRI(version.entity), LPDC_EXT.dutchLanguageVariant)
    other = OTHER.get(counts.value) if counts is not None else None
    return _expanded_json(triple for triple in triples if not _says(triple.object, other))


def _says(object: object, form: str | None) -> bool:
    """Whether this is a text in the address form that does not count: the IPDC takes one."""
    return form is not None and isinstance(object, Literal) and object.language == form


def tombstone_body(iri: str, time: str) -> bytes:
    """That it is no more, and since when."""
    subject = IRI(iri)
    triples = (
        Triple(subject, RDF.type, AS.Tombstone),
        Triple(subject, AS.formerType, LPDC_EXT.InstancePublicService),
        Triple(subject, AS.deleted, Literal(time, datatype=XSD.dateTime)),
    )
    return _expanded_json(triples)


def vocabulary_of(contexts: Contexts) -> frozenset[str]:
    """The IRIs of all classes and properties in the official context."""
    context: Mapping[str, Any] = contexts[MODEL]
    return frozenset(_words(context, context))


def titles_in(body: bytes) -> frozenset[str]:
    """The titles that an answer of the IPDC has, in any of its languages. Raises ValueError for what is none."""
    content = orjson.loads(body)
    if not isinstance(content, Mapping) or not isinstance(content.get("naam"), Mapping):
        raise ValueError("no instance")
    return frozenset(str(text) for text in content["naam"].values())


def _expanded_json(triples: Iterable[Triple]) -> bytes:
    """Expanded JSON-LD as other processors write it: a class is an @type, and no property."""
    nodes = orjson.loads(to_format(triples, RdfFormat.JSON_LD))
    for node in nodes:
        if classes := node.pop(RDF.type.value, None):
            node["@type"] = [each["@id"] for each in classes]
    return orjson.dumps(nodes)


def _known(graph: Graph, ours: IRI, theirs: IRI, vocabulary: frozenset[str]) -> Iterator[Triple]:
    todo, seen = [ours], {ours}
    while todo:
        subject = todo.pop(0)
        for predicate, objects in graph.described(subject).items():
            for object in objects:
                if not _has_words(predicate, object, vocabulary):
                    continue
                yield Triple(theirs if subject == ours else subject, predicate, object)
                if isinstance(object, IRI) and object not in seen and object.value.startswith(ours.value):
                    seen.add(object)
                    todo.append(object)


def _has_words(predicate: IRI, object: Term, vocabulary: frozenset[str]) -> bool:
    if predicate == RDF.type:
        return object.value in vocabulary
    return predicate.value in vocabulary


def _words(terms: Mapping[str, Any], context: Mapping[str, Any]) -> Iterator[str]:
    for term, definition in terms.items():
        named = definition.get("@id") if isinstance(definition, Mapping) else definition
        if term.startswith("@") or not isinstance(named, str) or named.endswith(("#", "/")):
            continue
        prefix, _, rest = named.partition(":")
        yield f"{context[prefix]}{rest}" if prefix in context else named
        if isinstance(definition, Mapping):
            inner = {t: d for t, d in definition.get("@context", {}).items() if not t.startswith("@")}
            yield from _words(inner, context)
