"""The entrance: people come in with a session, machines with a token, and both become an agent of the register.

address, kept = entrance.begin(Wish(back="/beheer"))         # the browser goes to the provider
entered = entrance.finish({"code": …, "state": …}, kept)     # and comes back
agent = entrance.identify(Credentials(session=entered.token))
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Protocol
from urllib.parse import urlencode

from app.exchange.oidc.acm_machines import Machines
from app.exchange.oidc.acm_people import People
from app.exchange.oidc.introspection import Introspection
from app.exchange.oidc.login import How, Seal, Wish, begin, finish
from app.exchange.oidc.provider import Provider
from app.register.agents import FOUNDER, Agent
from app.register.telling.standing import compare
from app.store.sessions import Capacity, Session, Sessions


class Shown(Protocol):
    """What a request shows of who sends it."""

    @property
    def session(self) -> str | None: ...
    @property
    def bearer(self) -> str | None: ...
    @property
    def initiator(self) -> str | None: ...


@dataclass(frozen=True)
class Entered:
    """A login that succeeded: the key for the browser, where to go, and in which capacities one may go on."""

    token: str = field(repr=False)
    back: str
    capacities: tuple[Agent, ...]


@dataclass(frozen=True)
class Entrance:
    """Of a service with a provider; `introspection` may be as another client than the login."""

    provider: Provider
    introspection: Introspection
    how: How
    people: People
    machines: Machines
    sessions: Sessions
    seal: Seal

    def identify(self, credentials: Shown) -> Agent | None:
        """Who this is; None for a session that ended. Raises what `web.identity.Identity` promises."""
        if credentials.bearer is not None:
            return self.machines.agent(self.introspection.claims(credentials.bearer), credentials.initiator)
        session = self.sessions.get(credentials.session) if credentials.session else None
        return self._acting(session) if session else None

    def begin(self, wish: Wish) -> tuple[str, str]:
        """Where to send the browser, and what it keeps meanwhile; raises Unavailable."""
        return begin(self.provider, self.how, wish, self.seal)

    def finish(self, answer: Mapping[str, str], kept: str | None) -> Entered:
        """Let somebody in who comes back from the provider; raises Refused or Unavailable."""
        claims, back = finish(self.provider, self.how, answer, kept, self.seal)
        person = self.people.person(claims)
        capacities = [as_capacity(each) for each in person.capacities]
        compare(person.account, person.bodies, person.capacities, self.people.bodies.register)
        chosen = 0 if len(capacities) == 1 else None
        token = self.sessions.open(person.account, capacities, chosen, person.subject)
        return Entered(token, back, person.capacities)

    def capacities(self, token: str | None) -> tuple[tuple[Agent, ...], int | None] | None:
        """In which capacities whoever has this session may act, and which of them is chosen; None without session."""
        session = self.sessions.get(token) if token else None
        return (tuple(map(as_agent, session.capacities)), session.chosen) if session else None

    def represent(self, token: str, agent: Agent) -> str | None:
        """Go on as this representative, of an association that was founded in this session, under a new key."""
        return self.sessions.gain(token, as_capacity(agent), besides=FOUNDER)

    def leave(self, token: str | None, landing: str, *, switch: bool = False) -> str:
        """End the session; answers where to end, or with `switch` change, what the provider remembers of somebody.

        Without an id_token_hint: the token holds the rijksregisternummer, so we keep none.
        https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout
        """
        if token:
            self.sessions.end(token)
        address = self.provider.endpoints().end_session
        if address is None:
            return landing
        asked = urlencode({"client_id": self.provider.client.id, "post_logout_redirect_uri": landing})
        return f"{address}?{'switch&' if switch else ''}{asked}"

    def _acting(self, session: Session) -> Agent | None:
        if session.chosen is None:
            return None
        agent = as_agent(session.capacities[session.chosen])
        return agent if self.people.still(agent, session.subject) else None


def as_capacity(agent: Agent) -> Capacity:
    """For the row of a session."""
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in asdict(agent).items()}


def as_agent(capacity: Capacity) -> Agent:
    """From the row of a session."""
    told: Capacity = {name: frozenset(value) if isinstance(value, list) else value for name, value in capacity.items()}
    return Agent(**told)
