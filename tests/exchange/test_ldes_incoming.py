"""Pages of event streams as others really write them."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
import pytest
from pyld import jsonld
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse

from app.errors import Refused
from app.exchange.ldes.contexts import load_contexts, localised
from app.exchange.ldes.incoming import read_page
from app.exchange.products.lpdc import document_of
from app.model.graph import IRI, Graph
from app.model.languages import repair_tags
from app.model.schema import load_schema
from tests.register.builders import BASE, ROOT

LPDC = Path(__file__).parents[3] / "shared/data/lpdc"
PAGES = sorted((LPDC / "feeds").rglob("page-*.json"))
real = pytest.mark.skipif(not PAGES, reason="the real pages of LPDC are not beside this checkout")
CONTEXTS = load_contexts(ROOT)
HERE = "https://feed.voorbeeld.be/pagina/1"
TITLE = "http://purl.org/dc/terms/title"

# a page in Turtle or TriG, the links in it, whether it is closed, its members
TURTLE: list[tuple[str, tuple[str, ...], bool, list[str]]] = [
    ('<#s> tree:member <urn:m:1> . <urn:m:1> dct:title "Dag"@nl .', (), False, ["urn:m:1"]),
    ("<> tree:relation [ a tree:GreaterThanRelation ; tree:node <2> ] .", (f"{HERE[:-1]}2",), True, []),
    ("<> tree:relation [ a tree:LessThanRelation ; tree:node <0> ] .", (f"{HERE[:-1]}0",), False, []),
    ("<> tree:relation [ a tree:Relation ; tree:node <2> ] .", (f"{HERE[:-1]}2",), False, []),
    ('<> tree:relation [ a tree:GreaterThanRelation ; tree:node "https://a.be/2 " ] .', ("https://a.be/2",), True, []),
    ("<> tree:relation [ a tree:GreaterThanRelation ; tree:node <https://a.be/2 > ] .", ("https://a.be/2",), True, []),
    ("<> tree:relation [ a tree:GreaterThanRelation ; tree:node <1> ] .", (), False, []),
    ("<http://x> <http://w3id.org/tree#member> <urn:m:1> . <urn:m:1> a <urn:x> .", (), False, ["urn:m:1"]),
    ("<#s> tree:member <urn:m:1> . GRAPH <urn:m:1> { <urn:e> dct:title 'x' }", (), False, ["urn:m:1"]),
]
PREFIXES = "@prefix tree: <https://w3id.org/tree#> . @prefix dct: <http://purl.org/dc/terms/> .\n"


@pytest.mark.parametrize("body, links, closed, members", TURTLE, ids=[row[0][:60] for row in TURTLE])
def test_a_page_in_turtle_or_trig(body: str, links: tuple[str, ...], closed: bool, members: list[str]) -> None:
    page = read_page((PREFIXES + body).encode(), "", HERE, CONTEXTS)
    assert (page.links, page.closed, [each.id for each in page.members]) == (links, closed, members)
    assert all(each.graph() for each in page.members)


def test_a_member_brings_its_parts_and_nothing_of_another() -> None:
    body = PREFIXES + (
        "<#s> tree:member <urn:1>, <urn:2> . <urn:1> dct:relation [ dct:title 'a' ], <urn:part>, <urn:2> ."
        "<urn:part> dct:title 'b' . <urn:2> dct:title 'c' ."
    )
    first = read_page(body.encode(), "text/turtle", HERE, CONTEXTS).members[0].graph()
    titles = {value.value for subject in first.subjects() for value in first.objects(subject, IRI(TITLE))}
    assert titles == {"a", "b"}


def page_of(*members: Any, context: Any = None) -> bytes:
    names = [f"{HERE}/ipdc-lpdc-im.jsonld", f"{HERE}/ldes.jsonld"] if context is None else context
    return orjson.dumps({"@context": names, "@id": HERE, "@type": "EventStream", "member": list(members)})


GOOD = {"@id": "urn:m:1", "@type": "ConceptSnapshot", "naam": {"nl": "Dag"}}
BROKEN: list[Any] = [{"@id": 5}, {"@id": "urn:m:2", "@context": "https://ergens.be/x.jsonld"}, 7, {"naam": {"nl": 3}}]


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_a_member_that_cannot_be_read_stops_no_other(broken: Any) -> None:
    members = read_page(page_of(GOOD, broken), "application/ld+json", HERE, CONTEXTS).members
    assert members[0].id == "urn:m:1" and len(members[0].graph()) == 2
    for wrong in members[1:]:
        with suppress(Refused):
            assert not wrong.id or not wrong.graph()


NO_PAGES = [b"{", b"[1, 2", b"<html><p>Onderhoud</html>", b'{"@context": "https://ergens.be/eigen.jsonld"}']


@pytest.mark.parametrize("body", NO_PAGES)
def test_what_is_no_page_is_refused(body: bytes) -> None:
    with pytest.raises(Refused):
        read_page(body, "", HERE, CONTEXTS)


def test_a_context_is_known_by_the_name_of_its_file_and_never_fetched() -> None:
    for name in ("https://a.be/x/ipdc-lpdc-im.jsonld", "ipdc-lpdc-im.jsonld ", "http://b.be/ipdc-lpdc-im.jsonld?v=2"):
        assert localised(name, CONTEXTS) == CONTEXTS["ipdc-lpdc-im"]
    assert len(localised("https://a.be/ipdc-lpdc-im-hydra-ldes.jsonld", CONTEXTS)) == 2
    assert localised([{"naam": TITLE}], CONTEXTS) == [{"naam": TITLE}]
    with pytest.raises(Refused, match="kennen we niet"):
        localised("https://a.be/eigen.jsonld", CONTEXTS)


def test_orders_come_as_decimals_tags_in_any_case_and_addresses_with_spaces() -> None:
    site = {"@type": "Website", "order": 0.0, "naam": {"nl-BE-x-generated-formal": "x"}, "url": "https://a.be/1 "}
    member = {**GOOD, "isVersionOf": "https://a.be/c ", "naam": {"NL-be-x-Formal": "Dag"}, "websites": [site]}
    [found] = read_page(page_of(member), "application/ld+json", HERE, CONTEXTS).members
    document = document_of(found.graph(), IRI("urn:m:1"), load_schema(ROOT, BASE), "concept")
    assert document["naam"] == {"nl-be-x-formal": "Dag"}
    assert document["websites"][0]["naam"] == {"nl-be-x-gen-formal": "x"}
    assert (document["websites"][0]["order"], document["websites"][0]["url"]) == (0, "https://a.be/1")


@real
@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parts[-3]}/{path.name}")
def test_our_contexts_say_of_a_real_page_what_the_official_ones_say(path: Path) -> None:
    official = {
        name: orjson.loads((LPDC / f"official/jsonld/{name}.jsonld").read_bytes())["@context"] for name in CONTEXTS
        if (LPDC / f"official/jsonld/{name}.jsonld").is_file()
    }  # fmt: skip
    body = path.read_bytes()
    ours, theirs = (read_page(body, "application/ld+json", HERE, known) for known in (CONTEXTS, official))
    assert ours.members and [each.id for each in ours.members] == [each.id for each in theirs.members]
    for one, other in zip(ours.members, theirs.members, strict=True):
        assert canonical(one.graph()) == canonical(other.graph())
    assert (ours.links, ours.closed) == (theirs.links, theirs.closed)


@real
@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parts[-3]}/{path.name}")
def test_a_real_page_says_what_pyld_reads_in_it(path: Path) -> None:
    page = read_page(path.read_bytes(), "application/ld+json", HERE, CONTEXTS)
    document = orjson.loads(repair_tags(path.read_bytes()))
    document["@context"] = localised(document["@context"], CONTEXTS)
    quads = jsonld.to_rdf(document, {"base": HERE, "format": "application/n-quads"})
    whole = Graph(parse(quads, format=RdfFormat.N_QUADS))
    for member in page.members:
        [alone] = [m for m in read_page(whole.ntriples(), "", HERE, CONTEXTS).members if m.id == member.id]
        assert canonical(alone.graph()) == canonical(member.graph())


def canonical(graph: Graph) -> set[str]:
    dataset = Dataset(Quad(each.subject, each.predicate, each.object) for each in graph)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return {str(quad).lower() for quad in dataset}
