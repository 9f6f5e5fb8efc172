"""What only one of several processes does: beside the others as long as it has the lead, and by another when it fails.

Everything that answers requests runs in each process; what harvests, sends, follows others and fills a store that all
share runs in one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager

import structlog

from app.store.leadership import Leadership

LOOK_SECONDS = 1.0
Work = Callable[[], AbstractContextManager[object]]


@contextmanager
def leading(lead: Leadership, works: Sequence[Work]) -> Iterator[None]:
    """Do these works while this process has the lead, and look for it while it has not."""
    stop = threading.Event()

    def watch() -> None:
        while not stop.is_set():
            if lead.held():
                _lead(lead, works, stop)
            stop.wait(LOOK_SECONDS)

    thread = threading.Thread(target=watch, name="lead", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        lead.let_go()


def _lead(lead: Leadership, works: Sequence[Work], stop: threading.Event) -> None:
    structlog.get_logger("lead").info("leads")
    with ExitStack() as stack:
        for work in works:
            stack.enter_context(work())
        while not stop.wait(LOOK_SECONDS):
            if not lead.held():
                structlog.get_logger("lead").warning("lost the lead")
                return
