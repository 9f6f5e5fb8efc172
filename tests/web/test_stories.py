"""The stories of the cookbook for municipalities, walked in a browser on the demonstration, without scripts too.

Beside them, the examples of `/ontwikkelaars` as they stand on the page, and the query editor under its policy.
"""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from tests.running import PATIENCE, Server

CHROMIUM = Path("/usr/bin/chromium")
BROWSER_PATIENCE = 120_000
LDES_CLIENT = Path(__file__).parents[2] / ".ci" / "ldes-client" / "node_modules"
STORY = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
LIST = "Naam vereniging;Straat;Nr;Postcode;Gemeente;E-mail\nLeesclub {0};Kouter;1;9000;Gent;geen adres\n"


@dataclass
class Reader:
    """Somebody in front of a browser; what the browser complained of is in `complaints`."""

    browser: Browser
    address: str
    complaints: list[str] = field(default_factory=list)

    def page(self, person: str = "", scripts: bool = True) -> Page:
        """A new window, logged in as this person of the demonstration."""
        context = self.browser.new_context(java_script_enabled=scripts, base_url=self.address)
        page = context.new_page()
        page.set_default_timeout(BROWSER_PATIENCE)
        page.on("console", lambda said: self.complaints.append(said.text) if "Security Policy" in said.text else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda asked: self._note(asked.url))
        if person:
            page.goto("/aanmelden/start?terug=/")
            page.locator(f'a[href*="/als/{person}?"]').click()
            if urlsplit(page.url).path == "/wisselen":
                page.get_by_role("button", name="Kiezen").first.click()
        return page

    def _note(self, url: str) -> None:
        if not url.startswith((self.address, "data:", "about:", "blob:")):
            self.complaints.append(f"asked {url}")


@pytest.fixture(scope="module")
def address(demo: Server) -> str:
    return demo.address


@pytest.fixture(scope="module")
def reader(address: str) -> Iterator[Reader]:
    if not CHROMIUM.exists() and not os.environ.get("CI"):
        pytest.skip("Chromium of Debian is not installed")
    with sync_playwright() as play:
        arguments = ["--no-sandbox", "--disable-background-networking"]
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=arguments)
        yield Reader(browser, address)
        browser.close()


@pytest.fixture(autouse=True)
def nothing_to_complain_of(request: pytest.FixtureRequest) -> Iterator[None]:
    """No page asks anybody else, runs what its policy forbids, or breaks."""
    yield
    if "reader" in request.fixturenames:
        reader: Reader = request.getfixturevalue("reader")
        complaints = reader.complaints.copy()
        reader.complaints.clear()
        assert complaints == []


@STORY
def test_a_chair_finds_the_subsidy_for_the_climate_and_starts_the_application(reader: Reader, scripts: bool) -> None:
    page = reader.page("voorzitter", scripts)
    page.goto("/aanbod")
    page.locator("#gemeente").select_option("44021")
    page.get_by_role("button", name="Zoeken").click()
    page.get_by_role("link", name=re.compile("^Klimaat & Duurzaamheid")).first.click()
    assert "gemeente=44021" in page.url
    page.get_by_role("link", name="Subsidie voor klimaatvriendelijke verenigingen").click()
    page.get_by_role("link", name="Vraag aan").click()
    expect(page.get_by_role("heading", name="Wat u deelt, en met wie")).to_be_visible()
    page.get_by_role("button", name="Akkoord, begin de aanvraag").click()
    expect(page.get_by_role("button", name=re.compile("^Indienen bij"))).to_be_visible()
    page.goto("/mijn-vereniging/aanvragen")
    expect(page.get_by_role("link", name="Subsidie voor klimaatvriendelijke verenigingen").first).to_be_visible()


