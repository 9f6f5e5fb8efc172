"""The W3C test manifests for SPARQL over HTTP, read into what a client sends and what it may expect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlparse

from rdflib import Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS
from rdflib.term import Node

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
# `shared` stands beside the checkout.
SUITES = Path(__file__).resolve().parents[3] / "shared" / "w3c" / "sparql11"
PLACE = "/sparql/"


@dataclass(frozen=True)
class Exchange:
    """One request and what its answer must be."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    statuses: frozenset[int]
    boolean: bool | None
    format: str | None

    @property
    def is_update(self) -> bool:
        """Whether it asks for a change, and must get it."""
        asks = "sparql-update" in self.headers.get("content-type", "") or self.body.startswith(b"update=")
        return asks and 2 in self.statuses


@dataclass(frozen=True)
class Case:
    """One test: what to load, and the requests in their order."""

    name: str
    data: tuple[tuple[str, Path], ...]
    exchanges: tuple[Exchange, ...]


@dataclass(frozen=True)
class ResultCase:
    """A query whose result must be that of a file."""

    name: str
    query: str
    data: Path
    result: Path


def protocol_cases() -> list[Case]:
    """The cases of the protocol suite; none when it is not there."""
    return [_case(graph, case) for graph, case in _entries(SUITES / "protocol")]


def result_cases(suite: str) -> list[ResultCase]:
    """The cases of a suite of result formats; none when it is not there."""
    return [_result_case(graph, case) for graph, case in _entries(SUITES / suite)]


def _entries(folder: Path) -> Iterator[tuple[Graph, Node]]:
    path = folder / "manifest.ttl"
    if path.exists():
        graph = Graph().parse(path, publicID=path.as_uri())
        for entries in graph.objects(None, MF.entries):
            for case in Collection(graph, entries):
                yield graph, case


def _case(graph: Graph, case: Node) -> Case:
    data = tuple(
        (str(graph.value(loaded, RDFS.label)), _path(graph.value(loaded, UT.graph)))
        for loaded in graph.objects(case, UT.graphData)
    )
    connection = graph.value(case, MF.action)
    # Some cases have several requests lists by a slip of brackets; all of them count.
    lists = list(graph.objects(connection, HT.requests))
    exchanges = tuple(_exchange(graph, request) for one in lists for request in Collection(graph, one))
    return Case(_name(case), data, exchanges)


def _exchange(graph: Graph, request: Node) -> Exchange:
    response, body = graph.value(request, HT.resp), graph.value(request, HT.body)
    text, encoding = graph.value(body, CNT.chars), graph.value(body, CNT.characterEncoding)
    boolean, format = graph.value(response, MF.expectedBoolean), graph.value(response, MF.expectedFormat)
    headers = graph.value(request, HT.headers)
    return Exchange(
        str(graph.value(request, HT.methodName)),
        str(graph.value(request, HT.absolutePath)).removeprefix(PLACE),
        dict(_header(graph, header) for header in Collection(graph, headers)) if headers else {},
        str(text).encode(str(encoding)) if text is not None else b"",
        frozenset(int(str(status)[-3]) for status in graph.objects(response, MF.expectedStatus)),
        None if boolean is None else str(boolean) == "true",
        None if format is None else str(format),
    )


def _header(graph: Graph, header: Node) -> tuple[str, str]:
    return str(graph.value(header, HT.fieldName)).lower(), str(graph.value(header, HT.fieldValue))


def _result_case(graph: Graph, case: Node) -> ResultCase:
    action = graph.value(case, MF.action)
    query, data = graph.value(action, QT.query), graph.value(action, QT.data)
    assert (case, RDF.type, None) in graph
    return ResultCase(_name(case), _path(query).read_text(), _path(data), _path(graph.value(case, MF.result)))


def _path(iri: Node | None) -> Path:
    assert isinstance(iri, URIRef)
    return Path(unquote(urlparse(str(iri)).path))


def _name(case: Node) -> str:
    return str(case).rpartition("#")[2]
