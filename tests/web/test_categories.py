"""Code lists by address, and from an official IRI to its page."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from rdflib import RDF, SKOS, Graph, URIRef

from tests.web.conftest import Ask
from tests.web.world import World

FORMATS = ["text/turtle", "application/ld+json", "application/n-triples", "application/trig", "application/rdf+xml"]


@pytest.mark.parametrize("accept", [*FORMATS, "text/html"])
@pytest.mark.parametrize("path", ["", "/hoofdactiviteit", "/hoofdactiviteit-SPRT"])
def test_lists_and_codes_exist_in_every_format(ask: Ask, path: str, accept: str) -> None:
    answer = ask(f"/doc/categorie{path}", accept=accept)
    assert answer.status_code == 200 and answer.headers["content-type"].startswith(accept)
    assert ask(f"/doc/categorie{path}", accept=accept, if_none_match=answer.headers["etag"]).status_code == 304


def test_every_list_and_every_code_has_a_page(ask: Ask, world: World) -> None:
    schemes = world.service.codelists.schemes()
    assert len(schemes) > 5
    for scheme in schemes:
        assert ask(f"/doc/categorie/{scheme.key}.ttl").status_code == 200
        for concept in scheme.concepts[:25]:
            path = f"/doc/categorie/{scheme.key}-{quote(concept.notation, safe='')}.ttl"
            graph = Graph().parse(data=ask(path).content, format="turtle")
            assert (URIRef(concept.iri), RDF.type, SKOS.Concept) in graph, path


def test_the_21_main_activities_are_there(ask: Ask) -> None:
    graph = Graph().parse(data=ask("/doc/categorie/hoofdactiviteit.ttl").content, format="turtle")
    assert len(set(graph.subjects(RDF.type, SKOS.Concept))) == 21


def test_the_official_iri_leads_to_the_page(ask: Ask, world: World) -> None:
    sport = world.concept("hoofdactiviteit", "SPRT")
    answer = ask(f"/doc/categorie?uri={quote(sport, safe='')}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/doc/categorie/hoofdactiviteit-SPRT")
    scheme = world.service.codelists.scheme("status").iri
    assert ask(f"/doc/categorie?uri={quote(scheme, safe='')}").headers["location"] == "/doc/categorie/status"
    assert ask("/doc/categorie?uri=http%3A%2F%2Felders.example%2Fx").status_code == 404


@pytest.mark.parametrize("name", ["hoofdactiviteit", "hoofdactiviteit-SPRT"])
def test_a_category_is_not_a_document(ask: Ask, name: str) -> None:
    answer = ask(f"/id/categorie/{name}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/doc/categorie/{name}")


@pytest.mark.parametrize("name", ["niets", "hoofdactiviteit-NIETS", "hoofdactiviteit-"])
def test_what_is_no_category_is_not_found(ask: Ask, name: str) -> None:
    assert ask(f"/doc/categorie/{name}").status_code == 404


def test_the_code_may_come_in_small_letters(ask: Ask) -> None:
    assert ask("/doc/categorie/hoofdactiviteit-sprt").status_code == 200
