"""Figures: who sees what, of when it is, and nothing that points at people."""

from __future__ import annotations

import doctest
import itertools
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import QuerySolutions, Store

from app.exchange.reports import chart_svg
from app.model import small_numbers
from app.model.figures import BARS, SPARQL, SQL, Figure, load_figures
from app.model.small_numbers import protect
from app.register.reports import periods
from app.register.reports.periods import Wanted, settled, without_gaps

ROOT = Path(__file__).parents[2]
FIGURES = load_figures(ROOT)
ASKED = [figure for figure in FIGURES.values() if figure.language == SPARQL]


def test_there_are_figures_of_every_kind() -> None:
    assert len(FIGURES) > 20
    assert {figure.language for figure in FIGURES.values()} == {SPARQL, SQL}
    assert all(figure.explanation.endswith(".") and figure.title for figure in FIGURES.values())


@pytest.mark.parametrize("figure", ASKED, ids=lambda figure: figure.name)
def test_every_question_is_valid_as_it_stands_and_with_each_value(figure: Figure) -> None:
    store, values = Store(), {"iri": "http://loket.test/x", "date": "2026-01-01"}
    given = {name: values[type] for name, type in figure.parameters.items()}
    texts = [figure.text, figure.question(), figure.question(**given)]
    texts += [figure.question(**{name: value}) for name, value in given.items()]
    for text in texts:
        found = [str(variable) for variable in cast(QuerySolutions, store.query(text)).variables]
        kept = [f"?{column.name}" for column in figure.columns if figure.step == "" or f"?{column.name}" in found]
        assert found == kept
    assert "UNDEF" not in figure.question()
    assert not [name for name in figure.parameters if f"!BOUND(?{name})" in figure.question(**given)]


def test_a_value_that_is_no_iri_is_refused() -> None:
    with pytest.raises(ValueError, match="IRI"):
        FIGURES["verenigingen-per-soort"].question(gemeente="x> } DROP ALL #")


# --- Small numbers ----------------------------------------------------------------------------------------------------


def test_a_small_number_is_left_out_with_another_so_that_the_total_does_not_tell_it() -> None:
    rows = [("fout", 2), ("niet duidelijk", 9), ("duidelijk", 40)]
    assert protect(rows, (1,), 5) == [("fout", None), ("niet duidelijk", None), ("duidelijk", 40)]


def test_nothing_is_left_out_where_nothing_is_small_and_nobody_is_a_number_too() -> None:
    rows = [("a", 0), ("b", 5), ("c", 9)]
    assert protect(rows, (1,), 5) == rows


def test_all_measures_of_a_row_go_together() -> None:
    rows = [("a", 12, 3), ("b", 30, 8), ("c", 50, 20)]
    assert protect(rows, (1, 2), 5) == [("a", None, None), ("b", None, None), ("c", 50, 20)]


@settings(max_examples=300)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=6), st.integers(2, 6))
def test_who_knows_the_total_cannot_tell_that_any_number_is_small(numbers: list[int], fewest: int) -> None:
    """An attacker tries every way to fill in what was left out: none may be forced below the limit, or to one value."""
    rows = [(str(place), number) for place, number in enumerate(numbers)]
    shown = protect(rows, (1,), fewest)
    hidden = [place for place, row in enumerate(shown) if row[1] is None]
    assert all(row == rows[place] for place, row in enumerate(shown) if place not in hidden)
    assert all(place in hidden for place, number in enumerate(numbers) if 0 < number < fewest)
    if not hidden or all(not row[1] for row in shown):
        return  # there was nothing to hide behind: no total is shown of what is left out altogether
    rest = sum(numbers[place] for place in hidden)
    ways = [way for way in itertools.product(range(1, rest + 1), repeat=len(hidden)) if sum(way) == rest]
    if rest <= 14 and len(hidden) <= 3 and all(numbers[place] for place in hidden):
        for column in zip(*ways, strict=True):
            assert len(set(column)) > 1 and max(column) >= fewest


# --- Periods ----------------------------------------------------------------------------------------------------------


def test_everybody_gets_complete_months_of_all_of_flanders_where_numbers_may_point_at_people() -> None:
    figure = FIGURES["raadplegingen"]
    asked = Wanted(first=date(2026, 11, 1), last=date(2026, 11, 2))
    public = settled(figure, asked, date(2026, 11, 26), whole=False)
    assert public == Wanted(first=date(2025, 11, 1), last=date(2026, 10, 31))
    assert settled(figure, asked, date(2026, 11, 26), whole=True) == asked


def test_a_month_in_which_nothing_happened_is_a_zero() -> None:
    figure = FIGURES["besluiten-per-maand"]
    rows = [{"maand": "2025-11", "aantal": 3}, {"maand": "2026-02", "aantal": 1}]
    between = [("2025-11", 3), ("2025-12", 0), ("2026-01", 0), ("2026-02", 1)]
    assert [tuple(row.values()) for row in without_gaps(rows, figure, Wanted())] == [(n, m) for m, n in between]
    asked = Wanted(first=date(2025, 10, 15), last=date(2026, 3, 1))
    found = [(row["maand"], row["aantal"]) for row in without_gaps(rows, figure, asked)]
    assert found == [("2025-10", 0), *between, ("2026-03", 0)]
    assert list(without_gaps([], figure, asked)) == []


@pytest.mark.parametrize("module", [periods, chart_svg, small_numbers], ids=lambda module: module.__name__)
def test_the_examples_are_right(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0


def test_bars_are_the_picture_of_most() -> None:
    assert sum(figure.picture == BARS for figure in FIGURES.values()) > 10
