"""Which subscribers a change concerns, and how much of it each may know."""

from __future__ import annotations

from app.register import agents
from app.register.agents import Agent
from app.register.desk import KBO_CLAIM
from app.register.events import Event
from app.register.register import Register
from app.store.subscriptions import Rights, Subscription

ALL, HOME, UMBRELLA, ONE = "alle", "gemeente", "koepel", "vereniging"
EVERYWHERE = frozenset({agents.MANAGER, agents.SYSTEM})


def may_know(rights: Rights, found: Event, register: Register) -> bool:
    """Whether who has these rights may know what everybody may not."""
    if rights.role in EVERYWHERE:
        return True
    if rights.role in (agents.MUNICIPALITY, agents.VENDOR):
        return not found.homes.isdisjoint(rights.territory)
    if rights.role == agents.ASSOCIATION:
        return found.type is register.tools.type and found.code in rights.associations
    own = register.tools.type.iri(rights.federation)
    return rights.role == agents.FEDERATION and bool(rights.federation) and own in {*found.others, found.version.entity}


def within(scope: str, found: Event, register: Register) -> bool:
    """Whether a change is in a scope."""
    kind, _, value = scope.partition("/")
    if kind == ALL:
        return True
    if kind == HOME:
        return value in found.homes
    entity = register.tools.type.iri(value)
    return found.version.entity == entity or (kind == UMBRELLA and entity in found.others)


def manages(agent: Agent, known: Subscription) -> bool:
    """Whether this agent may see, change and stop a subscription."""
    if agent.role == agents.ASSOCIATION:
        return known.owner.rpartition("/")[2] in agent.associations
    return agent.role == agents.MANAGER or known.owner == agent.iri


def rights_of(agent: Agent, register: Register) -> Rights:
    """What an agent may know, to be kept with what it asks for."""
    territory = {*agent.territory, *([agent.municipality] if agent.municipality else [])}
    federation = agent.federation or ""
    if holders := register.log.find(KBO_CLAIM, federation) if federation else []:
        federation = holders[0].rpartition("/")[2]
    return Rights(agent.role, tuple(sorted(territory)), tuple(sorted(agent.associations)), federation)
