"""The template explains itself, and what is exported comes in again without changing anything."""

import csv
import zipfile
from pathlib import Path

import pytest

from app.errors import Refused, Unknown
from app.exchange.export_associations import export_associations
from app.exchange.imports.products import import_products
from app.exchange.imports.report import Result
from app.exchange.spreadsheet.columns import Column
from app.exchange.spreadsheet.headers import recognise
from app.exchange.spreadsheet.read import read_rows, read_sheets
from app.exchange.spreadsheet.template import write_template
from app.register.commands import HideAssociation, RemoveAssociation
from app.register.handle import handle
from app.register.register import Register, Tools
from fixtures.columns import TEMPLATE
from fixtures.generate import STYLES, associations, write
from tests.exchange.conftest import ROOT
from tests.exchange.sheets import CLERK, CLERK_OF_AALTER, outcomes, results
from tests.register.builders import GENT


@pytest.fixture
def template(tools: Tools, tmp_path: Path) -> Path:
    path = tmp_path / "sjabloon.xlsx"
    write_template(path, tools, ROOT)
    return path


def test_the_template_has_every_column_and_explains_it(template: Path, columns: tuple[Column, ...]) -> None:
    sheets = {sheet.name: list(sheet.rows()) for sheet in read_sheets(template)}
    assert list(sheets) == ["Verenigingen", "Uitleg", "Voorbeeld", "Lijsten"]
    wanted = [column.label for column in columns if column.in_template]
    assert [row.cells for row in sheets["Verenigingen"]] == [tuple(wanted)]
    assert set(TEMPLATE.values()) <= set(wanted)
    explained = {str(row.cells[0]).removesuffix(" (verplicht)"): row.cells[1:] for row in sheets["Uitleg"][1:]}
    assert list(explained) == wanted
    assert explained["Vertegenwoordiger rijksregisternummer"][-1] == "enkel de overheid"
    assert explained["Naam"][-1] == "iedereen"


def test_the_template_offers_the_code_lists_to_pick_from(template: Path, tools: Tools) -> None:
    lists = next(sheet for sheet in read_sheets(template) if sheet.name == "Lijsten")
    offered = {cell for row in lists.rows() for cell in row.cells}
    for scheme in ("hoofdactiviteit", "verenigingstype"):
        assert {concept.label for concept in tools.codelists.concepts(scheme)} <= offered
    assert {"Feitelijke vereniging", "Gent", "ja", "nee"} <= offered
    with zipfile.ZipFile(template) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<dataValidation ") >= 6 and "Lijsten!$A$1" in sheet


def test_the_example_in_the_template_is_a_good_row_but_for_the_invented_numbers(
    template: Path, register: Register, columns: tuple[Column, ...]
) -> None:
    example = next(sheet for sheet in read_sheets(template) if sheet.name == "Voorbeeld")
    assert recognise([example], columns).unknown == ()
    [outcome] = outcomes(_only(example.name, template), register)
    headers = [column.label for column in columns if column.in_template]
    # No rijksregisternummer of anybody stands in the example.
    assert [headers[problem.column] for problem in outcome.problems] == ["Vertegenwoordiger rijksregisternummer"]


def _only(name: str, path: Path) -> Path:
    """That sheet as a list of its own."""
    from tests.exchange.sheets import write_csv

    sheet = next(sheet for sheet in read_sheets(path) if sheet.name == name)
    rows = [[str(cell or "") for cell in row.cells] for row in sheet.rows()]
    return write_csv(path.with_name("voorbeeld.csv"), rows)


def test_the_empty_template_brings_in_nothing(template: Path, register: Register) -> None:
    assert results(template, register) == []


def test_a_template_of_headers_only(tools: Tools, tmp_path: Path) -> None:
    write_template(tmp_path / "s.csv", tools, ROOT)
    assert len(list(read_rows(tmp_path / "s.csv"))) == 1
    with pytest.raises(Refused):
        write_template(tmp_path / "s.pdf", tools, ROOT)


