"""What a figure is asked about: where, what and when, and the months and years between two days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from app.model.codelists import Concept, Municipality
from app.model.figures import AHEAD, BEHIND, Figure


@dataclass(frozen=True)
class Wanted:
    """About where, what and when; what is None is left open."""

    place: Municipality | None = None
    activity: Concept | None = None
    type: Concept | None = None
    first: date | None = None
    last: date | None = None


def settled(figure: Figure, wanted: Wanted, today: date, whole: bool) -> Wanted:
    """What is asked, with the period of the figure where none was given, and without what the figure does not know.

    What may show people is answered to everybody about all of Flanders alone, and over the last twelve months that are
    complete: who could ask for parts could take one from another. A figure by year counts whole years.
    """
    if figure.personal and not whole:
        return Wanted(first=month(today, -12), last=month(today, 0) - timedelta(days=1))
    known = figure.parameters
    first, last = (wanted.first, wanted.last) if "van" in known else (None, None)
    if figure.period == BEHIND:
        first, last = first or month(today, -11), last or today
    elif figure.period == AHEAD:
        first, last = first or today, last or month(today, 13) - timedelta(days=1)
    if figure.columns[0].kind == "jaar":
        first, last = first and first.replace(month=1, day=1), last and last.replace(month=12, day=31)
    kept = {"place": "gemeente", "activity": "activiteit", "type": "soort"}
    dropped = {name: None for name, parameter in kept.items() if parameter not in known}
    return replace(wanted, first=first, last=last, **dropped)


def without_gaps(rows: Sequence[dict[str, Any]], figure: Figure, wanted: Wanted) -> Iterator[dict[str, Any]]:
    """The rows, with a row of zeroes for each month or year that has none: of the period that was asked, else of those
    between the first and the last."""
    axis = figure.columns[0]
    if axis.kind not in ("maand", "jaar") or not rows:
        yield from rows
        return
    known = {str(row[axis.name]): row for row in rows}
    zeroes = {column.name: 0 for column in figure.measures}
    length = len(min(known))
    first = wanted.first.isoformat()[:length] if wanted.first else min(known)
    last = wanted.last.isoformat()[:length] if wanted.last else max(known)
    for moment in _between(min(first, *known), max(last, *known), axis.kind):
        yield {**zeroes, **known.get(moment, {}), axis.name: moment}


def month(day: date, more: int) -> date:
    """The first day of the month that is so many further.

    >>> month(date(2026, 11, 26), -11), month(date(2026, 11, 26), 2)
    (datetime.date(2025, 12, 1), datetime.date(2027, 1, 1))
    """
    months = day.year * 12 + day.month - 1 + more
    return date(months // 12, months % 12 + 1, 1)


def _between(first: str, last: str, kind: str) -> Iterator[str]:
    if kind == "jaar":
        yield from (str(year) for year in range(int(first), int(last) + 1))
        return
    moment = date.fromisoformat(f"{first}-01")
    while moment.isoformat()[:7] <= last:
        yield moment.isoformat()[:7]
        moment = month(moment, 1)
