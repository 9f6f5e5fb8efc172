"""Settings -> what answers reports, with a thread that makes slow ones anew behind the reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import structlog

from app.bootstrap.ambient import root
from app.config import Settings
from app.register.register import Register
from app.register.reporting import Reporter, load_reports
from app.store.graphs import Graphs


@contextmanager
def open_reporter(settings: Settings, register: Register, public: Graphs, internal: Graphs) -> Iterator[Reporter]:
    """One for the whole program; what is being made when it ends, is finished first."""
    with ThreadPoolExecutor(1, thread_name_prefix="reports") as pool:

        def later(work: Callable[[], None]) -> None:
            pool.submit(_quietly, work)

        yield Reporter(register, public, load_reports(root()), later, settings.usage_visitors, internal)
        pool.shutdown(cancel_futures=True)


def _quietly(work: Callable[[], None]) -> None:
    try:
        work()
    except Exception as error:  # the answer that is there stays; not the text, which could hold a value
        structlog.get_logger("reports").error("cannot make a report", error=type(error).__name__)
