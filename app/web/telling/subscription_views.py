"""Subscriptions as whoever manages them sees them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from app.register import agents
from app.register.agents import Agent
from app.register.products.audience import HOME, ONE, REPORT, about, manages
from app.register.register import Register
from app.register.telling.occasions import FIELD, KIND, field_occasions, kind_occasions
from app.register.telling.recipients import recipient_of
from app.register.telling.standing import lost
from app.store.subscriptions import Subscription, subscriptions_of
from app.web.telling.site import Telling


@dataclass(frozen=True)
class Shown:
    """One subscription in words; `address` and `secret` are read from the vault for this very page.

    `limited` says why only what is public is told of it, when that is so.
    """

    subscription: Subscription
    about: str
    occasions: tuple[str, ...]
    address: str
    secret: str
    limited: str = ""

    def as_json(self, base: str) -> dict[str, Any]:
        """As the API tells it."""
        one = self.subscription
        return {
            "id": one.id,
            "waarover": one.scope,
            "omschrijving": self.about,
            "aanleidingen": list(one.occasions),
            "kanaal": one.channel,
            "adres": self.address,
            "ritme": one.rhythm,
            "toestand": one.state,
            "sinds": one.created,
            "beperkt": self.limited,
            "pagina": f"{base}/beheer/abonnementen/{one.id}",
        }


def managed(agent: Agent, register: Register, owner: str | None = None) -> list[Subscription]:
    """Those that this agent manages, newest first; of one owner when that is given."""
    theirs = owner or (None if agent.role in (agents.MANAGER, agents.ASSOCIATION) else agent.iri)
    return [one for one in subscriptions_of(register.log.database, theirs) if manages(agent, one)]


def shown(one: Subscription, agent: Agent, telling: Telling) -> Shown:
    """In words; the access to the address is logged."""
    register = telling.service.register
    recipient = recipient_of(one, register, agent.reader)
    labels = tuple(label for key, label in choices(telling) if key in one.occasions)
    return Shown(
        one,
        about(one.scope, register),
        labels,
        recipient.address if recipient else "",
        recipient.secret if recipient else "",
        lost(one, register),
    )


def choices(telling: Telling) -> Iterator[tuple[str, str]]:
    """All that can be asked for: key and label."""
    yield REPORT, "Cijfers"
    yield from ((occasion.key, occasion.label) for occasion in telling.occasions)
    yield from kind_occasions(telling.service.schema)
    yield from field_occasions(telling.service.schema)


def groups(telling: Telling, kinds: Collection[str] = ()) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be asked for of each kind, or of these alone: its name, and all of it or field by field."""
    schema = telling.service.schema
    return [
        (type.plural.capitalize(), [(key, label) for key, label in choices(telling) if _is_of(key, type.key)])
        for type in schema.public_types
        if not kinds or type.key in kinds
    ]


def _is_of(key: str, kind: str) -> bool:
    return key == f"{KIND}{kind}" or key.startswith(f"{FIELD}{kind}.")


def scope_of(form: dict[str, str] | Any, agent: Agent) -> str:
    """The scope that a form says in parts: a kind, and beside it a municipality or a code."""
    kind = form.get("waarover", "")
    if kind == HOME:
        return f"{HOME}/{form.get('gemeente', '') or agent.municipality or ''}"
    if kind in (ONE, "koepel"):
        return f"{kind}/{form.get(kind, '').upper()}"
    return str(kind)
