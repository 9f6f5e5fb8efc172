"""ACM/IDM as its stub by itself, over a real connection: logging in and out, tokens and faults."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape
from urllib.parse import urlsplit

import httpx
import pytest

from app.bootstrap.entrance import open_entrance
from app.cli.stubs import acm_stub, serve_asked
from app.config import read_settings
from app.exchange.stubs.acm import AcmStub
from app.exchange.stubs.faults import Fault
from app.web.app import create_app
from tests.running import PATIENCE, answering, free_port
from tests.web.login_world import KEY, Browser
from tests.web.world import BASE, open_world


@dataclass
class Scene:
    """The stub, its address and a service that logs in there."""

    stub: AcmStub
    issuer: str
    browser: Browser

    def log_in(self, name: str, hint: str = "") -> httpx.Response:
        """To the stub with a browser of its own, the person chosen on its page, and back."""
        begin = self.browser.get(f"/aanmelden/start?{hint}").headers["location"]
        with httpx.Client(timeout=PATIENCE) as there:
            page = there.get(begin)
            link = re.search(rf'href="([^"]+)">[^<]*{name}', page.text)
            assert link, page.text
            answer = there.get(f"{self.issuer}{unescape(link[1])}")
        return self.browser.follow(self.browser.get(answer.headers["location"]))


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder, port = tmp_path_factory.mktemp("acm"), free_port()
    issuer = f"http://127.0.0.1:{port}"
    stub = acm_stub(issuer, BASE)
    with answering(serve_asked(stub.answer, port=port)):
        given = {
            "data": str(folder), "vault_key": KEY, "oidc_issuer": issuer, "oidc_client": "loket",
            "oidc_secret": "geheim-van-het-loket",
        }  # fmt: skip
        for world in open_world(folder):
            with httpx.Client(timeout=PATIENCE) as http:
                entrance = open_entrance(read_settings(given, {}), world.service.register, http)
                app = create_app(replace(world.service, identity=entrance, entrance=entrance))  # type: ignore[arg-type]
                yield Scene(stub, issuer, Browser(app))


def test_somebody_logs_in_and_out_at_the_stub(scene: Scene) -> None:
    person = next(one for one in scene.stub.provider.people.values() if one.audience == "LB")
    page = scene.log_in(person.name.split(",")[0])
    assert page.url.path in ("/beheer", "/wisselen")
    address = scene.browser.post("/afmelden").headers["refresh"].partition("url=")[2]
    assert (urlsplit(address).netloc, urlsplit(address).path) == (urlsplit(scene.issuer).netloc, "/logout")
    with httpx.Client(timeout=PATIENCE) as there:
        assert there.get(address).headers["location"] == f"{BASE}/afgemeld"


def test_a_machine_gets_a_token_and_is_known_by_it(scene: Scene) -> None:
    form = {"grant_type": "client_credentials", "client_id": "demo-gent", "client_secret": "geheim-van-gent"}
    token = httpx.post(f"{scene.issuer}/token", data=form, timeout=PATIENCE).json()["access_token"]
    answer = scene.browser.ask("GET", "/wie-ben-ik", None, {"authorization": f"Bearer {token}"})
    assert "Gent" in answer.text


@pytest.mark.parametrize("fault", [Fault("/token", 500), Fault("/token", malformed=True), Fault("/token", 429)])
def test_when_it_fails_nobody_comes_in_and_the_page_says_so(scene: Scene, fault: Fault) -> None:
    scene.browser.cookies.clear()
    scene.stub.faults.add(fault)
    try:
        person = next(iter(scene.stub.provider.people.values()))
        answer = scene.log_in(person.name.split(",")[0])
    finally:
        scene.stub.faults.clear()
    assert answer.status_code in (400, 503)
    assert "aanmelddienst" in answer.text
    assert scene.browser.get("/beheer").status_code in (303, 401)


def test_a_question_that_is_not_right_gets_no_choice(scene: Scene) -> None:
    assert httpx.get(f"{scene.issuer}/auth?client_id=vreemd", timeout=PATIENCE).status_code == 400
    assert httpx.get(f"{scene.issuer}/nergens", timeout=PATIENCE).status_code == 404
