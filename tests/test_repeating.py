"""The short road of an answer that never changes gives, counts and guards what the whole road does."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from app.cli.repeating import LONGEST, RepeatingProtocol, serving_to
from app.web.data.feeds import FOREVER
from app.web.edge.budget import Budgets, networks
from app.web.edge.edge import Edge
from app.web.edge.guard import Guard
from app.web.edge.lasting import Repeatable
from tests.running import free_port
from tests.test_wire import heard, say

PAGE, OPEN, LARGE = b"/ldes/1", b"/ldes/open", b"/ldes/groot"
BIG = "x" * 20_000_000
STRANGER = "127.0.0.2"
REFUSED = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


async def respond(request: Request, error: Exception) -> Response:
    return PlainTextResponse("te veel", 429)


@dataclass
class Site:
    """A server of which one can see what reaches the application, and what is counted."""

    port: int = field(default_factory=free_port)
    reached: Counter[str] = field(default_factory=Counter)
    observed: list[tuple[str, str, int, int]] = field(default_factory=list)
    lasting: bool = True
    requests: float = 0

    async def page(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.reached[scope["path"]] += 1
        body = BIG if scope["path"].encode() == LARGE else f"{scope['path']} {self.reached[scope['path']]}"
        cache = "max-age=5" if scope["path"].encode() == OPEN else FOREVER
        fresh = Request(scope).headers.get("if-none-match") == '"1"'
        answer = Response(status_code=304) if fresh else PlainTextResponse(body)
        answer.headers.update({"cache-control": cache, "etag": '"1"'})
        await answer(scope, receive, send)

    def observe(self, path: str, method: str, status: int, seconds: float, size: int) -> None:
        assert 0 <= seconds < 5
        self.observed.append((path, method, status, size))

    @property
    def protocol(self) -> type[RepeatingProtocol]:
        impatience = {"header_seconds": 2.0, "read_seconds": 1.0}
        return type("Quick", (serving_to(networks("127.0.0.1"), b"geheim"),), impatience)

    def server(self) -> uvicorn.Server:
        numbers = count()
        budgets = Budgets(self.requests, 0, networks("127.0.0.1"), str.encode, time.monotonic)
        edge = Edge(Guard(self.page, budgets), lambda: f"k{next(numbers)}", respond, ("/ldes",), observe=self.observe)
        paths = ("/ldes",) if self.lasting else ()
        app = Repeatable(edge, paths, lambda: f"k{next(numbers)}", self.observe, budgets) if paths else edge
        config = uvicorn.Config(
            app, port=self.port, http=self.protocol, log_config=None, lifespan="off", timeout_keep_alive=3,
            forwarded_allow_ips="127.0.0.1", server_header=False, limit_concurrency=100,
        )  # fmt: skip
        return uvicorn.Server(config)


Open = Callable[..., Site]


@pytest.fixture
def open_site() -> Iterator[Open]:
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(**settings: object) -> Site:
        site = Site(**settings)  # type: ignore[arg-type]
        server = site.server()
        thread = threading.Thread(target=server.run)
        thread.start()
        running.append((server, thread))
        while not server.started:
            time.sleep(0.01)
        return site

    yield start
    for server, thread in running:
        server.should_exit = True
        thread.join()


def request(path: bytes = PAGE, *lines: bytes, method: bytes = b"GET") -> bytes:
    return b"\r\n".join([method + b" " + path + b" HTTP/1.1", b"Host: x", *lines, b"", b""])


def ask(site: Site, *requests: bytes, source: str = "127.0.0.1", together: bool = False) -> list[bytes]:
    """Ask one after another on one connection; each whole answer."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=5, source_address=(source, 0)) as channel:
        if together:
            channel.sendall(b"".join(requests))
        answers = []
        for each in requests:
            if not together:
                channel.sendall(each)
            answers.append(one_answer(channel, each.startswith(b"HEAD")))
        return answers


def one_answer(channel: socket.socket, without_body: bool) -> bytes:
    received = b""
    while not received.endswith(b"\r\n\r\n"):
        byte = channel.recv(1)
        assert byte, received
        received += byte
    length = re.search(rb"content-length: (\d+)", received)
    left = 0 if without_body or length is None or received.startswith(b"HTTP/1.1 304") else int(length[1])
    while left:
        chunk = channel.recv(left)
        assert chunk
        received, left = received + chunk, left - len(chunk)
    return received


def the_same(answer: bytes) -> bytes:
    """What does not differ from one answer to the next."""
    return re.sub(rb"(date|x-correlation-id): [^\r]+", rb"\1", answer)


REQUESTS = {
    "a page": request(),
    "its head": request(method=b"HEAD"),
    "not modified": request(PAGE, b'If-None-Match: "1"'),
    "with a body": request(PAGE, b"Content-Length: 2") + b"hi",
}


@pytest.mark.parametrize("asked", REQUESTS.values(), ids=REQUESTS)
def test_the_same_request_gets_the_same_answer_without_reaching_the_application(open_site: Open, asked: bytes) -> None:
    short, whole = open_site(), open_site(lasting=False)
    mine, theirs = ask(short, *[asked] * 3), ask(whole, *[asked] * 3)
    assert (short.reached["/ldes/1"], whole.reached["/ldes/1"]) == (1, 3)
    assert {the_same(answer) for answer in mine} == {the_same(theirs[0])}
    assert short.observed == [short.observed[0]] * 3
    assert [seen[:3] for seen in short.observed] == [seen[:3] for seen in whole.observed]


