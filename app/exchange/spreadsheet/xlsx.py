"""Reading xlsx row by row, in memory that does not grow with the file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path

from app.exchange.spreadsheet.cells import Cell, CellError, Limits, Row, RowBuilder, Sheet, damaged
from app.exchange.spreadsheet.strings import SharedStrings, unescape
from app.exchange.spreadsheet.workbook import Workbook, read_workbook
from app.exchange.spreadsheet.zip import local_name, open_zip, parse
from app.model.whole import whole_number

# Excel counts 29 February 1900, a day that never was; so from 1 March 1900 on, day 0 is 30 December 1899.
EPOCH, EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
LAST_SERIAL = 2_958_465


def xlsx_sheets(path: Path, limits: Limits) -> list[Sheet]:
    """The sheets of a workbook, in order."""
    workbook = XlsxFile(path, limits)
    return [Sheet(name, hidden, partial(workbook.rows, member)) for name, hidden, member in workbook.frame.sheets]


class XlsxFile:
    """A workbook on disk; the strings that its sheets share are unpacked once."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path, self._limits = path, limits
        with open_zip(path, limits) as archive:
            self.frame = read_workbook(archive, limits)

    @cached_property
    def _strings(self) -> SharedStrings:
        with open_zip(self._path, self._limits) as archive:
            return SharedStrings(archive, self.frame.shared_strings, self._limits)

    def rows(self, member: str) -> Iterator[Row]:
        """The rows of one sheet, as they come out of the archive."""
        reader = _SheetReader(self._strings, self.frame, self._limits)
        with open_zip(self._path, self._limits) as archive:
            for _ in parse(archive, member, reader, self._limits):
                yield from reader.done
                reader.done.clear()


def serial_date(serial: float, epoch_1904: bool = False) -> date | None:
    """The day that a spreadsheet's serial number stands for.

    >>> serial_date(37012).isoformat()
    '2001-05-01'
    """
    if not 0 < serial <= LAST_SERIAL:
        return None
    return ((EPOCH_1904 if epoch_1904 else EPOCH) + timedelta(days=int(serial))).date()


class _SheetReader:
    """Turns the elements `row`, `c`, `v` and `t` into rows; formulas are passed over for their stored value.

    Called some ten times for each cell, so it does as little as it can until a cell with a value ends.
    """

    def __init__(self, strings: SharedStrings, workbook: Workbook, limits: Limits) -> None:
        self.done: list[Row] = []
        self._strings, self._workbook, self._limits = strings, workbook, limits
        self._row = RowBuilder(limits)
        self._columns: dict[str, int] = {}
        self._depth = self._number = 0
        self._column = -1
        self._cell: dict[str, str] | None = None
        self._parts: list[str] = []
        self._reading = self._phonetic = self._formula = False
        self._c = self._v = self._t = self._row_name = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == self._c:
            self._cell = attributes
        elif name == self._v or name == self._t:
            self._reading = not self._phonetic
        elif name == self._row_name:
            number = whole_number(attributes.get("r"))
            self._number = self._number + 1 if number is None else number
            self._column = -1
        else:
            self._start_other(name)
        self._depth += 1

    def _start_other(self, name: str) -> None:
        if self._depth == 0:
            prefix = name[: -len(local_name(name))]
            self._c, self._v, self._t, self._row_name = (prefix + local for local in ("c", "v", "t", "row"))
        if self._depth > self._limits.depth:
            raise damaged()
        local = local_name(name)
        self._formula = self._formula or local == "f"
        self._phonetic = self._phonetic or local == "rPh"

    def data(self, text: str) -> None:
        if self._reading and len(self._parts) <= self._limits.cell_parts:
            self._parts.append(text)

    def end(self, name: str) -> None:
        self._depth -= 1
        if name == self._v or name == self._t:
            self._reading = False
        elif name == self._c:
            self._end_cell()
        elif name == self._row_name:
            row = self._row.take(self._number)
            if row is not None:
                self.done.append(row)
        elif self._phonetic and local_name(name) == "rPh":
            self._phonetic = False

    def _end_cell(self) -> None:
        cell = self._cell or {}
        place = cell.get("r")
        self._column = self._column + 1 if place is None else self._index(place)
        if self._parts or self._formula:
            self._row.put(self._column, self._value(cell, self._row.text(self._parts)))
            self._parts.clear()
            self._formula = False

    def _value(self, cell: dict[str, str], text: str) -> Cell:
        type = cell.get("t", "n")
        if type == "s":
            place = whole_number(text)
            return None if place is None else self._strings[place]
        if type == "inlineStr" or type == "str":
            return unescape(text)
        if not text:
            # A program that writes formulas without their value leaves the reader nothing to go by.
            return CellError("formule zonder waarde")
        if type == "n":
            return self._number_value(text, cell.get("s", "0"))
        if type == "e":
            return CellError(text)
        return text.strip() in ("1", "true") if type == "b" else _iso_date(text)

    def _number_value(self, text: str, style: str) -> Cell:
        try:
            number = float(text)
        except ValueError:
            return text
        if whole_number(style) in self._workbook.date_styles:
            return serial_date(number, self._workbook.epoch_1904) or number
        return plain_number(number)

    def _index(self, place: str) -> int:
        letters = place.rstrip("0123456789")
        found = self._columns.get(letters)
        if found is None:
            found = self._columns[letters] = column_index(letters)
        return found


def plain_number(number: float) -> Cell:
    """A whole number as int; what is no number at all as an error.

    >>> plain_number(123456789.0), plain_number(1.5)
    (123456789, 1.5)
    """
    if number != number or number in (float("inf"), float("-inf")):
        return CellError("geen getal")
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def column_index(letters: str) -> int:
    """The place of a column from its letters.

    >>> column_index("A"), column_index("AB")
    (0, 27)
    """
    if not letters.isalpha() or not letters.isascii() or len(letters) > 4:
        raise damaged()
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def column_letters(index: int) -> str:
    """The letters of a column from its place.

    >>> column_letters(0), column_letters(27)
    ('A', 'AB')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _iso_date(text: str) -> Cell:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return text
