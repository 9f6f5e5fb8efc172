"""Several processes write in one log while others are killed: nothing is lost, doubled or out of order."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

import pytest

from app.store.graphs.embedded import memory_graphs
from app.store.graphs.project import catch_up
from app.store.leadership import Leadership, turn
from app.store.log import Log, open_log
from tests.engines import new_database, postgresql
from tests.running import wait_for
from tests.store.builders import ALL, NOON
from tests.store.test_crash import assert_feeds_tell, assert_well_numbered
from tests.store.writing import write_until_killed

WRITERS, KILLS = 3, 12
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.store.writing"])


class Writer:
    """One process, and what it promised."""

    def __init__(self, url: str, seed: int) -> None:
        self._receive, send = CONTEXT.Pipe(duplex=False)
        self.process = CONTEXT.Process(target=write_until_killed, args=(url, seed, send), daemon=True)
        self.process.start()
        send.close()

    def kill(self) -> int:
        """As the power does; answers the last sequence that it had promised by then."""
        assert self.process.is_alive(), "the writer stopped by itself"
        self.process.kill()
        self.process.join()
        promised = 0
        with self._receive, suppress(EOFError, OSError):
            while True:
                promised = self._receive.recv()
        return promised


class Reader:
    """Follows the feed and the log while others write, as a follower does: from where it was."""

    def __init__(self, url: str) -> None:
        self.log = open_log(url, lambda: NOON)
        self.sequences: list[int] = []
        self.positions: list[int] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()
        self.log.close()

    def _follow(self) -> None:
        while True:
            ending = self._stop.is_set()
            last = self.sequences[-1] if self.sequences else 0
            self.sequences += [version.sequence for version in self.log.read(last, 500)]
            at = len(self.positions)
            self.positions += [member.position for member in self.log.members(ALL, at + 1, at + 500)]
            if ending and last == self.log.head():
                return


@pytest.fixture(scope="module")
def durable() -> Iterator[str]:
    """A PostgreSQL that writes to its disk as in use, as processes are killed here."""
    with postgresql(haste=False) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/log.sqlite"
    return new_database(request.getfixturevalue("durable"))


@pytest.mark.slow
def test_processes_that_are_killed_while_several_write_lose_and_double_nothing(address: str) -> None:
    random, promised = Random(90210), 0
    open_log(address, lambda: NOON).close()
    reader = Reader(address)
    writers = [Writer(address, seed) for seed in range(WRITERS)]
    for seed in range(WRITERS, WRITERS + KILLS):
        time.sleep(random.uniform(0, 0.4))
        place = random.randrange(WRITERS)
        promised = max(promised, writers[place].kill())
        writers[place] = Writer(address, seed)
    wait_for_more(address, promised)
    promised = max(promised, *(writer.kill() for writer in writers))
    reader.stop()
    log = open_log(address, lambda: NOON)
    assert log.head() >= promised > KILLS
    versions = log.read(0, 10**9)
    assert_well_numbered(versions)
    assert_feeds_tell(log, versions)
    assert reader.sequences == list(range(1, log.head() + 1))
    assert reader.positions == list(range(1, log.feed_size(ALL) + 1))
    public, internal = memory_graphs(), memory_graphs()
    assert catch_up(log, public, internal) == log.head()
    log.close()


def wait_for_more(address: str, sequence: int) -> None:
    """Until those who write now have written, too."""
    log, deadline = open_log(address, lambda: NOON), time.monotonic() + 600
    while log.head() < max(sequence, KILLS) + 50 and time.monotonic() < deadline:
        time.sleep(0.05)
    log.close()


@contextmanager
def two(address: str, folder: Path) -> Iterator[tuple[Leadership, Leadership, tuple[Log, Log]]]:
    logs = open_log(address, lambda: NOON), open_log(address, lambda: NOON)
    yield Leadership(logs[0].database, folder), Leadership(logs[1].database, folder), logs
    for log in logs:
        log.close()


def test_one_of_two_leads_and_the_other_takes_over(address: str, tmp_path: Path) -> None:
    with two(address, tmp_path) as (first, second, _):
        assert first.held()
        assert not second.held()
        assert first.held()
        first.let_go()
        assert second.held()
        assert not first.held()
        second.let_go()


def test_who_loses_the_database_loses_the_lead(durable: str, tmp_path: Path) -> None:
    with two(new_database(durable), tmp_path) as (first, second, logs):
        assert first.held()
        with logs[1].database.engine.connect() as connection:
            others = "pid <> pg_backend_pid() AND datname = current_database()"
            connection.exec_driver_sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
        wait_for(second.held, "the lead is lost")
        assert not first.held()
        second.let_go()


def test_one_at_a_time_writes_to_the_engine_of_all(address: str, tmp_path: Path) -> None:
    with two(address, tmp_path) as (_, _, (first, second)):
        with turn(first.database, tmp_path, wait=True) as mine:
            assert mine
            for log in (first, second):
                with turn(log.database, tmp_path) as other:
                    assert not other
        with turn(second.database, tmp_path) as mine:
            assert mine


def test_who_waits_gets_the_turn_after_the_other(address: str, tmp_path: Path) -> None:
    came: list[str] = []

    def wait_for_it(log: Log) -> None:
        with turn(log.database, tmp_path, wait=True) as mine:
            came.append(f"then the other: {mine}")

    with two(address, tmp_path) as (_, _, (first, second)):
        with turn(first.database, tmp_path) as mine:
            assert mine
            other = threading.Thread(target=wait_for_it, args=(second,))
            other.start()
            time.sleep(0.2)
            came.append("first one")
        other.join()
    assert came == ["first one", "then the other: True"]


def test_a_turn_ends_with_the_connection(durable: str, tmp_path: Path) -> None:
    with two(new_database(durable), tmp_path) as (_, _, (first, second)):
        with turn(first.database, tmp_path):
            with second.database.engine.connect() as connection:
                others = "pid <> pg_backend_pid() AND datname = current_database()"
                connection.exec_driver_sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
            with turn(second.database, tmp_path) as mine:
                assert mine
        with turn(first.database, tmp_path) as mine:
            assert mine
