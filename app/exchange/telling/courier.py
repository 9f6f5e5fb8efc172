"""Brings what waits in the outbox to who asked for it; any number of these work side by side, in any process.

    while courier.work(): ...          # until nothing is due

Who sends, holds a lease: of two, one sends. Who is killed while sending has the lease run out, and another sends again
with the same id: between a receiver that took a message and the note of that, nobody can tell, so the id is there for
receivers to know a second copy by.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from app.exchange.telling.sending import MOST_ATTEMPTS, Result, next_wait
from app.register.register import Register
from app.register.telling.fan_out import fan_out
from app.register.telling.messages import Teller
from app.register.telling.recipients import EMAIL, Recipient, recipient_of
from app.register.telling.subscribing import stop
from app.store.deliveries import (
    CONFIRMATION,
    DROPPED,
    FAILED,
    MESSAGE,
    SENT,
    Delivery,
    again,
    claim,
    finish,
    forget_finished,
)
from app.store.subscriptions import ACTIVE, WAITING, Subscription, subscription, unconfirmed
from app.store.times import iso

LEASE = timedelta(minutes=5)
AT_ONCE, SIDE_BY_SIDE = 200, 8
KEPT, UNCONFIRMED = timedelta(days=90), timedelta(days=7)

Mail = Callable[[Recipient, Subscription, Sequence[Delivery], datetime], Result]
Hook = Callable[[Recipient, Delivery, datetime], Result]


@dataclass(frozen=True)
class Courier:
    """What sends; `chance` gives a number from 0 to 1, `also` is what else there is to send."""

    register: Register
    teller: Teller
    mail: Mail = field(repr=False)
    hook: Hook = field(repr=False)
    chance: Callable[[], float]
    lease: timedelta = LEASE
    also: Callable[[], int] = field(default=lambda: 0, repr=False)

    def work(self) -> int:
        """Tell of the oldest changes and send what is due; answers how much there was, 0 when nothing waits."""
        told = fan_out(self.register, self.teller)
        now = self.register.clock()
        claimed = claim(self.register.log.database, iso(now), iso(now + self.lease), AT_ONCE)
        claimed.sort(key=lambda one: (one.subscription, one.sequence, one.id))
        groups = [(id, list(group)) for id, group in groupby(claimed, key=lambda one: one.subscription)]
        if groups:
            with ThreadPoolExecutor(min(SIDE_BY_SIDE, len(groups))) as pool:
                list(pool.map(lambda group: self._serve(*group), groups))
        return told + len(claimed) + self.also()

    def tidy(self) -> None:
        """Forget what was sent long ago, and subscriptions that nobody agreed to."""
        now = self.register.clock()
        with self.register.log.transaction() as transaction:
            forget_finished(transaction.connection, iso(now - KEPT))
            for known in unconfirmed(transaction.connection, iso(now - UNCONFIRMED)):
                stop(known, self.register, transaction)

    def _serve(self, id: str, deliveries: list[Delivery]) -> None:
        known = subscription(self.register.log.database, id)
        right = [
            one for one in deliveries if known and known.state == (WAITING if one.kind == CONFIRMATION else ACTIVE)
        ]
        for one in deliveries:
            if one not in right:
                self._close(one, DROPPED, "niet meer nodig")
        recipient = recipient_of(known, self.register) if known and right else None
        if known is None or recipient is None:
            return
        for batch in batches(known, right):
            self._settle(known, batch, self._send(known, recipient, batch))

    def _send(self, known: Subscription, recipient: Recipient, batch: Sequence[Delivery]) -> Result:
        now = self.register.clock()
        if known.channel == EMAIL:
            return self.mail(recipient, known, batch, now)
        return self.hook(recipient, batch[0], now)

    def _settle(self, known: Subscription, batch: Sequence[Delivery], result: Result) -> None:
        for one in batch:
            attempts = one.attempts + 1
            if result.sent:
                self._close(one, SENT, result.text)
            elif result.final or attempts >= MOST_ATTEMPTS:
                self._close(one, FAILED, result.text)
            else:
                wait = timedelta(seconds=result.wait) if result.wait else next_wait(attempts, self.chance)
                again(self.register.log.database, one, iso(self.register.clock() + wait), result.text)
        if result.gone:
            with self.register.log.transaction() as transaction:
                stop(known, self.register, transaction)

    def _close(self, one: Delivery, state: str, outcome: str) -> None:
        finish(self.register.log.database, one, state, iso(self.register.clock()), outcome)


def batches(known: Subscription, deliveries: Sequence[Delivery]) -> list[list[Delivery]]:
    """What goes out together: all that is due of a daily e-mail, else each by itself."""
    if known.channel != EMAIL or known.rhythm != "dagelijks":
        return [[one] for one in deliveries]
    daily = [one for one in deliveries if one.kind == MESSAGE]
    return [*([one] for one in deliveries if one.kind != MESSAGE), *([daily] if daily else [])]
