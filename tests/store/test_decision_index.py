"""The index of decisions says what going through all of them would say, however they came, changed and went."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random

import orjson
import pytest

from app.store.decision_index import DecisionIndex, Entry, Sought
from app.store.log import Log, Version, open_log
from app.store.records import NewVersion
from tests.store.builders import NOON

HOMES, SORTS, WORDS = (
    ("44021", "11002", "12345"),
    ("erkenning", "subsidie", "reglement"),
    ("kring", "koor", "kringloop"),
)
DAYS = ("2024-01-01", "2024-05-05", "2025-12-31")
ABOUT = ("http://x/1", "http://x/2")


def entry_of(version: Version) -> Entry:
    told = orjson.loads(version.public or b"{}")
    return Entry(**{**told, "sorts": tuple(told["sorts"]), "about": tuple(told["about"])})


def some_decision(random: Random, code: str) -> Entry:
    return Entry(
        code, " ".join(random.sample(WORDS, 2)), "wat er staat", random.choice(WORDS), random.choice(DAYS),
        random.choice(HOMES), "het college", tuple(random.sample(SORTS, random.randrange(3))),
        tuple(random.sample(ABOUT, random.randrange(2))),
    )  # fmt: skip


def some_question(random: Random) -> Sought:
    def maybe(*values: str) -> str:
        return random.choice(("", "", *values))

    return Sought(
        maybe("kring", "koor kringloop", "KR"), maybe(*HOMES), maybe(*SORTS), maybe(*ABOUT), maybe(*DAYS),
        maybe(*DAYS), random.random() < 0.2,
    )  # fmt: skip


def fits(one: Entry, sought: Sought) -> bool:
    words = f"{one.title} {one.summary} {one.content}".split()
    return (
        all(any(word.startswith(part) for word in words) for part in sought.words.casefold().split())
        and sought.municipality in ("", one.municipality)
        and (not sought.sort or sought.sort in one.sorts)
        and (not sought.about or sought.about in one.about)
        and sought.since <= one.day
        and (not sought.until or one.day <= sought.until)
        and (not sought.made_here or one.code.startswith("B"))
    )


def put(log: Log, entry: Entry | None, code: str) -> None:
    iri = f"http://loket.test/id/besluit/{code}"
    before = log.latest(iri)
    version = NewVersion(
        entity=iri, kind="besluit", number=before.number + 1 if before else 1,
        operation="delete" if entry is None else "update" if before else "create", activity="http://x/a",
        actor="http://x/b", reason="", public=orjson.dumps(entry) if entry else None, internal=b"", feeds=(),
    )  # fmt: skip
    with log.transaction() as transaction:
        transaction.append(version)


def compare(index: DecisionIndex, known: Mapping[str, Entry], sought: Sought) -> None:
    wanted = sorted((one for one in known.values() if fits(one, sought)), key=lambda one: one.code)
    wanted.sort(key=lambda one: one.day, reverse=True)
    total, found = index.find(sought, 1, 3)
    assert total == len(wanted), sought
    assert [one.code for one in found] == [one.code for one in wanted[1:4]], sought
    assert [one.sorts for one in found] == [tuple(sorted(one.sorts)) for one in wanted[1:4]]
    homes, sorts = index.counts(sought)
    others = [one for one in known.values() if fits(one, replace(sought, municipality=""))]
    assert homes == {home: n for home in HOMES if (n := sum(one.municipality == home for one in others))}, sought
    others = [one for one in known.values() if fits(one, replace(sought, sort=""))]
    assert sorts == {sort: n for sort in SORTS if (n := sum(sort in one.sorts for one in others))}, sought


@pytest.mark.parametrize("few", [2, 2000], ids=["looked through", "put in order"])
def test_it_says_what_going_through_all_would_say(few: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.store.decision_index.FEW", few)
    random, known, log = Random(few), dict[str, Entry](), open_log(f"sqlite:///{tmp_path / 'log.sqlite'}", lambda: NOON)
    index, reader = (DecisionIndex(tmp_path / "besluiten.sqlite", entry_of) for _ in range(2))
    codes = [f"{'B' if number % 2 else 'x'}{number:07d}" for number in range(30)]
    for _ in range(12):
        for code in random.sample(codes, 9):
            if code in known and random.random() < 0.3:
                del known[code]
                put(log, None, code)
            else:
                known[code] = some_decision(random, code)
                put(log, known[code], code)
        assert index.follow(log) == log.head()
        for _ in range(15):
            # What another process follows, a reader sees.
            compare(random.choice((index, reader)), known, some_question(random))
    index.forget()
    assert index.find(Sought())[0] == 0
    index.follow(log)
    compare(index, known, Sought())
    log.close()


def test_two_that_follow_in_one_file_do_not_take_it_back(tmp_path: Path) -> None:
    log = open_log(f"sqlite:///{tmp_path / 'log.sqlite'}", lambda: NOON)
    old = Entry("B0000001", "oud", day="2024-01-01")
    put(log, old, old.code)
    first, second = (DecisionIndex(tmp_path / "besluiten.sqlite", entry_of) for _ in range(2))
    early = log.read(0, 10)
    put(log, replace(old, title="nieuw"), old.code)
    first.follow(log)
    with closing(sqlite3.connect(tmp_path / "besluiten.sqlite", isolation_level=None)) as connection:
        # The other one read its part of the log before, and comes to write it only now.
        assert second._take_in(connection, early) == log.head()
    assert [one.title for one in second.find(Sought())[1]] == ["nieuw"]
    log.close()
