"""From a version in the outbox to one delivery for each subscriber that it concerns, in one transaction.

    while fan_out(register, teller): ...

A crash before the end of that transaction leaves the outbox as it was, one after it finds it empty: so nobody misses a
change, and nobody is told twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta

import orjson

from app.model.wording import BRUSSELS
from app.register.events import Event, read_event
from app.register.products.audience import may_know, within
from app.register.register import Register
from app.register.telling.messages import Teller
from app.register.telling.subscription_checks import DAILY
from app.store.deliveries import MESSAGE, Delivery, put
from app.store.outbox import Notice, notices, take_out
from app.store.subscriptions import Subscription, active_subscriptions
from app.store.times import iso

AT_ONCE = 200
MORNING = time(7)


def fan_out(register: Register, teller: Teller) -> int:
    """Take the oldest changes out of the outbox and put down who is told of them; answers how many changes."""
    database = register.log.database
    found = notices(database, AT_ONCE)
    if not found:
        return 0
    subscriptions = active_subscriptions(database)
    now = register.clock()
    told = {notice.id: list(_deliveries(notice, subscriptions, register, teller, now)) for notice in found}
    with database.writing() as connection:
        taken = take_out(connection, found)
        put(connection, [delivery for notice in taken for delivery in told[notice.id]])
    return len(found)


def _deliveries(
    notice: Notice, subscriptions: Sequence[Subscription], register: Register, teller: Teller, now: datetime
) -> Iterator[Delivery]:
    concerned = [each for each in subscriptions if each.since < notice.sequence]
    change = read_event(notice, register.log, register.schema, register.codelists) if concerned else None
    if change is None:
        return
    bodies: dict[bool, tuple[frozenset[str], bytes]] = {}
    for each in concerned:
        if not within(each.scope, change, register):
            continue
        knows = may_know(each, change, register)
        if knows not in bodies:
            bodies[knows] = _body(change, knows, teller)
        occasions, body = bodies[knows]
        if not occasions.isdisjoint(each.occasions):
            id = f"{each.id}-{notice.sequence}"
            due = iso(next_morning(now) if each.rhythm == DAILY else now)
            yield Delivery(id, each.id, MESSAGE, notice.sequence, body, iso(now), due)


def _body(change: Event, knows: bool, teller: Teller) -> tuple[frozenset[str], bytes]:
    view = change.known if knows else change.seen
    return teller.occasions_of(change, view), orjson.dumps(teller.message(change, view, internal=knows))


def next_morning(now: datetime) -> datetime:
    """The first seven o'clock in Brussels that is still to come.

    >>> next_morning(datetime.fromisoformat("2026-11-24T05:59:00+00:00")).isoformat()
    '2026-11-24T07:00:00+01:00'
    """
    local = now.astimezone(BRUSSELS)
    day = local.date() if local.time() < MORNING else local.date() + timedelta(days=1)
    return datetime.combine(day, MORNING, BRUSSELS)
