"""The IRIs of nested nodes: stable while a node lives, and never given twice."""

from __future__ import annotations

from typing import Any

import pytest

from app.model.documents import number_nodes
from app.model.schema import EntityType
from tests.model import associations
from tests.model.associations import CORRESPONDENCE

MAIL = {"email": "info@a.be"}
PHONE = {"telefoon": "+3291234567"}
AN = {"insz": "85073003328", "voornaam": "An", "achternaam": "Voorbeeld", "rol": "voorzitter"}
ADDRESS = {"straatnaam": "Bedachtlaan", "huisnummer": "3", "postcode": "9050"}
HOME: dict[str, Any] = {"locatietype": CORRESPONDENCE, "adres": ADDRESS}

ROOM = {**HOME, "naam": "Kamer"}
FOREIGN = [f"{associations.IRI}#contact-99", "https://elders.be/x", f"{associations.IRI}#adres-1"]


def number(association: EntityType, document: dict[str, Any], previous: dict[str, Any] | None = None) -> dict[str, Any]:
    return number_nodes(document, association, associations.IRI, previous)


def names(document: dict[str, Any], term: str) -> list[str]:
    return [node["@id"].rpartition("#")[2] for node in document[term]]


def test_new_nodes_are_numbered_through_and_the_highest_number_is_kept(association: EntityType) -> None:
    numbered = number(association, {"contactgegevens": [MAIL, PHONE], "locaties": [HOME]})
    assert names(numbered, "contactgegevens") == ["contact-1", "contact-2"]
    assert names(numbered, "locaties") == ["locatie-3"]
    assert numbered["locaties"][0]["adres"]["@id"] == f"{associations.IRI}#adres-4"
    assert numbered["hoogsteVolgnummer"] == 4
    assert numbered["@id"] == associations.IRI


KEPT = [
    ("the same", "contactgegevens", [MAIL, PHONE], [MAIL, PHONE], ["contact-1", "contact-2"]),
    ("another order", "contactgegevens", [MAIL, PHONE], [PHONE, MAIL], ["contact-2", "contact-1"]),
    ("one more", "contactgegevens", [MAIL], [PHONE, MAIL], ["contact-2", "contact-1"]),
    ("one less", "contactgegevens", [MAIL, PHONE], [PHONE], ["contact-2"]),
    ("another value", "contactgegevens", [MAIL], [PHONE], ["contact-2"]),
    ("same e-mail, primary now", "contactgegevens", [MAIL], [{**MAIL, "isPrimair": True}], ["contact-1"]),
    ("same person, other role", "vertegenwoordigers", [AN], [{**AN, "rol": "lid"}], ["vertegenwoordiger-1"]),
    ("other person", "vertegenwoordigers", [AN], [{**AN, "insz": "90010112345"}], ["vertegenwoordiger-2"]),
    ("moved house", "locaties", [HOME], [{**HOME, "naam": "Thuis"}], ["locatie-1"]),
    ("twins", "locaties", [HOME, ROOM], [{**HOME, "naam": "c"}, {**HOME, "naam": "d"}], ["locatie-5", "locatie-7"]),
]  # fmt: skip


@pytest.mark.parametrize("_what, term, before, after, expected", KEPT, ids=[row[0] for row in KEPT])
def test_a_node_keeps_its_number(
    association: EntityType, _what: str, term: str, before: list[Any], after: list[Any], expected: list[str]
) -> None:
    previous = number(association, {term: before})
    assert names(number(association, {term: after}, previous), term) == expected


def test_a_number_never_comes_back(association: EntityType) -> None:
    first = number(association, {"contactgegevens": [MAIL, PHONE]})
    without = number(association, {"contactgegevens": [MAIL]}, first)
    again = number(association, {"contactgegevens": [MAIL, PHONE]}, without)
    assert names(again, "contactgegevens") == ["contact-1", "contact-3"]
    assert again["hoogsteVolgnummer"] == 3


def test_a_single_valued_node_keeps_its_number_whatever_it_says(association: EntityType) -> None:
    previous = number(association, {"doelgroep": {"minimumleeftijd": 6}})
    changed = number(association, {"doelgroep": {"minimumleeftijd": 12}}, previous)
    assert changed["doelgroep"]["@id"] == previous["doelgroep"]["@id"]


def test_an_address_keeps_its_number_while_its_location_is_the_same(association: EntityType) -> None:
    previous = number(association, {"locaties": [HOME]})
    moved = {**HOME, "adres": {**HOME["adres"], "huisnummer": "5"}}
    changed = number(association, {"locaties": [moved]}, previous)
    assert changed["locaties"][0]["adres"]["@id"] == previous["locaties"][0]["adres"]["@id"]


def test_an_id_from_before_wins_over_resemblance(association: EntityType) -> None:
    previous = number(association, {"contactgegevens": [MAIL, PHONE]})
    second = {"@id": f"{associations.IRI}#contact-2", **MAIL}
    changed = number(association, {"contactgegevens": [second]}, previous)
    assert names(changed, "contactgegevens") == ["contact-2"]


@pytest.mark.parametrize("foreign", FOREIGN)
def test_an_id_that_was_not_there_is_replaced(association: EntityType, foreign: str) -> None:
    numbered = number(association, {"contactgegevens": [{"@id": foreign, **MAIL}]})
    assert names(numbered, "contactgegevens") == ["contact-1"]


def test_numbering_twice_changes_nothing(association: EntityType) -> None:
    once = associations.an_association(association)
    assert number(association, once, once) == once


def test_what_is_not_a_node_is_left_for_to_graph_to_refuse(association: EntityType) -> None:
    assert number(association, {"locaties": ["x"], "doelgroep": 3})["locaties"] == ["x"]


def test_a_concept_with_its_name_beside_it_is_the_same_concept(association: EntityType) -> None:
    previous = number(association, {"locaties": [HOME]})
    shown = {**HOME, "locatietype": {"@id": CORRESPONDENCE, "code": "Correspondentie"}}
    assert names(number(association, {"locaties": [shown]}, previous), "locaties") == ["locatie-1"]
