"""Spreadsheets of every kind are read row by row; another library agrees; none can ask too much of the machine."""

import tracemalloc
import zipfile
from datetime import date
from pathlib import Path

import pytest
import python_calamine
import xlsxwriter

from app.errors import LoketError, Refused, TooLarge
from app.exchange.spreadsheet.cells import CellError, Limits, Row
from app.exchange.spreadsheet.csv import find_encoding
from app.exchange.spreadsheet.read import read_rows, read_sheets
from fixtures.generate import STYLES, associations, mess_up, write
from tests.exchange.sheets import write_csv, write_xlsx, write_zip

HEAD = ("Naam", "Opgericht", "Leden")
BODY = ("Café ’t Hoekje", date(2001, 5, 1), 12)
WORKBOOK = '<workbook xmlns:r="r"><sheets><sheet name="A" r:id="r1"/></sheets></workbook>'
REL = '<Relationship Id="r1" Type="x/{}" Target="{}"/>'
PARTS = {
    "_rels/.rels": f"<Relationships>{REL.format('officeDocument', 'xl/workbook.xml')}</Relationships>",
    "xl/workbook.xml": WORKBOOK,
    "xl/_rels/workbook.xml.rels": f"<Relationships>{REL.format('worksheet', 'sheet.xml')}</Relationships>",
}
ODS = (
    '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet>'
    '<table:table table:name="A">{}</table:table></office:spreadsheet></office:body></office:document-content>'
)


def xlsx(path: Path, sheet: str | bytes, **others: str) -> Path:
    return write_zip(path / "x.xlsx", {**PARTS, "xl/sheet.xml": sheet, **others})


def ods(path: Path, rows: str) -> Path:
    return write_zip(path / "x.ods", {"content.xml": ODS.format(rows)})


