"""Once a day, in the night, by one process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.bootstrap.nightly import due, forget_for, nightly
from app.errors import Refused, Unknown
from app.register.chores import DONE, FAILED, UNFORESEEN, Chore, Chores
from app.register.commands import RegisterAssociation, StopAssociation
from app.register.handle import handle
from app.register.register import Register
from tests.register.builders import THE_KBO, Make, make_log, make_register, make_tools


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    log = make_log(tmp_path)
    yield make_register(make_tools(), log)
    log.close()


def at(register: Register, year: int, month: int, day: int, hour: int, minute: int = 0) -> Register:
    return replace(register, clock=lambda: datetime(year, month, day, hour, minute, tzinfo=UTC))


def test_it_is_due_once_a_day_after_three_here(register: Register) -> None:
    assert not due(at(register, 2026, 7, 1, 0, 59)), "two in the night in summer"
    assert due(at(register, 2026, 7, 1, 1, 1))
    assert not due(at(register, 2026, 7, 1, 23, 0)), "the second of July here, before three"
    assert not due(at(register, 2026, 7, 1, 12))
    assert due(at(register, 2026, 7, 2, 12)), "a service that slept does it when it wakes"


def test_the_night_erases_what_is_kept_long_enough(register: Register, tmp_path: Path) -> None:
    make = Make(register.codelists)
    code = handle(RegisterAssociation(make.full()), THE_KBO, register).code
    handle(StopAssociation(code, date(2026, 1, 1)), THE_KBO, register)
    done = threading.Event()
    later = at(register, 2028, 1, 2, 12)

    def task() -> None:
        forget_for(later, tmp_path)()
        done.set()

    with nightly(Chores((Chore("wissen", "Wissen", task),), later), later):
        assert done.wait(20)
    assert register.log.vault.entities() == ()
    assert code in (tmp_path / "wissingen.jsonl").read_text()


def test_a_failure_is_kept_and_stops_nothing_and_one_may_be_done_when_asked(register: Register) -> None:
    done = {name: threading.Event() for name in ("refuse", "break", "work")}

    def refuse() -> None:
        done["refuse"].set()
        raise Refused("De schijf is vol.")

    def fail() -> None:
        done["break"].set()
        raise RuntimeError("Godelieve Verzonnen, 85.01.01-001.15")

    names = (("refuse", refuse), ("break", fail), ("work", done["work"].set))
    chores = Chores((Chore(name, name, work) for name, work in names), register)
    with nightly(chores, at(register, 2026, 7, 1, 12)):
        assert all(event.wait(20) for event in done.values())
        done["work"].clear()
        chores.ask("work")
        assert done["work"].wait(20)
    told = {row.key: (row.state, row.told) for row in chores.outcomes()}
    assert told == {"refuse": (FAILED, "De schijf is vol."), "break": (FAILED, UNFORESEEN), "work": (DONE, "")}
    assert not any(row.busy for row in chores.outcomes())
    with pytest.raises(Unknown):
        chores.ask("iets anders")
