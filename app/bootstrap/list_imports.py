"""The thread that tries and brings in the lists that people sent, beside everything else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog

from app.bootstrap.beside import beside
from app.exchange.list_imports import Lists

WORK_SECONDS = 0.5
TIDY_EVERY = timedelta(hours=6)


@contextmanager
def bringing_in(lists: Lists) -> Iterator[None]:
    """Do what waits, one list at a time; what is left when the service stops is done at its next start."""

    def watch(stop: threading.Event) -> None:
        tidied: datetime | None = None
        while not stop.wait(WORK_SECONDS):
            try:
                while not stop.is_set() and lists.work():
                    pass
                now = lists.register.clock()
                if tidied is None or now - tidied > TIDY_EVERY:
                    lists.tidy()
                    tidied = now
            except Exception as error:
                # The lease runs out and the work is taken up again; not the text, which could hold a value.
                structlog.get_logger("lists").error("cannot bring in", error=type(error).__name__)

    with beside("bring-in-lists", watch):
        yield
