"""A municipality's list goes into the register.

    with import_associations(path, "Gent", register, agent, root) as report:
        write_outcome(report, path, outcome_path(path))

Every row ends as geregistreerd, gewijzigd, ongewijzigd, geweigerd or voorgelegd. Chunks of rows are one transaction
each, with the note that they are done in it: an import that is interrupted goes on there, with the outcomes it had.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from app.exchange.imports.checkpoint import Checkpoint, find_checkpoint
from app.exchange.imports.report import ImportReport, Result, RowOutcome
from app.exchange.imports.rows import RowSettler
from app.exchange.imports.work import Item, Job, collecting_rarely, working
from app.exchange.spreadsheet.cells import Limits, Row
from app.exchange.spreadsheet.columns import load_columns
from app.exchange.spreadsheet.headers import Recognition, recognise
from app.exchange.spreadsheet.read import read_sheets
from app.exchange.spreadsheet.rows import Skipped
from app.model.codelists import Municipality
from app.register.agents import Agent
from app.register.desk import Desk
from app.register.doubles.traits import place_names
from app.register.register import Register

__all__ = ["ImportReport", "Result", "RowOutcome", "import_associations"]

CHUNK_ROWS = 500
Progress = Callable[[ImportReport], None]
Items = Iterator[list[Item | Skipped]]


class Undo(Exception):
    """Ends a dry run: the transaction that it was is undone."""


def import_associations(
    path: Path,
    municipality: str,
    register: Register,
    agent: Agent,
    root: Path,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    workers: int | None = None,
    chunk_rows: int = CHUNK_ROWS,
    limits: Limits | None = None,
) -> ImportReport:
    """Bring in the list at `path`; `root` holds the ontology. Raises Unknown, Refused or TooLarge before it begins.

    A dry run goes through everything in one transaction and undoes it, so it keeps other writers waiting meanwhile.
    """
    home = register.codelists.known_municipality(municipality)
    found = recognise(read_sheets(path, limits), load_columns(root))
    report = ImportReport(path, home.name, dry_run, found)
    job = Job(root, register.schema.base, home.nis, found.bindings, register.today(), register.test_identities)
    run = _Run(register, replace(agent, municipality=home.nis), home, report, progress or (lambda _: None))
    checkpoint = Checkpoint("") if dry_run else run.resume(path)
    try:
        with working(job, register.tools, _processors() if workers is None else workers) as work, collecting_rarely():
            items = work(_chunks(found, checkpoint.row, chunk_rows))
            run.dry(items) if dry_run else run.real(items, checkpoint)
    except BaseException:
        report.close()
        raise
    return report


def _chunks(found: Recognition, after: int, size: int) -> Iterator[list[Row]]:
    rows = (row for row in found.sheet.rows() if row.number > max(after, found.header_row))
    while chunk := list(islice(rows, size)):
        yield chunk


def _processors() -> int:
    return len(os.sched_getaffinity(0))


class _Run:
    """One import on its way."""

    def __init__(
        self, register: Register, agent: Agent, home: Municipality, report: ImportReport, progress: Progress
    ) -> None:
        self._register, self._agent, self._report, self._progress = register, agent, report, progress
        self._settler = RowSettler(tuple(place_names(home, register.codelists)))
        self._reason = f"lijst van {home.name}"

    def resume(self, path: Path) -> Checkpoint:
        """Take over what an interrupted import of this file came to."""
        log = self._register.log
        assert self._agent.municipality is not None
        checkpoint = find_checkpoint(log, path, self._agent.municipality)
        for outcomes in checkpoint.restore(log, self._settler.seen):
            self._report.add(outcomes)
        self._report.resumed_after = checkpoint.row
        return checkpoint

    def real(self, chunks: Items, checkpoint: Checkpoint) -> None:
        for items in chunks:
            with self._register.log.transaction() as transaction:
                desk = Desk(self._register, transaction, self._agent, self._reason, self._register.today())
                outcomes = self._settler.settle_all(items, desk)
                checkpoint.save(transaction, outcomes, self._settler.seen)
            self._tell(outcomes)
        if checkpoint.chunks:
            with self._register.log.transaction() as transaction:
                checkpoint.clear(transaction)

    def dry(self, chunks: Items) -> None:
        try:
            with self._register.log.transaction() as transaction:
                desk = Desk(self._register, transaction, self._agent, self._reason, self._register.today())
                for items in chunks:
                    self._tell(self._settler.settle_all(items, desk))
                raise Undo
        except Undo:
            return

    def _tell(self, outcomes: list[RowOutcome]) -> None:
        self._report.add(outcomes)
        self._progress(self._report)
