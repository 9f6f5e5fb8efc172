"""The room of a representative: what stands there, who changed and read it, and what it brings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

import httpx
import pytest

from app.register.commands import ChangeAssociation, Create, RegisterAssociation
from app.register.handle import handle
from app.register.personal.people import current, read_personal
from app.store.accesses import Which, count
from app.web.personal.access_pages import SEEN
from tests.products.builders import minimal
from tests.register.builders import GODELIEVE, Make
from tests.web.conftest import Ask, asking
from tests.web.people import Headers, as_municipality, as_representative, municipality
from tests.web.world import World, open_world

FORM = "application/x-www-form-urlencoded"


class Member:
    """The representative of an association in Gent, in a browser."""

    def __init__(self, ask: Ask, world: World, code: str) -> None:
        self.ask, self.world, self.code = ask, world, code
        self.at = f"/mijn-vereniging/{code}"
        self.who = as_representative(code)

    def get(self, path: str, who: Headers | None = None) -> httpx.Response:
        return self.ask(path, accept="text/html", **(who or self.who))

    def post(self, path: str, form: Mapping[str, str], who: Headers | None = None) -> httpx.Response:
        body = urlencode(form).encode()
        return self.ask(path, "POST", body, content_type=FORM, accept="text/html", **(who or self.who))


@pytest.fixture(scope="module")
def member(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Member]:
    for world in open_world(tmp_path_factory.mktemp("mijn")):
        register, make = world.service.register, Make(world.service.codelists)
        people = [{**GODELIEVE, "rol": "voorzitter"}]
        document = make.minimal(naam="Klimaatkring Gent", locaties=[make.location()], vertegenwoordigers=people)
        code = handle(RegisterAssociation(document), municipality("Gent"), register, "brief van maart").code
        changed = ChangeAssociation(code, {"korteNaam": "KKG"})
        handle(changed, municipality("Gent"), register, "gevraagd aan het loket")
        world.follow()
        yield Member(asking(world), world, code)


def test_the_first_page_tells_what_there_is_and_leads_to_all_of_it(member: Member) -> None:
    page = member.get("/mijn-vereniging").text
    assert "Klimaatkring Gent" in page and "zichtbaar voor iedereen" in page
    assert "1 persoon vertegenwoordigt" in page
    assert "Korte naam toegevoegd" in page.replace("korte naam", "Korte naam") or "gewijzigd" in page
    for part in ("", "/wijzigen", "/vertegenwoordigers", "/inzagen", "/geschiedenis", "/aanbod"):
        assert f'href="{member.at}{part}"' in page, part
        assert member.get(f"{member.at}{part}").status_code == 200, part


def test_the_history_says_who_changed_what_when_and_why(member: Member) -> None:
    page = member.get(f"{member.at}/geschiedenis").text
    assert "door Gemeente Gent" in page and "KKG" in page
    assert "Reden: gevraagd aan het loket" in page, "what not everybody may know, its representative does"
    assert "gevraagd aan het loket" not in member.ask(f"/doc/vereniging/{member.code}/historiek").text
    assert member.get(f"/beheer/verenigingen/{member.code}/geschiedenis", as_municipality("Gent")).status_code == 200
    for stranger in (as_representative("V0009999"), as_municipality("Aalst")):
        assert member.get(f"{member.at}/geschiedenis", stranger).status_code == 403


def test_it_is_hidden_and_shown_with_one_button(member: Member) -> None:
    member.post(f"{member.at}/zichtbaar", {"zichtbaar": "nee"})
    assert current(member.code, member.world.service.register)[0].public is None
    assert "niet zichtbaar voor het publiek" in member.get("/mijn-vereniging").text
    assert "Zichtbaar maken" in member.get("/mijn-vereniging").text
    member.post(f"{member.at}/zichtbaar", {"zichtbaar": "ja"})
    assert current(member.code, member.world.service.register)[0].public is not None
    assert member.post(f"{member.at}/zichtbaar", {"zichtbaar": "nee"}, as_representative("V0009999")).status_code == 403


def test_what_it_qualifies_for_comes_with_the_reasons(member: Member) -> None:
    for name, place in (("Zitbanken lenen", "Gent"), ("Tent lenen in Aalst", "Aalst")):
        handle(Create("product", minimal(naam={"nl": name})), municipality(place), member.world.service.register)
    page = member.get(f"{member.at}/aanbod").text
    assert "Zitbanken lenen" in page and "Tent lenen in Aalst" not in page, "what is offered where it is at home"
    assert "Komt in aanmerking" in page or "Zelf na te gaan" in page
    assert "Zitbanken lenen" not in member.get(f"{member.at}/aanbod?antwoord=nee").text


def people_of(member: Member) -> list[str]:
    read = read_personal(member.code, municipality("Gent"), member.world.service.register, "dienstverlening")
    return sorted(person["voornaam"] for person in read.document["vertegenwoordigers"])


def inputs_of(page: str, number: str) -> dict[str, str]:
    """The form about one person as it is shown."""
    form = page[page.index(f'name="wie" value="{number}"') :]
    form = form[: form.index("</form>")]
    found = re.findall(r'<input type="(\w+)"[^>]*name="(v\d+\.\w+)"[^>]*value="([^"]*)"', form)
    return {name: value for kind, name, value in found if kind != "checkbox"}


def test_representatives_are_added_corrected_and_let_go(member: Member) -> None:
    at = f"{member.at}/vertegenwoordigers"
    page = member.get(at).text
    [number] = re.findall(r'name="wie" value="(\d+)"', page)
    new = {"wie": "nieuw", "nieuw.voornaam": "Odette", "nieuw.achternaam": "Bedacht", "nieuw.insz": "91041211707"}
    assert member.post(at, new).status_code == 303
    assert len(people_of(member)) == 2
    shown = inputs_of(page, number)
    changed = {"wie": number, **shown, f"v{number}.email": "g@voorbeeld.example"}
    answer = member.post(at, changed)
    assert answer.status_code == 303, answer.text
    read = read_personal(member.code, municipality("Gent"), member.world.service.register, "dienstverlening")
    told = [person for person in read.document["vertegenwoordigers"] if person["voornaam"] != "Odette"]
    assert told[0]["email"] == "g@voorbeeld.example" and told[0]["rol"] == "voorzitter"
    other = next(n for n in re.findall(r'name="wie" value="(\d+)"', member.get(at).text) if n != number)
    assert member.post(at, {"wie": other, "besluit": "weg"}).status_code == 303
    assert "Odette" not in people_of(member)


@pytest.mark.parametrize(
    ("wrong", "id", "sentence"),
    [
        ({"nieuw.insz": "123"}, "nieuw-insz", "elf cijfers"),
        ({"nieuw.insz": "85.01.01-001.15"}, "nieuw-insz", "staat al bij de vertegenwoordigers"),
        ({"nieuw.voornaam": "7"}, "nieuw-voornaam", "geen cijfers"),
    ],
)
def test_what_is_wrong_with_a_representative_stands_beside_the_field(
    member: Member, wrong: dict[str, str], id: str, sentence: str
) -> None:
    new = {"wie": "nieuw", "nieuw.voornaam": "Odette", "nieuw.achternaam": "Bedacht", "nieuw.insz": "91041211707"}
    page = member.post(f"{member.at}/vertegenwoordigers", {**new, **wrong})
    assert page.status_code == 400
    told = re.search(rf'id="{id}-fout">([^<]*)<', page.text)
    assert told and sentence in told[1], page.text


def test_the_last_representative_stays(member: Member) -> None:
    at = f"{member.at}/vertegenwoordigers"
    [number] = re.findall(r'name="wie" value="(\d+)"', member.get(at).text)
    answer = member.post(at, {"wie": number, "besluit": "weg"})
    assert answer.status_code == 400 and "minstens één vertegenwoordiger" in answer.text


def test_an_administration_corrects_a_representative_for_a_purpose_and_the_association_sees_it(member: Member) -> None:
    at, clerk = f"/beheer/verenigingen/{member.code}/vertegenwoordigers", as_municipality("Gent")
    log, entity = member.world.service.log, member.world.iri(member.code)
    assert f'href="{at}"' in member.get(f"/beheer/verenigingen/{member.code}", clerk).text
    before = count(log.database, Which(entity=entity, what=SEEN))
    asked = member.get(at, clerk).text
    assert "Waarvoor hebt u hun gegevens nodig?" in asked and GODELIEVE["voornaam"] not in asked
    assert member.post(at, {"doel": ""}, clerk).status_code == 400
    assert count(log.database, Which(entity=entity, what=SEEN)) == before, "who says not why reads nothing"

    purpose = {"doel": "dienstverlening", "reden": "brief van 3 maart"}
    shown = member.post(at, purpose, clerk)
    assert GODELIEVE["voornaam"] in shown.text and 'name="doel" value="dienstverlening"' in shown.text
    [number] = re.findall(r'name="wie" value="(\d+)"', shown.text)
    wrong = member.post(at, {**purpose, "wie": number, **inputs_of(shown.text, number), f"v{number}.email": "x"}, clerk)
    assert wrong.status_code == 400 and f"v{number}-email-fout" in wrong.text
    changed = {**inputs_of(shown.text, number), f"v{number}.email": "loket@voorbeeld.example"}
    assert member.post(at, {**purpose, "wie": number, **changed}, clerk).status_code == 303
    read = read_personal(member.code, municipality("Gent"), member.world.service.register, "dienstverlening")
    assert read.document["vertegenwoordigers"][0]["email"] == "loket@voorbeeld.example"
    seen = member.get(f"{member.at}/inzagen").text
    assert "Gemeente Gent" in seen and "brief van 3 maart" in seen
    assert member.get(at, as_municipality("Aalst")).status_code == 403
    assert member.post(at, {**purpose, "wie": number, **changed}, as_municipality("Aalst")).status_code == 403


def test_strangers_see_no_representatives(member: Member) -> None:
    for stranger in (as_representative("V0009999"), as_municipality("Aalst")):
        assert member.get(f"{member.at}/vertegenwoordigers", stranger).status_code == 403
