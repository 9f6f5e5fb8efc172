"""The work queue as a clerk works through it: what is seen, what each button does, and who is told no."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import httpx
import orjson
import pytest

from app.errors import Refused
from app.model.codelists import load_codelists
from app.register.agents import Agent
from app.register.commands import RegisterAssociation, RemoveAssociation
from app.register.doubles.pairs import propose
from app.register.doubles.queue import refer
from app.register.handle import handle
from app.store.accesses import Which, accesses
from tests.register.builders import GODELIEVE, Document, Make
from tests.web.conftest import Ask, asking
from tests.web.people import (
    MANAGER,
    Headers,
    as_dpo,
    as_federation,
    as_manager,
    as_municipality,
    as_representative,
    municipality,
    with_token,
)
from tests.web.world import ROOT, World, open_world

FORM = "application/x-www-form-urlencoded"
LIST = "/beheer/werklijst"
KNOWN, SECOND, NEXT = "V0001001", "V0001002", "V0001003"
GENT = as_municipality("Gent")
SECRETS = ("Godelieve", "85010100115", "470123456", "Geheimlaan")


def fill(world: World) -> World:
    """Two associations; a possible double of both, an unknown address, and the pair that the two are."""
    make, register, gent = Make(load_codelists(ROOT)), world.service.register, municipality("Gent")
    handle(RegisterAssociation(make.minimal(locaties=[make.location()])), gent, register)
    second = make.minimal(
        naam="De Houten Kleppels", locaties=[make.location("Markt", "5")], korteBeschrijving="Reuzen."
    )
    handle(RegisterAssociation(second, confirmed_not=(KNOWN,)), gent, register)
    people = [{**GODELIEVE, "rol": "voorzitter", "telefoon": "0470 12 34 56"}]
    home = make.location("Geheimlaan", "7", kind="Correspondentie", isThuisadres=True)
    double = make.minimal(naam="De Houten Kleppel", vertegenwoordigers=people, locaties=[home], korteNaam="DHK & Co")
    put_before(double, gent, world)
    unknown = make.location(postcode="9999", gemeente="Gentt")
    put_before(make.minimal(naam="De Snoek", locaties=[unknown]), gent, world)
    with register.log.transaction() as transaction:
        transaction.put_state(f"verschillend/{KNOWN}|{SECOND}", None)
    propose(register, MANAGER)
    return world


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """For who only looks."""
    for world in open_world(tmp_path_factory.mktemp("werklijst")):
        yield fill(world)


@pytest.fixture(scope="module")
def look(shared: World) -> Ask:
    return asking(shared)


@pytest.fixture
def filled(empty_world: World) -> World:
    return fill(empty_world)


def put_before(document: Document, agent: Agent, world: World) -> None:
    with pytest.raises(Refused) as doubt:
        handle(RegisterAssociation(document), agent, world.service.register)
    refer([(document, doubt.value)], agent, world.service.register)


@pytest.fixture
def ask(filled: World) -> Ask:
    return asking(filled)


DOUBLE, ADDRESS, PAIR = 1, 2, 3


def post(ask: Ask, path: str, fields: dict[str, str], headers: Headers = GENT) -> httpx.Response:
    return ask(path, "POST", urlencode(fields).encode(), content_type=FORM, accept="text/html", **headers)


def decide(ask: Ask, case: int, headers: Headers | None = None, /, **fields: str) -> httpx.Response:
    return post(ask, f"{LIST}/{case}", fields, headers or GENT)


def latest(world: World, code: str) -> Any:
    return world.service.log.latest(world.iri(code))


# --- The list ---------------------------------------------------------------------------------------------------------


def test_the_list_shows_what_waits_with_the_reasons_in_words(look: Ask) -> None:
    page = look(LIST, **GENT)
    assert page.status_code == 200 and page.headers["cache-control"] == "no-store"
    assert "<strong>3</strong> vragen" in page.text
    for words in ("De Houten Kleppel", "zelfde naam op één letter na", "De Snoek", "horen niet bij elkaar", KNOWN):
        assert words in page.text
    assert not [secret for secret in SECRETS if secret in page.text]


@pytest.mark.parametrize("query, names", [
    ("?soort=adres", ["De Snoek"]), ("?soort=paar", ["De Houten Klepel"]), ("?ouder=30", []), ("?gemeente=44084", []),
    ("?toestand=beslist", []), ("?soort=onzin", ["De Houten Kleppel", "De Snoek", "De Houten Klepel"]),
])  # fmt: skip
def test_the_list_can_be_limited(look: Ask, query: str, names: list[str]) -> None:
    found = look(f"{LIST}.json{query}", **GENT).json()
    assert [each["naam"] for each in found["vragen"]] == names
    assert found["totaal"] == len(names)
    assert look(f"{LIST}{query}", **GENT).status_code == 200


@pytest.mark.parametrize("headers, status", [
    (GENT, 200), (as_manager(), 200), (as_municipality("Aalter"), 403), (as_federation("V0001009"), 403),
    (as_dpo(), 403), (as_representative(KNOWN), 403), ({}, 401),
])  # fmt: skip
def test_a_case_is_for_who_may_decide_it(look: Ask, headers: Headers, status: int) -> None:
    assert look(f"{LIST}/{DOUBLE}", **headers).status_code == status
    assert look(f"{LIST}/{DOUBLE}.json", **headers).status_code == status


def test_another_municipality_sees_an_empty_list(look: Ask) -> None:
    page = look(LIST, **as_municipality("Aalter"))
    assert page.status_code == 200 and "niets te beslissen" in page.text


def test_a_case_that_is_not_there(look: Ask) -> None:
    assert look(f"{LIST}/99", **GENT).status_code == 404
    assert look(f"{LIST}/onzin", **GENT).status_code == 404


# --- One case ---------------------------------------------------------------------------------------------------------


def test_a_case_lies_side_by_side_with_points_for_and_against(look: Ask) -> None:
    page = look(f"{LIST}/{DOUBLE}", **GENT).text
    assert "Zelfde naam op één letter na" in page and "Samen" in page
    assert "<mark>De Houten Kleppel</mark>" in page and "<mark>De Houten Klepel</mark>" in page
    assert "<mark>DHK &amp; Co</mark>" in page
    assert f"?met={SECOND}" in page
    assert not [secret for secret in SECRETS if secret in page]
    assert "<mark>De Houten Kleppels</mark>" in look(f"{LIST}/{DOUBLE}?met={SECOND}", **GENT).text


def test_a_case_as_json_has_grounds_and_differences(look: Ask) -> None:
    found = look(f"{LIST}/{DOUBLE}.json", **with_token(municipality("Gent"))).json()
    first = found["kandidaten"][0]
    assert (first["vCode"], first["gronden"][0]["wat"]) == (KNOWN, "Zelfde naam op één letter na")
    assert first["verschillen"][0] == {
        "veld": "naam", "label": "Naam", "ingediend": ["De Houten Kleppel"], "bestaand": ["De Houten Klepel"],
        "keuzes": ["deze", "andere"]}  # fmt: skip


def test_personal_values_are_seen_with_a_purpose_and_that_is_logged(shared: World, look: Ask) -> None:
    place = f"{LIST}/{DOUBLE}/persoonsgegevens"
    assert post(look, place, {}).status_code == 400
    assert accesses(shared.service.log.database, Which(what=("gelezen",))) == []
    page = post(look, place, {"doel": "dienstverlening", "dossier": "navraag"})
    assert "Godelieve" in page.text and "85010100115" in page.text
    [access] = accesses(shared.service.log.database, Which(what=("gelezen",)))
    assert (access.purpose, access.why) == ("dienstverlening", f"vraag {DOUBLE} van de werklijst: navraag")
    assert post(look, place, {"doel": "dienstverlening"}, as_municipality("Aalter")).status_code == 403


# --- Deciding ---------------------------------------------------------------------------------------------------------


def test_the_same(filled: World, ask: Ask) -> None:
    head = filled.service.log.head()
    answer = decide(ask, DOUBLE, besluit="dezelfde", met=KNOWN, reden="gebeld")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{LIST}/{DOUBLE}")
    assert filled.service.log.head() == head
    page = ask(f"{LIST}/{DOUBLE}", **GENT).text
    assert "Beslist op" in page and "dezelfde" in page and "gebeld" in page and "Gemeente Gent" in page


def test_another(filled: World, ask: Ask) -> None:
    assert decide(ask, DOUBLE, besluit="andere", gezien=f"{KNOWN} {SECOND}").status_code == 303
    assert latest(filled, NEXT) is not None
    assert f"/doc/vereniging/{NEXT}" in ask(f"{LIST}/{DOUBLE}", **GENT).text


def test_merged_field_by_field(filled: World, ask: Ask) -> None:
    choices = {"keuze.naam": "andere", "keuze.korteNaam": "beide"}
    refused = post(ask, f"{LIST}/{DOUBLE}", {"besluit": "samenvoegen", "met": KNOWN, **choices})
    assert refused.status_code == 400 and "niet kiezen" in refused.text
    choices["keuze.korteNaam"] = "deze"
    assert post(ask, f"{LIST}/{DOUBLE}", {"besluit": "samenvoegen", "met": KNOWN, **choices}).status_code == 303
    assert b"De Houten Kleppel" in latest(filled, KNOWN).public
    assert b"DHK" not in latest(filled, KNOWN).public


def test_not_registered(filled: World, ask: Ask) -> None:
    assert decide(ask, DOUBLE, besluit="niet").status_code == 303
    assert latest(filled, NEXT) is None
    assert "niet geregistreerd" in ask(f"{LIST}/{DOUBLE}", **GENT).text


def test_a_corrected_address(filled: World, ask: Ask) -> None:
    assert "9999" in ask(f"{LIST}/{ADDRESS}", **GENT).text
    wrong = decide(ask, ADDRESS, besluit="verbeterd", **{"locaties[0].adres.postcode": "9998"})
    assert wrong.status_code == 400 and "horen niet bij elkaar" in wrong.text and 'value="9998"' in wrong.text
    right = {"locaties[0].adres.postcode": "9000", "locaties[0].adres.gemeente": "Gent"}
    assert decide(ask, ADDRESS, besluit="verbeterd", **right).status_code == 303
    assert b"Kerkstraat 1, 9000 Gent" in latest(filled, NEXT).public


def test_a_pair_is_merged_the_way_that_was_chosen_and_taken_back(filled: World, ask: Ask) -> None:
    page = ask(f"{LIST}/{PAIR}?blijft={SECOND}", **GENT).text
    assert f"<strong>{SECOND} blijft</strong>" in page
    assert decide(ask, PAIR, besluit="samenvoegen", met=SECOND, blijft=SECOND).status_code == 303
    assert latest(filled, KNOWN).replaced_by == filled.iri(SECOND)
    assert "weer een eigen vereniging" in ask(f"{LIST}/{PAIR}", **GENT).text
    assert post(ask, f"{LIST}/{PAIR}/rechtzetten", {"vCode": KNOWN, "reden": "toch niet"}).status_code == 303
    assert latest(filled, KNOWN).replaced_by is None
    assert "weer een eigen vereniging" not in ask(f"{LIST}/{PAIR}", **GENT).text


def test_a_pair_of_which_one_has_gone_can_only_be_closed(filled: World, ask: Ask) -> None:
    handle(RemoveAssociation(KNOWN, "vergissing"), municipality("Gent"), filled.service.register)
    page = ask(f"{LIST}/{PAIR}", **GENT)
    assert page.status_code == 200 and "staat niet meer in het register" in page.text
    assert decide(ask, PAIR, besluit="andere").status_code == 303
    assert "Beslist op" in ask(f"{LIST}/{PAIR}", **GENT).text


def test_of_an_association_elsewhere_only_what_is_public_is_shown_and_it_cannot_be_made_a_double(
    filled: World, ask: Ask
) -> None:
    make, register = Make(load_codelists(ROOT)), filled.service.register
    contacts = [{"email": "info@snoek.example"}, {"website": "https://snoek.example"}]
    away = make.location(postcode="9880", gemeente="Aalter")
    people = [{**GODELIEVE, "rol": "schatbewaarder"}]
    there = make.minimal(naam="De Snoekvissers", contactgegevens=contacts, locaties=[away], vertegenwoordigers=people)
    here = make.minimal(naam="Snoekvissers", contactgegevens=contacts, locaties=[make.location("Kaai", "9")])
    codes = [
        handle(RegisterAssociation(here), municipality("Gent"), register).code,
        handle(RegisterAssociation(there, confirmed_not=(NEXT,)), municipality("Aalter"), register).code,
    ]
    with register.log.transaction() as transaction:
        transaction.put_state("verschillend/" + "|".join(codes), None)
    assert propose(register, MANAGER).pairs == 1
    page = ask(f"{LIST}/{PAIR + 1}", **GENT).text
    assert codes[1] in page and "schatbewaarder" not in page
    answer = decide(ask, PAIR + 1, besluit="dezelfde", met=codes[1], blijft=codes[0])
    assert answer.status_code == 403 and "eigen grondgebied" in answer.text
    assert decide(ask, PAIR + 1, as_manager(), besluit="dezelfde", met=codes[1], blijft=codes[0]).status_code == 303


def test_of_two_who_decide_at_once_the_second_is_told(filled: World, ask: Ask) -> None:
    decide(ask, DOUBLE, besluit="andere", gezien=f"{KNOWN} {SECOND}")
    head = filled.service.log.head()
    late = decide(ask, DOUBLE, as_manager(), besluit="dezelfde", met=KNOWN)
    assert late.status_code == 409
    assert "al beslist" in late.text and "een andere" in late.text
    assert filled.service.log.head() == head


def test_who_came_meanwhile_is_shown_before_something_is_registered_twice(filled: World, ask: Ask) -> None:
    make = Make(load_codelists(ROOT))
    third = make.minimal(naam="De Houten Kleppel", locaties=[make.location("Veld", "9")])
    handle(RegisterAssociation(third, confirmed_not=(KNOWN, SECOND)), municipality("Gent"), filled.service.register)
    answer = decide(ask, DOUBLE, besluit="andere", gezien=f"{KNOWN} {SECOND}")
    assert answer.status_code == 409 and f"lijkt intussen ook op {NEXT}" in answer.text
    assert decide(ask, DOUBLE, besluit="andere", gezien=f"{KNOWN} {SECOND} {NEXT}").status_code == 303


@pytest.mark.parametrize("fields", [{}, {"besluit": "onzin"}, {"besluit": "dezelfde"}, {"besluit": "samenvoegen"}])
def test_a_form_that_decides_nothing_comes_back(look: Ask, fields: dict[str, str]) -> None:
    answer = decide(look, DOUBLE, **fields)
    assert answer.status_code == 400 and "Kies " in answer.text


def test_a_machine_decides_by_json(filled: World, ask: Ask) -> None:
    gent = with_token(municipality("Gent"))

    def send(case: int, body: Any) -> httpx.Response:
        path = f"{LIST}/{case}.json"
        return ask(path, "POST", orjson.dumps(body), content_type="application/json", **gent)

    assert send(DOUBLE, []).status_code == 400
    assert send(DOUBLE, {"besluit": 3}).status_code == 400
    body = {"besluit": "samenvoegen", "met": KNOWN, "keuzes": {"naam": "andere", "korteNaam": "deze"}}
    answer = send(DOUBLE, body)
    assert (answer.status_code, answer.json()) == (200, {"besluit": "samenvoegen", "vCode": KNOWN})
    late = send(DOUBLE, body)
    assert (late.status_code, late.headers["content-type"]) == (409, "application/problem+json")


def test_a_form_from_another_site_counts_for_nothing(look: Ask) -> None:
    foreign = {**GENT, "sec-fetch-site": "cross-site"}
    assert decide(look, DOUBLE, foreign, besluit="dezelfde", met=KNOWN).status_code == 403
    assert look(f"{LIST}/{DOUBLE}.json", **GENT).json().get("beslist") is None
