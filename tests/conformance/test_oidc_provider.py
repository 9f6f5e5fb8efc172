"""Logging in and tokens against a real provider: the certified npm package oidc-provider, set up as ACM/IDM is."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc.jwk import RSAKey

from app.bootstrap.entrance import open_entrance
from app.config import read_settings
from app.exchange.oidc.provider import assertion
from app.web.app import create_app
from tests.conformance.peers import OIDC_PROVIDER
from tests.running import PATIENCE, free_port, wait_for
from tests.web.login_world import KEY, Browser, Clock
from tests.web.world import BASE, open_world

pytestmark = pytest.mark.node
HERE = Path(__file__).parent
SECRET = "een geheim: met %2F en +"
PEOPLE = {
    "gent": {
        "vo_id": "1", "vo_doelgroepcode": "LB", "vo_orgcode": "0207451227", "vo_orgnaam": "Stad Gent",
        "dv_verenigingsregister_rol_3d": ["LoketLB-verenigingenGebruiker:0207451227"],
    },
    "niemand": {"vo_id": "2", "vo_doelgroepcode": "BUR", "rrn": "93051822361"},
}  # fmt: skip
MACHINES = {"crm": {"vo_orgcode": "0207451227", "niscode": "44021", "vo_orgnaam": "Stad Gent"}}


@dataclass(frozen=True)
class Running:
    """The provider, our key with it, and its process."""

    issuer: str
    key: RSAKey
    key_file: Path
    process: subprocess.Popen[str]


@contextmanager
def running(folder: Path, **environment: str) -> Iterator[Running]:
    entry = Path(OIDC_PROVIDER.command()[1])
    packages, port = entry.parents[2], free_port()
    key = RSAKey.generate_key(2048, {"kid": "loket"})
    key_file = folder / "sleutel.json"
    key_file.write_text(json.dumps(key.as_dict(private=True)))
    settings = folder / "provider.json"
    settings.write_text(json.dumps({"clients": clients(key), "people": PEOPLE, "machines": MACHINES}))
    command = ["node", str(HERE / "oidc_provider.mjs"), str(port), str(settings), str(packages)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ, **environment}
    ) as process:
        try:
            assert process.stdout is not None
            issuer = process.stdout.readline().strip()
            assert issuer
            wait_for(lambda: answers(issuer), "the provider did not start")
            yield Running(issuer, key, key_file, process)
        finally:
            process.terminate()


def clients(key: RSAKey) -> list[dict[str, Any]]:
    common = {
        "redirect_uris": [f"{BASE}/aanmelden/terug"], "post_logout_redirect_uris": [f"{BASE}/afgemeld"],
        "grant_types": ["authorization_code"], "response_types": ["code"],
    }  # fmt: skip
    jwks = {"keys": [key.as_dict(private=False)]}
    signing = {
        "token_endpoint_auth_method": "private_key_jwt", "jwks": jwks, "token_endpoint_auth_signing_alg": "RS256"
    }  # fmt: skip
    machine = {"redirect_uris": [], "response_types": [], "grant_types": ["client_credentials"]}
    scope = {"scope": "openid profile rrn vo dv_verenigingsregister"}
    return [
        {"client_id": "sleutel", **common, **signing, **scope},
        {"client_id": "geheim", "client_secret": SECRET, **common, **scope},
        {"client_id": "crm", **machine, **signing, "scope": "dv_verenigingsregister_beheer vo_info"},
    ]


def answers(issuer: str) -> bool:
    with suppress(httpx.TransportError):
        return httpx.get(f"{issuer}/jwks", timeout=30).status_code == 200
    return False


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("provider")) as found:
        yield found


@pytest.fixture(scope="module", params=["sleutel", "geheim"])
def service(
    request: pytest.FixtureRequest, provider: Running, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """A service that proves itself to the provider with a key, or with a secret."""
    yield from open_browser(provider, tmp_path_factory.mktemp(request.param), request.param)


@pytest.fixture
def browser(service: Browser) -> Browser:
    """That nobody used before."""
    service.cookies.clear()
    return service


def open_browser(provider: Running, folder: Path, client: str) -> Iterator[Browser]:
    proof = {"oidc_key": str(provider.key_file)} if client == "sleutel" else {"oidc_secret": SECRET}
    given = {
        "data": str(folder), "vault_key": KEY, "oidc_issuer": provider.issuer, "oidc_client": client, **proof,
        "oidc_scope": "openid profile rrn vo dv_verenigingsregister",
    }  # fmt: skip
    for world in open_world(folder):
        with httpx.Client(timeout=PATIENCE) as http:
            entrance = open_entrance(read_settings(given, {}), world.service.register, http)
            assert entrance is not None
            yield Browser(create_app(replace(world.service, identity=entrance, entrance=entrance)))


def logged_in(browser: Browser, person: str) -> httpx.Response:
    """To the provider with a browser of its own, and back."""
    question = f"{browser.begin()}&login_hint={person}"
    with httpx.Client(timeout=PATIENCE) as there:
        answer = there.get(question)
        while answer.is_redirect and not answer.headers["location"].startswith(BASE):
            answer = there.get(httpx.URL(question).join(answer.headers["location"]))
    return browser.follow(browser.get(answer.headers["location"]))


def token(provider: Running, scope: str = "dv_verenigingsregister_beheer vo_info") -> httpx.Response:
    proof = assertion("crm", provider.key, provider.issuer, Clock.real(), f"eenmalig-{time.monotonic_ns()}")
    form = {
        "grant_type": "client_credentials", "scope": scope, "client_id": "crm", "client_assertion": proof,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }  # fmt: skip
    return httpx.post(f"{provider.issuer}/token", data=form, timeout=PATIENCE)


def test_a_clerk_logs_in(browser: Browser) -> None:
    page = logged_in(browser, "gent")
    assert (page.url.path, "Gemeente Gent" in page.text) == ("/beheer", True)


def test_who_stands_for_no_association_may_found_one(browser: Browser) -> None:
    page = logged_in(browser, "niemand")
    assert (page.url.path, "/mijn-vereniging/nieuw" in page.text) == ("/mijn-vereniging", True)


def test_a_code_that_was_used_lets_nobody_in(browser: Browser, provider: Running) -> None:
    question = f"{browser.begin()}&login_hint=gent"
    kept = dict(browser.cookies)
    with httpx.Client(timeout=PATIENCE) as there:
        answer = there.get(question)
        while not answer.headers["location"].startswith(BASE):
            answer = there.get(httpx.URL(question).join(answer.headers["location"]))
    assert browser.get(answer.headers["location"]).status_code == 303
    browser.cookies.clear()
    browser.cookies.update(kept)
    assert browser.get(answer.headers["location"]).status_code == 400
    assert "loket_sessie" not in browser.cookies


def test_logging_out_goes_on_at_the_provider(browser: Browser) -> None:
    logged_in(browser, "gent")
    onward = browser.post("/afmelden").headers["refresh"].removeprefix("0; url=")
    assert httpx.get(onward, timeout=PATIENCE).status_code == 200
    assert browser.get("/beheer").status_code == 303


def test_claims_may_come_from_the_userinfo_endpoint(tmp_path: Path) -> None:
    with running(tmp_path, CLAIMS_IN_USERINFO="1") as provider:
        for browser in open_browser(provider, tmp_path, "sleutel"):
            assert logged_in(browser, "gent").url.path == "/beheer"


def test_a_machine_comes_with_a_token_of_the_provider(browser: Browser, provider: Running) -> None:
    found = token(provider).json()
    answer = browser.get("/wie-ben-ik", authorization=f"Bearer {found['access_token']}")
    assert (answer.status_code, answer.json()["gemeente"]) == (200, "44021")


def test_a_token_without_the_scope_may_nothing(browser: Browser, provider: Running) -> None:
    found = token(provider, "vo_info").json()
    assert browser.get("/wie-ben-ik", authorization=f"Bearer {found['access_token']}").status_code == 403


def test_a_token_that_was_revoked_or_made_up_is_refused(browser: Browser, provider: Running) -> None:
    found = token(provider).json()["access_token"]
    proof = assertion("crm", provider.key, provider.issuer, Clock.real(), f"intrekken-{time.monotonic_ns()}")
    form = {
        "token": found, "client_id": "crm", "client_assertion": proof,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }  # fmt: skip
    assert httpx.post(f"{provider.issuer}/token/revocation", data=form, timeout=PATIENCE).status_code == 200
    for each in (found, found[:-1], "verzonnen"):
        assert browser.get("/wie-ben-ik", authorization=f"Bearer {each}").status_code == 401


def test_without_the_provider_nobody_comes_in_and_what_is_public_goes_on(tmp_path: Path) -> None:
    with running(tmp_path) as provider:
        for browser in open_browser(provider, tmp_path, "sleutel"):
            found = token(provider).json()["access_token"]
            logged_in(browser, "gent")
            provider.process.terminate()
            provider.process.wait(timeout=20)
            assert browser.get("/wie-ben-ik", authorization=f"Bearer {found}").status_code == 503
            assert browser.get("/beheer").status_code == 200
            browser.cookies.clear()
            assert browser.get("/verenigingen").status_code == 200
