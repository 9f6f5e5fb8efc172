"""Copies for the workers: fresh when it is quiet, few when it is busy, gone when let go."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store.queries.snapshots import DOUBT_SECONDS, Snapshots


class FakeSource:
    """Counts its copies; each holds the number of writes that it has seen."""

    def __init__(self) -> None:
        self.writes = 0
        self.copies = 0
        self.looks = self.distrusted = self.times = 0

    def applied(self) -> int:
        return self.writes

    def snapshot(self, directory: Path) -> None:
        self.copies += 1
        directory.mkdir()
        (directory / "writes").write_text(str(self.writes))

    def look_through(self) -> None:
        self.looks += 1

    def distrust(self) -> None:
        self.distrusted += 1

    def begun(self) -> int:
        return self.times


class FakeClock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def source() -> FakeSource:
    return FakeSource()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def snapshots(source: FakeSource, clock: FakeClock, tmp_path: Path) -> Iterator[Snapshots]:
    made = Snapshots(source, tmp_path / "copies", interval=0.2, burst=3, clock=clock)
    yield made
    made.close()


def current(snapshots: Snapshots) -> int:
    return (snapshots.ready() or snapshots.make()).generation


def test_nothing_is_copied_before_somebody_asks(snapshots: Snapshots, source: FakeSource) -> None:
    assert snapshots.ready() is None
    assert source.copies == 0


def test_one_copy_serves_as_long_as_nothing_is_written(snapshots: Snapshots, source: FakeSource) -> None:
    assert [current(snapshots) for _ in range(10)] == [0] * 10
    assert source.copies == 1


def test_a_reader_finds_what_was_written_before(snapshots: Snapshots, source: FakeSource, clock: FakeClock) -> None:
    for _ in range(20):
        source.writes += 1
        assert current(snapshots) == source.writes
        clock.now += 0.3


def test_under_constant_writing_there_is_one_copy_per_interval_after_the_burst(
    snapshots: Snapshots, source: FakeSource, clock: FakeClock
) -> None:
    behind = 0
    for _ in range(1000):
        source.writes += 1
        behind = max(behind, source.writes - current(snapshots))
        clock.now += 0.002
    assert source.copies <= 3 + 2.0 / 0.2 + 1
    assert 0 < behind <= 0.2 / 0.002


def test_a_slow_copy_makes_the_pauses_longer(source: FakeSource, clock: FakeClock, tmp_path: Path) -> None:
    class SlowSource(FakeSource):
        def snapshot(self, directory: Path) -> None:
            super().snapshot(directory)
            clock.now += 1.0

    slow = SlowSource()
    snapshots = Snapshots(slow, tmp_path / "copies", interval=0.2, burst=1, clock=clock)
    for _ in range(1000):
        slow.writes += 1
        current(snapshots)
        clock.now += 0.02
    assert slow.copies <= 10


def test_copies_that_nobody_uses_are_removed(
    snapshots: Snapshots, source: FakeSource, clock: FakeClock, tmp_path: Path
) -> None:
    directories = []
    for _ in range(6):
        source.writes += 1
        directories.append(snapshots.make().directory)
        clock.now += 1
    snapshots.sweep(lambda: {directories[1]})
    assert [directory.exists() for directory in directories] == [False, True, False, False, True, True]


def test_what_a_killed_process_left_is_removed(source: FakeSource, tmp_path: Path) -> None:
    (tmp_path / "copies" / "7-99").mkdir(parents=True)
    snapshots = Snapshots(source, tmp_path / "copies")
    assert not (tmp_path / "copies" / "7-99").exists()
    assert snapshots.make().directory.exists()
    snapshots.close()
    assert not (tmp_path / "copies").exists()


def test_a_copy_in_doubt_is_used_no_more_and_the_store_is_looked_through_once(
    snapshots: Snapshots, source: FakeSource
) -> None:
    copy = snapshots.make()
    snapshots.doubt(copy)
    snapshots.doubt(copy)
    assert (source.looks, snapshots.ready()) == (1, None)
    assert snapshots.make() != copy


def test_a_store_of_which_two_copies_in_succession_cannot_be_read_is_not_trusted(
    snapshots: Snapshots, source: FakeSource, clock: FakeClock
) -> None:
    snapshots.doubt(snapshots.make())
    clock.now += DOUBT_SECONDS + 1
    snapshots.doubt(snapshots.make())
    assert (source.looks, source.distrusted) == (2, 0), "long ago it was another mishap"
    clock.now += 1
    snapshots.doubt(snapshots.make())
    assert (source.looks, source.distrusted) == (3, 1)
    snapshots.doubt(snapshots.make())
    assert source.distrusted == 1, "it was made anew since"


def test_what_was_begun_anew_is_copied_again_though_it_is_as_far_as_it_was(
    snapshots: Snapshots, source: FakeSource
) -> None:
    copy = snapshots.make()
    source.times += 1
    assert snapshots.ready() is None
    snapshots.doubt(copy)
    assert (source.looks, source.distrusted) == (0, 0), "that was the old one"
    assert snapshots.make() != copy
