"""Fetching the pages of others: where we may, no faster than they like, and never inside a closed network."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.exchange.fetching import Fetcher, Known, NotFetched, Why
from app.exchange.guarded import Guarded, resolve
from tests.running import answering

AGENT = "Verenigingsloket/1 (+https://loket.be/over)"
ZIPPED = gzip.compress(b"0" * 50_000)
# path | status, headers, body
SITE: dict[str, tuple[int, dict[str, str], bytes]] = {
    "/robots.txt": (200, {}, b"User-agent: Verenigingsloket\nDisallow: /geheim\nCrawl-delay: 7\n"),
    "/zitting": (200, {"content-type": "text/html; charset=utf-8", "etag": '"a1"'}, b"<p>zitting"),
    "/gepakt": (200, {"content-encoding": "gzip"}, ZIPPED),
    "/stuk": (200, {"content-encoding": "gzip"}, b"geen gzip"),
    "/oud": (301, {"location": "/zitting"}, b""),
    "/rond": (302, {"location": "/rond"}, b""),
    "/naar-geheim": (302, {"location": "/geheim/1"}, b""),
    "/naar-bestand": (302, {"location": "file:///etc/passwd"}, b""),
    "/weg": (410, {}, b""),
    "/druk": (429, {"retry-after": "30"}, b""),
    "/kapot": (500, {}, b""),
}


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        asked.append((self.path, dict(self.headers)))
        status, headers, body = SITE.get(self.path.partition("?")[0], (404, {}, b""))
        if self.headers.get("if-none-match") == headers.get("etag", "-"):
            status, body = 304, b""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Nothing."""


asked: list[tuple[str, dict[str, str]]] = []


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with answering(ThreadingHTTPServer(("127.0.0.1", 0), Site)) as found:
        yield found


class Clock:
    """Time passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def fetcher(clock: Clock | None = None, most: int = 100_000) -> Fetcher:
    clock = clock or Clock()
    return Fetcher(Guarded(private=True), AGENT, most=most, clock=clock, sleep=clock.sleep)


def test_a_page_comes_with_what_is_needed_to_ask_again(address: str) -> None:
    asked.clear()
    page = fetcher().fetch(f"{address}/zitting;jsessionid=12#punt")
    assert (page.url, page.body, page.charset) == (f"{address}/zitting", b"<p>zitting", "utf-8")
    assert page.known == Known(etag='"a1"')
    assert [path for path, _ in asked] == ["/robots.txt", "/zitting"]
    assert asked[1][1]["user-agent"] == AGENT


def test_a_page_that_did_not_change_does_not_come_again(address: str) -> None:
    page = fetcher().fetch(f"{address}/zitting", Known(etag='"a1"'))
    assert (page.status, page.body, page.gone) == (304, None, False)


@pytest.mark.parametrize("path", ["/weg", "/nooit-geweest"])
def test_a_page_that_is_there_no_more_is_gone(address: str, path: str) -> None:
    assert fetcher().fetch(address + path).gone


def test_a_redirect_is_followed_and_a_packed_page_unpacked(address: str) -> None:
    assert fetcher().fetch(f"{address}/oud").url == f"{address}/zitting"
    assert fetcher().fetch(f"{address}/gepakt").body == b"0" * 50_000


# path | why not
NOT = [
    ("/geheim/1", Why.ROBOTS),
    ("/naar-geheim", Why.ROBOTS),
    ("/naar-bestand", Why.ADDRESS),
    ("/rond", Why.HOPS),
    ("/stuk", Why.NETWORK),
    ("/druk", Why.BUSY),
    ("/kapot", Why.STATUS),
]


@pytest.mark.parametrize(("path", "why"), NOT)
def test_what_cannot_be_fetched_says_why(address: str, path: str, why: Why) -> None:
    with pytest.raises(NotFetched) as caught:
        fetcher().fetch(address + path)
    assert caught.value.why is why
    assert str(caught.value)


def test_a_busy_site_says_when_to_come_back(address: str) -> None:
    with pytest.raises(NotFetched) as caught:
        fetcher().fetch(f"{address}/druk")
    assert caught.value.retry_after == 30


@pytest.mark.parametrize("path", ["/zitting", "/gepakt"])
def test_too_much_is_cut_off_also_when_it_is_packed(address: str, path: str) -> None:
    limited = fetcher(most=300 if path == "/gepakt" else 5)
    with pytest.raises(NotFetched) as caught:
        limited.fetch(address + path)
    assert caught.value.why is Why.SIZE


def test_a_host_is_asked_no_faster_than_it_likes(address: str) -> None:
    clock = Clock()
    slow = fetcher(clock)
    for _ in range(3):
        slow.fetch(f"{address}/zitting")
    assert clock.slept == [7.0, 7.0]


def test_robots_txt_is_asked_once_in_a_while(address: str) -> None:
    clock = Clock()
    one = fetcher(clock)
    asked.clear()
    one.fetch(f"{address}/zitting")
    one.fetch(f"{address}/zitting")
    clock.now += 4000
    one.fetch(f"{address}/zitting")
    assert [path for path, _ in asked].count("/robots.txt") == 2


# an address | what its name leads to
CLOSED = [
    ("http://127.0.0.1/", "127.0.0.1"),
    ("http://localhost:8000/", "127.0.0.1"),
    ("http://[::1]/", "::1"),
    ("http://intern.gemeente.be/", "10.1.2.3"),
    ("http://metadata/", "169.254.169.254"),
    ("https://slim.be/", "::ffff:192.168.1.1"),
    ("http://2130706433/", "127.0.0.1"),
    ("https://oud.be/", "::7f00:1"),
    ("https://site.be/", "fec0::1"),
]


@pytest.mark.parametrize(("url", "leads_to"), CLOSED)
def test_a_closed_network_is_never_asked(url: str, leads_to: str) -> None:
    with pytest.raises(NotFetched) as caught:
        Fetcher(Guarded(lambda host, port: [leads_to]), AGENT, sleep=lambda seconds: None).fetch(url)
    assert caught.value.why is Why.ADDRESS


def test_a_name_that_leads_elsewhere_the_second_time_is_caught_then() -> None:
    answers = ["193.191.1.1"]
    guarded = Guarded(lambda host, port: [answers.pop() if answers else "127.0.0.1"], seconds=0.01)
    for _ in range(2):
        with pytest.raises(NotFetched) as caught:
            Fetcher(guarded, AGENT, sleep=lambda seconds: None).fetch("http://wissel.be/")
    assert caught.value.why is Why.ADDRESS


@pytest.mark.parametrize(
    "url", ["", "zitting", "ftp://a.be/", "file:///etc/passwd", "http://", "http://a:b@c.be/", "x:"]
)
def test_what_is_no_address_of_a_page_is_refused(url: str) -> None:
    with pytest.raises(NotFetched) as caught:
        Fetcher(Guarded(resolve, private=True), AGENT).fetch(url)
    assert caught.value.why is Why.ADDRESS
