"""Documents to graphs and back: JSON in the terms of a type's JSON-LD context, compiled from the schema.

    graph = to_graph({"naam": "De Harmonie", "hoofdactiviteiten": [SPORT]}, vereniging, iri)
    to_document(graph, vereniging, iri)["naam"]      # 'De Harmonie'

A document is compact JSON-LD 1.1, so any JSON-LD processor reads it as the same graph; this is some ten times as fast.
`split` takes apart what the public, the administration and only few may see; `join` puts it together again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.errors import Problem, Refused
from app.model.fields import KEYWORDS, Document, EntityType, Field, Kind, NodeType, Secrecy
from app.model.graph import IRI, Graph, Literal, Subject, Term
from app.model.numbering import number_nodes, number_of
from app.model.secrecy import Personal, join, split
from app.model.terms import RDF, SH

__all__ = ["Document", "Personal", "join", "number_nodes", "split", "to_document", "to_graph"]

TYPE = RDF.type
ORDER = SH.order


def to_graph(document: Document, type: EntityType, iri: str) -> Graph:
    """The triples that a JSON-LD processor would read in `document` about `iri`.

    Nested nodes need an "@id" (see `number_nodes`). Raises Refused naming each field that does not exist or holds a
    value of the wrong kind. A personal field is never written into a graph: ValueError, for the caller forgot `split`.
    """
    graph = Graph()
    problems: list[Problem] = []
    _write(graph, document, type, iri, "", problems)
    if problems:
        raise Refused("Niet alle velden zijn goed ingevuld.", problems)
    return graph


def _write(graph: Graph, document: Document, type: NodeType, iri: str, path: str, problems: list[Problem]) -> None:
    subject = IRI(iri)
    _write_types(graph, document, type, subject, path, problems)
    for term, value in document.items():
        if term in KEYWORDS or value is None or value == []:
            continue
        field = type.by_term.get(term)
        where = f"{path}.{term}" if path else term
        if field is None:
            problems.append(Problem(where, "Dit veld bestaat niet."))
        elif field.secrecy is Secrecy.PERSONAL:
            raise ValueError(f"{where} is personal: split the document before it becomes a graph")
        elif field.is_list != isinstance(value, list):
            problems.append(Problem(where, "Geef een lijst." if field.is_list else "Geef één waarde, geen lijst."))
        elif field.is_list:
            for number, item in enumerate(value):
                _write_value(graph, subject, field, item, f"{where}[{number}]", problems)
        else:
            _write_value(graph, subject, field, value, where, problems)


def _write_types(
    graph: Graph, document: Document, type: NodeType, subject: IRI, path: str, problems: list[Problem]
) -> None:
    """The class of the node, and those that the document adds; an empty "@type" says that both stand elsewhere."""
    terms = document.get("@type")
    if terms != []:
        graph.add(subject, TYPE, type.type)
    for term in [terms] if isinstance(terms, str) else terms or ():
        class_ = type.class_terms.get(term)
        if class_ is None:
            problems.append(Problem(f"{path}.@type" if path else "@type", "Dit soort bestaat niet."))
        else:
            graph.add(subject, TYPE, class_)


def _write_value(graph: Graph, subject: IRI, field: Field, value: Any, path: str, problems: list[Problem]) -> None:
    if field.node is not None and isinstance(value, dict) and isinstance(value.get("@id"), str):
        if value.get("@type") != []:
            graph.add(subject, field.path, IRI(value["@id"]))
        _write(graph, value, field.node, value["@id"], path, problems)
        return
    if field.kind is Kind.LANGUAGES:
        _write_languages(graph, subject, field, value, path, problems)
        return
    term = ENCODE[field.kind](value, field)
    if term is None:
        problems.append(Problem(path, EXPECTED[field.kind]))
    else:
        graph.add(subject, field.path, term)


def _write_languages(graph: Graph, subject: IRI, field: Field, value: Any, path: str, problems: list[Problem]) -> None:
    """`{"nl": "…", "nl-be-x-formal": "…"}`; a list of texts in each language where the field has several."""
    if not isinstance(value, dict):
        problems.append(Problem(path, EXPECTED[field.kind]))
        return
    for language, texts in value.items():
        for text in texts if field.several and isinstance(texts, list) else [texts]:
            try:
                graph.add(subject, field.path, Literal(text, language=language))
            except (TypeError, ValueError):
                problems.append(Problem(f"{path}.{language}", EXPECTED[field.kind]))


def _encode_text(value: Any, field: Field) -> Term | None:
    return Literal(value) if isinstance(value, str) else None


def _encode_language(value: Any, field: Field) -> Term | None:
    return Literal(value, language=field.language) if isinstance(value, str) else None


def _encode_integer(value: Any, field: Field) -> Term | None:
    return Literal(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _encode_boolean(value: Any, field: Field) -> Term | None:
    return Literal(value) if isinstance(value, bool) else None


def _encode_typed(value: Any, field: Field) -> Term | None:
    return Literal(value, datatype=field.datatype) if isinstance(value, str) else None


def _encode_link(value: Any, field: Field) -> Term | None:
    """An IRI, given as text or as {"@id": ...} (a concept with its code and name beside it)."""
    iri = value.get("@id") if isinstance(value, dict) else value
    if not isinstance(iri, str) or ":" not in iri:
        return None
    try:
        return IRI(iri)
    except ValueError:
        return None


def _encode_node(value: Any, field: Field) -> Term | None:
    return None


ENCODE: Mapping[Kind, Callable[[Any, Field], Term | None]] = {
    Kind.TEXT: _encode_text,
    Kind.LANGUAGE: _encode_language,
    Kind.INTEGER: _encode_integer,
    Kind.BOOLEAN: _encode_boolean,
    Kind.TYPED: _encode_typed,
    Kind.LINK: _encode_link,
    Kind.NODE: _encode_node,
    Kind.LANGUAGES: _encode_node,
}
EXPECTED: Mapping[Kind, str] = {
    Kind.TEXT: "Geef tekst.",
    Kind.LANGUAGE: "Geef tekst.",
    Kind.INTEGER: "Geef een geheel getal.",
    Kind.BOOLEAN: "Geef ja of nee.",
    Kind.TYPED: "Geef tekst.",
    Kind.LINK: "Geef een volledig webadres (IRI).",
    Kind.NODE: "Geef een onderdeel met een @id.",
    Kind.LANGUAGES: "Geef per taal een tekst.",
}


def to_document(graph: Graph, type: EntityType, iri: str) -> Document:
    """What `graph` says about `iri`, in the terms of the type; what has no term there is left out."""
    return _read(graph, type, IRI(iri), {term.value: name for name, term in type.class_terms.items()})


def _read(graph: Graph, type: NodeType, subject: Subject, class_terms: Mapping[str, str]) -> Document:
    document: Document = {"@id": subject.value}
    classes = [class_terms.get(c.value) for c in graph.objects(subject, TYPE) if isinstance(c, IRI)]
    document["@type"] = sorted(term for term in classes if term)
    properties = graph.described(subject)
    for field in type.fields:
        objects = properties.get(field.path)
        if not objects:
            continue
        if field.node is not None:
            values: list[Any] = [_read(graph, field.node, o, class_terms) for o in _in_order(graph, objects)]
        elif field.kind is Kind.LANGUAGES:
            values = [_by_language(field, objects)]
        elif len(objects) == 1:
            values = [DECODE[field.kind](o) for o in objects]
        else:
            values = sorted(DECODE[field.kind](o) for o in objects)
        document[field.term] = values if field.is_list else values[0]
    return document


def _in_order(graph: Graph, nodes: Iterable[Term]) -> list[Subject]:
    """Nested nodes by their sh:order where they have one, then by their number: #locatie-2 before #locatie-10."""
    subjects = [node for node in nodes if not isinstance(node, Literal)]
    return sorted(subjects, key=lambda node: (_place(graph, node), number_of(node.value), node.value))


