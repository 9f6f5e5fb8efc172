"""A process drawn as a picture, from its data: steps in rows, with arrows where one goes; the current one is marked.

The picture is SVG in the page, with a title and a description for who cannot see it; beside it stand the same steps in
words. Colours and line styles come from the style sheet, by class.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from app.register.dossiers.processes import END, Process, Step

WIDTH, HEIGHT, GAP, DROP, MARGIN = 176, 58, 24, 46, 40
LINE = 17
Place = tuple[float, float]


@dataclass(frozen=True)
class Way:
    """One arrow: from where to where, and whether it leads back."""

    start: Place
    end: Place
    back: bool
    lane: int


def process_picture(process: Process, here: str = "", name: str = "") -> Markup:
    """The SVG element; `here` is the key of the step that a dossier is in, `name` tells pictures on a page apart."""
    rows = _rows(process)
    places = _places(rows)
    width = max((len(row) for row in rows), default=1) * (WIDTH + GAP) - GAP + 2 * MARGIN
    height = len(rows) * (HEIGHT + DROP) - DROP + 8
    ways = list(_ways(process, places))
    parts = [_arrow(way, width) for way in ways]
    parts += [_box(step, places[step.key], step.key == here) for row in rows for step in row]
    head = (
        f'<svg class="process" viewBox="0 0 {width} {height}" width="{width}" role="img" '
        f'aria-labelledby="{name}proces-titel {name}proces-uitleg">'
        f'<title id="{name}proces-titel">{escape(process.name)}</title>'
        f'<desc id="{name}proces-uitleg">{escape(in_words(process, here))}</desc>'
        f'<defs><marker id="{name}pijl" class="process-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" '
        f'markerHeight="8" orient="auto-start-reverse"><path d="M0 0 8 4 0 8z"/></marker></defs>'
    )
    body = "".join(parts).replace("#pijl", f"#{name}pijl")
    return Markup(f"{head}{body}</svg>")


def in_words(process: Process, here: str = "") -> str:
    """The picture as a text."""
    names = {step.key: step.name for step in process.steps}
    told = []
    for step in process.steps:
        onward = ", ".join(names[key] for key in step.next if key in names)
        now = " (hier staat het dossier nu)" if step.key == here else ""
        told.append(f"{step.name}{now}" + (f": daarna {onward}" if onward else ""))
    return ". ".join(told) + "."


def _rows(process: Process) -> list[list[Step]]:
    """Steps by how far they are from the first; what ends things comes last in its row."""
    ranks = {process.first.key: 0} if process.steps else {}
    waiting = [process.first] if process.steps else []
    while waiting:
        step = waiting.pop(0)
        for key in step.next:
            onward = process.step(key)
            if onward is not None and key not in ranks:
                ranks[key] = ranks[step.key] + 1
                waiting.append(onward)
    last = max(ranks.values(), default=0) + 1
    rows: list[list[Step]] = [[] for _ in range(last + 1)]
    for step in process.steps:
        rows[ranks.get(step.key, last)].append(step)
    return [sorted(row, key=lambda step: step.kind == END) for row in rows if row]


def _places(rows: list[list[Step]]) -> dict[str, Place]:
    """The left upper corner of each box; rows stand in the middle."""
    widest = max((len(row) for row in rows), default=1) * (WIDTH + GAP) - GAP
    found: dict[str, Place] = {}
    for y, row in enumerate(rows):
        left = MARGIN + (widest - (len(row) * (WIDTH + GAP) - GAP)) / 2
        found |= {step.key: (left + x * (WIDTH + GAP), 4 + y * (HEIGHT + DROP)) for x, step in enumerate(row)}
    return found


def _ways(process: Process, places: dict[str, Place]) -> Iterator[Way]:
    backs = 0
    for step in process.steps:
        for key in step.next:
            if key not in places:
                continue
            start, end = places[step.key], places[key]
            back = end[1] <= start[1]
            backs += back
            yield Way(start, end, back, backs)


def _arrow(way: Way, width: float) -> str:
    (x1, y1), (x2, y2) = way.start, way.end
    if not way.back:
        left, right, turn = x1 + WIDTH / 2, x2 + WIDTH / 2, (y1 + HEIGHT + y2) / 2
        path = f"M{left:g} {y1 + HEIGHT:g}C{left:g} {turn:g} {right:g} {turn:g} {right:g} {y2 - 1:g}"
        return f'<path class="process-way" d="{path}" marker-end="url(#pijl)"/>'
    if y1 == y2:
        right, left = (x1, x2 + WIDTH) if x2 < x1 else (x1 + WIDTH, x2)
        path = f"M{right:g} {y1 + HEIGHT / 2:g}L{left:g} {y2 + HEIGHT / 2:g}"
    elif (x1 < width / 2 - WIDTH / 2) != (x2 < width / 2 - WIDTH / 2):
        # From one side to the other: between the boxes, never through one.
        left, right, turn = x1 + WIDTH * 0.75, x2 + WIDTH * 0.25, (y1 + y2 + HEIGHT) / 2
        path = f"M{left:g} {y1:g}C{left:g} {turn:g} {right:g} {turn:g} {right:g} {y2 + HEIGHT + 1:g}"
    else:
        lane = 8 + way.lane * 7 % (MARGIN - 8)
        side = lane if x1 + WIDTH / 2 < width / 2 else width - lane
        start, end = (x1, x2) if side < width / 2 else (x1 + WIDTH, x2 + WIDTH)
        path = f"M{start:g} {y1 + HEIGHT / 2:g}H{side:g}V{y2 + HEIGHT / 2:g}H{end:g}"
    return f'<path class="process-way process-back" d="{path}" marker-end="url(#pijl)"/>'


def _box(step: Step, place: Place, now: bool) -> str:
    x, y = place
    lines = _lines(step.name)
    first = y + HEIGHT / 2 + 5 - (len(lines) - 1) * 9
    text = "".join(
        f'<tspan x="{x + WIDTH / 2:g}" y="{first + number * 18:g}">{escape(line)}</tspan>'
        for number, line in enumerate(lines)
    )
    kinds = f"process-step process-{step.kind}{' process-now' if now else ''}"
    corner = HEIGHT / 2 if step.kind == END else 6
    box = f'<rect x="{x:g}" y="{y:g}" width="{WIDTH}" height="{HEIGHT}" rx="{corner:g}"/>'
    return f'<g class="{kinds}">{box}<text text-anchor="middle">{text}</text></g>'


def _lines(name: str) -> list[str]:
    """At most two lines that fit in a box."""
    lines = [""]
    for word in name.split():
        joined = f"{lines[-1]} {word}".strip()
        if len(joined) > LINE and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = joined
    short = lines[:2]
    return [line if len(line) <= LINE + 3 else line[: LINE + 2] + "…" for line in short]
