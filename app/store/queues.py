"""Messages to send and work to do: put down with the versions that call for them, taken up by whoever runs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update

from app.store import tables
from app.store.log import Log
from app.store.transaction import Transaction


@dataclass(frozen=True)
class Message:
    """Something to tell another system; no personal values in it."""

    id: int
    topic: str
    time: str
    body: bytes


@dataclass(frozen=True)
class Task:
    """Something to be decided or done about a subject; no personal values in it."""

    id: int
    queue: str
    subject: str
    time: str
    body: bytes


def post(transaction: Transaction, topic: str, body: bytes) -> None:
    """Have a message sent, once this transaction is kept."""
    transaction.connection.execute(insert(tables.outbox), {"topic": topic, "time": transaction.now(), "body": body})


def unsent(log: Log, topic: str, limit: int) -> list[Message]:
    """The messages that still have to go, oldest first."""
    table = tables.outbox.c
    wanted = select(table.id, table.topic, table.time, table.body).where(table.topic == topic, table.sent.is_(None))
    with log.database.reading() as connection:
        return [Message(*row) for row in connection.execute(wanted.order_by(table.id).limit(limit))]


def mark_sent(transaction: Transaction, messages: Sequence[Message]) -> None:
    """These have gone; who is killed between sending and this sends again, so receivers must bear that."""
    if messages:
        marking = update(tables.outbox).where(tables.outbox.c.id == bindparam("message"))
        rows = [{"message": message.id, "sent": transaction.now()} for message in messages]
        transaction.connection.execute(marking, rows)


def assign(transaction: Transaction, queue: str, subject: str, body: bytes) -> None:
    """Have something done, once this transaction is kept."""
    row = {"queue": queue, "subject": subject, "time": transaction.now(), "body": body}
    transaction.connection.execute(insert(tables.task), row)


def open_tasks(log: Log, queue: str, limit: int) -> list[Task]:
    """What is still to be done, oldest first."""
    table = tables.task.c
    wanted = select(table.id, table.queue, table.subject, table.time, table.body)
    wanted = wanted.where(table.queue == queue, table.done.is_(None)).order_by(table.id).limit(limit)
    with log.database.reading() as connection:
        return [Task(*row) for row in connection.execute(wanted)]


def finish(transaction: Transaction, task: Task, outcome: str) -> bool:
    """Close a task with what came of it; False when somebody else was first."""
    closing = update(tables.task).where(tables.task.c.id == task.id, tables.task.c.done.is_(None))
    done = transaction.connection.execute(closing.values(done=transaction.now(), outcome=outcome))
    return done.rowcount == 1


def close_older(transaction: Transaction, until: str, outcome: str) -> list[str]:
    """Close the tasks that have waited since before this time; answers their subjects."""
    table = tables.task.c
    old = (table.time < until) & table.done.is_(None)
    subjects = list(transaction.connection.execute(select(table.subject).where(old)).scalars())
    if subjects:
        closing = update(tables.task).where(old).values(done=transaction.now(), outcome=outcome)
        transaction.connection.execute(closing)
    return subjects
