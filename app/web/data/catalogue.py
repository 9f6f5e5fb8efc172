"""What we offer, for data catalogues: DCAT-AP Vlaanderen 3.0, from `ontology/datasets.ttl`, the feeds and the dumps.

Which properties a harvester demands of which class: https://data.vlaanderen.be/doc/applicatieprofiel/metadata-dcat
"""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType

from app.model.graph import IRI, Graph, Literal, parse_graph
from app.model.reading import instances, texts_of
from app.model.terms import DCAT, DCT, FOAF, RDF, VCARD, VL, XSD
from app.store.log import Log
from app.web.data.dumps import Dumps
from app.web.service import Service

EU = "http://publications.europa.eu/resource/authority/"
PUBLIC = IRI(f"{EU}access-right/PUBLIC")
DUTCH = IRI(f"{EU}language/NLD")
LICENCE = IRI("https://data.vlaanderen.be/id/licentie/modellicentie-gratis-hergebruik/v1.0")
PROFILE = IRI("https://data.vlaanderen.be/doc/applicatieprofiel/metadata-dcat/erkendestandaard/2021-04-22")
FLANDERS = IRI("http://vocab.belgif.be/auth/refnis2025/2000")
RESOURCES = (DCAT.Catalog, DCAT.Dataset, DCAT.DatasetSeries, DCAT.DataService)
SERIES = MappingProxyType({"verenigingen": "verenigingen-per-gemeente"})


def catalogue(service: Service, dumps: Dumps) -> Graph:
    """The whole catalogue: every dataset, service and distribution with all that a harvester demands."""
    graph = parse_graph((service.root / "ontology" / "datasets.ttl").read_bytes(), base=f"{service.base}/")
    for feed in service.log.feeds():
        add_view(graph, service, feed)
    add_sizes(graph, dumps)
    add_dates(graph, service.log)
    complete(graph, service)
    return graph


def add_view(graph: Graph, service: Service, feed: str) -> None:
    """A dataset for the feed of one municipality."""
    name, _, nis = feed.partition("/gemeente/")
    municipality = service.codelists.municipality(nis) if nis else None
    if municipality is None or name not in SERIES:
        return
    dataset = IRI(f"{service.base}/id/dataset/{name}-{nis}")
    distribution = IRI(f"{dataset.value}#ldes")
    title = f"{name.capitalize()} in {municipality.name}"
    text = f"De openbare gegevens van {name} met een locatie in {municipality.name}, en elke wijziging ervan."
    graph.add(dataset, RDF.type, DCAT.Dataset)
    graph.add(dataset, DCT["title"], dutch(title))
    graph.add(dataset, DCT.description, dutch(text))
    graph.add(dataset, DCT.spatial, IRI(municipality.iri))
    graph.add(dataset, DCAT.inSeries, IRI(f"{service.base}/id/dataset/{SERIES[name]}"))
    graph.add(dataset, DCAT.landingPage, IRI(f"{service.base}/{name}?gemeente={nis}"))
    graph.add(dataset, DCAT.distribution, distribution)
    graph.add(dataset, VL.feed, Literal(feed))
    graph.add(distribution, RDF.type, DCAT.Distribution)
    graph.add(distribution, DCT["title"], dutch(f"{title} (LDES)"))
    graph.add(distribution, DCAT.accessURL, IRI(f"{service.base}/ldes/{feed}"))
    graph.add(distribution, DCAT.accessService, IRI(f"{service.base}/id/dataservice/ldes"))
    graph.add(distribution, DCT.conformsTo, IRI("https://w3id.org/ldes/specification"))
    graph.add(distribution, DCT["format"], IRI(f"{EU}file-type/RDF_TRIG"))
    graph.add(IRI(f"{service.base}/id/catalogus"), DCAT.dataset, dataset)


