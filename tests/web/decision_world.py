"""A few decisions and a session, invented, for the tests of pages and queries about them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from urllib.parse import urlencode

import httpx

from app.model.fields import Document
from app.register.agents import SYSTEM, Agent
from app.register.commands import Archive, Create
from app.register.handle import handle
from app.web.app import create_app
from tests.web.world import World

GHENT, AALTER = "http://vocab.belgif.be/auth/refnis2025/44021", "http://vocab.belgif.be/auth/refnis2025/44084"
SUBSIDY = "https://data.vlaanderen.be/id/concept/BesluitType/d7060f97-c417-474c-abc6-ef006cb61f41"
READER = Agent("http://loket.test", "Oogst", SYSTEM)
HARMONY = "http://loket.test/id/vereniging/V0001001"
ITEM = "http://loket.test/id/zitting/Z0000001#agendapunt-1"
SESSION = "http://loket.test/id/zitting/Z0000001"

Send = Callable[..., httpx.Response]


def sending(world: World) -> Send:
    """Ask for a page as somebody, or send a form."""
    app = create_app(world.service)

    def send(path: str, who: dict[str, str], **form: str) -> httpx.Response:
        async def go() -> httpx.Response:
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url=world.service.base) as client:
                headers = {"accept": "text/html", **who}
                if not form:
                    return await client.get(path, headers=headers)
                headers["content-type"] = "application/x-www-form-urlencoded"
                return await client.post(path, headers=headers, content=urlencode(form))

        return asyncio.run(go())

    return send


def fill_decisions(world: World) -> None:
    """Three decisions of two municipalities, one of them taken away, and a session with a vote."""
    register = world.service.register
    first = {
        "code": "B0000001", "naam": "Erkenning van Chiro Élan", "soorten": [SUBSIDY], "gemeente": GHENT,
        "zittingsdatum": "2026-03-23", "gaatOver": [HARMONY], "motivering": "Voldoet <b>zeker</b>.",
        "orgaan": {"@id": "http://loket.test/id/besluit/B0000001#orgaan", "naam": "Gemeenteraad Gent"},
        "artikelen": [{"@id": "http://loket.test/id/besluit/B0000001#artikel-1", "nummer": "Artikel 1",
                       "inhoud": "Chiro Élan wordt erkend.", "volgorde": 1}],
        "behandeling": "http://loket.test/id/zitting/Z0000001#behandeling-1",
    }  # fmt: skip
    second = {
        "code": "B0000002",
        "naam": "Verkeersreglement",
        "gemeente": AALTER,
        "zittingsdatum": "2026-02-01",
        "niveau": 1,
    }
    session = {
        "code": "Z0000001", "geplandeStart": "2026-03-23T20:00:00+01:00", "gemeente": GHENT,
        "orgaan": {"@id": f"{SESSION}#orgaan", "naam": "Gemeenteraad Gent"},
        "agendapunten": [{"@id": ITEM, "naam": "Erkenning", "volgorde": 1}],
        "behandelingen": [{"@id": "http://loket.test/id/zitting/Z0000001#behandeling-1", "agendapunt": ITEM,
                           "besluiten": ["http://loket.test/id/besluit/B0000001"], "volgorde": 1,
                           "stemmingen": [{"@id": f"{SESSION}#stemming-1", "aantalVoorstanders": 20,
                                           "aantalTegenstanders": 3, "aantalOnthouders": 0}]}],
    }  # fmt: skip
    documents: list[tuple[str, str, Document]] = [
        ("besluit", "B0000001", first), ("besluit", "B0000002", second), ("zitting", "Z0000001", session)
    ]  # fmt: skip
    for kind, code, document in documents:
        document["ondertekendOp"] = "2026-03-24"
        handle(Create(kind, document, code), READER, register)
    third = {"code": "B0000003", "naam": "Ingetrokken", "ondertekendOp": "2026-03-24"}
    handle(Create("besluit", third, "B0000003"), READER, register)
    handle(Archive("besluit", "B0000003"), READER, register)
    world.follow()
