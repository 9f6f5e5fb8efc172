"""Comparing with other registers and acting on what they say: a change by the system, or a task for a clerk.

    checker = Checker(register, {ADDRESSES: addresses.check, ENTERPRISES: kbo.check})
    while checker.work(): ...

Runs after the commit, and again after some time: who registers waits for nobody. No answer leaves "niet
gecontroleerd", to be tried again later and later; a wrong answer of a neighbour undoes nothing in the register.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

import orjson
import structlog

from app.errors import LoketError, Unavailable
from app.exchange.neighbour import asking_for
from app.exchange.telling.sending import next_wait
from app.model.fields import Document
from app.model.processing import TECHNICAL
from app.register.agents import Agent
from app.register.checks import (
    ADDRESSES,
    ENTERPRISES,
    PERSONS,
    SUBJECT,
    SYSTEM_AGENT,
    Part,
    name_of,
    part_of_check,
    plan,
    whole,
)
from app.register.commands import ChangeAssociation
from app.register.doubles.referrals import CHECK, queue_of
from app.register.handle import handle
from app.register.register import Register
from app.register.subjects import subject_of
from app.store.checks import NOT_CHECKED, Check, due_checks, finish_check
from app.store.queues import assign, finish_subject
from app.store.times import iso
from app.store.transaction import Transaction

FINE = "in orde"
TAKEN_OVER = "overgenomen"
AT_ONCE = 50
# What is in order now may end, die or be renumbered without a word to us.
AGAIN = {ENTERPRISES: timedelta(days=30), PERSONS: timedelta(days=90), ADDRESSES: timedelta(days=365)}


@dataclass(frozen=True)
class Finding:
    """What a register says of a part: a state, in words what is wrong if anything, and what changes by itself.

    With `ask` a clerk has to look; `agent` is who makes the change.
    """

    state: str
    detail: str = ""
    ask: bool = False
    change: Document | None = field(default=None, repr=False)
    agent: Agent | None = None


Look = Callable[[Part, Document], Finding]
"""Asks one register about a part of a document; raises Unavailable when it gave no (good) answer."""


@dataclass(frozen=True)
class Checker:
    """What follows the log and asks; `chance` gives a number from 0 to 1."""

    register: Register
    looks: Mapping[str, Look]
    chance: Callable[[], float]

    def work(self) -> int:
        """Plan what is new and do what is due; answers how much there was, 0 when nothing waits."""
        planned = 0
        while plan(self.register, frozenset(self.looks)):
            planned += 1
        due = due_checks(self.register.log.database, frozenset(self.looks), iso(self.register.clock()), AT_ONCE)
        for check in due:
            self._check(check)
        return planned + len(due)

    def _check(self, check: Check) -> None:
        with self.register.log.transaction() as transaction:
            version = transaction.latest(check.entity)
            there = version is not None and version.operation != "delete"
            document = whole(version, self.register, transaction) if version and there else {}
        part = part_of_check(check, document)
        if part is None:
            return self._finish(check, replace(check, due=None))
        try:
            with asking_for(check.entity, SYSTEM_AGENT.iri, TECHNICAL):
                finding = self.looks[check.register](part, document)
        except Unavailable as error:
            return self._postpone(check, error)
        return self._act(check, finding, document)

    def _act(self, check: Check, finding: Finding, document: Document) -> None:
        """The change first: who is killed in between finds it made, and finishes."""
        now = self.register.clock()
        if finding.change:
            try:
                command = ChangeAssociation(document["vCode"], finding.change)
                handle(command, finding.agent or SYSTEM_AGENT, self.register, f"Controle: {check.register}")
            except LoketError as error:
                kind = type(error).__name__
                structlog.get_logger("checks").info("not taken over", register=check.register, error=kind)
                finding = Finding("niet overgenomen", error.title, ask=True)
        due = iso(now + AGAIN[check.register])
        done = replace(check, state=finding.state, detail=finding.detail, time=iso(now), attempts=0, due=due)
        self._finish(check, done, finding, document)

    def _postpone(self, check: Check, error: Unavailable) -> None:
        attempts = check.attempts + 1
        wait = max(next_wait(attempts, self.chance), timedelta(seconds=error.retry_after))
        due = iso(self.register.clock() + wait)
        time = iso(self.register.clock())
        later = replace(check, state=NOT_CHECKED, detail=error.title, time=time, attempts=attempts, due=due)
        self._finish(check, later)

    def _finish(
        self, before: Check, after: Check, finding: Finding | None = None, document: Document | None = None
    ) -> None:
        with self.register.log.transaction() as transaction:
            if not finish_check(transaction.connection, before, after) or finding is None:
                return
            finish_subject(transaction, _subject(after), finding.state)
            if finding.ask:
                self._ask(after, finding, document or {}, transaction)

    def _ask(self, check: Check, finding: Finding, document: Document, transaction: Transaction) -> None:
        """A task for the clerks of the municipality: the state and the words, no values."""
        subject = subject_of(transaction, check.entity, self.register.today())
        home = subject.home if subject else None
        problem = (check.node.rpartition("#")[2] or "vereniging", f"{finding.state}: {finding.detail}")
        body = {
            "naam": name_of(document),
            "gemeente": home,
            "kandidaten": [],
            "problemen": [problem],
            "code": document.get("vCode", ""),
            "bron": check.register,
        }
        assign(transaction, queue_of(CHECK, home), _subject(check), orjson.dumps(body))


def _subject(check: Check) -> str:
    """One task for one part and register."""
    return SUBJECT.format(node=check.node, register=check.register)
