"""Reports as lists for OData: each figure that everybody may see is one, its rows numbered.

lists = ReportLists(reporter)
lists.tables[0].name                         # Rapport_besluiten_per_maand
lists.rows_of(table).rows(Listed(table.name))
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import cached_property

from app.exchange.odata.lists import Column, Table
from app.model.figures import EVERYBODY, Figure
from app.register.reports.periods import Wanted
from app.register.reports.reporting import Answer, Reporter, columns_of
from app.store.search.layout import Layout
from app.store.search.lists import Listed, ListRow, count, list_functions, list_names, list_tables, rows

BEGIN, NUMBER = "Rapport_", "rij"


class Rows:
    """The rows of one report, to be asked as the lists of the search index are."""

    def __init__(self, table: Table, answer: Answer) -> None:
        self.made = answer.made
        self._layout = Layout(
            code=(NUMBER, "{}"), text={}, free=frozenset(), order=(),
            lists={table.name: tuple(column.name for column in table.columns)},
        )  # fmt: skip
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)
        self._connection.executescript(list_tables(self._layout))
        list_functions(self._connection)
        into, places = list_names(self._layout)[table.name], ", ".join("?" * (len(table.columns) + 2))
        numbered = [(number, 1, str(number), *row) for number, row in enumerate(answer.rows, 1)]
        self._connection.executemany(f"INSERT INTO {into} VALUES ({places})", numbered)

    def rows(self, asked: Listed) -> list[ListRow]:
        """The rows that fit."""
        return rows(self._connection, self._layout, asked)

    def count(self, asked: Listed) -> int:
        """How many rows fit."""
        return count(self._connection, self._layout, asked)


class ReportLists:
    """The lists, and the rows of each as they stand."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """One for each figure that everybody may see."""
        figures = self._reporter.reports.figures.values()
        return tuple(table_of(figure) for figure in figures if figure.audience == EVERYBODY)

    def is_one(self, table: Table) -> bool:
        """Whether this list is a report."""
        return table.name.startswith(BEGIN)

    def rows_of(self, table: Table) -> Rows:
        """The rows of one report, for everybody."""
        name = next(one for one in self._reporter.reports.figures if name_of(one) == table.name)
        return Rows(table, self._reporter.answer(name, Wanted()))


def table_of(figure: Figure) -> Table:
    """A figure as a list."""
    number = Column(NUMBER, "Rij", "Het nummer van de rij.", "string", (), within_row=True)
    columns = [
        Column(column.name, column.label, "", "integer" if column.is_number else "string", (), within_row=True)
        for column in columns_of(figure)
    ]
    return Table(
        name=name_of(figure.name), singular=f"{name_of(figure.name)}_rij", label=f"Rapport: {figure.title}",
        help=figure.explanation, path="rapport", key=(NUMBER,), columns=(number, *columns),
    )  # fmt: skip


def name_of(figure: str) -> str:
    """
    >>> name_of("verenigingen-per-soort")
    'Rapport_verenigingen_per_soort'
    """
    return BEGIN + figure.replace("-", "_")


def with_reports(tables: Sequence[Table], lists: ReportLists) -> tuple[Table, ...]:
    """All lists: those of associations first."""
    return (*tables, *lists.tables)
