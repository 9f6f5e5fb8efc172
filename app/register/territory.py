"""The associations that a report is about: those that everybody sees, or all that somebody manages."""

from __future__ import annotations

from collections.abc import Iterator

from app.model.codelists import Municipality
from app.register.agents import Agent
from app.register.queue import waiting
from app.register.referrals import DUPLICATE, PAIR, Referral
from app.register.register import KIND, Register
from app.register.subjects import as_subject
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
    """The latest version of each that this agent may read, hidden ones too."""
    after, today = "", register.today()
    while versions := register.log.entities(KIND, after, AT_ONCE):
        known = summaries_of(register.log.database, KIND, [version.entity for version in versions])
        for version in versions:
            code = version.entity.rpartition("/")[2]
            subject = as_subject(code, known[version.entity][0], today)
            right = register.rights.may(agent, ACTION, subject) and (place is None or subject.home == place.nis)
            if right and not version.ended:
                yield version
        after = versions[-1].entity.rpartition("/")[2]


def own_questions(register: Register, agent: Agent, place: Municipality | None = None) -> Iterator[Referral]:
    """What waits to be decided about possible doubles, as far as this agent may decide it."""
    for kind in (DUPLICATE, PAIR):
        for one in waiting(register, kind, MOST):
            here = place is None or one.municipality == place.nis
            if here and register.rights.may(agent, "DecideReferral", one.subject):
                yield one
