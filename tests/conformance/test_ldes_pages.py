"""Every page of a feed against our shapes for LDES and TREE pages, and the shapes against pages that are wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyld.jsonld
import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, RdfFormat, parse
from pyshacl import validate
from rdflib import Graph, URIRef
from rdflib.namespace import Namespace

from app.exchange.ldes.feed import LdesFeeds
from app.exchange.ldes.writing import FORMATS
from tests.exchange.feed_log import AALST, ALL, GENT, QUADS_IN_PAYLOAD, feed_log, find, relations, walk

SHAPES = Graph().parse(Path(__file__).parent / "ldes_page_shapes.ttl")
TREE = Namespace("https://w3id.org/tree#")
FORMAT = {
    "trig": RdfFormat.TRIG,
    "nq": RdfFormat.N_QUADS,
    "jsonld": RdfFormat.JSON_LD,
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
}


class World(NamedTuple):
    feeds: LdesFeeds
    members: int


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Feeds in which everything happened that can happen, long enough for an index node."""
    folder = tmp_path_factory.mktemp("feed")
    source = feed_log(folder)
    source.register(*range(1, 206))
    for code in range(1, 8):
        source.change(code, "Verhuisd", feeds=(ALL, AALST))
    source.hide(20)
    source.remove(21)
    source.change(20, "Weer te zien")
    yield World(source.feeds(folder / "feeds", page_size=2), source.log.feed_size(ALL))
    source.log.close()


def conforms(graph: Graph) -> tuple[bool, str]:
    done, _, text = validate(graph, shacl_graph=SHAPES, inference="none", meta_shacl=False)
    return done, str(text)


def dataset(data: bytes | str, suffix: str) -> Dataset:
    """The quads, with blank nodes named the same in equal documents."""
    found = Dataset(parse(data, format=FORMAT[suffix]))
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return found


def page(feeds: LdesFeeds, path: str, suffix: str) -> Dataset:
    return dataset(feeds.render(find(feeds, path), suffix), suffix)


@pytest.mark.parametrize("feed", [ALL, GENT, AALST])
def test_every_node_of_a_feed_conforms(world: World, feed: str) -> None:
    """The envelopes and the hypermedia stand in the default graph; Turtle has the payload there as well."""
    places = list(walk(world.feeds, feed))
    levels = {place.node.level if place.node else None for place in places}
    assert levels == ({None, 0, 1} if feed != AALST else {None, 0}), "a root, pages, and in a long feed an index node"
    whole = Graph()
    for place in places:
        whole.parse(data=world.feeds.render(place, "ttl"), format="turtle")
    assert len(set(whole.objects(None, TREE.member))) == world.feeds.summary(feed).size > 0
    assert conforms(whole)[0], conforms(whole)[1]


def test_only_the_root_says_view_and_says_it_once(world: World) -> None:
    views = {
        world.feeds.iri(place): world.feeds.render(place, "nt").count(b"<https://w3id.org/tree#view>")
        for place in walk(world.feeds, ALL)
    }
    assert views.pop(f"{world.feeds.base}/ldes/{ALL}") == 1
    assert len(views) > 100
    assert set(views.values()) == {0}


def test_every_link_has_a_lower_bound_and_an_upper_one_unless_it_is_still_open(world: World) -> None:
    for place in walk(world.feeds, ALL):
        bounds: dict[str, dict[str, str]] = {}
        for iri, kind, time in relations(world.feeds, place):
            bounds.setdefault(iri, {})[kind] = time
        for iri, found in bounds.items():
            full = find(world.feeds, iri.removeprefix(f"{world.feeds.base}/ldes/")).full
            assert ("LessThanOrEqualToRelation" in found) == full
            assert found["GreaterThanOrEqualToRelation"] <= found.get("LessThanOrEqualToRelation", "9")


PAGES = [ALL, f"{ALL}/1", f"{ALL}/107", f"{ALL}/index/1/1", f"{AALST}/1"]


