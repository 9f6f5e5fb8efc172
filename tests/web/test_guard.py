"""A request is counted, and its body must be small and quick enough, before anything else looks at it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from app.errors import TooLarge
from app.web.app import create_app
from app.web.edge.budget import Budgets, networks
from app.web.edge.guard import MAX_BODY, Upload
from tests.web.sparql_site import sparql_site
from tests.web.world import World

SPARQL = "/sparql?query=ASK%7B%7D"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def limited(world: World, requests: float, seconds: float) -> Callable[..., httpx.Response]:
    """Ask as somebody outside, with these budgets."""
    budgets = Budgets(requests, seconds, networks("10.0.0.1"), str.encode, Clock())
    app = create_app(replace(world.service, budgets=budgets))

    def ask(path: str, client: str = "198.51.100.7", method: str = "GET", content: bytes = b"") -> httpx.Response:
        async def go() -> httpx.Response:
            transport = httpx.ASGITransport(app, client=(client, 1))
            async with httpx.AsyncClient(transport=transport, base_url=world.service.base) as http:
                return await http.request(method, path, content=content)

        return asyncio.run(go())

    return ask


def test_who_asks_too_often_is_told_when_to_come_back(world: World) -> None:
    ask = limited(world, 2, 60)
    assert [ask("/health").status_code for _ in range(2)] == [200, 200]
    refused = ask("/health")
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "30"
    assert refused.headers["ratelimit"] == '"aanvragen";r=0;t=60, "rekentijd";r=60;t=0'
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"].endswith("#te-vaak")


def test_another_client_does_not_notice(world: World) -> None:
    ask = limited(world, 1, 60)
    assert [ask("/health").status_code, ask("/health").status_code] == [200, 429]
    assert ask("/health", client="198.51.100.8").status_code == 200
    assert [ask("/health", client="10.0.0.1").status_code for _ in range(3)] == [200] * 3


def test_what_queries_cost_comes_off_their_own_budget(world: World, tmp_path: Path) -> None:
    with sparql_site(world, tmp_path) as site:
        _queries_cost(limited(replace(world, service=replace(world.service, queries=site.pool)), 100, 0.002))


def _queries_cost(ask: Callable[..., httpx.Response]) -> None:
    assert ask(SPARQL).status_code == 200
    refused = ask("/sparql?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D")
    assert refused.status_code == 429 and int(refused.headers["retry-after"]) > 1
    # What was answered before costs nothing, and pages are not queries.
    assert ask(SPARQL).status_code == 200
    assert ask("/health").status_code == 200


def test_an_answer_that_caches_share_says_nothing_of_one_clients_budget(world: World) -> None:
    ask = limited(world, 100, 60)
    answer = ask("/ldes/verenigingen.ttl")
    assert "public" in answer.headers["cache-control"]
    assert "ratelimit" not in answer.headers
    assert "ratelimit" in ask("/health").headers


@pytest.mark.parametrize("path", ["/v1/verenigingen/vzer", "/aanmelden", "/sparql", "/publicatie"])
def test_a_body_that_is_too_large_is_refused_wherever_it_goes(world: World, path: str) -> None:
    answer = limited(world, 0, 0)(path, method="POST", content=b" " * (MAX_BODY + 1))
    assert answer.status_code == 413


def parts(*messages: Message, pause: float = 0.0) -> Receive:
    left = list(messages)

    async def receive() -> Message:
        await asyncio.sleep(pause)
        return left.pop(0)

    return receive


def part(size: int, more: bool = True) -> Message:
    return {"type": "http.request", "body": b" " * size, "more_body": more}


def test_a_body_without_a_length_is_counted_as_it_comes() -> None:
    upload = Upload(0, parts(part(MAX_BODY), part(1)))
    asyncio.run(upload.receive())
    with pytest.raises(TooLarge):
        asyncio.run(upload.receive())


def test_a_body_that_stops_coming_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.web.edge.guard.SILENCE", 0.01)
    with pytest.raises(HTTPException) as refused:
        asyncio.run(Upload(0, parts(part(1), pause=5)).receive())
    assert refused.value.status_code == 408


def test_a_body_that_dribbles_in_is_given_up() -> None:
    clock = Clock()
    upload = Upload(0, parts(part(1000), part(1000), pause=0.001), clock)
    asyncio.run(upload.receive())
    clock.now = 32
    with pytest.raises(HTTPException):
        asyncio.run(upload.receive())


def test_waiting_for_a_client_to_hang_up_takes_as_long_as_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.web.edge.guard.SILENCE", 0.01)

    async def go() -> Message:
        upload = Upload(0, parts(part(1, more=False), {"type": "http.disconnect"}))
        await upload.receive()
        upload._receive = parts({"type": "http.disconnect"}, pause=0.05)
        return await upload.receive()

    assert asyncio.run(go())["type"] == "http.disconnect"
