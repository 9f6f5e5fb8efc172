"""The empty list for a municipality to fill in: headers with an explanation, choices to pick from, and an example."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.errors import Refused
from app.exchange.spreadsheet.columns import DEFAULT_KIND, Column, load_columns
from app.exchange.spreadsheet.kinds import field_of
from app.exchange.spreadsheet.write import Book, new_book, write_cell
from app.exchange.spreadsheet.xlsx import column_letters
from app.model.codelists import CodeLists
from app.model.fields import EntityType, Secrecy
from app.register.register import Tools

ROWS = 10_000
WIDTH = 18
# Nobody finds a name in a longer list.
MOST_CHOICES = 600
YES_OR_NO = ("ja", "nee")


def write_template(path: Path, tools: Tools, root: Path, kind: str = "vereniging") -> None:
    """Write the template as xlsx, or just its headers as csv; `root` holds the ontology."""
    type, codelists = tools.schema.entity_types[kind], tools.codelists
    wanted = [column for column in load_columns(root, type.plural) if column.in_template]
    if path.suffix.lower() == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file, delimiter=";").writerow([column.label for column in wanted])
        return
    if path.suffix.lower() != ".xlsx":
        raise Refused("Een sjabloon is een xlsx- of een csv-bestand.")
    with new_book(path) as book:
        sheet = book.sheet(type.plural.capitalize())
        _write_explanation(book, wanted, type)
        _write_example(book, wanted)
        choices = _write_choices(book, wanted, type, codelists)
        _write_headers(book, sheet, wanted, choices)


def _write_headers(book: Book, sheet: Any, columns: Sequence[Column], choices: dict[str, str]) -> None:
    sheet.freeze_panes(1, 1)
    for place, column in enumerate(columns):
        # As text, or the spreadsheet program takes the leading zero off a number and turns 6-12 into a date.
        sheet.set_column(place, place, WIDTH, book.text)
        write_cell(book, sheet, 0, place, column.label, book.heading)
        sheet.write_comment(0, place, _explain(column), {"x_scale": 2, "author": "Verenigingsloket"})
        if column.key in choices:
            sheet.data_validation(1, place, ROWS, place, _validation(column, choices[column.key]))


def _validation(column: Column, source: str) -> dict[str, Any]:
    """A list to pick from; where a cell may hold several, or a name that we also know, typing goes on being allowed."""
    return {
        "validate": "list",
        "source": source,
        "error_type": "warning",
        "show_error": column.separator is None and column.kind != "gemeente",
        "error_title": column.label,
        "error_message": "Deze waarde staat niet in de lijst.",
        "input_title": column.label[:32],
        "input_message": column.help[:255],
    }


def _write_explanation(book: Book, columns: Sequence[Column], type: EntityType) -> None:
    sheet = book.sheet("Uitleg")
    for place, (title, width) in enumerate((("Kolom", 38), ("Uitleg", 90), ("Voorbeeld", 34), ("Wie ziet dit?", 16))):
        sheet.set_column(place, place, width)
        write_cell(book, sheet, 0, place, title, book.heading)
    for row, column in enumerate(columns, start=1):
        secrecy = _secrecy(column, type)
        seen = "" if secrecy is None else "iedereen" if secrecy is Secrecy.PUBLIC else "enkel de overheid"
        label = f"{column.label} (verplicht)" if column.required else column.label
        for place, text in enumerate((label, column.help, column.example, seen)):
            write_cell(book, sheet, row, place, text)


def _secrecy(column: Column, type: EntityType) -> Secrecy | None:
    found = field_of(column, type)
    return found.secrecy if found else None


def _write_example(book: Book, columns: Sequence[Column]) -> None:
    sheet = book.sheet("Voorbeeld")
    for place, column in enumerate(columns):
        sheet.set_column(place, place, WIDTH)
        write_cell(book, sheet, 0, place, column.label, book.heading)
    for place, column in enumerate(columns):
        write_cell(book, sheet, 1, place, column.example if column.path else None)


def _write_choices(book: Book, columns: Sequence[Column], type: EntityType, codelists: CodeLists) -> dict[str, str]:
    """One column of the sheet Lijsten for each list; answers the range by column key."""
    lists: dict[tuple[str, ...], list[str]] = {}
    for column in columns:
        if choices := _choices(column, type, codelists):
            lists.setdefault(choices, []).append(column.key)
    sheet = book.sheet("Lijsten")
    ranges: dict[str, str] = {}
    for place, (choices, keys) in enumerate(lists.items()):
        sheet.set_column(place, place, 40)
        letters = column_letters(place)
        ranges |= dict.fromkeys(keys, f"=Lijsten!${letters}$1:${letters}${len(choices)}")
    for row in range(max(map(len, lists), default=0)):
        for place, choices in enumerate(lists):
            write_cell(book, sheet, row, place, choices[row] if row < len(choices) else None)
    return ranges


def _choices(column: Column, type: EntityType, codelists: CodeLists) -> tuple[str, ...]:
    if column.kind == "ja of nee":
        return YES_OR_NO
    if column.kind == "gemeente":
        return tuple(sorted(one.name for one in codelists.municipalities.all))
    if column.kind == "rechtsvorm":
        return legal_forms(codelists)
    found = field_of(column, type)
    if column.kind in ("begrippen", DEFAULT_KIND) and found is not None and found.scheme is not None:
        concepts = [each for each in codelists.concepts(found.scheme.value) if not each.deprecated]
        return tuple(concept.label for concept in concepts) if len(concepts) <= MOST_CHOICES else ()
    return ()


def legal_forms(codelists: CodeLists) -> tuple[str, ...]:
    """What can stand in the column of legal forms: the types, and the subtypes of those without legal personality."""
    types = [concept.label for concept in codelists.concepts("verenigingstype")]
    subtypes = [c.label for c in codelists.concepts("verenigingssubtype") if codelists.find("verenigingstype", c.label)]
    return tuple(dict.fromkeys((*types, *subtypes)))


def _explain(column: Column) -> str:
    example = f"\nVoorbeeld: {column.example}" if column.example else ""
    return f"{column.help}{example}"
