"""Readers say what they think of a product's page, without cookie or script; its owner reads and answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from starlette.requests import Request

from app.errors import TooMany
from app.register.commands import Create
from app.register.handle import handle
from app.store.feedback import Asked, list_feedback, tallies
from app.web.edge.gate import Gate
from app.web.products.feedback_pages import MOST, TRAP, WITHIN
from tests.products.builders import minimal
from tests.register.builders import NOON
from tests.web.conftest import Ask, asking
from tests.web.people import as_municipality, as_representative, municipality
from tests.web.test_product_desk import Clerk
from tests.web.world import World, open_world

DESK = "/beheer/terugkoppeling"


@dataclass
class Place:
    world: World
    ask: Ask
    code: str

    def send(self, path: str, who: dict[str, str] | None = None, **fields: str) -> httpx.Response:
        body = urlencode(fields).encode()
        form = "application/x-www-form-urlencoded"
        return self.ask(path, "POST", body, content_type=form, accept="text/html", **(who or {}))

    def get(self, path: str, who: dict[str, str] | None = None) -> httpx.Response:
        return self.ask(path, accept="text/html", **(who or {}))


def client(address: str) -> Request:
    return Request({"type": "http", "client": (address, 1), "headers": []})


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    for world in open_world(tmp_path):
        code = handle(Create("product", minimal()), municipality("Gent"), world.service.register).code
        yield Place(world, asking(world), code)


def test_the_page_of_a_product_asks_whether_it_was_clear(place: Place) -> None:
    html = place.get(f"/doc/product/{place.code}").text
    assert "Was deze pagina duidelijk?" in html
    assert f'href="/aanbod/{place.code}/fout"' in html
    assert "set-cookie" not in place.get(f"/aanbod/{place.code}/fout").headers


def test_a_reader_says_no_and_why_and_the_owner_answers(place: Place) -> None:
    answer = place.send(f"/aanbod/{place.code}/terugkoppeling", duidelijk="nee", tekst="Waar vraag ik dit aan?")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/aanbod/{place.code}/bedankt")
    assert "Bedankt" in place.get(answer.headers["location"]).text
    clerk = as_municipality("Gent")
    listed = place.get(DESK, clerk).text
    assert "Werkingssubsidie" in listed and "Waar vraag ik" not in listed
    [waiting] = list_feedback(place.world.service.log.database, Asked(None), 10)
    page = place.get(f"{DESK}/{waiting.id}", clerk).text
    assert "Waar vraag ik dit aan?" in page and f'href="/beheer/producten/{place.code}"' in page
    sent = place.send(f"{DESK}/{waiting.id}", clerk, toestand="beantwoord", antwoord="Staat er nu.")
    assert sent.status_code == 303
    assert "Er is hier niets te doen." in place.get(DESK, clerk).text
    assert "Staat er nu." in place.get(f"{DESK}/{waiting.id}", clerk).text
    assert f"{waiting.id}" in place.get(f"{DESK}?toestand=beantwoord&product={place.code}", clerk).text


def test_what_is_wrong_comes_back_with_what_was_written(place: Place) -> None:
    answer = place.send(f"/aanbod/{place.code}/terugkoppeling", tekst="Half ingevuld")
    assert answer.status_code == 400
    assert "Kies of de pagina duidelijk was." in answer.text and "Half ingevuld" in answer.text
    assert place.send(f"/aanbod/{place.code}/fout", tekst=" ").status_code == 400
    assert place.send("/aanbod/P0009999/fout", tekst="x").status_code == 404


def test_a_program_that_fills_every_field_is_thanked_and_not_kept(place: Place) -> None:
    trapped = {TRAP: "http://spam.example"}
    answer = place.send(f"/aanbod/{place.code}/terugkoppeling", None, duidelijk="nee", tekst="Koop nu", **trapped)
    assert answer.status_code == 303
    assert tallies(place.world.service.log.database, None) == []


def test_one_client_says_only_so_much(place: Place) -> None:
    gate = Gate(place.world.service.log.blind, lambda: NOON, MOST, WITHIN)
    for _ in range(MOST):
        gate.pass_by(client("192.0.2.7"))
    with pytest.raises(TooMany) as caught:
        gate.pass_by(client("192.0.2.7"))
    assert caught.value.retry_after == 3601
    gate.pass_by(client("192.0.2.8"))
    for last in range(MOST):
        gate.pass_by(client(f"2001:db8:1:2::{last:x}"))
    with pytest.raises(TooMany):
        gate.pass_by(client("2001:db8:1:2:3:4:5:6"))
    assert "192.0.2" not in repr(vars(gate))


def test_the_contact_centre_reports_as_a_colleague(place: Place) -> None:
    clerk = as_municipality("Aalst")
    assert "Gemeente Aalst" in place.get(f"/aanbod/{place.code}/fout", clerk).text
    assert place.send(f"/aanbod/{place.code}/fout", clerk, tekst="Het telefoonnummer klopt niet.").status_code == 303
    [waiting] = list_feedback(place.world.service.log.database, Asked(None), 10)
    assert waiting.source == "medewerker"
    assert place.get(f"{DESK}/{waiting.id}", clerk).status_code == 403


def test_only_an_administration_comes_in(place: Place) -> None:
    assert place.ask(DESK, accept="application/json").status_code == 401
    assert place.get(DESK, as_representative("V0001001")).status_code == 403
    assert place.get(f"{DESK}/bestaat-niet", as_municipality("Gent")).status_code == 404


def test_what_was_said_goes_out_as_conversations(place: Place) -> None:
    place.send(f"/aanbod/{place.code}/terugkoppeling", duidelijk="nee", tekst="Waar?")
    place.send(f"/aanbod/{place.code}/terugkoppeling", duidelijk="nee")
    answer = place.ask(f"{DESK}.jsonld", accept="application/ld+json", **as_municipality("Gent"))
    waits, silent = sorted(answer.json()["@graph"], key=lambda each: -len(each["hasPart"]))
    assert (waits["@type"], [part["text"] for part in waits["hasPart"]]) == ("Conversation", ["Waar?"])
    assert silent["hasPart"] == [] and waits["about"]["@id"].endswith(place.code)
    assert place.ask(f"{DESK}.jsonld", **as_municipality("Aalst")).json()["@graph"] == []
    assert place.ask(f"{DESK}.jsonld", accept="application/json").status_code == 401


def test_who_is_writing_is_not_disturbed_by_what_readers_say(place: Place) -> None:
    clerk = Clerk(place.world, place.ask, "Gent")
    fields = clerk.fields(clerk.get(f"/beheer/producten/{place.code}").text)
    place.send(f"/aanbod/{place.code}/terugkoppeling", duidelijk="nee")
    changed = [(name, "Anders" if name == "naam" else value) for name, value in fields]
    assert clerk.send(f"/beheer/producten/{place.code}", [*changed, ("besluit", "bekendmaken")]).status_code == 303
    document = clerk.document(place.code)
    assert (document["naam"], document["feedbackBeschikbaar"]) == ({"nl": "Anders"}, True)
    assert clerk.send(f"/beheer/producten/{place.code}", [*fields, ("besluit", "bekendmaken")]).status_code == 409
