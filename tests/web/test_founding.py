"""A founder registers a new association, is told of a possible double, and goes on as its representative."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from app.register.commands import HideAssociation, RegisterAssociation
from app.register.handle import handle
from app.register.personal.people import current
from tests.register.builders import Make
from tests.web.login_world import Browser, LoginWorld, open_login_world
from tests.web.people import municipality

HERE = "/mijn-vereniging/nieuw"
OWN_NUMBER = "91.04.12-117.07"
FORM = {
    "naam": "Buurtkomitee De Kastanje",
    "zichtbaarInLoket": "ja",
    "locaties[0].locatietype": "",
    "locaties[0].isPrimair": "ja",
    "locaties[0].adres.straatnaam": "Kouter",
    "locaties[0].adres.huisnummer": "1",
    "locaties[0].adres.postcode": "9000",
    "locaties[0].adres.gemeente": "Gent",
    "locaties[0].adres.land": "België",
    "contactgegevens[1].telefoon": "09 200 10 20",
    "vertegenwoordigers[0].voornaam": "Odette",
    "vertegenwoordigers[0].achternaam": "Oprichtster",
    "vertegenwoordigers[0].insz": OWN_NUMBER,
    "vertegenwoordigers[0].rol": "voorzitter",
}


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoginWorld]:
    for world in open_login_world(tmp_path_factory.mktemp("oprichting")):
        codelists = world.world.service.codelists
        site = codelists.find("locatietype", "Activiteiten")
        assert site is not None
        FORM["locaties[0].locatietype"] = site.iri
        yield world


@pytest.fixture
def founder(at: LoginWorld) -> Browser:
    """Of what was founded before, the first is chosen."""
    browser = at.browser()
    if browser.log_in("oprichter").url.path == "/wisselen":
        browser.follow(browser.post("/wisselen", {"als": "0", "terug": "/"}))
    return browser


def register_one(at: LoginWorld, name: str, **more: object) -> str:
    make = Make(at.world.service.codelists)
    document = make.minimal(naam=name, locaties=[make.location("Kouter", "1")], **more)
    return handle(RegisterAssociation(document), municipality("Gent"), at.world.service.register).code


def head(at: LoginWorld) -> int:
    return at.world.service.log.head()


def codes_in(page: httpx.Response) -> list[str]:
    return re.findall(r'name="nietDezelfde" value="(V\d{7})"', page.text)


def test_the_founder_sees_what_can_be_done(founder: Browser) -> None:
    page = founder.get("/mijn-vereniging").text
    assert 'href="/mijn-vereniging/nieuw"' in page
    assert 'href="/mijn-vereniging/inzagen"' not in page, "there is nothing to look into yet"
    form = founder.get(HERE).text
    for words in ("De volledige naam van de vereniging.", "Hoogstens drie.", "INSZ", "(verplicht)"):
        assert words in form, "labels and help are those of the shape"


def test_nothing_else_is_a_founders_to_do(at: LoginWorld, founder: Browser) -> None:
    code = register_one(at, "Harmonie Sint-Niemand")
    for path in (f"/mijn-vereniging/{code}", f"/mijn-vereniging/{code}/wijzigen", "/beheer", "/beheer/invoer"):
        assert founder.get(path).status_code == 403, path


def test_a_new_association_has_its_founder_as_representative_who_goes_on_as_such(
    at: LoginWorld, founder: Browser
) -> None:
    before = dict(founder.cookies)
    answer = founder.post(HERE, FORM)
    assert answer.status_code == 303, answer.text
    code = answer.headers["location"].rpartition("=")[2]
    version, document = current(code, at.world.service.register)
    assert (version.public is not None, version.actor) == (True, version.entity)
    assert document["vertegenwoordigers"][0]["isPrimair"] is True
    assert b"Odette" not in (version.public or b"") + version.internal
    page = founder.follow(answer)
    assert "Uw vereniging staat in het register" in page.text and "Buurtkomitee De Kastanje" in page.text
    assert dict(founder.cookies) != before, "who gains a capacity gets another key"
    assert "Odette Oprichtster" in founder.get(f"/mijn-vereniging/{code}/vertegenwoordigers").text
    again = at.browser().log_in("oprichter")
    assert "Buurtkomitee De Kastanje" in again.text, "the next login finds it by the number"


def test_a_possible_double_is_shown_side_by_side_before_anything_is_saved(at: LoginWorld, founder: Browser) -> None:
    there = register_one(at, "Zangkring De Leeuwerik")
    before = head(at)
    page = founder.post(HERE, {**FORM, "naam": "Zangkring De Leeuwrik"})
    assert (page.status_code, head(at)) == (409, before)
    assert codes_in(page) == [there]
    assert "<mark>Zangkring De Leeuwrik</mark>" in page.text and "<mark>Zangkring De Leeuwerik</mark>" in page.text
    assert "Dat is de mijne" in page.text and f'href="/doc/vereniging/{there}"' in page.text
    assert 'value="Zangkring De Leeuwrik"' in page.text, "what was filled in is still there"
    saved = founder.post(HERE, {**FORM, "naam": "Zangkring De Leeuwrik", "nietDezelfde": there})
    assert (saved.status_code, head(at)) == (303, before + 1)


def test_of_a_hidden_double_nothing_is_told_but_that_it_is_there(at: LoginWorld, founder: Browser) -> None:
    there = register_one(at, "Toneelkring Het Gordijn", korteBeschrijving="Wij spelen in het verborgene.")
    handle(HideAssociation(there), municipality("Gent"), at.world.service.register)
    page = founder.post(HERE, {**FORM, "naam": "Toneelkring Het Gordyn"})
    assert page.status_code == 409 and codes_in(page) == [there]
    assert "Een vereniging die niet openbaar is" in page.text
    assert "Het Gordijn" not in page.text and "verborgene" not in page.text


WRONG: list[tuple[str, dict[str, str], str, str]] = [
    ("no name", {"naam": ""}, "naam", "Vul de naam in"),
    ("somebody else", {"vertegenwoordigers[0].insz": "85.07.30-033.28"}, "vertegenwoordigers-0-insz", "uw eigen"),
    ("nobody", {key: "" for key in FORM if key.startswith("verteg")}, "vertegenwoordigers-0-insz", "uw eigen"),
    ("no phone", {"contactgegevens[1].telefoon": "veel"}, "contactgegevens-1-telefoon", "telefoonnummer"),
    ("no postcode", {"locaties[0].adres.postcode": ""}, "locaties-0-adres-postcode", "postcode"),
    ("no day", {"startdatum": "gisteren"}, "startdatum", "datum"),
    ("tomorrow", {"startdatum": "2027-01-01"}, "startdatum", "toekomst"),
]  # fmt: skip


@pytest.mark.parametrize("case, wrong, id, sentence", WRONG, ids=[case for case, *_ in WRONG])
def test_what_is_wrong_stands_beside_its_field(
    at: LoginWorld, founder: Browser, case: str, wrong: dict[str, str], id: str, sentence: str
) -> None:
    before = head(at)
    page = founder.post(HERE, {**FORM, "naam": f"Kring {case}", **wrong})
    assert (page.status_code, head(at)) == (400, before)
    told = re.search(rf'id="{re.escape(id)}-fout">([^<]*)<', page.text)
    assert told and sentence in told[1], page.text
    assert 'aria-invalid="true"' in page.text


def test_founding_needs_a_person_not_an_office(at: LoginWorld) -> None:
    clerk = at.browser()
    assert clerk.get(HERE).headers["location"].startswith("/aanmelden?terug=")
    clerk.log_in("gent")
    answer = clerk.get(HERE)
    assert answer.status_code == 403 and "in eigen naam" in answer.text


def test_a_form_of_another_site_founds_nothing(at: LoginWorld, founder: Browser) -> None:
    before = head(at)
    assert founder.post(HERE, FORM, **{"sec-fetch-site": "cross-site"}).status_code == 403
    assert head(at) == before


def test_a_representative_who_came_in_by_number_may_found_another(at: LoginWorld, founder: Browser) -> None:
    first = founder.post(HERE, {**FORM, "naam": "Wandelclub Stap voor Stap"})
    founder.follow(first)
    second = founder.post(HERE, {**FORM, "naam": "Leeskring Bladzijde Eén"})
    assert second.status_code == 303, second.text
    assert "Leeskring Bladzijde Eén" in founder.follow(second).text
    choices = founder.get("/wisselen").text
    assert "Wandelclub Stap voor Stap" in choices and "Leeskring Bladzijde Eén" in choices