@pytest.fixture
def filled(register: Register, tmp_path: Path) -> int:
    """A register of two municipalities; answers how many associations of Gent everybody may see."""
    for place, agent in (("Gent", CLERK), ("Aalter", CLERK_OF_AALTER)):
        path = tmp_path / f"{place}.xlsx"
        write(path, associations(place, 60, seed=7), STYLES["sjabloon"])
        outcomes(path, register, place=place, agent=agent)
    visible = [version for version in register.log.entities("vereniging") if version.public]
    handle(HideAssociation(visible[0].entity.rpartition("/")[2]), CLERK, register)
    handle(RemoveAssociation(visible[1].entity.rpartition("/")[2], "bestaat niet meer"), CLERK, register)
    gent = register.codelists.municipality("Gent")
    assert gent is not None
    return sum(gent.iri.encode() in (version.public or b"") for version in register.log.entities("vereniging"))


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_what_is_exported_comes_in_again_and_changes_nothing(
    register: Register, filled: int, tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"uit{suffix}"
    assert export_associations(path, register, ROOT, "Gent") == filled > 40
    head = register.log.head()
    found = outcomes(path, register)
    assert [outcome for outcome in found if outcome.result != "ongewijzigd"] == []
    assert (len(found), register.log.head()) == (filled, head)


def test_nothing_is_exported_that_not_everybody_may_see(register: Register, filled: int, tmp_path: Path) -> None:
    path = tmp_path / "uit.csv"
    count = export_associations(path, register, ROOT)
    text = path.read_text(encoding="utf-8-sig")
    assert count > filled
    headers = text.partition("\n")[0]
    assert "V-code" in headers
    for header in ("rijksregister", "Vertegenwoordiger", "Bankrekening", "Zichtbaar"):
        assert header not in headers
    homes = [row for row in csv.DictReader(text.splitlines(), delimiter=";") if row["Thuisadres"] == "ja"]
    streets = [row[f"Correspondentieadres {part}"] for row in homes for part in ("straat", "nummer", "bus")]
    assert streets and not any(streets)
    for row in associations("Gent", 60, seed=7):
        for key in ("insz", "iban", "persoonEmail"):
            assert str(row.get(key, "geen")) not in text.replace("geen", "")


def test_an_export_that_cannot_be_made_says_why(register: Register, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        export_associations(tmp_path / "uit.pdf", register, ROOT)
    with pytest.raises(Unknown):
        export_associations(tmp_path / "uit.csv", register, ROOT, "Verweggistan")


def test_a_list_of_products_has_a_template_of_its_own_with_an_example_that_goes_in(
    register: Register, tmp_path: Path
) -> None:
    path = tmp_path / "producten.xlsx"
    write_template(path, register.tools, ROOT, "product")
    sheets = {sheet.name: list(sheet.rows()) for sheet in read_sheets(path)}
    assert list(sheets) == ["Producten", "Uitleg", "Voorbeeld", "Lijsten"]
    headers = [str(cell) for cell in sheets["Producten"][0].cells]
    assert {"Titel", "Beschrijving", "Voorwaarden", "Kosten"} <= set(headers) and "Uitkomst" not in headers
    assert "Vereniging" in {cell for row in sheets["Lijsten"] for cell in row.cells}
    explained = {str(row.cells[0]): row.cells[-1] for row in sheets["Uitleg"][1:]}
    assert explained["Titel (verplicht)"] == "iedereen" and "enkel de overheid" in explained.values()
    example = _only("Voorbeeld", path)
    with import_products(example, "Gent", register, GENT, ROOT, dry_run=True) as report:
        assert [outcome.result for outcome in report.outcomes()] == [Result.REGISTERED], list(report.outcomes())
    with import_products(path, "Gent", register, GENT, ROOT, dry_run=True) as report:
        assert [each for each in report.outcomes() if each.result is not Result.SKIPPED] == []
