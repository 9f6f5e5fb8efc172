"""A source of others that is down, slow or lies: what is said of it is kept aside with the reason, and nothing breaks.

Over a real connection, as most of these are about what goes over the line. How many were tried is printed:
`pytest -s tests/exchange/test_lying_sources.py`.
"""

from __future__ import annotations

import gzip
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.errors import Refused
from app.exchange import following
from app.exchange.fetching import Fetcher, NotFetched
from app.exchange.following import TOO_NEW
from app.exchange.following_run import ENDLESS, Run
from app.exchange.guarded import Guarded
from app.exchange.ldes import client as ldes_client
from app.exchange.ldes.client import FeedReader, NotRead
from app.exchange.stubs.ipdc_concepts import concept_iri, invented
from app.register.register import Tools
from app.store import followed
from tests.exchange.ipdc_world import World, make_world
from tests.exchange.test_following import concept, run
from tests.register.builders import make_tools
from tests.running import answering

TURTLE, JSON, HTML = "text/turtle", "application/ld+json", "text/html"
PATIENCE = 0.5
Handler = BaseHTTPRequestHandler
Say = Callable[[Handler], None]
tried: Counter[str] = Counter()


@pytest.fixture(scope="module")
def tools() -> Tools:
    return make_tools()


@pytest.fixture
def world(tools: Tools, tmp_path: Path) -> Iterator[World]:
    made = make_world(tools, tmp_path, list(invented(5)))
    yield made
    made.register.log.close()


