"""Vocabulary, shapes and contexts at the addresses by which the data refer to them."""

from __future__ import annotations

import pytest
from rdflib import RDF, SH, Graph, URIRef

from tests.web.conftest import Ask
from tests.web.world import BASE, World

DATA = ["ttl", "jsonld", "nt", "trig", "rdf"]


@pytest.mark.parametrize("path", ["/ns", "/shapes", "/shapes/vereniging"])
@pytest.mark.parametrize("suffix", [*DATA, "html"])
def test_each_exists_in_every_format(ask: Ask, path: str, suffix: str) -> None:
    assert ask(f"{path}.{suffix}").status_code == 200


def test_the_shape_stands_under_its_own_iri(ask: Ask) -> None:
    graph = Graph().parse(data=ask("/shapes/vereniging.ttl").content, format="turtle")
    assert (URIRef(f"{BASE}/shapes/vereniging"), RDF.type, SH.NodeShape) in graph


def test_the_page_of_a_shape_lists_every_field(ask: Ask, world: World) -> None:
    page = ask("/shapes/vereniging", accept="text/html").text
    fields = world.service.schema.entity_types["vereniging"].fields
    assert len(fields) > 10
    assert all(f"<code>{field.term}</code>" in page and field.label in page for field in fields)
    assert "vertrouwelijk" in page and "intern" in page


@pytest.mark.parametrize("path", ["/shapes/niets", "/context/niets.jsonld", "/context/..%2Fvocabulary.jsonld"])
def test_what_is_not_there_is_not_found(ask: Ask, path: str) -> None:
    assert ask(path).status_code == 404


def test_the_data_refer_to_a_context_that_is_served(ask: Ask) -> None:
    context = ask("/doc/vereniging/V0001001").json()["@context"]
    assert ask(context.removeprefix(BASE)).status_code == 200
