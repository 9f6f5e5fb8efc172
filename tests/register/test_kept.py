"""What takes long is kept, waited for no longer than said, and made anew behind the reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.errors import NotYet, Unavailable
from app.register.reports import kept
from app.register.reports.kept import Asking, Kept
from app.store.database import Database, open_database


class Moments:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    found = open_database(f"sqlite:///{tmp_path / 'log.sqlite'}")
    yield found
    found.close()


@pytest.fixture(autouse=True)
def everything_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "SLOW", 0)


def test_the_first_answer_is_waited_for_and_then_told_to_be_on_its_way(database: Database) -> None:
    works: list[Callable[[], None]] = []
    found = Kept(database, Moments(), works.append)
    asked = Asking("a", "1", lambda: b"[[1]]")
    for _ in range(2):
        with pytest.raises(NotYet) as told:
            found.answer(asked, patience=0)
    assert told.value.retry_after > 0 and len(works) == 1 and not found.is_there(asked)
    works.pop()()
    assert found.answer(asked, patience=0).rows == b"[[1]]" and found.is_there(asked)
    # Another process reads what this one kept.
    assert Kept(database, Moments(), works.append).answer(asked, patience=0).rows == b"[[1]]"
    assert works == []


def test_an_older_answer_says_of_when_it_is_while_it_is_made_anew(database: Database) -> None:
    works: list[Callable[[], None]] = []
    clock = Moments()
    found = Kept(database, clock, works.append)
    found.make(Asking("a", "1", lambda: b"[[1]]"))
    changed = Asking("a", "2", lambda: b"[[2]]")
    first = found.answer(changed, patience=0)
    assert (first.rows, first.made, works) == (b"[[1]]", "2026-03-01T00:00:00.000000Z", [])
    clock.now += kept.FRESH + timedelta(seconds=1)
    assert found.answer(changed).rows == b"[[1]]" and len(works) == 1
    works.pop()()
    assert found.answer(changed).rows == b"[[2]]"


def test_what_is_not_of_the_log_is_made_anew_though_nothing_changed(database: Database) -> None:
    works: list[Callable[[], None]] = []
    clock = Moments()
    found = Kept(database, clock, works.append)
    used = Asking("a", "1", lambda: b"[[1]]", lasts=False)
    found.make(used)
    assert found.answer(used).rows == b"[[1]]" and works == []
    clock.now += kept.FRESH + timedelta(seconds=1)
    assert found.answer(used).rows == b"[[1]]" and len(works) == 1


def test_what_goes_wrong_is_told_to_who_waits_and_tried_again(database: Database) -> None:
    def fail() -> bytes:
        raise Unavailable("De opslag antwoordt niet.")

    found = Kept(database, Moments(), lambda work: work())
    with pytest.raises(Unavailable, match="antwoordt niet"):
        found.answer(Asking("a", "1", fail))
    assert found.answer(Asking("a", "1", lambda: b"[]")).rows == b"[]"


def test_what_nobody_asked_anew_for_long_is_forgotten(database: Database) -> None:
    clock = Moments()
    found = Kept(database, clock, lambda work: work())
    asked = Asking("a", "1", lambda: b"[]")
    found.make(asked)
    clock.now += kept.KEPT + timedelta(days=1)
    found.forget_old()
    assert not Kept(database, clock, lambda work: work()).is_there(asked)
