"""What every answer bears, and what the log tells of it."""

from __future__ import annotations

import asyncio
import re

import httpx
import pytest
import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from app.errors import Unavailable
from app.web.edge.edge import Edge
from tests.web.conftest import Ask

EVERYWHERE = ("/", "/doc/vereniging/V0001001", "/bestaat-niet", "/health", "/ldes/verenigingen", "/static/site.css")


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_bears_the_security_headers(ask: Ask, path: str) -> None:
    headers = ask(path).headers
    policy = headers["content-security-policy"]
    assert "unsafe-inline" not in policy
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"]


def test_a_correlation_id_is_given_back(ask: Ask) -> None:
    assert ask("/", x_correlation_id="abc-123").headers["x-correlation-id"] == "abc-123"


@pytest.mark.parametrize("given", ["", "x" * 65, "een\tander", "<script>"])
def test_a_missing_or_odd_correlation_id_is_replaced(ask: Ask, given: str) -> None:
    assert re.fullmatch(r"kenmerk-\d+", ask("/", x_correlation_id=given).headers["x-correlation-id"])


def test_any_site_may_read_the_data(ask: Ask) -> None:
    headers = ask("/doc/vereniging/V0001001", origin="https://elders.example").headers
    assert headers["access-control-allow-origin"] == "*"
    assert "ETag" in headers["access-control-expose-headers"]


def test_a_browser_may_ask_beforehand(ask: Ask) -> None:
    answer = ask("/sparql", "OPTIONS", origin="https://elders.example", access_control_request_method="POST")
    assert answer.status_code == 204
    assert "POST" in answer.headers["access-control-allow-methods"]


def test_a_head_request_gets_the_headers_and_no_body(ask: Ask) -> None:
    full, head = ask("/doc/vereniging/V0001001"), ask("/doc/vereniging/V0001001", "HEAD")
    assert head.content == b""
    assert head.headers["etag"] == full.headers["etag"]
    assert head.headers["content-length"] == str(len(full.content))


def test_the_log_holds_no_query_string(ask: Ask) -> None:
    with structlog.testing.capture_logs() as lines:
        ask("/verenigingen?naam=Jan+Peeters", x_correlation_id="k1")
    (line,) = (line for line in lines if line["event"] == "request")
    assert "Peeters" not in str(lines)
    assert (line["path"], line["status"], line["correlation"]) == ("/verenigingen", 200, "k1")
    assert line["ms"] >= 0 and line["bytes"] > 0


async def respond(request: Request, error: Exception) -> Response:
    return PlainTextResponse(type(error).__name__, 503)


def through_edge(app: object, path: str = "/sparql") -> tuple[httpx.Response, list[dict[str, object]]]:
    async def go() -> httpx.Response:
        edge = Edge(app, lambda: "k", respond, busy=("/sparql",))  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=httpx.ASGITransport(edge), base_url="http://x") as client:
            return await client.get(path)

    with structlog.testing.capture_logs() as lines:
        return asyncio.run(go()), lines  # type: ignore[return-value]


async def fine(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("ja")(scope, receive, send)


async def overloaded(scope: Scope, receive: Receive, send: Send) -> None:
    raise Unavailable("Te druk.")


async def broken(scope: Scope, receive: Receive, send: Send) -> None:
    raise KeyError("85.01.01-001.23")


def test_a_busy_path_is_logged_only_when_it_fails() -> None:
    assert through_edge(fine)[1] == []
    assert len(through_edge(fine, "/elders")[1]) == 1
    assert [line["status"] for line in through_edge(overloaded)[1]] == [503]


def test_an_unexpected_error_is_logged_by_place_and_without_its_text() -> None:
    answer, lines = through_edge(broken)
    assert answer.status_code == 503
    unexpected = next(line for line in lines if line["event"] == "unexpected")
    assert unexpected["error"] == "KeyError" and "test_edge.py" in str(unexpected["at"])
    assert "85.01.01" not in str(lines)
