"""`/.well-known/void`: the public data in figures, for machines that look for data sets (VoID).

https://www.w3.org/TR/void/#well-known
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.model.graph import IRI, Graph, Literal, Triple
from app.model.terms import DCT, FOAF, RDF, RDFS, VOID
from app.web.answers import cacheable
from app.web.data.catalogue import LICENCE, dutch
from app.web.data.dumps import kinds
from app.web.data.formats import DATA_FORMATS, choose, write
from app.web.reading import Reading
from app.web.service import Service

# A browser without a preference for data gets what is easiest to read.
OFFERED = tuple(sorted(DATA_FORMATS, key=lambda format: format.suffix != "ttl"))
HOLD = timedelta(hours=1)
FORMAT_IRIS = {
    "ttl": "http://www.w3.org/ns/formats/Turtle",
    "nt": "http://www.w3.org/ns/formats/N-Triples",
    "trig": "http://www.w3.org/ns/formats/TriG",
    "rdf": "http://www.w3.org/ns/formats/RDF_XML",
    "jsonld": "http://www.w3.org/ns/formats/JSON-LD",
}


def show(request: Request) -> Response:
    """The description in one of the data formats."""
    service: Service = request.app.state.service
    format = choose(request, None, OFFERED)
    graph = Graph(describe(service, request.app.state.reading))
    body = write(graph, format, service.schema.prefixes)
    return cacheable(request, body, format.media_type, headers={"vary": "Accept"})


def describe(service: Service, reading: Reading) -> Iterator[Triple]:
    """All triples of the description."""
    document, data = IRI(f"{service.base}/.well-known/void"), IRI(f"{service.base}/.well-known/void#gegevens")
    yield Triple(document, RDF.type, VOID.DatasetDescription)
    yield Triple(document, FOAF.primaryTopic, data)
    yield from _data(service, data)
    yield from _figures(reading, data)


def _data(service: Service, data: IRI) -> Iterator[Triple]:
    yield Triple(data, RDF.type, VOID.Dataset)
    yield Triple(data, DCT["title"], dutch(f"Openbare gegevens van {service.title}"))
    yield Triple(data, DCT.license, LICENCE)
    yield Triple(data, DCT.publisher, IRI(service.publisher.iri))
    yield Triple(data, FOAF.homepage, IRI(f"{service.base}/"))
    yield Triple(data, RDFS.seeAlso, IRI(f"{service.base}/catalogus"))
    # Asked without a query, the endpoint describes itself (SPARQL 1.1 Service Description).
    yield Triple(data, VOID.sparqlEndpoint, IRI(f"{service.base}/sparql"))
    yield Triple(data, VOID.uriSpace, Literal(f"{service.base}/id/"))
    for name in kinds(service):
        yield Triple(data, VOID.dataDump, IRI(f"{service.base}/dumps/{name}"))
    for format in DATA_FORMATS:
        yield Triple(data, VOID.feature, IRI(FORMAT_IRIS[format.suffix]))
    for namespace in sorted({*service.schema.prefixes.values()}):
        yield Triple(data, VOID.vocabulary, IRI(namespace))
    for type in service.schema.public_types:
        found = next(iter(service.log.entities(type.key, limit=1)), None)
        if found is not None and found.public is not None:
            yield Triple(data, VOID.exampleResource, IRI(found.entity))


def _figures(reading: Reading, data: IRI) -> Iterator[Triple]:
    size = reading.figures("report/omvang", HOLD)[0]
    yield Triple(data, VOID.triples, Literal(int(size["triples"])))
    classes = reading.figures("report/klassen", HOLD)
    yield Triple(data, VOID.classes, Literal(len(classes)))
    for number, row in enumerate(classes, 1):
        partition = IRI(f"{data.value}-klasse-{number}")
        yield Triple(data, VOID.classPartition, partition)
        yield Triple(partition, RDF.type, VOID.Dataset)
        yield Triple(partition, VOID["class"], IRI(row["klasse"]))
        yield Triple(partition, VOID.entities, Literal(int(row["aantal"])))


ROUTES = (Route("/.well-known/void", show),)
