"""Work that goes on beside everything else, in a thread of its own, for as long as the service is open."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# What is in the middle of a call to somebody else is not waited for any longer: it is taken up again at the next start.
PATIENCE = 5.0


@contextmanager
def beside(name: str, work: Callable[[threading.Event], object], patience: float | None = PATIENCE) -> Iterator[None]:
    """Have `work` done in a thread; at the end it is told to stop and waited for, `patience` seconds or for good."""
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(stop,), name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=patience)
