"""An administration chooses u or je, reads a proposal over, and its pages speak so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from app.model.languages import FORMAL, INFORMAL
from tests.products.test_speaking import saying_u
from tests.web.conftest import asking
from tests.web.test_product_desk import Clerk, made
from tests.web.world import open_world

GUIDELINES = "/beheer/richtlijnen"


@pytest.fixture(scope="module")
def clerk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clerk]:
    for world in open_world(Path(tmp_path_factory.mktemp("spreken"))):
        yield Clerk(world, asking(world), "Gent")


@pytest.fixture(scope="module")
def code(clerk: Clerk) -> str:
    return made(clerk, saying_u())


def test_from_u_to_je(clerk: Clerk, code: str) -> None:
    here = f"/beheer/producten/{code}/aanspreekvorm"
    assert clerk.send(GUIDELINES, [("vorm", INFORMAL), ("contact", "dienst")]).status_code == 303
    assert here in clerk.get(GUIDELINES).text
    html = clerk.get(here).text
    assert "<mark>Hebt u</mark>" in html and "<mark>Heb je</mark>" in html
    assert "Uw subsidie" in clerk.get(f"/doc/product/{code}").text
    fields = [("versie", "2"), ("vorm", INFORMAL), *clerk.fields(html), ("besluit", "bewaren")]
    marked = [(f"opgemaakt {name[6:]}", "1") for name, _ in fields if name.endswith("beschrijving")]
    answer = clerk.send(here, [*fields, *marked])
    assert answer.status_code == 303, unescape(answer.text)
    page = clerk.get(f"/doc/product/{code}").text
    assert "Heb je vragen?" in page and "Hebt u" not in page and "Uw subsidie" not in page
    assert clerk.document(code)["beschrijving"] == {
        FORMAL: "<p>Hebt u vragen? Bel ons.</p>",
        INFORMAL: "<p>Heb je vragen? Bel ons.</p>",
    }
    assert "Alle producten volgen de gekozen vorm." in clerk.get(GUIDELINES).text
    assert "al nagelezen" in clerk.get(here).text
    assert "Je subsidie" in clerk.get("/aanbod").text


def test_editing_keeps_the_other_form_of_what_did_not_change(clerk: Clerk, code: str) -> None:
    fields = clerk.fields(clerk.get(f"/beheer/producten/{code}").text)
    changed = [(name, "Je toelage" if name == "naam" else value) for name, value in fields]
    assert clerk.send(f"/beheer/producten/{code}", [*changed, ("besluit", "bekendmaken")]).status_code == 303
    document = clerk.document(code)
    assert document["naam"] == {INFORMAL: "Je toelage"}
    assert set(document["beschrijving"]) == {FORMAL, INFORMAL}


@pytest.mark.parametrize("fields", [[("vorm", "jij")], [("contact", "iedereen")]])
def test_an_odd_choice_is_refused(clerk: Clerk, fields: list[tuple[str, str]]) -> None:
    assert clerk.send(GUIDELINES, fields).status_code == 400


def test_an_odd_form_is_refused_and_what_lacks_is_named(clerk: Clerk) -> None:
    code = made(clerk, saying_u())
    here = f"/beheer/producten/{code}/aanspreekvorm"
    assert clerk.send(here, [("versie", "1"), ("vorm", "nl")]).status_code == 400
    answer = clerk.send(here, [("versie", "1"), ("vorm", INFORMAL), ("tekst naam", "Je subsidie")])
    assert answer.status_code == 400 and "procedures[0].naam" in answer.text
    assert clerk.send(here, [("versie", "9"), ("vorm", INFORMAL)]).status_code == 409


FORMAL_WORDS, INFORMAL_WORDS = re.compile(r"\b([Uu]|[Uu]w|uzelf)\b"), re.compile(r"\b([Jj]e|[Jj]ouw|jezelf)\b")


@pytest.mark.parametrize(("form", "others"), [("nl-be-x-informal", FORMAL_WORDS), ("nl-be-x-formal", INFORMAL_WORDS)])
def test_the_whole_page_of_a_product_speaks_in_its_form(clerk: Clerk, form: str, others: re.Pattern[str]) -> None:
    asked = {"naam": {form: "Erkend"}, "beschrijving": {form: "<p>Door de stad.</p>"},
             "criteria": [{"soort": "erkend-door", "waarden": ["Stad Gent"]}]}  # fmt: skip
    texts = {"naam": {form: "Zaal"}, "beschrijving": {form: "<p>Een zaal.</p>"}}
    code = made(clerk, {**texts, "voorwaarden": [asked], "doelgroepen": ["Vereniging"]})
    for path in (f"/doc/product/{code}", f"/aanbod/{code}/fout", f"/aanbod/{code}/bedankt"):
        html = clerk.ask(path, accept="text/html").text
        main = re.sub(r"<[^>]+>", " ", html.partition("<main")[2].partition("</main>")[0])
        assert others.findall(main) == [], path
