"""The search index: words, values, counts, order, following the log, and what a crash leaves."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from app.errors import Refused
from app.store.search.file import FILE, SearchFile
from app.store.search.index import Asked, Search, SortKey
from app.store.search.layout import Entry, Layout
from app.store.search.query import (
    EVERYTHING,
    Between,
    Combined,
    Near,
    OneOf,
    Pattern,
    Phrase,
    Query,
    Words,
    every,
    tolerant,
)
from app.store.search.words import words

LAYOUT = Layout(("code", "V{:07d}"), {"naam": 10, "adres": 1}, frozenset({"kind", "stad"}), ("naam",))
THINGS = [
    (1001, "Koninklijke Harmonie De Ware Vrienden", "Dorpsstraat 1", "vzw", ("Gent",), "8"),
    (1002, "Turnkring Élan St.-Niklaas", "Harmoniestraat 2", "fv", ("Sint-Niklaas",), "12"),
    (1003, "K.W.B. De Vrienden van de ware Harmonie", "", "fv", ("Gent", "Aalst"), "6"),
    (1004, "Voetbalclub Jong_Lede", "", "vzw", (), "10"),
    (1005, "De", "", "fv", ("Aalst",), "0"),
]


def entry(id: int, naam: str, adres: str, kind: str, stad: Sequence[str], age: str) -> Entry:
    return Entry(id, {"naam": naam, "adres": adres}, {"kind": [kind], "stad": stad, "age": [age]}, naam.encode(), b"{}")


def put(file: SearchFile, *entries: Entry) -> None:
    sequence, position = file.state()
    with file.writing(sequence + 1) as writing:
        for each in entries:
            writing.put(each)
        file.settle(sequence + 1, position)


@pytest.fixture
def search(tmp_path: Path) -> Iterator[Search]:
    with closing(Search(SearchFile(tmp_path / "zoeken", LAYOUT))) as made:
        put(made.file, *(entry(*thing) for thing in THINGS))
        yield made


def ids(search: Search, query: Query, *keys: SortKey) -> list[int]:
    return [hit.id - 1000 for hit in search.find(Asked(query, keys=keys or (SortKey("code"),))).hits]


FOUND: list[tuple[Query, list[int]]] = [
    (EVERYTHING, [1, 2, 3, 4, 5]),
    (Words(None, "harmonie"), [1, 3]),
    (Words(None, "HARMONÏE gent"), [1, 3]),
    (Words("naam", "harmonie gent"), []),
    (Words("naam", "elan"), [2]),
    (Words(None, "sint-niklaas"), [2]),
    (Words(None, "Ste Niklaas"), [2]),
    (Words("stad", "sint niklaas"), [2]),
    (Words("stad", "sint"), [2]),
    (Words(None, "kwb"), [3]),
    (Words(None, "lede"), [4]),
    (Words("bestaatniet", "harmonie"), []),
    (Words("code", "v0001003"), [3]),
    (Words(None, "V0001003"), [3]),
    (Words(None, "V0009999"), []),
    (Words("*", "harmonie"), [1, 3]),
    (Phrase(None, "ware vrienden"), [1]),
    (Phrase("naam", "vrienden ware"), [3]),
    (Phrase("naam", "koninklijke vrienden", 2), [1]),
    (Phrase("naam", "koninklijke vrienden", 1), []),
    (Pattern(None, "harm*"), [1, 2, 3]),
    (Pattern("naam", "*ring"), [2]),
    (Pattern("naam", "h?rmonie"), [1, 3]),
    (Pattern("stad", "Aal*"), [3, 5]),
    (Pattern("adres", "*"), [1, 2]),
    (Pattern("stad", "*"), [1, 2, 3, 5]),
    (Pattern("code", "V000100*"), [1, 2, 3, 4, 5]),
    (Near(None, "harmnoie"), [1, 3]),
    (Near(None, "voetbalcub"), [4]),
    (Near(None, "gnet"), [1, 3]),
    (Near(None, "harmonie", 0), [1, 3]),
    (tolerant(Combined(must=(Words(None, "harmonei"), Words(None, "alst")))), [3]),
    (Between("age", "8", "12"), [1, 2, 4]),
    (Between("age", "8", "12", False, False), [4]),
    (Between("age", None, "8", True, False), [3, 5]),
    (Between("stad", "b", None), [1, 2, 3]),
    (Between("code", "V0001002", "V0001004"), [2, 3, 4]),
    (Between("naam", "tu", "w"), [1, 2, 3, 4]),
    (OneOf("kind", ("vzw", "onbekend")), [1, 4]),
    (every(Words(None, "harmonie"), OneOf("kind", ("fv",))), [3]),
    (Combined(should=(Words(None, "turnkring"), Words(None, "lede"))), [2, 4]),
    (Combined(must=(Words(None, "harmonie"),), should=(Words(None, "lede"),)), [1, 3]),
    (Combined(must_not=(OneOf("kind", ("vzw",)),)), [2, 3, 5]),
    (Combined(must=(Words(None, "de"), Words(None, "harmonie"))), [1, 3]),
    (Words(None, "de"), []),
    (Words(None, '" OR tekst:*'), []),
    (Words("naam", "harmonie) OR (turnkring"), []),
    (Combined(), []),
]


@pytest.mark.parametrize("query, found", FOUND, ids=str)
def test_a_question_finds(search: Search, query: Query, found: list[int]) -> None:
    assert ids(search, query) == found


@pytest.mark.parametrize(
    "text, found",
    [
        ("De v.z.w. Élan & Co", ["vzw", "elan", "co"]),
        ("0428.315.871", ["0428315871"]),
        ("jong_lede-noord", ["jong", "lede", "noord"]),
        ("St.Jan st-jan Ste. Anna", ["sint", "jan", "sint", "jan", "sint", "anna"]),
        ("'t Hof", ["t", "hof"]),
    ],
)
def test_a_text_becomes_words(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_a_pattern_that_would_take_long_is_refused(search: Search) -> None:
    with pytest.raises(Refused):
        ids(search, Pattern(None, "*a*a*a*a*a*a*b"))


ORDERS = [
    ((), [5, 4, 3, 2, 1]),
    (("code",), [1, 2, 3, 4, 5]),
    (("-code",), [5, 4, 3, 2, 1]),
    (("naam",), [5, 3, 1, 2, 4]),
    (("-naam",), [4, 2, 1, 3, 5]),
    (("kind", "naam"), [5, 3, 2, 1, 4]),
    (("kind", "-naam"), [2, 3, 5, 4, 1]),
    (("-age",), [2, 4, 1, 3, 5]),
    (("stad", "code"), [3, 5, 1, 2, 4]),
    (("-stad", "code"), [2, 1, 3, 5, 4]),
    (("bestaatniet",), [5, 4, 3, 2, 1]),
]


def keys(names: Sequence[str]) -> tuple[SortKey, ...]:
    return tuple(SortKey(name.removeprefix("-"), name.startswith("-")) for name in names)


@pytest.mark.parametrize("names, found", ORDERS)
@pytest.mark.parametrize("few", [0, 1500])
def test_what_was_found_stands_in_order(
    search: Search, monkeypatch: pytest.MonkeyPatch, names: Sequence[str], found: list[int], few: int
) -> None:
    monkeypatch.setattr("app.store.search.order.FEW", few)
    assert [hit.id - 1000 for hit in search.find(Asked(keys=keys(names))).hits] == found


@pytest.mark.parametrize("names", [names for names, _ in ORDERS])
@pytest.mark.parametrize("few", [0, 1500])
def test_page_by_page_gives_the_same(
    search: Search, monkeypatch: pytest.MonkeyPatch, names: Sequence[str], few: int
) -> None:
    monkeypatch.setattr("app.store.search.order.FEW", few)
    whole = [hit.id for hit in search.find(Asked(keys=keys(names))).hits]
    for size in (1, 2):
        after, pages = None, []
        while hits := search.find(Asked(keys=keys(names), limit=size, after=after)).hits:
            pages += [hit.id for hit in hits]
            after = hits[-1].place
        assert pages == whole


def test_the_best_fitting_comes_first(search: Search) -> None:
    query = Combined(should=(Words(None, "ware"), Words(None, "koninklijke"), Words(None, "gent")))
    assert ids(search, query, SortKey("score", True)) == [1, 3]


def test_counts_keep_all_other_choices_and_leave_out_their_own(search: Search) -> None:
    choices = {"kind": OneOf("kind", ("vzw",)), "stad": OneOf("stad", ("Gent",))}
    found = search.find(Asked(EVERYTHING, choices, ("kind", "stad")))
    assert found.total == 1
    assert found.counts == {"kind": {"vzw": 1, "fv": 1}, "stad": {"Gent": 1}}


def test_what_changes_is_found_anew_and_no_more_as_it_was(search: Search) -> None:
    assert ids(search, Words(None, "turnkring")) == [2]
    put(search.file, entry(1002, "Dansgroep Élan", "", "vzw", ("Aalst",), "12"))
    assert ids(search, Words(None, "turnkring")) == ids(search, Words("stad", "niklaas")) == []
    assert ids(search, every(Words(None, "dansgroep"), OneOf("stad", ("Aalst",)))) == [2]
    with search.file.writing(9) as writing:
        writing.remove(1002)
        search.file.settle(9, 0)
    assert ids(search, EVERYTHING) == [1, 3, 4, 5]
    assert search.sequence() == 9


def test_another_process_sees_the_change(search: Search) -> None:
    with closing(Search(SearchFile(search.file.path, LAYOUT))) as other:
        assert ids(other, EVERYTHING) == [1, 2, 3, 4, 5]
        put(search.file, entry(1006, "Nieuwe club", "", "vzw", (), "1"))
        assert ids(other, Words(None, "nieuwe")) == [6]


def test_half_a_transaction_is_none(search: Search) -> None:
    with pytest.raises(ZeroDivisionError), search.file.writing(9) as writing:
        writing.put(entry(1009, "Half", "", "vzw", (), "1"))
        raise ZeroDivisionError
    assert ids(search, Words(None, "half")) == []
    assert search.file.state() == (1, 0)


def test_a_damaged_or_older_file_is_made_anew(tmp_path: Path) -> None:
    with closing(Search(SearchFile(tmp_path / "zoeken", LAYOUT))) as first:
        put(first.file, entry(*THINGS[0]))
    (tmp_path / "zoeken" / FILE).write_bytes(b"geen databank" * 1000)
    with closing(Search(SearchFile(tmp_path / "zoeken", LAYOUT))) as second:
        assert second.file.state() == (0, 0)
        put(second.file, entry(*THINGS[0]))
    with closing(Search(SearchFile(tmp_path / "zoeken", Layout(("code", "V{:07d}"), {"naam": 1})))) as third:
        assert third.file.state() == (0, 0)


def test_the_reader_never_writes(search: Search, tmp_path: Path) -> None:
    search.find(Asked(Words(None, "harmonie")))
    with closing(sqlite3.connect(search.file.path / FILE)) as connection:
        assert connection.execute("SELECT count(*) FROM item").fetchone() == (5,)
