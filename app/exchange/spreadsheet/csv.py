"""Reading csv as people save it: any separator, quoted or not, UTF-8, UTF-16 or the Windows code page."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from app.errors import TooLarge
from app.exchange.spreadsheet.cells import Limits, Row, RowBuilder, Sheet, damaged

SEPARATORS = ";,\t|"
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
SAMPLE_LINES = 50


def csv_sheets(path: Path, limits: Limits) -> list[Sheet]:
    """The one sheet of a text file, named after the file."""
    encoding = find_encoding(path)
    separator, skip = _separator(path, encoding, limits)
    return [Sheet(path.stem, False, partial(_rows, path, encoding, separator, skip, limits))]


def find_encoding(path: Path) -> str:
    """The encoding: by its mark, else UTF-8 if all of it is, else Windows-1252, else Latin-1."""
    with path.open("rb") as file:
        start = file.read(4)
    for mark, encoding in MARKS:
        if start.startswith(mark):
            return encoding
    return next((encoding for encoding in ("utf-8", "cp1252") if _decodes(path, encoding)), "latin-1")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _separator(path: Path, encoding: str, limits: Limits) -> tuple[str, int]:
    """The separator and the number of lines to pass over (Excel's own first line `sep=;`)."""
    try:
        with path.open(encoding=encoding, newline="") as file:
            sample = [file.readline(limits.cell_characters * 8) for _ in range(SAMPLE_LINES)]
    except UnicodeError as error:
        raise damaged() from error
    if sample[0].lower().startswith("sep=") and len(sample[0].strip()) == 5:
        return sample[0][4], 1
    return max(SEPARATORS, key=lambda separator: _regularity(sample, separator)), 0


def _regularity(sample: list[str], separator: str) -> tuple[int, int]:
    """How many lines share the commonest number of cells above one, and that number."""
    rows = csv.reader((line for line in sample if line.strip()), delimiter=separator)
    try:
        widths = Counter(len(row) for row in rows)
    except csv.Error:
        return (0, 0)
    return max(((lines, width) for width, lines in widths.items() if width > 1), default=(0, 0))


def _rows(path: Path, encoding: str, separator: str, skip: int, limits: Limits) -> Iterator[Row]:
    builder = RowBuilder(limits)
    with path.open(encoding=encoding, newline="") as file:
        for _ in range(skip):
            file.readline()
        reader = csv.reader(file, delimiter=separator)
        try:
            for number, cells in enumerate(reader, start=1):
                for column, text in enumerate(cells):
                    builder.put(column, builder.text([text.strip()]))
                row = builder.take(number)
                if row is not None:
                    yield row
        except csv.Error as error:
            raise TooLarge("Een cel is te groot: staat er ergens een aanhalingsteken te veel?") from error
        except UnicodeError as error:
            raise damaged() from error
