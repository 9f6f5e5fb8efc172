"""Reading ods (OpenDocument 1.3 part 3 §9) row by row, in memory that does not grow with the file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

from app.exchange.spreadsheet.cells import Cell, CellError, Limits, Row, RowBuilder, Sheet, damaged
from app.exchange.spreadsheet.xlsx import plain_number
from app.exchange.spreadsheet.zip import local_name, open_zip, parse, parse_all
from app.model.whole import whole_number

CONTENT = "content.xml"


def ods_sheets(path: Path, limits: Limits) -> list[Sheet]:
    """The sheets of a document, in order."""
    names = _Names()
    with open_zip(path, limits) as archive:
        parse_all(archive, CONTENT, names, limits)
    return [
        Sheet(name, style in names.hidden_styles, partial(_rows, path, place, limits))
        for place, (name, style) in enumerate(names.tables)
    ]


def _rows(path: Path, place: int, limits: Limits) -> Iterator[Row]:
    reader = _TableReader(place, limits)
    with open_zip(path, limits) as archive:
        for _ in parse(archive, CONTENT, reader, limits):
            for row, times in reader.done:
                yield from (Row(row.number + step, row.cells) for step in range(times))
            reader.done.clear()
            if reader.finished:
                return


class _Names:
    """Collects the tables and the styles that hide one; a table inside a table (a subtable) is none."""

    def __init__(self) -> None:
        self.tables: list[tuple[str, str]] = []
        self.hidden_styles: set[str] = set()
        self._style = ""
        self._depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = local_name(name)
        if name == "table":
            if self._depth == 0:
                self.tables.append((attributes.get("table:name", ""), attributes.get("table:style-name", "")))
            self._depth += 1
        elif name == "style":
            self._style = attributes.get("style:name", "")
        elif name == "table-properties" and attributes.get("table:display") == "false":
            self.hidden_styles.add(self._style)

    def data(self, text: str) -> None: ...

    def end(self, name: str) -> None:
        if local_name(name) == "table":
            self._depth -= 1


class _TableReader:
    """Turns one table into rows; notes on cells (`office:annotation`) are no part of their text."""

    def __init__(self, place: int, limits: Limits) -> None:
        self.done: list[tuple[Row, int]] = []
        self.finished = False
        self._limits = limits
        self._row = RowBuilder(limits)
        self._place, self._seen, self._depth, self._note, self._level = place, -1, 0, 0, 0
        self._number = self._column = 0
        self._repeat_row = self._repeat_cell = 1
        self._cell: dict[str, str] = {}
        self._parts: list[str] = []
        self._reading = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = local_name(name)
        self._level += 1
        if self._level > self._limits.depth:
            raise damaged()
        if name == "table":
            self._seen += self._depth == 0
            self._depth += 1
        if self._seen != self._place or self._note:
            self._note += bool(self._note) and name == "annotation"
            return
        if name in _CELLS:
            self._cell = attributes
            self._repeat_cell = _count(attributes.get("table:number-columns-repeated"))
        elif name == "p":
            if self._parts:
                self._parts.append("\n")
            self._reading = True
        elif name == "s":
            self._parts.append(" " * min(_count(attributes.get("text:c")), self._limits.cell_characters))
        elif name in _SPACES:
            self._parts.append(_SPACES[name])
        elif name == "table-row":
            self._column = 0
            self._repeat_row = _count(attributes.get("table:number-rows-repeated"))
        elif name == "annotation":
            self._note, self._reading = 1, False

    def data(self, text: str) -> None:
        if self._reading and not self._note and len(self._parts) <= self._limits.cell_parts:
            self._parts.append(text)

    def end(self, name: str) -> None:
        name = local_name(name)
        self._level -= 1
        if name == "annotation":
            self._note = max(0, self._note - 1)
        elif name == "table":
            self._depth -= 1
            self.finished = (self._seen == self._place and self._depth == 0) or self.finished
        if self._seen != self._place or self._note:
            return
        if name == "p":
            self._reading = False
        elif name in _CELLS:
            self._end_cell()
        elif name == "table-row":
            self._end_row()

    def _end_cell(self) -> None:
        value = _value(self._cell, self._row.text(self._parts))
        self._parts.clear()
        if value is not None and value != "":
            # Beyond the limit on columns the first `put` already refuses.
            for column in range(self._column, self._column + self._repeat_cell):
                self._row.put(column, value)
        self._column += self._repeat_cell

    def _end_row(self) -> None:
        row = self._row.take(self._number + 1, self._repeat_row)
        if row is not None:
            self.done.append((row, self._repeat_row))
        self._number += self._repeat_row


_CELLS = frozenset({"table-cell", "covered-table-cell"})
_SPACES = {"tab": "\t", "line-break": "\n"}


def _value(cell: dict[str, str], text: str) -> Cell:
    type = cell.get("office:value-type") or cell.get("calcext:value-type") or ""
    if cell.get("calcext:value-type") == "error":
        return CellError(text)
    if type in ("float", "currency", "percentage"):
        try:
            return plain_number(float(cell.get("office:value", "")))
        except ValueError:
            return text
    if type == "date":
        try:
            return date.fromisoformat(cell.get("office:date-value", "")[:10])
        except ValueError:
            return text
    if type == "boolean":
        return cell.get("office:boolean-value") == "true"
    return text or cell.get("office:string-value")


def _count(text: str | None) -> int:
    return max(1, whole_number(text) or 1)
