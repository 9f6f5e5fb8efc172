"""Strangers' queries, each in a worker process that has a deadline, a memory limit, a byte limit and no network.

pool = QueryPool(Snapshots(public, data / "snapshots"), workers=2, limits=Limits(seconds=10))
answer = await pool.answer(Question("SELECT * { ?s ?p ?o } LIMIT 10", solutions="text/csv"))
pool.close()
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from app.errors import LoketError, TooLarge, Unavailable
from app.store.queries.complaints import not_possible, service_refused, syntax_error
from app.store.queries.process import DIED, STOPPED, Reply, WorkerProcess
from app.store.queries.snapshots import Snapshot, Snapshots
from app.store.spans import step

# Workers that have no copies to read may read nothing.
NOWHERE = Path("/nergens")
BUSY = "Er zijn op dit ogenblik te veel vragen. Probeer over enkele seconden opnieuw."


@dataclass(frozen=True)
class Limits:
    """What a query may take, and how many may wait for how long."""

    seconds: float = 10.0
    max_bytes: int = 64_000_000
    memory: int = 2_000_000_000
    waiting: int = 500
    patience: float = 20.0


@dataclass(frozen=True)
class Question:
    """A query, its dataset, and the media type wanted for each kind of result; None when none of that kind will do."""

    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    solutions: str | None = "application/sparql-results+json"
    boolean: str | None = "application/sparql-results+json"
    graph: str | None = "text/turtle"
    base: str | None = None


@dataclass(frozen=True)
class Answer:
    """The result; `kind` is solutions, boolean or graph, and `media_type` None when no format was wanted for it."""

    kind: str
    media_type: str | None
    body: bytes
    generation: int


class QueryPool:
    """Workers and the queue before them. To be used from one thread at a time."""

    def __init__(self, snapshots: Snapshots | None, workers: int = 2, limits: Limits | None = None) -> None:
        self._snapshots = snapshots
        self._limits = limits or Limits()
        folder = NOWHERE if snapshots is None else snapshots.folder
        self._workers = tuple(WorkerProcess(self._limits.memory, folder) for _ in range(workers))
        self._idle = deque(self._workers)
        self._waiting: deque[asyncio.Future[WorkerProcess]] = deque()
        self._sweeping: asyncio.Future[None] | None = None
        self._closed = False
        # Seconds of all workers together, since the start.
        self.spent = 0.0

    def start(self) -> None:
        """Have the processes get ready; without this they do at the first questions."""
        for worker in self._workers:
            worker.start()

    async def generation(self) -> int:
        """The sequence that an answer given now would have."""
        return (await self._snapshot()).generation

    async def answer(self, question: Question, meter: Callable[[float], None] | None = None) -> Answer:
        """Raises BadQuery, TooLarge, or Unavailable when there is no time, no memory or no room in the queue.

        `meter` is told how many seconds a worker was busy with it, however that ended.
        """
        worker = await self._borrow()
        begun = perf_counter()
        try:
            snapshot = await self._snapshot()
            begun = perf_counter()
            with step("answer a question") as span:
                header, body = await self._have_answered(question, snapshot, worker)
                span.note({"verenigingsloket.answer": header.get("error") or header["kind"]})
        finally:
            self._give_back(worker)
            self.spent += (took := perf_counter() - begun)
            if meter is not None:
                meter(took)
        if header.get("error") == "store" and self._snapshots is not None:
            await asyncio.to_thread(self._snapshots.doubt, snapshot)
        if "error" in header:
            raise self._error(question, header)
        return Answer(header["kind"], header["media_type"], body, snapshot.generation)

    async def query(
        self, text: str, media_type: str, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
    ) -> bytes:
        """The result in this media type."""
        types = {"solutions": media_type, "boolean": media_type, "graph": media_type}
        return (await self.answer(Question(text, tuple(default_graphs), tuple(named_graphs), **types))).body

    def close(self) -> None:
        """End all processes and remove the copies."""
        self._closed = True
        while self._waiting:
            self._waiting.popleft().cancel()
        for worker in self._workers:
            worker.stop()
        if self._snapshots is not None:
            self._snapshots.close()

    def walls(self) -> frozenset[str]:
        """What keeps all workers in that have answered so far; see `app.store.queries.confine`."""
        known = [worker.walls for worker in self._workers if worker.walls is not None]
        return frozenset.intersection(*known) if known else frozenset()

    def waiting(self) -> int:
        """How many questions wait for a worker."""
        return len(self._waiting)

    def idle(self) -> int:
        """How many workers wait for a question."""
        return len(self._idle)

    def pids(self) -> tuple[int, ...]:
        """The processes that there are now."""
        return tuple(worker.pid for worker in self._workers if worker.pid is not None)

    async def _have_answered(self, question: Question, snapshot: Snapshot, worker: WorkerProcess) -> Reply:
        return await worker.ask(self._message(question, snapshot, worker), self._limits.seconds)

    async def _snapshot(self) -> Snapshot:
        assert self._snapshots is not None
        while (snapshot := self._snapshots.ready()) is None:
            await asyncio.to_thread(self._snapshots.make)
        return snapshot

    async def _borrow(self) -> WorkerProcess:
        if self._closed:
            raise Unavailable(STOPPED)
        if self._idle:
            return self._idle.popleft()
        if len(self._waiting) >= self._limits.waiting:
            raise Unavailable(BUSY)
        turn: asyncio.Future[WorkerProcess] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            return await asyncio.wait_for(turn, self._limits.patience)
        except TimeoutError:
            raise Unavailable(BUSY) from None

    def _give_back(self, worker: WorkerProcess) -> None:
        if self._closed:
            worker.stop()
            return
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(worker)
                return
        # At the far end, so that the workers take turns and none keeps an old copy for long.
        self._idle.append(worker)

    def _message(self, question: Question, snapshot: Snapshot, worker: WorkerProcess) -> dict[str, Any]:
        moved = worker.directory not in (None, snapshot.directory)
        worker.directory = snapshot.directory
        if moved:
            self._sweep()
        return {
            "directory": str(snapshot.directory),
            "text": question.text,
            "base": question.base,
            "default_graphs": question.default_graphs,
            "named_graphs": question.named_graphs,
            "types": {"solutions": question.solutions, "boolean": question.boolean, "graph": question.graph},
            "max_bytes": self._limits.max_bytes,
        }

    def _sweep(self) -> None:
        if self._sweeping is not None and not self._sweeping.done():
            return
        loop = asyncio.get_running_loop()
        assert self._snapshots is not None
        self._sweeping = loop.run_in_executor(None, self._snapshots.sweep, self._in_use)

    def _in_use(self) -> set[Path | None]:
        return {worker.directory for worker in self._workers}

    def _error(self, question: Question, header: dict[str, Any]) -> LoketError:
        message = header.get("message", "")
        errors: dict[str, LoketError] = {
            "service": service_refused(),
            "size": TooLarge(f"Het antwoord is groter dan {self._limits.max_bytes // 1_000_000} MB. Vraag minder."),
            "memory": Unavailable(DIED),
            "store": Unavailable("De gegevens zijn op dit ogenblik niet te lezen."),
            "evaluation": not_possible(message),
        }
        return errors[header["error"]] if header["error"] in errors else syntax_error(question.text, message)
