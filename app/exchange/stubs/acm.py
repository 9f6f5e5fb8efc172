"""A stand-in for ACM/IDM by itself: discovery, logging in as an invented person, tokens, introspection, logout, switch.

    python -m app.cli stub acm --port 9680 --loket http://127.0.0.1:8000
    python -m app.cli serve --oidc-issuer http://127.0.0.1:9680 --oidc-client loket   # secret: geheim-van-het-loket

Faults are asked for as `faults` says: POST /fail {"path": "/token", "statusCode": 500, "times": 1}.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit

import orjson

from app.errors import Refused
from app.exchange.oidc.demo_provider import DemoProvider
from app.exchange.stubs.faults import Faults
from app.exchange.stubs.magda import StubAnswer

JSON = {"content-type": "application/json", "cache-control": "no-store"}
HTML = {"content-type": "text/html; charset=utf-8", "cache-control": "no-store"}
PAGE = (
    '<!doctype html><html lang="nl"><title>Aanmelden (proef)</title><h1>Als wie meldt u zich aan?</h1>'
    "<p>Dit is een proefversie van ACM/IDM; deze mensen bestaan niet.</p><ul>{ways}</ul></html>"
)


@dataclass(frozen=True)
class AcmStub:
    """Answers over HTTP as the provider does."""

    provider: DemoProvider
    faults: Faults = field(default_factory=Faults)

    def answer(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> StubAnswer:
        """The answer to one request."""
        parts = urlsplit(path)
        if method == "POST" and (told := self.faults.told(parts.path, body)):
            return told
        if fault := self.faults.find(parts.path, body):
            return fault.answer(JSON)
        asked = dict(parse_qsl(parts.query))
        try:
            return self._page(parts.path, asked) or self._machine(method, parts.path, body, headers)
        except Refused as error:
            return StubAnswer(400, f"<!doctype html><title>Nee</title><p>{escape(error.title)}</p>".encode(), HTML)

    def _page(self, path: str, asked: dict[str, str]) -> StubAnswer | None:
        """What a browser comes for."""
        if path == "/auth":
            return self._choice(asked)
        if path.startswith("/als/"):
            return _to(self.provider.grant(asked, path.removeprefix("/als/")))
        return _to(self.provider.landing(asked)) if path == "/logout" else None

    def _choice(self, asked: dict[str, str]) -> StubAnswer:
        ways = "".join(
            f'<li><a href="/als/{escape(one.key)}?{escape(urlencode(asked))}">{escape(one.name)}</a> {escape(one.what)}'
            for one in self.provider.offered(asked)
        )
        return StubAnswer(200, PAGE.format(ways=ways).encode(), HTML)

    def _machine(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> StubAnswer:
        form = dict(parse_qsl(body.decode(errors="replace")))
        status, told = self.provider.answer(method, path, form, headers.get("authorization", ""))
        return StubAnswer(status, orjson.dumps(told), JSON)


def _to(address: str) -> StubAnswer:
    return StubAnswer(303, headers={"location": address, "cache-control": "no-store"})
