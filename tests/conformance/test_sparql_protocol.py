"""The W3C cases for the SPARQL 1.1 Protocol and for its result formats, over HTTP against a real server.

Left out are the cases in which an update must succeed: this endpoint is public and only answers questions. What it
answers to those updates is asserted instead. The service description has cases without steps; ours stand here.
"""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPResponse
from typing import Any, cast
from urllib.parse import urlencode

import pytest
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF, XSD
from rdflib.term import BNode

from app.model.graph import parse_graph
from app.store.graphs.embedded import EmbeddedGraphs
from app.store.graphs.port import Change
from app.store.queries.pool import QueryPool
from app.store.queries.snapshots import Snapshots
from app.web.app import create_app
from tests.conformance.feed_server import serving
from tests.conformance.sparql_manifest import SUITES, Case, Exchange, ResultCase, protocol_cases, result_cases
from tests.running import PATIENCE, free_port
from tests.web.world import open_world

REFUSED = "this endpoint is public and refuses updates"
LEFT_OUT = {
    "update_dataset_default_graph": REFUSED,
    "update_dataset_default_graphs": REFUSED,
    "update_dataset_named_graphs": REFUSED,
    "update_dataset_full": REFUSED,
    "update_post_form": REFUSED,
    "update_post_direct": REFUSED,
    "update_base_uri": REFUSED,
}
# Oxigraph keeps a number as its value: "1.0E6" comes back as 1000000 and a negativeInteger as an integer.
BY_VALUE = {"csv03", "tsv03"}
FORMATS = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {
        *("application/sparql-results+json", "application/sparql-results+xml"),
        *("text/csv", "text/tab-separated-values"),
    },
    "RDF": {"text/turtle", "application/n-triples", "application/rdf+xml", "application/xhtml+xml", "text/html"},
}
CASES = protocol_cases()
PROTOCOL = [case for case in CASES if case.name not in LEFT_OUT]
UPDATES = [case for case in CASES if case.name in LEFT_OUT]
TABLES = [*result_cases("csv-tsv-res"), *result_cases("json-res")]
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")

pytestmark = pytest.mark.skipif(not CASES, reason=f"the W3C suites are not in {SUITES}")


