"""The list again, each row where it was, with its V-code, outcome and reasons: to correct and to bring in once more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.exchange.imports.report import RESULTS, ImportReport, Result, RowOutcome
from app.exchange.spreadsheet.cells import Cell, Row
from app.exchange.spreadsheet.draft import WHOLE_ROW, CellProblem
from app.exchange.spreadsheet.headers import Recognition
from app.exchange.spreadsheet.write import Book, new_book, write_cell

SUFFIX = re.compile(r"-resultaat(?:-(\d+))?$")
MOST_COMMENTS = 5_000
COLUMNS = {"vCode": "", "uitkomst": "Uitkomst", "redenen": "Redenen", "beslissing": "Beslissing"}
WIDTHS = {"vCode": 11, "uitkomst": 14, "redenen": 70, "beslissing": 14}
COLOURS = {Result.REFUSED: "#F8CBAD", Result.REFERRED: "#FFE699"}
UNREAD = RowOutcome(0, Result.SKIPPED)


def outcome_path(path: Path) -> Path:
    """Beside the list: `lijst-resultaat.xlsx`; of that one `lijst-resultaat-2.xlsx`.

    >>> outcome_path(Path("lijst.csv")).name, outcome_path(Path("lijst-resultaat.xlsx")).name
    ('lijst-resultaat.xlsx', 'lijst-resultaat-2.xlsx')
    """
    found = SUFFIX.search(path.stem)
    if found is None:
        return path.with_name(f"{path.stem}-resultaat.xlsx")
    return path.with_name(f"{path.stem[: found.start()]}-resultaat-{int(found[1] or 1) + 1}.xlsx")


def write_outcome(report: ImportReport, source: Path, target: Path) -> None:
    """Write the list of `source` with its outcome to `target`, see `outcome_path`."""
    with new_book(target) as book:
        _Writer(book, report).write()
        _write_summary(book, report)
    # It holds the same personal values as the list itself, so the same people may read it.
    target.chmod(source.stat().st_mode & 0o777)


@dataclass
class _Writer:
    """Copies the list row by row, and writes beside each what became of it."""

    book: Book
    report: ImportReport
    _places: dict[str, int] = field(init=False)
    _marks: dict[Result, Any] = field(init=False)
    _comments: int = 0

    def __post_init__(self) -> None:
        self._places = places_of(self.report.recognition)
        self._marks = {result: self.book.workbook.add_format({"bg_color": c}) for result, c in COLOURS.items()}

    def write(self) -> None:
        found = self.report.recognition
        sheet = self.book.sheet(found.sheet.name or self.report.plural.capitalize())
        for key, column in self._places.items():
            sheet.set_column(column, column, WIDTHS[key], self.book.text)
        sheet.freeze_panes(found.header_row, 0)
        last = found.header_row
        for row, outcome in _together(found, self.report.outcomes()):
            if row.number == found.header_row:
                self._header(sheet, row)
            else:
                self._row(sheet, row, outcome)
            last = row.number
        sheet.autofilter(found.header_row - 1, 0, max(last, found.header_row) - 1, max(self._places.values()))

    def _header(self, sheet: Any, row: Row) -> None:
        for column, cell in enumerate(row.cells):
            write_cell(self.book, sheet, row.number - 1, column, cell, self.book.heading)
        for key, column in self._places.items():
            if column >= len(row.cells) or row.cells[column] is None:
                title = self.report.code_title if key == "vCode" else COLUMNS[key]
                sheet.write_string(row.number - 1, column, title, self.book.heading)

    def _row(self, sheet: Any, row: Row, outcome: RowOutcome) -> None:
        number = row.number - 1
        mark = self._marks.get(outcome.result)
        wrong = {problem.column: problem.message for problem in reversed(outcome.problems)}
        ours = self._ours(outcome) if row.number > self.report.recognition.header_row else {}
        for column, cell in enumerate(row.cells):
            if column not in ours:
                write_cell(self.book, sheet, number, column, cell, mark if column in wrong else None)
        for column, text in ours.items():
            if text:
                write_cell(self.book, sheet, number, column, text, mark if column == self._places["uitkomst"] else None)
        for column, message in wrong.items():
            if column != WHOLE_ROW:
                self._comment(sheet, number, column, message, row.cells, mark)

    def _comment(self, sheet: Any, number: int, column: int, message: str, cells: Sequence[Cell], mark: Any) -> None:
        if column >= len(cells) or cells[column] is None:
            sheet.write_blank(number, column, None, mark)
        if self._comments < MOST_COMMENTS:
            sheet.write_comment(number, column, message, {"author": "Verenigingsloket", "x_scale": 2})
            self._comments += 1

    def _ours(self, outcome: RowOutcome) -> dict[int, str]:
        """The texts of our own columns; a V-code that the clerk filled in stays, and so does the decision."""
        texts = {self._places["uitkomst"]: "" if outcome is UNREAD else str(outcome.result)}
        texts[self._places["redenen"]] = reasons(outcome, self.report.recognition)
        if outcome.code:
            texts[self._places["vCode"]] = outcome.code
        return texts


def places_of(found: Recognition) -> dict[str, int]:
    """Where our own columns stand: where the list has them, else behind its last column."""
    places: dict[str, int] = {}
    free = max(found.headers, default=-1) + 1
    for key in COLUMNS:
        at = found.index_of(key)
        places[key] = free if at is None else at
        free += at is None
    return places


def reasons(outcome: RowOutcome, found: Recognition) -> str:
    """Why a row ended as it did, and what else was noticed, each with the header of its column."""
    return " ".join(_told(problem, found) for problem in (*outcome.problems, *outcome.remarks))


def _told(problem: CellProblem, found: Recognition) -> str:
    header = found.headers.get(problem.column)
    return f"{header}: {problem.message}" if header else problem.message


def _together(found: Recognition, outcomes: Iterator[RowOutcome]) -> Iterator[tuple[Row, RowOutcome]]:
    """Each row of the list with its outcome; both come in the order of the list."""
    outcome = next(outcomes, UNREAD)
    for row in found.sheet.rows():
        if outcome.row == row.number:
            yield row, outcome
            outcome = next(outcomes, UNREAD)
        else:
            yield row, UNREAD


def _write_summary(book: Book, report: ImportReport) -> None:
    sheet = book.sheet("Overzicht")
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 100)
    lines: list[tuple[str, Cell]] = [("Lijst", report.path.name), ("Gemeente", report.municipality)]
    lines += [(result.capitalize(), report.counts[result]) for result in RESULTS]
    lines += [("Opmerking", remark) for remark in report.recognition.remarks]
    for number, (name, value) in enumerate(lines):
        write_cell(book, sheet, number, 0, name, book.heading)
        write_cell(book, sheet, number, 1, value)
