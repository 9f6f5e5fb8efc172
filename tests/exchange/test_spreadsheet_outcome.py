"""The list comes back with its outcome, to correct and bring in again; nothing in it ever runs."""

import io
import stat
import zipfile
from pathlib import Path

import pytest
import python_calamine
from rich.console import Console

from app.exchange.imports.console import print_report, progress_bar
from app.exchange.spreadsheet.cells import Row
from app.exchange.spreadsheet.outcome import outcome_path, write_outcome
from app.exchange.spreadsheet.read import read_rows, read_sheets
from app.register.register import Register
from fixtures.generate import STYLES, associations, mess_up, write
from tests.exchange.sheets import HARMONIE, HEADERS, JUDO, Cell, bring_in, outcomes, results, write_csv, write_xlsx

EVIL = ("=HYPERLINK(\"http://kwaad.example\")", "+1+1", "-2", "@SUM(A1)", "\tx")  # fmt: skip
WRONG = ("De Ster", "0403.170.702", "Markt", "1", "9000", "Gent", "info.ster", "", "")


def written(path: Path, register: Register) -> Path:
    target = outcome_path(path)
    with bring_in(path, register) as report:
        write_outcome(report, path, target)
    return target


def cells(path: Path) -> list[tuple[object, ...]]:
    return [row.cells for row in read_rows(path)]


def test_every_row_comes_back_where_it_was_with_code_outcome_and_reasons(register: Register, tmp_path: Path) -> None:
    rows: list[tuple[Cell, ...]] = [("Lijst van Gent",), (), (*HEADERS, "Leden"), (*JUDO, 12), (*WRONG, 3)]
    target = written(write_xlsx(tmp_path / "l.xlsx", rows), register)
    found = list(read_rows(target))
    assert found[0] == Row(1, ("Lijst van Gent",))
    assert found[1] == Row(3, (*HEADERS, "Leden", "V-code", "Uitkomst", "Redenen", "Beslissing"))
    assert found[2].cells[9:] == (12, "V0001001", "geregistreerd")
    assert found[3].cells[9:11] == (3, None)
    assert found[3].cells[11] == "geweigerd"
    assert found[3].cells[12] == (
        "KBO-nummer: Dit ondernemingsnummer klopt niet: het controlegetal past niet bij de cijfers. "
        "E-mail: Dit is geen geldig e-mailadres. Schrijf bijvoorbeeld info@voorbeeld.be."
    )


def test_the_wrong_cells_are_coloured_and_have_a_comment(register: Register, tmp_path: Path) -> None:
    target = written(write_xlsx(tmp_path / "l.xlsx", [HEADERS, WRONG]), register)
    with zipfile.ZipFile(target) as archive:
        comments = archive.read("xl/comments1.xml").decode()
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert 'ref="B2"' in comments and 'ref="G2"' in comments and "controlegetal" in comments
    marked = {
        cell.split('s="')[1].split('"')[0] for cell in sheet.split("<c ") if cell.startswith(('r="B2"', 'r="G2"'))
    }
    plain = {cell.split('s="')[1].split('"')[0] for cell in sheet.split("<c ") if cell.startswith('r="C2"')}
    assert len(marked) == 1 and marked.isdisjoint(plain)


def test_the_outcome_can_be_corrected_and_brought_in_without_doubling_anything(
    register: Register, tmp_path: Path
) -> None:
    first = written(write_xlsx(tmp_path / "l.xlsx", [HEADERS, JUDO, WRONG, HARMONIE]), register)
    assert results(first, register) == ["ongewijzigd", "geweigerd", "ongewijzigd"]
    corrected = [list(row.cells) for row in read_rows(first)]
    corrected[2][1], corrected[2][6] = "0403.170.701", "info@ster.example"
    second = write_xlsx(tmp_path / "verbeterd.xlsx", corrected)  # type: ignore[arg-type]
    assert results(second, register) == ["ongewijzigd", "geregistreerd", "ongewijzigd"]
    third = written(second, register)
    assert [row[9:11] for row in cells(third)[1:]] == [
        ("V0001001", "ongewijzigd"),
        ("V0001003", "ongewijzigd"),
        ("V0001002", "ongewijzigd"),
    ]
    assert results(third, register) == ["ongewijzigd"] * 3
    assert len(register.log.entities("vereniging")) == 3


