"""What is exported comes back as it was, and no spreadsheet program runs any of it."""

from __future__ import annotations

import csv
import tempfile
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from app.exchange.export_associations import csv_rows
from app.exchange.reports.powerbi import _lines
from app.exchange.spreadsheet.cells import Cell
from app.exchange.spreadsheet.read import read_rows
from app.exchange.spreadsheet.write import FORMULA, new_book, write_cell

SIGNS = st.characters(exclude_categories=["Cs", "Cc", "Cn"]) | st.sampled_from("=+-@;,|\"'\t\n&<>_x0041_")
TEXTS = st.text(SIGNS, max_size=30) | st.sampled_from(["=1+1", "+32 9 123", "@SUM(A1)", "-2", "_x0041_", "'a", "0012"])
# As a program keeps them: no blanks around, and an empty cell is no cell.
TIDY = TEXTS.map(str.strip).filter(lambda text: text != "")
NUMBERS = st.integers(-(10**14), 10**14) | st.floats(-1e9, 1e9, allow_nan=False).map(lambda number: round(number, 4))
DAYS = st.dates(date(1900, 3, 1), date(9999, 12, 31))
CELLS = st.one_of(TIDY, NUMBERS, DAYS, st.booleans())
FEW = settings(max_examples=60, deadline=None, derandomize=True)


@FEW
@given(st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=5))
def test_a_workbook_is_read_as_it_was_written(rows: list[list[Cell]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "lijst.xlsx")
        with new_book(path) as book:
            sheet = book.sheet("Lijst")
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    write_cell(book, sheet, number, column, cell)
        found = [list(row.cells) for row in read_rows(path)]
    assert found == rows
    assert [[type(cell) is bool for cell in row] for row in found] == [[type(cell) is bool for cell in r] for r in rows]


@FEW
@given(st.lists(st.lists(TEXTS, min_size=2, max_size=4), min_size=1, max_size=5))
def test_no_cell_of_a_csv_begins_a_formula_and_all_is_still_there(rows: list[list[str]]) -> None:
    for lines, separator in ((csv_rows(["kop"], rows), ";"), (_lines([("kop",)], rows), ",")):
        text = "".join(lines).removeprefix("\ufeff")
        _, *read = csv.reader(text.splitlines(keepends=True), delimiter=separator)
        for row, original in zip(read, rows, strict=True):
            for cell, text in zip(row, original, strict=True):
                assert cell in (text, f"'{text}")
                assert not cell.startswith(FORMULA) or cell[1:].replace(" ", "").isdigit(), cell
