"""Following the IPDC's concepts: what goes in, once, in whatever order and with whatever faults."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from app.exchange.following_run import Run
from app.exchange.ldes.client import FeedReader, NotRead
from app.exchange.stubs.faults import Fault
from app.exchange.stubs.ipdc_concepts import concept_iri, invented
from app.register.register import Tools
from app.store import followed
from app.store.followed import ASIDE, Feed
from tests.exchange.ipdc_world import IPDC, STREAM, World, make_world
from tests.products.builders import read
from tests.register.builders import make_tools

REAL = Path(__file__).parents[3] / "shared/data/lpdc/feeds/ipdc-stub/ldes-pages"


@pytest.fixture(scope="module")
def tools() -> Tools:
    return make_tools()


@pytest.fixture
def world(tools: Tools, tmp_path: Path) -> Iterator[World]:
    made = make_world(tools, tmp_path, list(invented(5)))
    yield made
    made.register.log.close()


def code_of(number: int) -> str:
    return concept_iri(number).rpartition("/")[2]


def concept(world: World, number: int) -> dict[str, Any]:
    return read(world.register, code_of(number), "concept")


def run(world: World, feed: Feed | None = None) -> Run:
    world.clock.forward(hours=1)
    return world.follower().run(feed or world.feed())


def test_the_whole_stream_comes_in_and_the_second_time_nothing(world: World) -> None:
    first = run(world)
    assert (first.pages, first.taken, first.aside, first.problems) == (3, 5, [], [])
    head = world.register.log.head()
    second = run(world)
    assert (second.pages, second.taken) == (1, 0), "pages that a next one follows are not fetched again"
    assert world.register.log.head() == head == 5


def test_what_a_concept_says_is_kept(world: World) -> None:
    run(world)
    found = concept(world, 0)
    assert found["naam"]["nl"] == "Werkingssubsidie voor verenigingen 0"
    assert found["productnummer"] == "1500"
    assert found["voorwaarden"][0]["bewijs"]["naam"]["nl"] == "Besluit van de gemeente"
    assert found["procedures"][0]["websites"][0]["url"] == "https://loket.voorbeeld.be/0"
    assert found["snapshot"] == found["functioneleWijziging"] == world.stub.members[0]["@id"]


def test_an_organisation_that_nobody_knows_stops_no_concept(world: World) -> None:
    run(world)
    assert concept(world, 3)["bevoegdeOverheden"] == ["https://data.vlaanderen.be/id/organisatie/OVO900003"]


def test_a_new_snapshot_changes_the_concept_and_an_older_one_that_comes_late_does_not(world: World) -> None:
    run(world)
    world.stub.change(concept_iri(1))
    run(world)
    assert "gewijzigd" in concept(world, 1)["naam"]["nl"]
    late = {**world.stub.members[1], "@id": world.stub.members[1]["@id"] + "-laat", "naam": {"nl": "Te laat"},
            "generatedAtTime": "2026-01-05T08:00:30Z"}  # fmt: skip
    world.stub.members.append(late)
    run(world)
    assert "gewijzigd" in concept(world, 1)["naam"]["nl"]


def test_six_and_nine_decimals_are_compared_as_times(world: World) -> None:
    run(world)
    first = world.stub.members[0]
    for stamp, wins in (("2026-01-05T09:00:00Z", True), ("2026-01-05T09:00:00.000000001Z", True),
                        ("2026-01-05T09:00:00.000000Z", False), ("2026-01-05T11:00:00.5+02:00", True)):  # fmt: skip
        name = {"nl": f"Van {stamp}"}
        world.stub.members.append({**first, "@id": f"{first['@id']}{stamp}", "generatedAtTime": stamp, "naam": name})
        run(world)
        assert (concept(world, 0)["naam"] == name) is wins, stamp


def test_an_archived_concept_says_so(world: World) -> None:
    run(world)
    world.stub.change(concept_iri(2), "archive")
    run(world)
    assert concept(world, 2)["status"].endswith("concept-status/gearchiveerd")


def test_what_cannot_go_in_is_put_aside_with_the_reason_and_stops_nothing(world: World) -> None:
    world.stub.change(concept_iri(2), "invalid")
    world.stub.change(concept_iri(3))
    found = run(world)
    assert (found.taken, len(found.aside)) == (6, 1)
    [aside] = followed.aside(world.register.log.database, "ipdc")
    assert aside.thing == concept_iri(2) and "naam: Een concept heeft een titel nodig" in aside.why
    assert "gewijzigd" not in concept(world, 2)["naam"]["nl"]


def test_what_is_aside_is_tried_again_later_and_later(world: World) -> None:
    world.stub.change(concept_iri(2), "invalid")
    run(world)
    feed = world.feed()
    attempts = []
    for minutes in (1, 1, 2):
        world.clock.forward(minutes=minutes)
        world.follower().run(feed)
        attempts += [each.attempts for each in followed.aside(world.register.log.database, "ipdc")]
    assert attempts == [2, 2, 3]


def test_a_newer_snapshot_takes_the_place_of_one_that_is_aside(world: World) -> None:
    world.stub.change(concept_iri(2), "invalid")
    run(world)
    good = {**world.stub.members[2], "@id": world.stub.members[2]["@id"] + "-2", "naam": {"nl": "Weer goed"},
            "generatedAtTime": "2026-11-20T00:00:00Z"}  # fmt: skip
    world.stub.members.append(good)
    run(world)
    assert followed.counts(world.register.log.database, "ipdc") == {"verwerkt": 5}
    assert concept(world, 2)["naam"] == {"nl": "Weer goed"}


def test_a_fault_of_ours_in_one_member_leaves_the_others_in_their_place(world: World) -> None:
    follower = world.follower()
    taker = follower.takers["concept"]

    class Stumbling:
        read = staticmethod(taker.read)

        @staticmethod
        def take(arrival: Any, *rest: Any) -> Any:
            outcome = taker.take(arrival, *rest)
            if arrival.thing == concept_iri(1):
                raise ZeroDivisionError
            return outcome

    with capture_logs() as told:
        found = replace(follower, takers={"concept": Stumbling()}).run(world.feed())
    assert {each["error"] for each in told} == {"ZeroDivisionError"}
    assert (found.taken, len(found.aside), world.register.log.head()) == (4, 1, 4)
    run(world)
    assert world.register.log.head() == 5, "tried again, and now it went"


def test_stopped_at_any_moment_it_goes_on_where_it_was(world: World) -> None:
    class Stop(BaseException):
        pass

    follower, feed = world.follower(), world.feed()
    for number in range(5):
        taker = follower.takers["concept"]
        count = 0

        class Stopping:
            read = staticmethod(taker.read)

            @staticmethod
            def take(*arguments: Any, last: int = number, taker: Any = taker) -> Any:
                nonlocal count
                count += 1
                if count > last:
                    raise Stop
                return taker.take(*arguments)

        world.clock.forward(hours=1)
        with suppress(Stop):
            replace(follower, takers={"concept": Stopping()}).run(feed)
    run(world)
    assert world.register.log.head() == 5, "each snapshot made one version"


def test_a_page_that_does_not_come_is_tried_again_and_says_why(world: World) -> None:
    world.stub.fail(Fault("/doc/conceptsnapshot", 503))
    found = run(world)
    assert found.taken == 0 and "antwoord 503" in found.problems[0][1]
    assert world.slept == [1.0, 2.0, 4.0]
    world.stub.heal()
    assert run(world).taken == 5


FAULTS = [Fault("/doc", 500, times=2), Fault("/doc", 429, times=1), Fault("/doc", seconds=99, times=3)]


@pytest.mark.parametrize("fault", FAULTS, ids=["500", "429", "timeout"])
def test_a_hiccup_is_bridged(world: World, fault: Fault) -> None:
    world.stub.fail(fault)
    assert run(world).taken == 5


def test_a_page_that_is_no_page_waits_and_the_next_round_goes_on(world: World) -> None:
    world.stub.fail(Fault("/doc", malformed=True, times=1))
    assert "geen geldige JSON-LD" in run(world).problems[0][1]
    assert run(world).taken == 5


def test_a_dry_run_tells_all_and_keeps_nothing(world: World) -> None:
    world.stub.change(concept_iri(9), "invalid")
    found = world.follower().rehearse(world.feed())
    assert (found.pages, found.taken, len(found.aside), world.register.log.head()) == (3, 5, 1, 0)
    assert followed.counts(world.register.log.database, "ipdc") == {}


def test_no_context_is_fetched(world: World) -> None:
    run(world)
    assert not [path for path in world.stub.asked if "jsonld" in path]


def test_another_site_is_not_followed(world: World) -> None:
    body = b"<> <https://w3id.org/tree#relation> [ <https://w3id.org/tree#node> <http://elders.voorbeeld.be/2> ] ."
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(200, content=body, headers={"content-type": "text/turtle"})

    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        found = replace(world, client=client).follower().run(world.feed(f"{IPDC}/feed"))
    assert asked == ["ipdc.voorbeeld.be"] and "andere site" in found.problems[0][1]


def test_a_page_that_did_not_change_is_not_read_again(world: World) -> None:
    tags = []

    def answer(request: httpx.Request) -> httpx.Response:
        tags.append(request.headers.get("if-none-match", ""))
        if tags[-1] == '"a"':
            return httpx.Response(304)
        return httpx.Response(200, content=b"<> a <urn:x> .", headers={"content-type": "text/turtle", "etag": '"a"'})

    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        other = replace(world, client=client)
        feed = other.feed(f"{IPDC}/feed")
        for _ in range(2):
            world.clock.forward(hours=1)
            other.follower().run(feed)
    assert tags == ["", '"a"']


def test_no_more_is_asked_than_the_rate_allows(world: World) -> None:
    now, slept = [100.0], []

    def sleep(seconds: float) -> None:
        slept.append(round(seconds, 6))
        now[0] += seconds

    reader = FeedReader(world.client, lambda: now[0], sleep, lambda: 0.5, per_minute=40)
    for _ in range(4):
        reader.get(STREAM)
    assert slept == [1.5, 1.5, 1.5]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_refusal_is_not_asked_again(world: World, status: int) -> None:
    world.stub.fail(Fault("/doc", status))
    with pytest.raises(NotRead, match=str(status)):
        world.follower().reader.get(STREAM)
    assert world.slept == []


@pytest.mark.skipif(not REAL.is_dir(), reason="the real pages of LPDC are not beside this checkout")
def test_the_real_pages_come_in(world: World) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        number = request.url.params["pageNumber"]
        return httpx.Response(200, content=(REAL / f"page-{number}.json").read_bytes())

    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        other = replace(world, client=client)
        feed = other.feed("http://ipdc-stub/doc/conceptsnapshot?pageNumber=0", id="test")
        found = other.follower("https://ipdc.tni-vlaanderen.be").run(feed)
    assert (found.pages, found.taken, found.aside) == (2, 2, [])
    document = read(world.register, "705d401c-1a41-4802-a863-b22499f71b84", "concept")
    assert document["naam"]["nl-be-x-gen-formal"] == "Akte van Belgische nationaliteit - formal"
    assert [each["order"] for each in document["voorwaarden"]] == list(range(len(document["voorwaarden"])))


@pytest.mark.skipif(not REAL.is_dir(), reason="the real pages of LPDC are not beside this checkout")
def test_concepts_of_another_environment_are_not_taken_for_those_of_the_ipdc(world: World) -> None:
    body = (REAL / "page-1.json").read_bytes()
    transport = httpx.MockTransport(lambda request: httpx.Response(200, content=body))
    with httpx.Client(transport=transport) as client:
        found = replace(world, client=client).follower().run(world.feed("http://ipdc-stub/doc?pageNumber=1"))
    assert [each.state for each in found.aside] == [ASIDE]
    assert "geen concept van de IPDC" in found.aside[0].why


def test_a_stream_that_moved_is_read_anew_and_brings_nothing_twice(world: World) -> None:
    run(world)
    moved = world.feed(f"{STREAM}&nieuw=1")
    assert run(world, moved).taken == 0
    assert world.register.log.head() == 5
