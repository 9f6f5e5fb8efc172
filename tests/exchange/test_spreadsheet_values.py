"""One cell, as people and spreadsheet programs leave it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exchange.spreadsheet.address import (
    box_number,
    house_number,
    municipality,
    postcode,
    street_and_number,
    whole_address,
)
from app.exchange.spreadsheet.ages import age, ages
from app.exchange.spreadsheet.cells import Cell, CellError
from app.exchange.spreadsheet.values import concepts, day, decision, emails, one_line, phones, text_of, texts, yes_or_no
from app.model.codelists import CodeLists

Read = Callable[[Cell], Any]
READS: list[tuple[Read, Cell, Any]] = [
    (text_of, 403170701, "403170701"),
    (text_of, 85073003328.0, "85073003328"),
    (text_of, date(2001, 5, 1), "2001-05-01"),
    (one_line, " De\u00a0 Ster\n", "De Ster"),
    (texts, "Chiro; KSA |\nFOS;", ["Chiro", "KSA", "FOS"]),
    (emails, "info@a.example; b@b.example", ["info@a.example", "b@b.example"]),
    (emails, "info@a.example, An Peeters <an@b.example>", ["info@a.example", "an@b.example"]),
    (emails, "info@a.example / b@b.example en c@c.example", ["info@a.example", "b@b.example", "c@c.example"]),
    (emails, "info@a.example b@b.example", ["info@a.example", "b@b.example"]),
    (phones, 475123456, ["+32475123456"]),
    (phones, "09/210.10.10", ["+3292101010"]),
    (phones, "09/210 10 10 / 0475 12 34 56", ["+3292101010", "+32475123456"]),
    (phones, "09/210 10 10 of 0475/12.34.56", ["+3292101010", "+32475123456"]),
    (phones, "092101010, 0475123456", ["+3292101010", "+32475123456"]),
    (yes_or_no, "Ja.", True),
    (yes_or_no, "x", True),
    (yes_or_no, False, False),
    (yes_or_no, 0, False),
    (yes_or_no, "NEEN", False),
    (day, date(2001, 5, 1), "2001-05-01"),
    (day, 37012, "2001-05-01"),
    (day, 37012.75, "2001-05-01"),
    (day, "1 mei 2001", "2001-05-01"),
    (day, 20010501, "2001-05-01"),
    (age, "6 jaar", 6),
    (age, 6.0, 6),
    (ages, "6-12 jaar", (6, 12)),
    (ages, "van 6 tot en met 12 jaar", (6, 12)),
    (ages, "vanaf 55", (55, 150)),
    (ages, "18+", (18, 150)),
    (ages, "tot 12 jaar", (0, 12)),
    (ages, "alle leeftijden", (0, 150)),
    (ages, date(2026, 12, 6), (6, 12)),
    (decision, " NIEUW ", "nieuw"),
    (decision, "v0001001", "V0001001"),
    (whole_address, "Kerkstraat 1 bus 2, 9000 Gent",
     {"straatnaam": "Kerkstraat", "huisnummer": "1", "busnummer": "2", "postcode": "9000", "gemeente": "Gent"}),
    (whole_address, "11 Novemberlaan 5A\n9050 Gentbrugge\nBelgië",
     {"straatnaam": "11 Novemberlaan", "huisnummer": "5A", "postcode": "9050", "gemeente": "Gentbrugge"}),
    (whole_address, "Steenweg op Gent 1200 - B-9880 Aalter (Lotenhulle)",
     {"straatnaam": "Steenweg op Gent", "huisnummer": "1200", "postcode": "9880", "gemeente": "Aalter (Lotenhulle)"}),
    (whole_address, "9000 Gent, Kerkstraat 12/3",
     {"straatnaam": "Kerkstraat", "huisnummer": "12", "busnummer": "3", "postcode": "9000", "gemeente": "Gent"}),
    (street_and_number, "Plein z/n", {"straatnaam": "Plein", "huisnummer": "z/n"}),
    (street_and_number, "Markt", {"straatnaam": "Markt"}),
    (house_number, "12-14", {"huisnummer": "12-14"}),
    (house_number, "4b3", {"huisnummer": "4", "busnummer": "3"}),
    (house_number, 12, {"huisnummer": "12"}),
    (box_number, "bus 3", "3"),
    (postcode, "B-9000", {"postcode": "9000"}),
    (postcode, "9000 Gent", {"postcode": "9000", "gemeente": "Gent"}),
    (municipality, "Gent (9000)", {"gemeente": "Gent", "postcode": "9000"}),
    (municipality, "9031 Drongen", {"postcode": "9031", "gemeente": "Drongen"}),
]  # fmt: skip


@pytest.mark.parametrize("read, cell, expected", READS)
def test_a_cell_says(read: Read, cell: Cell, expected: object) -> None:
    assert read(cell) == expected


UNREADABLE: list[tuple[Read, Cell, str]] = [
    (text_of, CellError("#N/B"), "fout van het rekenblad"),
    (emails, "info.a.example, b@b.example", "geen geldig e-mailadres"),
    (phones, "vragen aan secretaris", "geen geldig telefoonnummer"),
    (yes_or_no, "misschien", "ja of nee"),
    (day, 1985, "onvolledig"),
    (day, "31/02/2001", "bestaat niet"),
    (age, "volwassen", "leeftijd"),
    (ages, "jeugd", "twee leeftijden"),
    (ages, date(2026, 3, 12), "datum"),
    (house_number, date(2026, 3, 12), "datum"),
    (whole_address, "om de hoek", "Kerkstraat 1 bus 2, 9000 Gent"),
    (decision, "weet niet", "“nieuw”"),
]


@pytest.mark.parametrize("read, cell, sentence", UNREADABLE)
def test_a_cell_that_cannot_be_read_gets_a_sentence_without_its_value(read: Read, cell: Cell, sentence: str) -> None:
    with pytest.raises(ValueError) as error:
        read(cell)
    assert sentence in str(error.value)
    assert str(cell) not in str(error.value)


CONCEPTS = {
    "Kunsten, Erfgoed & Cultuur; Sport": ["KECU", "SPRT"],
    "Kunsten, Erfgoed & Cultuur, Sport, Natuur, Milieu & Dierenwelzijn": ["KECU", "SPRT", "NMDW"],
    "sport/jeugdwerk": ["SPRT", "JGDW"],
    "SPRT\nJGDW": ["SPRT", "JGDW"],
    "Spport": ["SPRT"],
    "Sport; sport": ["SPRT"],
}


@pytest.mark.parametrize("cell", CONCEPTS)
def test_activities_are_found_however_they_are_separated(cell: str, codelists: CodeLists) -> None:
    found = concepts(codelists, "hoofdactiviteit", cell, "Deze hoofdactiviteit")
    assert [concept.notation for concept in found] == CONCEPTS[cell]


ANY_CELL = st.one_of(
    st.text(max_size=40), st.integers(), st.floats(), st.booleans(), st.dates(), st.none(), st.just(CellError("#N/B"))
)


@pytest.mark.parametrize("read", list(dict.fromkeys(read for read, _, _ in READS)))
@given(cell=ANY_CELL)
def test_whatever_stands_in_a_cell_is_read_or_refused(read: Read, cell: Cell) -> None:
    try:
        read(cell)
    except ValueError as error:
        assert str(error).strip()
