"""What was used how much: counts by day, and for the day itself the marks by which a second visit is known.

salt = salt_of(database, "2026-03-01", new=os.urandom(32))       # the same for every process, gone the day after
add(connection, "2026-03-01", {Use("pagina", iri): 3}, {Use("pagina", iri): {mark}})
forget_marks(connection, "2026-03-02")                           # the night after: no mark and no salt is left
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, exists, func, insert, select, text

from app.store.batches import batches
from app.store.database import Database
from app.store.tables import usage as tables_usage

TABLE, MARK, SALT = tables_usage.usage, tables_usage.usage_mark, tables_usage.usage_salt
AT_ONCE = 500
# The same words for SQLite and PostgreSQL.
ADD = text(
    "INSERT INTO usage_count (day, event, subject, place, times, visitors) "
    "VALUES (:day, :event, :subject, :place, :times, :visitors) ON CONFLICT (day, event, subject, place) DO UPDATE SET "
    "times = usage_count.times + excluded.times, visitors = usage_count.visitors + excluded.visitors"
)


class Use(NamedTuple):
    """What happened (`event`), with what (`subject`), and for which municipality (a NIS code) when that was chosen."""

    event: str
    subject: str
    place: str = ""


def salt_of(database: Database, day: str, new: bytes) -> bytes:
    """The salt of a day: the one that is there, or `new` from now on, and then those of earlier days are gone."""
    with database.writing() as connection:
        found = connection.execute(select(SALT.c.salt).where(SALT.c.day == day)).scalar()
        if found is None:
            connection.execute(delete(SALT).where(SALT.c.day < day))
            connection.execute(insert(SALT), {"day": day, "salt": new})
    return new if found is None else bytes(found)


def add(connection: Connection, day: str, times: Mapping[Use, int], marks: Mapping[Use, Collection[bytes]]) -> None:
    """Add to the counts of a day; a mark that is there already is no new visitor."""
    new = _new_marks(connection, day, {mark for found in marks.values() for mark in found})
    rows = [
        {"day": day, **use._asdict(), "times": count, "visitors": len(new.intersection(marks.get(use, ())))}
        for use, count in times.items()
    ]
    put_counts(connection, rows)


def join_months(connection: Connection, before: str) -> int:
    """Make of all days before this one the first of their month; answers how many rows that were."""
    old = select(TABLE).where(TABLE.c.day < before, func.substr(TABLE.c.day, 9, 2) != "01")
    rows = [{**row._mapping, "day": f"{row.day[:7]}-01"} for row in connection.execute(old)]
    connection.execute(delete(TABLE).where(TABLE.c.day < before, func.substr(TABLE.c.day, 9, 2) != "01"))
    put_counts(connection, rows)
    return len(rows)


def forget_rare(connection: Connection, events: Collection[str], before: str, fewest: int) -> int:
    """Forget of before this day what was never asked by so many visitors on one day; answers how many rows."""
    often = TABLE.alias("often")
    reached = select(often.c.day).where(
        often.c.event == TABLE.c.event, often.c.subject == TABLE.c.subject, often.c.visitors >= fewest
    )
    rare = delete(TABLE).where(TABLE.c.event.in_(events), TABLE.c.day < before, ~exists(reached))
    return int(connection.execute(rare).rowcount)


def forget_marks(connection: Connection, today: str) -> None:
    """Let nothing be left by which a visitor of an earlier day could be known."""
    for table in (SALT, MARK):
        connection.execute(delete(table).where(table.c.day < today))


def _new_marks(connection: Connection, day: str, marks: Collection[bytes]) -> set[bytes]:
    """Put down those that are not there yet, and tell which."""
    asked, new = sorted(marks), set(marks)
    for part in batches(asked, AT_ONCE):
        there = select(MARK.c.mark).where(MARK.c.day == day, MARK.c.mark.in_(part))
        new -= {bytes(mark) for mark in connection.execute(there).scalars()}
    if new:
        connection.execute(insert(MARK), [{"day": day, "mark": mark} for mark in sorted(new)])
    return new


def put_counts(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Add counts to what is there: each with its day, event, subject, place, times and visitors."""
    if rows:
        connection.execute(ADD, list(rows))
