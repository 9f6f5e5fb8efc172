"""A provider that lies, stumbles or is silent: whatever it does, nobody comes in who should not."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from app.errors import Refused, Unauthenticated, Unavailable
from app.exchange.oidc.introspection import Introspection
from app.exchange.oidc.login import Seal, check_id_token
from app.exchange.oidc.provider import Client, Provider, assertion

ISSUER, CLIENT, NONCE = "https://aanmelden.example/op", "loket", "eenmalig"
NOW = 1_790_000_000
KEY = RSAKey.generate_key(2048, {"kid": "een"})
OTHER = RSAKey.generate_key(2048, {"kid": "een"})
NEWER = RSAKey.generate_key(2048, {"kid": "twee"})
RIGHT = {"iss": ISSUER, "aud": CLIENT, "sub": "iemand", "exp": NOW + 300, "iat": NOW, "nonce": NONCE}
METADATA = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/auth",
    "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/keys",
    "introspection_endpoint": f"{ISSUER}/introspect",
}


class Fake(httpx.BaseTransport):
    """Answers what a test wants, at each address; counts the questions."""

    def __init__(self, **answers: Any) -> None:
        self.answers: dict[str, Any] = {"openid-configuration": METADATA, "keys": {"keys": [public(KEY)]}, **answers}
        self.asked: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.rpartition("/")[2]
        self.asked.append(name)
        answer = self.answers[name]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)


def public(key: RSAKey) -> dict[str, Any]:
    return dict(key.as_dict(private=False))


def provider(fake: Fake, clock: Callable[[], datetime] = lambda: datetime.fromtimestamp(NOW, UTC)) -> Provider:
    return Provider(ISSUER, Client(CLIENT, "geheim"), httpx.Client(transport=fake), clock, lambda: "nieuw")


def signed(key: RSAKey = KEY, alg: str = "RS256", **change: Any) -> str:
    claims = {name: value for name, value in {**RIGHT, **change}.items() if value is not None}
    return jwt.encode({"alg": alg, "kid": key.kid}, claims, key, algorithms=[alg])


def with_public_key_as_secret() -> str:
    """The classic: HMAC with what everybody knows; made by hand, for the library refuses."""
    head = encoded(json.dumps({"alg": "HS256", "kid": "een"}).encode())
    text = f"{head}.{signed().split('.')[1]}"
    return f"{text}.{encoded(hmac.digest(KEY.as_pem(private=False), text.encode(), 'sha256'))}"


def unsigned() -> str:
    return f"{encoded(json.dumps({'alg': 'none'}).encode())}.{signed().split('.')[1]}."


def encoded(part: bytes) -> str:
    return urlsafe_b64encode(part).decode().rstrip("=")


def test_a_right_token_tells_who_it_is() -> None:
    assert check_id_token(provider(Fake()), signed(), NONCE)["sub"] == "iemand"
    assert check_id_token(provider(Fake()), signed(aud=[CLIENT, "ander"], azp=CLIENT), NONCE)["sub"] == "iemand"


WRONG = {
    "another issuer": lambda: signed(iss="https://kwaad.example"),
    "for another client": lambda: signed(aud="ander"),
    "handed to another client": lambda: signed(azp="ander"),
    "expired": lambda: signed(exp=NOW - 60),
    "from the future": lambda: signed(iat=NOW + 3600),
    "another nonce": lambda: signed(nonce="van-een-ander"),
    "without nonce": lambda: signed(nonce=None),
    "without end": lambda: signed(exp=None),
    "without subject": lambda: signed(sub=None),
    "another key under the same name": lambda: signed(OTHER),
    "a weaker promise": lambda: signed(alg="RS512"),
    "the public key as a secret": with_public_key_as_secret,
    "unsigned": unsigned,
    "cut off": lambda: signed()[:-4],
    "no token": lambda: "",
}


@pytest.mark.parametrize("make", WRONG.values(), ids=WRONG)
def test_any_other_token_is_refused(make: Callable[[], str]) -> None:
    with pytest.raises(Refused):
        check_id_token(provider(Fake()), make(), NONCE)


def test_a_key_that_is_new_is_looked_up() -> None:
    fake = Fake()
    ours = provider(fake)
    check_id_token(ours, signed(), NONCE)
    fake.answers["keys"] = {"keys": [public(NEWER)]}
    assert check_id_token(ours, signed(NEWER), NONCE)["sub"] == "iemand"
    assert fake.asked.count("keys") == 2


BROKEN = {
    "silent": httpx.ConnectError("weg"),
    "slow": httpx.ReadTimeout("traag"),
    "broken": httpx.Response(500, text="stuk"),
    "moved": httpx.Response(302, headers={"location": "https://kwaad.example"}),
    "a page": httpx.Response(200, text="<html>"),
    "a list": httpx.Response(200, json=[]),
    "another issuer": {**METADATA, "issuer": "https://kwaad.example"},
    "without addresses": {"issuer": ISSUER},
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
def test_a_provider_that_does_not_say_where_it_is_cannot_be_used(answer: Any) -> None:
    with pytest.raises(Unavailable):
        provider(Fake(**{"openid-configuration": answer})).endpoints()


# --- Tokens of machines ----------------------------------------------------------------------------------------------


class Watch:
    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)


def test_an_active_token_is_remembered_for_a_minute_and_never_past_its_end() -> None:
    fake, watch = Fake(introspect={"active": True, "exp": NOW + 90, "scope": "x"}), Watch()
    introspection = Introspection(provider(fake, watch))
    for after, asked in ((0, 1), (59, 1), (61, 2), (89, 2)):
        watch.at = NOW + after
        assert introspection.claims("token")["scope"] == "x"
        assert fake.asked.count("introspect") == asked
    watch.at = NOW + 91
    with pytest.raises(Unauthenticated):
        introspection.claims("token")


@pytest.mark.parametrize(
    "answer",
    [{"active": False}, {}, {"active": "true"}, {"active": True, "exp": NOW}, {"active": True, "exp": "x"}],
)
def test_whatever_is_not_plainly_active_is_not(answer: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        Introspection(provider(Fake(introspect=answer))).claims("token")


@pytest.mark.parametrize(
    "answer",
    [httpx.ConnectError("weg"), httpx.Response(503), httpx.Response(401, json={"error": "invalid_client"}),
     httpx.Response(200, text="ja")],
)  # fmt: skip
def test_who_cannot_be_asked_lets_nobody_in(answer: Any) -> None:
    with pytest.raises(Unavailable):
        Introspection(provider(Fake(introspect=answer))).claims("token")


def test_what_was_remembered_ends_also_when_the_provider_is_silent() -> None:
    fake, watch = Fake(introspect={"active": True}), Watch()
    introspection = Introspection(provider(fake, watch))
    introspection.claims("token")
    fake.answers["introspect"] = httpx.ConnectError("weg")
    watch.at = NOW + 61
    with pytest.raises(Unavailable):
        introspection.claims("token")


def test_an_endless_token_is_not_asked_about() -> None:
    fake = Fake(introspect={"active": True})
    with pytest.raises(Unauthenticated):
        Introspection(provider(fake)).claims("x" * 9000)
    assert fake.asked == []


# --- Who we are -------------------------------------------------------------------------------------------------------


def test_our_proof_is_for_this_provider_short_and_used_once() -> None:
    found = jwt.decode(assertion(CLIENT, KEY, ISSUER, datetime.fromtimestamp(NOW, UTC), "een"), KEY).claims
    assert found == {"iss": CLIENT, "sub": CLIENT, "aud": ISSUER, "iat": NOW, "exp": NOW + 540, "jti": "een"}


def test_what_a_browser_keeps_opens_only_with_our_key() -> None:
    seal = Seal(bytes(32))
    kept = seal.close(b"geheim")
    assert seal.open(kept) == b"geheim"
    assert Seal(bytes(range(32))).open(kept) is None
    assert seal.open(kept[:-2]) is None
    assert seal.open("") is None


def test_no_secret_is_printed() -> None:
    shown = repr(Client(CLIENT, "geheim", KEY))
    assert "geheim" not in shown
    assert "RSAKey" not in shown
