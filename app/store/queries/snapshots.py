"""Copies of a store for the query workers: made when somebody asks and the store has moved, removed when let go."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

# Two copies in so much time that cannot be read are no mishap of the copying.
DOUBT_SECONDS = 3600.0
NEVER = float("-inf")


class Source(Protocol):
    """What is copied; `app.store.graphs.port.Graphs` is one."""

    def applied(self) -> int: ...

    def snapshot(self, directory: Path) -> None: ...

    def look_through(self) -> None: ...

    def distrust(self) -> None: ...

    def begun(self) -> int: ...


@dataclass(frozen=True)
class Snapshot:
    """A copy that never changes; it holds at least everything up to the sequence `generation`."""

    directory: Path
    generation: int
    # How often the store had been begun anew: what is filled again is as far in the log as what was damaged.
    begun: int = 0


class Snapshots:
    """The latest copy of a store, under `folder`, which is ours alone.

    A reader finds what was written before it asked, save when writes and questions keep alternating: then at most
    `burst` copies are made at once and one per `interval` seconds from there, and the answer is that much behind.
    """

    def __init__(
        self,
        source: Source,
        folder: Path,
        interval: float = 0.2,
        burst: int = 5,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source = source
        self.folder = folder.resolve()
        self._interval = self._period = interval
        self._burst = burst
        self._clock = clock
        self._lock = threading.Lock()
        self._current: Snapshot | None = None
        self._made, self._doubted = 0, NEVER
        # The moment at which all of the burst is available again.
        self._rested = clock()
        # What a process that was killed left behind.
        shutil.rmtree(folder, ignore_errors=True)
        # Workers are let in here, and nowhere else, before there is any copy.
        folder.mkdir(parents=True, exist_ok=True)

    def ready(self) -> Snapshot | None:
        """The copy to use now, without any work; None when one must be made first."""
        current = self._current
        if current is None or current.begun != self._source.begun():
            return None
        return current if current.generation == self._source.applied() or self._too_soon() else None

    def make(self) -> Snapshot:
        """The copy to use now, made when there is none; takes milliseconds."""
        with self._lock:
            # Somebody else may have made it while we waited.
            self._current = self.ready() or self._copy()
            return self._current

    def sweep(self, in_use: Callable[[], Collection[Path | None]]) -> None:
        """Remove the copies that nobody uses; the last two stay, as somebody may be about to."""
        with self._lock:
            kept = in_use()
            for directory in self.folder.glob("*"):
                made = int(directory.name.partition("-")[0])
                if made < self._made - 1 and directory not in kept:
                    shutil.rmtree(directory, ignore_errors=True)

    def doubt(self, copy: Snapshot) -> None:
        """This copy cannot be read: it is used no more, and the store itself is looked through.

        What the store remembers hides what became of its files, and some of them nobody needs to look through it: when
        the same befalls another copy soon, the store is not trusted any more. Raises Unavailable when it is damaged.
        """
        with self._lock:
            if self._current is not copy or copy.begun != self._source.begun():
                return
            again = self._clock() - self._doubted < DOUBT_SECONDS
            self._current, self._doubted = None, self._clock()
            self._source.look_through()
            if again and copy.begun == self._source.begun():
                self._doubted = NEVER
                self._source.distrust()

    def close(self) -> None:
        """Remove all copies."""
        with self._lock:
            self._current = None
            shutil.rmtree(self.folder, ignore_errors=True)

    def _too_soon(self) -> bool:
        return self._rested - self._clock() > self._period * (self._burst - 1)

    def _copy(self) -> Snapshot:
        # Read before copying: a copy may hold more than it says, never less.
        begun, generation = self._source.begun(), self._source.applied()
        self._made += 1
        directory = self.folder / f"{self._made}-{generation}"
        self.folder.mkdir(parents=True, exist_ok=True)
        started = self._clock()
        self._source.snapshot(directory)
        ended = self._clock()
        # On a slow disk a copy takes long; it must not be all that the disk does.
        self._period = max(self._interval, 3 * (ended - started))
        self._rested = max(self._rested, ended) + self._period
        return Snapshot(directory, generation, begun)
