"""What a client may do with a connection: a raw socket says what no HTTP library would."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import ClassVar

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from app.cli.wire import HEADER_BYTES, PatientProtocol
from tests.running import PATIENCE, free_port, wait_for

LARGE = 20_000_000


class Quick(PatientProtocol):
    """As in the service, with less patience."""

    open_by: ClassVar[Counter[str]] = Counter()
    header_seconds = 1.0
    read_seconds = 1.0


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Says what arrived: path, headers, and how long the body was."""
    body = await Request(scope, receive).body()
    if scope["path"] == "/groot":
        await PlainTextResponse("x" * LARGE)(scope, receive, send)
        return
    names = ",".join(sorted(name.decode() for name, _ in scope["headers"]))
    await PlainTextResponse(f"{scope['path']} {names} {len(body)}")(scope, receive, send)


class Opened(asyncio.Transport):
    """A connection from this address, over which nothing goes."""

    def __init__(self, peer: str) -> None:
        super().__init__({"peername": (peer, 1)})
        self.aborted = False

    def abort(self) -> None:
        self.aborted = True


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    number = free_port()
    config = uvicorn.Config(echo, port=number, http=Quick, log_config=None, lifespan="off", timeout_keep_alive=3)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield number
    server.should_exit = True
    thread.join()


def say(port: int, *pieces: bytes, pause: float = 0.0) -> bytes:
    """Send the pieces until the other side closes; all that comes back before it does."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as channel:
        received, end = b"", False
        for piece in pieces:
            with suppress(ConnectionError):
                channel.sendall(piece)
            chunk = heard(channel, pause) if pause else None
            received, end = received + (chunk or b""), chunk == b""
            if end:
                return received
        while chunk := heard(channel, PATIENCE):
            received += chunk
        return received


def heard(channel: socket.socket, seconds: float) -> bytes | None:
    """What comes within so many seconds; None when nothing does, empty when the connection is gone."""
    channel.settimeout(seconds)
    try:
        return channel.recv(65536)
    except TimeoutError:
        return None
    except ConnectionError:
        return b""


ORDINARY = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


def test_an_ordinary_request_is_answered(port: int) -> None:
    assert say(port, ORDINARY).endswith(b"/ connection,host 0")


def test_a_client_that_says_nothing_loses_the_connection(port: int) -> None:
    assert say(port).startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize("piece", [b"X-A: b\r\n", b"\r\n"])
def test_a_client_that_dribbles_its_headers_loses_the_connection(port: int, piece: bytes) -> None:
    begin = b"" if piece == b"\r\n" else b"GET / HTTP/1.1\r\nHost: x\r\n"
    assert say(port, begin, *[piece] * 60, pause=0.05).startswith(b"HTTP/1.1 408")


def test_after_an_answer_the_next_request_is_awaited_as_briefly(port: int) -> None:
    answer = say(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", *[b"\r\n"] * 60, pause=0.05)
    assert answer.startswith(b"HTTP/1.1 200") and b"HTTP/1.1 408" in answer


def test_a_client_that_does_not_read_loses_the_connection(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as channel:
        channel.sendall(b"GET /groot HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        time.sleep(4)
        received = 0
        try:
            while chunk := channel.recv(1 << 20):
                received += len(chunk)
        except ConnectionError:
            pass
    assert 0 < received < LARGE


@pytest.mark.parametrize("further", [b"", b"Connection: close\r\n"], ids=["stay", "close"])
def test_a_client_that_reads_slowly_but_surely_gets_all(port: int, further: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as channel:
        channel.sendall(b"GET /groot HTTP/1.1\r\nHost: x\r\n" + further + b"\r\n")
        received = 0
        while chunk := channel.recv(1 << 20):
            received += len(chunk)
            time.sleep(0.06)
    assert received > LARGE


HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n"
TOO_MUCH = [
    HEAD + b"".join(b"X-%d: y\r\n" % number for number in range(HEADER_BYTES // 4)) + b"\r\n",
    HEAD + b"X: " + b"y" * (HEADER_BYTES + 1) + b"\r\n\r\n",
    HEAD + b"X: " + b"y" * (4 * HEADER_BYTES),
    b"GET /" + b"y" * (HEADER_BYTES + 1) + b" HTTP/1.1\r\nHost: x\r\n\r\n",
]


@pytest.mark.parametrize("request_", TOO_MUCH, ids=["many", "large", "endless", "address"])
def test_headers_and_addresses_have_a_limit(port: int, request_: bytes) -> None:
    assert say(port, request_).startswith(b"HTTP/1.1 431")


# What one server reads as one request and another as two: https://portswigger.net/web-security/request-smuggling
AMBIGUOUS = {
    "both lengths": b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    "a length that is none": b"Content-Length: +5\r\n\r\nhello",
    "a negative length": b"Content-Length: -1\r\n\r\n",
    "a list of lengths": b"Content-Length: 5, 5\r\n\r\nhello",
    "unknown coding": b"Transfer-Encoding: xchunked\r\n\r\n",
    "chunked before another": b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "blank before the colon": b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "folded header": b"X: a\r\n b\r\n\r\n",
    "bare return": b"X: a\rY: b\r\n\r\n",
    "NUL in a header": b"X: a\0b\r\n\r\n",
    "chunk size that is none": b"Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n",
    "huge chunk size": b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n",
    "two hosts": b"Host: y\r\n\r\n",
}


@pytest.mark.parametrize("rest", AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_what_could_be_read_in_two_ways_is_refused(port: int, rest: bytes) -> None:
    answer = say(port, b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + rest)
    assert answer.startswith(b"HTTP/1.1 400"), answer
    assert answer.count(b"HTTP/1.1") == 1


def test_two_hosts_are_refused_of_an_old_client_too(port: int) -> None:
    assert say(port, b"GET / HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 200")
    assert say(port, b"GET / HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\n").startswith(b"HTTP/1.1 400")


def test_a_request_without_a_host_is_refused(port: int) -> None:
    assert say(port, b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n").startswith(b"HTTP/1.1 400")


def test_trailers_count_for_nothing(port: int) -> None:
    chunked = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer = say(port, chunked + b"1\r\na\r\n0\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n")
    assert answer.endswith(b"/ connection,host,transfer-encoding 1")


ODD = [
    b"GET http://elders/ HTTP/1.1",
    b"CONNECT a:443 HTTP/1.1",
    b"GET * HTTP/1.1",
    b"GET /\xff\xfe HTTP/1.1",
    b"GET /\0 HTTP/1.1",
]


@pytest.mark.parametrize("line", ODD)
def test_an_odd_request_line_breaks_nothing(port: int, line: bytes) -> None:
    say(port, line + b"\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert say(port, ORDINARY).startswith(b"HTTP/1.1 200")


def test_one_client_opens_no_more_connections_than_it_may(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cli.wire.PER_CLIENT", 3)
    channels = [socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) for _ in range(3)]
    assert say(port, ORDINARY) == b""
    for channel in channels:
        channel.close()
    wait_for(lambda: say(port, ORDINARY).startswith(b"HTTP/1.1 200"), "who left still counts")


def test_who_has_many_ipv6_addresses_is_one_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cli.wire.PER_CLIENT", 2)
    config = uvicorn.Config(echo, log_config=None, lifespan="off")
    opened = [Opened(f"2001:db8:1:{network}::{last}") for network, last in ((2, 1), (2, 2), (3, 1), (2, 3))]
    with closing(asyncio.new_event_loop()) as loop:
        for transport in opened:
            Quick(config, ServerState(), {}, loop).connection_made(transport)
    assert [transport.aborted for transport in opened] == [False, False, False, True]
