"""Calling a neighbour: a few quick tries, then left alone; every try is told, and nothing personal with it."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from app.errors import Unavailable
from app.exchange.neighbour import FAILURES, REST, Line, asking_for
from app.exchange.stubs.magda import BROKEN, NEVER, TOO_MANY, StubAnswer
from tests.exchange.neighbours import Outside

FINE = StubAnswer(body=b"ja")


def calling(outside: Outside, *answers: StubAnswer) -> Line:
    """A line on which these come in order, the last one for ever."""
    left = list(answers)
    return outside.line("buur", lambda *_: left.pop(0) if len(left) > 1 else left[0])


def call(line: Line) -> httpx.Response:
    return line.call(line.client.build_request("GET", "https://buur.test/x?insz=85010100115"), "r1")


@pytest.mark.parametrize("hiccup", [TOO_MANY, BROKEN, NEVER], ids=["429", "500", "time-out"])
def test_a_hiccup_is_bridged(hiccup: StubAnswer) -> None:
    outside = Outside()
    assert call(calling(outside, hiccup, FINE)).content == b"ja"
    assert [each.outcome for each in outside.tried][1] == "status 200"
    assert timedelta(seconds=0.4) < outside.now - Outside().now < timedelta(seconds=2)


def test_who_asks_to_wait_is_waited_for() -> None:
    outside = Outside()
    call(calling(outside, StubAnswer(429, headers={"retry-after": "7"}), FINE))
    assert outside.now - Outside().now == timedelta(seconds=7)


@pytest.mark.parametrize("answer", [TOO_MANY, BROKEN, NEVER, StubAnswer(503)])
def test_who_keeps_failing_is_unavailable_after_three_tries(answer: StubAnswer) -> None:
    outside = Outside()
    with pytest.raises(Unavailable) as error:
        call(calling(outside, answer))
    assert len(outside.tried) == 3
    assert error.value.retry_after >= 5
    assert "85010100115" not in str(error.value) + repr(outside.tried)


def test_a_refusal_is_an_answer() -> None:
    outside = Outside()
    assert call(calling(outside, StubAnswer(404))).status_code == 404
    assert len(outside.tried) == 1


def test_after_enough_failures_it_is_left_alone_for_a_while_and_then_tried_again() -> None:
    outside = Outside()
    line = calling(outside, *[BROKEN] * FAILURES, FINE)
    for _ in range(2):
        with pytest.raises(Unavailable):
            call(line)
    assert len(outside.tried) == FAILURES, "the last try of the second call was not made"
    with pytest.raises(Unavailable, match="al een tijd niet"):
        call(line)
    assert len(outside.tried) == FAILURES
    outside.now += REST
    assert call(line).status_code == 200
    assert call(line).status_code == 200


def test_every_try_is_told_with_what_it_was_for() -> None:
    outside = Outside()
    with asking_for("https://x/V0001001", "https://x/gent"):
        call(calling(outside, BROKEN, FINE))
    told = [(each.service, each.reference, each.subject, each.on_behalf_of) for each in outside.tried]
    assert told == [("buur", "r1", "https://x/V0001001", "https://x/gent")] * 2
