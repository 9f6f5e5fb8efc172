"""Personal data on the web: asked for with a purpose, seen by whose they are, given out and erased by the officer."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import httpx
import pytest

from app.model.codelists import load_codelists
from app.model.graph import parse_graph
from app.register.commands import RegisterAssociation
from app.register.handle import handle
from app.store.accesses import Which, accesses
from app.store.tables import log as tables
from tests.register.builders import GODELIEVE, MARCEL, Make
from tests.web.conftest import Ask, asking
from tests.web.people import (
    Headers,
    as_dpo,
    as_federation,
    as_manager,
    as_municipality,
    as_representative,
    municipality,
    vendor,
    with_token,
)
from tests.web.world import ROOT, World, open_world

CODE, OTHER = "V0001001", "V0001002"
INSZ = "85.01.01-001.15"
SECRETS = ("85010100115", "85.01.01", "Godelieve", "470123456", "BE68", "Geheimlaan")
FORM = "application/x-www-form-urlencoded"
PLACE = f"/beheer/verenigingen/{CODE}/persoonsgegevens"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    for world in open_world(tmp_path_factory.mktemp("personen")):
        fill(world)
        yield world


def fill(world: World) -> None:
    make, gent = Make(load_codelists(ROOT)), municipality("Gent")
    people = [{**GODELIEVE, "rol": "voorzitter", "telefoon": "0470 12 34 56"}]
    home = [make.location("Geheimlaan", "7", kind="Correspondentie", isThuisadres=True), make.location(isPrimair=True)]
    first = make.full(vertegenwoordigers=people, locaties=home)
    second = make.minimal(vertegenwoordigers=[MARCEL], locaties=[make.location("Molenstraat", "3")])
    for document in (first, second):
        handle(RegisterAssociation(document), gent, world.service.register)


@pytest.fixture
def filled(shared: World) -> World:
    """The shared world, with nobody having looked yet."""
    with shared.service.log.database.writing() as connection:
        connection.execute(tables.access_log.delete())
    return shared


@pytest.fixture(scope="module")
def ask(shared: World) -> Ask:
    return asking(shared)


def post(ask: Ask, path: str, fields: dict[str, str], headers: Headers) -> httpx.Response:
    return ask(path, "POST", urlencode(fields).encode(), content_type=FORM, **headers)


def logged(world: World) -> list[tuple[str, str, str]]:
    found = accesses(world.service.log.database, Which(what=("gelezen", "uitgereikt", "gewist")))
    return [(each.what, each.purpose, each.why) for each in found]


# --- A clerk ----------------------------------------------------------------------------------------------------------


def test_a_clerk_is_asked_for_what(filled: World, ask: Ask) -> None:
    page = ask(PLACE, **as_municipality("Gent"))
    assert page.status_code == 200
    assert "Interacties tussen verenigingen en overheden" in page.text
    assert "Technische verwerking" not in page.text
    assert not [secret for secret in SECRETS if secret in page.text]
    assert logged(filled) == []


def test_with_a_purpose_the_clerk_sees_them_and_that_is_logged(filled: World, ask: Ask) -> None:
    stated = {"doel": "dienstverlening", "reden": "subsidie 2026-12"}
    page = post(ask, PLACE, stated, as_municipality("Gent"))
    assert page.status_code == 200
    assert [word for word in ("85010100115", "Verzonnen", "voorzitter", "Geheimlaan") if word not in page.text] == []
    assert page.headers["cache-control"] == "no-store"
    assert logged(filled) == [("gelezen", "dienstverlening", "subsidie 2026-12")]


def test_another_purpose_gives_less(filled: World, ask: Ask) -> None:
    page = post(ask, PLACE, {"doel": "bekendmaking"}, as_municipality("Gent"))
    assert "godelieve.verzonnen@telenet.be" in page.text
    assert not [secret for secret in SECRETS if secret in page.text]


@pytest.mark.parametrize("fields", [{}, {"doel": "techniek"}, {"reden": "zomaar"}])
def test_without_a_purpose_the_question_comes_back(filled: World, ask: Ask, fields: dict[str, str]) -> None:
    page = post(ask, PLACE, fields, as_municipality("Gent"))
    assert page.status_code == 400
    assert "Kies een doel" in page.text
    assert logged(filled) == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        (as_municipality("Aalst"), 403),
        (as_federation("V0009999"), 403),
        (as_dpo(), 403),
        (as_representative(OTHER), 403),
        (as_manager(), 200),
        (as_municipality("Gent"), 200),
    ],
)
def test_only_who_has_a_right_is_even_asked(filled: World, ask: Ask, headers: Headers, status: int) -> None:
    assert ask(PLACE, **headers).status_code == status
    answer = post(ask, PLACE, {"doel": "dienstverlening"}, headers)
    assert answer.status_code == status
    assert status == 200 or not [secret for secret in SECRETS if secret in answer.text]


# --- A machine --------------------------------------------------------------------------------------------------------


def test_a_machine_states_its_purpose_in_a_header(filled: World, ask: Ask) -> None:
    asked = {"accept": "application/json", "x_request_reason": "dienstverlening: dossier 4"}
    answer = ask(PLACE, **asked, **with_token(vendor("Gent")))
    [person] = answer.json()["vertegenwoordigers"]
    assert (person["insz"], person["voornaam"]) == ("85010100115", "Godelieve")
    assert answer.headers["content-type"] == "application/ld+json"
    [access] = accesses(filled.service.log.database, Which(what=("gelezen",)))
    assert (access.on_behalf_of, access.why) == (municipality("Gent").iri, "dossier 4")


@pytest.mark.parametrize("reason", [{}, {"x_request_reason": "omdat het kan"}])
def test_without_that_header_there_is_a_problem_that_says_so(filled: World, ask: Ask, reason: Headers) -> None:
    answer = ask(PLACE, accept="application/json", **reason, **with_token(municipality("Gent")))
    assert answer.status_code in (400, 403)
    assert answer.headers["content-type"] == "application/problem+json"
    assert "doel" in answer.text
    assert not [secret for secret in SECRETS if secret in answer.text]
    assert logged(filled) == []


# --- The association --------------------------------------------------------------------------------------------------


def test_the_association_sees_who_looked_and_why(filled: World, ask: Ask) -> None:
    post(ask, PLACE, {"doel": "dienstverlening", "reden": "subsidie"}, as_municipality("Gent"))
    page = ask(f"/mijn-vereniging/{CODE}/inzagen", **as_representative(CODE))
    assert page.status_code == 200
    for word in ("Gemeente Gent", "Interacties tussen", "subsidie", "Vertegenwoordiger: achternaam, INSZ"):
        assert word in page.text
    assert not [secret for secret in SECRETS if secret in page.text]


def test_it_gets_them_as_json_and_csv_too(filled: World, ask: Ask) -> None:
    post(ask, PLACE, {"doel": "dienstverlening"}, as_municipality("Gent"))
    [row] = ask(f"/mijn-vereniging/{CODE}/inzagen.json", **as_representative(CODE)).json()["inzagen"]
    assert (row["bestuur"], row["wat"], row["account"]) == ("Gemeente Gent", "gelezen", "")
    lines = ask(f"/mijn-vereniging/{CODE}/inzagen.csv", **as_representative(CODE)).text.splitlines()
    assert lines[0].startswith("\ufefftijdstip;bestuur")
    assert len(lines) == 2


def test_of_another_association_it_sees_nothing(filled: World, ask: Ask) -> None:
    assert ask(f"/mijn-vereniging/{CODE}/inzagen", **as_representative(OTHER)).status_code == 403


def test_it_is_led_to_its_own(filled: World, ask: Ask) -> None:
    assert ask("/mijn-vereniging/inzagen", **as_representative(CODE)).headers["location"] == (
        f"/mijn-vereniging/{CODE}/inzagen"
    )
    assert "De Houten Klepel" in ask("/mijn-vereniging/inzagen", **as_representative(CODE, OTHER)).text


def test_it_looks_at_its_own_values(filled: World, ask: Ask) -> None:
    assert "85010100115" in ask(f"/mijn-vereniging/{CODE}/persoonsgegevens", **as_representative(CODE)).text
    assert logged(filled) == [("gelezen", "rechten", "")]


# --- The officer ------------------------------------------------------------------------------------------------------


def test_the_officer_sees_and_filters_the_log(filled: World, ask: Ask) -> None:
    post(ask, PLACE, {"doel": "dienstverlening", "reden": "=1+1"}, as_municipality("Gent"))
    post(ask, PLACE, {"doel": "bekendmaking"}, as_manager())
    assert "<strong>2</strong> inzagen" in ask("/beheer/inzagen", **as_dpo()).text
    for query, number in (
        ("bestuur=Gent", 1), ("doel=bekendmaking", 1), (f"vereniging={CODE.lower()}", 2), (f"vereniging={OTHER}", 0),
        ("van=2099-01-01", 0), ("tot=2099-01-01", 2), ("wat=gezocht", 0),
        ("bestuur=https://data.vlaanderen.be/id/organisatie/OVO", 1),
    ):  # fmt: skip
        word = "inzage" if number == 1 else "inzagen"
        assert f"<strong>{number}</strong> {word}<" in ask(f"/beheer/inzagen?{query}", **as_dpo()).text, query
    csv = ask("/beheer/inzagen.csv?bestuur=Gent", **as_dpo()).text
    assert ";'=1+1;" in csv, "a spreadsheet runs nothing"


@pytest.mark.parametrize("query", ["van=gisteren", "tot=2026-13-01", "bestuur=Atlantis"])
def test_what_cannot_be_read_is_told_by_field(ask: Ask, query: str) -> None:
    answer = ask(f"/beheer/inzagen.json?{query}", **as_dpo())
    assert answer.status_code == 400
    assert answer.json()["problems"][0]["path"] == query.partition("=")[0]


@pytest.mark.parametrize("path", ["/beheer/inzagen", "/beheer/betrokkene"])
@pytest.mark.parametrize("headers", [as_municipality("Gent"), as_federation("V0009999"), as_representative(CODE)])
def test_only_the_officer_oversees(ask: Ask, path: str, headers: Headers) -> None:
    assert ask(path, **headers).status_code == 403


def test_the_officer_gives_a_person_her_data(filled: World, ask: Ask) -> None:
    form = {"insz": INSZ, "reden": "vraag van 3 november"}
    page = post(ask, "/beheer/betrokkene", {**form, "doe": "lezen"}, as_dpo())
    assert "attachment" in page.headers["content-disposition"]
    assert "Geheimlaan" in page.text
    data = post(ask, "/beheer/betrokkene", {**form, "doe": "gegevens"}, as_dpo()).json()
    assert data["verenigingen"][0]["vertegenwoordigers"][0]["insz"] == "85010100115"
    assert logged(filled) == [("uitgereikt", "rechten", "vraag van 3 november")] * 2


def test_the_officer_looks_first_and_then_erases(filled: World, ask: Ask) -> None:
    form = {"insz": MARCEL["insz"], "reden": "vraag"}
    shown = post(ask, "/beheer/betrokkene", {**form, "doe": "nakijken"}, as_dpo())
    assert "Dit zou gewist worden" in shown.text
    assert MARCEL["insz"] not in shown.text
    assert logged(filled) == []
    done = post(ask, "/beheer/betrokkene", {**form, "doe": "wissen"}, as_dpo())
    assert "Dit is gewist" in done.text
    assert (filled.service.kept / "wissingen.jsonl").read_text().count(OTHER) == 1
    assert not (filled.service.data / "wissingen.jsonl").exists(), "where each process makes its own anew"
    again = post(ask, "/beheer/betrokkene", {**form, "doe": "wissen"}, as_dpo())
    assert "Er is niets te wissen" in again.text


def test_a_wrong_number_is_told_without_being_repeated(ask: Ask) -> None:
    answer = post(ask, "/beheer/betrokkene", {"insz": "85.01.01-001.16", "doe": "lezen"}, as_dpo())
    assert answer.status_code == 400
    assert "controlegetal" in answer.text
    assert "001.16" not in answer.text


def test_a_form_of_another_site_does_nothing(filled: World, ask: Ask) -> None:
    forged = {**as_dpo(), "sec-fetch-site": "cross-site"}
    fields = {"insz": INSZ, "doe": "wissen"}
    assert post(ask, "/beheer/betrokkene", fields, forged).status_code == 403
    assert logged(filled) == []


# --- For everybody ----------------------------------------------------------------------------------------------------


def test_the_register_of_processing_says_everything_that_the_law_asks(ask: Ask) -> None:
    page = ask("/verwerkingsregister", accept="text/html").text
    for word in (
        "verwerkingsverantwoordelijke", "Interacties tussen verenigingen en overheden", "Externe communicatie",
        "INSZ", "rekeningnummer", "730 dagen", "artikel 6, lid 1, e", "Leveranciers", "kluis",
    ):  # fmt: skip
        assert word in page, word


def test_it_is_data_under_its_own_addresses(ask: Ask) -> None:
    graph = parse_graph(ask("/verwerkingsregister.ttl").content)
    assert len(graph) > 100
    assert ask("/persoonsgegevens").headers["location"] == "/verwerkingsregister"


def test_the_privacy_clause_follows_from_the_same_data(ask: Ask) -> None:
    page = ask("/privacy", accept="text/html").text
    assert "voor 2 doelen: interacties tussen verenigingen en overheden; externe communicatie" in page
    assert "gegevensinitiator" in page
