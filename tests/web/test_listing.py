"""The list of associations: order, filters, counts and pages."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest

from app.model.centres import HEIGHT, WIDTH, load_centres
from app.web.associations import listing
from tests.web.conftest import Ask, asking
from tests.web.world import World

ALL = ["Ánderlecht Sport", "Koninklijke Harmonie De Ware Vrienden", "Turnkring Élan"]
FILTERS = [
    ({}, ["V0001005", "V0001001", "V0001002"]),
    ({"naam": "elan"}, ["V0001002"]),
    ({"naam": "VRIENDEN harmonie"}, ["V0001001"]),
    ({"naam": "dwv"}, ["V0001001"]),
    ({"activiteit": "SPRT"}, ["V0001005", "V0001002"]),
    ({"activiteit": "sport"}, ["V0001005", "V0001002"]),
    ({"gemeente": "44021"}, ["V0001001", "V0001002"]),
    ({"gemeente": "Gentbrugge"}, ["V0001001", "V0001002"]),
    ({"gemeente": "44021", "activiteit": "SPRT"}, ["V0001002"]),
    ({"naam": "harmonie", "activiteit": "SPRT"}, []),
    ({"activiteit": "NIETS"}, []),
    ({"gemeente": "Nergens"}, []),
    ({"naam": "monie"}, ["V0001001"]),
    ({"naam": "harmonei vrindeen"}, ["V0001001"]),
    ({"naam": "V0001002"}, ["V0001002"]),
    ({"naam": "de"}, ["V0001005", "V0001001", "V0001002"]),
    ({"naam": "***"}, []),
    ({"soort": "vzw"}, ["V0001001"]),
    ({"leeftijd": "0-5"}, ["V0001005", "V0001002"]),
    ({"leeftijd": "senioren", "soort": "VZW"}, ["V0001001"]),
    ({"naam": "Verborgen"}, []),
    ({"naam": "<script>"}, []),
]


@pytest.mark.parametrize("filter, codes", FILTERS, ids=lambda value: "+".join(value) if isinstance(value, dict) else "")
def test_a_filter_finds_the_right_ones_in_the_right_order(ask: Ask, filter: dict[str, str], codes: list[str]) -> None:
    page = ask(f"/verenigingen?{urlencode(filter)}").text
    assert re.findall(r'<h2><a href="/doc/vereniging/(V\d{7})"', page) == codes
    (count,) = re.findall(r"<strong>([\d.]+)</strong>", page)
    assert count == str(len(codes))
    assert "<script>" not in page


def test_it_says_when_only_something_alike_was_found(ask: Ask) -> None:
    assert "dit lijkt erop" in ask("/verenigingen?naam=harmonei").text
    assert "dit lijkt erop" not in ask("/verenigingen?naam=harmonie").text
    assert "dit lijkt erop" not in ask("/verenigingen?naam=xyzzyx").text


def test_pages_hold_everything_once(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PER_PAGE", 2)
    first, second = ask("/verenigingen").text, ask("/verenigingen?pagina=2").text
    assert 'rel="next" href="/verenigingen?pagina=2"' in first
    assert 'rel="prev" href="/verenigingen"' in second
    codes = re.findall(r'<h2><a href="/doc/vereniging/(V\d{7})"', first + second)
    assert codes == ["V0001005", "V0001001", "V0001002"]
    assert ask("/verenigingen?pagina=3").status_code == 404


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.5", "9" * 30])
def test_a_page_number_that_cannot_be_is_refused(ask: Ask, number: str) -> None:
    assert ask(f"/verenigingen?pagina={number}").status_code in (400, 404)


def test_paging_keeps_the_filter(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PER_PAGE", 1)
    assert 'href="/verenigingen?gemeente=44021&amp;pagina=2"' in ask("/verenigingen?gemeente=44021").text


def test_choices_show_what_each_would_leave(ask: Ask) -> None:
    page = ask("/verenigingen?activiteit=SPRT").text
    assert re.search(r'href="/verenigingen" aria-current="true".*?>Sport<.*?class="count">2<', page)
    assert re.search(r'href="/verenigingen\?activiteit=VORM".*?Onderwijs &amp; Vorming.*?class="count">1<', page)
    assert '<option value="44021">Gent (1)</option>' in page
    assert "Landbouw" not in page


def test_a_postcode_finds_those_who_have_a_place_there(ask: Ask) -> None:
    assert re.findall(r'<h2><a href="/doc/vereniging/(V\d{7})"', ask("/verenigingen?postcode=9000").text) == [
        "V0001001"
    ]
    assert "Niets gevonden" in ask("/verenigingen?postcode=9999").text
    assert (
        'href="/verenigingen?gemeente=44021" rel="nofollow">postcode 9000'
        in ask("/verenigingen?postcode=9000&gemeente=44021").text
    )


def test_the_map_counts_what_the_list_shows_and_leads_to_it(ask: Ask) -> None:
    page = ask("/verenigingen/kaart?activiteit=SPRT").text
    (dot,) = re.findall(r'<a href="([^"]+)" rel="nofollow" aria-label="([^"]+)">', page)
    assert dot == ("/verenigingen?activiteit=SPRT&amp;gemeente=44021", "Gent: 1")
    assert page.count('<circle class="ground"') == 304
    assert "Niets gevonden" in ask("/verenigingen/kaart?naam=xyzzyx").text
    assert "Gent: 2" in ask("/verenigingen/kaart").text


def test_every_municipality_has_a_place_of_its_own_on_the_map(world: World) -> None:
    centres = load_centres(world.service.root)
    every = world.service.codelists.municipalities.all
    assert {one.nis for one in every} == set(centres)
    assert all(0 < x < WIDTH and 0 < y < HEIGHT for x, y in centres.values())
    west, east = centres["31006"], centres["73109"]
    assert west[0] < centres["44021"][0] < east[0] and centres["11002"][1] < centres["23027"][1]


def test_the_list_follows_the_register(empty_world: World) -> None:
    ask = asking(empty_world)
    assert "<strong>0</strong>" in ask("/verenigingen").text
    empty_world.put("V0001001", {"naam": "De Club"})
    assert "<strong>1</strong>" in ask("/verenigingen").text
    empty_world.put("V0001001", {"naam": "De Club"}, visible=False)
    assert "<strong>0</strong>" in ask("/verenigingen").text