def add_sizes(graph: Graph, dumps: Dumps) -> None:
    """How large each download is that lies ready."""
    for distribution in instances(graph, DCAT.Distribution):
        address = graph.value(distribution, DCAT.downloadURL)
        dump = dumps.newest(address.value.rpartition("/")[2]) if isinstance(address, IRI) else None
        if dump is not None:
            graph.add(distribution, DCAT.byteSize, Literal(str(dump.size), datatype=XSD.nonNegativeInteger))
            graph.add(distribution, DCT.modified, moment(dump.made.isoformat()))


def add_dates(graph: Graph, log: Log) -> None:
    """When the data of each feed changed last."""
    for dataset in instances(graph, DCAT.Dataset):
        for feed in texts_of(graph, dataset, VL.feed):
            if changed := last_change(log, feed):
                graph.add(dataset, DCT.modified, moment(changed))
        graph.set(dataset, VL.feed)


def complete(graph: Graph, service: Service) -> None:
    """What every dataset, service and distribution has in common."""
    publisher, contact = IRI(service.publisher.iri), IRI(f"{service.base}/id/catalogus#contact")
    for kind in RESOURCES:
        for resource in instances(graph, kind):
            _complete_resource(graph, resource, publisher, contact)
    for dataset in instances(graph, DCAT.Dataset):
        if graph.value(dataset, DCT.spatial) is None:
            graph.add(dataset, DCT.spatial, FLANDERS)
    for distribution in instances(graph, DCAT.Distribution):
        graph.add(distribution, DCT.identifier, Literal(distribution.value))
        graph.add(distribution, DCT.license, LICENCE)
    graph.add(publisher, RDF.type, FOAF.Agent)
    graph.add(publisher, FOAF.name, dutch(service.publisher.name))
    graph.add(contact, RDF.type, VCARD.Organization)
    graph.add(contact, VCARD.fn, dutch(service.title))
    graph.add(contact, VCARD.hasEmail, IRI(f"mailto:{service.publisher.contact}"))
    _add_records(graph, service)


def _complete_resource(graph: Graph, resource: IRI, publisher: IRI, contact: IRI) -> None:
    graph.add(resource, DCT.identifier, Literal(resource.value))
    graph.add(resource, DCT.publisher, publisher)
    graph.add(resource, DCAT.contactPoint, contact)
    graph.add(resource, DCT.language, DUTCH)
    graph.add(resource, DCT.license, LICENCE)
    graph.add(resource, DCT.accessRights, PUBLIC)


def _add_records(graph: Graph, service: Service) -> None:
    """Who keeps the description of each dataset and service, and after which profile."""
    changed = last_change(service.log) or service.clock().isoformat()
    catalog = IRI(f"{service.base}/id/catalogus")
    for kind in (DCAT.Dataset, DCAT.DatasetSeries, DCAT.DataService):
        for resource in instances(graph, kind):
            record, own = IRI(f"{resource.value}#beschrijving"), graph.value(resource, DCT.modified)
            graph.add(catalog, DCAT.record, record)
            graph.add(record, RDF.type, DCAT.CatalogRecord)
            graph.add(record, DCT.identifier, Literal(record.value))
            graph.add(record, DCT.modified, own or moment(changed))
            graph.add(record, FOAF.primaryTopic, resource)
            graph.add(record, DCT.conformsTo, PROFILE)
    graph.add(catalog, DCT.modified, moment(changed))
    graph.add(PROFILE, RDF.type, DCT.Standard)


def last_change(log: Log, feed: str | None = None) -> str | None:
    """When something changed last, in the whole log or in one feed."""
    if feed is not None:
        size = log.feed_size(feed)
        return log.members(feed, size, size)[0].version.time if size else None
    found = log.read(log.head() - 1, 1) if log.head() else []
    return found[0].time if found else None


def dutch(text: str) -> Literal:
    """A text that says in which language it is."""
    return Literal(text, language="nl")


def moment(time: str) -> Literal:
    """To the second, as catalogues show it."""
    return Literal(datetime.fromisoformat(time).strftime("%Y-%m-%dT%H:%M:%SZ"), datatype=XSD.dateTime)
