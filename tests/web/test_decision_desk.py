"""Where a municipality says which sites to read, and settles what its decisions are about."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.register.decisions.linking import link
from app.store.harvests import Harvests
from tests.web.decision_world import READER, Send, fill_decisions, sending
from tests.web.people import as_federation, as_manager, as_municipality
from tests.web.world import World, open_world

PATH = "/beheer/besluiten"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    for made in open_world(tmp_path_factory.mktemp("desk")):
        fill_decisions(made)
        vzer, ghent = made.concept("verenigingstype", "VZER"), made.concept("gemeente", "Gent")
        made.put("V0001001", {"naam": "Chiro Élan", "verenigingstype": vzer, "gemeente": [ghent]})
        made.put("V0001002", {"naam": "Turnkring", "verenigingstype": vzer, "gemeente": [ghent]})
        yield made


@pytest.fixture(scope="module")
def send(world: World) -> Send:
    return sending(world)


def test_a_municipality_adds_a_site_and_stops_it(world: World, send: Send) -> None:
    assert send(PATH, as_municipality("Gent"), url="https://raad.gent.be/zittingen").status_code == 303
    [source] = Harvests(world.service.log.database).sources("44021")
    assert (source.url, source.state) == ("https://raad.gent.be/zittingen", "actief")
    assert "raad.gent.be/zittingen" in send(PATH, as_municipality("Gent")).text
    assert "raad.gent.be" not in send(PATH, as_municipality("Aalter")).text
    assert send(PATH, as_municipality("Aalter"), bron=source.id, doe="stop").status_code == 403
    assert send(PATH, as_municipality("Gent"), bron=source.id, doe="stop").status_code == 303
    assert "gestopt" in send(PATH, as_municipality("Gent")).text


def test_an_administrator_says_of_which_municipality_a_site_is(world: World, send: Send) -> None:
    answer = send(PATH, as_manager(), url="https://raad.aalter.be/")
    assert (answer.status_code, "Kies van welke gemeente" in answer.text) == (400, True)
    assert send(PATH, as_manager(), url="https://raad.aalter.be/", gemeente="Aalter").status_code == 303


@pytest.mark.parametrize("url", ["", "zitting", "javascript:alert(1)", "file:///etc/passwd"])
def test_a_site_that_is_no_address_is_refused(send: Send, url: str) -> None:
    answer = send(PATH, as_municipality("Gent"), url=url, doe="x")
    assert (answer.status_code, "Begin met https://." in answer.text) == (400, True)


def test_who_has_no_business_here_stays_out(send: Send) -> None:
    assert send(PATH, as_federation("0403.170.701")).status_code == 403
    assert send(PATH, {}).status_code in (303, 401)


def test_a_clerk_says_what_a_decision_is_about(world: World, send: Send) -> None:
    page = f"{PATH}/B0000001"
    link(["B0000001"], READER, world.service.register)
    assert send(page, as_municipality("Gent"), waarover="v0001002", doe="ja").status_code == 303
    text = send(page, as_municipality("Gent")).text
    assert "Turnkring" in text and "bevestigd door het bestuur (100 %)" in text
    assert send(page, as_municipality("Aalter"), waarover="V0001002", doe="nee").status_code == 403
    assert send(page, as_municipality("Gent"), waarover="V0001002", doe="nee").status_code == 303
    assert "Turnkring" not in send(page, as_municipality("Gent")).text


def test_a_code_that_is_nobodys_is_not_found(send: Send) -> None:
    assert send(f"{PATH}/B0000001", as_municipality("Gent"), waarover="V0009999", doe="ja").status_code == 404
    assert send(f"{PATH}/B0000001", as_municipality("Gent"), doe="ja").status_code == 400
