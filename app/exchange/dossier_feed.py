"""The dossiers of one administration as an event stream, for its own system alone: a member is a dossier at a status.

page = feed_page(statuses, register, "https://loket…/v1/dossiers/ldes", after=0, more=False)
FORMATS["ttl"].write(page)

A page is a range of sequences: the next begins after the last member of this one, and a range that is full never
changes. Nothing personal stands in it; what the association filled in is read by number, with a purpose.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.exchange.ldes.page import Page, PageMember
from app.model.graph import IRI, BlankNode, Graph, Literal
from app.model.terms import AS, DCT, LDES, PROV, RDF, TREE, VL, XSD
from app.register.register import Register
from app.store.dossier_statuses import DossierStatus

PAGE_SIZE = 100
TITLE = "Dossiers van uw bestuur"


def feed_page(statuses: Sequence[DossierStatus], register: Register, address: str, after: int, more: bool) -> Page:
    """The members after a sequence, oldest first, with the way to the next page when there are `more`."""
    stream, node = IRI(f"{address}#stroom"), IRI(f"{address}?na={after}" if after else address)
    graph = Graph()
    graph.add(stream, RDF.type, LDES.EventStream)
    graph.add(stream, DCT["title"], Literal(TITLE, language="nl"))
    graph.add(stream, LDES.timestampPath, PROV.generatedAtTime)
    graph.add(stream, LDES.versionOfPath, DCT.isVersionOf)
    graph.add(stream, TREE.view, IRI(address))
    graph.add(node, RDF.type, TREE.Node)
    if more and statuses:
        relation = BlankNode("verder")
        graph.add(node, TREE.relation, relation)
        graph.add(relation, RDF.type, TREE.GreaterThanOrEqualToRelation)
        graph.add(relation, TREE.node, IRI(f"{address}?na={statuses[-1].sequence}"))
        graph.add(relation, TREE.path, PROV.generatedAtTime)
        graph.add(relation, TREE.value, Literal(statuses[-1].time, datatype=XSD.dateTime))
    return Page(stream.value, graph, tuple(_member(status, register) for status in statuses))


def _member(status: DossierStatus, register: Register) -> PageMember:
    version = register.log.version(status.dossier, status.version)
    iri = f"{status.dossier}?versie={status.version}"
    subject, activity = IRI(iri), BlankNode(f"v{status.sequence}")
    graph = Graph()
    graph.add(subject, RDF.type, AS.Create if status.position == 1 else AS.Update)
    graph.add(subject, DCT.isVersionOf, IRI(status.dossier))
    graph.add(subject, PROV.generatedAtTime, Literal(status.time, datatype=XSD.dateTime))
    graph.add(subject, VL.volgnummer, Literal(str(status.sequence), datatype=XSD.integer))
    graph.add(subject, PROV.wasGeneratedBy, activity)
    graph.add(activity, RDF.type, PROV.Activity)
    if version is None:
        return PageMember(iri, status.dossier, status.sequence, graph, b"")
    graph.add(activity, RDF.type, IRI(version.activity))
    return PageMember(iri, status.dossier, status.sequence, graph, (version.public or b"") + version.internal)
