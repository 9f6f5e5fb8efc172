"""Work to do: put down with the versions that call for it, taken up by whoever decides."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, insert, select, update

from app.store.log import Log
from app.store.tables import log as tables
from app.store.transaction import Transaction

TASKS = select(*(tables.task.c[name] for name in ("id", "queue", "subject", "time", "body", "done", "outcome")))


@dataclass(frozen=True)
class Task:
    """Something to be decided or done about a subject; no personal values in it.

    `done` is when that was, and `outcome` what came of it.
    """

    id: int
    queue: str
    subject: str
    time: str
    body: bytes
    done: str | None = None
    outcome: str | None = None


def assign(transaction: Transaction, queue: str, subject: str, body: bytes) -> None:
    """Have something done, once this transaction is kept."""
    row = {"queue": queue, "subject": subject, "time": transaction.now(), "body": body}
    transaction.connection.execute(insert(tables.task), row)


def list_tasks(
    log: Log, queues: Sequence[str], limit: int, offset: int = 0, before: str | None = None, done: bool = False
) -> list[Task]:
    """What waits in these queues, oldest first, put there before a time; or with `done` what is done, latest first."""
    table = tables.task.c
    state = table.done.is_not(None) if done else table.done.is_(None)
    wanted = TASKS.where(table.queue.in_(queues), state)
    if before is not None:
        wanted = wanted.where(table.time < before)
    wanted = wanted.order_by(table.done.desc() if done else table.id, table.id).limit(limit).offset(offset)
    with log.database.reading() as connection:
        return [Task(*row) for row in connection.execute(wanted)]


def count_tasks(log: Log, before: str | None = None, done: bool = False) -> dict[str, int]:
    """How many wait in each queue, or are done."""
    table = tables.task.c
    counted = select(table.queue, func.count()).where(table.done.is_not(None) if done else table.done.is_(None))
    if before is not None:
        counted = counted.where(table.time < before)
    with log.database.reading() as connection:
        return {row[0]: row[1] for row in connection.execute(counted.group_by(table.queue))}


def find_task(log: Log, id: int) -> Task | None:
    """The task with this number, done or not."""
    with log.database.reading() as connection:
        row = connection.execute(TASKS.where(tables.task.c.id == id)).first()
    return None if row is None else Task(*row)


def note_outcome(transaction: Transaction, task: Task, outcome: str) -> None:
    """Say more exactly what came of a task that this transaction has finished."""
    noting = update(tables.task).where(tables.task.c.id == task.id)
    transaction.connection.execute(noting.values(outcome=outcome))


def finish(transaction: Transaction, task: Task, outcome: str) -> bool:
    """Close a task with what came of it; False when somebody else was first."""
    closing = update(tables.task).where(tables.task.c.id == task.id, tables.task.c.done.is_(None))
    done = transaction.connection.execute(closing.values(done=transaction.now(), outcome=outcome))
    return done.rowcount == 1


def finish_subject(transaction: Transaction, subject: str, outcome: str) -> bool:
    """Close the open task about a subject; False when there is none."""
    closing = update(tables.task).where(tables.task.c.subject == subject, tables.task.c.done.is_(None))
    done = transaction.connection.execute(closing.values(done=transaction.now(), outcome=outcome))
    return done.rowcount > 0


def close_older(transaction: Transaction, until: str, subjects: Collection[str], outcome: str) -> list[str]:
    """Close the tasks about one of these that have waited since before this time; answers their subjects."""
    table = tables.task.c
    old = select(table.id, table.subject).where(table.time < until, table.done.is_(None))
    waiting = {id: subject for id, subject in transaction.connection.execute(old) if subject in subjects}
    closing = update(tables.task).where(table.id == bindparam("task"))
    if waiting:
        rows = [{"task": id, "done": transaction.now(), "outcome": outcome} for id in waiting]
        transaction.connection.execute(closing, rows)
    return list(waiting.values())