def _place(graph: Graph, node: Subject) -> float:
    order = graph.value(node, ORDER)
    try:
        return float(order.value) if order is not None else 0.0
    except ValueError:
        return 0.0


def _by_language(field: Field, texts: Iterable[Term]) -> dict[str, Any]:
    """Texts by language, the languages in the order of the shape; of two texts where one is asked the first counts."""
    found: dict[str, list[str]] = {}
    for text in texts:
        if isinstance(text, Literal):
            found.setdefault((text.language or "").lower(), []).append(text.value)
    rank = {language: number for number, language in enumerate(field.languages)}
    ordered = sorted(found, key=lambda language: (rank.get(language, len(rank)), language))
    return {language: sorted(found[language]) if field.several else found[language][0] for language in ordered}


def _decode_value(term: Term) -> Any:
    return term.value


def _decode_integer(term: Term) -> Any:
    """Others write `0.0` for 0; what is no whole number is a ValueError."""
    whole, _, decimals = term.value.partition(".")
    return int(whole if not decimals.strip("0") else term.value)


def _decode_boolean(term: Term) -> Any:
    return term.value in ("true", "1")


DECODE: Mapping[Kind, Callable[[Term], Any]] = dict.fromkeys(Kind, _decode_value) | {
    Kind.INTEGER: _decode_integer,
    Kind.BOOLEAN: _decode_boolean,
}