def test_each_answer_has_a_date_and_an_id_of_its_own(open_site: Open) -> None:
    answers = ask(open_site(), *[request()] * 3)
    assert len({re.search(rb"x-correlation-id: (\w+)", answer)[1] for answer in answers}) == 3  # type: ignore[index]
    assert all(answer.count(b"date: ") == 1 for answer in answers)


WHOLE_ROAD = {
    "another address": lambda number: request(b"/ldes/%d" % number),
    "another header": lambda number: request(PAGE, b"X: %d" % number),
    "what changes": lambda number: request(OPEN),
    "an id of the client": lambda number: request(PAGE, b"X-Correlation-Id: mine"),
    "a long request": lambda number: request(PAGE, b"X: " + b"y" * LONGEST),
    "not what is kept without a line in the log": lambda number: request(b"/elders"),
    "a writing method": lambda number: request(PAGE, b"Content-Length: 0", method=b"POST"),
}


@pytest.mark.parametrize("asked", WHOLE_ROAD.values(), ids=WHOLE_ROAD)
def test_whatever_differs_goes_the_whole_road(open_site: Open, asked: Callable[[int], bytes]) -> None:
    site = open_site()
    ask(site, *map(asked, range(3)))
    assert site.reached.total() == 3


def test_who_asks_too_often_is_refused_in_the_same_words(open_site: Open) -> None:
    short, whole = (open_site(requests=5, lasting=lasting) for lasting in (True, False))
    mine, theirs = (ask(site, *[request()] * 7, source=STRANGER) for site in (short, whole))
    assert [answer[9:12] for answer in mine] == [answer[9:12] for answer in theirs] == [b"200"] * 5 + [b"429"] * 2
    assert the_same(mine[6]) == the_same(theirs[6])
    assert (short.reached["/ldes/1"], whole.reached["/ldes/1"]) == (1, 5)
    assert [seen[:3] for seen in short.observed] == [seen[:3] for seen in whole.observed]


def test_behind_a_proxy_each_client_has_an_account_of_its_own(open_site: Open) -> None:
    site = open_site(requests=2)
    first, second = (request(PAGE, b"X-Forwarded-For: 198.51.100.%d" % number) for number in (7, 8))
    statuses = [answer[9:12] for answer in ask(site, first, first, first, second, second, second)]
    assert statuses == [b"200", b"200", b"429"] * 2
    assert site.reached["/ldes/1"] == 2


def test_who_claims_to_be_a_proxy_is_counted_as_who_it_is(open_site: Open) -> None:
    site = open_site(requests=2)
    claimed = [request(PAGE, b"X-Forwarded-For: 198.51.100.%d" % number) for number in range(3)]
    ask(site, claimed[0])
    statuses = [answer[9:12] for answer in ask(site, *claimed, source=STRANGER)]
    assert statuses == [b"200", b"200", b"429"]


def test_many_at_once_are_answered_in_their_order(open_site: Open) -> None:
    site = open_site()
    ask(site, request())
    answers = ask(site, request(), request(OPEN), request(), request(b"/ldes/2"), together=True)
    assert [answer.rpartition(b"\n")[2].split()[0] for answer in answers] == [PAGE, OPEN, PAGE, b"/ldes/2"]


def test_a_request_in_pieces_is_read_as_one(open_site: Open) -> None:
    site = open_site()
    ask(site, request())
    answer = say(site.port, b"GET /ldes/2 HTTP/1.1\r\nConnection: close\r\nX: ", request(), pause=0.05)
    assert answer.endswith(b"/ldes/2 1")
    assert site.reached == {"/ldes/1": 1, "/ldes/2": 1}


@pytest.mark.parametrize("asked", [request(PAGE, b"Connection: close"), b"GET /ldes/1 HTTP/1.0\r\nHost: x\r\n\r\n"])
def test_who_wants_to_go_is_let_go(open_site: Open, asked: bytes) -> None:
    site = open_site()
    for _ in range(2):
        assert b"connection: close" in say(site.port, asked)
    assert site.reached["/ldes/1"] == 2


def test_a_connection_stays_open_while_it_is_used_and_no_longer(open_site: Open) -> None:
    site = open_site()
    with socket.create_connection(("127.0.0.1", site.port), timeout=5) as channel:
        for _ in range(6):
            channel.sendall(request())
            assert one_answer(channel, False).startswith(b"HTTP/1.1 200")
            time.sleep(0.5)
        assert site.reached["/ldes/1"] == 1
        assert [heard(channel, 10) for _ in range(2)] == [REFUSED, b""]


def test_a_client_that_does_not_read_loses_the_connection(open_site: Open) -> None:
    site = open_site()
    assert len(ask(site, request(LARGE))[0]) > len(BIG)
    with socket.create_connection(("127.0.0.1", site.port), timeout=5) as channel:
        channel.sendall(request(LARGE))
        time.sleep(2.5)
        received = 0
        try:
            while chunk := channel.recv(1 << 20):
                received += len(chunk)
        except ConnectionError:
            pass
    assert 0 < received < len(BIG)
    assert site.reached[LARGE.decode()] == 1


def test_a_connection_says_goodbye_while_the_service_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cli.wire.LINGER_SECONDS", 10)
    site = Site()

    async def stop_between_two() -> list[bytes]:
        server = site.server()
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
        answers = []
        for number in range(3):
            server.should_exit = number == 2
            await asyncio.sleep(0.3)
            writer.write(request())
            answers.append(await reader.readuntil(b"/ldes/1 1" if number < 2 else b"/ldes/1 2"))
        assert await reader.read() == b""
        writer.close()
        await serving
        return answers

    answers = asyncio.run(stop_between_two())
    assert [b"connection: close" in answer for answer in answers] == [False, False, True]
    assert site.reached["/ldes/1"] == 2
