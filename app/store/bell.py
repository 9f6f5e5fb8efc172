"""Rings when something was written: at once for what this process writes, a moment later for what others do.

for _ in bell.turns(stop, least=0.25, most=30.0):
    follow()
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

import structlog

LOOK_SECONDS = 0.25
REST_SECONDS = 1.0
Marks = Callable[[], AbstractContextManager[Callable[[], int]]]


class Bell:
    """Many may wait for it, each in a thread of its own."""

    def __init__(self) -> None:
        self._rung = threading.Condition()
        self._times = 0

    def ring(self) -> None:
        """Wake all who wait."""
        with self._rung:
            self._times += 1
            self._rung.notify_all()

    def wait(self, heard: int, seconds: float, stop: threading.Event) -> int:
        """How often it has rung, once that is not what the asker heard, or so many seconds later.

        Who sets `stop` rings for that to be heard.
        """
        with self._rung:
            self._rung.wait_for(lambda: self._times != heard or stop.is_set(), seconds)
            return self._times

    def listen(self, marks: Marks, stop: threading.Event) -> None:
        """Ring when others wrote: `marks` opens a number that changes when anybody did."""
        last: int | None = None
        while not stop.is_set():
            try:
                with marks() as mark:
                    while not stop.is_set():
                        if (now := mark()) != last:
                            last = now
                            self.ring()
                        stop.wait(LOOK_SECONDS)
            except Exception as error:
                structlog.get_logger("bell").warning("cannot look", error=type(error).__name__)
                stop.wait(REST_SECONDS)
