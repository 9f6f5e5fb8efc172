"""Damage to what nobody reads is found at night, and healed from the log; of the log itself the operator is told."""

from __future__ import annotations

import os
import sqlite3
import time
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from app.bootstrap.nightly import nightly
from app.bootstrap.service import open_service
from app.errors import Unavailable
from app.register.chores import Chore, Chores, Outcome
from app.store.graphs.embedded import EmbeddedGraphs
from app.store.graphs.embedded_place import SETTLED_SECONDS, Damaged
from app.store.graphs.project import follow, open_following, public_part
from app.store.log import Log
from app.store.soundness import look_through
from app.web.service import Service
from tests.bootstrap.test_damage_while_running import CLUBS, is_whole, register
from tests.bootstrap.test_engines import asking, settings_for
from tests.bootstrap.test_engines import follow as up_to_date
from tests.register.builders import make_log, make_register, make_tools
from tests.running import wait_for
from tests.store.builders import a_version, next_version


def age(folder: Path) -> None:
    """Let its tables be older than what may still be written."""
    for path in folder.glob("*.sst"):
        os.utime(path, (time.time() - 2 * SETTLED_SECONDS,) * 2)


def turn(path: Path, random: Random, count: int = 1) -> None:
    """Some bytes of a file are no longer what they were, and it has the time that it had."""
    times = path.stat()
    content = bytearray(path.read_bytes())
    for _ in range(count):
        content[random.randrange(len(content))] ^= 0xFF
    path.write_bytes(content)
    os.utime(path, (times.st_atime, times.st_mtime))


def done(service: Service, key: str) -> tuple[bool, str]:
    """Have a chore done; whether it failed, and what it told."""
    service.chores.ask(key)
    wait_for(lambda: not _outcome(service, key).busy, "the chore was not done")
    found = _outcome(service, key)
    assert found.ended
    return found.failed, found.told


def _outcome(service: Service, key: str) -> Outcome:
    return next(row for row in service.chores.outcomes() if row.key == key)


@pytest.mark.slow
def test_a_store_that_is_damaged_where_nobody_reads_is_found_and_healed(tmp_path: Path) -> None:
    with open_service(settings_for(tmp_path, "")) as service:
        ask = asking(service)
        register(ask, 1)
        up_to_date(ask)
        assert done(service, "opslag") == (False, "")
        for store in (service.public, service.internal):
            store.flush()
        for number, path in enumerate(sorted((tmp_path / "public").glob("*.sst"))):
            turn(path, Random(number), 20)
        failed, told = done(service, "opslag")
        assert failed and told.startswith("public: De graafopslag is beschadigd"), told
        assert ask("/health").json()["chores"]["failed"] == ["opslag"]
        wait_for(lambda: is_whole(ask, CLUBS, Counter()), "it was not made anew")
        register(ask, 100)
        wait_for(lambda: is_whole(ask, 2 * CLUBS, Counter()), "something was lost")
        assert done(service, "opslag") == (False, "")
        assert ask("/health").json()["chores"]["failed"] == []
    assert (tmp_path / "public.defect").exists() and not (tmp_path / "internal.defect").exists()


@pytest.mark.slow
def test_one_byte_in_any_table_is_noticed(tmp_path: Path) -> None:
    """Also in an index that reading all graphs does not need."""
    with closing(make_log(tmp_path)) as log:
        with log.transaction() as transaction:
            for code in range(1, 500):
                transaction.append(a_version(code))
        graphs = open_following(tmp_path / "public", log)
        for number in range(8):
            tables = _tables(graphs, log, tmp_path)
            graphs.look_through()
            graphs.look_through()
            turn(tables[number % len(tables)], Random(number))
            with pytest.raises(Damaged):
                graphs.look_through()
            assert graphs.place.is_damaged
            graphs.renew()
        graphs.close()


def _tables(graphs: EmbeddedGraphs, log: Log, folder: Path) -> list[Path]:
    follow(log, graphs, public_part)
    graphs.flush()
    graphs.place.completed()
    at_rest(folder / "public")
    age(folder / "public")
    return sorted((folder / "public").glob("*.sst"))


