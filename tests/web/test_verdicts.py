"""What an association can get is remembered, and right after each change of anything that it rests on."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from app.model.codelists import CodeLists, load_codelists
from app.register.products.eligibility import NO, YES, eligibility
from app.register.profile import Profile
from app.web.products import verdicts as module
from app.web.products.offer_search import Offer
from app.web.products.verdicts import Verdicts
from tests.web.world import ROOT

TODAY = date(2026, 11, 26)
YOUTH = Profile(activities=frozenset({"jeugd"}))
GIVER = "https://bestuur.voorbeeld.be/1"
CERTIFIED = Profile(activities=frozenset({"jeugd"}), recognitions=frozenset({(GIVER, "7")}))


@pytest.fixture(scope="module")
def codelists() -> CodeLists:
    return load_codelists(Path(ROOT))


@pytest.fixture
def decided(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The products that were really looked at."""
    seen: list[str] = []

    def spy(product: dict[str, object], *rest: object) -> object:
        seen.append(str(product["code"]))
        return eligibility(product, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "eligibility", spy)
    return seen


def offer(code: str, **deciding: object) -> Offer:
    deciding = {"code": code, **deciding}
    return Offer(code, f"p:{code}", code, "", "", "", "", "", "", "", (), {}, deciding)


def by_iri(*offers: Offer) -> dict[str, Offer]:
    return {each.iri: each for each in offers}


def test_nothing_is_decided_twice(codelists: CodeLists, decided: list[str]) -> None:
    verdicts, all_ = Verdicts(codelists), by_iri(offer("a"), offer("b", activiteiten=["sport"]))
    for _ in range(3):
        found = verdicts.of(YOUTH, all_.values(), all_, TODAY)
        assert [verdict.answer for _, verdict in found] == [YES, NO]
    assert decided == ["a", "b"]


def test_a_product_that_changed_is_decided_again_and_no_other(codelists: CodeLists, decided: list[str]) -> None:
    verdicts, all_ = Verdicts(codelists), by_iri(offer("a"), offer("b", activiteiten=["sport"]))
    verdicts.of(YOUTH, all_.values(), all_, TODAY)
    later = {**all_, "p:b": offer("b", activiteiten=["jeugd"])}
    assert [verdict.answer for _, verdict in verdicts.of(YOUTH, later.values(), later, TODAY)] == [YES, YES]
    assert decided == ["a", "b", "b"]


def test_so_is_one_whose_condition_names_what_changed(codelists: CodeLists, decided: list[str]) -> None:
    first, asks = (
        offer("a", naam={"nl": "Erkenning"}, productnummer="8", aangemaaktDoor=GIVER),
        offer("b", vereist=["p:a"]),
    )
    verdicts, all_ = Verdicts(codelists), by_iri(first, asks, offer("c"))
    assert [verdict.answer for _, verdict in verdicts.of(CERTIFIED, [asks], all_, TODAY)] == [NO]
    changed = offer("a", naam={"nl": "Erkenning"}, productnummer="7", aangemaaktDoor=GIVER)
    later = {**all_, "p:a": changed}
    assert [verdict.answer for _, verdict in verdicts.of(CERTIFIED, [asks], later, TODAY)] == [YES]
    assert decided == ["b", "b"]


def test_another_association_and_another_day_are_other_questions(codelists: CodeLists, decided: list[str]) -> None:
    verdicts, all_ = Verdicts(codelists), by_iri(offer("a", eindeDienstVerlening="2026-11-26"))
    for profile, day, answer in (
        (YOUTH, TODAY, YES), (Profile(), TODAY, YES), (YOUTH, TODAY + timedelta(days=1), NO),
    ):  # fmt: skip
        assert verdicts.of(profile, all_.values(), all_, day)[0][1].answer == answer
    assert len(decided) == 3


def test_of_a_list_that_is_behind_nothing_is_remembered(codelists: CodeLists) -> None:
    verdicts = Verdicts(codelists)
    old, new = offer("a", activiteiten=["sport"]), offer("a", activiteiten=["jeugd"])
    now = by_iri(new)
    assert verdicts.of(YOUTH, [old], now, TODAY)[0][1].answer == NO
    assert verdicts.of(YOUTH, [new], now, TODAY)[0][1].answer == YES


def test_only_so_many_associations_are_remembered(codelists: CodeLists) -> None:
    verdicts, all_ = Verdicts(codelists), by_iri(offer("a"))
    for number in range(module.KEPT + 5):
        verdicts.of(Profile(activities=frozenset({str(number)})), all_.values(), all_, TODAY)
    assert len(verdicts._answers) == module.KEPT
