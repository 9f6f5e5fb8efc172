"""Tiny lists, written and brought in."""

import csv
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from app.exchange.imports.associations import ImportReport, RowOutcome, import_associations
from app.register.agents import Agent
from app.register.register import Register
from tests.exchange.conftest import ROOT

CLERK = Agent("https://verenigingen.example/id/agent/balie", "Balie", "gemeente", "44021")
CLERK_OF_AALTER = Agent("https://verenigingen.example/id/agent/loket", "Loket", "gemeente", "44084")
Cell = str | int | float | date | None
HEADERS = (
    "Naam vereniging",
    "KBO-nummer",
    "Straat",
    "Nr",
    "Postcode",
    "Gemeente",
    "E-mail",
    "Telefoon",
    "Activiteiten",
)
HARMONIE = ("Koninklijke Harmonie De Eendracht", "", "Kerkstraat", "12", 9000, "Gent", "info@eendracht.example", "", "")
JUDO = ("Judoclub Samoerai", "", "Sportlaan", "3 bus 2", "9030", "Mariakerke", "", "09/210 10 10", "Sport")


def write_xlsx(path: Path, rows: Sequence[Sequence[Cell]], name: str = "Lijst") -> Path:
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy", "strings_to_formulas": False})
    sheet = book.add_worksheet(name)
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return path


def write_csv(path: Path, rows: Sequence[Sequence[Cell]], encoding: str = "utf-8", delimiter: str = ";") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def write_zip(path: Path, members: Mapping[str, str | bytes], packing: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", packing) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def bring_in(path: Path, register: Register, **options: Any) -> ImportReport:
    """Bring in a list of Gent, in this process unless `workers` says otherwise."""
    agent = options.pop("agent", CLERK)
    return import_associations(path, options.pop("place", "Gent"), register, agent, ROOT, **{"workers": 0, **options})


def outcomes(path: Path, register: Register, **options: Any) -> list[RowOutcome]:
    with bring_in(path, register, **options) as report:
        return list(report.outcomes())


def results(path: Path, register: Register, **options: Any) -> list[str]:
    return [str(outcome.result) for outcome in outcomes(path, register, **options)]
