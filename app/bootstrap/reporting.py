"""Settings -> what answers reports, with a thread that makes slow ones anew behind the reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import structlog

from app.bootstrap.ambient import root
from app.config import Settings
from app.register.register import Register
from app.register.reports.reporting import Reporter, Sources, load_reports
from app.web.edge.edge import places

AT_ONCE = 2


@contextmanager
def open_reporter(settings: Settings, register: Register, sources: Sources) -> Iterator[Reporter]:
    """One for the whole program, with what takes long made at once where it was never made.

    What is being made when it ends, is finished first.
    """
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="reports") as pool:

        def later(work: Callable[[], object]) -> None:
            pool.submit(_quietly, work)

        reporter = Reporter(register, sources, load_reports(root()), later, settings.usage_visitors)
        later(lambda: reporter.prepare(anew=False))
        yield reporter
        pool.shutdown(cancel_futures=True)


def _quietly(work: Callable[[], object]) -> None:
    try:
        work()
    except Exception as error:  # the answer that is there stays; not the text, which could hold a value
        state = getattr(getattr(error, "orig", None), "sqlstate", None)
        log = structlog.get_logger("reports")
        log.error("cannot make a report", error=type(error).__name__, sqlstate=state, at=places(error))
