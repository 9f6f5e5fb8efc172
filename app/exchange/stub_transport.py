"""Stubs of other registers behind an HTTP client, without a network: for the demonstration."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from app.exchange.stub_magda import SLOW, Answer


class StubTransport(httpx.BaseTransport):
    """Hands each request to the stub of its host; a host without one cannot be reached."""

    def __init__(self, stubs: Mapping[str, Answer]) -> None:
        self._stubs = stubs

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        stub = self._stubs.get(request.url.host)
        if stub is None:
            raise httpx.ConnectError("no such stub", request=request)
        found = stub(request.method, request.url.raw_path.decode(), request.read())
        if found.seconds >= SLOW:
            raise httpx.ReadTimeout("the stub never answers", request=request)
        return httpx.Response(found.status, headers=dict(found.headers), content=found.body)
