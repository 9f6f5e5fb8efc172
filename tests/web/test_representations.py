"""All formats say the same, to us and to independent processors."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest
from pyld import jsonld
from rdflib import Dataset
from rdflib import Graph as RdflibGraph
from rdflib.compare import isomorphic, to_isomorphic

from tests.web.conftest import HARMONY, PLAIN, STOPPED, Ask
from tests.web.world import ROOT, World

# rdflib's own parsers still use what it deprecates.
pytestmark = [
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated"),
    pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated"),
]
RDFLIB = {"ttl": "turtle", "nt": "nt", "rdf": "xml"}
PAGES = [
    *(f"/doc/vereniging/{code}" for code in (HARMONY, STOPPED, PLAIN)),
    f"/doc/vereniging/{HARMONY}/historiek",
    "/doc/categorie",
    "/doc/categorie/hoofdactiviteit",
    "/doc/categorie/hoofdactiviteit-SPRT",
    "/catalogus",
    "/catalogus/verenigingen",
    "/ns",
]
SHIPPED = {path.stem: path for path in (ROOT / "ontology" / "context").glob("*.jsonld")}


def read(ask: Ask, page: str, suffix: str) -> RdflibGraph:
    return RdflibGraph().parse(data=ask(f"{page}.{suffix}").content, format=RDFLIB[suffix])


def load(ask: Ask, address: str, base: str) -> Any:
    """A document loader for PyLD that asks our own service."""
    answer = ask(address.removeprefix(base))
    assert answer.headers["content-type"] == "application/ld+json"
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": address, "document": answer.json()}


def by_pyld(ask: Ask, page: str, base: str) -> RdflibGraph:
    document = ask(f"{page}.jsonld").json()
    options = {"format": "application/n-quads", "documentLoader": lambda url, _: load(ask, url, base)}
    return RdflibGraph().parse(data=jsonld.to_rdf(document, options), format="nt")


def by_rdflib(ask: Ask, page: str, base: str) -> RdflibGraph:
    """rdflib would fetch the context itself, so it gets it inside the document."""
    document = ask(f"{page}.jsonld").json()
    if isinstance(document["@context"], str):
        document["@context"] = ask(document["@context"].removeprefix(base)).json()["@context"]
    return RdflibGraph().parse(data=json.dumps(document), format="json-ld")


def assert_same(ours: RdflibGraph, theirs: RdflibGraph) -> None:
    ours, theirs = to_isomorphic(ours), to_isomorphic(theirs)
    assert isomorphic(ours, theirs), f"{set(ours) ^ set(theirs)}"


@pytest.mark.parametrize("page", PAGES)
def test_turtle_ntriples_and_rdfxml_are_the_same_triples(ask: Ask, page: str) -> None:
    turtle = read(ask, page, "ttl")
    assert len(turtle) > 5
    assert_same(turtle, read(ask, page, "nt"))
    assert_same(turtle, read(ask, page, "rdf"))


@pytest.mark.parametrize("page", PAGES)
def test_json_ld_gives_the_same_triples_in_two_processors(ask: Ask, world: World, page: str) -> None:
    turtle = read(ask, page, "ttl")
    assert_same(turtle, by_pyld(ask, page, world.service.base))
    assert_same(turtle, by_rdflib(ask, page, world.service.base))


@pytest.mark.parametrize("page", PAGES)
def test_no_iri_is_left_of_a_prefix_that_nobody_declared(ask: Ask, world: World, page: str) -> None:
    terms = {str(term) for triple in by_pyld(ask, page, world.service.base) for term in triple if hasattr(term, "n3")}
    iris = {str(term) for triple in by_pyld(ask, page, world.service.base) for term in triple if is_iri(term)}
    assert terms and iris
    assert {iri for iri in iris if not iri.startswith(("http://", "https://", "mailto:", "urn:"))} == set()


def is_iri(term: Any) -> bool:
    return type(term).__name__ == "URIRef"


def test_trig_names_the_graph_after_the_association(ask: Ask, world: World) -> None:
    dataset = Dataset().parse(data=ask(f"/doc/vereniging/{HARMONY}.trig").content, format="trig")
    named = [graph for graph in dataset.graphs() if len(graph)]
    assert [str(graph.identifier) for graph in named] == [world.iri(HARMONY)]
    plain = RdflibGraph()
    for triple in named[0]:
        plain.add(triple)
    assert_same(plain, read(ask, f"/doc/vereniging/{HARMONY}", "ttl"))


def test_a_concept_shows_its_iri_code_and_name(ask: Ask, world: World) -> None:
    status = ask(f"/doc/vereniging/{HARMONY}").json()["status"]
    assert status == {
        "@id": world.concept("status", "Actief"), "@type": "Concept", "code": "Actief", "naam": "Actief",
    }  # fmt: skip


@pytest.mark.parametrize("name", SHIPPED)
def test_a_context_has_what_json_ld_demands_of_a_remote_one(ask: Ask, name: str) -> None:
    answer = ask(f"/context/{name}.jsonld")
    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "max-age=86400" in answer.headers["cache-control"]
    assert ask(f"/context/{name}.jsonld", if_none_match=answer.headers["etag"]).status_code == 304
    assert set(answer.json()) == {"@context"}
    assert ask(f"/context/{name}").content == answer.content


def test_no_context_declares_a_key_twice() -> None:
    assert SHIPPED

    def once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        assert len(keys) == len(set(keys)), keys
        return dict(pairs)

    for path in SHIPPED.values():
        json.loads(path.read_text(), object_pairs_hook=once)
