"""Machines bring an opaque token; the provider says whose it is (RFC 7662), and we remember that for a moment.

https://www.rfc-editor.org/rfc/rfc7662
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from app.errors import Refused, Unauthenticated, Unavailable
from app.exchange.oidc.provider import SILENT, Provider

REMEMBERED_SECONDS = 60
MOST_REMEMBERED = 10_000
LONGEST_TOKEN = 8192
INVALID = "Dit token is niet (meer) geldig."


class Introspection:
    """Asks the provider about tokens; what it says holds for a minute, and never past the end of the token."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._lock = threading.Lock()
        self._known: OrderedDict[bytes, tuple[float, Mapping[str, Any]]] = OrderedDict()

    def claims(self, token: str) -> Mapping[str, Any]:
        """What the provider says of an active token; raises Unauthenticated, or Unavailable when it cannot be asked."""
        if len(token) > LONGEST_TOKEN:
            raise Unauthenticated(INVALID)
        digest = sha256(token.encode()).digest()
        now = self._provider.clock().timestamp()
        known = self._known.get(digest)
        if known is not None and now < known[0]:
            return known[1]
        claims = self._ask(token)
        ends = _ends(claims)
        # RFC 7662 section 2.2: whatever else it says, a token that ended is not active.
        if claims.get("active") is not True or now >= ends:
            raise Unauthenticated(INVALID)
        self._remember(digest, min(now + REMEMBERED_SECONDS, ends), claims)
        return claims

    def _ask(self, token: str) -> Mapping[str, Any]:
        address = self._provider.endpoints().introspection
        if address is None:
            raise Unavailable("De aanmelddienst kan geen tokens nakijken.")
        try:
            return self._provider.post(address, {"token": token, "token_type_hint": "access_token"})
        except Refused as error:
            # It refuses us, not the token: that is ours to repair, and no reason to let anybody in.
            raise Unavailable(SILENT) from error

    def _remember(self, digest: bytes, until: float, claims: Mapping[str, Any]) -> None:
        with self._lock:
            self._known[digest] = until, claims
            self._known.move_to_end(digest)
            while len(self._known) > MOST_REMEMBERED:
                self._known.popitem(last=False)


def _ends(claims: Mapping[str, Any]) -> float:
    ends = claims.get("exp", float("inf"))
    return float(ends) if isinstance(ends, int | float) and not isinstance(ends, bool) else 0.0
