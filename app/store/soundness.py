"""Whether the log can still be read, all of it: a database notices damage only in the pages that it happens to need.

for _ in look_through(log):
    rest()
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import inspect

from app.errors import Unavailable
from app.store.database import Database
from app.store.log import Log
from app.store.records import Version

PART = 1000
DAMAGED = "Het logboek is beschadigd{where}. Zet een kopie terug en kijk de schijf na."
CORRUPT = ("SQLITE_CORRUPT", "SQLITE_NOTADB")


def look_through(log: Log) -> Iterator[None]:
    """Read the whole log, part by part; raises Unavailable, with where it is, for damage."""
    for table in _tables(log.database):
        _look_at(log.database, table)
        yield
    after = 0
    while versions := _read(log, after):
        if [version.sequence for version in versions] != list(range(after + 1, after + 1 + len(versions))):
            raise Unavailable(_damaged(f" na volgnummer {after}"))
        after = versions[-1].sequence
        yield


def is_damage(error: BaseException | None) -> bool:
    """Whether SQLite says that a file is not what it wrote."""
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorname", "").startswith(CORRUPT)


def _tables(database: Database) -> list[str]:
    """Those of SQLite; PostgreSQL has checksums of its own in what is read."""
    with _told(""), database.reading() as connection:
        return inspect(connection).get_table_names() if database.is_file else []


def _look_at(database: Database, table: str) -> None:
    with _told(f" in {table}"), database.reading() as connection:
        # What this connection remembers of the file is not the file.
        connection.exec_driver_sql("PRAGMA shrink_memory")
        # https://www.sqlite.org/pragma.html#pragma_quick_check
        found = connection.exec_driver_sql(f"PRAGMA quick_check('{table}')").scalars().all()
    if found != ["ok"]:
        raise Unavailable(_damaged(f" in {table}"))


def _read(log: Log, after: int) -> list[Version]:
    with _told(f" na volgnummer {after}"):
        return log.read(after, PART)


@contextmanager
def _told(where: str) -> Iterator[None]:
    try:
        yield
    except ValueError:
        raise Unavailable(_damaged(where)) from None
    except Unavailable as error:
        if is_damage(getattr(error.__cause__, "orig", None)):
            raise Unavailable(_damaged(where)) from error
        raise


def _damaged(where: str) -> str:
    return DAMAGED.format(where=where)
