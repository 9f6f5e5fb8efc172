"""The building blocks as a picture: boxes and arrows around the loket, drawn from the same rows as the table beside it.

Coordinates only: colours and type are those of the style sheet, so that it follows dark screens and strong contrast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.exchange.blocks import IN, Health

BOX, GAP, MARGIN, HEAD = 44, 14, 10, 9
WIDE, SIDE, MIDDLE = 920, 260, 190
NARROW, INDENT = 340, 92


@dataclass(frozen=True)
class Box:
    """One block in the picture; `line` are the points of its arrow, in the direction in which things go."""

    x: int
    y: int
    width: int
    label: str
    tone: str
    line: str


@dataclass(frozen=True)
class Drawing:
    """The size, the box of the loket, and the boxes around it."""

    width: int
    height: int
    x: int
    y: int
    loket_width: int
    loket_height: int
    boxes: tuple[Box, ...]


def wide(rows: Sequence[Health]) -> Drawing:
    """What gives on the left, what gets on the right, the loket in between."""
    given = [row for row in rows if row.block.way == IN]
    got = [row for row in rows if row.block.way != IN]
    height = max(len(given), len(got), 1) * (BOX + GAP) - GAP + 2 * MARGIN
    x, right = (WIDE - MIDDLE) // 2, WIDE - SIDE - MARGIN
    left = [_box(row, MARGIN, y, SIDE, (MARGIN + SIDE, x)) for row, y in _down(given, height)]
    other = [_box(row, right, y, SIDE, (x + MIDDLE, right)) for row, y in _down(got, height)]
    return Drawing(WIDE, height, x, MARGIN, MIDDLE, height - 2 * MARGIN, (*left, *other))


def narrow(rows: Sequence[Health]) -> Drawing:
    """For a small screen: the loket as a bar on the left, all blocks under each other."""
    height = len(rows) * (BOX + GAP) - GAP + 2 * MARGIN
    bar = 40
    boxes = []
    for row, y in _down(rows, height):
        ends = (INDENT, MARGIN + bar) if row.block.way == IN else (MARGIN + bar, INDENT)
        boxes.append(_box(row, INDENT, y, NARROW - INDENT - MARGIN, ends))
    return Drawing(NARROW, height, MARGIN, MARGIN, bar, height - 2 * MARGIN, tuple(boxes))


def tone_of(row: Health) -> str:
    """Off, ill, or well."""
    if not row.connected:
        return "off"
    return "ill" if row.ill or row.failed else "well"


def _down(rows: Sequence[Health], height: int) -> list[tuple[Health, int]]:
    """Each with its top, the whole centred."""
    start = (height - (len(rows) * (BOX + GAP) - GAP)) // 2
    return [(row, start + number * (BOX + GAP)) for number, row in enumerate(rows)]


def _box(row: Health, x: int, y: int, width: int, ends: tuple[int, int]) -> Box:
    middle, (start, end) = y + BOX // 2, ends
    # The head of the arrow takes some room.
    end = end - HEAD if end > start else end + HEAD
    return Box(x, y, width, row.block.label, tone_of(row), f"M{start},{middle} L{end},{middle}")
