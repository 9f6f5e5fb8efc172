"""What was compared with other registers: of each part of an entity how it stands, and each call made for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, select, update

from app.store.database import Database
from app.store.tables import elsewhere as tables_elsewhere

NOT_CHECKED = "niet gecontroleerd"
AT_ONCE = 500
TABLE, CALLS = tables_elsewhere.check.c, tables_elsewhere.call.c


@dataclass(frozen=True)
class Check:
    """How one part stands with one register; `digest` tells what was compared, `due` when to (try to) compare again."""

    node: str
    register: str
    entity: str
    digest: bytes
    state: str = NOT_CHECKED
    detail: str = ""
    time: str = ""
    attempts: int = 0
    due: str | None = None


@dataclass(frozen=True)
class Call:
    """One call to a neighbour: no personal values."""

    time: str
    service: str
    reference: str
    on_behalf_of: str
    subject: str
    outcome: str
    milliseconds: int
    purpose: str = ""


def checks_of(connection: Connection, entities: Collection[str]) -> dict[str, list[Check]]:
    """All checks of these entities, by entity."""
    found: dict[str, list[Check]] = {entity: [] for entity in entities}
    wanted = select(tables_elsewhere.check).where(TABLE.entity.in_(list(entities))).order_by(TABLE.register, TABLE.node)
    for row in connection.execute(wanted):
        found[row.entity].append(Check(**row._asdict()))
    return found


def put_checks(connection: Connection, checks: Sequence[Check]) -> None:
    """Write these, each in the place of what was known of its part and register."""
    for one in checks:
        connection.execute(delete(tables_elsewhere.check).where(_same(one)))
    if checks:
        connection.execute(insert(tables_elsewhere.check), [dict(one.__dict__) for one in checks])


def drop_checks(connection: Connection, checks: Sequence[Check]) -> None:
    """Forget checks of parts that are no more."""
    for one in checks:
        connection.execute(delete(tables_elsewhere.check).where(_same(one)))


def forget_checks(connection: Connection) -> None:
    """Forget all of them: nothing is compared any more."""
    connection.execute(delete(tables_elsewhere.check))


def finish_check(connection: Connection, before: Check, after: Check) -> bool:
    """Write what came of a check; False when its part was changed meanwhile, so that it waits to be compared again."""
    values: dict[str, object] = {"state": after.state, "detail": after.detail, "time": after.time}
    values |= {"attempts": after.attempts, "due": after.due}
    statement = update(tables_elsewhere.check).where(_same(before), TABLE.digest == before.digest).values(values)
    return connection.execute(statement).rowcount == 1


def due_checks(database: Database, registers: Collection[str], now: str, limit: int) -> list[Check]:
    """What is to be compared now, longest due first."""
    wanted = select(tables_elsewhere.check).where(TABLE.register.in_(list(registers)), TABLE.due <= now)
    with database.reading() as connection:
        rows = connection.execute(wanted.order_by(TABLE.due).limit(limit)).all()
    return [Check(**row._asdict()) for row in rows]


def ask_again(connection: Connection, entity: str, now: str) -> int:
    """Have everything of an entity compared again; answers how much that is."""
    again = update(tables_elsewhere.check).where(TABLE.entity == entity).values(due=now, attempts=0)
    return connection.execute(again).rowcount


def states(database: Database) -> Mapping[str, Mapping[str, int]]:
    """How many parts are in which state, by register."""
    counted: dict[str, dict[str, int]] = {}
    wanted = select(TABLE.register, TABLE.state, func.count()).group_by(TABLE.register, TABLE.state)
    with database.reading() as connection:
        for register, state, number in connection.execute(wanted.order_by(TABLE.register, TABLE.state)):
            counted.setdefault(register, {})[state] = number
    return counted


def note_call(database: Database, call: Call) -> None:
    """Keep that a neighbour was called."""
    with database.writing() as connection:
        connection.execute(insert(tables_elsewhere.call), dict(call.__dict__))


def calls(database: Database, limit: int = 50, subject: str = "") -> list[Call]:
    """The last calls, newest first, of one entity when that is given."""
    wanted = select(*(CALLS[name] for name in Call.__dataclass_fields__)).order_by(CALLS.id.desc()).limit(limit)
    with database.reading() as connection:
        rows = connection.execute(wanted.where(CALLS.subject == subject) if subject else wanted).all()
    return [Call(**row._asdict()) for row in rows]


def last_calls(database: Database, services: Collection[str]) -> tuple[Call | None, Call | None]:
    """The last call to these services, and the last that was not answered well."""
    if not services:
        return None, None
    wanted = select(*(CALLS[name] for name in Call.__dataclass_fields__)).where(CALLS.service.in_(list(services)))
    newest = wanted.order_by(CALLS.id.desc()).limit(1)
    with database.reading() as connection:
        last = connection.execute(newest).first()
        well = CALLS.outcome.like("status 2%") | CALLS.outcome.like("MAGDA %")
        wrong = connection.execute(newest.where(~well)).first()
    return _call(last), _call(wrong)


def forget_calls(connection: Connection, until: str) -> int:
    """Take out the calls from before this time."""
    return connection.execute(delete(tables_elsewhere.call).where(CALLS.time < until)).rowcount


def _call(row: Row[Any] | None) -> Call | None:
    return None if row is None else Call(**row._asdict())


def _same(one: Check) -> ColumnElement[bool]:
    return and_(TABLE.node == one.node, TABLE.register == one.register)
