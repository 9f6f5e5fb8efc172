"""The code of a double leads to the association that stays, in every place where somebody may follow it."""

from __future__ import annotations

import pytest

from app.register.commands import RegisterAssociation
from app.register.doubles.commands import MarkDuplicate, UndoDuplicate
from app.register.handle import handle
from app.register.register import Register
from tests.web.conftest import Ask, asking
from tests.web.people import municipality
from tests.web.world import BASE, World

STAYS, DOUBLE = "V0001001", "V0001002"


@pytest.fixture
def ask(empty_world: World) -> Ask:
    kind = empty_world.concept("verenigingstype", "VZER")
    for name in ("De Houten Klepel", "Reuzengilde Reinaert"):
        handle(
            RegisterAssociation({"naam": name, "verenigingstype": kind}), municipality("Gent"), register(empty_world)
        )
    handle(MarkDuplicate(DOUBLE, STAYS), municipality("Gent"), register(empty_world), "zelfde mensen: Jan Bedacht")
    empty_world.follow()
    return asking(empty_world)


def register(world: World) -> Register:
    return world.service.register


@pytest.mark.parametrize("path", [f"/doc/vereniging/{DOUBLE}", f"/v1/verenigingen/{DOUBLE}"])
def test_a_double_is_gone_and_says_what_took_its_place(ask: Ask, path: str) -> None:
    answer = ask(path, accept="application/ld+json")
    assert answer.status_code == 410
    assert answer.json()["dct:isReplacedBy"] == {"@id": f"{BASE}/id/vereniging/{STAYS}"}
    assert f'<{BASE}/id/vereniging/{STAYS}>; rel="http://purl.org/dc/terms/isReplacedBy"' in answer.headers["link"]


def test_the_page_of_a_double_links_to_the_other(ask: Ask) -> None:
    answer = ask(f"/doc/vereniging/{DOUBLE}", accept="text/html")
    assert answer.status_code == 410
    assert f'href="{BASE}/id/vereniging/{STAYS}"' in answer.text
    assert "dubbel van een andere" in answer.text


def test_the_one_that_stays_names_its_other_code(ask: Ask) -> None:
    answer = ask(f"/doc/vereniging/{STAYS}", accept="text/turtle")
    assert f"dct:replaces <{BASE}/id/vereniging/{DOUBLE}>" in answer.text


def test_the_history_of_both_says_what_happened_and_no_reason(ask: Ask) -> None:
    gone = ask(f"/doc/vereniging/{DOUBLE}/historiek", accept="text/html")
    assert gone.status_code == 200
    assert "als dubbel gemarkeerd" in gone.text
    stays = ask(f"/doc/vereniging/{STAYS}/historiek", accept="text/html")
    assert "Dubbel aanvaard" in stays.text
    assert "Bedacht" not in gone.text + stays.text


def test_a_feed_gets_a_tombstone_that_names_the_other(ask: Ask) -> None:
    feed = ask("/ldes/verenigingen/1", accept="application/n-quads").text
    version = f"<{BASE}/id/vereniging/{DOUBLE}/versie/2>"
    assert f"{version} <http://purl.org/dc/terms/isReplacedBy> <{BASE}/id/vereniging/{STAYS}>" in feed


def test_undone_it_is_there_again(ask: Ask, empty_world: World) -> None:
    handle(UndoDuplicate(DOUBLE), municipality("Gent"), register(empty_world))
    empty_world.follow()
    assert ask(f"/doc/vereniging/{DOUBLE}", accept="text/html").status_code == 200
    assert ask(f"/doc/vereniging/{DOUBLE}/historiek", accept="text/html").status_code == 200
