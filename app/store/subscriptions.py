"""Subscriptions as rows: who wants to be told of what, and how; the address is in the vault."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from sqlalchemy import Connection, Select, func, insert, select, update

from app.store.database import Database
from app.store.tables import telling as tables_telling

WAITING, ACTIVE, STOPPED = "wacht", "actief", "gestopt"


@dataclass(frozen=True)
class Standing:
    """What the owner of a subscription might know: a role, and where it holds; `lost` when it was taken away since.

    `person` is the blind index of a representative.
    """

    role: str
    territory: tuple[str, ...] = ()
    associations: tuple[str, ...] = ()
    federation: str = ""
    person: str = field(default="", repr=False)
    lost: bool = False


@dataclass(frozen=True)
class Subscription:
    """Who wants to be told of what; `scope` is `alle`, `gemeente/44021`, or `vereniging/` or `koepel/` and a code."""

    id: str
    owner: str
    account: str
    standing: Standing
    scope: str
    occasions: tuple[str, ...]
    channel: str
    rhythm: str
    state: str
    created: str
    since: int

    @property
    def is_active(self) -> bool:
        """Whether messages go out."""
        return self.state == ACTIVE


def add_subscription(connection: Connection, new: Subscription) -> None:
    """Keep a new subscription."""
    connection.execute(insert(tables_telling.subscription), _row(new))


def change_subscription(connection: Connection, id: str, **values: Any) -> Subscription | None:
    """Replace some of its values; the subscription as it then is, None when there is none."""
    known = find_subscription(connection, id)
    if known is None:
        return None
    changed = replace(known, **values)
    connection.execute(update(tables_telling.subscription).where(tables_telling.subscription.c.id == id), _row(changed))
    return changed


def find_subscription(connection: Connection, id: str) -> Subscription | None:
    """The subscription with this id."""
    row = connection.execute(select(tables_telling.subscription).where(tables_telling.subscription.c.id == id)).first()
    return None if row is None else _subscription(row)


def subscription(database: Database, id: str) -> Subscription | None:
    """The subscription with this id, as committed."""
    with database.reading() as connection:
        return find_subscription(connection, id)


def subscriptions_of(database: Database, owner: str | None = None) -> list[Subscription]:
    """Those of one owner, or of everybody, newest first; those that were stopped not."""
    table = tables_telling.subscription.c
    wanted = select(tables_telling.subscription).where(table.state != STOPPED)
    return _all(database, wanted if owner is None else wanted.where(table.owner == owner))


def active_subscriptions(database: Database) -> list[Subscription]:
    """All that are to be told of something."""
    return _all(database, select(tables_telling.subscription).where(tables_telling.subscription.c.state == ACTIVE))


def count_subscriptions(database: Database) -> dict[str, int]:
    """How many there are in each state."""
    state = tables_telling.subscription.c.state
    with database.reading() as connection:
        return {row[0]: row[1] for row in connection.execute(select(state, func.count()).group_by(state))}


def unconfirmed(connection: Connection, before: str) -> list[Subscription]:
    """Those that were made before a time, and that nobody agreed to."""
    table = tables_telling.subscription.c
    late = select(tables_telling.subscription).where(table.state == WAITING, table.created < before)
    return [_subscription(row) for row in connection.execute(late)]


def _all(database: Database, wanted: Select[Any]) -> list[Subscription]:
    ordered = wanted.order_by(tables_telling.subscription.c.created.desc())
    with database.reading() as connection:
        return [_subscription(row) for row in connection.execute(ordered)]


def _row(one: Subscription) -> dict[str, Any]:
    standing = orjson.dumps(one.standing).decode()
    return {**one.__dict__, "standing": standing, "occasions": "\n".join(one.occasions)}


def _subscription(row: Any) -> Subscription:
    told: dict[str, Any] = orjson.loads(row.standing)
    read: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
    standing = Standing(**read)
    values = {**row._mapping, "standing": standing, "occasions": tuple(row.occasions.split("\n"))}
    return Subscription(**values)
