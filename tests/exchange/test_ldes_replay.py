"""Whatever happens in whatever order: who replays a feed has what is public in it, after every single commit."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from app.exchange.ldes.feed import LdesFeeds
from tests.exchange.feed_log import AALST, ALL, GENT, FeedLog, feed_log, payload, walk

Deed = tuple[Literal["put", "hide", "remove"], int, str, frozenset[str]]
DEEDS = st.tuples(
    st.sampled_from(["put", "put", "put", "hide", "remove"]),
    st.integers(1, 4),
    st.sampled_from(["De Harmonie", "De Fanfare"]),
    st.frozensets(st.sampled_from([GENT, AALST])),
)


@settings(max_examples=60)
@given(st.lists(DEEDS, min_size=1, max_size=14))
def test_replaying_a_feed_gives_what_is_public_in_it(deeds: list[Deed]) -> None:
    with tempfile.TemporaryDirectory() as name:
        source = feed_log(Path(name))
        feeds = source.feeds(Path(name) / "feeds", page_size=2)
        present: dict[str, dict[str, bytes]] = {ALL: {}, GENT: {}, AALST: {}}
        removed: set[int] = set()
        for deed in deeds:
            if deed[1] not in removed:
                do(source, deed, present, removed)
                assert {feed: replayed(feeds, feed) for feed in present} == present
        source.log.close()


def do(source: FeedLog, deed: Deed, present: dict[str, dict[str, bytes]], removed: set[int]) -> None:
    """Do it, and note what should be public from then on."""
    what, code, name, places = deed
    entity = source.entity(code)
    known = source.log.latest(entity) is not None
    if what == "put":
        feeds = (ALL, *sorted(places))
        source.change(code, name, feeds) if known else source.register(code, feeds=feeds, name=name)
    elif known:
        source.hide(code) if what == "hide" else source.remove(code)
    else:
        return
    removed |= {code} if what == "remove" else set()
    for feed, entities in present.items():
        entities.pop(entity, None)
        if what == "put" and (feed == ALL or feed in places):
            entities[entity] = payload(entity, name, code)


def replayed(feeds: LdesFeeds, feed: str) -> dict[str, bytes]:
    """What a consumer holds: the last payload of each entity, until a tombstone."""
    held: dict[str, bytes] = {}
    for place in walk(feeds, feed):
        for member in feeds.page(place).members:
            if member.payload:
                held[member.entity] = member.payload
            else:
                del held[member.entity]
    return held
