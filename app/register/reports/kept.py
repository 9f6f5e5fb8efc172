"""Answers that take long are kept, for every process, and made anew behind the reader.

    kept.answer(Asking(key, stand, make), patience=0.8)     # raises NotYet when it takes longer, and goes on making it

What is kept says of when it is.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter

from app.errors import NotYet
from app.store.database import Database
from app.store.figures import Made, find_answer, forget_answers, keep_answer
from app.store.times import iso

# What takes longer is kept; what is kept is shown for so long without asking anew, and so long while it is made anew.
SLOW, FRESH, KEPT = 200, timedelta(minutes=10), timedelta(days=8)
REMEMBERED = 500
RETRY_SECONDS = 5


@dataclass(frozen=True)
class Asking:
    """One question: what it is known by, what its answer depends on, and what makes the rows as JSON.

    `lasts`: while `stand` is the same, the answer is.
    """

    key: str
    stand: str
    make: Callable[[], bytes]
    lasts: bool = True


class Kept:
    """Takes questions from any thread; `later` has something done behind the reader."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], later: Callable[[Callable[[], None]], None]
    ) -> None:
        self._database, self._clock, self._later = database, clock, later
        self._remembered: dict[str, Made] = {}
        self._making: dict[str, Future[Made]] = {}
        self._lock = threading.Lock()

    def at_once(self, asked: Asking) -> Made:
        """The answer to what takes no time, made here unless nothing changed."""
        known = self._known(asked)
        return known if known and known.stand == asked.stand else self.make(asked)

    def answer(self, asked: Asking, patience: float | None = None) -> Made:
        """The answer, maybe an older one; the first is waited for so many seconds, and then raises NotYet."""
        known = self._known(asked)
        if known and known.stand == asked.stand and asked.lasts:
            return known
        if known is None or known.milliseconds < SLOW:
            known = find_answer(self._database, asked.key)
        if known is None or known.milliseconds < SLOW:
            return self._wait(asked, patience)
        changed = known.stand != asked.stand or not asked.lasts
        if changed and self._clock() - datetime.fromisoformat(known.made) > FRESH:
            self._start(asked)
        return known

    def make(self, asked: Asking) -> Made:
        """Make it now, and keep it when that took long."""
        started = perf_counter()
        rows = asked.make()
        took = round((perf_counter() - started) * 1000)
        made = Made(asked.key, iso(self._clock()), asked.stand, took, rows)
        with self._lock:
            self._remembered[made.key] = made
            while len(self._remembered) > REMEMBERED:
                del self._remembered[next(iter(self._remembered))]
        if took >= SLOW:
            keep_answer(self._database, made)
        return made

    def is_there(self, asked: Asking) -> bool:
        """Whether there is an answer already, of whatever time."""
        return self._known(asked) is not None or find_answer(self._database, asked.key) is not None

    def forget_old(self) -> None:
        """Let go of what nobody asked anew for long."""
        forget_answers(self._database, iso(self._clock() - KEPT))

    def _known(self, asked: Asking) -> Made | None:
        with self._lock:
            return self._remembered.get(asked.key)

    def _wait(self, asked: Asking, patience: float | None) -> Made:
        try:
            return self._start(asked).result(patience)
        except TimeoutError:
            raise NotYet("Dit rapport wordt gemaakt.", RETRY_SECONDS) from None

    def _start(self, asked: Asking) -> Future[Made]:
        with self._lock:
            if asked.key in self._making:
                return self._making[asked.key]
            promised: Future[Made] = Future()
            self._making[asked.key] = promised

        def work() -> None:
            try:
                promised.set_result(self.make(asked))
            except BaseException as error:
                promised.set_exception(error)
                raise
            finally:
                with self._lock:
                    del self._making[asked.key]

        self._later(work)
        return promised
