"""Documents in data formats: the short road says what the site says, and what was written is told at once."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from app.store.database import Database
from app.web import entities
from app.web.app import create_app
from tests.web.conftest import HARMONY, HIDDEN, REMOVED, fill
from tests.web.world import World, harmony, open_world

DOC = f"/doc/vereniging/{HARMONY}"
PATHS = (
    *(DOC, f"{DOC}.jsonld", f"{DOC}.ttl", f"{DOC}.rdf", f"{DOC}.html", f"{DOC}?versie=1", f"{DOC}/historiek"),
    *(DOC.lower(), f"/doc/vereniging/{HIDDEN}", f"/doc/vereniging/{REMOVED}", f"{DOC}.pdf", "/doc/onbekend/1"),
    *("/doc/categorie/hoofdactiviteit", "/doc/vereniging/niets", "/doc/vereniging/", "/doc/"),
)
ACCEPTED = ("", "*/*", "text/turtle", "text/html", "image/png", "text/turtle;q=0.4, application/rdf+xml;q=0.8")
CONDITIONS: tuple[dict[str, str], ...] = (
    {},
    {"accept-encoding": "gzip"},
    {"if-none-match": "*"},
    {"if-none-match": '"elders"'},
    {"if-modified-since": "Fri, 01 Jan 2100 00:00:00 GMT"},
    {"if-modified-since": "Sat, 01 Jan 2000 00:00:00 GMT"},
    {"accept-datetime": "Fri, 01 Jan 2100 00:00:00 GMT"},
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    worlds = open_world(tmp_path_factory.mktemp("documents"))
    world = next(worlds)
    fill(world)
    with world.service.log.database.marks() as written:
        yield replace(world, service=replace(world.service, written=written))
    next(worlds, None)


def ask(app: ASGIApp, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    async def go() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as client:
            client.headers.clear()
            named = {name.replace("_", "-"): value for name, value in headers.items() if value}
            return await client.request(method, path, headers=named)

    return asyncio.run(go())


def told(answer: httpx.Response) -> tuple[object, ...]:
    own = {"x-correlation-id", "content-length"} if answer.status_code >= 400 else {"x-correlation-id"}
    headers = sorted(pair for pair in answer.headers.items() if pair[0] not in own)
    return answer.status_code, headers, answer.content if answer.status_code < 400 else b""


@pytest.mark.parametrize("path", PATHS)
def test_the_short_road_says_what_the_site_says(world: World, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    short = create_app(world.service)
    monkeypatch.setattr("app.web.app.DocumentApp", lambda site, *rest: site)
    whole = create_app(world.service)
    for accept in ACCEPTED:
        for condition in CONDITIONS:
            answers = [ask(app, path, accept=accept, **condition) for app in (short, whole)]
            assert told(answers[0]) == told(answers[1]), (accept, condition)
        assert told(ask(short, path, "HEAD", accept=accept)) == told(ask(whole, path, "HEAD", accept=accept))


def test_a_log_that_would_let_us_wait_is_asked_in_a_thread(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[bool] = []
    document = entities.document

    def noted(request: Any) -> Any:
        threads.append(threading.current_thread() is threading.main_thread())
        return document(request)

    monkeypatch.setattr(entities, "document", noted)
    at_once = ask(create_app(world.service), DOC)
    monkeypatch.setattr(Database, "has_room", lambda database: False)
    assert told(ask(create_app(world.service), DOC)) == told(at_once)
    assert threads == [True, False]


def test_who_has_it_is_told_so(world: World) -> None:
    app = create_app(world.service)
    tag = ask(app, DOC).headers["etag"]
    for known in (tag, f"W/{tag}", f'"elders", {tag}'):
        answer = ask(app, DOC, if_none_match=known)
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
        assert "content-length" not in answer.headers


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The documents that were made, by path."""
    paths: list[str] = []
    document = entities.document

    def noted(request: Any) -> Any:
        paths.append(request.url.path)
        return document(request)

    monkeypatch.setattr(entities, "document", noted)
    yield paths


def test_what_nobody_wrote_about_since_is_made_once_in_each_format(world: World, made: list[str]) -> None:
    app = create_app(world.service)
    for _ in range(3):
        assert ask(app, DOC).headers["content-type"] == "application/ld+json"
        assert ask(app, DOC, accept="text/turtle").headers["content-type"].startswith("text/turtle")
        assert ask(app, f"{DOC}.nt").status_code == 200
    assert sorted(made) == sorted([DOC, DOC, f"{DOC}.nt"])


def test_what_is_written_is_told_at_once(world: World, made: list[str]) -> None:
    app = create_app(world.service)
    before = ask(app, f"{DOC}.nt")
    world.put(HARMONY, {**harmony(world), "naam": "Fanfare De Verzonnen Weerklank"})
    after = ask(app, f"{DOC}.nt", if_none_match=before.headers["etag"])
    assert after.status_code == 200 and "Fanfare" in after.text
    assert len(made) == 2


def test_where_nobody_can_tell_what_was_written_all_is_made_anew(world: World, made: list[str]) -> None:
    app = create_app(replace(world.service, written=object))
    assert [ask(app, DOC).status_code for _ in range(3)] == [200] * 3
    assert len(made) == 3
