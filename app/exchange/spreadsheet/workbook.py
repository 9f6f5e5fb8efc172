"""The frame of an xlsx workbook: which sheets there are, where they stand, and which cell styles are dates."""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass

from app.exchange.spreadsheet.cells import Limits, damaged
from app.exchange.spreadsheet.zip import local_name, parse_all
from app.model.whole import whole_number

OFFICE_DOCUMENT = "/officeDocument"
# ECMA-376 part 1 §18.8.30: the built-in number formats that show a date or a time.
BUILT_IN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


@dataclass(frozen=True)
class Workbook:
    """Sheets as (name, hidden, member of the zip), in order."""

    sheets: tuple[tuple[str, bool, str], ...]
    shared_strings: str | None
    date_styles: frozenset[int]
    epoch_1904: bool


def read_workbook(archive: zipfile.ZipFile, limits: Limits) -> Workbook:
    """Read the frame; the sheets themselves are left alone."""
    root = _relations(archive, "_rels/.rels", "", limits)
    main = next((target for kind, target in root.values() if kind.endswith(OFFICE_DOCUMENT)), None)
    if main is None:
        raise damaged()
    folder = posixpath.dirname(main)
    rels = posixpath.join(folder, "_rels", posixpath.basename(main) + ".rels")
    relations = _relations(archive, rels, folder, limits)
    book = _Book()
    parse_all(archive, main, book, limits)
    sheets = tuple((name, hidden, relations[id][1]) for name, hidden, id in book.sheets if _is_table(relations, id))
    dates = _dates(archive, _part(relations, "/styles"), limits)
    return Workbook(sheets, _part(relations, "/sharedStrings"), dates, book.epoch_1904)


def is_date_format(code: str) -> bool:
    """Whether a number format shows a date.

    >>> is_date_format('dd/mm/yyyy'), is_date_format('0.00 "dagen"'), is_date_format('[$-813]d mmmm yyyy')
    (True, False, True)
    """
    return any(letter in QUOTED.sub("", code).lower() for letter in "dmy")


def _is_table(relations: dict[str, tuple[str, str]], id: str) -> bool:
    return id in relations and relations[id][0].endswith("/worksheet")


def _part(relations: dict[str, tuple[str, str]], kind: str) -> str | None:
    return next((target for type, target in relations.values() if type.endswith(kind)), None)


def _relations(archive: zipfile.ZipFile, member: str, folder: str, limits: Limits) -> dict[str, tuple[str, str]]:
    reader = _Relations(folder)
    parse_all(archive, member, reader, limits)
    return reader.found


def _dates(archive: zipfile.ZipFile, member: str | None, limits: Limits) -> frozenset[int]:
    if member is None:
        return frozenset()
    styles = _Styles()
    parse_all(archive, member, styles, limits)
    return frozenset(index for index, format in enumerate(styles.formats) if styles.is_date(format))


class _Quiet:
    """A handler that has no use for text or for the end of elements."""

    def data(self, text: str) -> None: ...
    def end(self, name: str) -> None: ...


class _Relations(_Quiet):
    def __init__(self, folder: str) -> None:
        self._folder = folder
        self.found: dict[str, tuple[str, str]] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if local_name(name) == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/" + self._folder, attributes.get("Target", "")))
            self.found[attributes.get("Id", "")] = (attributes.get("Type", ""), target.lstrip("/"))


class _Book(_Quiet):
    def __init__(self) -> None:
        self.sheets: list[tuple[str, bool, str]] = []
        self.epoch_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = local_name(name)
        if local == "workbookPr":
            self.epoch_1904 = attributes.get("date1904") in ("1", "true")
        elif local == "sheet":
            id = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((attributes.get("name", ""), hidden, id))


class _Styles:
    """Collects the number format of each cell style (`cellXfs`) and the custom formats."""

    def __init__(self) -> None:
        self.formats: list[int] = []
        self._custom: dict[int, str] = {}
        self._inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = local_name(name)
        if local == "numFmt":
            self._custom[_number(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif local == "cellXfs":
            self._inside = True
        elif local == "xf" and self._inside:
            self.formats.append(_number(attributes.get("numFmtId")))

    def data(self, text: str) -> None: ...

    def end(self, name: str) -> None:
        if local_name(name) == "cellXfs":
            self._inside = False

    def is_date(self, format: int) -> bool:
        return is_date_format(self._custom[format]) if format in self._custom else format in BUILT_IN_DATES


def _number(text: str | None) -> int:
    return whole_number(text) or 0
