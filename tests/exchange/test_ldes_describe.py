"""Which feeds there can be, with the real schema and the real municipalities."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.exchange.ldes.describe import describer
from app.exchange.ldes.nodes import Description
from app.model.codelists import load_codelists
from app.model.schema import load_schema

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def describe() -> Callable[[str], Description | None]:
    schema = load_schema(ROOT, "http://loket.test")
    return describer(schema, load_codelists(ROOT).municipality)


TITLES = [
    ("verenigingen", "Verenigingen"),
    ("verenigingen/gemeente/44021", "Verenigingen in Gent"),
    ("verenigingen/gemeente/00000", None),
    # 44073 was Wachtebeke, now a part of Lochristi: it finds the municipality, but is no feed.
    ("verenigingen/gemeente/09000", None),
    ("verenigingen/gemeente/44073", None),
    ("fietsen", None),
    ("fietsen/gemeente/44021", None),
]


@pytest.mark.parametrize(("feed", "title"), TITLES)
def test_there_is_a_feed_per_kind_and_a_view_per_municipality(
    describe: Callable[[str], Description | None], feed: str, title: str | None
) -> None:
    description = describe(feed)
    assert (description and description.title) == title


def test_a_feed_says_what_shape_its_payload_has_and_where_it_is_about(
    describe: Callable[[str], Description | None],
) -> None:
    description = describe("verenigingen/gemeente/44021")
    assert description is not None
    assert description.shape == "http://loket.test/shapes/vereniging"
    assert description.place is not None
    assert description.place.endswith("44021")
