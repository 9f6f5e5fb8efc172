"""How much is used is counted without anybody in it: nothing tells one day's visitor from another's."""

from __future__ import annotations

import doctest
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.register.reports import usage
from app.register.reports.usage import PAGE, SOUGHT, Counter, term_of, tidy
from app.store.database import Database, open_database
from app.store.usage import MARK, SALT, TABLE

IRI = "http://loket.test/id/product/P0001001"
ANN, BOB = "203.0.113.7 Mozilla/5.0 (Ann)", "203.0.113.8 Mozilla/5.0 (Bob)"


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(open_database(f"sqlite:///{tmp_path / 'log.sqlite'}")) as opened:
        yield opened


def counter(database: Database, clock: Clock) -> Counter:
    return Counter(database, clock, os.urandom)


def rows(database: Database) -> list[tuple[str, str, str, int, int]]:
    with database.reading() as connection:
        found = connection.execute(TABLE.select().order_by(TABLE.c.day, TABLE.c.event, TABLE.c.subject)).all()
    return [(row.day, row.event, row.subject.rpartition("/")[2], row.times, row.visitors) for row in found]


def test_views_and_the_visitors_of_a_day_are_counted(database: Database, clock: Clock) -> None:
    one = counter(database, clock)
    for visitor in (ANN, ANN, BOB, ANN):
        one.note(PAGE, IRI, visitor=visitor)
    assert one.flush() == 4
    assert rows(database) == [("2026-03-01", PAGE, "P0001001", 4, 2)]
    assert one.flush() == 0


def test_a_visitor_is_one_however_many_processes_and_flushes_there_are(database: Database, clock: Clock) -> None:
    for _ in range(3):
        one, other = counter(database, clock), counter(database, clock)
        for each in (one, other):
            each.note(PAGE, IRI, visitor=ANN)
            each.flush()
    assert rows(database) == [("2026-03-01", PAGE, "P0001001", 6, 1)]


def test_the_next_day_the_same_visitor_is_a_new_one_and_nothing_is_left_of_the_day_before(
    database: Database, clock: Clock
) -> None:
    one = counter(database, clock)
    one.note(PAGE, IRI, visitor=ANN)
    one.flush()
    clock.now += timedelta(days=1)
    one.note(PAGE, IRI, visitor=ANN)
    one.flush()
    assert [row[3:] for row in rows(database)] == [(1, 1), (1, 1)]
    tidy(database, clock())
    with database.reading() as connection:
        days = {row.day for table in (MARK, SALT) for row in connection.execute(table.select())}
    assert days == {"2026-03-02"}


def test_marks_of_one_visitor_have_nothing_in_common(database: Database, clock: Clock) -> None:
    one = counter(database, clock)
    for subject in (IRI, IRI + "0", IRI + "1"):
        one.note(PAGE, subject, visitor=ANN)
    one.flush()
    with database.reading() as connection:
        assert len({bytes(row.mark) for row in connection.execute(MARK.select())}) == 3


def test_neither_address_nor_browser_stands_in_any_file(database: Database, clock: Clock, tmp_path: Path) -> None:
    one = counter(database, clock)
    one.note(PAGE, IRI, visitor=ANN)
    one.flush()
    tidy(database, clock() + timedelta(days=1))
    database.scrub()
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert IRI.encode() in written
    assert not [part for part in (b"203.0.113.7", b"Mozilla", b"Ann") if part in written]


@pytest.mark.parametrize(
    "text",
    [
        "85.01.01-001.15", "85010100115", "0470 12 34 56", "+32 470 123456", "jan.janssens@voorbeeld.be",
        "BE68 5390 0754 7034", "be68539007547034", "01/02/1990", "https://voorbeeld.be/?token=geheim", " ", "x" * 61,
    ],
)  # fmt: skip
def test_what_looks_like_somebodys_own_is_never_kept(text: str) -> None:
    assert term_of(text) is None


@pytest.mark.parametrize("text", ["zaal huren", "9000", "subsidie 2026", "scouts & gidsen", "élan"])
def test_what_people_look_for_is_kept(text: str) -> None:
    assert term_of(text.upper()) == text.casefold()


def test_a_term_that_few_asked_is_forgotten_after_a_month_and_days_are_joined_to_months(
    database: Database, clock: Clock
) -> None:
    one = counter(database, clock)
    for number in range(6):
        one.note(SOUGHT["aanbod"], "zaal", visitor=f"{number}")
        one.note(SOUGHT["aanbod"], "een naam", visitor=f"{number % 3}")
    one.flush()
    clock.now += timedelta(days=1)
    one.note(SOUGHT["aanbod"], "zaal", visitor=ANN)
    one.flush()
    tidy(database, clock() + timedelta(days=29))
    assert len(rows(database)) == 3
    tidy(database, clock() + timedelta(days=40))
    assert {row[2] for row in rows(database)} == {"zaal"}
    tidy(database, clock() + timedelta(days=90))
    assert rows(database) == [("2026-03-01", SOUGHT["aanbod"], "zaal", 7, 7)]


def test_what_could_not_be_written_goes_down_later(database: Database, clock: Clock, tmp_path: Path) -> None:
    from app.errors import Unavailable

    one = counter(database, clock)
    one.note(PAGE, IRI, visitor=ANN)
    real, one._database = one._database, Broken()  # type: ignore[assignment]
    with pytest.raises(Unavailable):
        one.flush()
    one._database = real
    assert one.flush() == 1
    assert [row[3:] for row in rows(database)] == [(1, 1)]


class Broken:
    def writing(self) -> object:
        from app.errors import Unavailable

        raise Unavailable("vol")


KILLED = """
import os, sys, signal
from datetime import UTC, datetime
from app.register.reports.usage import Counter
from app.store.database import open_database
one = Counter(open_database(sys.argv[1]), lambda: datetime(2026, 3, 1, 12, tzinfo=UTC), os.urandom)
for number in range(100):
    one.note("pagina", "P", visitor=str(number))
    if number % 10 == 9 and number < 90:
        one.flush()
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_killed_it_loses_what_was_not_written_yet_and_counts_nothing_twice(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'log.sqlite'}"
    for round in (1, 2):
        done = subprocess.run([sys.executable, "-c", KILLED, url], check=False)
        assert done.returncode == -signal.SIGKILL
        with closing(sqlite3.connect(tmp_path / "log.sqlite")) as connection:
            assert connection.execute("SELECT times, visitors FROM usage_count").fetchall() == [(90 * round, 90)]


def test_the_examples_are_right() -> None:
    assert doctest.testmod(usage).failed == 0
