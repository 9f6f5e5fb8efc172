"""The feeds over HTTP: negotiation, caching, compression, and what is not there."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable, Iterator
from pathlib import Path

import brotli
import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Scope

from app.exchange.ldes.addresses import Target
from app.exchange.ldes.feed import LdesFeeds, Place
from app.web.data.feeds import FeedApp, choose_encoding
from app.web.edge.edge import Edge
from app.web.edge.problems import report
from tests.exchange.feed_log import ALL, GENT, FeedLog, feed_log

ROOT, FULL, OPEN = f"/ldes/{ALL}", f"/ldes/{ALL}/1", f"/ldes/{ALL}/3"
Get = Callable[..., httpx.Response]


def page(scope: Scope, place: Place) -> bytes:
    return f"<!doctype html><title>{place.feed}</title>".encode()


async def respond(request: Request, error: Exception) -> Response:
    told = report(error)
    body = told.body("", request.url.path, "")
    return JSONResponse(body, told.kind.status, dict(told.headers), "application/problem+json")


def asking(app: ASGIApp) -> Get:
    """Ask without a default Accept or Accept-Encoding, and see the bytes as they come."""

    def get(path: str, method: str = "GET", **headers: str) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app, raise_app_exceptions=True)
            async with httpx.AsyncClient(transport=transport, base_url="http://loket.test") as client:
                client.headers.clear()
                named = {name.replace("_", "-"): value for name, value in headers.items()}
                async with client.stream(method, path, headers=named) as response:
                    response._content = b"".join([chunk async for chunk in response.aiter_raw()])
                    return response

        return asyncio.run(ask())

    return get


@pytest.fixture
def source(tmp_path: Path) -> Iterator[FeedLog]:
    made = feed_log(tmp_path)
    made.register(*range(1, 26))
    yield made
    made.log.close()


@pytest.fixture
def feeds(source: FeedLog, tmp_path: Path) -> LdesFeeds:
    return source.feeds(tmp_path / "feeds")


@pytest.fixture
def get(feeds: LdesFeeds) -> Get:
    return asking(Edge(FeedApp(feeds, page), lambda: "kenmerk", respond))


TRIG, NQUADS, JSONLD = "application/trig", "application/n-quads", "application/ld+json"
TURTLE, NTRIPLES, HTML = "text/turtle", "application/n-triples", "text/html"
ACCEPTS = [
    ("", TRIG),
    ("*/*", TRIG),
    ("text/turtle", TURTLE),
    ("application/ld+json", JSONLD),
    ("application/json", JSONLD),
    ("application/n-triples;q=0.5, application/n-quads;q=0.9", NQUADS),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", HTML),
    # What ldes-client 0.3.0 sends.
    ("application/n-quads,application/trig;q=0.9,text/turtle;q=0.8,application/n-triples;q=0.7,*/*;q=0.1", NQUADS),
    ('text/turtle;profile="https://w3id.org/tree/profile", */*;q=0.1', TURTLE),
]


@pytest.mark.parametrize("path", ["/ldes", ROOT, FULL, OPEN])
@pytest.mark.parametrize(("accept", "media_type"), ACCEPTS)
def test_the_client_gets_what_it_likes_best(get: Get, path: str, accept: str, media_type: str) -> None:
    answer = get(path, accept=accept) if accept else get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert answer.headers["vary"] == "Accept, Accept-Encoding"


@pytest.mark.parametrize(
    ("suffix", "media_type"),
    [("trig", TRIG), ("nq", NQUADS), ("jsonld", JSONLD), ("ttl", TURTLE), ("nt", NTRIPLES), ("html", HTML)],
)
def test_a_suffix_wins_over_the_accept_header(get: Get, suffix: str, media_type: str) -> None:
    for path in ("/ldes", ROOT, FULL, OPEN, f"/ldes/{GENT}/1"):
        answer = get(f"{path}.{suffix}", accept="application/n-quads")
        assert answer.headers["content-type"].partition(";")[0] == media_type
        assert answer.headers["link"] == f'<http://loket.test{path}>; rel="canonical"'


STATUSES = [
    ("GET", f"/ldes/{ALL}/4", "*/*", 404),
    ("GET", f"/ldes/{ALL}/1.rdf", "*/*", 404),
    ("GET", "/ldes/producten", "*/*", 404),
    ("GET", f"/ldes/{ALL}/gemeente/99999", "*/*", 404),
    ("GET", f"/ldes/{ALL}/iets", "*/*", 404),
    ("GET", FULL, "image/png", 406),
    ("POST", ROOT, "*/*", 405),
    ("DELETE", FULL, "*/*", 405),
]


@pytest.mark.parametrize(("method", "path", "accept", "status"), STATUSES)
def test_what_cannot_be_is_a_problem_in_dutch(get: Get, method: str, path: str, accept: str, status: int) -> None:
    answer = get(path, method, accept=accept)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"].endswith(".")


@pytest.mark.parametrize("encoding", ["identity", "gzip", "br"])
def test_each_encoding_has_its_own_tag_and_the_same_content(get: Get, encoding: str) -> None:
    unpack = {"identity": bytes, "gzip": gzip.decompress, "br": brotli.decompress}[encoding]
    for path in (ROOT, FULL, OPEN):
        plain = get(path, accept=TRIG)
        packed = get(path, accept=TRIG, accept_encoding=encoding)
        assert unpack(packed.content) == plain.content
        assert packed.headers.get("content-encoding", "identity") == encoding
        assert (packed.headers["etag"] == plain.headers["etag"]) == (encoding == "identity")


ENCODINGS = [
    ("", "identity"),
    ("gzip", "gzip"),
    ("gzip, deflate, br", "br"),
    ("br;q=0, gzip", "gzip"),
    ("br;q=0.5, gzip;q=0.8", "gzip"),
    ("*", "br"),
    ("*;q=0", "identity"),
    ("deflate", "identity"),
    ("gzip;q=x", "identity"),
]


@pytest.mark.parametrize(("accepted", "encoding"), ENCODINGS)
def test_the_smallest_acceptable_encoding_is_chosen(accepted: str, encoding: str) -> None:
    assert choose_encoding(accepted) == encoding


def test_a_full_page_may_be_kept_for_ever_and_the_rest_for_seconds(get: Get) -> None:
    assert get(FULL).headers["cache-control"] == "public, max-age=31536000, immutable"
    for path in (ROOT, OPEN, "/ldes", f"{FULL}.html"):
        assert get(path).headers["cache-control"] == "public, max-age=5"


@pytest.mark.parametrize("path", [ROOT, FULL, OPEN, f"{FULL}.html"])
def test_who_has_it_already_gets_304(get: Get, path: str) -> None:
    tag = get(path).headers["etag"]
    for known in (tag, f'"anders", {tag}', f"W/{tag}", "*"):
        answer = get(path, if_none_match=known)
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == tag
        assert answer.headers["vary"] == "Accept, Accept-Encoding"
    assert get(path, if_none_match='"anders"').status_code == 200
    assert get(path, accept_encoding="br", if_none_match=tag).status_code == 200


def test_a_full_page_seen_before_is_answered_without_touching_anything(
    get: Get, source: FeedLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = get(FULL, accept_encoding="br")
    source.log.close()
    for path in (tmp_path / "feeds").rglob("*.br"):
        path.unlink()
    monkeypatch.setattr(LdesFeeds, "find", None)
    assert get(FULL, accept_encoding="br").content == first.content
    assert get(FULL, accept_encoding="br", if_none_match=first.headers["etag"]).status_code == 304


def test_the_open_page_and_the_root_follow_the_log(get: Get, source: FeedLog) -> None:
    root, page = get(ROOT), get(OPEN)
    source.register(26)
    assert get(ROOT, if_none_match=root.headers["etag"]).status_code == 304
    assert get(OPEN, if_none_match=page.headers["etag"]).status_code == 200
    source.register(*range(27, 32))
    assert get(ROOT, if_none_match=root.headers["etag"]).status_code == 200
    assert get(OPEN).headers["cache-control"].endswith("immutable")
    assert get(f"/ldes/{ALL}/4").status_code == 200


@pytest.mark.parametrize("path", [ROOT, FULL, OPEN])
def test_head_gives_the_same_headers_and_no_body(get: Get, path: str) -> None:
    whole, head = get(path, accept_encoding="gzip"), get(path, "HEAD", accept_encoding="gzip")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == whole.headers
    assert int(head.headers["content-length"]) == len(whole.content)


def test_a_page_in_a_browser_of_another_site_may_read_the_tag(get: Get) -> None:
    answer = get(FULL, origin="https://elders.example")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "ETag" in answer.headers["access-control-expose-headers"]


@pytest.mark.parametrize("path", [ROOT, FULL, "/ldes"])
def test_a_slash_too_many_is_sent_on(get: Get, path: str) -> None:
    answer = get(f"{path}/")
    assert (answer.status_code, answer.headers["location"]) == (301, path)


def test_a_rewritten_page_is_sent_on_to_its_new_address(get: Get, feeds: LdesFeeds) -> None:
    get(ROOT)
    new = feeds.retract(ALL, 2)
    assert get(ROOT).text.count(f"<{new}>") == 2
    answer = get(f"/ldes/{ALL}/2")
    assert (answer.status_code, answer.headers["location"]) == (301, new)
    assert get(new.removeprefix("http://loket.test")).status_code == 200


def test_many_who_ask_for_the_same_page_wait_for_one_making(feeds: LdesFeeds, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    represent = LdesFeeds.represent

    def counted(self: LdesFeeds, place: Place, suffix: str, encoding: str) -> bytes:
        made.append(place)
        return represent(self, place, suffix, encoding)

    monkeypatch.setattr(LdesFeeds, "represent", counted)
    app = FeedApp(feeds, page)

    async def ask() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://loket.test") as client:
            return await asyncio.gather(*(client.get(FULL) for _ in range(20)))

    answers = asyncio.run(ask())
    assert {answer.status_code for answer in answers} == {200}
    assert len(made) == 1


def test_too_many_at_once_are_asked_to_come_back(feeds: LdesFeeds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.web.data.feeds.WAITING", 0)
    get = asking(Edge(FeedApp(feeds, page), lambda: "kenmerk", respond))
    answer = get(FULL)
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "2"


def test_a_page_that_grows_is_found_anew_once_somebody_wrote(
    source: FeedLog, feeds: LdesFeeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Target] = []
    find = LdesFeeds.find

    def noted(self: LdesFeeds, target: Target) -> Place:
        asked.append(target)
        return find(self, target)

    monkeypatch.setattr(LdesFeeds, "find", noted)
    with source.log.database.marks() as written:
        get = asking(Edge(FeedApp(feeds, page, written=written), lambda: "kenmerk", respond))
        before = [get(OPEN, accept=NTRIPLES) for _ in range(3)]
        assert len({answer.content for answer in before}) == len(asked) == 1
        source.register(26)
        assert get(OPEN, accept=NTRIPLES).content != before[0].content
    assert len(asked) == 2
