"""Who only reads is answered in turn, and nobody stands still behind one that takes long."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine

import pytest
from starlette.types import Message, Receive, Scope, Send

from app.web.edge import turns
from app.web.edge.turns import Free, Turns

START: Message = {"type": "http.response.start", "status": 200, "headers": []}
Handler = Callable[[Scope, Send], Awaitable[None]]


class Site:
    """Notes who comes in, and does with each what the test says."""

    def __init__(self, handle: Handler, most: int = 1) -> None:
        self.came: list[str] = []
        self._handle = handle
        self._turns = Turns(self._answer, Free(most))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.came.append(scope["path"])
        await self._handle(scope, send)

    def ask(self, path: str, method: str = "GET") -> asyncio.Task[None]:
        async def receive() -> Message:
            raise AssertionError("nobody reads")

        async def send(message: Message) -> None:
            pass

        scope = {"type": "http", "method": method, "path": path}
        return asyncio.ensure_future(self._turns(scope, receive, send))


def until(leave: asyncio.Event) -> Handler:
    """Takes until then."""

    async def handle(scope: Scope, send: Send) -> None:
        await leave.wait()

    return handle


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST", 60.0)


def in_a_loop(test: Callable[[], Coroutine[None, None, None]]) -> Callable[[], None]:
    """Run a test that waits."""

    def run() -> None:
        asyncio.run(asyncio.wait_for(test(), 30))

    run.__name__, run.__doc__ = test.__name__, test.__doc__
    return run


@in_a_loop
async def test_one_after_the_other_in_the_order_in_which_they_came() -> None:
    leave = asyncio.Event()
    site = Site(until(leave))
    asked = [site.ask(path) for path in "abc"]
    await settle()
    assert site.came == ["a"]
    leave.set()
    await asyncio.gather(*asked)
    assert site.came == ["a", "b", "c"]


@in_a_loop
async def test_as_many_at_once_as_are_told() -> None:
    leave = asyncio.Event()
    site = Site(until(leave), most=2)
    asked = [site.ask(path) for path in "abc"]
    await settle()
    assert site.came == ["a", "b"]
    leave.set()
    await asyncio.gather(*asked)


@in_a_loop
async def test_who_writes_does_not_wait() -> None:
    leave = asyncio.Event()
    site = Site(until(leave))
    asked = [site.ask("a"), site.ask("b", "POST"), site.ask("c", "PATCH"), site.ask("d", "HEAD")]
    await settle()
    assert site.came == ["a", "b", "c"]
    leave.set()
    await asyncio.gather(*asked)


@in_a_loop
async def test_an_answer_on_its_way_out_lets_the_next_in() -> None:
    leave = asyncio.Event()

    async def slow_reader(scope: Scope, send: Send) -> None:
        await send(START)
        await leave.wait()

    site = Site(slow_reader)
    asked = [site.ask(path) for path in "abc"]
    await settle()
    assert site.came == ["a", "b", "c"]
    leave.set()
    await asyncio.gather(*asked)


def test_who_takes_long_lets_the_next_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST", 0.01)

    async def go() -> None:
        leave = asyncio.Event()
        site = Site(until(leave))
        asked = [site.ask(path) for path in "abc"]
        while site.came != ["a", "b", "c"]:
            await asyncio.sleep(0.005)
        leave.set()
        await asyncio.gather(*asked)

    asyncio.run(asyncio.wait_for(go(), 30))


@in_a_loop
async def test_a_turn_ends_once_however_it_ends() -> None:
    """An answer, an error and a client that went away each give one turn back, not two and not none."""
    inside, most_inside = 0, 0

    async def handle(scope: Scope, send: Send) -> None:
        nonlocal inside, most_inside
        inside += 1
        most_inside = max(most_inside, inside)
        try:
            await asyncio.sleep(0)
            if scope["path"] == "fails":
                raise ValueError
            if scope["path"] == "goes away":
                await asyncio.sleep(3600)
        finally:
            inside -= 1
        await send(START)
        await send({"type": "http.response.body", "body": b""})

    site = Site(handle)
    for path in ("answers", "fails", "goes away", "answers", "fails") * 3:
        asked = [site.ask(path), site.ask("answers")]
        await settle()
        asked[0].cancel()
        await asyncio.gather(*asked, return_exceptions=True)
    assert len(site.came) == 30
    assert most_inside == 1


@in_a_loop
async def test_who_goes_away_while_waiting_takes_no_turn() -> None:
    leave = asyncio.Event()
    site = Site(until(leave))
    asked = [site.ask(path) for path in "abc"]
    await settle()
    asked[1].cancel()
    leave.set()
    await asyncio.gather(*asked, return_exceptions=True)
    assert site.came == ["a", "c"]
