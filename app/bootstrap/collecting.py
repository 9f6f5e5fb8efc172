"""Python's garbage collection leaves alone what stays as long as the service: code, templates, code lists, indexes.

A full collection looks at every object there is, and whoever asks something meanwhile waits for it. What is there when
the service opens is therefore set aside (`gc.freeze`), and so is what survives a full collection that took long, as
after many products came in. What is set aside goes as soon as nothing refers to it; only what refers to itself stays,
until all is looked at once a day.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from app.bootstrap.beside import beside

# Young objects are looked at after so many new ones: a page of results makes some 10,000, nearly all gone at its end.
OFTEN = (5_000, 20, 20)
LONG = 0.005
DAY = 24 * 60 * 60.0


@contextmanager
def sparing_what_stays() -> Iterator[None]:
    """From now on, until the service closes."""
    before = gc.get_threshold()
    watch = _Watch()
    look_at_everything()
    gc.set_threshold(*OFTEN)
    gc.callbacks.append(watch)
    try:
        with beside("collect-garbage", _daily):
            yield
    finally:
        gc.callbacks.remove(watch)
        gc.set_threshold(*before)
        gc.unfreeze()


def look_at_everything() -> None:
    """Collect all that is garbage, and set the rest aside."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


class _Watch:
    """Sets aside what survived a full collection that took long."""

    def __init__(self) -> None:
        self._started = 0.0

    def __call__(self, phase: str, told: dict[str, int]) -> None:
        if phase == "start":
            self._started = time.thread_time()
        elif told["generation"] == 2 and time.thread_time() - self._started > LONG:
            gc.freeze()


def _daily(stop: threading.Event) -> None:
    while not stop.wait(DAY):
        look_at_everything()
