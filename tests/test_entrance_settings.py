"""The settings of logging in: what is missing or wrong is told by its name, before anybody is let in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import httpx
import pytest
from joserfc.jwk import RSAKey

from app.bootstrap.entrance import claim_names, open_entrance, organisations_of
from app.config import Settings, read_settings
from app.errors import BadSetting
from app.register.register import Register
from tests.register.builders import make_log, make_register, make_tools
from tests.web.login_world import KEY

KEYS = RSAKey.generate_key(2048)
RIGHT = {"vault_key": KEY, "oidc_issuer": "https://aanmelden.example/op", "oidc_client": "loket", "oidc_secret": "x"}


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    log = make_log(tmp_path_factory.mktemp("settings"))
    yield make_register(make_tools(), log)
    log.close()


def opened(register: Register, **given: str) -> object:
    with httpx.Client() as http:
        return open_entrance(read_settings(given, {}), register, http)


def test_without_a_provider_nobody_can_log_in(register: Register) -> None:
    assert opened(register, vault_key=KEY) is None


def test_nothing_is_asked_of_the_provider_before_it_is_needed(register: Register) -> None:
    assert opened(register, **RIGHT) is not None


WRONG = [
    ({"oidc_client": ""}, "oidc_client"),
    ({"oidc_secret": ""}, "oidc_key"),
    ({"oidc_key": "/bestaat/niet.json"}, "oidc_key"),
    ({"oidc_claims": "rollen"}, "oidc_claims"),
    ({"oidc_claims": "schoenmaat=x"}, "schoenmaat"),
    ({"oidc_roles": "Baas=koning"}, "koning"),
    ({"oidc_organisations": "OVO002949"}, "oidc_organisations"),
]


@pytest.mark.parametrize(("change", "named"), WRONG)
def test_a_wrong_setting_is_named(register: Register, change: dict[str, str], named: str) -> None:
    with pytest.raises(BadSetting, match=named):
        opened(register, **{**RIGHT, **change})


@pytest.mark.parametrize("form", ["jwk", "pem"])
def test_a_key_may_be_a_jwk_or_pem(register: Register, tmp_path: Path, form: str) -> None:
    path = tmp_path / "sleutel"
    path.write_text(json.dumps(KEYS.as_dict(private=True)) if form == "jwk" else KEYS.as_pem(private=True).decode())
    assert opened(register, **{**RIGHT, "oidc_secret": "", "oidc_key": str(path)}) is not None


def test_a_public_key_is_not_enough(register: Register, tmp_path: Path) -> None:
    path = tmp_path / "sleutel"
    path.write_text(json.dumps(KEYS.as_dict(private=False)))
    with pytest.raises(BadSetting, match="private"):
        opened(register, **{**RIGHT, "oidc_key": str(path)})


def test_names_of_claims_and_roles_are_those_of_acm_unless_said_otherwise() -> None:
    settings = read_settings({"oidc_claims": "rollen=abb_loketverenigingenapp_rol_3d", "oidc_organisations": ""}, {})
    names = claim_names(settings)
    assert (names.rollen, names.organisatie) == ("abb_loketverenigingenapp_rol_3d", "vo_orgcode")
    assert organisations_of(read_settings({}, {})) == {"OVO002949": "beheerder"}


def test_no_secret_is_a_setting_with_a_default() -> None:
    defaults = {each.name: each.default for each in fields(Settings)}
    assert defaults["oidc_secret"] == defaults["token_secret"] == ""
    assert "geheim" not in repr(read_settings({"oidc_secret": "geheim", "token_secret": "geheim"}, {}))
