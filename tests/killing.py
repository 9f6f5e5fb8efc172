"""Ending a process with kill -9, at a random time or at a named moment, and what it had promised until then.

The process runs a function whose last argument is a connection: each number that it sends there is a promise that
everything up to it is kept. The first number is where it began.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Any

from app.store.moments import watch
from tests.running import PATIENCE

Target = Callable[..., None]


def ready_to_fork(module: str) -> ForkServerContext:
    """Processes that start with this module read already: otherwise each would take seconds."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([module])
    return context


def killed_after(
    context: ForkServerContext, target: Target, arguments: tuple[Any, ...], seconds: float, promises: int = 1
) -> int:
    """Let it work until it has made so many promises and some time longer; the last that it made."""
    process, receive = begun(context, target, arguments)
    promised = 0
    for _ in range(promises):
        assert receive.poll(PATIENCE), "nothing was promised"
        promised = receive.recv()
    time.sleep(seconds)
    assert process.is_alive(), "it stopped by itself"
    process.kill()
    process.join()
    return last(receive, promised)


def killed_at(
    context: ForkServerContext, target: Target, arguments: tuple[Any, ...], moment: str, time_round: int
) -> int:
    """Let it work until it comes to this moment for the so manieth time; the last that it promised."""
    process, receive = begun(context, until, (moment, time_round, target, *arguments))
    process.join(PATIENCE)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise AssertionError(f"it did not come to “{moment}” {time_round} times")
    assert process.exitcode == -signal.SIGKILL, f"it ended by itself before “{moment}”"
    return last(receive, 0)


def until(moment: str, times: int, target: Target, *arguments: Any) -> None:
    """Run `target`, and end this very process at a moment."""
    left = [times]

    def die(reached: str) -> None:
        left[0] -= reached == moment
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)

    watch(die)
    target(*arguments)


def begun(
    context: ForkServerContext, target: Target, arguments: tuple[Any, ...]
) -> tuple[ForkServerProcess, Connection]:
    receive, send = context.Pipe(duplex=False)
    process = context.Process(target=target, args=(*arguments, send))
    process.start()
    send.close()
    return process, receive


def last(receive: Connection, promised: int) -> int:
    try:
        while True:
            promised = receive.recv()
    except (EOFError, OSError):
        receive.close()
        return promised
