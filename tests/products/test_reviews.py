"""Concepts that come in, what that means for the products made of them, and what people do about it."""

from __future__ import annotations

from typing import Any

import pytest

from app.errors import Conflict, Forbidden, Refused
from app.register.agents import MUNICIPALITY, Agent
from app.register.commands import Create
from app.register.handle import handle
from app.register.products.concept_changes import changed_sections
from app.register.products.concept_commands import AdoptConcept, ConfirmReview, TakeConcept
from app.register.products.deriving import best_text, product_from, taken_over, three_way
from app.register.register import Register
from tests.products.builders import CONCEPT, CONCEPT_CODE, GHENT, SNAPSHOT, add, concept, minimal, read
from tests.register.builders import A_MANAGER, BASE, GENT

PART = {"naam": {"nl": "Lid zijn"}, "beschrijving": {"nl": "<p>Van een club.</p>"}, "order": 1}
AALST = Agent(f"{BASE}/id/organisatie/aalst", "Stad Aalst", MUNICIPALITY, "41002")
CHANGED, ARCHIVED = "concept-gewijzigd", "concept-gearchiveerd"

# what differs, the sections that read differently
DIFFERENCES: list[tuple[dict[str, Any], set[str]]] = [
    ({}, set()),
    ({"naam": {"nl": "Toelage"}}, {"Basisinformatie"}),
    ({"voorwaarden": [*concept()["voorwaarden"], PART]}, {"Voorwaarden"}),
    ({"kosten": []}, {"Kosten"}),
    ({"kosten": None, "websites": [{"naam": {"nl": "Meer"}, "url": "https://a.be"}]}, {"Kosten", "Meer info"}),
    ({"doelgroepen": ["Burger"]}, {"Algemene info"}),
    ({"zoektermen": {"nl": ["geld"]}}, {"Gerelateerd"}),
    ({"gearchiveerd": True}, {"Status"}),
    ({"gearchiveerd": False}, set()),
    # Not functional: numbers, times, tags, other languages, and that a generated text is now written by people.
    ({"productnummer": "9", "laatstGewijzigd": "2027-01-01T00:00:00Z", "tags": ["YourEuropeVerplicht"]}, set()),
    ({"naam": {**concept()["naam"], "en": "Subsidy"}}, set()),
]


def snapshot(number: int, **wanted: Any) -> TakeConcept:
    stamp = f"2026-01-0{number}T10:00:00.123456Z"
    times = {"snapshot": SNAPSHOT.format(number), "generatedAtTime": stamp, "laatstGewijzigd": stamp}
    return TakeConcept(CONCEPT_CODE, concept(**{**times, **wanted}))


def take(register: Register, *commands: TakeConcept) -> None:
    for command in commands:
        handle(command, A_MANAGER, register)


def review(register: Register, code: str) -> str:
    return str(read(register, code).get("herzieningsstatus", "")).rpartition("/")[2]


@pytest.fixture
def code(register: Register) -> str:
    """A product of Ghent, made of the first snapshot of a concept."""
    take(register, snapshot(1))
    made = product_from(read(register, CONCEPT_CODE, "concept"), register.schema.entity_types["product"], "nl", GHENT)
    return add(register, made)


@pytest.mark.parametrize("different, sections", DIFFERENCES, ids=[str(sorted(row[0])) for row in DIFFERENCES])
def test_what_reads_differently(different: dict[str, Any], sections: set[str]) -> None:
    assert set(changed_sections(concept(), concept(**different))) == sections


def test_that_a_generated_text_is_now_written_by_people_is_no_change() -> None:
    generated = concept(naam={"nl": "Steun", "nl-be-x-gen-formal": "Uw steun"})
    assert changed_sections(generated, concept(naam={"nl": "Steun", "nl-be-x-formal": "Uw steun"})) == ()


def test_a_functional_change_asks_for_review(register: Register, code: str) -> None:
    take(register, snapshot(2, kosten=[]))
    assert review(register, code) == CHANGED


