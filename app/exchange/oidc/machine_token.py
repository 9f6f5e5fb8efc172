"""Proving to another system who we are: a token that the login service gives to a machine, asked for when needed.

    token = MachineToken(provider, "dosis_schrijven", clock)
    token()          # asked once, and again a minute before it ends

https://www.rfc-editor.org/rfc/rfc6749#section-4.4, with the credentials that the provider knows us by.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.errors import Unavailable
from app.exchange.oidc.provider import Provider

MARGIN, SHORTEST = timedelta(seconds=60), 60


@dataclass
class MachineToken:
    """The token of one scope; safe to ask from many threads."""

    provider: Provider
    scope: str
    clock: Callable[[], datetime] = field(repr=False)
    _kept: tuple[datetime, str] | None = field(default=None, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __call__(self) -> str:
        """A token that holds now; raises Refused when the provider says no, or Unavailable."""
        with self._lock:
            now = self.clock()
            if self._kept is None or now >= self._kept[0] - MARGIN:
                self._kept = self._ask(now)
            return self._kept[1]

    def _ask(self, now: datetime) -> tuple[datetime, str]:
        form = {"grant_type": "client_credentials", "scope": self.scope}
        told = self.provider.post(self.provider.endpoints().token, form)
        token, seconds = told.get("access_token"), told.get("expires_in", SHORTEST)
        if not isinstance(token, str) or not isinstance(seconds, int):
            raise Unavailable("De aanmelddienst gaf een antwoord zonder token.")
        return now + timedelta(seconds=seconds), token