@STORY
def test_a_founder_is_told_of_a_possible_double_and_an_officer_sees_the_new_club_and_writes(
    reader: Reader, scripts: bool
) -> None:
    name = "Klimaatgroep Akoord" if scripts else "KlimaatgroepAkkoordt"
    founder = reader.page("oprichter", scripts)
    founder.goto("/mijn-vereniging/nieuw")
    for path, text in (
        ("naam", name), ("locaties[0].adres.straatnaam", "Kouter"), ("locaties[0].adres.huisnummer", "1"),
        ("locaties[0].adres.postcode", "9000"), ("locaties[0].adres.gemeente", "Gent"),
        ("contactgegevens[0].email", "info@akoord.example"), ("vertegenwoordigers[0].voornaam", "Odette"),
        ("vertegenwoordigers[0].achternaam", "Oprichtster"), ("vertegenwoordigers[0].insz", "91.04.12-117.07"),
    ):  # fmt: skip
        founder.locator(f'[name="{path}"]').fill(text)
    founder.get_by_role("button", name="Registreren", exact=True).click()
    expect(founder.get_by_role("heading", name="Staat uw vereniging al in het register?")).to_be_visible()
    expect(founder.locator("mark").first).to_be_visible()
    for box in founder.get_by_label("Het is een andere vereniging").all():
        box.check()
    founder.get_by_role("button", name="Het is een andere: registreren").click()
    expect(founder.get_by_text("Uw vereniging staat in het register.")).to_be_visible()

    officer = reader.page("gent", scripts)
    officer.get_by_role("link", name="Nieuwe en gewijzigde verenigingen").click()
    officer.get_by_role("link", name=f"Schrijven aan {name}").click()
    for label, text in (("Onderwerp", "Welkom"), ("Bericht", "Kom eens langs."), ("Antwoord naar", "j@gent.example")):
        officer.get_by_label(label).fill(text)
    officer.get_by_role("button", name="Versturen").click()
    expect(officer.get_by_text("Uw bericht is onderweg.")).to_be_visible()
    assert "info@akoord.example" not in officer.content(), "written without seeing where it goes"


@STORY
def test_a_product_owner_answers_feedback(reader: Reader, scripts: bool) -> None:
    text = f"Waar vraag ik dit aan, {'met' if scripts else 'zonder'}?"
    visitor = reader.page("", scripts)
    visitor.goto("/aanbod?gemeente=44021")
    visitor.locator("main .results a").first.click()
    visitor.get_by_label("Nee", exact=True).check()
    visitor.get_by_label(re.compile("^Wat kan beter")).fill(text)
    visitor.get_by_role("button", name="Versturen").click()

    owner = reader.page("gent", scripts)
    owner.get_by_role("link", name=re.compile("^Terugkoppeling")).first.click()
    for link in [
        each.get_attribute("href") or "" for each in owner.locator('a[href*="/beheer/terugkoppeling/"]').all()
    ]:
        owner.goto(link)
        if owner.get_by_text(text).count():
            break
    expect(owner.get_by_text(text)).to_be_visible()
    owner.get_by_label("Toestand").select_option("beantwoord")
    owner.get_by_label(re.compile("^Antwoord")).fill("De knop staat nu bovenaan.")
    owner.get_by_role("button", name="Bewaren").click()
    expect(owner.locator(".badges").get_by_text("beantwoord")).to_be_visible()