def test_a_change_that_is_not_functional_asks_nothing(register: Register, code: str) -> None:
    take(register, snapshot(2, productnummer="1503"))
    assert review(register, code) == ""


def test_review_stays_needed_when_a_change_that_is_not_functional_follows(register: Register, code: str) -> None:
    take(register, snapshot(2, kosten=[]), snapshot(3, kosten=[], tags=["YourEuropeVerplicht"]))
    assert review(register, code) == CHANGED


def test_the_last_functional_change_stays_what_it_was_over_any_number_of_others(register: Register, code: str) -> None:
    take(register, snapshot(2, kosten=[]), *(snapshot(n, kosten=[], productnummer=str(n)) for n in (3, 4, 5)))
    assert read(register, CONCEPT_CODE, "concept")["functioneleWijziging"] == SNAPSHOT.format(2)


def test_an_older_snapshot_that_arrives_late_changes_nothing(register: Register, code: str) -> None:
    take(register, snapshot(3, kosten=[]), snapshot(2, naam={"nl": "Iets anders"}))
    found = read(register, CONCEPT_CODE, "concept")
    assert (found["snapshot"], found["functioneleWijziging"]) == (SNAPSHOT.format(3), SNAPSHOT.format(3))
    assert register.log.head() == 4


def test_the_same_snapshot_again_changes_nothing(register: Register, code: str) -> None:
    head = register.log.head()
    take(register, snapshot(1))
    assert register.log.head() == head


def test_an_archived_concept_says_so_to_its_products(register: Register, code: str) -> None:
    take(register, snapshot(2, gearchiveerd=True))
    assert review(register, code) == ARCHIVED
    take(register, snapshot(3))
    assert review(register, code) == CHANGED


def test_what_needs_review_is_nobodys_business_outside(register: Register, code: str) -> None:
    size = register.log.feed_size("producten")
    take(register, snapshot(2, kosten=[]))
    assert register.log.feed_size("producten") == size
    version = register.log.latest(f"{BASE}/id/product/{code}")
    assert version is not None and version.number == 2 and b"review-status" not in (version.public or b"")


def test_confirming_up_to_the_functional_change_settles_the_review(register: Register, code: str) -> None:
    take(register, snapshot(2, kosten=[]), snapshot(3, kosten=[], productnummer="3"))
    handle(ConfirmReview(code, SNAPSHOT.format(1)), GENT, register)
    assert review(register, code) == CHANGED
    handle(ConfirmReview(code, SNAPSHOT.format(2)), GENT, register)
    assert (review(register, code), read(register, code)["conceptSnapshot"]) == ("", SNAPSHOT.format(2))


def test_what_confirming_is_refused_for(register: Register, code: str) -> None:
    with pytest.raises(Refused):
        handle(ConfirmReview(code, SNAPSHOT.format(9)), GENT, register)
    with pytest.raises(Forbidden):
        handle(ConfirmReview(code, SNAPSHOT.format(1)), AALST, register)
    with pytest.raises(Conflict):
        handle(ConfirmReview(code, SNAPSHOT.format(1), expected_version=7), GENT, register)
    with pytest.raises(Refused):
        handle(ConfirmReview(add(register, minimal()), SNAPSHOT.format(1)), GENT, register)


def test_taking_over_all_overwrites_the_content_and_settles_the_review(register: Register, code: str) -> None:
    before = read(register, code)
    take(register, snapshot(2, naam={"nl": "Toelage"}, voorwaarden=[*concept()["voorwaarden"], PART], kosten=[]))
    handle(AdoptConcept(code), GENT, register)
    after = read(register, code)
    assert after["naam"] == {"nl": "Toelage"}
    assert [part["naam"]["nl"] for part in after["voorwaarden"]] == ["Erkend zijn", "Lid zijn"]
    assert after["voorwaarden"][0]["@id"] == before["voorwaarden"][0]["@id"]
    assert "kosten" not in after
    assert (after["conceptSnapshot"], review(register, code)) == (SNAPSHOT.format(2), "")


