"""What other registers say, on the web: for the clerks of the association, in the work queue and by KBO number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

import httpx
import orjson
import pytest

from app.exchange.enterprises import Enterprises
from app.exchange.stubs.magda import number_beginning
from app.model.codelists import load_codelists
from app.register.checks import ADDRESSES, PERSONS
from app.register.commands import RegisterAssociation
from app.register.handle import handle
from app.store.checks import Call, note_call
from tests.exchange.neighbours import Outside
from tests.register.builders import MARCEL, Make
from tests.web.conftest import Ask, asking
from tests.web.people import (
    Headers,
    as_dpo,
    as_manager,
    as_municipality,
    as_representative,
    municipality,
    with_token,
)
from tests.web.world import ROOT, World, open_world

CODE = "V0001001"
PLACE = f"/beheer/verenigingen/{CODE}/controles"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One association with an address that is not found and a representative with another name."""
    for made in open_world(tmp_path_factory.mktemp("controles")):
        outside, register = Outside(), made.service.register
        make = Make(load_codelists(ROOT))
        document = make.minimal(vertegenwoordigers=[MARCEL], locaties=[make.location("Nergensweg", "1")])
        handle(RegisterAssociation(document), municipality("Gent"), register)
        checker = replace(outside.checker(register, ADDRESSES, PERSONS), register=register)
        while checker.work():
            pass
        tried = outside.tried[0]
        call = Call("2026-11-24T12:00:00.000000Z", tried.service, "r1", "", tried.subject, tried.outcome, 12)
        note_call(made.service.log.database, call)
        kbo = Enterprises(outside.to_magda(), register)
        yield World(replace(made.service, kbo=kbo, neighbours=(kbo.magda.line,)))


@pytest.fixture(scope="module")
def ask(world: World) -> Ask:
    return asking(world)


def post(ask: Ask, path: str, fields: dict[str, str], headers: Headers) -> httpx.Response:
    return ask(path, "POST", urlencode(fields).encode(), content_type=FORM, **headers)


def test_a_clerk_sees_how_the_association_stands(ask: Ask) -> None:
    page = ask(PLACE, **as_municipality("Gent")).text
    for word in ("Adressenregister", "niet gevonden", "Rijksregister", "afwijkend", "De naam bij dit nummer", "12 ms"):
        assert word in page
    assert not [secret for secret in ("Marcel", "Bedacht", "410627") if secret in page]


def test_a_machine_gets_the_same(ask: Ask) -> None:
    rows = ask(f"{PLACE}.json", **with_token(municipality("Gent"))).json()["controles"]
    assert [(row["register"], row["toestand"]) for row in rows] == [
        ("Adressenregister", "niet gevonden"), ("Rijksregister", "afwijkend"),
    ]  # fmt: skip


@pytest.mark.parametrize("headers", [as_municipality("Aalst"), as_dpo(), as_representative(CODE)])
def test_others_do_not(ask: Ask, headers: Headers) -> None:
    assert ask(PLACE, **headers).status_code == 403


def test_what_needs_a_look_stands_in_the_work_queue_until_somebody_looked(ask: Ask) -> None:
    listed = ask("/beheer/werklijst.json?soort=controle", **as_municipality("Gent")).json()
    assert listed["totaal"] == 2
    task = listed["vragen"][0]
    assert (task["vCode"], task["bron"]) == (CODE, "adressen")
    led = ask(f"/beheer/werklijst/{task['id']}", **as_municipality("Gent"))
    assert led.headers["location"] == PLACE
    part = ask(f"{PLACE}.json", **as_municipality("Gent")).json()["controles"][0]
    fields = {"doe": "nagekeken", "deel": part["deel"], "register": part["sleutel"]}
    assert post(ask, PLACE, fields, as_municipality("Gent")).status_code == 303
    assert ask("/beheer/werklijst.json?soort=controle", **as_municipality("Gent")).json()["totaal"] == 1


def test_everything_can_be_asked_again(ask: Ask) -> None:
    assert post(ask, PLACE, {"doe": "opnieuw"}, as_municipality("Gent")).status_code == 303
    assert "staat te wachten" in ask(PLACE, **as_municipality("Gent")).text


def test_who_runs_the_register_sees_the_neighbours(ask: Ask) -> None:
    page = ask("/beheer/controles", **as_manager()).text
    assert "MAGDA: " in page
    assert "1 niet gevonden" in page
    assert ask("/beheer/controles", **as_municipality("Gent")).status_code == 403


def test_an_association_comes_in_by_its_number(ask: Ask) -> None:
    assert "KBO-nummer" in ask("/beheer/kbo", **as_municipality("Gent")).text
    done = post(ask, "/beheer/kbo", {"kboNummer": "0403.170.701"}, as_municipality("Gent"))
    assert done.status_code == 303
    assert done.headers["location"].startswith("/doc/vereniging/V")


@pytest.mark.parametrize(
    "number, status, words",
    [
        ("123", 400, "Dit is geen KBO-nummer"),
        (number_beginning("09991234"), 400, "De KBO kent dit nummer niet."),
        (number_beginning("09990003"), 503, "antwoordt niet"),
    ],
)
def test_what_stands_in_the_way_is_told(ask: Ask, number: str, status: int, words: str) -> None:
    answer = post(ask, "/beheer/kbo", {"kboNummer": number}, as_municipality("Gent"))
    assert (answer.status_code, words in answer.text) == (status, True)


def test_only_what_has_its_seat_there_and_by_who_may(ask: Ask) -> None:
    assert post(ask, "/beheer/kbo", {"kboNummer": "0403170701"}, as_representative(CODE)).status_code == 403
    assert ask("/beheer/kbo", **as_dpo()).status_code == 403


def test_the_api_of_the_register_takes_a_number_too(ask: Ask) -> None:
    machine = {**with_token(municipality("Gent")), "content_type": "application/json"}
    body = orjson.dumps({"kboNummer": "0428315871"})
    first = ask("/v1/verenigingen/kbo", "POST", body, **machine)
    assert (first.status_code, "/v1/verenigingen/V" in first.headers["location"]) == (202, True)
    assert ask("/v1/verenigingen/kbo", "POST", body, **machine).status_code == 200
    assert ask("/v1/verenigingen/kbo", "POST", b'{"kboNummer": 1}', **machine).status_code == 400
