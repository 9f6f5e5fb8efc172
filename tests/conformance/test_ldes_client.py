"""Two clients of third parties read our feeds over HTTP: completely, again later, and while they grow."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from app.web.data.feeds import FeedApp
from tests.conformance.feed_server import Requests, serving
from tests.conformance.peers import COMUNICA, LDES_CLIENT, PATIENCE, Peer, members
from tests.exchange.feed_log import AALST, ALL, GENT, QUADS_IN_PAYLOAD, FeedLog, feed_log
from tests.running import free_port

CONCURRENT = 10
pytestmark = [pytest.mark.node, pytest.mark.slow]


class Served(NamedTuple):
    source: FeedLog
    root: str
    requests: Requests

    def expected(self, feed: str = ALL) -> list[str]:
        found = self.source.log.members(feed, 1, self.source.log.feed_size(feed))
        return [member.version.iri(self.source.base) for member in found]

    def pages_asked(self) -> dict[str, int]:
        return {path.removeprefix("/ldes/verenigingen/"): times for path, times in self.requests.paths.items()}


class Only:
    """Answers every client in one media type, whatever it would rather have."""

    def __init__(self, app: ASGIApp, accept: str) -> None:
        self._app = app
        self._accept = accept.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(name, value) for name, value in scope["headers"] if name != b"accept"]
        await self._app({**scope, "headers": [*headers, (b"accept", self._accept)]}, receive, send)


@contextmanager
def served(peer: Peer, folder: Path, count: int, page_size: int, accept: str | None = None) -> Iterator[Served]:
    peer.command()
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    source = feed_log(folder, base)
    source.register(*range(1, count + 1))
    app: ASGIApp = FeedApp(source.feeds(folder / "feeds", page_size), lambda scope, place: b"")
    requests = Requests(Only(app, accept) if accept else app)
    with serving(requests, port):
        yield Served(source, f"{base}/ldes/{ALL}", requests)
    source.log.close()


def test_ldes_client_reads_ten_thousand_members_completely(tmp_path: Path) -> None:
    with served(LDES_CLIENT, tmp_path, 10_000, 250) as feed:
        output = LDES_CLIENT.run(feed.root)
        assert members(output) == dict.fromkeys(feed.expected(), 1)
        assert output.count(" .\n") == 10_000 * (QUADS_IN_PAYLOAD + 7), "the payload came along, nested nodes too"
        pages = {page: times for page, times in feed.pages_asked().items() if page.isdigit()}
        assert pages == {str(page): 1 for page in range(1, 41)}


@pytest.mark.parametrize(
    "media_type", ["application/trig", "application/ld+json", "text/turtle", "application/n-triples"]
)
def test_ldes_client_reads_every_media_type(tmp_path: Path, media_type: str) -> None:
    with served(LDES_CLIENT, tmp_path, 500, 100, media_type) as feed:
        output = LDES_CLIENT.run(feed.root)
        assert members(output) == dict.fromkeys(feed.expected(), 1)
        assert output.count("http://schema.org/email") == 500, "nested nodes came along"


@pytest.mark.parametrize("start", ["", "#stroom"])
def test_a_client_may_start_at_the_root_or_at_the_stream(tmp_path: Path, start: str) -> None:
    with served(LDES_CLIENT, tmp_path, 50, 20) as feed:
        assert len(members(LDES_CLIENT.run(feed.root + start))) == 50


def test_ldes_client_gives_members_in_order_one_page_at_a_time(tmp_path: Path) -> None:
    with served(LDES_CLIENT, tmp_path, 500, 50) as feed:
        output = LDES_CLIENT.run(feed.root, "--ordered", "ascending", "--concurrent", "1")
        assert list(members(output)) == feed.expected()


def test_ldes_client_goes_on_where_it_was_over_the_making_of_an_index(tmp_path: Path) -> None:
    state = str(tmp_path / "toestand")
    with served(LDES_CLIENT, tmp_path, 945, 10) as feed:
        first = members(LDES_CLIENT.run(feed.root, "--save", state))
        assert set(first) == set(feed.expected())
        feed.source.register(*range(946, 1066))
        feed.requests.paths.clear()
        second = members(LDES_CLIENT.run(feed.root, "--save", state))
        assert set(second) - set(first) == set(feed.expected()[945:])
        assert len(set(second) & set(first)) <= 5, "nothing again but what stood on the open page"
        asked = {int(page) for page in feed.pages_asked() if page.isdigit()}
        # Its state sometimes misses the end of a page or two that it fetched at the same time as others.
        assert len(asked & set(range(1, 95))) <= CONCURRENT
        assert asked >= set(range(95, 108))


def test_ldes_client_follows_a_feed_that_grows(tmp_path: Path) -> None:
    with served(LDES_CLIENT, tmp_path, 95, 20) as feed, (tmp_path / "uit.nq").open("w") as out:
        command = [*LDES_CLIENT.command(), feed.root, "--follow", "--poll-interval", "200"]
        following = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
        try:
            for code in range(96, 156, 12):
                wait_for(tmp_path / "uit.nq", code - 1)
                feed.source.register(*range(code, code + 12))
            feed.source.remove(1)
            wait_for(tmp_path / "uit.nq", 156)
        finally:
            following.kill()
            following.wait(timeout=10)
        assert set(members((tmp_path / "uit.nq").read_text())) == set(feed.expected())


def test_ldes_client_since_a_time_asks_only_for_the_pages_that_it_needs(tmp_path: Path) -> None:
    with served(LDES_CLIENT, tmp_path, 1050, 10) as feed:
        since = feed.source.log.members(ALL, 1021, 1021)[0].version.time
        output = LDES_CLIENT.run(feed.root, "--after", since)
        assert set(feed.expected()[1020:]) >= set(members(output)) >= set(feed.expected()[1021:])
        asked = {page for page in feed.pages_asked() if page.startswith("index") or page.isdigit()}
        assert asked == {"103", "104", "105"}


def test_the_view_of_a_municipality_is_read_with_its_tombstones(tmp_path: Path) -> None:
    with served(LDES_CLIENT, tmp_path, 30, 10) as feed:
        for code in range(1, 6):
            feed.source.change(code, "Verhuisd", feeds=(ALL, AALST))
        feed.source.hide(6)
        feed.source.remove(7)
        for nis, name in (("44021", GENT), ("41002", AALST)):
            output = LDES_CLIENT.run(f"{feed.root}/gemeente/{nis}")
            assert len(members(output)) == feed.source.log.feed_size(name)
            deleted = output.count("<https://www.w3.org/ns/activitystreams#Delete>")
            assert deleted == {GENT: 7, AALST: 0}[name]


def test_a_second_client_of_another_family_reads_it_all_as_jsonld(tmp_path: Path) -> None:
    with served(COMUNICA, tmp_path, 500, 50) as feed:
        output = COMUNICA.run(
            "--disableSynchronization",
            "true",
            "--pollingInterval",
            "1000",
            "--mimeType",
            "application/n-quads",
            feed.root,
        )
        assert members(output) == dict.fromkeys(feed.expected(), 1)
        assert output.count("http://schema.org/email") == 500, "nested nodes came along"
        assert feed.requests.accepts == {"application/ld+json"}


def wait_for(output: Path, count: int) -> None:
    """Until so many members were written."""
    deadline = time.monotonic() + PATIENCE
    while len(members(output.read_text())) < count:
        assert time.monotonic() < deadline, f"only {len(members(output.read_text()))} of {count} members came"
        time.sleep(0.1)
