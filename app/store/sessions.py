"""Who is logged in: rows that can be ended at any moment; the browser holds a key to one, we only its digest.

    token = sessions.open(Opening(account, (capacity, …), chosen=0))
    session = sessions.get(token)        # None once it ended, was ended, or lay still for too long

A capacity is JSON without a personal value: an organisation, a role, and the pseudonym of an account.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import Row, delete, insert, select, update

from app.store.database import Database
from app.store.tables import log as tables
from app.store.times import iso

LONGEST = timedelta(hours=10)
LONGEST_STILL = timedelta(hours=1)
TOUCHED_EVERY = timedelta(minutes=1)
table = tables.session
Capacity = dict[str, Any]


@dataclass(frozen=True)
class Session:
    """Somebody who is logged in: in which capacities, and the one that they act in, once chosen.

    `subject` is the blind index of the person, `owner` the organisation of the capacity.
    """

    id: str
    account: str
    capacities: tuple[Capacity, ...]
    chosen: int | None
    subject: bytes | None = field(repr=False)
    owner: str = ""
    label: str = ""
    started: str = ""
    seen: str = ""


class Sessions:
    """Opens, finds and ends them."""

    def __init__(self, database: Database, clock: Callable[[], datetime], mint: Callable[[], str]) -> None:
        self._database = database
        self._clock = clock
        self._mint = mint

    def open(
        self, account: str, capacities: Sequence[Capacity], chosen: int | None = None, subject: bytes | None = None
    ) -> str:
        """Begin one; answers the key for the browser. What ended long ago goes at the same time."""
        token, now = self._mint() + self._mint(), self._clock()
        acting: Capacity = capacities[chosen] if chosen is not None else {}
        row = {
            "digest": _digest(token),
            "id": self._mint()[:16],
            "account": account,
            "capacities": orjson.dumps(list(capacities)),
            "chosen": chosen,
            "subject": subject,
            "owner": acting.get("iri", ""),
            "label": acting.get("label", ""),
            "started": iso(now),
            "seen": iso(now),
        }
        with self._database.writing() as connection:
            connection.execute(delete(table).where(_ended(now)))
            connection.execute(insert(table), [row])
        return token

    def get(self, token: str) -> Session | None:
        """The session of this key, if it is still on."""
        now = self._clock()
        with self._database.reading() as connection:
            row = connection.execute(select(table).where(table.c.digest == _digest(token), ~_ended(now))).first()
        if row is None:
            return None
        if row.seen < iso(now - TOUCHED_EVERY) and not self._database.read_only:
            with self._database.writing() as connection:
                connection.execute(update(table).where(table.c.digest == row.digest).values(seen=iso(now)))
        return _session(row)

    def choose(self, token: str, index: int) -> str | None:
        """Go on in another capacity, under a new key; None when the session ended or has no such capacity."""
        session = self.get(token)
        if session is None or not 0 <= index < len(session.capacities):
            return None
        self.end(token)
        return self.open(session.account, session.capacities, index, session.subject)

    def gain(self, token: str, capacity: Capacity, besides: str) -> str | None:
        """Go on in one more capacity, under a new key; those in the role `besides` are no longer of use."""
        session = self.get(token)
        if session is None:
            return None
        kept = [one for one in session.capacities if one["role"] != besides]
        self.end(token)
        return self.open(session.account, [*kept, capacity], len(kept), session.subject)

    def end(self, token: str) -> None:
        """Log out."""
        self._delete(table.c.digest == _digest(token))

    def end_by_id(self, id: str, owner: str | None = None) -> None:
        """End somebody's session, of this organisation alone when it is given."""
        self._delete(table.c.id == id, *([table.c.owner == owner] if owner is not None else []))

    def current(self, owner: str | None = None) -> tuple[Session, ...]:
        """Who is logged in, of this organisation alone when it is given; the latest first."""
        wanted = select(table).where(~_ended(self._clock()), table.c.owner != "").order_by(table.c.started.desc())
        if owner is not None:
            wanted = wanted.where(table.c.owner == owner)
        with self._database.reading() as connection:
            return tuple(map(_session, connection.execute(wanted).all()))

    def _delete(self, *which: Any) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(table).where(*which))


def _ended(now: datetime) -> Any:
    return (table.c.started < iso(now - LONGEST)) | (table.c.seen < iso(now - LONGEST_STILL))


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()


def _session(row: Row[Any]) -> Session:
    capacities = tuple(orjson.loads(row.capacities))
    return Session(
        row.id, row.account, capacities, row.chosen, row.subject, row.owner, row.label, row.started, row.seen
    )
