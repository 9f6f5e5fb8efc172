"""A page of a feed as JSON-LD: the members' payload in named graphs, the context inside, one node on a line."""

from __future__ import annotations

from typing import Any

import orjson

from app.exchange.ldes.page import PREFIXES, Page
from app.model.graph import IRI, BlankNode, Graph, Literal, Subject, Term, from_ntriples
from app.model.terms import RDF, XSD

Json = dict[str, Any]


def write_json(page: Page) -> bytes:
    """The page as UTF-8."""
    nodes = to_nodes(page.hypermedia)
    for member in page.members:
        nodes.append({"@id": page.stream, "tree:member": {"@id": member.iri}})
        nodes += to_nodes(member.envelope)
        if member.payload:
            nodes[-1]["@graph"] = to_nodes(from_ntriples(member.payload))
    body = b",\n".join(orjson.dumps(node) for node in nodes)
    return b'{"@context": ' + orjson.dumps(dict(PREFIXES)) + b',\n"@graph": [\n' + body + b"\n]}\n"


def to_nodes(graph: Graph) -> list[Json]:
    """Each node with an IRI, blank nodes inside the one that names them."""
    return [to_node(graph, subject) for subject in graph.subjects() if isinstance(subject, IRI)]


def to_node(graph: Graph, subject: Subject) -> Json:
    """What a graph says of a node, its blank nodes inside it."""
    node: Json = {"@id": subject.value} if isinstance(subject, IRI) else {}
    for predicate in graph.properties(subject):
        values = graph.objects(subject, predicate)
        if predicate == RDF.type:
            node["@type"] = [short(value.value) for value in values if isinstance(value, IRI)]
        else:
            found = [to_value(graph, value) for value in values]
            node[short(predicate.value)] = found[0] if len(found) == 1 else found
    return node


def to_value(graph: Graph, term: Term) -> Any:
    """A term as it stands beside a key."""
    if isinstance(term, BlankNode):
        return to_node(graph, term)
    if isinstance(term, IRI):
        return {"@id": term.value}
    return to_literal(term)


def to_literal(literal: Literal) -> Any:
    """A text as it is, any other literal with its type or language."""
    if literal.language:
        return {"@value": literal.value, "@language": literal.language}
    if literal.datatype == XSD.string:
        return literal.value
    return {"@value": literal.value, "@type": short(literal.datatype.value)}


def short(iri: str) -> str:
    """A compact IRI where a prefix fits: any local part will do in JSON-LD, unless it looks like `//`."""
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    prefix = NAMESPACES.get(iri[:cut])
    return f"{prefix}:{iri[cut:]}" if prefix and iri[cut:] else iri


NAMESPACES = {namespace: prefix for prefix, namespace in PREFIXES.items()}
