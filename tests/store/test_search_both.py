"""Two indexes asked as one: the same order, totals and counts as if all stood in one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import product
from pathlib import Path

import pytest

from app.store.search.both import Both
from app.store.search.file import SearchFile
from app.store.search.index import Asked, Hit, Search, SortKey
from app.store.search.query import EVERYTHING, Near, OneOf
from tests.store.test_search import LAYOUT, THINGS, entry, put

HIDDEN = (1002, 1003, 1005)
ORDERS: list[tuple[SortKey, ...]] = [
    (),
    (SortKey("code"),),
    (SortKey("naam"),),
    (SortKey("naam", descending=True),),
    (SortKey("stad"), SortKey("age", descending=True)),
    (SortKey("kind"), SortKey("age")),
    (SortKey("stad", descending=True), SortKey("code"), SortKey("age")),
]


@pytest.fixture(scope="module")
def indexes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Search, Search, Search]]:
    """All in one, then what everybody may see and what is hidden."""
    folder: Path = tmp_path_factory.mktemp("both")
    with (
        closing(Search(SearchFile(folder / "one", LAYOUT))) as one,
        closing(Search(SearchFile(folder / "public", LAYOUT))) as public,
        closing(Search(SearchFile(folder / "hidden", LAYOUT))) as hidden,
    ):
        for search, kept in ((one, {True, False}), (public, {False}), (hidden, {True})):
            put(search.file, *(entry(*thing) for thing in THINGS if (thing[0] in HIDDEN) in kept))
        yield one, public, hidden


def places(hits: tuple[Hit, ...]) -> list[tuple[int, object]]:
    return [(hit.id, hit.place) for hit in hits]


@pytest.mark.parametrize("keys, query", [*product(ORDERS, (EVERYTHING, Near(None, "harmonie")))])
def test_every_page_is_that_of_one_index(
    indexes: tuple[Search, Search, Search], keys: tuple[SortKey, ...], query: object
) -> None:
    one, public, hidden = indexes
    both = Both(public, hidden, EVERYTHING)
    for offset, limit in product(range(6), (1, 2, 5)):
        asked = Asked(query, keys=keys, counts=("stad", "kind"), offset=offset, limit=limit)  # type: ignore[arg-type]
        expected, found = one.find(asked), both.find(asked)
        assert places(found.hits) == places(expected.hits)
        assert (found.total, found.counts) == (expected.total, expected.counts)
        assert all(hit.is_hidden == (hit.id in HIDDEN) for hit in found.hits)


@pytest.mark.parametrize("keys", ORDERS)
def test_a_cursor_goes_on_where_the_page_ended(
    indexes: tuple[Search, Search, Search], keys: tuple[SortKey, ...]
) -> None:
    one, public, hidden = indexes
    both, read, after = Both(public, hidden, EVERYTHING), [], None
    while hits := both.find(Asked(keys=keys, limit=2, after=after)).hits:
        read += [hit.id for hit in hits]
        after = hits[-1].place
    assert read == [hit.id for hit in one.find(Asked(keys=keys)).hits]


def test_of_what_is_hidden_only_what_is_within_reach_is_found_or_counted(
    indexes: tuple[Search, Search, Search],
) -> None:
    _, public, hidden = indexes
    found = Both(public, hidden, OneOf("stad", ("Aalst",))).find(Asked(counts=("stad",)))
    assert [hit.id for hit in found.hits if hit.is_hidden] == [1005, 1003]
    assert "Sint-Niklaas" not in found.counts["stad"]
