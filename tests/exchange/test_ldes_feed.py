"""Feeds over a real log: what their pages say, and that a full page never changes."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.errors import Gone, Unknown
from app.exchange.ldes.addresses import Node, forest, parse_path
from app.exchange.ldes.feed import LdesFeeds, Place
from app.exchange.ldes.page import PageMember
from app.exchange.ldes.writing import FORMATS
from app.model.terms import AS, RDF
from tests.exchange.feed_log import AALST, ALL, GENT, SECRET, FeedLog, feed_log, find, relations, walk

ENCODINGS = ("identity", "gzip", "br")


@pytest.fixture
def source(tmp_path: Path) -> Iterator[FeedLog]:
    made = feed_log(tmp_path)
    yield made
    made.log.close()


@pytest.fixture
def feeds(source: FeedLog, tmp_path: Path) -> LdesFeeds:
    return source.feeds(tmp_path / "feeds")


def members(feeds: LdesFeeds, feed: str) -> list[PageMember]:
    return [member for place in walk(feeds, feed) for member in feeds.page(place).members]


def told(feeds: LdesFeeds, feed: str) -> list[tuple[str, str, bool]]:
    """What a feed says: member after the base, operation, has a payload."""
    return [
        (
            member.iri.removeprefix(f"{feeds.base}/id/vereniging/"),
            getattr(next(o for _, p, o in member.envelope if p == RDF.type), "value", "").removeprefix(AS),
            bool(member.payload),
        )
        for member in members(feeds, feed)
    ]


def hashes(feeds: LdesFeeds, feed: str) -> dict[tuple[str, str, str], str]:
    """The digest of every full node in every media type and encoding."""
    return {
        (feeds.iri(place), suffix, encoding): hashlib.sha256(feeds.represent(place, suffix, encoding)).hexdigest()
        for place in walk(feeds, feed)
        if place.full
        for suffix in FORMATS
        for encoding in ENCODINGS
    }


def test_what_happened_to_an_association_is_told_in_order(source: FeedLog, feeds: LdesFeeds) -> None:
    source.register(1, 2)
    source.change(1, "De Fanfare")
    source.hide(2)
    source.change(2, "De Harmonie")
    source.remove(1)
    expected = [
        ("V0000001/versie/1", "Create", True),
        ("V0000002/versie/1", "Create", True),
        ("V0000001/versie/2", "Update", True),
        ("V0000002/versie/2", "Delete", False),
    ]
    assert told(feeds, ALL) == [
        *expected,
        ("V0000002/versie/3", "Create", True),
        ("V0000001/versie/3", "Delete", False),
    ]
    assert told(feeds, GENT)[:4] == expected


def test_who_moves_leaves_the_one_view_and_enters_the_other_in_the_same_commit(
    source: FeedLog, feeds: LdesFeeds
) -> None:
    source.register(1)
    source.change(1, "Verhuisd", feeds=(ALL, AALST))
    assert told(feeds, ALL)[1:] == [("V0000001/versie/2", "Update", True)]
    assert told(feeds, GENT)[1:] == [("V0000001/versie/2#weg-uit-44021", "Delete", False)]
    assert told(feeds, AALST) == [("V0000001/versie/2#nieuw-in-41002", "Create", True)]


def test_a_view_together_with_its_tombstones_gives_who_is_there_now(source: FeedLog, feeds: LdesFeeds) -> None:
    source.register(*range(1, 31))
    source.register(*range(31, 41), feeds=(ALL, AALST))
    for code in range(1, 11):
        source.change(code, "Verhuisd", feeds=(ALL, AALST))
    source.remove(35)
    source.hide(36)
    present = {GENT: set[str](), AALST: set[str](), ALL: set[str]()}
    for feed, entities in present.items():
        for member in members(feeds, feed):
            (entities.add if member.payload else entities.discard)(member.entity)
    assert present[GENT] == {source.entity(code) for code in range(11, 31)}
    assert present[AALST] == {source.entity(code) for code in (*range(1, 11), *range(31, 41)) if code not in (35, 36)}
    assert present[ALL] == present[GENT] | present[AALST]


def test_every_member_has_an_iri_of_its_own(source: FeedLog, feeds: LdesFeeds) -> None:
    source.register(*range(1, 36))
    for code in range(1, 10):
        source.change(code, "Verhuisd", feeds=(ALL, AALST))
        source.change(code, "Weer terug")
    for feed in (ALL, GENT, AALST):
        iris = [member.iri for member in members(feeds, feed)]
        assert len(iris) == len(set(iris)) == source.log.feed_size(feed) > 0


def test_members_stand_in_order_of_time_over_all_pages(source: FeedLog, feeds: LdesFeeds) -> None:
    source.register(*range(1, 36))
    sequences = [member.sequence for member in members(feeds, ALL)]
    assert sequences == sorted(sequences)
    assert len(sequences) == 35


def test_nothing_that_is_not_public_stands_in_a_feed(source: FeedLog, feeds: LdesFeeds) -> None:
    source.register(*range(1, 26))
    source.remove(3)
    pages = [feeds.render(place, suffix) for place in walk(feeds, ALL) for suffix in FORMATS]
    assert len(pages) == 4 * len(FORMATS)
    assert not any(SECRET.encode() in page for page in pages)


def test_a_tombstone_tells_not_whether_it_was_removed_or_hidden(source: FeedLog, feeds: LdesFeeds) -> None:
    source.register(1, 2)
    source.remove(1)
    source.hide(2)
    removed, hidden = members(feeds, ALL)[2:]
    assert {p for _, p, _ in removed.envelope} == {p for _, p, _ in hidden.envelope}
    assert not any("Vereniging" in getattr(o, "value", "") for m in (removed, hidden) for _, _, o in m.envelope)


def test_a_full_page_keeps_its_bytes_while_the_feed_grows(source: FeedLog, feeds: LdesFeeds, tmp_path: Path) -> None:
    seen: dict[tuple[str, str, str], str] = {}
    for start in range(1, 400, 37):
        source.register(*range(start, start + 37))
        source.change(start, "Veranderd")
        now = hashes(feeds, ALL)
        assert seen.items() <= now.items()
        seen = now
    assert len(seen) == 41 * len(FORMATS) * len(ENCODINGS)
    assert hashes(source.feeds(tmp_path / "elders"), ALL) == seen, "another folder, the same bytes"
    shutil.rmtree(tmp_path / "feeds")
    assert hashes(source.feeds(tmp_path / "feeds"), ALL) == seen, "deleting the folder loses nothing"


# Changing the writer changes pages that clients and caches hold for immutable: only ever on purpose.
SEALED = {
    "trig": "659def6a9afd70b9",
    "nq": "25fb24e25516bc6e",
    "jsonld": "c4010dfaa112cc1e",
    "ttl": "2ccf4a6db523f2a9",
    "nt": "27eb1d293ce50b9e",
}


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_bytes_of_a_sealed_page_outlive_upgrades(source: FeedLog, feeds: LdesFeeds, suffix: str) -> None:
    source.register(*range(1, 10))
    source.remove(9)
    body = feeds.render(find(feeds, f"{ALL}/1"), suffix)
    assert hashlib.sha256(body).hexdigest()[:16] == SEALED[suffix]


def test_the_open_page_grows_and_then_is_full(source: FeedLog, feeds: LdesFeeds) -> None:
    source.register(*range(1, 10))
    assert not find(feeds, f"{ALL}/1").full
    before = feeds.render(find(feeds, f"{ALL}/1"), "nt")
    source.register(10)
    assert find(feeds, f"{ALL}/1").full
    assert b"immutable" not in before
    assert b"immutable" in feeds.render(find(feeds, f"{ALL}/1"), "nt")


def test_the_root_changes_only_when_a_page_begins_or_fills(source: FeedLog, feeds: LdesFeeds) -> None:
    roots = []
    for code in range(1, 24):
        source.register(code)
        roots.append(feeds.render(find(feeds, ALL), "trig"))
    changes = [code for code in range(2, 24) if roots[code - 1] != roots[code - 2]]
    assert changes == [10, 11, 20, 21]


def test_every_page_lies_between_the_bounds_of_its_relations(source: FeedLog, feeds: LdesFeeds) -> None:
    source.register(*range(1, 36))
    times = [member.version.time for member in source.log.members(ALL, 1, 35)]
    lower, upper = "GreaterThanOrEqualToRelation", "LessThanOrEqualToRelation"
    expected = []
    for page in range(3):
        iri = f"{feeds.base}/ldes/{ALL}/{page + 1}"
        expected += [(iri, lower, times[page * 10]), (iri, upper, times[page * 10 + 9])]
    open_page = (f"{feeds.base}/ldes/{ALL}/4", lower, times[30])
    assert relations(feeds, find(feeds, ALL)) == [*expected, open_page]


def test_a_client_that_asks_since_a_time_fetches_only_what_it_needs(source: FeedLog, feeds: LdesFeeds) -> None:
    for start in range(1, 1025, 64):
        source.register(*range(start, start + 64))
    since = source.log.members(ALL, 1005, 1005)[0].version.time
    fetched, waiting = [], [find(feeds, ALL)]
    while waiting:
        place = waiting.pop(0)
        fetched.append(feeds.iri(place).removeprefix(f"{feeds.base}/ldes/"))
        too_early = {iri for iri, kind, time in relations(feeds, place) if kind.startswith("LessThan") and time < since}
        wanted = dict.fromkeys(iri for iri, _, _ in relations(feeds, place) if iri not in too_early)
        waiting += [find(feeds, iri.removeprefix(f"{feeds.base}/ldes/")) for iri in wanted]
    assert fetched == [ALL, f"{ALL}/101", f"{ALL}/102", f"{ALL}/103"]


def test_a_long_feed_has_a_small_root_and_index_nodes_that_never_change(tmp_path: Path) -> None:
    source = feed_log(tmp_path)
    feeds = source.feeds(tmp_path / "feeds", page_size=1)
    source.register(*range(1, 251))
    index = feeds.render(find(feeds, f"{ALL}/index/1/2"), "trig")
    linked = [iri.removeprefix(f"{feeds.base}/ldes/{ALL}/") for iri, _, _ in relations(feeds, find(feeds, ALL))]
    assert list(dict.fromkeys(linked)) == ["index/1/1", "index/1/2", *(str(page) for page in range(201, 251))]
    assert len(members(feeds, ALL)) == 250
    source.register(*range(251, 310))
    assert feeds.render(find(feeds, f"{ALL}/index/1/2"), "trig") == index
    assert len(members(feeds, ALL)) == 309
    source.log.close()


FORESTS = [
    (0, []),
    (1, [Node(0, 1)]),
    (99, [Node(0, page) for page in range(1, 100)]),
    (100, [Node(1, 1)]),
    (201, [Node(1, 1), Node(1, 2), Node(0, 201)]),
    (4000, [Node(1, number) for number in range(1, 41)]),
    (10_101, [Node(2, 1), Node(1, 101), Node(0, 10_101)]),
]


@pytest.mark.parametrize(("pages", "nodes"), FORESTS)
def test_the_root_links_few_nodes_that_together_hold_each_page_once(pages: int, nodes: list[Node]) -> None:
    assert forest(pages) == nodes
    assert [page for node in nodes for page in node.pages] == list(range(1, pages + 1))


PATHS = [
    ("/ldes", (None, None, 1, None)),
    ("/ldes.ttl", (None, None, 1, "ttl")),
    ("/ldes/verenigingen", ("verenigingen", None, 1, None)),
    ("/ldes/verenigingen.jsonld", ("verenigingen", None, 1, "jsonld")),
    ("/ldes/verenigingen/12", ("verenigingen", Node(0, 12), 1, None)),
    ("/ldes/verenigingen/12-2.nq", ("verenigingen", Node(0, 12), 2, "nq")),
    ("/ldes/verenigingen/index/1/3", ("verenigingen", Node(1, 3), 1, None)),
    ("/ldes/verenigingen/gemeente/44021", (GENT, None, 1, None)),
    ("/ldes/verenigingen/gemeente/44021/7.trig", (GENT, Node(0, 7), 1, "trig")),
]
NO_PATHS = (
    "/ldes/",
    "/ldes/verenigingen/0",
    "/ldes/verenigingen/01",
    "/ldes/verenigingen/12-1",
    "/ldes/verenigingen/-2",
    "/ldes/verenigingen/../verenigingen",
    "/ldes/verenigingen/gemeente",
    "/ldes/verenigingen/gemeente/gent",
    "/ldes/verenigingen/index/0/1",
    "/ldes/verenigingen/1/2",
    "/ldes/Verenigingen",
)


@pytest.mark.parametrize(("path", "parts"), PATHS)
def test_a_path_names_a_feed_a_node_or_a_format(path: str, parts: tuple[object, ...]) -> None:
    target = parse_path(path)
    assert target is not None
    assert (target.feed, target.node, target.revision, target.suffix) == parts


@pytest.mark.parametrize("path", NO_PATHS)
def test_other_paths_name_nothing(path: str) -> None:
    assert parse_path(path) is None


def test_an_empty_feed_can_be_followed_already(feeds: LdesFeeds) -> None:
    assert relations(feeds, find(feeds, GENT)) == []
    assert feeds.summary(GENT).changed is None


@pytest.mark.parametrize("path", [f"{ALL}/2", f"{ALL}/index/1/1", f"{ALL}/1-2", "producten", "producten/1"])
def test_past_the_end_is_nothing(source: FeedLog, feeds: LdesFeeds, path: str) -> None:
    source.register(*range(1, 11))
    with pytest.raises(Unknown):
        find(feeds, path)


def test_a_page_is_either_on_disk_whole_or_not_at_all(
    source: FeedLog, feeds: LdesFeeds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source.register(*range(1, 11))
    expected = feeds.render(find(feeds, f"{ALL}/1"), "trig")

    def fail(_: int) -> None:
        raise OSError("schijf vol")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fail)
        assert feeds.represent(find(feeds, f"{ALL}/1"), "trig", "identity") == expected, "served all the same"
    assert [path for path in (tmp_path / "feeds").rglob("*") if path.is_file()] == []
    assert feeds.represent(find(feeds, f"{ALL}/1"), "trig", "identity") == expected
    assert len([path for path in (tmp_path / "feeds").rglob("*") if path.is_file()]) == 2


def test_a_damaged_file_is_sealed_again(source: FeedLog, feeds: LdesFeeds, tmp_path: Path) -> None:
    source.register(*range(1, 11))
    place = find(feeds, f"{ALL}/1")
    before = feeds.represent(place, "nq", "gzip")
    (path,) = (tmp_path / "feeds").rglob("*.nq.gz")
    path.write_bytes(before[: len(before) // 2])
    assert feeds.represent(place, "nq", "identity") == feeds.render(place, "nq")
    assert path.read_bytes() == before


def test_a_retracted_page_comes_back_under_a_new_address(source: FeedLog, tmp_path: Path) -> None:
    feeds = source.feeds(tmp_path / "feeds", page_size=1)
    source.register(*range(1, 103))
    for page in (1, 7, 101):
        feeds.represent(find(feeds, f"{ALL}/{page}"), "nq", "br")
    feeds.represent(find(feeds, f"{ALL}/index/1/1"), "nq", "br")
    assert feeds.retract(ALL, 7) == f"{feeds.base}/ldes/{ALL}/7-2"
    for seen_by in (feeds, source.feeds(tmp_path / "feeds", page_size=1)):
        assert [iri.rpartition("/")[2] for iri, _, _ in relations(seen_by, find(seen_by, ALL))][::2] == [
            "1-2",
            "101",
            "102",
        ]
        assert len(members(seen_by, ALL)) == 102
        with pytest.raises(Gone) as gone:
            find(seen_by, f"{ALL}/7")
        assert gone.value.replaced_by == f"{feeds.base}/ldes/{ALL}/7-2"
    kept = {path.name for path in (tmp_path / "feeds").rglob("*.br")}
    assert {"1.nq.br", "101.nq.br"} <= kept
    assert "7.nq.br" not in kept
    assert feeds.retract(ALL, 7) == f"{feeds.base}/ldes/{ALL}/7-3"


def test_a_page_that_still_grows_cannot_be_retracted(source: FeedLog, feeds: LdesFeeds) -> None:
    source.register(1)
    with pytest.raises(Unknown):
        feeds.retract(ALL, 1)


def test_the_overview_names_every_feed_but_lets_nobody_start_there(source: FeedLog, feeds: LdesFeeds) -> None:
    source.register(1)
    body = feeds.render(Place(None, None, 1, (), False), "nt").decode()
    assert body.count("ldes#EventStream") == 2
    assert "tree#view" not in body
