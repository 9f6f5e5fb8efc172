"""Associations as a list in the columns of the template: what everybody may see, and fit to be brought in again."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import chain
from pathlib import Path
from typing import Any

from app.errors import Refused
from app.exchange.spreadsheet.cells import Cell
from app.exchange.spreadsheet.columns import Column, Step, load_columns
from app.exchange.spreadsheet.draft import Document
from app.exchange.spreadsheet.kinds import field_of
from app.exchange.spreadsheet.write import FORMULA, new_book, write_cell
from app.model.codelists import CodeLists
from app.model.documents import to_document
from app.model.fields import EntityType, Secrecy
from app.model.graph import from_ntriples
from app.register.register import KIND, Register

PAGE = 500
WIDTH = 18


def export_associations(path: Path, register: Register, root: Path, municipality: str | None = None) -> int:
    """Write the public associations, of one municipality or of all, as xlsx or csv; answers how many."""
    wanted = public_columns(load_columns(root), register.tools.type)
    rows = (row_of(document, wanted, register.codelists) for document in _documents(register, municipality))
    writers = {".xlsx": write_xlsx, ".csv": _write_csv}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise Refused("Kies een xlsx- of een csv-bestand.")
    return writer(path, wanted, rows)


def public_columns(columns: Sequence[Column], type: EntityType) -> list[Column]:
    """The columns of the template whose field everybody may see, and the V-code."""
    fields = ((column, field_of(column, type)) for column in columns if column.in_template)
    return [c for c, found in fields if c.key == "vCode" or (found is not None and found.secrecy is Secrecy.PUBLIC)]


def row_of(document: Document, columns: Sequence[Column], codelists: CodeLists) -> list[Cell]:
    """The cells of one association."""
    return [_cell(document, column, codelists) for column in columns]


def _documents(register: Register, municipality: str | None) -> Iterator[Document]:
    home = register.codelists.known_municipality(municipality) if municipality else None
    type, after = register.tools.type, ""
    while page := register.log.entities(KIND, after, PAGE):
        for version in page:
            if version.public is None or version.operation == "delete":
                continue
            document = to_document(from_ntriples(version.public), type, version.entity)
            if home is None or home.iri in document.get("gemeente", ()):
                yield document
        after = page[-1].entity.rpartition("/")[2]


def _cell(document: Document, column: Column, codelists: CodeLists) -> Cell:
    if column.key == "vCode":
        return str(document["vCode"])
    if column.kind == "rechtsvorm":
        return _legal_form(document, codelists)
    found = list(_values(document, column.path, codelists))
    if not column.repeats:
        return _text(found[0], column, codelists) if found else None
    return "; ".join(str(_text(value, column, codelists)) for value in found) or None


def _values(node: Any, steps: tuple[Step, ...], codelists: CodeLists) -> Iterator[Any]:
    """All values at the end of a path."""
    if not steps:
        yield node
        return
    step, rest = steps[0], steps[1:]
    value = node.get(step.term)
    if value is None:
        return
    for item in value if isinstance(value, list) else [value]:
        if _selected(item, step, codelists):
            yield from _values(item, rest, codelists)


def _selected(item: Any, step: Step, codelists: CodeLists) -> bool:
    term, equals, notation = (step.selector or "").partition("=")
    if not equals:
        return True
    concept = codelists.find(term, notation)
    return concept is not None and item.get(term) == concept.iri


def _text(value: Any, column: Column, codelists: CodeLists) -> Cell:
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if column.kind == "begrippen":
        concept = codelists.concept(value)
        return concept.label if concept else value
    if column.kind == "datum":
        year, month, day = value.split("-")
        return f"{day}/{month}/{year}"
    return value if isinstance(value, int) else str(value)


def _legal_form(document: Document, codelists: CodeLists) -> str | None:
    """The subtype where it says more than the type does."""
    type = codelists.concept(document.get("verenigingstype", ""))
    subtype = codelists.concept(document.get("verenigingssubtype", ""))
    if type and subtype and codelists.find("verenigingstype", subtype.label) == type:
        return subtype.label
    return type.label if type else None


def write_xlsx(path: Path, columns: Sequence[Column], rows: Iterable[list[Cell]]) -> int:
    """Write the rows under the headers of the template; answers how many."""
    count = 0
    with new_book(path) as book:
        sheet = book.sheet("Verenigingen")
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(columns) - 1, WIDTH, book.text)
        for place, column in enumerate(columns):
            write_cell(book, sheet, 0, place, column.label, book.heading)
        for count, cells in enumerate(rows, start=1):
            for place, cell in enumerate(cells):
                write_cell(book, sheet, count, place, cell)
    return count


def _write_csv(path: Path, columns: Sequence[Column], rows: Iterable[list[Cell]]) -> int:
    count = -1
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        for count, line in enumerate(csv_lines(columns, rows)):  # noqa: B007
            file.write(line)
    return count


def csv_lines(columns: Sequence[Column], rows: Iterable[list[Cell]]) -> Iterator[str]:
    """The header and the rows, as the spreadsheet programs of this country read them."""
    return csv_rows([column.label for column in columns], rows)


def csv_rows(header: Sequence[Cell], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Any table with semicolons, and no cell that a spreadsheet program would run."""
    line = StringIO()
    writer = csv.writer(line, delimiter=";")
    for cells in chain([header], rows):
        writer.writerow([harmless(cell) for cell in cells])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def harmless(cell: Cell) -> Cell:
    """An apostrophe before what a spreadsheet program would run; a telephone number is no formula."""
    risky = isinstance(cell, str) and cell.startswith(FORMULA) and not cell[1:].replace(" ", "").isdigit()
    return f"'{cell}" if risky else cell
