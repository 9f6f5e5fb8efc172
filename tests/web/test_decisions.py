"""The list of decisions and the pages about a decision and a session."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.register.commands import Create
from app.register.decisions.linking import settle
from app.register.handle import handle
from tests.products.builders import GHENT as GHENT_UNIT
from tests.register.builders import GENT
from tests.web.conftest import Ask, asking
from tests.web.decision_world import GHENT, HARMONY, READER, fill_decisions
from tests.web.world import World, open_world


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Three decisions of two municipalities, one of them taken away, and a session."""
    for world in open_world(tmp_path_factory.mktemp("decisions")):
        fill_decisions(world)
        yield world


@pytest.fixture(scope="module")
def ask_small(small: World) -> Ask:
    return asking(small)


# what is asked | the codes that come, newest first
ASKED = [
    ("", ["B0000001", "B0000002"]),
    ("?zoek=elan", ["B0000001"]),
    ("?zoek=erk+chi", ["B0000001"]),
    ("?zoek=zeker", ["B0000001"]),
    ("?zoek=niets", []),
    ('?zoek="%20OR%20*', []),
    ("?gemeente=Aalter", ["B0000002"]),
    ("?gemeente=44021", ["B0000001"]),
    ("?gemeente=nergens", []),
    ("?soort=subsidie-premie-erkenning", ["B0000001"]),
    (f"?over={HARMONY}", ["B0000001"]),
    ("?van=2026-03-01", ["B0000001"]),
    ("?tot=2026-03-01", ["B0000002"]),
    ("?van=gisteren", ["B0000001", "B0000002"]),
]


@pytest.mark.parametrize(("query", "codes"), ASKED)
def test_a_question_finds_what_fits(ask_small: Ask, query: str, codes: list[str]) -> None:
    found = ask_small(f"/besluiten.json{query}").json()
    assert [item["code"] for item in found["besluiten"]] == codes
    assert found["totaal"] == len(codes)
    assert ask_small(f"/besluiten{query}", accept="text/html").status_code == 200


def test_choices_are_counted(ask_small: Ask) -> None:
    text = ask_small("/besluiten", accept="text/html").text
    assert "Gent (1)" in text and "Aalter (1)" in text
    assert re.search(r'Subsidie, premie, erkenning</span> <span class="count">1<', text)


def test_a_decision_has_a_page_with_its_articles_and_its_session(ask_small: Ask) -> None:
    text = ask_small("/doc/besluit/B0000001", accept="text/html").text
    assert "Gemeenteraad Gent" in text and "Chiro Élan wordt erkend." in text
    assert "Voldoet &lt;b&gt;zeker&lt;/b&gt;." in text
    assert "/zitting/Z0000001" in text


def test_a_session_has_a_page_with_its_agenda(ask_small: Ask) -> None:
    text = ask_small("/doc/zitting/Z0000001", accept="text/html").text
    assert "Erkenning" in text and "/doc/besluit/B0000001" in text


def test_a_decision_that_was_taken_away_is_gone(ask_small: Ask) -> None:
    assert ask_small("/doc/besluit/B0000003", accept="text/turtle").status_code == 410


def test_a_page_past_the_end_is_not_there(ask_small: Ask) -> None:
    assert ask_small("/besluiten?pagina=9", accept="text/html").status_code == 404


def test_an_association_shows_the_decisions_about_it(small: World, ask_small: Ask) -> None:
    small.put("V0001001", {"naam": "Chiro Élan", "verenigingstype": small.concept("verenigingstype", "VZER")})
    text = ask_small("/doc/vereniging/V0001001", accept="text/html").text
    assert "/doc/besluit/B0000001" in text


def test_a_regulation_and_its_product_lead_to_one_another(tmp_path: Path) -> None:
    for world in open_world(tmp_path):
        register, ask = world.service.register, asking(world)
        product = {"naam": {"nl": "Vlag ontlenen"}, "beschrijving": {"nl": "<p>Voor elk feest.</p>"}}
        code = handle(Create("product", product | {"aangemaaktDoor": GHENT_UNIT}), GENT, register).code
        rule = {"code": "B0000090", "naam": "Reglement ontlenen vlaggen", "gemeente": GHENT}
        handle(Create("besluit", rule | {"zelfdeAls": ["https://x.be/9"]}, "B0000090"), READER, register)
        settle("B0000090", code, True, GENT, register)
        world.follow()
        shown = ask(f"/doc/product/{code}", accept="text/html").text
        assert shown.index("Regelgeving") < shown.index("Reglement ontlenen vlaggen")
        told = ask("/doc/besluit/B0000090", accept="text/html").text
        assert "Vlag ontlenen" in told and "product, bevestigd door het bestuur (100 %)" in told
