"""The hypermedia of a feed: the root with its context, relations with bounds, and members with what happened to them.

Written from https://semiceu.github.io/LinkedDataEventStreams/server-primer.html (working draft of May 2026; the newest
release is 1.0.0-alpha, so no conformance to "LDES 1.0" is claimed).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.exchange.ldes.addresses import ROOT, FeedAddress
from app.exchange.ldes.page import Page, PageMember
from app.model.graph import IRI, BlankNode, Graph, Literal, Term
from app.model.terms import AS, DCT, LDES, PROV, RDF, RDFS, SH, TREE, VL, XSD
from app.store.log import Member, Operation

POLLING_SECONDS = 60
OPERATIONS: Mapping[Operation, IRI] = MappingProxyType({"create": AS.Create, "update": AS.Update, "delete": AS.Delete})
# Everything since before the register existed: a policy that keeps all, said aloud instead of by silence.
RETAINED_SINCE = Literal("1970-01-01T00:00:00Z", datatype=XSD.dateTime)


@dataclass(frozen=True)
class Description:
    """What people and catalogues are told of a feed; `shape` is what the public payload satisfies."""

    title: str
    description: str
    shape: str | None = None
    place: str | None = None


@dataclass(frozen=True)
class Link:
    """A node to link to, with the times of its first and last member; no last time while members still come."""

    iri: str
    first: str
    last: str | None


def root_page(address: FeedAddress, description: Description, links: Iterable[Link]) -> Page:
    """The one mutable entry: it changes only when a page fills, because the open page has no upper bound."""
    graph = Graph()
    root, stream = IRI(address.root), IRI(address.stream)
    graph.add(root, RDF.type, TREE.Node)
    graph.add(root, RDF.type, LDES.EventSource)
    policy = IRI(f"{address.root}#bewaring")
    graph.add(root, LDES.retentionPolicy, policy)
    graph.add(policy, RDF.type, LDES.RetentionPolicy)
    graph.add(policy, LDES.startingFrom, RETAINED_SINCE)
    graph.add(policy, RDFS.comment, Literal("Elke versie blijft bewaard.", language="nl"))
    _add_stream(graph, stream, description)
    graph.add(stream, TREE.view, root)
    graph.add(stream, TREE.shape, IRI(f"{address.root}#lid"))
    _add_member_shape(graph, IRI(f"{address.root}#lid"))
    _add_relations(graph, root, links)
    return Page(address.stream, graph)


def index_page(address: FeedAddress, iri: str, links: Iterable[Link]) -> Page:
    """A node between the root and the pages; there are only full ones, so it never changes."""
    graph = Graph()
    _add_sealed(graph, IRI(iri))
    _add_relations(graph, IRI(iri), links)
    return Page(address.stream, graph)


def member_page(address: FeedAddress, iri: str, members: Iterable[Member], full: bool) -> Page:
    """The members of one range of positions, oldest first."""
    graph = Graph()
    if full:
        _add_sealed(graph, IRI(iri))
    else:
        graph.add(IRI(iri), RDF.type, TREE.Node)
    return Page(address.stream, graph, tuple(page_member(address, member) for member in members))


def overview_page(base: str, feeds: Iterable[tuple[FeedAddress, Description]]) -> Page:
    """All feeds; without `tree:view`, because a client may start only where exactly one is named."""
    graph = Graph()
    overview = IRI(f"{base}{ROOT}")
    graph.add(overview, DCT["title"], Literal("Feeds", language="nl"))
    for address, description in feeds:
        stream = IRI(address.stream)
        graph.add(overview, DCT.hasPart, stream)
        graph.add(stream, RDF.type, LDES.EventStream)
        _add_titles(graph, stream, description)
        graph.add(stream, RDFS.seeAlso, IRI(address.root))
    return Page(None, graph)


def page_member(address: FeedAddress, member: Member) -> PageMember:
    """One member as this feed sees it."""
    version = member.version
    iri = member_iri(address, member)
    subject, activity = IRI(iri), BlankNode(f"v{version.sequence}")
    graph = Graph()
    graph.add(subject, RDF.type, OPERATIONS[member.operation])
    graph.add(subject, DCT.isVersionOf, IRI(version.entity))
    graph.add(subject, PROV.generatedAtTime, Literal(version.time, datatype=XSD.dateTime))
    graph.add(subject, VL.volgnummer, Literal(str(version.sequence), datatype=XSD.integer))
    graph.add(subject, PROV.wasGeneratedBy, activity)
    graph.add(activity, RDF.type, PROV.Activity)
    if version.public is not None:
        # Of what nobody may see any more, nobody is told either whether it was removed or only hidden.
        graph.add(activity, RDF.type, IRI(version.activity))
    elif version.replaced_by:
        graph.add(subject, DCT.isReplacedBy, IRI(version.replaced_by))
    payload = b"" if member.operation == "delete" else version.public or b""
    return PageMember(iri, version.entity, version.sequence, graph, payload)


def member_iri(address: FeedAddress, member: Member) -> str:
    """The version's IRI; of a move from one municipality to another, one for each of their views.

    The same version is an update in the full feed, a delete in the one view and a create in the other, and one IRI
    must not say three things.
    """
    iri, view = member.version.iri(address.base), address.view
    if view and member.left_view:
        return f"{iri}#weg-uit-{view}"
    if view and member.operation == "create" and member.version.operation != "create":
        return f"{iri}#nieuw-in-{view}"
    return iri


def _add_stream(graph: Graph, stream: IRI, description: Description) -> None:
    graph.add(stream, RDF.type, LDES.EventStream)
    graph.add(stream, RDF.type, TREE.Collection)
    _add_titles(graph, stream, description)
    graph.add(stream, LDES.timestampPath, PROV.generatedAtTime)
    graph.add(stream, LDES.sequencePath, VL.volgnummer)
    graph.add(stream, LDES.versionOfPath, DCT.isVersionOf)
    graph.add(stream, LDES.versionCreateObject, OPERATIONS["create"])
    graph.add(stream, LDES.versionUpdateObject, OPERATIONS["update"])
    graph.add(stream, LDES.versionDeleteObject, OPERATIONS["delete"])
    graph.add(stream, LDES.pollingInterval, _integer(POLLING_SECONDS))


def _add_titles(graph: Graph, stream: IRI, description: Description) -> None:
    graph.add(stream, DCT["title"], Literal(description.title, language="nl"))
    graph.add(stream, DCT.description, Literal(description.description, language="nl"))
    if description.shape:
        graph.add(stream, DCT.conformsTo, IRI(description.shape))
    if description.place:
        graph.add(stream, DCT.spatial, IRI(description.place))


def _add_member_shape(graph: Graph, shape: IRI) -> None:
    """The shape of the member itself, not of its payload.

    A client extracts members along `tree:shape` and dereferences a member that lacks a required property: a shape of
    associations, which tombstones never meet, would cost it a request per member. That one is named by
    `dct:conformsTo`.
    """
    graph.add(shape, RDF.type, SH.NodeShape)
    properties: tuple[tuple[str, IRI, IRI, Term], ...] = (
        ("entiteit", DCT.isVersionOf, SH.nodeKind, SH.IRI),
        ("tijd", PROV.generatedAtTime, SH.datatype, XSD.dateTime),
        ("volgnummer", VL.volgnummer, SH.datatype, XSD.integer),
        ("activiteit", PROV.wasGeneratedBy, SH.nodeKind, SH.BlankNode),
    )
    for label, path, constraint, value in properties:
        property_shape = BlankNode(label)
        graph.add(shape, SH.property, property_shape)
        graph.add(property_shape, SH.path, path)
        graph.add(property_shape, constraint, value)
        graph.add(property_shape, SH.minCount, _integer(1))
        graph.add(property_shape, SH.maxCount, _integer(1))


def _add_sealed(graph: Graph, node: IRI) -> None:
    graph.add(node, RDF.type, TREE.Node)
    graph.add(node, LDES.immutable, Literal("true", datatype=XSD.boolean))


def _add_relations(graph: Graph, node: IRI, links: Iterable[Link]) -> None:
    for number, link in enumerate(links, start=1):
        _add_relation(graph, node, f"van{number}", TREE.GreaterThanOrEqualToRelation, link.iri, link.first)
        if link.last is not None:
            _add_relation(graph, node, f"tot{number}", TREE.LessThanOrEqualToRelation, link.iri, link.last)


def _add_relation(graph: Graph, node: IRI, label: str, kind: IRI, target: str, time: str) -> None:
    relation = BlankNode(label)
    graph.add(node, TREE.relation, relation)
    graph.add(relation, RDF.type, kind)
    graph.add(relation, TREE.node, IRI(target))
    graph.add(relation, TREE.path, PROV.generatedAtTime)
    graph.add(relation, TREE.value, Literal(time, datatype=XSD.dateTime))


def _integer(value: int) -> Literal:
    return Literal(str(value), datatype=XSD.integer)
