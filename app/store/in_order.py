"""Messages about one thing that must reach another system in their order, each once.

    for one in claim(database, DOSIS, now, until, 20):     # of each dossier the oldest that waits, if it is due
        if begin(database, one):                           # from here on nobody can say that it was not sent
            settle(database, one, SENT, now, "HTTP 200")   # or `later(…)`

They stand in the table of deliveries: `subscription` is what they are about, `sequence` their order. A claimed one
that was begun before, and not settled, may have been sent: `Delivery.outcome` is then `BEGUN`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Connection, and_, exists, func, select, update

from app.store.database import Database
from app.store.deliveries import FAILED, SENT, TO_SEND, Delivery
from app.store.tables import dossiers as tables_dossiers
from app.store.tables import telling as tables_telling

BEGUN = "begonnen"
TABLE = tables_telling.delivery
C = TABLE.c


def claim(database: Database, kind: str, now: str, until: str, limit: int) -> list[Delivery]:
    """What is due and is the oldest of its subject that waits: for the caller alone until the lease ends."""
    earlier = TABLE.alias("earlier")
    before = exists().where(
        and_(
            earlier.c.subscription == C.subscription,
            earlier.c.kind == C.kind,
            earlier.c.state == TO_SEND,
            earlier.c.sequence < C.sequence,
        )
    )
    free = C.lease.is_(None) | (C.lease <= now)
    due = (C.kind == kind) & (C.state == TO_SEND) & (C.due <= now) & free & ~before
    wanted = select(TABLE).where(due).order_by(C.due, C.sequence).limit(limit)
    with database.reading() as connection:
        if connection.execute(wanted.limit(1)).first() is None:
            return []
    with database.writing() as connection:
        rows = connection.execute(wanted).all()
        connection.execute(update(TABLE).where(C.id.in_([row.id for row in rows])).values(lease=until))
    return [Delivery(**{**row._mapping, "lease": until}) for row in rows]


def begin(database: Database, one: Delivery) -> bool:
    """Put down, before it goes, that it goes; False when the lease ended and somebody else has it."""
    return _change(database, one, {"outcome": BEGUN, "attempts": one.attempts + 1}, kept=True)


def settle(database: Database, one: Delivery, state: str, now: str, outcome: str) -> bool:
    """Close it with what came of it."""
    return _change(database, one, {"state": state, "finished": now, "outcome": outcome})


def later(database: Database, one: Delivery, due: str, outcome: str) -> bool:
    """Have it tried again at `due`."""
    return _change(database, one, {"due": due, "outcome": outcome})


def amend(connection: Connection, id: str, state: str, outcome: str) -> None:
    """Of one that was sent: what the other side made of it afterwards."""
    connection.execute(update(TABLE).where(C.id == id, C.state == SENT).values(state=state, outcome=outcome))


def sent_as(database: Database, kind: str, outcome: str, since: str, limit: int) -> list[Delivery]:
    """Those that were sent since a time and stand as this, latest first."""
    wanted = select(TABLE).where(C.kind == kind, C.state == SENT, C.outcome == outcome, C.finished >= since)
    with database.reading() as connection:
        rows = connection.execute(wanted.order_by(C.finished.desc(), C.sequence.desc()).limit(limit)).all()
    return [Delivery(**row._mapping) for row in rows]


def failed_since_sent(connection: Connection, kind: str, subject: str) -> list[str]:
    """The failed ones of a subject that are later than all that was sent: sending these again keeps the order."""
    last = connection.execute(
        select(func.max(C.sequence)).where(C.kind == kind, C.subscription == subject, C.state == SENT)
    ).scalar()
    wanted = select(C.id).where(
        C.kind == kind, C.subscription == subject, C.state == FAILED, C.sequence > (last if last is not None else -1)
    )
    return list(connection.execute(wanted.order_by(C.sequence)).scalars())


def of_subjects(database: Database, kinds: Collection[str], subjects: Iterable[str]) -> list[Delivery]:
    """All about these, in order."""
    wanted = select(TABLE).where(C.kind.in_(list(kinds)), C.subscription.in_(list(subjects)))
    with database.reading() as connection:
        rows = connection.execute(wanted.order_by(C.subscription, C.kind, C.sequence)).all()
    return [Delivery(**row._mapping) for row in rows]


def of_owners(
    database: Database, kinds: Collection[str], owners: Collection[str] | None, states: Collection[str], limit: int
) -> list[Delivery]:
    """Those about dossiers that these administrations handle, or about all, latest first."""
    status = tables_dossiers.dossier_status.c
    wanted = select(TABLE).join(tables_dossiers.dossier_status, status.sequence == C.sequence)
    wanted = wanted.where(C.kind.in_(list(kinds)), C.state.in_(list(states)))
    if owners is not None:
        wanted = wanted.where(status.owner.in_(list(owners)))
    with database.reading() as connection:
        rows = connection.execute(wanted.order_by(C.sequence.desc(), C.kind).limit(limit)).all()
    return [Delivery(**row._mapping) for row in rows]


def _change(database: Database, one: Delivery, values: dict[str, Any], kept: bool = False) -> bool:
    mine = (C.id == one.id) & (C.lease == one.lease) & (C.state == TO_SEND)
    released = {} if kept else {"lease": None}
    with database.writing() as connection:
        return connection.execute(update(TABLE).where(mine).values(**values, **released)).rowcount == 1
