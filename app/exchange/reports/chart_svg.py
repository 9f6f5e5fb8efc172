"""Charts as SVG that stands in a page: its colours and type come from the style sheet of the page, its size from where
it stands, and it needs neither script nor inline style, so that the strictest policy lets it through.

    draw(answer)        # Markup, or None where there is nothing to draw

Lengths across are percentages, so that a chart is as wide as its place while its letters stay as large as the text
around it; a picture that scales as a whole would be unreadable on a telephone. Libraries that draw (pygal, Altair with
vl-convert) write their own type, colours and inline style into a picture of a fixed size: none does this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap
from typing import Any

from markupsafe import Markup, escape

from app.model.figures import BARS, LINE, STACKED
from app.model.wording import MONTHS

MOST_BARS, LONGEST_LABEL = 10, 48
ROW, BAR, ROOM = 46, 14, 26
# Beside so many letters a number finds its place on the narrowest telephone; what is longer takes another line.
WIDEST, LINE_HEIGHT = 28, 20
# So many hundredths of its place a bar takes at least: one among thousands is seen as well.
LEAST = 0.8
HIGH, ABOVE, BELOW = 220, 24, 30
YEARS, MONTHS_APART, MANY, MOST_POINTS = 5, 3, 40, 60
SHORT_MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")


@dataclass(frozen=True)
class Series:
    """One row of numbers, by the label of each."""

    label: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Drawing:
    """What is drawn: a title, what each number is of, and the numbers; `rest` of them found no place."""

    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    rest: int = 0


def drawing_of(answer: Any) -> Drawing | None:
    """What of an answer is drawn; what was left out is not."""
    figure = answer.figure
    if not figure.drawn:
        return None
    axis, *measures = figure.drawn
    places = [answer.place_of(name) for name in measures]
    rows = [row for row in answer.rows if all(row[place] is not None for place in places)]
    if figure.picture != LINE:
        rows = [row for row in rows if any(row[place] for place in places)]
        rows.sort(key=lambda row: -row[places[0]]) if figure.picture == BARS and axis != "groep" else None
    kept = rows[-MOST_POINTS:] if figure.picture == LINE else rows[:MOST_BARS]
    if not kept:
        return None
    kind, place = figure.column(axis).kind, answer.place_of(axis)
    labels = tuple(said(row[place], kind) for row in kept)
    series = tuple(
        Series(figure.column(name).label, tuple(row[column] for row in kept))
        for name, column in zip(measures, places, strict=True)
    )
    return Drawing(figure.title, labels, series, len(rows) - len(kept))


def draw(answer: Any) -> Markup | None:
    """The chart of an answer."""
    drawing = drawing_of(answer)
    return PICTURES[answer.figure.picture](drawing) if drawing else None


def said(value: Any, kind: str) -> str:
    """A label as people read it.

    >>> said("2026-03", "maand"), said(None, "tekst")
    ('maart 2026', '(niet ingevuld)')
    """
    if value in (None, ""):
        return "(niet ingevuld)"
    if kind == "maand":
        year, _, month = str(value).partition("-")
        return f"{MONTHS[int(month) - 1]} {year}"
    return str(value)


def bars(drawing: Drawing) -> Markup:
    """A bar for each label, one series after the other along it; every bar says how much it is."""
    most = max(sum(series.values[place] for series in drawing.series) for place in range(len(drawing.labels))) or 1
    parts, top = [], 0
    for place, label in enumerate(drawing.labels):
        lines = wrap(_short(label), WIDEST) or [""]
        for number, line in enumerate(lines):
            parts.append(
                f'<text class="grafiek-naam" x="0" y="{top + 16 + number * LINE_HEIGHT}">{escape(line)}</text>'
            )
        top += (len(lines) - 1) * LINE_HEIGHT
        parts += _bar(drawing, place, most, top)
        top += ROW
    return _svg(drawing, top, parts)


def _bar(drawing: Drawing, place: int, most: float, top: int) -> Iterator[str]:
    total = sum(series.values[place] for series in drawing.series)
    yield f'<text class="grafiek-getal" x="100%" y="{top + 16}" text-anchor="end">{_number(total)}</text>'
    yield f'<rect class="grafiek-baan" x="0" y="{top + ROOM}" width="100%" height="{BAR}" rx="3"/>'
    at = 0.0
    for number, series in enumerate(drawing.series, 1):
        width = max(100 * series.values[place] / most, LEAST if series.values[place] else 0)
        size = f'x="{at:.2f}%" y="{top + ROOM}" width="{width:.2f}%" height="{BAR}"'
        yield f'<rect class="reeks-{number}" {size} rx="3"/>'
        at += width


def lines(drawing: Drawing) -> Markup:
    """A line for each series through time, with a mark at each number."""
    most = _round_up(max(max(series.values) for series in drawing.series))
    parts = [*_grid(most), *_times(drawing.labels)]
    for number, series in enumerate(drawing.series, 1):
        parts += _line(drawing, series, number, most)
    return _svg(drawing, ABOVE + HIGH + BELOW, parts)


def _grid(most: float) -> Iterator[str]:
    for step in (0, 0.5, 1):
        y = _height(most * step, most)
        yield f'<line class="grafiek-raster" x1="0" x2="100%" y1="{y}" y2="{y}"/>'
        if most * step == int(most * step):
            yield f'<text class="grafiek-as" x="0" y="{y - 5}">{_number(most * step)}</text>'


def _times(labels: Sequence[str]) -> Iterator[str]:
    """So many labels that they stay apart in a narrow place, with as many moments between each two."""
    count = len(labels)
    most = MONTHS_APART if " " in labels[0] else YEARS
    for place in range(0, count, -(-count // most)):
        anchor = "start" if place == 0 else "end" if place == count - 1 else "middle"
        anchor = "middle" if count == 1 else anchor
        text, x = _brief(labels[place]), _across(place, count)
        yield f'<text class="grafiek-as" x="{x}%" y="{ABOVE + HIGH + 20}" text-anchor="{anchor}">{escape(text)}</text>'


def _line(drawing: Drawing, series: Series, number: int, most: float) -> Iterator[str]:
    count = len(series.values)
    points = [(_across(place, count), _height(value, most)) for place, value in enumerate(series.values)]
    for (x1, y1), (x2, y2) in pairwise(points):
        yield f'<line class="lijn-{number}" x1="{x1}%" y1="{y1}" x2="{x2}%" y2="{y2}"/>'
    radius = 4 if count <= MANY else 2
    for x, y in points:
        yield f'<circle class="reeks-{number}" cx="{x}%" cy="{y}" r="{radius}"/>'


def _across(place: int, count: int) -> float:
    """Where a point stands, with room for its mark at both ends."""
    return 50.0 if count == 1 else round(2 + 96 * place / (count - 1), 2)


def _height(value: float, most: float) -> float:
    return round(ABOVE + HIGH * (1 - value / most), 1)


def _round_up(value: float) -> float:
    """
    >>> [_round_up(each) for each in (0, 7, 43, 1820)]
    [1, 8, 50, 2000]
    """
    if value <= 0:
        return 1
    ten: int = 10 ** (len(str(int(value))) - 1)
    return next(step for step in (n * ten for n in (1, 2, 3, 4, 5, 6, 8, 10)) if step >= value)


def _svg(drawing: Drawing, height: int, parts: Sequence[str]) -> Markup:
    told = ", ".join(series.label.lower() for series in drawing.series)
    about = f"{drawing.title}: {told}. De tabel hieronder heeft dezelfde cijfers."
    return Markup(
        f'<svg class="grafiek" role="img" aria-label="{escape(about)}" width="100%" height="{height}" '
        f'xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
    )


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"


def _brief(label: str) -> str:
    """A month as it fits under an axis.

    >>> _brief("maart 2026"), _brief("1987")
    ('mrt 2026', '1987')
    """
    month, _, year = label.partition(" ")
    return f"{SHORT_MONTHS[MONTHS.index(month)]} {year}" if month in MONTHS else label


def _number(value: float) -> str:
    return f"{int(value):,}".replace(",", ".")


PICTURES: Mapping[str, Callable[[Drawing], Markup]] = {BARS: bars, STACKED: bars, LINE: lines}
