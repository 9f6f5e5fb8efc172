"""Logging in with the authorisation code flow, as ACM/IDM does it: PKCE, state, nonce, and a checked id token.

    address, kept = begin(provider, how, Wish(back="/beheer"), seal)    # `kept` goes in a cookie
    claims, back = finish(provider, how, {"code": ..., "state": ...}, kept, seal)

What must be remembered between the two stands sealed in a cookie of the browser that began, so nobody can end a login
that somebody else began, and the service keeps nothing of who never comes back.
https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth
"""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from hmac import compare_digest
from typing import Any
from urllib.parse import urlencode

import orjson
from joserfc import jwe, jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from app.errors import Refused
from app.exchange.oidc.provider import Provider

ALGORITHMS = ["RS256"]
LEEWAY_SECONDS = 30
ATTEMPT_SECONDS = 900
FAILED = "Het aanmelden is niet gelukt. Begin opnieuw."
Claims = Mapping[str, Any]


@dataclass(frozen=True)
class How:
    """Where the provider sends people back to, and what we ask to know of them."""

    return_address: str
    scope: str


@dataclass(frozen=True)
class Wish:
    """What somebody who logs in wants: where to go afterwards, and in which capacity, when they said so."""

    back: str = "/"
    capacity: str = ""
    organisation: str = ""


@dataclass(frozen=True)
class Attempt:
    """A login that was begun."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    back: str
    until: int


class Seal:
    """Encrypts what a browser keeps for us: AES-GCM under one key, as JWE (RFC 7516)."""

    def __init__(self, key: bytes) -> None:
        self._key = OctKey.import_key(key)

    def close(self, content: bytes) -> str:
        """What only we can read or make."""
        return jwe.encrypt_compact({"alg": "dir", "enc": "A256GCM"}, content, self._key)

    def open(self, sealed: str) -> bytes | None:
        """What was sealed, or None when it was not sealed by us."""
        try:
            return jwe.decrypt_compact(sealed, self._key, algorithms=["dir", "A256GCM"]).plaintext
        except (JoseError, ValueError):
            return None


def begin(provider: Provider, how: How, wish: Wish, seal: Seal) -> tuple[str, str]:
    """The address to send the browser to, and what it must keep until it is back."""
    until = int(provider.clock().timestamp()) + ATTEMPT_SECONDS
    long = provider.mint() + provider.mint()
    attempt = Attempt(provider.mint(), provider.mint(), long, wish.back, until)
    asked = {
        "response_type": "code",
        "client_id": provider.client.id,
        "redirect_uri": how.return_address,
        "scope": how.scope,
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": challenge(attempt.verifier),
        "code_challenge_method": "S256",
        **({"login_hint": hint(wish)} if wish.capacity else {}),
    }
    return f"{provider.endpoints().authorization}?{urlencode(asked)}", seal.close(orjson.dumps(asdict(attempt)))


def finish(provider: Provider, how: How, answer: Mapping[str, str], kept: str | None, seal: Seal) -> tuple[Claims, str]:
    """Who it is, as claims, and where they wanted to go.

    Raises Refused when this is not the end of what this browser began, or the provider says no; Unavailable when the
    provider cannot be asked.
    """
    attempt = _attempt(provider, answer, kept, seal)
    if "error" in answer:
        denied = answer["error"] == "access_denied"
        raise Refused("U hebt het aanmelden afgebroken." if denied else FAILED)
    # RFC 9207: a provider that names itself must be the one that was asked.
    if answer.get("iss", provider.issuer) != provider.issuer or not answer.get("code"):
        raise Refused(FAILED)
    tokens = provider.post(
        provider.endpoints().token,
        {
            "grant_type": "authorization_code",
            "code": answer["code"],
            "redirect_uri": how.return_address,
            "code_verifier": attempt.verifier,
        },
    )
    claims = check_id_token(provider, str(tokens.get("id_token", "")), attempt.nonce)
    return _completed(provider, claims, str(tokens.get("access_token", ""))), attempt.back


def check_id_token(provider: Provider, token: str, nonce: str) -> Claims:
    """The claims of a token that this provider signed for us, now, at our request; raises Refused.

    https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
    """
    registry = jwt.JWTClaimsRegistry(
        now=int(provider.clock().timestamp()),
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client.id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        claims = _signed(provider, token)
        registry.validate(claims)
    except (JoseError, ValueError) as error:
        raise Refused(FAILED) from error
    if claims.get("azp", provider.client.id) != provider.client.id:
        raise Refused(FAILED)
    return claims


def challenge(verifier: str) -> str:
    """https://www.rfc-editor.org/rfc/rfc7636#section-4.2

    >>> challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
    """
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")


def hint(wish: Wish) -> str:
    """ACM's directed login: base64 of JSON.

    >>> from base64 import b64decode
    >>> b64decode(hint(Wish(capacity="EA", organisation="0428315871")))
    b'{"cap_hint":"EA","code_hint":"0428315871"}'
    """
    told = {"cap_hint": wish.capacity, **({"code_hint": wish.organisation} if wish.organisation else {})}
    return b64encode(orjson.dumps(told)).decode()


def _attempt(provider: Provider, answer: Mapping[str, str], kept: str | None, seal: Seal) -> Attempt:
    opened = seal.open(kept) if kept else None
    attempt = Attempt(**orjson.loads(opened)) if opened else None
    if attempt is None or attempt.until < provider.clock().timestamp():
        raise Refused("Het aanmelden duurde te lang, of begon in een ander venster. Begin opnieuw.")
    if not compare_digest(answer.get("state", "").encode(), attempt.state.encode()):
        raise Refused(FAILED)
    return attempt


def _signed(provider: Provider, token: str) -> dict[str, Any]:
    """Keys change: one that we do not know is looked up once more."""
    try:
        return jwt.decode(token, provider.keys(), algorithms=ALGORITHMS).claims
    except (JoseError, ValueError):
        return jwt.decode(token, provider.keys(again=True), algorithms=ALGORITHMS).claims


def _completed(provider: Provider, claims: Claims, token: str) -> Claims:
    """With what the userinfo endpoint knows besides: some providers leave it out of the id token.

    Of another person than the id token it is not taken:
    https://openid.net/specs/openid-connect-core-1_0.html#UserInfoResponse
    """
    address = provider.endpoints().userinfo
    if not address or not token or any(name.startswith(("vo_", "rrn")) for name in claims):
        return claims
    more = provider.get(address, {"authorization": f"Bearer {token}"})
    return {**more, **claims} if more.get("sub") == claims["sub"] else claims