@STORY
def test_a_clerk_brings_in_a_list_corrects_it_and_takes_the_result_along(reader: Reader, scripts: bool) -> None:
    page = reader.page("gent", scripts)
    page.get_by_role("link", name="Lijst inlezen").first.click()
    content = LIST.format("De Bladwijzer" if scripts else "Het Ezelsoor").encode()
    page.get_by_label(re.compile("^Bestand")).set_input_files(
        {"name": "l.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Nakijken").click()
    _wait_for_work(page, "Dit zou er gebeuren")
    expect(page.get_by_text("geldig e-mailadres")).to_be_visible()
    page.get_by_label("E-mail", exact=True).fill("info@leesclub.example")
    page.get_by_role("button", name="Verbeteringen bewaren en opnieuw nakijken").click()
    _wait_for_work(page, "Geen enkele rij vraagt aandacht.")
    page.get_by_role("button", name="Nu inlezen").click()
    _wait_for_work(page, "Dit is er gebeurd")
    expect(page.locator(".figures").get_by_text("geregistreerd")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Werkboek met het resultaat").click()
    assert download.value.suggested_filename == "l-resultaat.xlsx"


def _wait_for_work(page: Page, words: str) -> None:
    """Looks again until it is done: the script of the page does so too, without one there is a link."""
    for _ in range(200):
        if page.get_by_text(words).count():
            return
        page.wait_for_timeout(300)
        with suppress(Error):  # the script of the page is looking again itself
            page.goto(page.url)
    raise AssertionError(words)


def test_the_query_editor_answers_under_a_policy_without_inline_style(reader: Reader) -> None:
    page = reader.page()
    answer = page.goto("/sparql")
    assert answer is not None and "unsafe-inline" not in answer.headers["content-security-policy"]
    page.locator("[data-query]").first.click()
    expect(page.locator("#antwoord tbody tr").first).to_be_visible()
    documented = page.goto("/openapi")
    assert documented is not None and "unsafe-inline" not in documented.headers["content-security-policy"]
    expect(page.locator(".opblock").first).to_be_visible()


def test_a_public_page_shows_who_is_logged_in_and_asks_nothing_for_anybody_else(reader: Reader) -> None:
    page, asked = reader.page(), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/aanbod")
    expect(page.locator(".account").get_by_role("link", name="Aanmelden")).to_be_visible()
    assert not [url for url in asked if "wie-ben-ik" in url]
    page.goto("/aanmelden?terug=/aanbod")
    page.goto("/aanmelden/start?terug=/aanbod")
    page.locator('a[href*="/als/gent?"]').click()
    expect(page.locator(".account").get_by_role("link", name="Gemeente Gent")).to_have_attribute("href", "/beheer")
    page.locator(".account").get_by_role("link", name="Afmelden").click()
    page.get_by_role("button", name="Afmelden").click()
    page.goto("/aanbod")
    expect(page.locator(".account").get_by_role("link", name="Aanmelden")).to_be_visible()
    assert page.evaluate("localStorage.length") == 0


def test_the_header_of_the_government_is_told_who_is_logged_in(reader: Reader) -> None:
    page = reader.page("gent")
    page.goto("/beheer")
    told = page.evaluate(
        """() => new Promise(told => {
             window.globalHeaderClient = {accessMenu: {setProfile: told}};
             window.dispatchEvent(new Event("widget.global_header.mounted")); })"""
    )
    assert told["active"] is True and told["idpData"]["user"]["name"] == "Gemeente Gent"
    assert (told["logoutUrl"], told["switchCapacityUrl"]) == ("/afmelden", "/wisselen?terug=%2Fbeheer")


# --- For developers ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def examples(address: str) -> dict[str, str]:
    """The examples of the page, by name, as somebody copies them."""
    page = httpx.get(f"{address}/ontwikkelaars", timeout=PATIENCE).text
    found = re.findall(r'<code data-voorbeeld="([^"]+)"[^>]*>(.*?)</code>', page, re.DOTALL)
    return {name: html.unescape(text) for name, text in found}


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_examples_of_the_page_are_these(examples: dict[str, str]) -> None:
    assert set(examples) == {"curl", "csv", "python", "ldes", "power-query-odata", "power-query-csv"}


def test_the_examples_with_curl_run(examples: dict[str, str]) -> None:
    assert "fv:Vereniging" in run("bash", "-c", examples["curl"])
    assert run("bash", "-c", examples["csv"]).count("\n") == 5


def test_the_example_in_python_runs(examples: dict[str, str]) -> None:
    lines = run(sys.executable, "-c", examples["python"]).splitlines()
    assert len(lines) == 5 and all(re.match(r"V\d{7} \S", line) for line in lines)


def test_the_example_with_ldes_client_runs(examples: dict[str, str], tmp_path: Path) -> None:
    if not LDES_CLIENT.exists() and not os.environ.get("CI"):
        pytest.skip("the npm package ldes-client is not installed")
    (tmp_path / "node_modules").symlink_to(LDES_CLIENT)
    run("bash", "-c", f"cd {tmp_path} && {examples['ldes']}")


def test_what_the_examples_in_power_query_ask_answers_as_power_query_reads_it(examples: dict[str, str]) -> None:
    [root] = re.findall(r'OData\.Feed\("([^"]+)"', examples["power-query-odata"])
    [table] = re.findall(r'\[Name = "([^"]+)"', examples["power-query-odata"])
    headers = {"accept": "application/json;odata.metadata=minimal", "odata-maxversion": "4.0"}
    service = httpx.get(root, headers=headers, timeout=PATIENCE)
    assert service.headers["odata-version"].startswith("4.")
    assert table in [one["name"] for one in service.json()["value"]]
    assert httpx.get(f"{root}/{table}?$top=3", headers=headers, timeout=PATIENCE).json()["value"]
    assert "edmx:Edmx" in httpx.get(f"{root}/$metadata", timeout=PATIENCE).text
    [address] = re.findall(r'Web\.Contents\("([^"]+)"', examples["power-query-csv"])
    listed = httpx.get(address, timeout=PATIENCE)
    assert listed.headers["content-type"] == "text/csv; charset=utf-8"
    header, first, *_ = listed.text.splitlines()
    assert header.count(";") == first.count(";") > 3
