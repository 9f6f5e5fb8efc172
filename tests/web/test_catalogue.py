"""The catalogue as harvesters judge it: DCAT-AP Vlaanderen 3.0, whole on every page, with addresses that work."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import DCAT, DCTERMS, RDF, Graph, Namespace, URIRef

from app.web.data import catalogue_pages
from tests.web.conftest import Ask
from tests.web.world import BASE, World

HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
SHAPES = Path(__file__).with_name("dcat_ap_vl.ttl")
CATALOGUE = URIRef(f"{BASE}/id/catalogus")


def harvest(ask: Ask, path: str = "/catalogus.ttl") -> Graph:
    return Graph().parse(data=ask(path).content, format="turtle")


def complaints(graph: Graph) -> str:
    conforms, _, text = validate(graph, shacl_graph=Graph().parse(SHAPES))
    return "" if conforms else text


def test_the_catalogue_conforms_to_dcat_ap_vl(ask: Ask) -> None:
    assert complaints(harvest(ask)) == ""


@pytest.mark.parametrize("property", [DCTERMS.publisher, DCTERMS.title, DCAT.accessURL, DCAT.endpointDescription])
def test_the_shapes_notice_what_is_missing(ask: Ask, property: URIRef) -> None:
    graph = harvest(ask)
    graph.remove((None, property, None))
    assert complaints(graph)


def test_it_describes_the_data_the_feeds_and_the_services(ask: Ask) -> None:
    graph = harvest(ask)
    names = {str(one).removeprefix(f"{BASE}/id/") for one in graph.subjects(RDF.type, DCAT.Dataset)}
    assert {"dataset/verenigingen", "dataset/codelijsten", "dataset/verenigingen-44021"} <= names
    services = {str(one).removeprefix(f"{BASE}/id/") for one in graph.subjects(RDF.type, DCAT.DataService)}
    assert services == {f"dataservice/{name}" for name in ("sparql", "ldes", "odata", "register")}
    ldes = URIRef("https://w3id.org/ldes/specification")
    feeds = {str(graph.value(one, DCAT.accessURL)) for one in graph.subjects(DCTERMS.conformsTo, ldes)} - {"None"}
    assert {f"{BASE}/ldes/verenigingen", f"{BASE}/ldes/verenigingen/gemeente/44021"} <= feeds


def test_every_address_in_it_answers(ask: Ask) -> None:
    graph = harvest(ask)
    wanted = (DCAT.accessURL, DCAT.downloadURL, DCAT.landingPage, DCAT.endpointURL, DCAT.dataset, DCAT.service)
    addresses = {str(o) for property in wanted for o in graph.objects(None, property)} - {f"{BASE}/sparql"}
    assert len(addresses) > 8
    assert {address: ask(address.removeprefix(BASE)).status_code for address in addresses} == dict.fromkeys(
        addresses, 200
    ) | {address: 303 for address in addresses if "/id/" in address}


@pytest.mark.parametrize("accept", ["text/turtle", "application/ld+json", "application/rdf+xml", "text/html"])
def test_it_exists_in_the_formats_that_harvesters_read(ask: Ask, accept: str) -> None:
    answer = ask("/catalogus", accept=accept)
    assert answer.status_code == 200 and answer.headers["content-type"].startswith(accept)
    assert ask("/catalogus", accept=accept, if_none_match=answer.headers["etag"]).status_code == 304


def test_pages_together_hold_every_dataset_once(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    datasets, described = (set(harvest(ask).subjects(RDF.type, each)) for each in (DCAT.Dataset, DCAT.DataService))
    monkeypatch.setattr(catalogue_pages, "PER_PAGE", 2)
    path, seen, pages = "/catalogus.ttl", [], 0
    while path:
        graph = harvest(ask, path)
        pages += 1
        seen += [str(one) for one in graph.subjects(RDF.type, DCAT.Dataset)]
        assert (CATALOGUE, RDF.type, DCAT.Catalog) in graph
        assert graph.value(CATALOGUE, HYDRA.totalItems).toPython() == len(datasets | described) + 1  # type: ignore[union-attr]
        following = graph.value(None, HYDRA.next) or next(graph.objects(None, HYDRA.next), None)
        path = str(following).replace(f"{BASE}/catalogus", "/catalogus.ttl") if following else ""
    assert pages > 2
    assert sorted(seen) == sorted(map(str, datasets))


@pytest.mark.parametrize("query, status", [("page=2", 404), ("page=0", 400), ("page=x", 400), ("page=1", 200)])
def test_a_page_that_is_not_there_is_an_error_and_not_an_empty_catalogue(ask: Ask, query: str, status: int) -> None:
    assert ask(f"/catalogus.ttl?{query}").status_code == status


def test_a_dataset_has_a_page_of_its_own(ask: Ask) -> None:
    assert ask("/id/dataset/verenigingen").headers["location"] == "/catalogus/verenigingen"
    graph = harvest(ask, "/catalogus/verenigingen.ttl")
    assert set(graph.subjects(RDF.type, DCAT.Dataset)) == {URIRef(f"{BASE}/id/dataset/verenigingen")}
    assert len(set(graph.subjects(RDF.type, DCAT.Distribution))) == 8
    assert ask("/catalogus/niets").status_code == 404


@pytest.mark.parametrize("path, kind", [("/catalogus", "DataCatalog"), ("/catalogus/verenigingen", "Dataset")])
def test_search_engines_find_schema_org_in_the_page(ask: Ask, path: str, kind: str) -> None:
    page = ask(path, accept="text/html").text
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    document = json.loads(block)
    assert document["@type"] == kind
    assert document["name"] and document["license"].startswith("https://")


def test_the_catalogue_moves_with_the_data(ask: Ask) -> None:
    graph = harvest(ask)
    modified = graph.value(URIRef(f"{BASE}/id/dataset/verenigingen"), DCTERMS.modified)
    assert str(modified).startswith("2026-03-01T")


def test_every_place_in_it_is_in_our_code_list(ask: Ask, world: World) -> None:
    places = {str(place) for place in harvest(ask).objects(None, DCTERMS.spatial)}
    assert len(places) == 2
    assert all(world.service.codelists.concept(place) for place in places)