@pytest.mark.parametrize("path", PAGES)
def test_trig_nquads_and_jsonld_say_the_same(world: World, path: str) -> None:
    expected = page(world.feeds, path, "trig")
    assert len(expected) > 10
    assert page(world.feeds, path, "nq") == expected
    assert page(world.feeds, path, "jsonld") == expected


@pytest.mark.parametrize("path", PAGES)
def test_a_second_jsonld_processor_reads_the_same(world: World, path: str) -> None:
    body = json.loads(world.feeds.render(find(world.feeds, path), "jsonld"))
    quads = pyld.jsonld.to_rdf(body, {"format": "application/n-quads"})
    assert dataset(quads, "nq") == page(world.feeds, path, "trig")


@pytest.mark.parametrize("path", PAGES)
def test_turtle_and_ntriples_say_the_same(world: World, path: str) -> None:
    assert page(world.feeds, path, "nt") == page(world.feeds, path, "ttl")


def test_the_payload_stands_in_the_graph_of_the_member_about_the_entity_itself(world: World) -> None:
    member = NamedNode(f"{world.feeds.base}/id/vereniging/V0000001/versie/1")
    payload = list(page(world.feeds, f"{ALL}/1", "trig").quads_for_graph_name(member))
    assert len(payload) == QUADS_IN_PAYLOAD
    assert NamedNode(f"{world.feeds.base}/id/vereniging/V0000001") in {quad.subject for quad in payload}


def test_in_turtle_a_client_without_a_shape_reaches_the_whole_member(world: World) -> None:
    """Subject, and blank nodes from there: what the specification has every client follow."""
    body = world.feeds.render(find(world.feeds, f"{ALL}/1"), "ttl")
    member = URIRef(f"{world.feeds.base}/id/vereniging/V0000001/versie/1")
    envelope = 7
    assert len(Graph().parse(data=body, format="turtle").cbd(member)) == QUADS_IN_PAYLOAD + envelope


STREAM, ROOT = f"<http://loket.test/ldes/{ALL}#stroom>", f"<http://loket.test/ldes/{ALL}>"
SOME = "prov:generatedAtTime"
BROKEN = [
    ("a second view", f"{STREAM} tree:view <http://loket.test/elders> ."),
    ("two paths of time", f"{STREAM} ldes:timestampPath dct:created ."),
    ("two policies", f"{ROOT} ldes:retentionPolicy <http://loket.test/elders> ."),
    ("a policy of which nothing is said", "<urn:x> ldes:retentionPolicy <urn:y> ."),
    ("an immutable root", f"{ROOT} ldes:immutable true ."),
    ("immutable false", "<urn:x> ldes:immutable false ."),
    ("a relation without a node", f"{ROOT} tree:relation [ a tree:LessThanRelation ; tree:path {SOME} ] ."),
    (
        "a time without a zone",
        f"{ROOT} tree:relation [ a tree:LessThanRelation ; tree:node <urn:x> ; tree:path {SOME} ;"
        ' tree:value "2026-01-01T00:00:00"^^xsd:dateTime ] .',
    ),
    (
        "a relation over another path",
        f"{ROOT} tree:relation [ a tree:LessThanRelation ; tree:node <urn:x> ; tree:path dct:created ;"
        ' tree:value "2026-01-01T00:00:00Z"^^xsd:dateTime ] .',
    ),
    ("a member that is a blank node", f"{STREAM} tree:member [ a as:Create ] ."),
    ("a member of which nothing is said", f"{STREAM} tree:member <urn:x> ."),
]


@pytest.mark.parametrize(("what", "triples"), BROKEN, ids=[what for what, _ in BROKEN])
def test_the_shapes_see_what_is_wrong(world: World, what: str, triples: str) -> None:
    header = FORMATS["ttl"].write(world.feeds.page(find(world.feeds, ALL))).decode()
    assert conforms(Graph().parse(data=header, format="turtle"))[0]
    assert not conforms(Graph().parse(data=header + triples, format="turtle"))[0]
