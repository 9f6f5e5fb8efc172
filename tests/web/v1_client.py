"""A client of the register's admin API, as one that was written for the real register."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from app.register.agents import Agent
from app.web.app import create_app
from tests.web.people import municipality, with_token
from tests.web.world import World, open_world

Json = dict[str, Any]
GENT = municipality("Gent")
START = "/v1/verenigingen"


@dataclass(frozen=True)
class Client:
    """Sends JSON in the name of somebody; without an agent, of nobody."""

    world: World
    app: ASGIApp

    def __call__(
        self, method: str, path: str, body: Any = None, agent: Agent | None = GENT, **headers: str
    ) -> httpx.Response:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent |= with_token(agent) if agent else {}
        content = body if isinstance(body, bytes) or body is None else httpx.Request("POST", "/", json=body).content

        async def go() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url=self.world.service.base) as client:
                json = {"content-type": "application/json"} if content else {}
                return await client.request(method, path, headers={**json, **sent}, content=content)

        return asyncio.run(go())

    def detail(self, code: str, agent: Agent = GENT, **headers: str) -> Json:
        """The association as this agent reads it."""
        answer = self("GET", f"{START}/{code}", agent=agent, vr_api_version="v2", **headers)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()["vereniging"]
        return found

    def events(self, code: str) -> list[str]:
        """The names of what happened."""
        answer = self("GET", f"{START}/{code}/historiek")
        assert answer.status_code == 200, answer.text
        return [event["gebeurtenis"] for event in answer.json()["gebeurtenissen"]]

    def registered(self, **changes: Any) -> str:
        """A new association; its V-code, cut from the Location as clients do."""
        answer = self("POST", f"{START}/vzer", {**small(), **changes})
        assert answer.status_code == 202, answer.text
        return answer.headers["location"].rpartition("/")[2]


def small() -> Json:
    """The least that a client sends."""
    return {"naam": "Buurtcomité De Verzonnen Linde"}


def location(street: str = "Verzonnenstraat", number: str = "12", **changes: Any) -> Json:
    address = {"straatnaam": street, "huisnummer": number, "postcode": "9000", "gemeente": "Gent", "land": "België"}
    return {"locatietype": "Activiteiten", "isPrimair": True, "naam": "Zaal", "adres": address, **changes}


INSZ, IBAN = "85010100115", "BE68539007547034"


def full() -> Json:
    """All that a client can send with a registration."""
    return {
        "naam": "Kantclub Het Verzonnen Klosje",
        "korteNaam": "HVK",
        "korteBeschrijving": "Wij klossen kant.",
        "startdatum": "2001-05-01",
        "doelgroep": {"minimumleeftijd": 12, "maximumleeftijd": 99},
        "isUitgeschrevenUitPubliekeDatastroom": False,
        "contactgegevens": [
            {"contactgegeventype": "E-mail", "waarde": "info@klosje.example", "beschrijving": "Algemeen",
             "isPrimair": True},
            {"contactgegeventype": "Website", "waarde": "https://klosje.example", "isPrimair": False},
        ],
        "locaties": [location()],
        "vertegenwoordigers": [
            {"insz": INSZ, "voornaam": "Godelieve", "achternaam": "Verzonnen", "roepnaam": "Lieve", "rol": "Voorzitter",
             "isPrimair": True, "e-mail": "lieve@thuis.example", "telefoon": "09 210 10 10", "mobiel": "0470 12 34 56",
             "socialMedia": "https://social.example/@lieve"},
        ],
        "hoofdactiviteitenVerenigingsloket": ["KECU"],
        "werkingsgebieden": ["BE23444021"],
        "bankrekeningnummers": [{"iban": IBAN, "doel": "Lidgeld", "titularissen": ["Godelieve Verzonnen", "HVK"]}],
    }  # fmt: skip


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    for world in open_world(tmp_path_factory.mktemp("admin")):
        yield Client(world, create_app(world.service))
