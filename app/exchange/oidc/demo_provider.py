"""A small OpenID Connect provider with invented people, for `demo` alone: whoever asks may be anybody.

It speaks as ACM/IDM does (code flow with PKCE, directed login, client credentials, introspection, logout with switch),
so that the rest of the service need not know that it is not. `serve` has no way to it, and a test holds that.
Everything it knows is in memory and gone when it stops.
"""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hmac import compare_digest
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

import httpx
import orjson
from joserfc import jwt
from joserfc.jwk import RSAKey

from app.errors import Refused
from app.exchange.oidc.login import challenge

CODE_SECONDS, TOKEN_SECONDS = 60, 3600
MOST_KEPT = 1000
Answer = tuple[int, dict[str, Any]]


@dataclass(frozen=True)
class DemoPerson:
    """Somebody to be; `audience` is how they come in (LB, BUR, …)."""

    key: str
    name: str
    what: str
    audience: str
    claims: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class DemoMachine:
    """A client that gets tokens for itself."""

    client: str
    secret: str = field(repr=False)
    scopes: frozenset[str]
    claims: Mapping[str, Any]


@dataclass(frozen=True)
class Loket:
    """The one client that people log in to."""

    client: str
    secret: str = field(repr=False)
    return_address: str
    landing: str


def read_cast(path: Path) -> tuple[tuple[DemoPerson, ...], tuple[DemoMachine, ...]]:
    """Who there is to be."""
    cast = orjson.loads(path.read_bytes())
    people = (DemoPerson(p["sleutel"], p["naam"], p["wie"], p["doelgroep"], p["claims"]) for p in cast["mensen"])
    machines = (DemoMachine(m["client"], m["geheim"], frozenset(m["scopes"]), m["claims"]) for m in cast["machines"])
    return tuple(people), tuple(machines)


