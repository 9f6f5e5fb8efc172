"""Work that goes on beside everything else, in a thread of its own, for as long as the service is open."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

from app.errors import LoketError
from app.store.bell import Bell
from app.store.database import Database
from app.web.edge.edge import places

# What is in the middle of a call to somebody else is not waited for any longer: it is taken up again at the next start.
PATIENCE = 5.0
# So soon a turn that failed is taken again.
AGAIN_SECONDS = 2.0
# So seldom somebody looks who is woken when there is something to do.
SELDOM_SECONDS = 30.0
NEVER = -1
Turn = Callable[[threading.Event], object]


@contextmanager
def beside(
    name: str, work: Turn, patience: float | None = PATIENCE, wake: Callable[[], object] = lambda: None
) -> Iterator[None]:
    """Have `work` done in a thread; at the end it is told to stop and waited for, `patience` seconds or for good."""
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(stop,), name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        wake()
        thread.join(timeout=patience)


@contextmanager
def in_turns(
    name: str, turn: Turn, bell: Bell, least: float, most: float = SELDOM_SECONDS, patience: float | None = PATIENCE
) -> Iterator[None]:
    """Have a turn taken each time that something was written, `least` seconds apart, and at least each `most` seconds.

    Whatever befalls a turn, the next is taken: the log says what it was, without its text, which could hold a value.
    """

    def take(stop: threading.Event) -> None:
        heard, pause = NEVER, most
        while not stop.wait(least):
            heard = bell.wait(heard, pause, stop)
            if not stop.is_set():
                pause = most if _taken(name, turn, stop) else AGAIN_SECONDS

    with beside(name, take, patience, bell.ring):
        yield


@contextmanager
def listening(database: Database) -> Iterator[None]:
    """Have the bell of this database rung for what other processes write to it."""
    with beside("listen", lambda stop: database.bell.listen(database.marks, stop), patience=None):
        yield


def _taken(name: str, turn: Turn, stop: threading.Event) -> bool:
    log = structlog.get_logger("beside")
    try:
        turn(stop)
    except LoketError as error:
        log.warning("a turn failed", work=name, why=error.title)
    except Exception as error:
        log.error("a turn failed", work=name, error=type(error).__name__, at=places(error))
    else:
        return True
    return False
