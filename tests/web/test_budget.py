"""What one client may ask in a minute, and what it is told of that."""

from __future__ import annotations

import pytest

from app.errors import TooMany
from app.web.edge.budget import Account, Budgets, networks


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def budgets(clock: Clock, requests: float = 60, seconds: float = 6, own: str = "10.0.0.0/8, ::1") -> Budgets:
    return Budgets(requests, seconds, networks(own), str.encode, clock)


def account(clock: Clock, requests: float = 60, seconds: float = 6) -> Account:
    found = budgets(clock, requests, seconds).account("198.51.100.7")
    assert found is not None
    return found


def test_a_minutes_worth_may_be_asked_at_once_and_comes_back_evenly() -> None:
    clock = Clock()
    client = account(clock)
    for _ in range(60):
        client.ask()
    with pytest.raises(TooMany) as refused:
        client.ask()
    assert refused.value.retry_after == 1
    clock.now += 1
    client.ask()
    with pytest.raises(TooMany):
        client.ask()


def test_who_goes_on_asking_while_refused_does_not_wait_longer_for_it() -> None:
    clock = Clock()
    client = account(clock, requests=1)
    client.ask()
    for _ in range(100):
        with pytest.raises(TooMany):
            client.ask()
    clock.now += 60
    client.ask()


def test_a_query_that_cost_more_than_was_left_is_paid_off_first() -> None:
    clock = Clock()
    client = account(clock)
    with client.query() as spend:
        spend(9)
    with pytest.raises(TooMany) as refused, client.query():
        pass
    assert refused.value.retry_after == 31
    clock.now += 31
    with client.query():
        pass


def test_nobody_has_more_than_so_many_queries_waiting() -> None:
    client = account(Clock())
    open_ones = [client.query() for _ in range(20)]
    for one in open_ones:
        one.__enter__()
    with pytest.raises(TooMany), client.query():
        pass
    open_ones[0].__exit__(None, None, None)
    with client.query():
        pass


def test_what_is_left_is_told_as_the_draft_writes_it() -> None:
    client = account(Clock())
    client.ask()
    with client.query() as spend:
        spend(3)
    assert dict(client.headers()) == {
        b"ratelimit-policy": b'"aanvragen";q=60;w=60, "rekentijd";q=6;w=60',
        b"ratelimit": b'"aanvragen";r=59;t=1, "rekentijd";r=3;t=30',
    }


def test_without_limits_nothing_is_refused_and_nothing_told() -> None:
    client = account(Clock(), requests=0, seconds=0)
    for _ in range(10_000):
        client.ask()
    with client.query() as spend:
        spend(1e9)
    with client.query():
        pass
    assert client.headers() == ()


SAME_OR_OTHER = [
    ("198.51.100.7", "198.51.100.7", True),
    ("198.51.100.7", "198.51.100.8", False),
    ("2001:db8::1", "2001:db8::ffff:1", True),
    ("2001:db8::1", "2001:db8:0:1::1", False),
    ("::ffff:198.51.100.7", "198.51.100.7", True),
    ("::ffff:198.51.100.7", "::ffff:198.51.100.8", False),
    ("niemand", "niemand", True),
]


@pytest.mark.parametrize(("one", "other", "same"), SAME_OR_OTHER)
def test_a_client_is_one_ipv4_address_or_all_that_come_with_one_ipv6_address(one: str, other: str, same: bool) -> None:
    kept = budgets(Clock())
    assert (kept.account(one) is kept.account(other)) is same


@pytest.mark.parametrize("host", ["10.1.2.3", "::1", "::ffff:10.1.2.3"])
def test_a_machine_of_our_own_is_not_counted(host: str) -> None:
    assert budgets(Clock()).account(host) is None


def test_clients_are_forgotten_before_they_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.web.edge.budget.MOST_CLIENTS", 2)
    kept = budgets(Clock())
    first, second = kept.account("198.51.100.1"), kept.account("198.51.100.2")
    assert kept.account("198.51.100.1") is first
    kept.account("198.51.100.3")
    assert kept.account("198.51.100.1") is first
    assert kept.account("198.51.100.2") is not second