def at_rest(folder: Path) -> None:
    """Wait until no tables are packed together any more."""
    seen: list[list[Path]] = []
    while len(seen) < 5 or any(tables != seen[-1] for tables in seen[-5:]):
        seen.append(sorted(folder.glob("*.sst")))
        time.sleep(0.1)


def test_a_table_that_is_just_written_is_not_taken_for_another(tmp_path: Path) -> None:
    with closing(make_log(tmp_path)) as log:
        with log.transaction() as transaction:
            transaction.append(a_version(1))
        graphs = open_following(tmp_path / "public", log)
        for path in _tables(graphs, log, tmp_path):
            os.utime(path)
        graphs.look_through()
        assert not graphs.place._sums
        graphs.close()


@pytest.mark.slow
def test_a_search_file_that_is_damaged_is_made_anew_by_the_next_start(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, "")
    with open_service(settings) as service:
        ask = asking(service)
        register(ask, 1)
        up_to_date(ask)
        with closing(service.search.file.connect()) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        path = tmp_path / "search" / "zoeken.sqlite"
        content = bytearray(path.read_bytes())
        for page in range(5, len(content) // 4096):
            content[page * 4096 : page * 4096 + 8] = b"\xff" * 8
        path.write_bytes(content)
        failed, told = done(service, "opslag")
        assert failed and told == "search: Het zoekbestand is beschadigd; de volgende start maakt het opnieuw."
    with open_service(settings) as service:
        found = asking(service)("/v1/verenigingen/zoeken?q=kring").json()
        assert found["metadata"]["pagination"]["totalCount"] == CLUBS
        assert done(service, "opslag") == (False, "")


def test_damage_to_the_log_is_told_with_the_place(tmp_path: Path) -> None:
    with closing(make_log(tmp_path)) as log:
        with log.transaction() as transaction:
            versions = [transaction.append(a_version(code)) for code in range(1, 50)]
            transaction.append(next_version(versions[0]))
        for _ in look_through(log):
            pass
        path = Path(str(log.database.engine.url.database))
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("UPDATE version SET public = substr(public, 1, 40) WHERE sequence = 7")
            connection.commit()
        with pytest.raises(Unavailable, match="na volgnummer 0"):
            list(look_through(log))
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("DELETE FROM version WHERE sequence = 7")
            connection.commit()
        with pytest.raises(Unavailable, match="beschadigd na volgnummer 0"):
            list(look_through(log))
        log.database.scrub()
        size = path.stat().st_size
        with path.open("r+b") as file:
            for page in range(20, size // 4096):
                file.seek(page * 4096)
                file.write(b"\xff" * 64)
        with pytest.raises(Unavailable, match="Het logboek is beschadigd"):
            list(look_through(log))


def test_what_is_a_process_s_own_is_done_by_each_and_by_who_only_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(make_log(tmp_path)) as log:
        now = [datetime(2026, 7, 1, 12, tzinfo=UTC)]
        asked = replace(make_register(make_tools(), log), clock=lambda: now[0])
        told: Counter[str] = Counter()

        def chores(name: str) -> Chores:
            own = Chore("eigen", "Eigen", lambda: told.update([name]), own=True)
            return Chores((own, Chore("al", "Al", lambda: told.update(["al"]))), asked)

        with nightly(chores("een"), asked, 0.05), nightly(chores("twee"), asked, 0.05):
            wait_for(lambda: told["al"] == 1, "the first does what all share")
            assert told["een"] == told["twee"] == 0, "not at the start"
            now[0] = datetime(2026, 7, 2, 12, tzinfo=UTC)
            wait_for(lambda: told == {"al": 2, "een": 1, "twee": 1}, "each does its own")
        monkeypatch.setattr(log.database, "read_only", True)
        third = chores("drie")
        with nightly(third, asked, 0.05):
            now[0] = datetime(2026, 7, 3, 12, tzinfo=UTC)
            wait_for(lambda: told["drie"] == 1, "who only reads does its own")
            third.ask("al")
            time.sleep(0.3)
        assert told["al"] == 2
