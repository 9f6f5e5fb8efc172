"""Associations in the register that may be one: who lies beside whom, put before whoever decides.

    propose(register, agent)                     # all that is not yet asked; some 700 associations a second
    decide_pair(referral, Same("V0001001"), desk)

Nobody is asked twice, and nothing is asked that somebody has answered: see `Desk.are_distinct`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.errors import Refused
from app.register.agents import Agent
from app.register.commands import Outcome
from app.register.desk import Desk
from app.register.doubles.commands import MarkDuplicate, MergeAssociations
from app.register.doubles.referrals import (
    PAIR,
    Decision,
    Different,
    Merged,
    Referral,
    Same,
    about_pair,
    queue_of,
    referral_of,
)
from app.register.handle import attempt
from app.register.obstacles import code_of
from app.register.register import KIND, Register
from app.register.subjects import subject_of
from app.store.queues import assign, count_tasks, finish, list_tasks
from app.store.records import Version

AT_ONCE = 200
ALL = 1_000_000
EXPIRED = "vervallen"


@dataclass
class Proposed:
    """How many associations were looked at, how many pairs are new, and how many questions fell away."""

    looked_at: int = 0
    pairs: int = 0
    expired: int = 0


def propose(register: Register, agent: Agent) -> Proposed:
    """Look at every association; each batch is a short transaction of its own, so that others can write meanwhile."""
    told = Proposed(expired=_close_expired(register, agent))
    after = ""
    while versions := register.log.entities(KIND, after, AT_ONCE):
        with register.log.transaction() as transaction:
            desk = Desk(register, transaction, agent, "", register.today())
            for version in versions:
                told.looked_at += 1
                told.pairs += sum(1 for _ in _propose(version, desk))
        after = versions[-1].entity.rpartition("/")[2]
    return told


def decide_pair(referral: Referral, decision: Decision, desk: Desk) -> Outcome:
    """Mark, merge or tell apart, inside the transaction that closes the task; raises what the commands raise."""
    others = [code for code, _ in referral.candidates]
    if isinstance(decision, Different):
        desk.tell_apart(referral.code, others)
        return Outcome(referral.code, desk.iri(referral.code), 0)
    if not isinstance(decision, Same | Merged) or decision.code not in (referral.code, *others):
        raise Refused("Kies één van beide verenigingen.")
    double = referral.code if decision.code != referral.code else others[0]
    if isinstance(decision, Same):
        return attempt(MarkDuplicate(double, decision.code), desk)
    return attempt(MergeAssociations(double, decision.code, decision.choices), desk)


def _propose(version: Version, desk: Desk) -> Iterator[str]:
    """Put each pair of this association with another before somebody; answers the subjects of the tasks."""
    if version.ended:
        return
    code, traits = code_of(version.entity), desk.traits_of(version.entity)
    found = [each for each in desk.candidates.of(traits, (code,)) if not _is_asked(code, each[0], desk)]
    document = desk.open_document(version) if found else {}
    if not found or "einddatum" in document:
        return
    home = subject_of(desk.transaction, version.entity, desk.today)
    municipality = home.home if home else None
    for other, match in found:
        subject = f"{desk.register.schema.base}/taak/paar/{_pair(code, other)}"
        body = about_pair(code, str(document.get("naam", "")), municipality, ((other, match.reasons),))
        assign(desk.transaction, queue_of(PAIR, municipality), subject, body)
        desk.transaction.put_state(_asked_key(code, other), subject)
        yield subject


def _is_asked(code: str, other: str, desk: Desk) -> bool:
    return desk.are_distinct(code, other) or desk.transaction.get_state(_asked_key(code, other)) is not None


def _close_expired(register: Register, agent: Agent) -> int:
    """Questions about an association that has meanwhile gone or become a double answer themselves."""
    queues = [queue for queue in count_tasks(register.log) if queue.startswith(f"{PAIR}/")]
    closed = 0
    with register.log.transaction() as transaction:
        desk = Desk(register, transaction, agent, "", register.today())
        for task in list_tasks(register.log, queues, ALL):
            referral = referral_of(task)
            codes = (referral.code, *(code for code, _ in referral.candidates))
            latest = [transaction.latest(desk.iri(code)) for code in codes]
            if any(version is None or version.ended for version in latest):
                closed += finish(transaction, task, EXPIRED)
    return closed


def _pair(code: str, other: str) -> str:
    return "|".join(sorted((code, other)))


def _asked_key(code: str, other: str) -> str:
    return f"voorgelegd/paar/{_pair(code, other)}"
