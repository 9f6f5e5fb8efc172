"""Addresses as lists have them, taken apart: street, number, box, postcode and municipality in any number of cells."""

from __future__ import annotations

import re
from datetime import date

from app.exchange.spreadsheet.cells import Cell
from app.exchange.spreadsheet.values import one_line, text_of

Parts = dict[str, str]
COUNTRY = re.compile(r"[,\s]+(belgi[eë]|belgium|belgique)\.?\s*$", re.IGNORECASE)
POSTCODE = r"(?:BE?[\s-]*)?([1-9]\d{3})"
PLACE_LAST = re.compile(rf"^(.*?)[\s,;-]+{POSTCODE}[\s,-]+([^\d,;]+(?:\([^)]*\))?)$", re.IGNORECASE)
PLACE_FIRST = re.compile(rf"^{POSTCODE}\s+([^\d,;]+?)\s*[,;-]\s*(.+)$", re.IGNORECASE)
PLACE = re.compile(rf"{POSTCODE}[\s,-]*(\D.*)", re.IGNORECASE)
PLACE_TURNED = re.compile(rf"(\D+?)[\s,(-]+{POSTCODE}\)?", re.IGNORECASE)
NUMBER = re.compile(
    r"(?:n(?:r|°|o|ummer)?\.?\s*)?(\d+\s?(?:bis|ter|[A-Za-z])?(?:\s?[-+]\s?\d+[A-Za-z]?)?)"
    r"(?:\s*,?\s*(?:bus|bte|boîte|b\.|b(?=\s?\d)|/)\s*([A-Za-z0-9.-]+))?",
    re.IGNORECASE,
)
STREET_AND_NUMBER = re.compile(rf"^(.*?[^\d\s,].*?)[\s,]+(?:{NUMBER.pattern})$", re.IGNORECASE)
GLUED = re.compile(rf"^(.*[^\W\d_.])(?:{NUMBER.pattern})$", re.IGNORECASE)
NO_NUMBER = re.compile(r"^(.+?)[\s,]+(z/n|zn|z\.n\.|zonder nummer)$", re.IGNORECASE)
BOX = re.compile(r"^(?:bus|bte|b)\.?\s*(?=\w)", re.IGNORECASE)
DUTCH_POSTCODE = re.compile(r"\d{4} ?(?!AS$)[A-Z]{2}")
NO_ADDRESS = "Schrijf het adres zo: Kerkstraat 1 bus 2, 9000 Gent."
# What is longer is no address, and would take the square of its length to see.
LONGEST = 500
DATE = "Excel las dit als een datum. Zet het als tekst."


def whole_address(cell: Cell) -> Parts:
    """`Kerkstraat 1 bus 2, 9000 Gent`, on one line or more.

    >>> whole_address("Kerkstraat 1 bus 2, 9000 Gent")
    {'straatnaam': 'Kerkstraat', 'huisnummer': '1', 'busnummer': '2', 'postcode': '9000', 'gemeente': 'Gent'}
    """
    text = text_of(cell)
    if len(text) > LONGEST:
        raise ValueError(NO_ADDRESS)
    text = re.sub(r"\s*[\r\n]+\s*", ", ", text)
    text = COUNTRY.sub("", " ".join(text.split()))
    if found := PLACE_LAST.match(text):
        return {**street_and_number(found[1].rstrip(" ,;-")), "postcode": found[2], "gemeente": found[3].strip()}
    if found := PLACE_FIRST.match(text):
        return {**street_and_number(found[3]), "postcode": found[1], "gemeente": found[2].strip()}
    raise ValueError(NO_ADDRESS)


def street_and_number(cell: Cell) -> Parts:
    """`Kerkstraat 1 bus 2`; a street without a number is just a street."""
    text = one_line(cell).strip(" ,;")
    if len(text) > LONGEST:
        return {"straatnaam": text}
    if found := STREET_AND_NUMBER.match(text) or GLUED.match(text):
        return {"straatnaam": found[1].rstrip(" ,"), **_number(found[2], found[3])}
    if found := NO_NUMBER.match(text):
        return {"straatnaam": found[1], "huisnummer": "z/n"}
    return {"straatnaam": text}


def house_number(cell: Cell) -> Parts:
    """`12`, `12A`, `12 bus 3`, `12/3`.

    >>> house_number("12/3"), house_number(12)
    ({'huisnummer': '12', 'busnummer': '3'}, {'huisnummer': '12'})
    """
    if isinstance(cell, date):
        raise ValueError(DATE)
    text = one_line(cell)
    found = NUMBER.fullmatch(text)
    return _number(found[1], found[2]) if found else {"huisnummer": text}


def box_number(cell: Cell) -> str:
    """`2`, `bus 2`, `b.2`."""
    if isinstance(cell, date):
        raise ValueError(DATE)
    return BOX.sub("", one_line(cell))


def postcode(cell: Cell) -> Parts:
    """`9000`, `B-9000`, or with the municipality behind it; `1012 JS` is Dutch and goes as it is."""
    text = one_line(cell)
    if DUTCH_POSTCODE.fullmatch(text):
        return {"postcode": text}
    if found := PLACE.fullmatch(text):
        return {"postcode": found[1], "gemeente": found[2].strip()}
    found = re.fullmatch(POSTCODE, text, re.IGNORECASE)
    return {"postcode": found[1] if found else text}


def municipality(cell: Cell) -> Parts:
    """`Gent`, or with the postcode before or behind it."""
    text = one_line(cell)
    if len(text) > LONGEST:
        return {"gemeente": text}
    if found := PLACE.fullmatch(text):
        return {"postcode": found[1], "gemeente": found[2].strip(" )")}
    if found := PLACE_TURNED.fullmatch(text):
        return {"gemeente": found[1].strip(), "postcode": found[2]}
    if found := re.fullmatch(POSTCODE, text, re.IGNORECASE):
        return {"postcode": found[1]}
    return {"gemeente": text}


def _number(number: str, box: str | None) -> Parts:
    parts = {"huisnummer": re.sub(r"\s+", "", number)}
    return {**parts, "busnummer": box} if box else parts
