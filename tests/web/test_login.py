"""Logging in, going on as somebody else, logging out; and every way in which it must not work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.register.agents import SYSTEM, Agent
from app.register.commands import ChangeAssociation, RegisterAssociation
from app.register.handle import handle
from app.web.demo_pages import AT
from app.web.login_pages import safe_path
from tests.web.login_world import LoginWorld, open_login_world
from tests.web.world import ROOT, World

INSZ = "59.09.04-958.30"
SOMEBODY = Agent("http://loket.test/id/systeem", "Systeem", SYSTEM)


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoginWorld]:
    yield from open_login_world(tmp_path_factory.mktemp("login"))


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[LoginWorld]:
    """For tests that put associations in."""
    yield from open_login_world(tmp_path)


def club(world: World, name: str = "Klimaatgroep Akkoord", insz: str = INSZ) -> str:
    """An association with this representative; answers its code."""
    person = {"insz": insz, "voornaam": "Godelieve", "achternaam": "Verzonnen"}
    document = {
        "naam": name, "verenigingstype": world.concept("verenigingstype", "VZER"), "vertegenwoordigers": [person]
    }  # fmt: skip
    return handle(RegisterAssociation(document), SOMEBODY, world.service.register).code


# --- Coming in --------------------------------------------------------------------------------------------------------


def test_a_clerk_comes_in_and_arrives_where_they_were_going(at: LoginWorld) -> None:
    browser = at.browser()
    sent = browser.get("/beheer/rechten")
    assert sent.headers["location"] == "/aanmelden?terug=%2Fbeheer%2Frechten"
    assert "Voor een gemeente" in browser.follow(sent).text
    page = browser.log_in("gent", "/beheer/rechten")
    assert page.status_code == 200
    assert "Gemeente Gent" in page.text
    assert "met de rol gemeente" in page.text


@pytest.mark.parametrize(
    ("person", "path", "label"),
    [
        ("gent", "/beheer", "Gemeente Gent"),
        ("aalst", "/beheer", "Gemeente Aalst"),
        ("vlaanderen", "/beheer", "Vlaamse overheid"),
        ("dpo", "/beheer", "Vlaamse overheid"),
        ("twee-petten", "/wisselen", "Als wie gaat u verder?"),
        ("niemand", "/wisselen", "hebt hier geen rol"),
    ],
)
def test_each_arrives_at_a_page_of_their_own(at: LoginWorld, person: str, path: str, label: str) -> None:
    page = at.browser().log_in(person)
    assert page.url.path == path
    assert label in page.text


def test_a_representative_comes_in_for_the_associations_that_know_their_number(fresh: LoginWorld) -> None:
    club(fresh.world)
    page = fresh.browser().log_in("voorzitter")
    assert (page.url.path, "Klimaatgroep Akkoord" in page.text) == ("/mijn-vereniging", True)


def test_a_representative_of_two_chooses_one_and_may_change_over(fresh: LoginWorld) -> None:
    first, second = club(fresh.world), club(fresh.world, "Turnkring Reuzenpoort")
    browser = fresh.browser()
    page = browser.log_in("voorzitter")
    assert page.url.path == "/wisselen"
    assert browser.get("/mijn-vereniging").status_code == 303
    before = browser.cookies["loket_sessie"]
    assert browser.follow(browser.post("/wisselen", {"als": "1"})).url.path == "/mijn-vereniging"
    assert browser.cookies["loket_sessie"] != before
    assert browser.get("/wie-ben-ik").json()["verenigingen"] == [second]
    browser.post("/wisselen", {"als": "0"})
    assert browser.get("/wie-ben-ik").json()["verenigingen"] == [first]


def test_who_is_no_representative_any_more_is_out_at_once(fresh: LoginWorld) -> None:
    code = club(fresh.world)
    browser = fresh.browser()
    browser.log_in("voorzitter")
    assert browser.get("/mijn-vereniging").status_code == 200
    somebody_else = [{"insz": "41.06.27-001.92", "voornaam": "Marcel", "achternaam": "Bedacht"}]
    handle(ChangeAssociation(code, {"vertegenwoordigers": somebody_else}), SOMEBODY, fresh.world.service.register)
    assert browser.get("/mijn-vereniging").status_code == 303


def test_the_number_of_a_person_is_kept_nowhere(fresh: LoginWorld) -> None:
    club(fresh.world)
    browser = fresh.browser()
    browser.log_in("voorzitter")
    number = b"59090495830"
    assert not [path for path in fresh.world.service.data.rglob("*") if path.is_file() and number in path.read_bytes()]
    assert number.decode() not in str(browser.cookies)


def test_directed_login_asks_the_provider_for_that_capacity(at: LoginWorld) -> None:
    browser = at.browser()
    question = browser.get("/aanmelden/start?als=LB").headers["location"]
    page = browser.get(question).text
    assert ("Medewerker van Gent" in page, "Vlaamse beheerder" in page) == (True, False)


def test_who_is_in_already_goes_on(at: LoginWorld) -> None:
    browser = at.browser()
    browser.log_in("gent")
    assert browser.get("/aanmelden").headers["location"] == "/beheer"
    assert browser.get("/aanmelden?terug=/beheer/rechten").headers["location"] == "/beheer/rechten"


# --- Ways in that are none --------------------------------------------------------------------------------------------

ELSEWHERE = (
    "https://kwaad.example",
    "//kwaad.example",
    "/\\kwaad.example",
    "\\\\kwaad",
    "/ok\r\nx: y",
    "javascript:1",
    "",
)


@pytest.mark.parametrize("address", ELSEWHERE)
def test_nobody_is_sent_elsewhere(at: LoginWorld, address: str) -> None:
    assert safe_path(address) == "/"
    assert at.browser().log_in("gent", address).url.path == "/beheer"


def failing(at: LoginWorld, change: dict[str, str | None], *, cookies: bool = True) -> int:
    """Come back from the provider with something else than it sent."""
    browser = at.browser()
    back = browser.get(browser.chosen(browser.begin(), "gent")).headers["location"]
    path, _, query = back.partition("?")
    told = {**dict(part.split("=", 1) for part in query.split("&")), **change}
    if not cookies:
        browser.cookies.clear()
    answer = browser.get(path + "?" + "&".join(f"{name}={value}" for name, value in told.items() if value is not None))
    assert "loket_sessie" not in browser.cookies
    return answer.status_code


@pytest.mark.parametrize(
    "change",
    [
        {"state": "van-een-ander"},
        {"state": None},
        {"code": "verzonnen"},
        {"code": None},
        {"iss": "https%3A%2F%2Fkwaad.example"},
        {"error": "access_denied"},
        {"error": "server_error"},
    ],
)
def test_a_return_that_is_not_what_the_provider_sent_lets_nobody_in(
    at: LoginWorld, change: dict[str, str | None]
) -> None:
    assert failing(at, change) == 400


def test_a_return_in_another_browser_lets_nobody_in(at: LoginWorld) -> None:
    assert failing(at, {}, cookies=False) == 400


def test_a_code_works_once(at: LoginWorld) -> None:
    browser = at.browser()
    question = browser.begin()
    kept = dict(browser.cookies)
    back = browser.get(browser.chosen(question, "gent")).headers["location"]
    assert browser.get(back).status_code == 303
    again = at.browser()
    again.cookies.update(kept)
    assert again.get(back).status_code == 400


def test_a_login_that_took_too_long_begins_anew(at: LoginWorld) -> None:
    browser = at.browser()
    question = browser.begin()
    at.clock.move(minutes=16)
    back = browser.get(browser.chosen(question, "gent")).headers["location"]
    assert browser.get(back).status_code == 400


def test_a_cookie_that_somebody_made_up_is_nobody_s(at: LoginWorld) -> None:
    browser = at.browser()
    browser.cookies.set("loket_sessie", "a" * 64)
    assert browser.get("/beheer").status_code == 303
    browser.cookies.set("loket_aanmelden", "eyJhbGciOiJkaXIifQ..x.y.z")
    assert browser.get("/aanmelden/terug?code=x&state=y").status_code == 400


# --- The session ------------------------------------------------------------------------------------------------------


def test_the_cookie_is_for_no_script_and_no_other_site(at: LoginWorld) -> None:
    browser = at.browser()
    answer = browser.get(browser.get(browser.chosen(browser.begin(), "gent")).headers["location"])
    [cookie] = [one for one in answer.headers.get_list("set-cookie") if one.startswith("loket_sessie=")]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Max-Age" not in cookie


@pytest.mark.parametrize(("time", "still"), [({"minutes": 50}, True), ({"minutes": 61}, False)])
def test_a_session_that_lies_still_ends(at: LoginWorld, time: dict[str, float], still: bool) -> None:
    browser = at.browser()
    browser.log_in("gent")
    at.clock.move(**time)
    assert (browser.get("/beheer").status_code == 200) is still


def test_a_session_that_is_used_ends_after_ten_hours_all_the_same(at: LoginWorld) -> None:
    browser = at.browser()
    browser.log_in("gent")
    for _ in range(12):
        assert browser.get("/beheer").status_code == 200
        at.clock.move(minutes=50)
    at.clock.move(minutes=1)
    assert browser.get("/beheer").status_code == 303


def test_logging_in_again_ends_the_session_before(at: LoginWorld) -> None:
    browser = at.browser()
    browser.log_in("gent")
    before = dict(browser.cookies)
    browser.log_in("aalst")
    other = at.browser()
    other.cookies.update(before)
    assert other.get("/beheer").status_code == 303


def test_logging_out_ends_it_here_and_then_at_the_provider(at: LoginWorld) -> None:
    browser = at.browser()
    browser.log_in("gent")
    kept = dict(browser.cookies)
    answer = browser.post("/afmelden")
    onward = answer.headers["refresh"].removeprefix("0; url=")
    assert onward.startswith(f"http://loket.test{AT}/logout?client_id=loket")
    assert browser.follow(browser.get(onward)).url.path == "/afgemeld"
    other = at.browser()
    other.cookies.update(kept)
    assert other.get("/beheer").status_code == 303


def test_a_form_elsewhere_logs_nobody_out(at: LoginWorld) -> None:
    browser = at.browser()
    browser.log_in("gent")
    for path, form in (("/afmelden", {}), ("/wisselen", {"als": "anders"})):
        assert browser.post(path, form, **{"sec-fetch-site": "cross-site"}).status_code == 403
    assert browser.get("/beheer").status_code == 200


def test_another_capacity_goes_by_way_of_the_provider(at: LoginWorld) -> None:
    browser = at.browser()
    browser.log_in("gent")
    onward = browser.post("/wisselen", {"als": "anders"}).headers["refresh"].removeprefix("0; url=")
    assert "logout?switch&client_id=loket" in onward
    assert browser.get("/beheer").status_code == 303
    assert browser.follow(browser.get(onward)).url.path == f"{AT}/auth"


@pytest.mark.parametrize("wanted", ["2", "-1", "x", "", "٣"])
def test_a_capacity_that_is_not_theirs_cannot_be_chosen(at: LoginWorld, wanted: str) -> None:
    browser = at.browser()
    browser.log_in("twee-petten")
    assert browser.post("/wisselen", {"als": wanted}).headers["location"].startswith("/wisselen")
    assert browser.get("/beheer").status_code == 303


def test_the_chair_of_the_demonstration_is_in_its_lists() -> None:
    lists = "".join(path.read_text(encoding="utf-8-sig") for path in (ROOT / "fixtures" / "verenigingen").glob("*.csv"))
    [row] = [row for row in lists.splitlines() if INSZ in row]
    assert row.startswith("Klimaatgroep Akkoord;")
    assert row.endswith(";ja")
