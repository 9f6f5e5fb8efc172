"""Stubs of other registers behind an HTTP client, without a network: for the demonstration."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import httpx

from app.exchange.stubs.magda import SLOW, Answer, StubAnswer

Asked = Callable[[str, str, bytes, Mapping[str, str]], StubAnswer]
"""Answers by method, path, body and headers, the names of these in lower case."""


class StubTransport(httpx.BaseTransport):
    """Hands each request to the stub of its host; a host without one cannot be reached."""

    def __init__(self, stubs: Mapping[str, Answer], asked: Mapping[str, Asked] | None = None) -> None:
        self._stubs = stubs
        self._asked = asked or {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        found = self._found(request)
        if found is None:
            raise httpx.ConnectError("no such stub", request=request)
        if found.seconds >= SLOW:
            raise httpx.ReadTimeout("the stub never answers", request=request)
        return httpx.Response(found.status, headers=dict(found.headers), content=found.body)

    def _found(self, request: httpx.Request) -> StubAnswer | None:
        path, host = request.url.raw_path.decode(), request.url.host
        if asked := self._asked.get(host):
            headers = {name.lower(): value for name, value in request.headers.items()}
            return asked(request.method, path, request.read(), headers)
        stub = self._stubs.get(host)
        return stub(request.method, path, request.read()) if stub else None
