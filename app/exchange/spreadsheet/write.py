"""Writing xlsx so that nothing in a cell ever runs: a text that looks like a formula stays the text it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from app.exchange.spreadsheet.cells import Cell, CellError

# What a spreadsheet program takes for the beginning of a formula, in a csv made of this file too:
# https://owasp.org/www-community/attacks/CSV_Injection
FORMULA = ("=", "+", "-", "@", "\t", "\r")
MOST_CHARACTERS = 32_767


@dataclass(frozen=True)
class Book:
    """A workbook being written, with the formats in use."""

    workbook: Any
    heading: Any
    text: Any
    quoted: Any
    day: Any

    def sheet(self, name: str) -> Any:
        """A new sheet; a name that is too long for Excel is cut."""
        return self.workbook.add_worksheet(name[:31])


@contextmanager
def new_book(path: Path) -> Iterator[Book]:
    """Write a workbook, in the place of what was there only when it is complete; rows have to come in order."""
    part = path.with_name(f".{path.name}.part")
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook = xlsxwriter.Workbook(str(part), options)
    try:
        yield Book(
            workbook,
            heading=workbook.add_format({"bold": True, "bg_color": "#E8EBEE", "text_wrap": True, "valign": "top"}),
            text=workbook.add_format({"num_format": "@"}),
            quoted=workbook.add_format({"num_format": "@", "quote_prefix": True}),
            day=workbook.add_format({"num_format": "dd/mm/yyyy"}),
        )
        workbook.close()
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_cell(book: Book, sheet: Any, row: int, column: int, cell: Cell, format: Any = None) -> None:
    """Write a cell as what it was read as."""
    if cell is None:
        return
    if isinstance(cell, str):
        quoted = cell.startswith(FORMULA)
        sheet.write_string(row, column, cell[:MOST_CHARACTERS], format or (book.quoted if quoted else book.text))
    elif isinstance(cell, bool):
        sheet.write_boolean(row, column, cell, format)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, format or book.day)
    elif isinstance(cell, CellError):
        sheet.write_string(row, column, cell.code, format)
    else:
        sheet.write_number(row, column, cell, format)
