"""Each request as a step that can be followed, part of the trace that its `traceparent` names.

https://www.w3.org/TR/trace-context/ and https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.store.spans import SERVER, Span, step

METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
CONTEXT = (b"traceparent", b"tracestate")


class Traced:
    """Wraps everything; `bare` are the first parts of addresses that have no route of their own."""

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute], bare: Iterable[str]) -> None:
        self._app, self._routes, self._bare = app, routes, tuple(bare)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        method = scope["method"] if scope["method"] in METHODS else "_OTHER"
        facts = {"http.request.method": method, "url.scheme": scope["scheme"]}
        with step(method, facts, SERVER, context_of(scope)) as span:
            scope.setdefault("state", {})["trace"] = span.trace
            try:
                await self._app(scope, receive, _noting(send, span))
            finally:
                if route := self._route(scope):
                    span.note({"http.route": route}, f"{method} {route}")
        return None

    def _route(self, scope: Scope) -> str:
        """The address with names in braces, never as it was asked."""
        first = f"/{scope['path'][1:].partition('/')[0].partition('.')[0]}"
        if first in self._bare:
            return first
        fitting = (route for route in self._routes if route.matches(scope)[0] is Match.FULL)
        return str(getattr(next(fitting, None), "path", ""))


def context_of(scope: Scope) -> dict[str, str]:
    """What the request says of the trace that it is a part of."""
    return {name.decode(): value.decode("latin-1") for name, value in scope["headers"] if name in CONTEXT}


def _noting(send: Send, span: Span) -> Send:
    async def noting(message: Message) -> None:
        if message["type"] == "http.response.start":
            span.note({"http.response.status_code": message["status"]})
            if message["status"] >= 500:
                span.fail(str(message["status"]))
        await send(message)

    return noting
