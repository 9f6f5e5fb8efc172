"""Whole numbers as strangers write them.

Python's own `int` reads the digits of every script, fails on marks that `isdigit` calls a digit (`²`) and on texts of
thousands of digits, and gives numbers that no column of a table holds.
"""

from __future__ import annotations

MOST = 999_999_999
# Zeros in front count too: nobody writes more of them than this.
MOST_DIGITS = 18


def whole_number(text: str | None, most: int = MOST) -> int | None:
    """The number from 0 to `most` that a text writes in plain digits; None for any other text.

    >>> [whole_number(text) for text in ("12", "007", "²", "٣", "-1", "", None, "9" * 5000)]
    [12, 7, None, None, None, None, None, None]
    """
    if not text or len(text) > MOST_DIGITS or not (text.isascii() and text.isdigit()):
        return None
    number = int(text)
    return number if number <= most else None
