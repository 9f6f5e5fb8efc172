"""Following streams in a running service: when each gets its turn, and what the settings say."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from app.bootstrap import feeds_in
from app.bootstrap.ambient import tls
from app.bootstrap.feeds_in import following_feeds, open_follower, settle_ipdc, take_turn
from app.config import read_settings
from app.exchange.guarded import open_internet
from app.exchange.ldes.client import FeedReader, NotRead
from app.exchange.stubs.faults import Fault
from app.exchange.stubs.ipdc_concepts import invented
from app.register.register import Tools
from app.store import followed
from app.store.followed import ACTIVE, STOPPED, Feed
from tests.exchange.ipdc_world import IPDC, STREAM, World, make_world
from tests.exchange.test_lying_sources import said, source
from tests.register.builders import make_tools

EVERY = timedelta(minutes=5)


@pytest.fixture(scope="module")
def tools() -> Tools:
    return make_tools()


@pytest.fixture
def world(tools: Tools, tmp_path: Path) -> Iterator[World]:
    made = make_world(tools, tmp_path, list(invented(25)))
    yield made
    made.register.log.close()


def stands(world: World) -> Feed:
    found = followed.feed_with(world.register.log.database, "ipdc")
    assert found is not None
    return found


def test_the_stream_of_the_ipdc_is_off_until_a_setting_names_it(world: World) -> None:
    assert settle_ipdc(read_settings({}, {}), world.register) is None
    settle_ipdc(read_settings({"ipdc_feed": STREAM}, {}), world.register)
    assert (stands(world).url, stands(world).state) == (STREAM, ACTIVE)
    settle_ipdc(read_settings({}, {}), world.register)
    assert (stands(world).url, stands(world).state) == (STREAM, STOPPED)


def test_a_long_stream_gets_its_next_turn_at_once_and_a_finished_one_later(world: World) -> None:
    feed = world.feed()
    take_turn(world.follower(), feed, EVERY)
    assert world.register.log.head() == 2 * feeds_in.PAGES_AT_ONCE
    assert stands(world).due == stands(world).ran
    take_turn(world.follower(), feed, EVERY)
    assert world.register.log.head() == 25
    assert stands(world).due > (stands(world).ran or "")


def test_a_stream_that_does_not_answer_waits_for_its_next_turn_and_says_so(world: World) -> None:
    world.stub.fail(Fault("/doc", 500))
    take_turn(world.follower(), world.feed(f"{IPDC}/doc/conceptsnapshot"), EVERY)
    assert "1 pagina met een probleem" in stands(world).outcome
    assert stands(world).due > (stands(world).ran or "")


def test_a_running_service_follows_what_is_due_and_nothing_that_is_stopped(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds_in, "LOOK_SECONDS", 0.02)
    world.feed()
    with world.register.log.database.writing() as connection:
        followed.put_feed(connection, Feed("uit", followed.CONCEPTS, f"{IPDC}/elders", "Uit", STOPPED, "", ""))
    with following_feeds(world.follower(), EVERY):
        deadline = time.monotonic() + 300
        while world.register.log.head() < 25 and time.monotonic() < deadline:
            time.sleep(0.05)
    assert world.register.log.head() == 25
    assert not [path for path in world.stub.asked if "elders" in path]


def test_a_stream_in_a_closed_network_is_read_only_where_the_operator_says_so(world: World) -> None:
    with source(said(b"")) as (url, asked):
        for given in ({}, {"ipdc_feed": "http://ipdc.example/feed"}):
            settings = read_settings({**given, "follow_requests": 0}, {})
            with open_follower(settings, world.register) as follower:
                told = follower.run(world.feed(f"{url}/feed", id="leverancier"))
            assert [why.rpartition(". ")[2] for _, why in told.problems] == [
                "Dit webadres leidt naar een besloten netwerk."
            ] and asked == []
            retried(world)
        for allowed in ({"ipdc_feed": f"{url}/feed"}, {"fetch_private": "1"}):
            settings = read_settings({**allowed, "follow_requests": 0}, {})
            with open_follower(settings, world.register) as follower:
                assert follower.run(world.feed(f"{url}/feed", id="leverancier")).problems == []
            retried(world)
        assert len(asked) == 2


def test_a_name_that_leads_into_a_closed_network_the_second_time_is_not_read() -> None:
    answers = iter((["127.0.0.1"], ["193.191.1.1", "127.0.0.1"], []))
    way = open_internet(tls(), [], lambda host, port: next(answers))
    with source(said(b"")) as (url, asked), httpx.Client(transport=way) as client:
        reader = FeedReader(client, time.monotonic, lambda seconds: None, lambda: 0.5, per_minute=0)
        for why in ("besloten netwerk", "besloten netwerk", "bestaat niet"):
            with pytest.raises(NotRead, match=why):
                reader.get(url.replace("127.0.0.1", "leverancier.example"))
        assert asked == []


def retried(world: World) -> None:
    with world.register.log.database.writing() as connection:
        followed.ask_now(connection, "leverancier", "2026")