def cells(path: Path, limits: Limits | None = None) -> list[tuple[object, ...]]:
    return [row.cells for row in read_rows(path, limits)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_csv_in_any_encoding_with_any_separator(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = write_csv(tmp_path / "l.csv", [("Naam", "Plaats"), ("Café ’t Hoekje", "a;b,c\td|e")], encoding, delimiter)
    assert cells(path) == [("Naam", "Plaats"), ("Café ’t Hoekje", "a;b,c\td|e")]


def test_csv_that_no_windows_code_page_could_hold_is_latin_1(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    path.write_bytes(b"Naam;Plaats\nCaf\xe9\x81;Gent\n")
    assert find_encoding(path) == "latin-1"


@pytest.mark.parametrize("rest", [b"\xf5", b"\x00N\xd8\x00", "Naam;Plaats".encode("utf-16-be") + b"\x00"])
def test_csv_that_breaks_off_within_a_character_is_called_damaged(tmp_path: Path, rest: bytes) -> None:
    path = tmp_path / "l.csv"
    path.write_bytes(b"\xfe\xff" + rest)
    with pytest.raises(Refused, match="beschadigd"):
        cells(path)


def test_csv_with_the_separator_line_of_excel_and_line_breaks_in_a_cell(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    path.write_text('sep=|\nNaam|Adres\n"De ""Ster"""|"Kerkstraat 1\n9000 Gent"\n\n', encoding="utf-8")
    assert list(read_rows(path)) == [Row(1, ("Naam", "Adres")), Row(2, ('De "Ster"', "Kerkstraat 1\n9000 Gent"))]


def test_xlsx_with_dates_numbers_and_empty_rows_keeps_the_numbers_in_the_margin(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "l.xlsx", [HEAD, (), (None, "", None), BODY])
    assert list(read_rows(path)) == [Row(1, HEAD), Row(4, BODY)]


def test_the_stored_value_of_a_formula_counts_and_errors_are_known_as_such(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "l.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_formula(0, 0, "=A2&B2", None, "De Ster")
    sheet.write_formula(0, 1, "=1/0", None, "#DIV/0!")
    sheet.write_boolean(0, 2, True)
    sheet.write_rich_string(0, 3, "Harmonie ", book.add_format({"bold": True}), "Sint-Cecilia")
    book.close()
    assert cells(tmp_path / "l.xlsx") == [("De Ster", CellError("#DIV/0!"), True, "Harmonie Sint-Cecilia")]


SHEETS = {
    "inline text, no places": ("<c t='inlineStr'><is><t>a</t></is></c><c><v>1</v></c>", ("a", 1)),
    "a prefix": ("<x:c r='B1'><x:v>2.5</x:v></x:c>", (None, 2.5)),
    "a formula without value": ("<c r='A1'><f>B1</f></c>", (CellError("formule zonder waarde"),)),
    "an escaped character": ("<c t='str'><v>a_x000D_b</v></c>", ("a\rb",)),
    "an ISO date": ("<c t='d'><v>2001-05-01T00:00:00</v></c>", (date(2001, 5, 1),)),
    "half of a surrogate pair": ("<c t='str'><v>a_xD800_b</v></c>", ("a_xD800_b",)),
    "digits of another kind": ("<c t='s'><v>²</v></c><c s='²'><v>1</v></c>", (None, 1)),
    "no number after all": ("<c><v>NaN</v></c>", (CellError("geen getal"),)),
}


@pytest.mark.parametrize("case", SHEETS)
def test_what_other_programs_write_in_xlsx(tmp_path: Path, case: str) -> None:
    row, expected = SHEETS[case]
    prefix = "x:" if "<x:" in row else ""
    frame = "<{0}worksheet><{0}sheetData><{0}row>{1}</{0}row></{0}sheetData></{0}worksheet>"
    assert cells(xlsx(tmp_path, frame.format(prefix, row))) == [expected]


def test_dates_of_the_mac_count_from_1904(tmp_path: Path) -> None:
    book = WORKBOOK.replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    styles = '<styleSheet><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>'
    rels = PARTS["xl/_rels/workbook.xml.rels"].replace(
        "</", REL.format("styles", "styles.xml").replace("r1", "r2") + "</"
    )
    sheet = "<worksheet><row><c s='0'><v>35550</v></c></row></worksheet>"
    members = {"xl/workbook.xml": book, "xl/styles.xml": styles, "xl/_rels/workbook.xml.rels": rels}
    assert cells(xlsx(tmp_path, sheet, **members)) == [(date(2001, 5, 1),)]


def test_ods_with_repeated_cells_and_rows_notes_and_spaces(tmp_path: Path) -> None:
    rows = (
        '<table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="string">'
        "<office:annotation><text:p>nota</text:p></office:annotation>"
        '<text:p>De<text:s text:c="2"/>Ster</text:p><text:p>Gent</text:p></table:table-cell>'
        '<table:table-cell table:number-columns-repeated="3"/>'
        '<table:table-cell office:value-type="date" office:date-value="2001-05-01"><text:p>1 mei</text:p>'
        "</table:table-cell></table:table-row>"
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
        '<table:table-row><table:table-cell office:value-type="float" office:value="7"/></table:table-row>'
    )
    both = ("De  Ster\nGent", None, None, None, date(2001, 5, 1))
    assert list(read_rows(ods(tmp_path, rows))) == [Row(1, both), Row(2, both), Row(1048003, (7,))]


def test_hidden_sheets_are_known_as_such(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "l.xlsx"))
    book.add_worksheet("Zichtbaar").write(0, 0, "a")
    book.add_worksheet("Verborgen").hide()
    book.close()
    assert [(sheet.name, sheet.hidden) for sheet in read_sheets(tmp_path / "l.xlsx")] == [
        ("Zichtbaar", False),
        ("Verborgen", True),
    ]


@pytest.mark.parametrize("suffix", [".xlsx", ".ods"])
def test_another_library_reads_the_same(tmp_path: Path, suffix: str) -> None:
    rows, _ = mess_up(associations("Gent", 120, seed=4), seed=4, rate=0.2)
    path = tmp_path / f"l{suffix}"
    write(path, rows, STYLES["klerk"])
    theirs = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    ours = [list(row.cells) for row in read_rows(path)]
    filled = [row for row in theirs.iter_rows() if any(cell != "" for cell in row)]
    assert len(ours) == len(filled) > 100
    for our, their in zip(ours, filled, strict=True):
        padded = our + [None] * (len(their) - len(our))
        assert [cell if cell is not None else "" for cell in padded] == their


def bomb(tag: str) -> str:
    return f"<worksheet><sheetData><row><c><v>{tag * 3_000_000}</v></c></row></sheetData></worksheet>"


EVIL: dict[str, tuple[str | bytes, type[LoketError]]] = {
    "zip bomb": ("<worksheet><!--" + " " * 30_000_000 + "--></worksheet>", TooLarge),
    "giant cell": (bomb("9"), TooLarge),
    "giant attribute": (f"<worksheet a='{'x' * 3_000_000}'></worksheet>", TooLarge),
    "deep nesting": ("<worksheet>" + "<a>" * 100_000, Refused),
    "a million columns": (f"<worksheet><row><c r='{'ZZZZ'}1'><v>1</v></c></row></worksheet>", TooLarge),
    "external entity": (
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><worksheet><row><c><v>&x;</v></c></row></worksheet>',
        Refused,
    ),
    "billion laughs": ('<!DOCTYPE a [<!ENTITY x "xx"><!ENTITY y "&x;&x;">]><worksheet>&y;</worksheet>', Refused),
    "unfinished": ("<worksheet><row><c>", Refused),
    "no such shared string": ("<worksheet><row><c t='s'><v>7</v></c></row></worksheet>", Refused),
    "binary": (b"\x00\x01\x02", Refused),
}


@pytest.mark.parametrize("case", EVIL)
def test_what_a_stranger_may_send_is_refused_within_bounds(tmp_path: Path, case: str) -> None:
    sheet, error = EVIL[case]
    path = xlsx(tmp_path, sheet)
    del sheet
    tracemalloc.start()
    with pytest.raises(error) as refused:
        cells(path, Limits(unpacked_bytes=20 * 2**20))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(refused.value, LoketError) and refused.value.title.endswith(".")
    assert peak < 12 * 2**20


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_unpacks_all_at_once_is_refused(tmp_path: Path, packing: int) -> None:
    path = write_zip(tmp_path / "x.ods", {"content.xml": ODS.format(" " * 30_000_000)}, packing)
    tracemalloc.start()
    with pytest.raises(Refused):
        cells(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12 * 2**20


def test_a_book_without_a_sheet_has_no_rows(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        cells(write_zip(tmp_path / "x.ods", {"content.xml": "<a/>"}))


ROW = '<table:table-row table:number-rows-repeated="{}">{}</table:table-row>'
CELL = '<table:table-cell table:number-columns-repeated="{}"><text:p>a</text:p></table:table-cell>'


@pytest.mark.parametrize("rows, columns", [(1, 1_000_000), (100_000_000, 1)])
def test_repetition_in_ods_cannot_fill_the_memory(tmp_path: Path, rows: int, columns: int) -> None:
    with pytest.raises(TooLarge):
        cells(ods(tmp_path, ROW.format(rows, CELL.format(columns))))


def test_more_rows_than_a_sheet_can_hold_are_refused(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "l.csv", [("Naam",)] * 12)
    with pytest.raises(TooLarge, match="meer dan 10 rijen"):
        cells(path, Limits(rows=10))


NO_SPREADSHEETS = {
    "old xls or a password": (bytes.fromhex("D0CF11E0A1B11AE1") + b"x" * 100, "oud xls-bestand"),
    "another zip": (None, "geen rekenblad"),
    "a picture": (b"\x89PNG\x00\x00", "geen rekenblad"),
    "half a zip": (b"PK\x03\x04 and no more", "beschadigd"),
}


@pytest.mark.parametrize("case", NO_SPREADSHEETS)
def test_what_is_no_spreadsheet_is_refused_with_what_to_do(tmp_path: Path, case: str) -> None:
    content, sentence = NO_SPREADSHEETS[case]
    path = write_zip(tmp_path / "x.zip", {"a.txt": "a"})
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Refused) as refused:
        read_sheets(path)
    assert sentence in refused.value.title


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="bestaat niet"):
        read_sheets(tmp_path / "weg.xlsx")


def test_an_open_quote_does_not_swallow_the_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    path.write_text('Naam;Plaats\n"De Ster;Gent\n' + "Judoclub;Gent\n" * 20_000)
    with pytest.raises(TooLarge, match="aanhalingsteken"):
        cells(path)
