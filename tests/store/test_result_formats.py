"""Whatever stands in an answer: each format of the SPARQL endpoint says the same, also to a parser of others."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store
from rdflib.query import Result

from app.store.queries.worker import write

# Without what XML cannot hold (https://www.w3.org/TR/xml/#charsets), and what rdflib takes for the end of a row of TSV.
SIGNS = st.characters(codec="utf-8", exclude_categories=["Cs", "Cn", "Cc", "Zl", "Zp"])
READABLE = st.text(SIGNS, max_size=20)
TEXTS = READABLE | st.sampled_from(["", " ", "a,b", 'a"b', "a\tb", "a\nb", "\\", "\\n", "<a>&amp;", "]]>", "é", "=1+1"])
XSD = "http://www.w3.org/2001/XMLSchema#"
IRIS = st.text("abcé/?=&", max_size=8).map(lambda end: NamedNode(f"http://a.be/{end}"))
LITERALS = st.one_of(
    TEXTS.map(Literal),
    st.builds(lambda text, tag: Literal(text, language=tag), TEXTS, st.sampled_from(["nl", "nl-be", "de-x-t-orig"])),
    TEXTS.map(lambda text: Literal(text, datatype=NamedNode("http://a.be/soort"))),
    st.dates().map(lambda day: Literal(day.isoformat(), datatype=NamedNode(f"{XSD}date"))),
    st.integers().map(Literal),
)
ROWS = st.lists(st.one_of(IRIS, LITERALS), min_size=1, max_size=5)
SELECT = "SELECT ?n ?o ?leeg { ?s <http://a.be/p> ?o ; <http://a.be/n> ?n } ORDER BY ?n"
TABLES = {
    "application/sparql-results+json": "json", "application/sparql-results+xml": "xml",
    "text/tab-separated-values": "tsv",
}  # fmt: skip
GRAPHS = {
    "text/turtle": "turtle", "application/n-triples": "nt", "application/rdf+xml": "xml",
    "application/ld+json": "json-ld", "application/trig": "trig", "application/n-quads": "nquads",
}  # fmt: skip
# Of rdflib's own parts among each other.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
FEW = settings(max_examples=60, deadline=None, derandomize=True)


def filled(objects: list[Any]) -> Store:
    store = Store()
    for number, value in enumerate(objects):
        row = BlankNode()
        store.add(Quad(row, NamedNode("http://a.be/n"), Literal(number)))
        store.add(Quad(row, NamedNode("http://a.be/p"), value))
    return store


def written(store: Store, query: str, media_type: str) -> bytes:
    out = io.BytesIO()
    write(store.query(query), media_type, query, out)
    return out.getvalue()


def as_rdflib(term: Any) -> rdflib.term.Node:
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    plain = term.datatype.value in (f"{XSD}string", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString")
    type = None if plain else rdflib.URIRef(term.datatype.value)
    return rdflib.Literal(term.value, lang=term.language, datatype=type, normalize=False)


def same(one: Any, other: Any) -> bool:
    """A text without a type is one with the type of texts."""
    if isinstance(one, rdflib.Literal) and isinstance(other, rdflib.Literal):
        types = ({each.datatype or rdflib.XSD.string} if not each.language else {None} for each in (one, other))
        return str(one) == str(other) and one.language == other.language and next(types) == next(types)
    return bool(one == other)


@FEW
@given(ROWS)
def test_every_table_says_the_same(objects: list[Any]) -> None:
    store = filled(objects)
    for media_type, format in TABLES.items():
        found = Result.parse(io.BytesIO(written(store, SELECT, media_type)), format=format)
        assert [str(name) for name in found.vars or ()] == ["n", "o", "leeg"]
        values = [row[rdflib.Variable("o")] for row in found.bindings]
        assert len(values) == len(objects)
        assert all(map(same, values, map(as_rdflib, objects))), (media_type, values)


@FEW
@given(ROWS)
def test_a_csv_says_the_same_without_types(objects: list[Any]) -> None:
    """https://www.w3.org/TR/sparql11-results-csv-tsv/#csv"""
    text = written(filled(objects), SELECT, "text/csv").decode()
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    assert head == ["n", "o", "leeg"]
    assert [row[1] for row in rows] == [term.value for term in objects]


@FEW
@given(ROWS)
def test_every_graph_says_the_same(objects: list[Any]) -> None:
    store = Store()
    for value in objects:
        store.add(Quad(NamedNode("http://a.be/s"), NamedNode("http://a.be/p"), value))
    wanted = [as_rdflib(quad.object) for quad in store]
    query = "PREFIX a: <http://a.be/> CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"
    for media_type, format in GRAPHS.items():
        graph = rdflib.Dataset(default_union=True)
        graph.parse(data=written(store, query, media_type), format=format)
        found = list(graph.objects())
        assert len(found) == len(wanted), media_type
        assert all(any(same(one, other) for other in found) for one in wanted), (media_type, found)
