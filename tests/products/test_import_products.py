"""A municipality's list of products: what each row comes to, and that nothing is ever doubled."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from app.errors import Refused
from app.exchange.imports.products import import_products
from app.exchange.imports.report import ImportReport, Result
from app.exchange.spreadsheet.outcome import outcome_path, write_outcome
from app.exchange.spreadsheet.read import read_rows
from app.register.commands import Change, Create
from app.register.handle import handle
from app.register.products.looking_after import remind_all
from app.register.register import Register
from tests.products.builders import GHENT, add, full, minimal, read
from tests.register.builders import GENT, ROOT

Rows = list[dict[str, str]]
SHARED = ROOT.parent / "shared/data/lpdc"
HALL = {
    "Naam van het product": "Zaal huren",
    "Omschrijving": "Voor iedereen:\n- klein\n- groot",
    "Doelgroep": "Vereniging; burger",
    "Soort": "Infrastructuur en materiaal",
    "Voor wie": "Erkend zijn.",
    "Bewijsstukken": "Attest",
    "Hoe aanvragen": "Online.",
    "E-loket": "loket.gent.be/zalen",
    "Tarief": "15 euro per uur",
    "E-mail": "zalen@gent.be",
    "FAQ": "Sleutel aan het onthaal.",
    "Deadline": "31/12/2026",
}


def write(path: Path, rows: Rows) -> Path:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return path


OPENED: list[ImportReport] = []


def bring(path: Path, register: Register, dry_run: bool = False) -> ImportReport:
    OPENED.append(import_products(path, "Gent", register, GENT, ROOT, dry_run=dry_run))
    return OPENED[-1]


@pytest.fixture(autouse=True)
def tidy() -> Iterator[None]:
    """Reports lie in temporary files."""
    yield
    while OPENED:
        OPENED.pop().close()


def results(report: ImportReport) -> list[Result]:
    return [outcome.result for outcome in report.outcomes()]


def test_headers_are_recognised_as_people_write_them_and_a_row_becomes_a_product(
    register: Register, tmp_path: Path
) -> None:
    report = bring(write(tmp_path / "lijst.csv", [HALL]), register)
    assert results(report) == [Result.REGISTERED]
    assert report.recognition.unknown == ()
    document = read(register, "P0001001")
    assert document["beschrijving"] == {"nl": "<p>Voor iedereen:</p><ul><li>klein</li><li>groot</li></ul>"}
    assert document["voorwaarden"][0]["bewijs"]["naam"] == {"nl": "Attest"}
    assert document["procedures"][0]["websites"][0]["url"] == "https://loket.gent.be/zalen"
    assert document["kosten"][0]["naam"] == {"nl": "Kosten"}
    assert document["eindeDienstVerlening"] == "2026-12-31T00:00:00Z"
    assert (len(document["doelgroepen"]), document["aangemaaktDoor"]) == (2, GHENT)
    version = register.log.latest(document["@id"])
    assert version is not None and b"onthaal" not in (version.public or b"")


def test_the_same_list_again_changes_nothing_and_a_better_one_changes_that(register: Register, tmp_path: Path) -> None:
    path = write(tmp_path / "lijst.csv", [HALL])
    bring(path, register)
    head = register.log.head()
    assert results(bring(path, register)) == [Result.UNCHANGED]
    assert register.log.head() == head
    assert results(bring(write(path, [{**HALL, "Tarief": "20 euro per uur"}]), register)) == [Result.CHANGED]
    assert read(register, "P0001001")["kosten"][0]["beschrijving"] == {"nl": "<p>20 euro per uur</p>"}


def test_a_list_never_takes_away_what_it_cannot_say(register: Register, tmp_path: Path) -> None:
    code = add(register, full())
    before = read(register, code)
    row = {
        "Code": code.lower(),
        "Titel": "Werkingssubsidie voor jeugdverenigingen",
        "Voorwaarden": "Uitleg.",
        "Kosten": "Gratis",
    }
    assert results(bring(write(tmp_path / "a.csv", [row]), register)) == [Result.CHANGED]
    after = read(register, code)
    assert after["voorwaarden"] == before["voorwaarden"]
    assert after["naam"] == before["naam"]
    assert after["kosten"][0]["@id"] == before["kosten"][0]["@id"]
    assert after["kosten"][0]["beschrijving"]["nl"] == "<p>Gratis</p>"


def test_what_is_refused_says_why_beside_the_cell_and_stops_nothing_else(register: Register, tmp_path: Path) -> None:
    rows = [
        {"Titel": "Goed", "Beschrijving": "x", "Doelgroep": "", "E-mail": "", "Code": ""},
        {"Titel": "Fout", "Beschrijving": "x", "Doelgroep": "Iedereen", "E-mail": "geen", "Code": ""},
        {"Titel": "Goed", "Beschrijving": "nog eens", "Doelgroep": "", "E-mail": "", "Code": ""},
        {"Titel": "Van elders", "Beschrijving": "x", "Doelgroep": "", "E-mail": "", "Code": "P0009999"},
        {"Titel": "Zonder uitleg", "Beschrijving": "", "Doelgroep": "", "E-mail": "", "Code": ""},
        {"Titel": "", "Beschrijving": "", "Doelgroep": "", "E-mail": "", "Code": ""},
    ]
    report = bring(write(tmp_path / "lijst.csv", rows), register)
    assert results(report)[:5] == [Result.REGISTERED, *[Result.REFUSED] * 4]
    found = {
        outcome.row: {report.recognition.headers[p.column] for p in outcome.problems} for outcome in report.outcomes()
    }
    assert found[3] == {"Doelgroep", "E-mail"}
    assert (found[4], found[5], found[6]) == ({"Titel"}, {"Code"}, {"Beschrijving"})


def test_a_dry_run_writes_nothing_and_says_the_same(register: Register, tmp_path: Path) -> None:
    path = write(tmp_path / "lijst.csv", [HALL, {**HALL, "Naam van het product": "B", "E-mail": "geen"}])
    report = bring(path, register, dry_run=True)
    assert results(report) == [Result.REGISTERED, Result.REFUSED]
    assert register.log.head() == 0


def test_the_list_comes_back_with_codes_and_reasons_and_can_be_brought_in_again(
    register: Register, tmp_path: Path
) -> None:
    path = write(tmp_path / "lijst.csv", [HALL, {**HALL, "Naam van het product": "B", "E-mail": "geen"}])
    with bring(path, register) as report:
        write_outcome(report, path, outcome_path(path))
    rows = list(read_rows(outcome_path(path)))
    assert rows[0].cells[-4:] == ("Code", "Uitkomst", "Redenen", "Beslissing")
    assert rows[1].cells[len(HALL) : len(HALL) + 2] == ("P0001001", "geregistreerd")
    assert "geldig e-mailadres" in str(rows[2].cells)
    again = bring(outcome_path(path), register)
    assert results(again) == [Result.UNCHANGED, Result.REFUSED]


def test_two_products_of_one_title_are_told_apart_by_code(register: Register, tmp_path: Path) -> None:
    codes = [add(register, minimal()), add(register, minimal())]
    row = {"Titel": "Werkingssubsidie", "Beschrijving": "Nieuw.", "Code": ""}
    assert results(bring(write(tmp_path / "a.csv", [row]), register)) == [Result.REFUSED]
    assert results(bring(write(tmp_path / "b.csv", [{**row, "Code": codes[1]}]), register)) == [Result.CHANGED]


def test_a_list_without_titles_is_refused_at_once(register: Register, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="titel van het product"):
        bring(write(tmp_path / "lijst.csv", [{"Beschrijving": "x", "Kosten": "y"}]), register)


COMPACT = {
    "@context": "https://productencatalogus.data.vlaanderen.be/ipdc-lpdc-im.jsonld",
    "@id": "http://data.lblod.info/id/public-service/0a1b2c3d",
    "@type": "Instantie",
    "naam": {"nl-BE-x-informal": "Zaal huren"},
    "beschrijving": {"nl-BE-x-informal": "<p>Je huurt een zaal.</p>"},
    "doelgroepen": ["Vereniging"],
    "geografischToepassingsgebieden": ["BE23444021"],
    "bevoegdeOverheden": ["OVO002067"],
    "procedures": [
        {
            "@type": "Procedure",
            "naam": {"nl-BE-x-informal": "Zo"},
            "beschrijving": {"nl-BE-x-informal": "Online."},
            "order": 0.0,
            "websites": [
                {"@type": "Website", "naam": {"nl-BE-x-informal": "Loket"}, "url": "https://a.be", "order": 1}
            ],
        }
    ],
}


def test_json_ld_of_another_system_is_read_with_the_official_terms_and_known_again(
    register: Register, tmp_path: Path
) -> None:
    path = tmp_path / "producten.jsonld"
    path.write_bytes(orjson.dumps([COMPACT]))
    assert results(bring(path, register)) == [Result.REGISTERED]
    document = read(register, "P0001001")
    assert (document["sameAs"], document["taalvariant"]) == (COMPACT["@id"], "nl-be-x-informal")
    assert document["procedures"][0]["websites"][0]["url"] == "https://a.be"
    assert document["bevoegdeOverheden"] == ["https://data.vlaanderen.be/id/organisatie/OVO002067"]
    assert results(bring(path, register)) == [Result.UNCHANGED]
    path.write_bytes(orjson.dumps({**COMPACT, "naam": {"nl-BE-x-informal": "Zalen huren"}}))
    assert results(bring(path, register)) == [Result.CHANGED]


def test_an_upload_of_another_system_keeps_what_only_we_know(register: Register, tmp_path: Path) -> None:
    path = tmp_path / "producten.jsonld"
    path.write_bytes(orjson.dumps([COMPACT]))
    bring(path, register)
    other = handle(Create("product", minimal()), GENT, register).entity
    ours = {"verantwoordelijken": [{"rol": "eigenaar", "dienst": "zaalwachter"}], "nazichtOp": "2020-01-01",
            "verwant": [other], "interneInfo": [{"vraag": "Wie belt?", "antwoord": "De wachter."}]}  # fmt: skip
    handle(Change("product", "P0001001", ours), GENT, register)
    remind_all(register)
    before = read(register, "P0001001")
    assert "herinnerdOp" in before
    path.write_bytes(orjson.dumps({**COMPACT, "naam": {"nl-BE-x-informal": "Zalen huren"}, "doelgroepen": []}))
    assert results(bring(path, register)) == [Result.CHANGED]
    after = read(register, "P0001001")
    changed = {"naam", "doelgroepen", "versie", "laatstGewijzigd"}
    assert {term: each for term, each in after.items() if term not in changed} == {
        term: each for term, each in before.items() if term not in changed
    }
    assert "doelgroepen" not in after


@pytest.mark.parametrize("content", [b"{", b"[1]", b"{}", b'{"@type": "Concept"}'])
def test_a_file_without_products_is_refused(register: Register, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "leeg.jsonld"
    path.write_bytes(content)
    with pytest.raises(Refused):
        bring(path, register)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real files of LPDC are not beside this checkout")
@pytest.mark.parametrize("name", ["instance-published-2.json", "instance-published-2.ttl"])
def test_a_real_instance_comes_in_by_upload(register: Register, name: str) -> None:
    report = bring(SHARED / "instances" / name, register, dry_run=True)
    # Made by another municipality, so not for Ghent to bring in.
    [outcome] = report.outcomes()
    assert outcome.result is Result.REFUSED and "ander bestuur" in outcome.problems[0].message