def test_our_own_columns_are_filled_in_again_where_they_stand(register: Register, tmp_path: Path) -> None:
    rows = [("Uitkomst", "V-code", "Naam", "Redenen"), ("geweigerd", "", "De Ster", "oud")]
    target = written(write_xlsx(tmp_path / "l-resultaat.xlsx", rows), register)
    assert target.name == "l-resultaat-2.xlsx"
    assert cells(target) == [
        ("Uitkomst", "V-code", "Naam", "Redenen", "Beslissing"),
        ("geregistreerd", "V0001001", "De Ster"),
    ]


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_what_looks_like_a_formula_stays_text(register: Register, tmp_path: Path, suffix: str) -> None:
    writer = write_xlsx if suffix == ".xlsx" else write_csv
    rows: list[tuple[Cell, ...]] = [("Naam", "Opmerking"), *(("De Ster", text) for text in EVIL)]
    target = written(writer(tmp_path / f"l{suffix}", rows), register)
    with zipfile.ZipFile(target) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        styles = archive.read("xl/styles.xml").decode()
    assert "<f>" not in sheet and "<hyperlink" not in sheet
    assert 'quotePrefix="1"' in styles
    assert [str(row[1]).strip() for row in cells(target)[1:]] == [text.strip() for text in EVIL]


def test_the_mess_of_a_real_list_survives_the_way_there_and_back(register: Register, tmp_path: Path) -> None:
    rows, _ = mess_up(associations("Gent", 80, seed=6), seed=6, rate=0.15)
    path = tmp_path / "l.xlsx"
    write(path, rows, STYLES["klerk"])
    target = written(path, register)
    before, after = list(read_rows(path)), {row.number: row.cells for row in read_rows(target)}
    width = len(STYLES["klerk"].headers)
    assert len(before) > 80
    for row in before:
        again = after[row.number][:width]
        while again and again[-1] is None:
            again = again[:-1]
        assert again == row.cells
    theirs = python_calamine.CalamineWorkbook.from_path(str(target))
    assert theirs.sheet_names == ["Verenigingen", "Overzicht"]
    first, second = outcomes(path, register), outcomes(target, register)
    assert [str(o.result) for o in first] == [str(o.result) for o in second]


def test_who_may_read_the_outcome_is_who_may_read_the_list(register: Register, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "l.csv", [HEADERS, JUDO])
    path.chmod(0o600)
    assert stat.S_IMODE(written(path, register).stat().st_mode) == 0o600
    assert [found.name for found in tmp_path.glob("*.part")] == []


def test_the_overview_counts_and_tells(register: Register, tmp_path: Path) -> None:
    target = written(write_xlsx(tmp_path / "l.xlsx", [(*HEADERS, "Leden"), JUDO]), register)
    [_, overview] = read_sheets(target)
    lines = {row.cells[0]: row.cells[1] for row in overview.rows() if len(row.cells) > 1}
    assert (lines["Gemeente"], lines["Geregistreerd"], lines["Geweigerd"]) == ("Gent", 1, 0)
    assert lines["Opmerking"] == "Deze kolommen kennen we niet en zijn niet overgenomen: “Leden”."


def test_the_console_shows_row_column_and_sentence_but_no_value(register: Register, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "l.xlsx", [HEADERS, JUDO, WRONG])
    shown, bar = io.StringIO(), io.StringIO()
    with (
        progress_bar(Console(file=bar, width=120, force_terminal=True)) as progress,
        bring_in(path, register, progress=progress, dry_run=True) as report,
    ):
        print_report(report, Console(file=shown, width=150, highlight=False, markup=False))
    text = shown.getvalue()
    assert "Dit was een proef: er is niets gewijzigd." in text
    assert "B KBO-nummer" in text and "controlegetal" in text and "geregistreerd" in text
    for value in ("0403", "info.ster", "De Ster", "Samoerai"):
        assert value not in text
    assert "2" in bar.getvalue()