def test_taking_over_one_field_leaves_the_rest_and_the_review(register: Register, code: str) -> None:
    take(register, snapshot(2, naam={"nl": "Toelage"}, kosten=[]))
    handle(AdoptConcept(code, ("naam",)), GENT, register)
    after = read(register, code)
    assert (after["naam"], len(after["kosten"]), review(register, code)) == ({"nl": "Toelage"}, 1, CHANGED)


def test_nothing_is_taken_over_from_an_archived_concept(register: Register, code: str) -> None:
    take(register, snapshot(2, gearchiveerd=True))
    with pytest.raises(Refused):
        handle(AdoptConcept(code), GENT, register)


def test_a_derived_product_has_one_form_of_dutch_and_knows_where_each_part_came_from(register: Register) -> None:
    take(register, snapshot(1))
    source = read(register, CONCEPT_CODE, "concept")
    made = product_from(source, register.schema.entity_types["product"], "nl-be-x-formal", GHENT)
    assert made["naam"] == {"nl-be-x-formal": "Uw subsidie"}
    assert made["voorwaarden"][0]["volgens"] == source["voorwaarden"][0]["@id"]
    assert made["uitvoerendeOverheden"] == [GHENT]
    document = read(register, add(register, made))
    assert (document["linkedConcept"], document["taalvariant"]) == (CONCEPT, "nl-be-x-formal")


# texts, form of the organisation, what it gets
TEXTS = [
    ({"nl": "n", "nl-be-x-formal": "u", "nl-be-x-informal": "j"}, "nl-be-x-informal", "j"),
    ({"nl": "n", "nl-be-x-gen-informal": "gj"}, "nl-be-x-informal", "gj"),
    ({"nl": "n"}, "nl-be-x-informal", "n"),
    ({"nl": "n", "nl-be-x-formal": "u"}, "nl-be-x-formal", "u"),
    ({"nl": "n", "nl-be-x-gen-formal": "gu", "nl-be-x-informal": "j"}, "nl-be-x-formal", "gu"),
    ({"nl": "n", "nl-be-x-gen-formal": "gu"}, "nl-be-x-formal", "n"),
    ({"nl": "n", "nl-be-x-formal": "u"}, "nl", "n"),
    ({"en": "e"}, "nl", None),
]


@pytest.mark.parametrize("texts, form, text", TEXTS)
def test_the_text_that_an_organisation_gets(texts: dict[str, str], form: str, text: str | None) -> None:
    assert best_text(texts, form) == text


def test_three_versions_stand_side_by_side_matched_by_identity_and_not_by_place(register: Register, code: str) -> None:
    type = register.schema.entity_types["product"]
    base = read(register, CONCEPT_CODE, "concept")
    swapped = [{**PART, "order": 0}, {**base["voorwaarden"][0], "order": 1}]
    take(register, snapshot(2, voorwaarden=swapped, kosten=[]))
    latest = read(register, CONCEPT_CODE, "concept")
    ours = {**read(register, code), "naam": {"nl": "Onze subsidie"}}
    rows = {row.term: row for row in three_way(ours, base, latest, type, "nl")}
    assert {term for term, row in rows.items() if row.concept_changed} == {"voorwaarden", "kosten"}
    assert {term for term, row in rows.items() if row.we_changed} == {"naam"}
    parts = taken_over(ours, latest, type, "nl", ["voorwaarden"])["voorwaarden"]
    assert parts[1]["@id"] == ours["voorwaarden"][0]["@id"]


def test_only_the_ipdc_brings_concepts(register: Register) -> None:
    with pytest.raises(Forbidden):
        handle(Create("concept", concept(), CONCEPT_CODE), GENT, register)
    with pytest.raises(Forbidden):
        handle(snapshot(1), GENT, register)
