"""What every answer gets: a correlation id, headers, one log line, and problems in place of exceptions.

Bare ASGI, because it also stands in front of the SPARQL endpoint and the feeds, where every microsecond is counted.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterable, Sequence
from time import perf_counter
from typing import Any, Protocol

import structlog
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import LoketError
from app.web.edge.budget import Account

CORRELATION = b"x-correlation-id"
ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
# Pages need nothing from elsewhere and no script or style between their lines; a page that needs more sends its own
# policy. https://www.w3.org/TR/CSP3/
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
STANDING = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"ETag, Last-Modified, Link, Location, OData-Version, Preference-Applied, RateLimit, "
        b"RateLimit-Policy, Retry-After, VR-Sequence, X-Correlation-Id",
    ),
)
PREFLIGHT = {
    "access-control-allow-methods": "GET, HEAD, POST, PATCH, DELETE, OPTIONS",
    "access-control-allow-headers": (
        "Accept, Accept-Datetime, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, "
        "OData-MaxVersion, OData-Version, Prefer, VR-Api-Key, VR-Api-Version, VR-BevestigingsToken, VR-Initiator, "
        "X-Correlation-Id, X-Request-Reason"
    ),
    "access-control-max-age": "86400",
}
# For two years, as browsers' own lists ask: https://hstspreload.org/
ONLY_TLS = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")
SLOW_MS = 1000

log = structlog.get_logger("web")
Observe = Callable[[str, str, int, float, int], None]


class Respond(Protocol):
    """Turns an error into an answer."""

    async def __call__(self, request: Request, error: Exception) -> Response: ...


class Edge:
    """Wraps the whole application; paths under `busy` are logged only when they fail or take long.

    `secure` when the public address is https: then browsers are told to ask in no other way; `observe` is told of each
    answer: its path, method, status, seconds and bytes.
    """

    def __init__(
        self,
        app: ASGIApp,
        mint: Callable[[], str],
        respond: Respond,
        busy: Sequence[str] = (),
        secure: bool = False,
        observe: Observe | None = None,
        policy: str = POLICY,
    ) -> None:
        self._app = app
        self._mint = mint
        self._respond = respond
        self._observe = observe
        self._busy = tuple(busy)
        self._standing = ((b"content-security-policy", policy.encode()), *STANDING, *((ONLY_TLS,) if secure else ()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        exchange = Exchange(scope, send, self._correlation(scope), self._standing)
        try:
            await self._answer(scope, receive, exchange)
        except Exception as error:
            await self._fail(error, scope, receive, exchange)
        finally:
            self._note(scope, exchange)
        return None

    async def _answer(self, scope: Scope, receive: Receive, exchange: Exchange) -> None:
        if scope["method"] == "OPTIONS" and "access-control-request-method" in Headers(scope=scope):
            return await Response(status_code=204, headers=PREFLIGHT)(scope, receive, exchange.send)
        return await self._app(scope, receive, exchange.send)

    async def _fail(self, error: Exception, scope: Scope, receive: Receive, exchange: Exchange) -> None:
        if not isinstance(error, LoketError | HTTPException):
            log.error("unexpected", correlation=exchange.correlation, error=type(error).__name__, at=places(error))
        if exchange.ended:
            return
        if exchange.status:
            # Half an answer is out: breaking off is the only honest signal that is left.
            raise error
        response = await self._respond(Request(scope, receive), error)
        await response(scope, receive, exchange.send)

    def _correlation(self, scope: Scope) -> str:
        state = scope.setdefault("state", {})
        given = next((value for name, value in scope["headers"] if name == CORRELATION), b"").decode("latin-1")
        # Who follows traces finds the lines of one by its name.
        id = state.get("trace") or (given if ACCEPTABLE_ID.fullmatch(given) else self._mint())
        state["correlation"] = id
        # For every line that is logged while this request is answered, wherever that is.
        structlog.contextvars.bind_contextvars(correlation=id)
        return id

    def _note(self, scope: Scope, exchange: Exchange) -> None:
        took = exchange.milliseconds()
        if self._observe is not None:
            self._observe(scope["path"], scope["method"], exchange.status, took / 1000, exchange.bytes)
        busy = scope["path"].startswith(self._busy) if self._busy else False
        if busy and exchange.status < 400 and took < SLOW_MS:
            return
        # No query string and no client address: both can be, or name, a person.
        write = log.error if exchange.status >= 500 else log.info
        write(
            "request",
            method=scope["method"],
            path=scope["path"],
            status=exchange.status,
            bytes=exchange.bytes,
            ms=round(took, 1),
            correlation=exchange.correlation,
        )


class Exchange:
    """One answer on its way out."""

    def __init__(
        self, scope: Scope, send: Send, correlation: str, standing: Sequence[tuple[bytes, bytes]] = STANDING
    ) -> None:
        self._send = send
        self._standing = standing
        self._state = scope["state"]
        self._head = scope["method"] == "HEAD"
        self._started = perf_counter()
        self.correlation = correlation
        self.status = 0
        self.bytes = 0
        self.ended = False

    async def send(self, message: Message) -> None:
        """Adds the standing headers that the answer does not set itself; a HEAD request gets no body."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = self._headers(list(message.get("headers", ())))
        elif message["type"] == "http.response.body":
            if self._head:
                message = {**message, "body": b""}
            self.bytes += len(message.get("body", b""))
            self.ended = not message.get("more_body", False)
        await self._send(message)

    def milliseconds(self) -> float:
        return (perf_counter() - self._started) * 1000

    def _headers(self, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        own: set[Any] = {name for name, _ in headers}
        headers.extend(pair for pair in self._standing if pair[0] not in own)
        account: Account | None = self._state.get("account")
        if account is not None and not shared(headers):
            headers.extend(account.headers())
        if CORRELATION not in own:
            headers.append((CORRELATION, self.correlation.encode()))
        return headers


def shared(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether a cache may hand this answer to others, who have budgets of their own."""
    return any(name == b"cache-control" and b"public" in value for name, value in headers)


def places(error: Exception) -> list[str]:
    """Where an error came from; not its text, which could hold a personal value."""
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
