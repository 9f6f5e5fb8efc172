"""The list as a spreadsheet: the filters of the page, the columns of the template, and nothing that runs."""

from __future__ import annotations

import csv
import io

import pytest
from python_calamine import load_workbook

from tests.web.conftest import HARMONY, PLAIN, STOPPED, Ask, asking
from tests.web.world import World

BOM = "\ufeff"


def rows(ask: Ask, query: str = "") -> list[dict[str, str]]:
    answer = ask(f"/verenigingen.csv{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    text = answer.content.decode()
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM)), delimiter=";"))


FILTERS = [
    ("", [PLAIN, HARMONY, STOPPED]),
    ("?naam=vrienden", [HARMONY]),
    ("?naam=harmonei", [HARMONY]),
    ("?activiteit=SPRT&gemeente=Gent", [STOPPED]),
    ("?soort=vzw&pagina=7", [HARMONY]),
    ("?naam=verborgen", []),
]


@pytest.mark.parametrize("query, codes", FILTERS)
def test_the_csv_holds_what_the_page_shows(ask: Ask, query: str, codes: list[str]) -> None:
    assert [row["V-code"] for row in rows(ask, query)] == codes


def test_a_row_holds_the_columns_of_the_template(ask: Ask) -> None:
    [row] = rows(ask, "?naam=dwv")
    assert row["Naam"] == "Koninklijke Harmonie De Ware Vrienden"
    assert "Kunsten, Erfgoed & Cultuur" in row["Hoofdactiviteiten"]
    assert "Geheimlaan" not in str(row)


def test_the_workbook_says_the_same(ask: Ask) -> None:
    answer = ask("/verenigingen.xlsx?naam=vrienden")
    assert answer.headers["content-disposition"] == 'attachment; filename="verenigingen.xlsx"'
    heading, *found = load_workbook(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    [expected] = rows(ask, "?naam=vrienden")
    assert dict(zip(heading, found[0], strict=True))["Naam"] == expected["Naam"]
    assert len(found) == 1


@pytest.mark.parametrize("path", ["/verenigingen.csv", "/verenigingen.xlsx"])
def test_a_known_list_is_not_sent_again(ask: Ask, path: str) -> None:
    tag = ask(path).headers["etag"]
    assert ask(path, if_none_match=tag).status_code == 304


def test_a_workbook_that_nobody_would_wait_for_is_refused(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.web.associations.downloads.MOST_ROWS", 2)
    assert ask("/verenigingen.xlsx").status_code == 413
    assert ask("/verenigingen.xlsx?naam=vrienden").status_code == 200


def test_no_cell_runs(empty_world: World) -> None:
    empty_world.put("V0001001", {"naam": '=HYPERLINK("http://kwaad.example")'})
    [row] = rows(asking(empty_world))
    assert row["Naam"].startswith("'=")


def test_more_than_one_part_comes_in_order_and_once(empty_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.store.search.index.BATCH", 2)
    for number in range(5):
        empty_world.put(f"V{1001 + number:07d}", {"naam": f"Club {'edcba'[number]}"})
    assert [row["Naam"] for row in rows(asking(empty_world))] == [f"Club {letter}" for letter in "abcde"]
