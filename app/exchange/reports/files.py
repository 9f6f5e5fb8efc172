"""The numbers of a report as files: for a spreadsheet, for a program, and for tools that read columns."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import orjson
import pyarrow
from pyarrow import parquet

from app.exchange.export_associations import csv_rows
from app.exchange.spreadsheet.write import new_book, write_cell
from app.register.reports.periods import Wanted
from app.register.reports.reporting import Answer

WIDTH = 22
BYTE_ORDER_MARK = "\ufeff"


def as_csv(answer: Answer) -> bytes:
    """With semicolons and the labels of the columns, as Excel opens it by itself here; what is left out is empty."""
    lines = csv_rows([column.label for column in answer.columns], answer.rows)
    return (BYTE_ORDER_MARK + "".join(lines)).encode()


def as_xlsx(answer: Answer) -> bytes:
    """A workbook: the numbers, and a sheet that says what they are and of when."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rapport.xlsx"
        with new_book(path) as book:
            sheet = book.sheet("Cijfers")
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(answer.columns) - 1, WIDTH)
            for place, column in enumerate(answer.columns):
                write_cell(book, sheet, 0, place, column.label, book.heading)
            for number, row in enumerate(answer.rows, 1):
                for place, cell in enumerate(row):
                    write_cell(book, sheet, number, place, cell)
            about = book.sheet("Uitleg")
            about.set_column(0, 1, 60)
            for number, (name, text) in enumerate(told(answer).items()):
                write_cell(book, about, number, 0, name, book.heading)
                write_cell(book, about, number, 1, str(text))
        return path.read_bytes()


def as_parquet(answer: Answer) -> bytes:
    """Columns with their types, and what they are in the metadata of the file."""
    types = [pyarrow.int64() if column.is_number else pyarrow.string() for column in answer.columns]
    fields = [
        pyarrow.field(column.name, type, metadata={"label": column.label})
        for column, type in zip(answer.columns, types, strict=True)
    ]
    schema = pyarrow.schema(fields, metadata={name: str(text) for name, text in told(answer).items()})
    columns = [
        pyarrow.array([_as(row[place], column.is_number) for row in answer.rows], type)
        for place, (column, type) in enumerate(zip(answer.columns, types, strict=True))
    ]
    file = io.BytesIO()
    parquet.write_table(pyarrow.Table.from_arrays(columns, schema=schema), file)
    return file.getvalue()


def as_json(answer: Answer) -> bytes:
    """The numbers with all that there is to say of them."""
    names = [column.name for column in answer.columns]
    columns = [{"naam": column.name, "soort": column.kind, "label": column.label} for column in answer.columns]
    rows = [dict(zip(names, row, strict=True)) for row in answer.rows]
    return orjson.dumps({**told(answer), "kolommen": columns, "rijen": rows}, option=orjson.OPT_INDENT_2)


def told(answer: Answer) -> dict[str, Any]:
    """What a report is, and of what and when."""
    figure = answer.figure
    return {
        "rapport": figure.name,
        "titel": figure.title,
        "uitleg": figure.explanation,
        **chosen(answer.wanted),
        "gemaakt": answer.made,
        "weggelaten": answer.left_out,
        **({"nietOpenbaar": answer.hidden} if answer.hidden else {}),
        figure.language: answer.question,
    }


def chosen(wanted: Wanted) -> dict[str, str]:
    """What was chosen, by the parameters of the address."""
    return {
        name: value
        for name, value in (
            ("gemeente", wanted.place.name if wanted.place else ""),
            ("activiteit", wanted.activity.label if wanted.activity else ""),
            ("soort", wanted.type.label if wanted.type else ""),
            ("van", wanted.first.isoformat() if wanted.first else ""),
            ("tot", wanted.last.isoformat() if wanted.last else ""),
        )
        if value
    }


def _as(value: Any, number: bool) -> Any:
    return value if number or value is None else str(value)


FORMATS: Mapping[str, tuple[str, str, Callable[[Answer], bytes]]] = {
    "csv": ("CSV", "text/csv; charset=utf-8", as_csv),
    "xlsx": ("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "parquet": ("Parquet", "application/vnd.apache.parquet", as_parquet),
    "json": ("JSON", "application/json", as_json),
}
"""By suffix: what people call it, its media type, and what writes it."""
