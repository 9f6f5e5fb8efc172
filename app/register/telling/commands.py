"""Asking to be told of changes."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Subscribe:
    """Be told of what happens within a scope, at an e-mail address or by a webhook.

    A scope is `alle`, `gemeente/44021`, or `koepel/` or `vereniging/` and a V-code.
    """

    scope: str
    occasions: tuple[str, ...]
    channel: str
    address: str = field(repr=False)
    rhythm: str = "meteen"


@dataclass(frozen=True)
class ChangeSubscription:
    """Be told of something else, or at another rhythm."""

    id: str
    occasions: tuple[str, ...]
    rhythm: str


@dataclass(frozen=True)
class Unsubscribe:
    """Be told no more; whoever holds the token from a message need not log in."""

    id: str
    token: str = field(default="", repr=False)
