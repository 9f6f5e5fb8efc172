"""The associations that a report is about: those that everybody sees, or all that somebody manages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from app.model.codelists import Municipality
from app.register.agents import Agent
from app.register.desk import confirmed_key
from app.register.doubles.queue import waiting
from app.register.doubles.referrals import DUPLICATE, PAIR, Referral
from app.register.register import KIND, Register
from app.register.subjects import as_subject, subject_of
from app.store.heads import summaries_of
from app.store.records import Version

AT_ONCE, MOST = 500, 10_000
ACTION = "ReadInternal"


def public_associations(register: Register, place: Municipality | None = None) -> Iterator[Version]:
    """The latest version of each that everybody sees, of one municipality or of all."""
    feed = f"{register.tools.type.feed}/gemeente/{place.nis}" if place else ""
    after = ""
    while versions := register.log.entities(KIND, after, AT_ONCE):
        within = summaries_of(register.log.database, KIND, [version.entity for version in versions])
        for version in versions:
            if version.public is not None and not version.ended and (not feed or feed in within[version.entity][1]):
                yield version
        after = versions[-1].entity.rpartition("/")[2]


def own_associations(register: Register, agent: Agent, place: Municipality | None = None) -> Iterator[Version]:
    """The latest version of each that figures count for this agent: what everybody sees there, and what is hidden and
    has its home there, as far as they may read it. What is not public of the others is left out of the version.
    """
    after, today, feed = "", register.today(), register.tools.type.feed
    places = _places_of(agent, place)
    while versions := register.log.entities(KIND, after, AT_ONCE):
        known = summaries_of(register.log.database, KIND, [version.entity for version in versions])
        for version in versions:
            code = version.entity.rpartition("/")[2]
            subject = as_subject(code, known[version.entity][0], today)
            reads, is_public = register.rights.may(agent, ACTION, subject), version.public is not None
            homes = {f"{feed}/gemeente/{nis}" for nis in places or ()} & {*known[version.entity][1]}
            is_here = places is None or (bool(homes) if is_public else subject.home in places)
            if not version.ended and is_here and (reads or is_public):
                yield version if reads else replace(version, internal=b"")
        after = versions[-1].entity.rpartition("/")[2]


def history_for(register: Register, agent: Agent) -> Callable[[str], list[Version]]:
    """What reads the versions of an association, without what this agent may not read of it."""

    def history(entity: str) -> list[Version]:
        versions = register.log.versions(entity)
        subject = subject_of(register.log, entity, register.today())
        if subject is not None and register.rights.may(agent, ACTION, subject):
            return versions
        return [replace(version, internal=b"") for version in versions]

    return history


def _places_of(agent: Agent, place: Municipality | None) -> frozenset[str] | None:
    """The NIS codes to look in: of what was asked, else of the territory; None is everywhere."""
    own = frozenset(filter(None, (agent.municipality, *agent.territory)))
    return frozenset((place.nis,)) if place is not None else own or None


def confirmation_of(register: Register, code: str) -> str | None:
    """With which token somebody said that a new association was none of those that it looked like; empty without one,
    as a clerk decides; None when nobody had to."""
    return register.log.get_state(confirmed_key(code))


def own_questions(register: Register, agent: Agent, place: Municipality | None = None) -> Iterator[Referral]:
    """What waits to be decided about possible doubles, as far as this agent may decide it."""
    for kind in (DUPLICATE, PAIR):
        for one in waiting(register, kind, MOST):
            here = place is None or one.municipality == place.nis
            if here and register.rights.may(agent, "DecideReferral", one.subject):
                yield one
