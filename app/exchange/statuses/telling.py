"""Tells other systems each status of each dossier: in order per dossier, none lost, none twice.

    while teller.work(): ...          # until nothing is due
    teller.reconcile()                # now and then: what did the other side make of what it took?

The table of statuses is the outbox: a status that holds is planned, in step with how far the table was read. Of one
dossier only the oldest that waits goes. That it goes is put down before it does, so who is killed in between, or gets
no answer, asks the other side first whether it has this one, once that had time to process it. What the other side
refuses for good stands on a list for people; what it cannot take now waits, however long that is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from app.errors import LoketError
from app.exchange.neighbour import Line, asking_for
from app.exchange.receiving import Fate, Verdict
from app.exchange.statuses.facts import Facts, facts_of
from app.exchange.telling.sending import next_wait
from app.model.processing import SERVICE
from app.register.checks import SYSTEM_AGENT
from app.register.register import Register
from app.store import in_order
from app.store.deliveries import FAILED, SENT, Delivery, put, revive
from app.store.dossier_statuses import DossierStatus, statuses_after, statuses_of
from app.store.times import iso

AT_ONCE, PLANNED_AT_ONCE, ASKED_AT_ONCE = 20, 500, 100
LEASE = timedelta(minutes=5)
# The other side works through what it took beside; asked sooner it may not know yet what it has.
SETTLING = timedelta(minutes=2)
# What was taken longer ago and never spoken of is taken for processed: that is what the other side promised.
OF_LATE = timedelta(days=7)
ACCEPTED, PROCESSED, THERE = "aanvaard", "verwerkt", "het stond er al"
# What people read while nobody knows whether it arrived.
UNSURE = "onzeker"


class Receiver(Protocol):
    """The way to another system that takes statuses; `source` is under what name we are known there."""

    @property
    def kind(self) -> str: ...

    @property
    def source(self) -> str: ...

    @property
    def line(self) -> Line: ...

    def wants(self, status: DossierStatus) -> bool:
        """Whether it is to be told of this one."""

    def tell(self, facts: Facts) -> Verdict:
        """Send one status, and say what came of it."""

    def has(self, facts: Facts) -> bool | None:
        """Whether it took this one already; None when it does not say. Raises LoketError when it cannot now."""

    def refused(self) -> Mapping[tuple[str, str], str]:
        """What it took and then could not process, by dossier number and time, each with its reason."""


@dataclass(frozen=True)
class StatusTeller:
    """What follows the statuses and tells one receiver; `chance` gives a number from 0 to 1."""

    register: Register
    receiver: Receiver
    chance: Callable[[], float] = field(repr=False)
    read: Callable[[DossierStatus, Register, str], Facts] = facts_of

    def work(self) -> int:
        """Plan what is new and tell what is due; answers how much there was, 0 when nothing waits."""
        planned, database = self._plan(), self.register.log.database
        now = self.register.clock()
        due = in_order.claim(database, self.receiver.kind, iso(now), iso(now + LEASE), AT_ONCE)
        for one in due:
            self._tell(one)
        return planned + len(due)

    def reconcile(self) -> int:
        """Ask what became of what was taken; answers of how much that is known now."""
        database, settled = self.register.log.database, 0
        since = iso(self.register.clock() - OF_LATE)
        waiting = in_order.sent_as(database, self.receiver.kind, ACCEPTED, since, ASKED_AT_ONCE)
        refused = self.receiver.refused() if waiting else {}
        for one in waiting:
            facts = self._facts(one)
            why = refused.get((facts["dossiernummer"], facts["sinds"]))
            if why is None and self.receiver.has(facts) is not True:
                continue
            with database.writing() as connection:
                in_order.amend(connection, one.id, SENT if why is None else FAILED, PROCESSED if why is None else why)
            settled += 1
        return settled

    def again(self, subject: str) -> int:
        """Have what failed of a dossier told again, as far as nothing later was; answers how much that is."""
        with self.register.log.database.writing() as connection:
            ids = in_order.failed_since_sent(connection, self.receiver.kind, subject)
            return revive(connection, ids, iso(self.register.clock()))

    def _plan(self) -> int:
        register, place = self.register, f"{self.receiver.kind}/volgnummer"
        after = int(register.log.get_state(place) or 0)
        if not statuses_after(register.log.database, after, 1):
            return 0
        with register.log.transaction() as transaction:
            after = int(transaction.get_state(place) or 0)
            found = statuses_after(register.log.database, after, PLANNED_AT_ONCE)
            put(transaction.connection, [self._delivery(status) for status in found if self.receiver.wants(status)])
            if found:
                transaction.put_state(place, str(found[-1].sequence))
        return len(found)

    def _delivery(self, status: DossierStatus) -> Delivery:
        now, number = iso(self.register.clock()), status.dossier.rpartition("/")[2]
        id = f"{self.receiver.kind}/{status.id}"
        return Delivery(id, number, self.receiver.kind, status.sequence, status.dossier.encode(), now, now)

    def _tell(self, one: Delivery) -> None:
        facts = self._facts(one)
        with asking_for(one.body.decode(), SYSTEM_AGENT.iri, SERVICE):
            if _unsure(one) and self._there(one, facts):
                return
            if in_order.begin(self.register.log.database, one):
                self._settle(one, self.receiver.tell(facts))

    def _there(self, one: Delivery, facts: Facts) -> bool:
        """Whether this one is dealt with: it arrived before, or that cannot be known yet."""
        try:
            arrived = self.receiver.has(facts)
        except LoketError as error:
            self._later(one, timedelta(), f"{UNSURE}: {error.title}")
            return True
        if arrived:
            in_order.settle(self.register.log.database, one, SENT, iso(self.register.clock()), THERE)
        return bool(arrived)

    def _settle(self, one: Delivery, verdict: Verdict) -> None:
        database, now = self.register.log.database, iso(self.register.clock())
        if verdict.fate is Fate.TAKEN:
            in_order.settle(database, one, SENT, now, ACCEPTED)
        elif verdict.fate is Fate.REFUSED:
            in_order.settle(database, one, FAILED, now, verdict.text)
        elif verdict.fate is Fate.UNSURE:
            self._later(one, SETTLING, f"{UNSURE}: {verdict.text}")
        else:
            self._later(one, timedelta(seconds=verdict.wait), verdict.text)

    def _later(self, one: Delivery, at_least: timedelta, outcome: str) -> None:
        wait = max(next_wait(one.attempts + 1, self.chance), at_least)
        in_order.later(self.register.log.database, one, iso(self.register.clock() + wait), outcome)

    def _facts(self, one: Delivery) -> Facts:
        found = statuses_of(self.register.log.database, one.body.decode())
        status = next(each for each in found if each.sequence == one.sequence)
        return self.read(status, self.register, self.receiver.source)


def _unsure(one: Delivery) -> bool:
    """Whether it may have been sent: begun and never settled, or without a clear answer."""
    return one.outcome.startswith((in_order.BEGUN, UNSURE))
