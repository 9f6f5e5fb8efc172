"""A list as a clerk sees and corrects it in the browser: what each column is, and single cells.

    corrected = correct(path, found, Corrections({(7, 3): "9000"}, {4: "email"}), columns)    # bytes of a workbook

A column is corrected by its header: the list stays a list that says by itself what it holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from app.exchange.spreadsheet.cells import Cell, Row
from app.exchange.spreadsheet.columns import Column
from app.exchange.spreadsheet.headers import Recognition
from app.exchange.spreadsheet.titles import Headers
from app.exchange.spreadsheet.write import new_book, write_cell

# Our own words about a row: to read, not to correct.
OURS = frozenset({"uitkomst", "redenen"})
NOT_TAKEN = "Niet overnemen"


@dataclass(frozen=True)
class Corrections:
    """Texts by row number and column, and by column what it is: the key of one, or "" for none."""

    cells: Mapping[tuple[int, int], str] = field(default_factory=dict, repr=False)
    columns: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Heading:
    """One column of a list as it is shown: `key` is what it is taken for, "" when it is not known."""

    index: int
    header: str
    key: str
    label: str
    examples: tuple[str, ...] = field(repr=False)


def headings(found: Recognition, examples: int = 3) -> list[Heading]:
    """The columns of a list, each with the first values in it; our own words about its rows are left out."""
    bound = {binding.index: binding.column for binding in found.bindings}
    rows = [row for row in islice(found.sheet.rows(), found.header_row + 20) if row.number > found.header_row]
    return [
        Heading(index, header, bound[index].key if index in bound else "", bound[index].label if index in bound else "",
                tuple(islice(_values(rows, index), examples)))
        for index, header in found.headers.items()
        if index not in bound or bound[index].key not in OURS
    ]  # fmt: skip


def rows_of(found: Recognition, wanted: Sequence[int]) -> dict[int, Row]:
    """Rows of a list by their numbers."""
    numbers = frozenset(wanted)
    return {row.number: row for row in found.sheet.rows() if row.number in numbers} if numbers else {}


def correct(path: Path, found: Recognition, corrections: Corrections, columns: Sequence[Column]) -> bytes:
    """The recognised sheet of a list as a workbook, with these corrections; each row stays where it was."""
    cells = {**corrections.cells, **_titles(found, corrections.columns, columns)}
    target = path.with_name(f"verbeterd-{path.stem}.xlsx")
    with new_book(target) as book:
        sheet = book.sheet(found.sheet.name or "Lijst")
        for row in found.sheet.rows():
            for column, cell in enumerate(_corrected(row, cells)):
                write_cell(book, sheet, row.number - 1, column, cell)
    return target.read_bytes()


def shown(cell: Cell) -> str:
    """A cell as text to read and to change."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "ja" if cell else "nee"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(getattr(cell, "code", cell))


def title_of(column: Column, known: Headers) -> str:
    """A header that means this column and no other."""
    group = (column.group.label, *sorted(column.group.titles))
    tried = (column.label, *(f"{title} {column.label}" for title in group), *sorted(column.titles))
    sure = (title for title in tried if [each.column.key for each in known.exact(title)] == [column.key])
    return next(sure, column.label)


def _titles(found: Recognition, wanted: Mapping[int, str], columns: Sequence[Column]) -> dict[tuple[int, int], str]:
    known, by_key = Headers(columns), {column.key: column for column in columns}
    bound = {binding.index: binding.column.key for binding in found.bindings}
    titles = {}
    for index, key in wanted.items():
        if key == bound.get(index, "") or index not in found.headers:
            continue
        header = found.headers[index]
        titles[found.header_row, index] = title_of(by_key[key], known) if key in by_key else f"{NOT_TAKEN}: {header}"
    return titles


def _corrected(row: Row, cells: Mapping[tuple[int, int], str]) -> list[Cell]:
    own = {column: text for (number, column), text in cells.items() if number == row.number}
    width = max(len(row.cells), max(own, default=-1) + 1)
    before = [*row.cells, *([None] * (width - len(row.cells)))]
    return [_new(cell, own[index]) if index in own else cell for index, cell in enumerate(before)]


def _new(before: Cell, text: str) -> Cell:
    """What was not changed stays the number or date that it was."""
    return before if shown(before) == text else text or None


def _values(rows: Sequence[Row], index: int) -> Iterator[str]:
    for row in rows:
        if index < len(row.cells) and (text := shown(row.cells[index])):
            yield text
