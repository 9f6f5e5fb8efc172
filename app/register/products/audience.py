"""Which subscribers a change concerns, and how much of it each may know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from app.register import agents
from app.register.agents import Agent
from app.register.events import Event
from app.register.register import Register
from app.register.rights import Subject
from app.register.subjects import subject_of
from app.register.telling.standing import lost, owner_of
from app.store.subscriptions import Subscription

ALL, HOME, UMBRELLA, ONE = "alle", "gemeente", "koepel", "vereniging"
# Not of changes but of figures: `rapport/44021`, or `rapport/alle`.
REPORT = "rapport"


def may_know(known: Subscription, found: Event, register: Register) -> bool:
    """Whether the owner of a subscription may know what everybody may not: as the rights are now, and the owner is."""
    if lost(known, register):
        return False
    owner = owner_of(known)
    return any(register.rights.may(owner, "ReadInternal", subject) for subject in _subjects(found, register))


def subject_in(scope: str, register: Register) -> Subject:
    """What somebody asks to be told of, as far as rights depend on it."""
    kind, _, value = scope.partition("/")
    if kind == HOME:
        return Subject(home=value, sites=frozenset({value}), public=True)
    if kind == UMBRELLA:
        return Subject(federations=frozenset({value}), public=True)
    if kind == REPORT:
        return Subject() if value == ALL else Subject(home=value, sites=frozenset({value}))
    if kind != ONE:
        return Subject(public=True)
    entity = register.tools.type.iri(value)
    version = register.log.latest(entity)
    subject = subject_of(register.log, entity, register.today()) or Subject(value)
    return replace(subject, public=version is not None and version.public is not None)


def _subjects(found: Event, register: Register) -> Iterator[Subject]:
    """As it stands now; of what is removed, as it was."""
    ours = found.type is register.tools.type
    subject = subject_of(register.log, found.version.entity, register.today()) if ours else None
    if subject is not None:
        yield subject
        return
    members = frozenset(iri.rpartition("/")[2] for iri in found.others)
    for home in found.homes or {None}:
        yield Subject(found.code if ours else "", home, found.homes, members)


def within(scope: str, found: Event, register: Register) -> bool:
    """Whether a change is in a scope."""
    kind, _, value = scope.partition("/")
    if kind == ALL:
        return True
    if kind == REPORT:
        return False
    if kind == HOME:
        return value in found.homes
    entity = register.tools.type.iri(value)
    return found.version.entity == entity or (kind == UMBRELLA and entity in found.others)


def manages(agent: Agent, known: Subscription) -> bool:
    """Whether this agent may see, change and stop a subscription."""
    if agent.role == agents.ASSOCIATION:
        return known.owner.rpartition("/")[2] in agent.associations
    return agent.role == agents.MANAGER or known.owner == agent.iri


def about(scope: str, register: Register) -> str:
    """A scope in words."""
    kind, _, value = scope.partition("/")
    if kind == REPORT:
        place = register.codelists.municipality(value) if value != ALL else None
        return f"de cijfers van {place.name if place else 'heel Vlaanderen'}"
    if kind == HOME:
        place = register.codelists.municipality(value)
        return f"de gemeente {place.name if place else value}"
    if kind == ALL:
        return "het hele register"
    return f"de vereniging {value}" if kind == ONE else f"de koepel {value} en haar leden"
