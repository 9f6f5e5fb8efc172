"""What the score says of pairs that people find hard, beside what they said."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from app.register.doubles.duplicates import compare
from app.register.doubles.traits import Traits, keys_of, lookups_of, traits_of
from app.register.register import Tools
from tests.register.builders import Document

PAIRS = tomllib.loads((Path(__file__).parent / "pairs.toml").read_text())
# For each thing that two can have in common: the field, and how one and the other have it.
FIELDS: dict[str, tuple[str, list[Document], list[Document]]] = {
    "email": ("contactgegevens", [{"email": "info@een.example"}], [{"email": "info@ander.example"}]),
    "telefoon": ("contactgegevens", [{"telefoon": "+3292000001"}], [{"telefoon": "+3292000002"}]),
    "website": ("contactgegevens", [{"website": "https://een.example"}], [{"website": "https://ander.example"}]),
    "persoon": ("vertegenwoordigers", [{"insz": "85010100115"}], [{"insz": "41062700192"}]),
    "rekening": ("bankrekeningnummers", [{"iban": "BE68539007547034"}], [{"iban": "BE71096123456769"}]),
}
STREETS = ("Kerkstraat", "Molenstraat")


def traits(tools: Tools, pair: dict[str, Any], side: int) -> Traits:
    """One side of a pair, with what it shares and what it has of its own."""
    place = pair.get("waar", "Gent")
    home = tools.codelists.municipality(place if isinstance(place, str) else place[side] or "Gent")
    same, other = pair.get("zelfde", ()), pair.get("anders", ())
    document: Document = {"naam": pair["een" if side == 0 else "ander"]}
    for name, (term, ours, theirs) in FIELDS.items():
        if name in same or name in other:
            document[term] = document.get(term, []) + (ours if side == 0 or name in same else theirs)
    address = {}
    if "adres" in same or "adres" in other:
        address = {"straatnaam": STREETS[0 if "adres" in same else side], "huisnummer": "5"}
    if place and (isinstance(place, str) or place[side]):
        return traits_of({**document, "locaties": [{"adres": address}]}, [home], tools.codelists)
    return traits_of(document, [], tools.codelists)


def name_of(pair: dict[str, Any]) -> str:
    return f"{pair['een']} | {pair['ander']}"


@pytest.mark.parametrize("pair", PAIRS["dubbel"], ids=name_of)
def test_one_association_written_by_two_people(tools: Tools, pair: dict[str, Any]) -> None:
    one, other = (traits(tools, pair, side) for side in (0, 1))
    found = compare(one, other)
    assert found.possible, (found, one, other)
    assert keys_of(one) & lookups_of(other) and keys_of(other) & lookups_of(one)


@pytest.mark.parametrize("pair", PAIRS["anders"], ids=name_of)
def test_alike_and_not_the_same(tools: Tools, pair: dict[str, Any]) -> None:
    one, other = (traits(tools, pair, side) for side in (0, 1))
    found = compare(one, other)
    assert not found.possible, (found, one, other)
