"""What can be done to rows without the register, in this process or in workers beside it: read, complete, check."""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from pathlib import Path

from app.errors import Problem, Refused
from app.exchange.spreadsheet.cells import Row
from app.exchange.spreadsheet.draft import CellProblem, Document, Draft
from app.exchange.spreadsheet.headers import Binding
from app.exchange.spreadsheet.rows import RowReader, Skipped
from app.model.codelists import load_codelists
from app.model.schema import load_schema
from app.model.shapes import load_checker
from app.register.handle import Prepared, Tools, UnknownAddress, prepare
from app.register.prepare import origin_of, read_new

AHEAD = 2
SELDOM = (50_000, 20, 50)
TAKEN_FOR_VZW = "De rechtsvorm ontbreekt. Door het KBO-nummer is de vereniging als vzw ingeschreven."


@dataclass(frozen=True)
class Job:
    """What workers need to know; all of it can be sent to another process."""

    root: Path
    base: str
    nis: str
    bindings: tuple[Binding, ...]
    today: date
    test_identities: bool = False


@dataclass(frozen=True)
class Item:
    """One row as far as it can be brought without the register; `digest` tells its content from any other."""

    draft: Draft
    digest: str = field(repr=False)
    document: Document = field(default_factory=dict, repr=False)
    prepared: Prepared | None = field(default=None, repr=False)
    problems: tuple[Problem, ...] = ()
    unknown_address: bool = False


class Worker:
    """Does the work of one job."""

    def __init__(self, job: Job, tools: Tools) -> None:
        self._job, self._tools = job, tools
        municipality = tools.codelists.municipality(job.nis)
        assert municipality is not None
        self._reader = RowReader(job.bindings, tools.codelists, tools.type, municipality, job.test_identities)

    def work(self, rows: Iterable[Row]) -> list[Item | Skipped]:
        """Each row as a draft, prepared for registering where that can be."""
        return [self._item(found) if isinstance(found, Draft) else found for found in map(self._reader.read, rows)]

    def _item(self, draft: Draft) -> Item:
        if draft.problems:
            return Item(draft, "")
        document = self._with_type(draft)
        if draft.doubts:
            return Item(draft, self._origin(document), document)
        try:
            prepared = prepare(document, self._tools, self._job.today, self._job.nis)
        except Refused as error:
            unknown_address = isinstance(error, UnknownAddress)
            return Item(draft, self._origin(document), document, None, error.problems, unknown_address)
        return Item(draft, prepared.origin, document, prepared)

    def _origin(self, document: Document) -> str:
        return origin_of(read_new(document, self._tools)[1])

    def _with_type(self, draft: Draft) -> Document:
        """With a legal form where the list has none: only legal persons have a KBO number, nearly all are a vzw."""
        if "verenigingstype" in draft.document:
            return draft.document
        kind = "VZW" if "kboNummer" in draft.document else "VZER"
        if kind == "VZW" and not draft.code:
            draft.remarks.append(CellProblem(draft.column_of("kboNummer"), TAKEN_FOR_VZW))
        found = self._tools.codelists.find("verenigingstype", kind)
        assert found is not None
        return {**draft.document, "verenigingstype": found.iri}


@contextmanager
def working(
    job: Job, tools: Tools, workers: int
) -> Iterator[Callable[[Iterator[list[Row]]], Iterator[list[Item | Skipped]]]]:
    """A function from chunks of rows to chunks of items, in the same order; a single chunk is done right here."""

    def work(chunks: Iterator[list[Row]]) -> Iterator[list[Item | Skipped]]:
        first = list(islice(chunks, 2))
        if len(first) < 2 or workers < 1:
            here = Worker(job, tools)
            return (here.work(rows) for rows in chain(first, chunks))
        pools.append(_pool(job, workers))
        return _in_order(pools[0], chain(first, chunks), workers * AHEAD)

    pools: list[ProcessPoolExecutor] = []
    try:
        yield work
    finally:
        for pool in pools:
            pool.shutdown(cancel_futures=True)


@contextmanager
def collecting_rarely() -> Iterator[None]:
    """Let the garbage collector look seldom, and not at what was there before: rows make much, and no circles.

    Code lists and shapes are some 50,000 objects, which it would walk through again and again: a seventh of the time.
    """
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


def _in_order(pool: ProcessPoolExecutor, chunks: Iterator[list[Row]], ahead: int) -> Iterator[list[Item | Skipped]]:
    """At most `ahead` chunks are on their way: what is read must not pile up before what is written."""
    waiting: deque[Future[list[Item | Skipped]]] = deque()
    for chunk in chunks:
        waiting.append(pool.submit(_work, chunk))
        if len(waiting) > ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _pool(job: Job, workers: int) -> ProcessPoolExecutor:
    # Not by fork: this process has open databases and threads.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, context, _start, (job,))


_worker: list[Worker] = []


def _start(job: Job) -> None:
    """Make this process a worker, for as long as the one that started it lives."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    schema = load_schema(job.root, job.base)
    tools = Tools(schema, load_codelists(job.root), load_checker(schema, "vereniging"), job.test_identities)
    _worker.append(Worker(job, tools))
    gc.freeze()
    gc.set_threshold(*SELDOM)


def _work(rows: Sequence[Row]) -> list[Item | Skipped]:
    return _worker[0].work(rows)


def _end_with_parent() -> None:
    """A killed import must not leave workers behind: they would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
