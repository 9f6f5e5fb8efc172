"""A service with the provider of the demonstration, and browsers that keep cookies."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
from starlette.types import ASGIApp

from app.bootstrap.entrance import RETURN_PATH, open_entrance
from app.cli.demo import with_provider
from app.config import read_settings
from app.exchange.oidc.demo_provider import DemoProvider, InProcess, Loket, read_cast
from app.exchange.oidc.entrance import Entrance
from app.web.app import create_app
from app.web.demo_pages import AT, routes
from tests.web.world import BASE, ROOT, World, minter, open_world

KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 26, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    @staticmethod
    def real() -> datetime:
        """For who talks to a provider with a clock of its own."""
        return datetime.now(UTC)

    def move(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass(frozen=True)
class LoginWorld:
    """The service, its provider, and the clock of both."""

    world: World
    provider: DemoProvider
    entrance: Entrance
    clock: Clock

    def app(self) -> ASGIApp:
        return create_app(self.world.service, routes(self.provider))

    def browser(self) -> Browser:
        return Browser(self.app())

    def token(self, client: str, secret: str, scope: str = "dv_verenigingsregister_beheer") -> str:
        form = {"grant_type": "client_credentials", "scope": scope, "client_id": client, "client_secret": secret}
        status, body = self.provider.answer("POST", "/token", form, "")
        assert status == 200, body
        return str(body["access_token"])


class Browser:
    """Keeps cookies as a browser does, follows nothing by itself, and sends what browsers send."""

    def __init__(self, app: ASGIApp) -> None:
        self._app: Any = app
        self.cookies = httpx.Cookies()

    def get(self, address: str, **headers: str) -> httpx.Response:
        return self.ask("GET", address, None, {"accept": "text/html", **headers})

    def post(self, address: str, form: dict[str, str] | None = None, **headers: str) -> httpx.Response:
        sent = {"accept": "text/html", "sec-fetch-site": "same-origin", **headers}
        return self.ask("POST", address, form, sent)

    def ask(self, method: str, address: str, form: dict[str, str] | None, headers: dict[str, str]) -> httpx.Response:
        async def go() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(transport=transport, base_url=BASE, cookies=self.cookies) as client:
                answer = await client.request(method, address, data=form, headers=headers)
                self.cookies = client.cookies
                return answer

        return asyncio.run(go())

    def follow(self, answer: httpx.Response) -> httpx.Response:
        """On to where an answer sends us, until it does no more."""
        while answer.is_redirect:
            answer = self.get(answer.headers["location"])
        return answer

    def log_in(self, person: str, back: str = "/") -> httpx.Response:
        """Through the provider, as this person, to the first page."""
        return self.follow(self.get(self.chosen(self.begin(back), person)))

    def begin(self, back: str = "/") -> str:
        """Where the provider is asked who this is."""
        return self.get(f"/aanmelden/start?{urlencode({'terug': back})}").headers["location"]

    def chosen(self, question: str, person: str) -> str:
        """The link by which somebody says there to be this person."""
        return f"{AT}/als/{person}?{question.partition('?')[2]}"


def open_login_world(folder: Path) -> Iterator[LoginWorld]:
    """With the people of `fixtures/mensen.json`."""
    for world in open_world(folder):
        clock = Clock()
        loket = Loket("loket", "een-geheim", BASE + RETURN_PATH, f"{BASE}/afgemeld")
        cast = read_cast(ROOT / "fixtures" / "mensen.json")
        provider = DemoProvider(BASE + AT, loket, cast, clock, minter())
        settings = with_provider(read_settings({"data": str(folder), "vault_key": KEY}, {}), provider)
        http = httpx.Client(transport=InProcess(provider))
        entrance = open_entrance(settings, world.service.register, http, clock)
        assert entrance is not None
        service = replace(world.service, identity=entrance, entrance=entrance)
        yield LoginWorld(replace(world, service=service), provider, entrance, clock)
