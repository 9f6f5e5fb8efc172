"""The work of one agent: what waits in the queues of its territory, and each case laid out to be decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.errors import Unknown
from app.register.agents import Agent
from app.register.doubles.referrals import DECIDE, KINDS, NOBODY, Referral, referral_of
from app.register.register import Register
from app.register.rights import Subject
from app.store.queues import count_tasks, find_task, list_tasks
from app.store.times import iso

NO_CASE = "Deze vraag is er niet."


@dataclass(frozen=True)
class Asked:
    """Which part of the work somebody wants to see; `days`: waiting for longer than so many days."""

    kind: str = ""
    municipality: str = ""
    days: int = 0
    done: bool = False


@dataclass(frozen=True)
class Worklist:
    """One page of it, with how many there are in all and by kind and municipality of what may be chosen."""

    referrals: tuple[Referral, ...]
    total: int
    by_kind: dict[str, int]
    by_municipality: dict[str, int]


def worklist(asked: Asked, agent: Agent, register: Register, limit: int = 25, offset: int = 0) -> Worklist:
    """The oldest first; raises Forbidden for who decides nothing."""
    register.rights.check(agent, DECIDE)
    before = iso(register.clock() - timedelta(days=asked.days)) if asked.days else None
    counts = {
        queue: count
        for queue, count in count_tasks(register.log, before, asked.done).items()
        if may_decide(queue, agent, register)
    }
    chosen = [queue for queue in counts if _is_asked(queue, asked)]
    tasks = list_tasks(register.log, chosen, limit, offset, before, asked.done)
    return Worklist(
        referrals=tuple(map(referral_of, tasks)),
        total=sum(counts[queue] for queue in chosen),
        by_kind=_sums(counts, 0, asked.municipality),
        by_municipality=_sums(counts, 1, asked.kind),
    )


def case(id: int, agent: Agent, register: Register) -> Referral:
    """One case, open or decided; raises Unknown, and Forbidden for who may not decide it."""
    register.rights.check(agent, DECIDE)
    task = find_task(register.log, id)
    if task is None or task.queue.partition("/")[0] not in KINDS:
        raise Unknown(NO_CASE)
    register.rights.check(agent, DECIDE, _subject(task.queue))
    return referral_of(task)


def may_decide(queue: str, agent: Agent, register: Register) -> bool:
    """Whether what waits in this queue is this agent's to decide."""
    return queue.partition("/")[0] in KINDS and register.rights.may(agent, DECIDE, _subject(queue))


def _subject(queue: str) -> Subject:
    nis = queue.partition("/")[2]
    return Subject(home=None if nis == NOBODY else nis)


def _is_asked(queue: str, asked: Asked) -> bool:
    kind, _, nis = queue.partition("/")
    return asked.kind in ("", kind) and asked.municipality in ("", nis)


def _sums(counts: dict[str, int], part: int, other: str) -> dict[str, int]:
    """Counted by one part of the queue, with the choice for the other part kept."""
    sums: Counter[str] = Counter()
    for queue, count in counts.items():
        parts: Sequence[str] = queue.split("/", 1)
        if other in ("", parts[1 - part]):
            sums[parts[part]] += count
    return dict(sums)
