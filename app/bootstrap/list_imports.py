"""The thread that tries and brings in the lists that people sent, beside everything else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from app.bootstrap.beside import in_turns
from app.exchange.imports.browser import Lists

WORK_SECONDS = 0.5
TIDY_EVERY = timedelta(hours=6)


@contextmanager
def bringing_in(lists: Lists) -> Iterator[None]:
    """Do what waits, one list at a time; what is left when the service stops is done at its next start."""

    tidied: datetime | None = None

    def work(stop: threading.Event) -> None:
        nonlocal tidied
        while not stop.is_set() and lists.work():
            pass
        now = lists.register.clock()
        if tidied is None or now - tidied > TIDY_EVERY:
            lists.tidy()
            tidied = now

    with in_turns("bring-in-lists", work, lists.register.log.database.bell, WORK_SECONDS):
        yield
