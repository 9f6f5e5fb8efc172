"""Messages on their way: put down once, taken by one sender at a time, and kept with what came of them.

put(connection, [Delivery(...)])                        # the same id again changes nothing
for delivery in claim(database, now, until, 100): ...   # nobody else gets these before `until`
finish(database, delivery, SENT, now, "HTTP 204")       # or `again(…)`: later
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from app.store.batches import batches
from app.store.database import Database
from app.store.tables import telling as tables_telling

TO_SEND, SENT, FAILED, DROPPED = "wacht", "verzonden", "mislukt", "vervallen"
MESSAGE, CONFIRMATION, TEST, FIGURES = "melding", "bevestiging", "proef", "cijfers"
# To another system, about an entity: `subscription` is then its code.
PUBLICATION = "publicatie"
# From an administration to an association: `subscription` is then the code of the association.
LETTER = "bericht"
MESSAGES = (MESSAGE, CONFIRMATION, TEST, FIGURES)
AT_ONCE = 500


@dataclass(frozen=True)
class Delivery:
    """One message to one subscriber; `body` is what it says, without any personal value."""

    id: str
    subscription: str
    kind: str
    sequence: int
    body: bytes = field(repr=False)
    created: str
    due: str
    state: str = TO_SEND
    lease: str | None = None
    attempts: int = 0
    finished: str | None = None
    outcome: str = ""


def put(connection: Connection, new: Sequence[Delivery]) -> None:
    """Have these sent, once this transaction is kept; one whose id is there already is left as it is."""
    for some in batches(new, AT_ONCE):
        part = {one.id: one for one in some}
        known = set(
            connection.execute(
                select(tables_telling.delivery.c.id).where(tables_telling.delivery.c.id.in_(part))
            ).scalars()
        )
        if rows := [dict(one.__dict__) for one in part.values() if one.id not in known]:
            connection.execute(insert(tables_telling.delivery), rows)


def claim(database: Database, now: str, until: str, limit: int, kinds: Collection[str] = MESSAGES) -> list[Delivery]:
    """What is due and nobody is sending: for the caller alone until the lease ends."""
    table = tables_telling.delivery.c
    due = (
        table.kind.in_(list(kinds))
        & (table.state == TO_SEND)
        & (table.due <= now)
        & (table.lease.is_(None) | (table.lease <= now))
    )
    if not _exists(database, due):
        return []
    with database.writing() as connection:
        rows = connection.execute(
            select(tables_telling.delivery).where(due).order_by(table.due, table.id).limit(limit)
        ).all()
        ids = [row.id for row in rows]
        connection.execute(update(tables_telling.delivery).where(table.id.in_(ids)).values(lease=until))
    return [Delivery(**{**row._mapping, "lease": until}) for row in rows]


def finish(database: Database, delivery: Delivery, state: str, now: str, outcome: str) -> bool:
    """Close it with what came of it; False when the lease had ended and somebody else took it over."""
    values = {"state": state, "finished": now, "outcome": outcome, "attempts": delivery.attempts + 1, "lease": None}
    return _settle(database, delivery, values)


def again(database: Database, delivery: Delivery, due: str, outcome: str) -> bool:
    """Have it tried again at `due`."""
    values = {"due": due, "outcome": outcome, "attempts": delivery.attempts + 1, "lease": None}
    return _settle(database, delivery, values)


def revive(connection: Connection, ids: Iterable[str], now: str) -> int:
    """Send again, from now on and with all attempts anew; answers how many there were."""
    table = tables_telling.delivery.c
    there = table.id.in_(list(ids)) & table.state.in_((FAILED, SENT, DROPPED))
    values = {"state": TO_SEND, "due": now, "attempts": 0, "lease": None, "finished": None}
    return connection.execute(update(tables_telling.delivery).where(there).values(**values)).rowcount


def drop_all(connection: Connection, subscription: str, now: str, why: str = "gestopt") -> None:
    """Send nothing more of this subscription of what waits now."""
    table = tables_telling.delivery.c
    open_ones = (table.subscription == subscription) & (table.state == TO_SEND)
    connection.execute(
        update(tables_telling.delivery).where(open_ones).values(state=DROPPED, finished=now, outcome=why)
    )


def delivery(database: Database, id: str) -> Delivery | None:
    """The delivery with this id."""
    with database.reading() as connection:
        row = connection.execute(select(tables_telling.delivery).where(tables_telling.delivery.c.id == id)).first()
    return None if row is None else Delivery(**row._mapping)


def being_sent(database: Database, other: Delivery, now: str) -> bool:
    """Whether somebody is sending something else of the same subscription at this moment."""
    table = tables_telling.delivery.c
    return _exists(database, (table.subscription == other.subscription) & (table.id != other.id) & (table.lease > now))


def release(database: Database, delivery: Delivery) -> None:
    """Hold it no more, whatever became of it."""
    mine = (tables_telling.delivery.c.id == delivery.id) & (tables_telling.delivery.c.lease == delivery.lease)
    with database.writing() as connection:
        connection.execute(update(tables_telling.delivery).where(mine).values(lease=None))


def deliveries(
    database: Database, subscriptions: Iterable[str] | None, states: Iterable[str], limit: int, skip: int = 0,
    kinds: Collection[str] = MESSAGES,
) -> list[Delivery]:  # fmt: skip
    """Those in these states, of these subscriptions or of all, newest first."""
    table = tables_telling.delivery.c
    wanted = select(tables_telling.delivery).where(table.state.in_(list(states)), table.kind.in_(list(kinds)))
    if subscriptions is not None:
        wanted = wanted.where(table.subscription.in_(list(subscriptions)))
    wanted = wanted.order_by(table.created.desc(), table.sequence.desc(), table.id).limit(limit).offset(skip)
    with database.reading() as connection:
        return [Delivery(**row._mapping) for row in connection.execute(wanted)]


def count_deliveries(
    database: Database, subscriptions: Iterable[str] | None = None, kinds: Collection[str] = MESSAGES
) -> dict[str, int]:
    """How many there are in each state."""
    table = tables_telling.delivery.c
    wanted = select(table.state, func.count()).where(table.kind.in_(list(kinds))).group_by(table.state)
    if subscriptions is not None:
        wanted = wanted.where(table.subscription.in_(list(subscriptions)))
    with database.reading() as connection:
        return {row[0]: row[1] for row in connection.execute(wanted)}


def forget_finished(connection: Connection, before: str) -> int:
    """Drop what came to its end before a time; answers how many."""
    table = tables_telling.delivery.c
    return connection.execute(delete(tables_telling.delivery).where(table.finished < before)).rowcount


def _exists(database: Database, condition: Any) -> bool:
    """Asked without the write lock: mostly there is nothing."""
    with database.reading() as connection:
        return connection.execute(select(tables_telling.delivery.c.id).where(condition).limit(1)).first() is not None


def _settle(database: Database, delivery: Delivery, values: dict[str, Any]) -> bool:
    table = tables_telling.delivery.c
    mine = (table.id == delivery.id) & (table.lease == delivery.lease) & (table.state == TO_SEND)
    with database.writing() as connection:
        return connection.execute(update(tables_telling.delivery).where(mine).values(**values)).rowcount == 1
