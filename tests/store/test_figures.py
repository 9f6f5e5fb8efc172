"""Every figure in SQL is asked alike of both databases, and its numbers are whole ones that go into JSON."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from app.model.figures import NUMBER, SQL, load_figures
from app.store.figures import ask
from app.store.log import Log
from app.store.usage import Use, put_counts
from tests.store.builders import a_version, entity

FIGURES = {name: one for name, one in load_figures(Path(__file__).parents[2]).items() if one.language == SQL}
VALUES: dict[str, str | int | list[str]] = {"van": "2026-01-01", "tot": "2026-12-31", "bestuur": "", "minstens": 2}


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("hidden", [[], ["http://loket.test/id/vereniging/V0001001"]], ids=["open", "hidden"])
@pytest.mark.parametrize("place", ["", "44021"])
def test_it_answers(log: Log, name: str, hidden: list[str], place: str) -> None:
    with log.database.writing() as connection:
        uses = [Use("pagina", "http://loket.test/x"), Use("zoek-aanbod", "zaal", "44021"), Use("niets-aanbod", "tent")]
        put_counts(connection, [{"day": "2026-02-03", **one._asdict(), "times": 3, "visitors": 2} for one in uses])
    rows = ask(log.database, FIGURES[name].plain, {**VALUES, "gemeente": place, "verborgen": hidden})
    orjson.dumps(rows)
    numbers = [column.name for column in FIGURES[name].columns if column.kind == NUMBER]
    assert all(isinstance(row[each], int) for row in rows for each in numbers)
    if name == "gebruik-per-maand":
        assert rows == [{"maand": "2026-02", "weergaven": 3, "bezoekers": 2, "zoekopdrachten": 3}]


def test_more_may_be_hidden_than_a_question_takes_values(log: Log) -> None:
    with log.transaction() as transaction:
        for code in (1, 2, 3):
            transaction.append(a_version(code, public=None, feeds=()))
    asked: dict[str, str | int | list[str]] = {**VALUES, "gemeente": "", "verborgen": [entity(1), entity(3)]}
    rows = ask(log.database, FIGURES["nieuw-per-maand"].plain, asked)
    assert [row["nieuw"] for row in rows] == [2]
    many = [entity(1), *(entity(code) for code in range(3, 40_000))]
    for name in FIGURES:
        few = ask(log.database, FIGURES[name].plain, asked)
        assert ask(log.database, FIGURES[name].plain, {**asked, "verborgen": many}) == few
