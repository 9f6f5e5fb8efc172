"""A national number in a text that is not meant for it: texts stay for ever and are read by many."""

from __future__ import annotations

import re

from app.model.identifiers import validate_insz

LEAVE_OUT = "Laat het rijksregisternummer weg: wat hier staat, kan niet meer gewist worden."
# Eleven digits as people write them; not a part of something longer, as an IBAN, nor a telephone number with +32.
_NUMBER = re.compile(r"(?<![\d+])(?<!\d[ .-])\d{2}[. ]?\d{2}[. ]?\d{2}[-. ]?\d{3}[-. ]?\d{2}(?![ .-]?\d)")
_DAYS = range(32)


def without_national_number(text: str) -> str:
    """The text; raises ValueError when a national number stands in it.

    >>> without_national_number("bel 0470 12 34 56 of +32 470 12 34 56")
    'bel 0470 12 34 56 of +32 470 12 34 56'
    >>> without_national_number("gemeld door 85.01.01-001.15")
    Traceback (most recent call last):
    ValueError: Laat het rijksregisternummer weg: wat hier staat, kan niet meer gewist worden.
    """
    if any(_is_one(found[0]) for found in _NUMBER.finditer(text)):
        raise ValueError(LEAVE_OUT)
    return text


def _is_one(text: str) -> bool:
    try:
        return int(validate_insz(text, test_identities=True)[4:6]) in _DAYS
    except ValueError:
        return False
