"""A directory with a store of pyoxigraph in it: what becomes of it while we use it is noticed, and made good.

What is damaged is set aside while the process runs; from then until all of the log is in the new one, who reads is told
to come back.
"""

from __future__ import annotations

import gc
import hashlib
import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, cast

import structlog
from pyoxigraph import RdfFormat, Store

from app.errors import Unavailable
from app.store.graphs.directories import set_aside

ANEW = "De graafopslag wordt opnieuw gemaakt uit het logboek. Probeer het straks opnieuw."
DAMAGED = "De graafopslag is beschadigd en wordt opnieuw gemaakt. Probeer het straks opnieuw."
MINUTE = 60
# So long readers of the old store are waited for.
PATIENCE = 30.0
# Graphs that are read before who looks through may rest.
PART = 100
# A table that is younger may still be written.
SETTLED_SECONDS = 60.0


class Damaged(Unavailable):
    """What stands there cannot be read or written any more."""


class Place:
    """Where a store stands; `path` is None for one in memory, which nothing befalls."""

    def __init__(self, store: Store, path: Path | None = None) -> None:
        self._store: Store | None = store
        self._path = path
        self._complete = True
        self._damaged = False
        # How often it was begun anew.
        self.begun = 0
        self._sums: dict[str, bytes] = {}
        self.alarm: Callable[[], None] = lambda: None
        # Called when the engine does not let go of the damaged store, though nobody here holds it: see `renew`.
        self.stuck: Callable[[], None] = lambda: None

    @property
    def is_damaged(self) -> bool:
        """Whether it has to be made anew; its directory may also have gone."""
        return self._damaged or (self._path is not None and not (self._path / "CURRENT").exists())

    @contextmanager
    def reading(self) -> Iterator[Store]:
        """The store, for who must see all of it. Raises Unavailable while it is made anew, or is found damaged."""
        if not self._complete:
            raise Unavailable(ANEW, MINUTE)
        with self.filling() as store:
            yield store

    @contextmanager
    def filling(self) -> Iterator[Store]:
        """The store, for who brings it up to date. Raises Unavailable when it is damaged."""
        begun, store = self.begun, self._store
        if store is None:
            raise Unavailable(ANEW, MINUTE)
        try:
            yield store
        except OSError as error:
            self._notice(error, begun)
            raise Damaged(DAMAGED, MINUTE) from error
        except RuntimeError as error:
            # RocksDB says RuntimeError("Corruption: ..."); other such errors are of the query.
            if "Corruption" not in str(error):
                raise
            self._notice(error, begun)
            raise Damaged(DAMAGED, MINUTE) from error

    def look_through(self) -> Iterator[None]:
        """Read all of it, part by part; raises Unavailable when that cannot be done.

        Of every file that never changes once it is written, what it held is remembered until the next time.
        """
        with self.filling() as store:
            for number, graph in enumerate(store.named_graphs(), 1):
                store.dump(cast(IO[bytes], Nowhere()), RdfFormat.N_TRIPLES, from_graph=graph)
                if number % PART == 0:
                    yield
                if self._damaged:
                    # It is made anew, which waits for whoever reads it.
                    raise Damaged(DAMAGED, MINUTE)
            for path in () if self._path is None else sorted(self._path.glob("*.sst")):
                with suppress(FileNotFoundError):  # packed together with others meanwhile
                    self._compare(path)
                yield

    def distrust(self) -> None:
        """Somebody else found it damaged. Raises Unavailable."""
        with self.filling():
            raise OSError("its copies cannot be read")

    def renew(self) -> None:
        """Set the damaged store aside and begin an empty one, that nobody reads before it is `completed`.

        Raises Damaged when the old one is held for longer than its readers may take. The engine itself does so once in
        some twenty times after it met turned bytes: only a new start of the process helps then; `stuck` asks for it.
        """
        assert self._path is not None
        structlog.get_logger("store").error("is made anew", store=self._path.name)
        self._complete, self._store = False, None
        self.begun += 1
        self._sums.clear()
        deadline = time.monotonic() + PATIENCE
        while self._store is None:
            # An error that was told of the old store may hold it still, also among what was set aside as staying.
            gc.unfreeze()
            gc.collect()
            if self._path.exists():
                set_aside(self._path)
            try:
                self._store = Store(str(self._path))
            except (OSError, RuntimeError) as error:
                # Who reads the old one still has it open, and may write to this path yet.
                if time.monotonic() > deadline:
                    structlog.get_logger("store").error("is not let go of", store=self._path.name)
                    self.stuck()
                    raise Damaged(DAMAGED, MINUTE) from error
                time.sleep(0.1)
        self._damaged = False

    def completed(self) -> None:
        """All is in it again."""
        self._complete = True

    def close(self) -> None:
        """Give the lock on the directory back; pyoxigraph does so when the last reference goes."""
        if self._store is not None and not self.is_damaged:
            with suppress(Damaged), self.filling() as store:
                store.flush()
        self._store = None

    def _compare(self, path: Path) -> None:
        """RocksDB writes a table once, and gives no other the same name."""
        if time.time() - path.stat().st_mtime < SETTLED_SECONDS and path.name not in self._sums:
            return
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").digest()
        if self._sums.setdefault(path.name, found) != found:
            raise OSError(f"{path.name} is no longer what it was")

    def _notice(self, error: Exception, begun: int) -> None:
        if begun != self.begun:
            return  # that was the old one
        if not self._damaged:
            structlog.get_logger("store").error("is damaged", error=str(error))
        self._damaged = True
        self.alarm()


class Nowhere(io.RawIOBase):
    """A file of which nothing is kept."""

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        assert isinstance(data, bytes | bytearray | memoryview)
        return len(data)
