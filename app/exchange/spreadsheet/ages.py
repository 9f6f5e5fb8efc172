"""Ages as lists have them: `6`, `6-12 jaar`, `vanaf 6`, `18+`, `alle leeftijden`, and what Excel makes of `6-12`."""

from __future__ import annotations

import re
from datetime import date

from app.exchange.spreadsheet.cells import Cell
from app.exchange.spreadsheet.values import one_line

YOUNGEST, OLDEST = 0, 150
EVERYBODY = re.compile(
    r"iedereen|alle(?:n|maal)?|alle leeftijden|geen(?: beperking)?|onbeperkt|alle leeftijdscategorieen"
)
YEARS = re.compile(r"\b(?:jaar|jarigen?|jr|j|leeftijd|oud|ouder|jaren)\b|(?<=\d)(?:jaar|jarigen?|jr|j)\b|\.(?=\s|$|-)")
RANGE = re.compile(r"(?:van\s*)?(\d{1,3})\s*(?:-|–|—|/|tot en met|t/m|tem|tot|en|t\.?e\.?m)\s*(\d{1,3})")
FROM = re.compile(r"(?:vanaf|van|min\.?|minimum|>=?|\+)\s*(\d{1,3})|(\d{1,3})\s*(?:\+|en|plus|-)")
UNTIL = re.compile(r"(?:tot en met|t/m|tem|tot|max\.?|maximum|<=?|-)\s*(\d{1,3})|(\d{1,3})\s*max")
NO_AGE = "Schrijf een leeftijd in jaren, van 0 tot 150."
NO_AGES = "Schrijf twee leeftijden, bijvoorbeeld 6-12."


def age(cell: Cell) -> int:
    """One age in years."""
    found = re.fullmatch(r"\D{0,8}(\d{1,3})(?:[.,]0+)?\D{0,8}", one_line(cell))
    if isinstance(cell, date) or not found:
        raise ValueError(NO_AGE)
    return int(found[1])


def ages(cell: Cell) -> tuple[int, int]:
    """From and until.

    >>> ages("6 - 12 jaar"), ages("18+"), ages("tot 25 j."), ages("alle leeftijden")
    ((6, 12), (18, 150), (0, 25), (0, 150))
    """
    if isinstance(cell, date):
        return _undo_date(cell)
    text = " ".join(YEARS.sub(" ", one_line(cell).casefold().replace("ë", "e")).split())
    if EVERYBODY.fullmatch(text):
        return YOUNGEST, OLDEST
    if found := RANGE.fullmatch(text):
        return int(found[1]), int(found[2])
    if found := FROM.fullmatch(text):
        return int(found[1] or found[2]), OLDEST
    if found := UNTIL.fullmatch(text):
        return YOUNGEST, int(found[1] or found[2])
    raise ValueError(NO_AGES)


def _undo_date(cell: date) -> tuple[int, int]:
    """Excel takes `6-12` for the sixth of December; that way round is the only one that can be ages."""
    if cell.day >= cell.month:
        raise ValueError("Excel las deze leeftijden als een datum. Zet ze als tekst, bijvoorbeeld 6-12.")
    return cell.day, cell.month