class DemoProvider:
    """Hands out codes and tokens for invented people and machines."""

    def __init__(
        self,
        issuer: str,
        loket: Loket,
        cast: tuple[tuple[DemoPerson, ...], tuple[DemoMachine, ...]],
        clock: Callable[[], datetime],
        mint: Callable[[], str],
    ) -> None:
        self.issuer = issuer
        self.loket = loket
        self.people = {person.key: person for person in cast[0]}
        self._machines = {machine.client: machine for machine in cast[1]}
        self._clock = clock
        self._mint = mint
        self._key = RSAKey.generate_key(2048, {"kid": "demo", "use": "sig", "alg": "RS256"})
        self._codes: dict[str, tuple[float, DemoPerson, dict[str, str]]] = {}
        self._tokens: dict[str, tuple[float, dict[str, Any]]] = {}

    def answer(self, method: str, path: str, form: Mapping[str, str], authorization: str) -> Answer:
        """What a machine asks, as it would over HTTP: status and JSON."""
        if method == "GET":
            found = {"/.well-known/openid-configuration": self.metadata, "/keys": self.keys}.get(path)
            return (200, found()) if found else (404, {"error": "not_found"})
        client = self._client(form, authorization)
        if client is None:
            return 401, {"error": "invalid_client"}
        asked = {"/token": self._token, "/introspect": self._introspect}.get(path)
        return asked(client, form) if asked else (404, {"error": "not_found"})

    def metadata(self) -> dict[str, Any]:
        """What discovery tells: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "introspection_endpoint": f"{self.issuer}/introspect",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/logout",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
        }

    def keys(self) -> dict[str, Any]:
        """The public keys by which its tokens can be checked."""
        return {"keys": [self._key.as_dict(private=False)]}

    def offered(self, asked: Mapping[str, str]) -> tuple[DemoPerson, ...]:
        """Whom to choose from; raises Refused for a question that a provider must not answer."""
        right = {"client_id": self.loket.client, "redirect_uri": self.loket.return_address, "response_type": "code"}
        if any(asked.get(name) != value for name, value in right.items()) or not asked.get("code_challenge"):
            raise Refused("De vraag om aan te melden is niet juist.")
        wanted = _capacity(asked.get("login_hint", ""))
        found = tuple(person for person in self.people.values() if person.audience == wanted)
        return found or tuple(self.people.values())

    def grant(self, asked: Mapping[str, str], key: str) -> str:
        """Where to go as this person; raises Refused."""
        self.offered(asked)
        person = self.people.get(key)
        if person is None:
            raise Refused("Deze persoon is er niet.")
        code = self._mint()
        _put(self._codes, code, (self._now() + CODE_SECONDS, person, dict(asked)))
        back = {"code": code, "state": asked.get("state", ""), "iss": self.issuer}
        return f"{self.loket.return_address}?{urlencode(back)}"

    def landing(self, asked: Mapping[str, str]) -> str:
        """Where somebody goes who logs out: with `switch`, to who else they may be."""
        right = asked.get("post_logout_redirect_uri") == self.loket.landing
        if "switch" in asked and right:
            return f"{_origin(self.loket.landing)}/aanmelden/start"
        return self.loket.landing if right else "/"

    def _client(self, form: Mapping[str, str], authorization: str) -> str | None:
        scheme, _, pair = authorization.partition(" ")
        id, secret = form.get("client_id", ""), form.get("client_secret", "")
        if scheme.lower() == "basic":
            id, secret = _basic(pair)
        machine = self._machines.get(id)
        right = self.loket.secret if id == self.loket.client else machine.secret if machine else ""
        return id if right and compare_digest(secret.encode(), right.encode()) else None

    def _token(self, client: str, form: Mapping[str, str]) -> Answer:
        if form.get("grant_type") == "authorization_code" and client == self.loket.client:
            return self._redeem(form)
        machine = self._machines.get(client)
        if form.get("grant_type") != "client_credentials" or machine is None:
            return 400, {"error": "unsupported_grant_type"}
        scopes = set(form.get("scope", "").split()) or set(machine.scopes)
        if not scopes <= machine.scopes:
            return 400, {"error": "invalid_scope"}
        told = {**machine.claims, "client_id": client, "scope": " ".join(sorted(scopes)), "iss": self.issuer}
        return 200, self._issue(told)

    def _redeem(self, form: Mapping[str, str]) -> Answer:
        ends, person, asked = self._codes.pop(form.get("code", ""), (0.0, None, {}))
        right = asked.get("code_challenge") == challenge(form.get("code_verifier", ""))
        if person is None or self._now() > ends or not right or form.get("redirect_uri") != asked.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        at = int(self._now())
        claims = {
            "iss": self.issuer, "aud": self.loket.client, "sub": f"demo-{person.key}", "iat": at, "exp": at + 300,
            "nonce": asked.get("nonce", ""), **person.claims,
        }  # fmt: skip
        signed = jwt.encode({"alg": "RS256", "kid": self._key.kid}, claims, self._key)
        return 200, {**self._issue({"client_id": self.loket.client}), "id_token": signed}

    def _issue(self, told: dict[str, Any]) -> dict[str, Any]:
        token, ends = self._mint() + self._mint(), self._now() + TOKEN_SECONDS
        _put(self._tokens, token, (ends, {**told, "exp": int(ends)}))
        scope = {"scope": told["scope"]} if "scope" in told else {}
        return {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS, **scope}

    def _introspect(self, client: str, form: Mapping[str, str]) -> Answer:
        if client != self.loket.client:
            return 401, {"error": "invalid_client"}
        ends, told = self._tokens.get(form.get("token", ""), (0.0, {}))
        return 200, {"active": True, **told} if self._now() < ends else {"active": False}

    def _now(self) -> float:
        return self._clock().timestamp()


class InProcess(httpx.BaseTransport):
    """How our own client reaches the provider that runs in the same process."""

    def __init__(self, provider: DemoProvider) -> None:
        self._provider = provider

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path = str(request.url).removeprefix(self._provider.issuer).partition("?")[0]
        form = dict(parse_qsl(request.content.decode()))
        status, body = self._provider.answer(request.method, path, form, request.headers.get("authorization", ""))
        return httpx.Response(status, json=body)


def _put(kept: dict[str, Any], key: str, value: Any) -> None:
    """Keep, and forget the oldest: a demonstration may run for weeks."""
    kept[key] = value
    if len(kept) > MOST_KEPT:
        del kept[next(iter(kept))]


def _basic(pair: str) -> tuple[str, str]:
    try:
        id, _, secret = b64decode(pair, validate=True).decode().partition(":")
    except (NotBase64, ValueError):
        return "", ""
    return unquote_plus(id), unquote_plus(secret)


def _capacity(hint: str) -> str:
    try:
        return str(orjson.loads(b64decode(hint, validate=True)).get("cap_hint", ""))
    except (NotBase64, ValueError, AttributeError):
        return ""


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
