"""The index of products: the same answers however it came about, and who holds the one of before sees no change."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from app.model.codelists import CodeLists, load_codelists
from app.web.products import offer_index
from app.web.products.offer_index import Index
from app.web.products.offer_search import FACETS, Offer, Wanted
from tests.web.world import ROOT

SEARCHED = [
    Wanted(),
    Wanted("zaal"),
    Wanted("zaal huren"),
    Wanted("a"),
    Wanted("", {"type": "bewijs"}),
    Wanted("niets"),
]


@pytest.fixture(scope="module")
def codelists() -> CodeLists:
    return load_codelists(Path(ROOT))


def offers(count: int) -> list[Offer]:
    words = list(product(("zaal", "tent", "feest"), ("huren", "lenen"), ("sport", "jeugd", "cultuur")))
    return [
        offer(
            number, " ".join(words[number % len(words)][: 1 + number % 3]), " ".join(words[(number * 7) % len(words)])
        )
        for number in range(count)
    ]


def offer(number: int, title: str, text: str) -> Offer:
    facets = {name: ("bewijs",) if number % 2 and name == "type" else () for name, *_ in FACETS}
    changed = f"2026-01-{1 + number % 28:02}"
    code = f"P{number:07}"
    return Offer(code, f"p:{code}", title, "", "", "", changed, title, title, f"{title} {text}", (), facets, {})


def naive(known: list[Offer], wanted: Wanted, newest: bool) -> list[str]:
    found = [
        each for each in known
        if all(word in each.words for word in wanted.words)
        and all(code in each.facets[name] for name, code in wanted.chosen.items())
    ]  # fmt: skip
    found.sort(key=lambda each: (each.order, each.code))
    if newest:
        found.sort(key=lambda each: (each.changed, each.code), reverse=True)
    else:
        found.sort(key=lambda each: -sum(word in each.title_words for word in wanted.words))
    return [each.code for each in found]


@pytest.mark.parametrize("wanted", SEARCHED, ids=str)
@pytest.mark.parametrize("newest", [False, True], ids=["by title", "newest"])
@pytest.mark.parametrize("few", [0, 1000])
def test_what_is_found_and_in_which_order(
    codelists: CodeLists, monkeypatch: pytest.MonkeyPatch, wanted: Wanted, newest: bool, few: int
) -> None:
    monkeypatch.setattr(offer_index, "FEW", few)
    known = offers(60)
    found, right = Index(codelists).changed((), known).search(wanted, newest), naive(known, wanted, newest)
    assert len(found) == len(right)
    assert [each.code for each in found] == right
    assert [each.code for each in found[5:15]] == right[5:15]
    if right:
        assert found[-1].code == right[-1]


def test_a_change_is_seen_in_the_index_that_it_gives_and_not_in_the_one_of_before(codelists: CodeLists) -> None:
    known = offers(30)
    before = Index(codelists).changed((), known)
    assert len(before.search(Wanted("kachel"))) == 0
    heater = replace(known[3], title="kachel", order="kachel", title_words="kachel", words="kachel")
    after = before.changed([known[3], known[4]], [heater])
    changed = [each for each in known if each not in (known[3], known[4])] + [heater]
    for wanted in (*SEARCHED, Wanted("kachel"), Wanted("tent")):
        assert [each.code for each in after.search(wanted)] == naive(changed, wanted, False), wanted
        assert [each.code for each in before.search(wanted)] == naive(known, wanted, False), wanted
        assert after.counts(wanted) == Index(codelists).changed((), changed).counts(wanted)


def test_nothing_is_left_of_what_went(codelists: CodeLists) -> None:
    known = offers(30)
    empty = Index(codelists).changed((), known).changed(known, ())
    assert list(empty.search(Wanted())) == [] and not any(empty.counts(Wanted())["type"].values())
    assert all(not sets for sets in empty._sets.values())
