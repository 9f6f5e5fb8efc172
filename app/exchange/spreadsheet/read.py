"""Reading a spreadsheet of any kind; what it is follows from its content, not from its name."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

from app.errors import Refused, TooLarge
from app.exchange.spreadsheet.cells import Limits, Row, Sheet, damaged
from app.exchange.spreadsheet.csv import csv_sheets
from app.exchange.spreadsheet.ods import ods_sheets
from app.exchange.spreadsheet.xlsx import xlsx_sheets

ZIP = b"PK\x03\x04"
OLE = bytes.fromhex("D0CF11E0A1B11AE1")


def read_sheets(path: Path, limits: Limits | None = None) -> list[Sheet]:
    """The sheets of an xlsx, ods or csv file; raises Refused or TooLarge with a sentence for the clerk."""
    limits = limits or Limits()
    if not path.is_file():
        raise Refused("Het bestand bestaat niet.")
    if path.stat().st_size > limits.file_bytes:
        raise TooLarge("Het bestand is te groot: splits het op.")
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(OLE):
        raise Refused("Het bestand is een oud xls-bestand of heeft een wachtwoord: bewaar het als gewoon xlsx-bestand.")
    if start.startswith(ZIP):
        return _zipped(path, limits)
    if b"\0" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused("Het bestand is geen rekenblad: gebruik xlsx, ods of csv.")
    return csv_sheets(path, limits)


def read_rows(path: Path, limits: Limits | None = None) -> Iterator[Row]:
    """The rows of the first visible sheet."""
    sheets = read_sheets(path, limits)
    if not sheets:
        raise damaged()
    return next((sheet for sheet in sheets if not sheet.hidden), sheets[0]).rows()


def _zipped(path: Path, limits: Limits) -> list[Sheet]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = set(archive.namelist())
    except zipfile.BadZipFile as error:
        raise damaged() from error
    if "content.xml" in members:
        return ods_sheets(path, limits)
    if "_rels/.rels" in members:
        return xlsx_sheets(path, limits)
    raise Refused("Het bestand is geen rekenblad: gebruik xlsx, ods of csv.")
