"""Questions in SQL from files, and answers that were made before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import String, bindparam, delete, insert, select, text

from app.store.database import Database
from app.store.tables import usage as tables_usage

ANSWERS = tables_usage.report_answer


@dataclass(frozen=True)
class Made:
    """An answer as it was made: when, at which point of the log, how long it took, and its rows as JSON."""

    key: str
    made: str
    stand: str
    milliseconds: int
    rows: bytes = field(repr=False)


def ask(database: Database, question: str, values: Mapping[str, str | int | list[str]]) -> list[dict[str, Any]]:
    """The rows; values are only ever bound, and those that the question does not name are left aside.

    A list is what something is `IN`.
    """
    statement = text(question)
    named = {name: value for name, value in values.items() if name in statement._bindparams}
    lists: list[Any] = [
        bindparam(name, expanding=True, type_=String()) for name, value in named.items() if isinstance(value, list)
    ]
    statement = statement.bindparams(*lists)
    with database.reading() as connection:
        return [dict(row._mapping) for row in connection.execute(statement, named)]


def find_answer(database: Database, key: str) -> Made | None:
    """The answer that was kept under this key."""
    with database.reading() as connection:
        row = connection.execute(select(ANSWERS).where(ANSWERS.c.key == key)).first()
    return None if row is None else Made(**row._mapping)


def keep_answer(database: Database, made: Made) -> None:
    """Keep an answer in place of an older one."""
    with database.writing() as connection:
        connection.execute(delete(ANSWERS).where(ANSWERS.c.key == made.key))
        connection.execute(insert(ANSWERS), dict(made.__dict__))


def forget_answers(database: Database, before: str) -> None:
    """Let go of answers that were made before this time."""
    with database.writing() as connection:
        connection.execute(delete(ANSWERS).where(ANSWERS.c.made < before))
