"""What every spreadsheet format is read into: sheets of numbered rows of plain values, within limits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from app.errors import Refused, TooLarge


@dataclass(frozen=True)
class CellError:
    """A cell in which the spreadsheet program itself shows an error, such as `#N/B`."""

    code: str


LONG_TEXT, LONG_BLANK = 1000, re.compile(r"\s{20,}")
Cell = str | int | float | bool | date | CellError | None


@dataclass(frozen=True)
class Row:
    """One row as a clerk sees it: `number` is the one in the margin; empty cells at the end are left out."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    """One sheet; `rows` may be called again and reads from the file each time."""

    name: str
    hidden: bool
    rows: Callable[[], Iterator[Row]]


@dataclass(frozen=True)
class Limits:
    """What a file may ask of the machine; a real list of 100,000 associations stays far below each."""

    file_bytes: int = 256 * 2**20
    unpacked_bytes: int = 2**30
    members: int = 10_000
    columns: int = 1_000
    rows: int = 1_048_576
    cell_characters: int = 32_767
    cell_parts: int = 2_000
    depth: int = 200
    silent_bytes: int = 2**20


def damaged() -> Refused:
    """The refusal of a file that cannot be read as what it seems to be."""
    return Refused("Het bestand is beschadigd of beveiligd: open het in uw rekenblad en bewaar het opnieuw.")


class RowBuilder:
    """Collects the cells of one row at a time and keeps them within the limits."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._cells: list[Cell] = []
        self._filled = 0

    def put(self, column: int, value: Cell) -> None:
        """Set the cell at `column` (from 0); an empty one leaves no trace."""
        if value is None or value == "":
            return
        if column >= self._limits.columns:
            raise TooLarge(f"Het bestand heeft meer dan {self._limits.columns} kolommen.")
        cells = self._cells
        if column >= len(cells):
            cells.extend([None] * (column - len(cells)))
            cells.append(value)
        else:
            cells[column] = value

    def take(self, number: int, times: int = 1) -> Row | None:
        """The finished row, which the file holds so many `times`; None when nothing stands in it."""
        if not self._cells:
            return None
        self._filled += times
        if self._filled > self._limits.rows:
            raise TooLarge(f"Het bestand heeft meer dan {self._limits.rows} rijen: splits het op.")
        row = Row(number, tuple(self._cells))
        self._cells = []
        return row

    def text(self, parts: list[str]) -> str:
        """The text of a cell from its parts; one that no spreadsheet program could hold is refused."""
        text = "".join(parts)
        if len(text) > self._limits.cell_characters:
            raise TooLarge(f"Een cel heeft meer dan {self._limits.cell_characters} tekens.")
        # What looks for words between blanks takes the square of their number in steps.
        return LONG_BLANK.sub(_short, text) if len(text) > LONG_TEXT else text


def _short(blank: re.Match[str]) -> str:
    return "\n\n" if "\n" in blank[0] else " "