@dataclass(frozen=True)
class Server:
    """A server on this machine, asked in exactly the words of the case."""

    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/sparql"

    def ask(self, exchange: Exchange) -> tuple[HTTPResponse, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(exchange.method, f"/sparql{exchange.target}", exchange.body or None, exchange.headers)
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()

    def get(self, accept: str, **parameters: str) -> tuple[HTTPResponse, bytes]:
        target = "?" + urlencode({name.replace("_", "-"): value for name, value in parameters.items()})
        headers = {"accept": accept}
        return self.ask(Exchange("GET", target if parameters else "", headers, b"", frozenset(), None, None))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The whole application; in its store the data of all cases, each in its own graph."""
    folder, port = tmp_path_factory.mktemp("conformance"), free_port()
    named = dict(loaded for case in CASES for loaded in case.data)
    named |= {case.data.as_uri(): case.data for case in TABLES}
    for world in open_world(folder, base=f"http://127.0.0.1:{port}"):
        changes = [Change(name, parse_graph(path.read_bytes()).ntriples()) for name, path in named.items()]
        world.service.public.apply(changes, 1)
        pool = QueryPool(Snapshots(cast(EmbeddedGraphs, world.service.public), folder / "copies"))
        try:
            with serving(create_app(replace(world.service, queries=pool)), port):
                yield Server(port)
        finally:
            pool.close()


def media_type(response: HTTPResponse) -> str:
    return (response.getheader("content-type") or "").partition(";")[0]


def truth(response: HTTPResponse, body: bytes) -> bool:
    if media_type(response).endswith("json"):
        return bool(json.loads(body)["boolean"])
    return ElementTree.fromstring(body).findtext("{http://www.w3.org/2005/sparql-results#}boolean") == "true"


def test_the_whole_manifest_is_accounted_for() -> None:
    assert len(CASES) == 34
    assert {case.name for case in CASES if any(one.is_update for one in case.exchanges)} == LEFT_OUT.keys()


@pytest.mark.parametrize("case", PROTOCOL, ids=lambda case: case.name)
def test_protocol(server: Server, case: Case) -> None:
    assert case.exchanges
    for exchange in case.exchanges:
        response, body = server.ask(exchange)
        assert response.status // 100 in exchange.statuses, body
        if exchange.format is not None:
            assert media_type(response) in FORMATS[exchange.format]
        if exchange.boolean is not None:
            assert truth(response, body) is exchange.boolean


@pytest.mark.parametrize("case", UPDATES, ids=lambda case: case.name)
def test_an_update_is_refused_and_says_so(server: Server, case: Case) -> None:
    update = next(one for one in case.exchanges if one.is_update)
    response, body = server.ask(update)
    assert response.status == 403
    assert media_type(response) == "application/problem+json"
    assert json.loads(body)["title"]


Cell = Any
Row = frozenset[tuple[str, Cell]]


def term(text: str) -> Cell:
    """A cell of a TSV file as a term that can be compared."""
    return comparable(next(Graph().parse(data=f"<urn:s> <urn:p> {text} .", format="turtle").objects()))


def text(cell: str) -> Cell:
    """A cell of a CSV file; blank nodes are alike."""
    return "_:" if cell.startswith("_:") else cell


def json_term(cell: dict[str, str]) -> Cell:
    if cell["type"] == "uri":
        return comparable(URIRef(cell["value"]))
    if cell["type"] == "bnode":
        return comparable(BNode())
    return comparable(Literal(cell["value"], lang=cell.get("xml:lang"), datatype=cell.get("datatype"), normalize=False))


def comparable(value: Any) -> Cell:
    """A term of which only what it says counts: blank nodes are alike, doubles are as large as they are."""
    if isinstance(value, BNode):
        return "_:"
    if isinstance(value, Literal) and value.datatype == XSD.double:
        return ("double", float(value))
    return value.n3()


def table(body: bytes, kind: str) -> Counter[Row]:
    """The rows of a result; their order is not in question, that of the columns of SELECT * neither."""
    if kind == "srj":
        found = json.loads(body)["results"]["bindings"]
        return Counter(frozenset((name, json_term(cell)) for name, cell in row.items()) for row in found)
    lines = io.StringIO(body.decode(), newline="")
    tabs = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    names, *rows = tabs if kind == "tsv" else csv.reader(lines)
    read = term if kind == "tsv" else text
    return Counter(frozenset((n, read(c)) for n, c in zip(names, row, strict=True) if c) for row in rows if row)


def by_value(rows: Counter[Row]) -> Counter[Row]:
    """The same rows with every number as a number."""
    return Counter({frozenset((name, number(cell)) for name, cell in row): count for row, count in rows.items()})


def number(cell: Cell) -> Cell:
    lexical = str(cell[1] if isinstance(cell, tuple) else cell).partition("^^")[0].strip('"')
    try:
        return float(lexical)
    except ValueError:
        return cell


MEDIA_TYPES = {"csv": "text/csv", "tsv": "text/tab-separated-values", "srj": "application/sparql-results+json"}


@pytest.mark.parametrize("case", TABLES, ids=lambda case: case.name)
def test_result_format(server: Server, case: ResultCase) -> None:
    kind = case.result.suffix[1:]
    response, body = server.get(MEDIA_TYPES[kind], query=case.query, default_graph_uri=case.data.as_uri())
    assert (response.status, media_type(response)) == (200, MEDIA_TYPES[kind]), body
    expected = case.result.read_bytes()
    if "boolean" in (json.loads(expected) if kind == "srj" else {}):
        assert truth(response, body) is json.loads(expected)["boolean"]
    elif case.name in BY_VALUE:
        assert by_value(table(body, kind)) == by_value(table(expected, kind))
    else:
        assert table(body, kind) == table(expected, kind)


def test_there_are_result_formats() -> None:
    assert Counter(case.result.suffix for case in TABLES) == {".csv": 3, ".tsv": 3, ".srj": 4}


RDF_TYPES = {"text/turtle": "turtle", "application/rdf+xml": "xml", "application/n-triples": "nt"}


@pytest.mark.parametrize("accept", RDF_TYPES)
def test_the_service_description_is_rdf_with_the_endpoint_that_was_asked(server: Server, accept: str) -> None:
    response, body = server.get(accept)
    assert (response.status, media_type(response)) == (200, accept)
    described = Graph().parse(data=body, format=RDF_TYPES[accept])
    (service,) = described.subjects(RDF.type, SD.Service)
    assert list(described.objects(service, SD.endpoint)) == [URIRef(server.address)]


# Class of what each property belongs to, and of its value: https://www.w3.org/TR/sparql11-service-description/#vocab
SCHEMA = {
    SD.endpoint: (SD.Service, None),
    SD.supportedLanguage: (SD.Service, None),
    SD.feature: (SD.Service, None),
    SD.resultFormat: (SD.Service, None),
    SD.defaultEntailmentRegime: (SD.Service, None),
    SD.defaultDataset: (SD.Service, SD.Dataset),
    SD.defaultGraph: (SD.Dataset, SD.Graph),
}
LANGUAGES = {SD.SPARQL10Query, SD.SPARQL11Query, SD.SPARQL11Update}
FEATURES = {SD.UnionDefaultGraph, SD.DereferencesURIs, SD.RequiresDataset, SD.EmptyGraphs, SD.BasicFederatedQuery}


def test_the_service_description_conforms_to_the_schema(server: Server) -> None:
    described = Graph().parse(data=server.get("text/turtle")[1], format="turtle")
    used = {predicate for predicate in described.predicates() if str(predicate).startswith(str(SD))}
    assert used and used <= SCHEMA.keys()
    for subject, predicate, value in described:
        domain, range = SCHEMA.get(predicate, (None, None))  # type: ignore[call-overload]
        assert domain is None or (subject, RDF.type, domain) in described, predicate
        assert range is None or (value, RDF.type, range) in described, predicate
        assert not str(predicate).startswith(str(SD)) or not isinstance(value, Literal)
    assert set(described.objects(None, SD.supportedLanguage)) <= LANGUAGES
    assert set(described.objects(None, SD.feature)) <= FEATURES


def test_the_description_keeps_its_word(server: Server) -> None:
    described = Graph().parse(data=server.get("text/turtle")[1], format="turtle")
    formats = {str(format).rpartition("/")[2] for format in described.objects(None, SD.resultFormat)}
    answers = {
        "SPARQL_Results_JSON": ("ASK {}", "application/sparql-results+json"),
        "SPARQL_Results_XML": ("ASK {}", "application/sparql-results+xml"),
        "SPARQL_Results_CSV": ("SELECT * {}", "text/csv"),
        "SPARQL_Results_TSV": ("SELECT * {}", "text/tab-separated-values"),
        "Turtle": ("DESCRIBE <x:y>", "text/turtle"),
        "N-Triples": ("DESCRIBE <x:y>", "application/n-triples"),
        "JSON-LD": ("DESCRIBE <x:y>", "application/ld+json"),
        "RDF_XML": ("DESCRIBE <x:y>", "application/rdf+xml"),
        "TriG": ("DESCRIBE <x:y>", "application/trig"),
        "N-Quads": ("DESCRIBE <x:y>", "application/n-quads"),
    }
    assert formats == answers.keys()
    for query, name in answers.values():
        response, _ = server.get(name, query=query)
        assert (response.status, media_type(response)) == (200, name)


def test_a_path_of_the_suite_with_its_last_slash_is_the_same_endpoint(server: Server) -> None:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    connection.request("GET", "/sparql/?query=ASK%20%7B%7D")
    assert connection.getresponse().status == 200
    connection.close()
