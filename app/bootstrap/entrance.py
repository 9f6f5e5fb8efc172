"""Settings -> Entrance: the provider, what its claims and roles mean here, and the keys of our own."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from app.bootstrap.ambient import mint, now
from app.bootstrap.keys import vault_key
from app.config import Settings
from app.errors import BadSetting
from app.exchange.oidc.acm_bodies import Bodies, plain
from app.exchange.oidc.acm_machines import Machines
from app.exchange.oidc.acm_people import ClaimNames, People
from app.exchange.oidc.entrance import Entrance
from app.exchange.oidc.introspection import Introspection
from app.exchange.oidc.login import How, Seal
from app.exchange.oidc.provider import Client, Provider
from app.register.agents import ROLES
from app.register.register import Register
from app.store.authorisations import Authorisations
from app.store.sessions import Sessions

PATIENCE = httpx.Timeout(5.0, connect=3.0)
RETURN_PATH = "/aanmelden/terug"


def open_entrance(
    settings: Settings, register: Register, http: httpx.Client, clock: Callable[[], datetime] = now
) -> Entrance | None:
    """None when no provider is set. Nothing is asked of the provider yet, so it may be down while we start.

    Raises BadSetting for a setting that cannot be.
    """
    if not settings.oidc_issuer:
        return None
    client = Client(settings.oidc_client, settings.oidc_secret, _key(settings.oidc_key))
    if not client.id or not (client.secret or client.key):
        raise BadSetting("Met oidc_issuer zijn ook oidc_client en oidc_key (of oidc_secret) nodig.")
    checking = Client(settings.token_client, settings.token_secret) if settings.token_client else client
    issuer = settings.oidc_issuer.rstrip("/")
    provider = Provider(issuer, client, http, clock, mint)
    bodies, blind = Bodies(register), pseudonyms(settings)
    database = register.log.database
    return Entrance(
        provider=provider,
        introspection=Introspection(Provider(issuer, checking, http, clock, mint)),
        how=How(register.schema.base + RETURN_PATH, settings.oidc_scope),
        people=People(bodies, claim_names(settings), roles_of(settings.oidc_roles, "oidc_roles"), blind),
        machines=Machines(bodies, organisations_of(settings), Authorisations(database, clock), blind),
        sessions=Sessions(database, clock, mint),
        seal=Seal(derived(settings, b"login")),
    )


def claim_names(settings: Settings) -> ClaimNames:
    """The setting `oidc_claims`; raises BadSetting naming what it cannot rename."""
    pairs = pairs_of(settings.oidc_claims, "oidc_claims")
    if strange := set(pairs) - set(ClaimNames.__dataclass_fields__):
        raise BadSetting(f"De instelling oidc_claims kent {', '.join(sorted(strange))} niet.")
    return replace(ClaimNames(), **pairs)


def organisations_of(settings: Settings) -> Mapping[str, str]:
    """The setting `oidc_organisations`, by plain code."""
    found = roles_of(settings.oidc_organisations, "oidc_organisations")
    return {plain(code): role for code, role in found.items()}


def roles_of(text: str, name: str) -> Mapping[str, str]:
    """Pairs whose second part is a role; raises BadSetting for a role that there is not."""
    pairs = pairs_of(text, name)
    if strange := set(pairs.values()) - set(ROLES):
        raise BadSetting(f"De instelling {name} noemt een rol die niet bestaat: {', '.join(sorted(strange))}.")
    return pairs


def pairs_of(text: str, name: str) -> dict[str, str]:
    """
    >>> pairs_of("Lezer=bezoeker, Baas = beheerder", "oidc_roles")
    {'Lezer': 'bezoeker', 'Baas': 'beheerder'}
    """
    parts = [part.partition("=") for part in text.split(",") if part.strip()]
    if any(not sign for _, sign, _ in parts):
        raise BadSetting(f"De instelling {name} heeft de vorm a=b, c=d.")
    return {first.strip(): second.strip() for first, _, second in parts}


def derived(settings: Settings, purpose: bytes) -> bytes:
    """A key for one purpose, from the key of the vault (RFC 5869 section 2.3)."""
    return hmac.digest(vault_key(settings), b"entrance " + purpose + b"\x01", "sha256")


def pseudonyms(settings: Settings) -> Callable[[str], str]:
    """A pseudonym: equal for the same account of the provider, and of no use to who lacks the key."""
    key = derived(settings, b"account")
    return lambda text: hmac.digest(key, text.encode(), "sha256").hex()[:16]


def _key(path: str) -> RSAKey | None:
    if not path:
        return None
    try:
        text = Path(path).read_text().strip()
        key = RSAKey.import_key(json.loads(text) if text.startswith("{") else text)
    except (OSError, JoseError, ValueError) as error:
        raise BadSetting("De instelling oidc_key is geen bestand met een RSA-sleutel (JWK of PEM).") from error
    if not key.is_private:
        raise BadSetting("De instelling oidc_key is een publieke sleutel: de private is nodig.")
    return key
