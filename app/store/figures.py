"""Questions in SQL from files, and answers that were made before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import delete, insert, select, text

from app.store.database import Database
from app.store.tables import usage as tables_usage

ANSWERS = tables_usage.report_answer
# The values of a list that is written as JSON: in PostgreSQL and in a file of SQLite.
UNFOLDED = (
    "(SELECT jsonb_array_elements_text(CAST(:{name} AS jsonb)))",
    "(SELECT value FROM json_each(:{name}))",
)


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
    bound: dict[str, str | int] = {}
    for name, value in values.items():
        if isinstance(value, list):
            # As one value: SQLite binds no more than 32,766.
            question = re.sub(rf":{name}\b", UNFOLDED[database.is_file].format(name=name), question)
        bound[name] = orjson.dumps(value).decode() if isinstance(value, list) else value
    statement = text(question)
    named = {name: value for name, value in bound.items() if name in statement._bindparams}
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
