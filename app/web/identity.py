"""The port by which the web learns who asks; `Service.identity` is one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from app.register.agents import Agent


@dataclass(frozen=True)
class Credentials:
    """What a request shows of who sends it: the cookie of a session, a bearer token, and for whom it says to act."""

    session: str | None = field(default=None, repr=False)
    bearer: str | None = field(default=None, repr=False)
    initiator: str | None = None


class Identity(Protocol):
    """Knows people by their session and machines by their token; the answer may need the network, so call in a thread.

    Raises Unauthenticated for a token that is not valid, Forbidden for an initiator that the token does not stand for,
    and Unavailable when that cannot be found out: never lets in for lack of an answer.
    """

    def identify(self, credentials: Credentials) -> Agent | None:
        """Who this is; None for a session that ended."""
        ...


class Nobody:
    """Of a service without a login: nobody is known, and every token is refused by `auth`."""

    def identify(self, credentials: Credentials) -> Agent | None:
        return None
