"""Locations by the identifier of their address alone, with the address register connected and without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.exchange.stubs.magda import StubAnswer
from app.web.app import create_app
from tests.exchange.neighbours import SEAT, Outside
from tests.web.v1_client import START, Client, Json
from tests.web.world import open_world


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    for world in open_world(tmp_path_factory.mktemp("addresses")):
        yield Client(world, create_app(replace(world.service, addresses=Outside().to_addresses())))


def kerkstraat() -> str:
    """The identifier of a known address."""
    [match] = Outside().to_addresses().match({
        "straatnaam": SEAT.street, "huisnummer": SEAT.number, "postcode": SEAT.postcode, "gemeente": SEAT.municipality,
    }).exact  # fmt: skip
    return match.iri


def by_identifier(iri: str) -> Json:
    return {"locatietype": "Activiteiten", "adresId": {"broncode": "AR", "bronwaarde": iri}}


def test_the_address_register_fills_in_the_address(client: Client) -> None:
    code = client.registered(naam="Verzonnen Kring", locaties=[by_identifier(kerkstraat())])
    [place] = client.detail(code)["locaties"]
    assert (place["adresvoorstelling"], place["adresId"]["bronwaarde"]) == (
        "Kerkstraat 1, 9000 Gent, België",
        kerkstraat(),
    )
    moved = {**by_identifier(kerkstraat()), "locatietype": "Correspondentie"}
    assert client("POST", f"{START}/{code}/locaties", {"locatie": moved}).status_code == 202


UNUSABLE = [
    ("https://data.vlaanderen.be/id/adres/1", "niet gekend"),
    ("https://data.vlaanderen.be/id/adres/../adresmatch", "niet gekend"),
    ("https://elders.example/1", "niet gekend"),
]


@pytest.mark.parametrize("iri, sentence", UNUSABLE)
def test_what_is_no_address_is_refused_beside_its_identifier(client: Client, iri: str, sentence: str) -> None:
    answer = client("POST", f"{START}/vzer", {"naam": "Kring", "locaties": [by_identifier(iri)]})
    assert answer.status_code == 400
    [problem] = answer.json()["problems"]
    assert problem["path"] == "locaties[0].adresId.bronwaarde" and sentence in problem["message"]


ANSWERS = [
    (StubAnswer(410), 400, "verwijderd"),
    (StubAnswer(body=b'{"adresStatus": "gehistoreerd"}'), 400, "niet meer actief"),
    (StubAnswer(body=b'{"adresStatus": "inGebruik"}'), 503, ""),
    (StubAnswer(body=b"stuk"), 503, ""),
    (StubAnswer(500), 503, ""),
]


@pytest.mark.parametrize("stub, status, sentence", ANSWERS)
def test_what_the_register_answers_is_told(client: Client, stub: StubAnswer, status: int, sentence: str) -> None:
    register = Outside(addresses=lambda method, path, body: stub).to_addresses()
    other = Client(client.world, create_app(replace(client.world.service, addresses=register)))
    before = client.world.service.log.head()
    answer = other("POST", f"{START}/vzer", {"naam": "Kring", "locaties": [by_identifier(kerkstraat())]})
    assert answer.status_code == status and sentence in answer.json()["detail"]
    assert client.world.service.log.head() == before


def test_without_the_address_register_the_address_is_asked_for(client: Client) -> None:
    alone = Client(client.world, create_app(client.world.service))
    answer = alone("POST", f"{START}/vzer", {"naam": "Kring", "locaties": [by_identifier(kerkstraat())]})
    assert answer.status_code == 400 and "Geef ook het adres" in answer.json()["detail"]
