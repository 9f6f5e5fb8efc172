"""What the clerk sees of an import on the console: progress while it runs, then what became of the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from app.exchange.imports.report import RESULTS, ImportReport, Result
from app.exchange.spreadsheet.draft import WHOLE_ROW
from app.exchange.spreadsheet.xlsx import column_letters

SHOWN = 20
STYLES = {Result.REFUSED: "red", Result.REFERRED: "yellow", Result.REGISTERED: "green", Result.CHANGED: "green"}


@contextmanager
def progress_bar(console: Console | None = None) -> Iterator[Callable[[ImportReport], None]]:
    """Show on standard error how far an import is; gives the function to pass as `progress`."""
    shown = console or Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=shown, transient=True) as bar:
        task = bar.add_task("Rijen", total=None)

        def tell(report: ImportReport) -> None:
            done = report.counts.total()
            bar.update(task, completed=done, description=f"Rijen ({_in_short(report)})")

        yield tell


def print_report(report: ImportReport, console: Console | None = None) -> None:
    """The outcomes counted, the remarks about the list, and the first rows that need the clerk; no value of any."""
    shown = console or Console(highlight=False, markup=False)
    if report.dry_run:
        shown.print("Dit was een proef: er is niets gewijzigd.")
    if report.resumed_after:
        shown.print(f"De invoer ging verder na rij {report.resumed_after}, waar ze eerder stopte.")
    table = Table(title=f"{report.municipality}: {report.rows} {report.plural}", title_justify="left")
    table.add_column("Uitkomst")
    table.add_column("Rijen", justify="right")
    for result in RESULTS:
        table.add_row(str(result), str(report.counts[result]), style=STYLES.get(result, ""))
    shown.print(table)
    for remark in report.recognition.remarks:
        shown.print(f"- {remark}")
    _print_rows(report, shown)


def _print_rows(report: ImportReport, console: Console) -> None:
    """Row, column and sentence of the first that were refused or put before the clerk."""
    wanted = report.counts[Result.REFUSED] + report.counts[Result.REFERRED]
    if not wanted:
        return
    table = Table(title=f"De eerste {min(wanted, SHOWN)} van {wanted} rijen om na te kijken", title_justify="left")
    for name in ("Rij", "Uitkomst", "Kolom", "Waarom"):
        table.add_column(name)
    rows = (outcome for outcome in report.outcomes() if outcome.result in (Result.REFUSED, Result.REFERRED))
    for outcome in islice(rows, SHOWN):
        for problem in outcome.problems:
            header = report.recognition.headers.get(problem.column, "")
            column = "" if problem.column == WHOLE_ROW else f"{column_letters(problem.column)} {header}"
            table.add_row(str(outcome.row), str(outcome.result), column, problem.message)
    console.print(table)


def _in_short(report: ImportReport) -> str:
    found = [(result, report.counts[result]) for result in RESULTS if report.counts[result]]
    return ", ".join(f"{count} {result}" for result, count in found)
