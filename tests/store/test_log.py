"""The contract of the log."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from app.errors import Conflict, Refused, Unknown
from app.store.log import Log, NewVersion, Version, open_log
from app.store.queues import assign, finish, list_tasks
from tests.store.builders import (
    AALST,
    ALL,
    GENT,
    NOON,
    a_version,
    append,
    entity,
    hide,
    next_version,
    remove,
    told,
    triples,
)


def test_an_empty_log_has_nothing(log: Log) -> None:
    assert (log.head(), log.read(0, 10), log.feeds(), log.feed_size(ALL), log.kinds()) == (0, [], [], 0, [])
    assert log.latest(entity(1)) is None
    assert log.versions(entity(1)) == []
    assert log.members(ALL, 1, 250) == []


def test_what_was_appended_is_read_back_whole(log: Log) -> None:
    new = a_version(1, reason="bij de start", replaced_by=entity(2))
    (version,) = append(log, new)
    for name in NewVersion.__dataclass_fields__.keys() & type(version).__dataclass_fields__.keys():
        assert getattr(version, name) == getattr(new, name)
    assert log.latest(entity(1)) == log.version(entity(1), 1) == log.read(0, 10)[0] == version
    assert version.iri("https://loket.test") == "https://loket.test/id/vereniging/V0000001/versie/1"


def test_sequences_count_on_over_transactions(log: Log) -> None:
    append(log, a_version(1), a_version(2))
    append(log, a_version(3))
    assert [version.sequence for version in log.read(0, 10)] == [1, 2, 3]
    assert [version.sequence for version in log.read(1, 1)] == [2]
    assert log.head() == 3


def test_a_transaction_that_fails_leaves_no_gap(log: Log) -> None:
    with pytest.raises(ZeroDivisionError), log.transaction() as transaction:
        transaction.append(a_version(1))
        assert transaction.next_number("vcode", 1001) == 1001
        raise ZeroDivisionError
    (version,) = append(log, a_version(2))
    assert version.sequence == 1
    assert told(log, ALL) == [("2", 1, "create")]
    with log.transaction() as transaction:
        assert transaction.next_number("vcode", 1001) == 1001


def test_times_increase_also_when_the_clock_stands_still_or_goes_back(url: str) -> None:
    times = [NOON, NOON, NOON - timedelta(hours=1), NOON + timedelta(hours=1)]
    log = open_log(url, lambda: times.pop(0))
    append(log, a_version(1), a_version(2))
    append(log, a_version(3))
    append(log, a_version(4))
    assert [version.time for version in log.read(0, 10)] == [
        "2026-11-24T12:00:00.000000Z",
        "2026-11-24T12:00:00.000001Z",
        "2026-11-24T12:00:00.000002Z",
        "2026-11-24T13:00:00.000000Z",
    ]
    log.close()


def test_a_transaction_sees_its_own_appends(log: Log) -> None:
    with log.transaction() as transaction:
        first = transaction.append(a_version(1, keys=frozenset({("naam", "harmonie")}), summary=b"1"))
        assert transaction.latest(entity(1)) == first
        assert transaction.find("naam", "harmonie") == [entity(1)]
        transaction.append(next_version(first, keys=frozenset({("naam", "fanfare")}), summary=b"2"))
        assert transaction.find("naam", "harmonie") == []
        assert transaction.summaries([("naam", "fanfare"), ("naam", "harmonie")]) == {entity(1): b"2"}
        assert transaction.head() == 2


def test_a_transaction_of_many_appends_sees_those_already_written_down(log: Log) -> None:
    with log.transaction() as transaction:
        for number in range(1, 2502):
            transaction.append(a_version(number, keys=frozenset({("naam", "zelfde")})))
        assert len(transaction.find("naam", "zelfde")) == 2501
        version = transaction.latest(entity(1))
        assert version is not None
        transaction.append(next_version(version, public=triples(entity(1), value="nieuw")))
    assert log.head() == log.feed_size(ALL) == 2502
    assert len(log.find("naam", "zelfde")) == 2500


@pytest.mark.parametrize("number", [1, 3])
def test_a_version_that_does_not_follow_the_last_is_a_conflict(log: Log, number: int) -> None:
    append(log, a_version(1))
    with pytest.raises(Conflict):
        append(log, a_version(1, number=number, operation="update"))
    assert log.head() == 1


def test_a_claim_has_one_holder(log: Log) -> None:
    kbo = frozenset({("kbo", "0123456749")})
    (version,) = append(log, a_version(1, claims=kbo))
    with log.transaction() as transaction:
        with pytest.raises(Conflict) as caught:
            transaction.append(a_version(2, claims=kbo))
        transaction.append(a_version(3))
    assert "0123456749" not in str(caught.value)
    assert [version.entity for version in log.read(0, 10)] == [entity(1), entity(3)]
    assert log.find("kbo", "0123456749") == [entity(1)]
    append(log, remove(version), a_version(2, claims=kbo))
    assert log.find("kbo", "0123456749") == [entity(2)]


def test_a_claim_can_pass_to_another_within_one_transaction(log: Log) -> None:
    kbo = frozenset({("kbo", "0123456749")})
    with log.transaction() as transaction:
        first = transaction.append(a_version(1, claims=kbo))
        transaction.append(next_version(first))
        second = transaction.append(a_version(2, claims=kbo))
        assert transaction.find("kbo", "0123456749") == [entity(2)]
        transaction.append(next_version(second, claims=kbo))
    assert log.find("kbo", "0123456749") == [entity(2)]
    assert log.summaries([("kbo", "0123456749")]) == {entity(2): b"{}"}


Told = list[tuple[str, int, str]]
Step = Callable[[Version], NewVersion]
FEED_STORIES: dict[str, tuple[list[Step], Told, Told, Told]] = {
    "a new association": ([], [("1", 1, "create")], [("1", 1, "create")], []),
    "public change": (
        [lambda v: next_version(v, public=triples(v.entity, value="nieuw"))],
        [("1", 1, "create"), ("1", 2, "update")],
        [("1", 1, "create"), ("1", 2, "update")],
        [],
    ),
    "change that nobody may see": (
        [lambda v: next_version(v, internal=b'<http://a> <http://b> "c" .\n')],
        [("1", 1, "create")],
        [("1", 1, "create")],
        [],
    ),
    "move to another municipality": (
        [lambda v: next_version(v, public=triples(v.entity, value="Aalst"), feeds=(ALL, AALST))],
        [("1", 1, "create"), ("1", 2, "update")],
        [("1", 1, "create"), ("1", 2, "delete")],
        [("1", 2, "create")],
    ),
    "becoming invisible, changed, and visible again": (
        [hide, lambda v: next_version(v, feeds=()), lambda v: next_version(v, public=triples(v.entity))],
        [("1", 1, "create"), ("1", 2, "delete"), ("1", 4, "create")],
        [("1", 1, "create"), ("1", 2, "delete"), ("1", 4, "create")],
        [],
    ),
    "removal": (
        [remove],
        [("1", 1, "create"), ("1", 2, "delete")],
        [("1", 1, "create"), ("1", 2, "delete")],
        [],
    ),
    "removal of what was invisible": (
        [hide, remove],
        [("1", 1, "create"), ("1", 2, "delete")],
        [("1", 1, "create"), ("1", 2, "delete")],
        [],
    ),
}


@pytest.mark.parametrize("together", [False, True], ids=["apart", "in one transaction"])
@pytest.mark.parametrize("story", FEED_STORIES)
def test_feeds_tell(log: Log, story: str, together: bool) -> None:
    steps, in_all, in_gent, in_aalst = FEED_STORIES[story]
    with log.transaction() as transaction:
        version = transaction.append(a_version(1))
        for step in steps if together else []:
            version = transaction.append(step(version))
    for step in [] if together else steps:
        (version,) = append(log, step(version))
    assert [told(log, feed) for feed in (ALL, GENT, AALST)] == [in_all, in_gent, in_aalst]


def test_what_was_never_public_is_in_no_feed(log: Log) -> None:
    append(log, a_version(1, public=None, feeds=()))
    assert log.feeds() == []


def test_what_is_not_public_cannot_be_put_in_a_feed() -> None:
    with pytest.raises(ValueError):
        a_version(1, public=None)


def test_a_tombstone_knows_whether_the_entity_only_left_the_view(log: Log) -> None:
    (version,) = append(log, a_version(1))
    (version,) = append(log, next_version(version, feeds=(ALL, AALST)))
    append(log, remove(version))
    assert [member.left_view for member in log.members(GENT, 1, 9)] == [False, True]
    assert [member.left_view for member in log.members(AALST, 1, 9)] == [False, False]


def test_members_are_given_by_position_without_gaps(log: Log) -> None:
    append(log, *(a_version(number, feeds=(ALL, GENT if number % 2 else AALST)) for number in range(1, 8)))
    assert log.feeds() == [ALL, AALST, GENT]
    assert [member.position for member in log.members(GENT, 1, 100)] == [1, 2, 3, 4]
    assert [member.sequence for member in log.members(GENT, 2, 3)] == [3, 5]
    assert log.members(GENT, 5, 100) == []


def test_entities_come_by_code_in_their_latest_version(log: Log) -> None:
    first, *_ = append(log, *(a_version(number) for number in (3, 1, 2)))
    append(log, remove(first))
    found = log.entities("vereniging", limit=2) + log.entities("vereniging", after="V0000002")
    assert [(version.entity, version.number) for version in found] == [(entity(1), 1), (entity(2), 1), (entity(3), 2)]
    assert log.entities("product") == []
    assert log.kinds() == ["vereniging"]


def test_numbers_of_a_series_count_on(log: Log) -> None:
    with log.transaction() as transaction:
        assert [transaction.next_number("vcode", 1001) for _ in range(3)] == [1001, 1002, 1003]
        assert transaction.next_number("ander") == 1
    with log.transaction() as transaction:
        assert transaction.next_number("vcode", 1001) == 1004
        assert transaction.next_number("vcode", 5000) == 5000


def test_state_moves_with_the_versions(log: Log) -> None:
    with log.transaction() as transaction:
        transaction.put_state("import", "rij 500")
        assert transaction.get_state("import") == "rij 500"
    with pytest.raises(ZeroDivisionError), log.transaction() as transaction:
        transaction.put_state("import", "rij 1000")
        raise ZeroDivisionError
    assert log.get_state("import") == "rij 500"
    with log.transaction() as transaction:
        transaction.put_state("import", None)
    assert log.get_state("import") is None


def test_a_task_is_kept_with_the_transaction_and_finished_once(log: Log) -> None:
    with log.transaction() as transaction:
        assign(transaction, "dubbels", entity(1), b"{}")
    [task] = list_tasks(log, ["dubbels"], 10)
    with log.transaction() as transaction:
        assert finish(transaction, task, "geen dubbel")
        assert not finish(transaction, task, "toch wel")
    assert not list_tasks(log, ["dubbels"], 10)


def test_one_thread_does_not_write_in_two_transactions_at_once(log: Log) -> None:
    with log.transaction(), pytest.raises(RuntimeError), log.transaction():
        pass


def test_two_logs_on_one_database_take_turns(url: str) -> None:
    def work(numbers: range) -> None:
        log = open_log(url, lambda: datetime.now(UTC))
        for number in numbers:
            append(log, a_version(number), a_version(number + 100))
        log.close()

    threads = [threading.Thread(target=work, args=(range(start, start + 20),)) for start in (1, 21, 41)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log = open_log(url, lambda: NOON)
    versions = log.read(0, 1000)
    assert [version.sequence for version in versions] == list(range(1, 121))
    assert [version.time for version in versions] == sorted({version.time for version in versions})
    assert [member.position for member in log.members(ALL, 1, 1000)] == list(range(1, 121))
    log.close()


def test_a_reader_does_not_wait_for_a_writer(log: Log) -> None:
    append(log, a_version(1))
    with log.transaction() as transaction:
        transaction.append(a_version(2))
        transaction.flush()
        assert log.head() == 1
    assert log.head() == 2


def test_a_text_that_the_database_cannot_hold_is_refused_and_never_found(log: Log) -> None:
    with suppress(Refused):
        append(log, a_version(1, claims=frozenset({("kbo", "a\0b")})))
    with suppress(Unknown):
        assert log.latest("http://loket.test/\0") is None
    append(log, a_version(2))
    assert [version.sequence for version in log.read(0, 9)] == list(range(1, log.head() + 1))
