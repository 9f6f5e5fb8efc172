"""One small service for all tests that only read, and a way to ask it something."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from app.web.app import create_app
from tests.web.world import World, harmony, open_world

Ask = Callable[..., httpx.Response]
HARMONY, STOPPED, REMOVED, HIDDEN, PLAIN = "V0001001", "V0001002", "V0001003", "V0001004", "V0001005"


def asking(world: World) -> Ask:
    """Ask the whole application in process; no header is sent that the test does not name."""
    app = create_app(world.service)

    def ask(path: str, method: str = "GET", content: bytes = b"", **headers: str) -> httpx.Response:
        async def go() -> httpx.Response:
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url=world.service.base) as client:
                client.headers.clear()
                named = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
                return await client.request(method, path, content=content, headers=named)

        return asyncio.run(go())

    return ask


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Five associations: a full one in two versions, a stopped, a removed, a hidden and a plain one."""
    for made in open_world(tmp_path_factory.mktemp("world")):
        fill(made)
        yield made


@pytest.fixture(scope="session")
def ask(world: World) -> Ask:
    return asking(world)


@pytest.fixture
def empty_world(tmp_path: Path) -> Iterator[World]:
    """A service of its own for a test that writes."""
    yield from open_world(tmp_path)


def fill(world: World) -> None:
    full = harmony(world)
    vzer, ghent = world.concept("verenigingstype", "VZER"), world.concept("gemeente", "Gent")
    sport = world.concept("hoofdactiviteit", "SPRT")
    stopped = {"naam": "Turnkring Élan", "verenigingstype": vzer, "status": world.concept("status", "Gestopt")}
    world.put(HARMONY, full)
    world.put(HARMONY, {**full, "korteNaam": "DWV"})
    world.put(STOPPED, {**stopped, "einddatum": "2025-08-31", "gemeente": [ghent], "hoofdactiviteiten": [sport]})
    world.put(REMOVED, {"naam": "Harmonie Ware Vrienden", "verenigingstype": vzer})
    world.put(REMOVED, None, replaced_by=world.iri(HARMONY), reason="Dubbel van een andere vereniging")
    world.put(HIDDEN, {"naam": "Verborgen Genootschap", "verenigingstype": vzer}, visible=False)
    world.put(PLAIN, {"naam": "Ánderlecht Sport <b>&", "verenigingstype": vzer, "hoofdactiviteiten": [sport]})
