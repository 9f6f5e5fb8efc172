"""Small numbers that could point at people are left out, and as much beside them as keeps them from being worked out.

    protect([("Fout gemeld", 2), ("Duidelijk", 40), ("Niet duidelijk", 9)], measures=(1,), fewest=5)
    # [("Fout gemeld", None), ("Duidelijk", 40), ("Niet duidelijk", None)]

Who knows the total knows the sum of what is left out. So of every measure at least two rows are, and their sum is large
enough that none of them can be told to be small: with n rows that sum to S, one of them can be anything from 1 to
S - (n - 1), and that has to reach `fewest`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Row = tuple[Any, ...]


def protect(rows: Sequence[Row], measures: Sequence[int], fewest: int) -> list[Row]:
    """The rows, with None in place of the measures of those that are left out."""
    hidden = {place for place, row in enumerate(rows) if _is_small(row, measures, fewest)}
    while hidden and not _is_safe(rows, hidden, measures, fewest):
        shown = [place for place in range(len(rows)) if place not in hidden and any(rows[place][m] for m in measures)]
        if not shown:
            break
        # Of what is left the least is lost with the smallest.
        hidden.add(min(shown, key=lambda place: (sum(rows[place][m] or 0 for m in measures), place)))
    return [_without(row, measures) if place in hidden else row for place, row in enumerate(rows)]


def _is_small(row: Row, measures: Sequence[int], fewest: int) -> bool:
    return any(0 < (row[measure] or 0) < fewest for measure in measures)


def _is_safe(rows: Sequence[Row], hidden: set[int], measures: Sequence[int], fewest: int) -> bool:
    """Whether nothing of what is left out follows from the total; a measure that is nowhere small needs no shelter."""
    for measure in measures:
        left_out = [rows[place][measure] or 0 for place in hidden]
        small = [value for value in left_out if 0 < value < fewest]
        if small and (len(left_out) < 2 or sum(left_out) - (len(left_out) - 1) < fewest):
            return False
    return True


def _without(row: Row, measures: Sequence[int]) -> Row:
    return tuple(None if place in measures else value for place, value in enumerate(row))
