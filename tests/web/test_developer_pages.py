"""What a developer finds: where to begin, every field of a shape in a table, and an entity as a drawing."""

from __future__ import annotations

import re

import pytest

from app.model.graph import IRI, Graph, Literal
from app.web.data.drawing import MOST_ROWS, draw
from app.web.data.ontology import nodes
from tests.web.conftest import HARMONY, HIDDEN, REMOVED, Ask
from tests.web.world import World

ROOT = IRI("http://loket.test/id/vereniging/V1")
NAME = IRI("http://www.w3.org/2004/02/skos/core#prefLabel")


def test_the_page_leads_to_every_feed_shape_and_service(ask: Ask, world: World) -> None:
    page = ask("/ontwikkelaars").text
    wanted = ["/sparql", "/ldes", "/openapi", "/odata", "/dumps", "/catalogus", "/ns", "/ldes/verenigingen"]
    for address in (*wanted, *(f"/shapes/{type.key}" for type in world.service.schema.public_types)):
        assert f'href="{address}"' in page, address
    assert HIDDEN not in page


def test_an_example_shows_angle_brackets_as_they_are(ask: Ask) -> None:
    page = ask("/ontwikkelaars").text
    assert "PREFIX dct: &lt;http://purl.org/dc/terms/&gt;" in page


def test_the_table_of_a_shape_has_every_field_with_its_path_kind_number_and_message(ask: Ask, world: World) -> None:
    type = world.service.schema.entity_types["vereniging"]
    page = ask("/shapes/vereniging.html").text
    for _, fields in nodes(type):
        for field in fields:
            assert f"<code>{field.term}</code>" in page and f'href="{field.path.value}"' in page, field.term
    assert "<code>skos:prefLabel</code>" in page and "<code>xsd:string</code>" in page
    assert "“Kies hoogstens drie hoofdactiviteiten.”" in page and "0..3" in page
    assert 'href="/doc/categorie/hoofdactiviteit"' in page, "a code list is a click away"
    assert "patroon ^[0-9]{10}$" in page


@pytest.mark.parametrize("path", ["/shapes/product.html", "/shapes/besluit.html"])
def test_other_shapes_have_a_table_too(ask: Ask, path: str) -> None:
    assert ask(path).status_code == 200


def test_an_entity_is_drawn_and_the_table_says_the_same(ask: Ask) -> None:
    answer = ask(f"/doc/vereniging/{HARMONY}/graaf")
    page = answer.text
    assert answer.status_code == 200 and '<svg class="graph"' in page and 'role="img"' in page
    assert "skos:prefLabel" in page and "Koninklijke Harmonie De Ware Vrienden" in page
    drawn = set(re.findall(r'<text class="edge"[^>]*>([^<]+)<', page))
    table = set(re.findall(r'<td data-label="Eigenschap"><code>([^<]+)<', page))
    assert drawn and drawn == table
    assert "@prefix" in page and "&#34;@context&#34;" in page, "Turtle and JSON-LD stand on the page"
    assert not re.search(r"\sstyle=|<style", page), "no style of its own: the policy forbids it"
    assert f'href="/doc/vereniging/{HARMONY}/graaf"' in ask(f"/doc/vereniging/{HARMONY}", accept="text/html").text


def test_what_nobody_may_see_is_not_drawn(ask: Ask) -> None:
    assert "Geheimlaan" not in ask(f"/doc/vereniging/{HARMONY}/graaf").text
    assert ask(f"/doc/vereniging/{HIDDEN}/graaf").status_code == 404
    assert ask(f"/doc/vereniging/{REMOVED}/graaf").status_code == 410
    assert ask("/doc/vereniging/v0001001/graaf").status_code in (301, 308)


def test_a_large_graph_is_drawn_in_part_and_a_circle_ends() -> None:
    graph = Graph()
    for number in range(100):
        graph.add(ROOT, NAME, Literal(f"naam {number}"))
    other = IRI("http://loket.test/id/vereniging/V2")
    graph.add(ROOT, IRI("http://loket.test/ns#bij"), other)
    graph.add(other, IRI("http://loket.test/ns#bij"), ROOT)
    drawing = draw(graph, ROOT, lambda term: getattr(term, "value", ""))
    assert len(drawing.edges) == MOST_ROWS and drawing.left_out == 101 - MOST_ROWS
    assert len(drawing.rows) == len(drawing.edges) == len(drawing.boxes) - 1
