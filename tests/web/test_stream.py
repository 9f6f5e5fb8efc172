"""Changes as they come, over a real connection: to a plain client, and to the EventSource of a browser."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import orjson
import pytest
from anyio import Event
from playwright.sync_api import Page, sync_playwright

from app.web.app import create_site
from app.web.edge.edge import Edge
from app.web.edge.problems import respond
from app.web.telling.stream import Pulse
from tests.conformance.feed_server import serving
from tests.running import PATIENCE, free_port
from tests.web.conftest import HARMONY, HIDDEN, PLAIN
from tests.web.world import World, open_world

CHROMIUM = Path("/usr/bin/chromium")


@dataclass
class Live:
    """A service that answers over HTTP."""

    world: World
    address: str
    streams: object

    def rename(self, name: str, code: str = HARMONY, **told: bool) -> None:
        world = self.world
        document = {"naam": name, "verenigingstype": world.concept("verenigingstype", "VZER")}
        world.put(code, {**document, "gemeente": [world.concept("gemeente", "Gent")]}, **told)

    @contextmanager
    def listening(self, query: str = "", **headers: str) -> Iterator[Iterator[dict[str, str]]]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        address = f"{self.address}/wijzigingen/stream?{query}"
        with httpx.stream("GET", address, headers=named, timeout=PATIENCE) as answer:
            assert answer.status_code == 200, answer.read()
            assert answer.headers["content-type"].startswith("text/event-stream")
            yield events(answer.iter_lines())


def events(lines: Iterator[str]) -> Iterator[dict[str, str]]:
    """The events of a stream, comments left out: https://html.spec.whatwg.org/multipage/server-sent-events.html"""
    event: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if not line and "data" in event:
            yield event
            event = {}
        elif name:
            event[name] = value


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    for world in open_world(tmp_path):
        site = create_site(world.service)
        port = free_port()
        with serving(Edge(site, world.service.mint, respond), port):
            yield Live(world, f"http://127.0.0.1:{port}", site.state.streams)


def name(event: dict[str, str]) -> str:
    return str(orjson.loads(event["data"])["naam"])


def test_a_change_comes_as_it_happens(live: Live) -> None:
    live.rename("Vroeger")
    with live.listening() as events:
        live.rename("De Vrienden")
        event = next(events)
    assert event["event"] == "wijziging" and event["id"] == "2" and name(event) == "De Vrienden"


def test_who_was_away_gets_what_came_meanwhile_and_nothing_twice(live: Live) -> None:
    for number in range(1, 130):
        live.rename(f"Naam {number}")
    with live.listening(last_event_id="3") as events:
        assert [name(next(events)) for _ in range(126)] == [f"Naam {number}" for number in range(4, 130)]
        live.rename("De laatste")
        assert name(next(events)) == "De laatste"


def test_only_what_is_followed_and_only_what_everybody_may_know(live: Live) -> None:
    live.rename("Hier")
    with live.listening("gemeente=44021&sinds=0") as events:
        live.rename("Geheim", HIDDEN, visible=False)
        live.rename("Daar", PLAIN)
        assert [name(next(events)) for _ in range(2)] == ["Hier", "Daar"]


def test_more_clients_than_we_can_bear_are_asked_to_come_back(live: Live) -> None:
    live.streams.most = 1  # type: ignore[attr-defined]
    live.rename("Een")
    with live.listening("sinds=0") as events:
        next(events)
        answer = httpx.get(f"{live.address}/wijzigingen/stream", timeout=PATIENCE)
        assert answer.status_code == 503 and answer.headers["retry-after"] == "30"


def test_a_feed_that_is_not_there(live: Live) -> None:
    assert httpx.get(f"{live.address}/wijzigingen/stream?feed=geheim", timeout=PATIENCE).status_code == 404


def test_all_who_wait_share_one_look_at_the_log() -> None:
    looks = []

    def head() -> int:
        looks.append(1)
        return 2 if len(looks) > 1 else 1

    async def wait() -> list[int]:
        pulse = Pulse(head)
        return list(await asyncio.gather(*(pulse.beyond(1, Event()) for _ in range(50))))

    assert asyncio.run(wait()) == [2] * 50 and len(looks) == 2


@pytest.mark.browser
@pytest.mark.slow
def test_the_eventsource_of_a_browser_goes_on_where_it_was_after_the_service_was_away(tmp_path: Path) -> None:
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed")
    for world in open_world(tmp_path):
        app, port = Edge(create_site(world.service), world.service.mint, respond), free_port()
        live = Live(world, f"http://127.0.0.1:{port}", None)
        live.rename("Eerst")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
            page = browser.new_page()
            with serving(app, port):
                page.goto(f"{live.address}/wijzigingen")
                page.evaluate(
                    """() => { window.got = []; window.source = new EventSource('/wijzigingen/stream?sinds=0');
                    source.addEventListener('wijziging', e => got.push([e.lastEventId, JSON.parse(e.data).naam])) }"""
                )
                wait_for(page, 1)
                live.rename("Daarna")
                wait_for(page, 2)
            live.rename("Terwijl de dienst weg was")
            with serving(Edge(create_site(world.service), world.service.mint, respond), port):
                wait_for(page, 3)
            assert page.evaluate("got") == [["1", "Eerst"], ["2", "Daarna"], ["3", "Terwijl de dienst weg was"]]
            browser.close()


def wait_for(page: Page, count: int) -> None:
    for _ in range(200):
        if page.evaluate("got.length") >= count:
            return
        page.wait_for_timeout(50)
    raise AssertionError(page.evaluate("got"))
