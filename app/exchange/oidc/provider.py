"""The OpenID Connect provider: where its endpoints are, its keys, and how we prove to it who we are.

    provider = Provider("https://authenticatie.vlaanderen.be/op", client, http, clock, mint)
    provider.post(provider.endpoints().token, {"grant_type": "authorization_code", ...})

Nothing is asked before it is needed: a service starts, and answers what is public, without its provider.
"""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from app.errors import Refused, Unavailable

SILENT = "De aanmelddienst antwoordt niet. Probeer het over enkele minuten opnieuw."
FRESH_SECONDS = 3600
# ACM accepts ten minutes at most; the clocks of two machines differ.
ASSERTION_SECONDS = 540
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True)
class Client:
    """Who we are to the provider: with a private key where there is one, else with a secret."""

    id: str
    secret: str = field(default="", repr=False)
    key: RSAKey | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Endpoints:
    """What discovery says; None for what the provider does not have."""

    issuer: str
    authorization: str
    token: str
    keys: str
    introspection: str | None
    userinfo: str | None
    end_session: str | None


class Provider:
    """One provider, as one client of it; thread-safe, because what it remembers is only ever replaced."""

    def __init__(
        self,
        issuer: str,
        client: Client,
        http: httpx.Client,
        clock: Callable[[], datetime],
        mint: Callable[[], str],
    ) -> None:
        self.issuer = issuer
        self.client = client
        self.clock = clock
        self.mint = mint
        self._http = http
        self._found: tuple[float, Endpoints] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def endpoints(self) -> Endpoints:
        """Where everything is; raises Unavailable when the provider does not say, or speaks for another issuer.

        https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationValidation
        """
        if self._found is None or _stale(self._found[0]):
            told = self.get(f"{self.issuer}/.well-known/openid-configuration")
            if told.get("issuer") != self.issuer:
                raise Unavailable("De aanmelddienst is niet goed ingesteld: ze noemt zich anders.")
            self._found = time.monotonic(), _endpoints(told)
        return self._found[1]

    def keys(self, *, again: bool = False) -> KeySet:
        """The public keys of the provider; `again` asks anew, for a token whose key we do not know."""
        if self._keys is None or again or _stale(self._keys[0]):
            try:
                self._keys = time.monotonic(), KeySet.import_key_set(self.get(self.endpoints().keys))  # type: ignore[arg-type]
            except (JoseError, ValueError, KeyError) as error:
                raise Unavailable(SILENT) from error
        return self._keys[1]

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        """A JSON object; raises Unavailable for anything else."""
        answer = self._send("GET", url, headers=headers)
        if answer.status_code != 200:
            raise Unavailable(SILENT)
        return _object(answer)

    def post(self, url: str, form: Mapping[str, str]) -> dict[str, Any]:
        """The answer to a form with our credentials; raises Refused when the provider says no, or Unavailable."""
        extra, headers = self._credentials()
        answer = self._send("POST", url, data={**form, **extra}, headers=headers)
        if 400 <= answer.status_code < 500:
            raise Refused(f"De aanmelddienst weigert: {_reason(answer)}.")
        if answer.status_code != 200:
            raise Unavailable(SILENT)
        return _object(answer)

    def _send(self, method: str, url: str, **how: Any) -> httpx.Response:
        try:
            return self._http.request(method, url, **how)
        except httpx.HTTPError as error:
            raise Unavailable(SILENT) from error

    def _credentials(self) -> tuple[dict[str, str], dict[str, str]]:
        """What to add to a form, and the headers: a signed assertion, or the secret by RFC 6749 section 2.3.1."""
        if self.client.key is not None:
            return {
                "client_id": self.client.id,
                "client_assertion_type": ASSERTION_TYPE,
                "client_assertion": assertion(self.client.id, self.client.key, self.issuer, self.clock(), self.mint()),
            }, {}
        pair = f"{quote_plus(self.client.id)}:{quote_plus(self.client.secret)}"
        return {}, {"authorization": f"Basic {b64encode(pair.encode()).decode()}"}


def assertion(client: str, key: RSAKey, issuer: str, now: datetime, id: str) -> str:
    """private_key_jwt, with the issuer as audience: ACM refuses the address of the token endpoint there.

    https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication
    """
    at = int(now.timestamp())
    claims = {"iss": client, "sub": client, "aud": issuer, "iat": at, "exp": at + ASSERTION_SECONDS, "jti": id}
    return jwt.encode({"alg": "RS256", **({"kid": key.kid} if key.kid else {})}, claims, key)


def _endpoints(told: Mapping[str, Any]) -> Endpoints:
    try:
        return Endpoints(
            issuer=told["issuer"],
            authorization=told["authorization_endpoint"],
            token=told["token_endpoint"],
            keys=told["jwks_uri"],
            introspection=told.get("introspection_endpoint"),
            userinfo=told.get("userinfo_endpoint"),
            end_session=told.get("end_session_endpoint"),
        )
    except KeyError as error:
        raise Unavailable("De aanmelddienst is niet goed ingesteld: er ontbreekt een adres.") from error


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError as error:
        raise Unavailable(SILENT) from error
    if not isinstance(body, dict):
        raise Unavailable(SILENT)
    return body


def _reason(answer: httpx.Response) -> str:
    """The error code only: a description is free text, and could name somebody."""
    try:
        code = answer.json().get("error", "")
    except (ValueError, AttributeError):
        code = ""
    return code if isinstance(code, str) and code.replace("_", "").isalpha() else str(answer.status_code)


def _stale(since: float) -> bool:
    return time.monotonic() - since > FRESH_SECONDS