def said(body: bytes, type: str = TURTLE, status: int = 200, **headers: str) -> Say:
    def say(handler: Handler) -> None:
        handler.send_response(status)
        for name, value in {"content-type": type, "content-length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return say


def linking(pages: Iterable[int]) -> Say:
    """A page that leads to these."""
    node = "<> <https://w3id.org/tree#relation> [ <https://w3id.org/tree#node> <{}> ] .\n"
    return said("".join(map(node.format, pages)).encode())


def number_of(handler: Handler) -> int:
    """Which of these was asked for; 0 for the one that is no number."""
    last = handler.path.rpartition("/")[2]
    return int(last) if last.isdigit() else 0


def truncated(handler: Handler) -> None:
    said(b"<> a <urn:x> .", content_length="5000")(handler)


def endless(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("content-type", TURTLE)
    handler.end_headers()
    while True:
        handler.wfile.write(b"# nog iets\n" * 10_000)


def dribbling(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("content-type", TURTLE)
    handler.end_headers()
    while True:
        handler.wfile.write(b"#")
        time.sleep(PATIENCE / 5)


def silent(handler: Handler) -> None:
    time.sleep(PATIENCE * 3)


def hanging_up(handler: Handler) -> None:
    handler.close_connection = True


BOMB = gzip.compress(b" " * 200_000_000, 9)
FAULTS: dict[str, Say] = {
    "slow": silent,
    "hangs up": hanging_up,
    "truncated": truncated,
    "endless": endless,
    "in drops": dribbling,
    "a gzip bomb": said(BOMB, content_encoding="gzip"),
    "a bomb in a bomb": said(gzip.compress(BOMB), content_encoding="gzip, gzip"),
    "broken gzip": said(b"\x1f\x8b\x08niets", content_encoding="gzip"),
    "a page of an error with 200": said(b"<html><body>Onderhoud</body></html>", HTML),
    "a page of an error that says to be JSON-LD": said(b"<html>Onderhoud</html>", JSON),
    "half of a document": said(b'{"@id": "http://x", "member": [{"@id"', JSON),
    "not a text": said(bytes(range(256)) * 20, JSON),
    "deep JSON": said(b"[" * 100_000 + b"]" * 100_000, JSON),
    "500": said(b"", status=500),
    "a redirect to no address": said(b"", status=302, location="http://["),
    "404": said(b"", status=404),
    "a redirect in a circle": said(b"", status=302, location="/feed"),
    "a redirect to another host": said(b"", status=302, location="http://169.254.169.254/latest/meta-data"),
}  # fmt: skip


@contextmanager
def source(say: Say) -> Iterator[tuple[str, list[str]]]:
    """A site that says this to everything but robots.txt; answers its address and what was asked."""
    asked: list[str] = []

    class Saying(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/robots.txt":
                said(b"", status=404)(self)
                return
            asked.append(self.path)
            with suppress(ConnectionError):
                say(self)

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    with answering(ThreadingHTTPServer(("127.0.0.1", 0), Saying)) as address:
        yield address, asked


def follow(world: World, url: str) -> Run:
    with httpx.Client(timeout=PATIENCE, follow_redirects=False) as client:
        reader = FeedReader(client, time.monotonic, lambda seconds: None, lambda: 0.5, per_minute=0)
        return replace(world.follower(), reader=reader).run(world.feed(f"{url}/feed", id="leverancier"))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_stream_that_is_down_slow_or_lies_brings_nothing_and_stops_nothing(
    world: World, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ldes_client, "MOST_SECONDS", 2 * PATIENCE)
    run(world)
    head = world.register.log.head()
    begun = time.monotonic()
    with source(FAULTS[fault]) as (url, asked):
        told = follow(world, url)
        assert 0 < len(asked) <= ldes_client.TRIES * (ldes_client.MOST_HOPS + 1)
    assert time.monotonic() - begun < 60
    assert told.taken == 0 and len(told.problems) == 1, told
    assert told.problems[0][1].endswith((".", "!"))
    assert world.register.log.head() == head
    world.stub.change(concept_iri(1))
    assert run(world).taken == 1, "the next stream has its turn"
    tried["stream"] += 1
    print(f"{sum(tried.values())} sources tried; {fault}: {told.problems[0][1]}")


@pytest.mark.parametrize("fault", [name for name in FAULTS if not name.startswith("a page of an error")])
def test_a_site_that_is_down_slow_or_lies_is_given_up(fault: str) -> None:
    guarded = Guarded(private=True, seconds=PATIENCE)
    fetcher = Fetcher(guarded, "loket", pause=0, most=1_000_000)
    with source(FAULTS[fault]) as (url, _), suppress(NotFetched):
        found = fetcher.fetch(f"{url}/feed")
        assert found.gone or found.body is not None, "what came is read as a page, which says what is wrong"
    tried["site"] += 1


@pytest.mark.parametrize("coding", ["gzip", "gzip, gzip", "gzip, gzip, gzip"])
def test_what_is_packed_to_burst_takes_no_memory(coding: str) -> None:
    packed = BOMB
    for _ in coding.split(",")[1:]:
        packed = gzip.compress(packed)
    with source(said(packed, content_encoding=coding)) as (url, _), httpx.Client() as client:
        tracemalloc.start()
        with suppress(Refused, NotRead):
            FeedReader(client, time.monotonic, time.sleep, lambda: 0.5, per_minute=0).get(url)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 150_000_000


def test_a_page_that_leads_to_no_address_leads_on_all_the_same(world: World) -> None:
    links = b'<> <https://w3id.org/tree#relation> [ <https://w3id.org/tree#node> "http://[", <b> ] .'
    with source(said(links)) as (url, asked):
        assert follow(world, url).problems == []
    assert asked == ["/feed", "/b"]


def test_a_member_that_changes_under_its_own_name_is_taken_once(world: World) -> None:
    run(world)
    first, head = concept(world, 0), world.register.log.head()
    world.stub.members[0] = {**world.stub.members[0], "naam": {"nl": "Iets heel anders"}}
    run(world)
    assert (concept(world, 0), world.register.log.head()) == (first, head)


STAMPS = ("2026-01-04T00:00:00Z", "1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+10:00")


def test_times_that_go_back_change_nothing(world: World) -> None:
    run(world)
    first, head = concept(world, 0), world.register.log.head()
    for number, stamp in enumerate(STAMPS):
        old = world.stub.members[0]
        world.stub.members.append({**old, "@id": f"{old['@id']}-{number}", "generatedAtTime": stamp})
    run(world)
    assert (concept(world, 0), world.register.log.head()) == (first, head)


def test_a_version_of_a_day_to_come_waits_and_keeps_no_other_out(world: World) -> None:
    run(world)
    old = world.stub.members[0]
    late = {**old, "@id": f"{old['@id']}-later", "generatedAtTime": "9999-12-31T23:59:59Z", "naam": {"nl": "Ooit"}}
    world.stub.members.append(late)
    told = run(world)
    assert [thing.why for thing in told.aside] == [TOO_NEW]
    world.stub.members.remove(late)
    world.stub.change(concept_iri(0))
    assert run(world).taken == 1
    assert "gewijzigd" in concept(world, 0)["naam"]["nl"]


def test_pages_that_lead_in_a_circle_are_each_read_once(world: World) -> None:
    def circle(handler: Handler) -> None:
        number = number_of(handler)
        linking((number + step) % 5 for step in (0, 1, 4))(handler)

    with source(circle) as (url, asked):
        told = follow(world, f"{url}/a")
    assert told.problems == []
    assert len(asked) == len(set(asked)) <= 6


def test_a_stream_without_end_is_followed_to_a_limit_and_the_operator_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "MOST_PAGES", 40)

    def without_end(handler: Handler) -> None:
        number = number_of(handler)
        linking(number * 3 + step for step in (1, 2, 3))(handler)

    with source(without_end) as (url, asked):
        told = follow(world, f"{url}/a")
        assert len(asked) == len(set(asked)) == 40
        assert str(told) == "40 pagina’s gelezen, 0 versies overgenomen. " + ENDLESS.format(most=40)
        known, troubled = followed.pages_of(world.register.log.database, "leverancier")
        assert known == 40 and {page.problem for page in troubled} == {ENDLESS.format(most=40)}
        follow(world, f"{url}/a")
        assert len(set(asked)) == 40, "the next round knows no more"
        assert ENDLESS.format(most=40) in str(told)
    assert run(world).problems == [], "the next stream has its turn"


def test_a_page_that_names_more_pages_than_a_question_may_is_followed_to_the_limit(world: World) -> None:
    def many(handler: Handler) -> None:
        linking(range(40_000) if handler.path.endswith("feed") else ())(handler)

    with source(many) as (url, asked), httpx.Client(timeout=10) as client:
        reader = FeedReader(client, time.monotonic, lambda seconds: None, lambda: 0.5, per_minute=0)
        feed = world.feed(f"{url}/feed", id="leverancier")
        told = replace(world.follower(), reader=reader).run(feed, 3)
    assert told.problems == [] and len(asked) == 3
