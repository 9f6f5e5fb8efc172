"""Settings -> what counts the use of the service, and the thread that writes it down."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from app.bootstrap.beside import beside
from app.config import Settings
from app.errors import LoketError
from app.register.register import Register
from app.register.reports.usage import Counter

# What is lost at most when the process is killed.
FLUSH_SECONDS = 5.0


def open_counter(settings: Settings, register: Register) -> Counter | None:
    """None when the settings say that nothing is counted."""
    return Counter(register.log.database, register.clock, os.urandom) if settings.usage else None


@contextmanager
def counting(counter: Counter | None, every: float = FLUSH_SECONDS) -> Iterator[Counter | None]:
    """Write down every few seconds what was counted, and the last of it at the end."""
    if counter is None:
        yield None
        return

    def watch(stop: threading.Event) -> None:
        while not stop.wait(every):
            _flush(counter)

    try:
        with beside("count-usage", watch, patience=None):
            yield counter
    finally:
        _flush(counter)


def _flush(counter: Counter) -> None:
    try:
        counter.flush()
    except LoketError as error:  # it is kept, and goes down the next time
        structlog.get_logger("usage").warning("cannot write counts", why=error.title)
