"""Several processes behind one socket: each serves with stores of its own, and one that ends is started again.

The kernel hands each connection to whichever accepts it first. They have nothing in common but the database (and the
engine of the graphs, if there is one): what is written through one, the others see as soon as they have followed.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from pathlib import Path
from types import FrameType
from typing import NoReturn

import structlog

from app.bootstrap.register import open_register
from app.cli.listening import FIRST_INHERITED, notify
from app.config import Settings, for_next_start

FOLDER = "processen"
# One that cannot start must not take all of the machine by trying.
PAUSE_SECONDS = 1.0
PASSED_ON = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)


def keep_workers(listener: socket.socket, settings: Settings) -> int:
    """Keep so many processes at work until told to stop; SIGHUP has each start anew."""
    with open_register(settings):
        pass  # the tables, the key and the start of all addresses, before several want to make them
    workers = {_start(listener, settings, number): number for number in range(1, settings.workers + 1)}
    stopping: list[int] = []

    def pass_on(number: int, frame: FrameType | None) -> None:
        if number != signal.SIGHUP:
            stopping.append(number)
        for pid in workers:
            os.kill(pid, signal.SIGHUP if number == signal.SIGHUP else signal.SIGTERM)

    for number in PASSED_ON:
        signal.signal(number, pass_on)
    # Who connects waits for the first of them. None of them tells systemd itself: it hears the first process alone.
    notify("READY=1")
    while workers:
        pid, status = os.wait()
        place = workers.pop(pid, None)
        if place is not None and not stopping:
            structlog.get_logger("cli").warning("worker ended", pid=pid, status=status)
            time.sleep(PAUSE_SECONDS)
            if not stopping:
                workers[_start(listener, settings, place)] = place
    return 0


def _start(listener: socket.socket, settings: Settings, number: int) -> int:
    return os.fork() or _become_worker(listener, settings.data / FOLDER / str(number))


def _become_worker(listener: socket.socket, stores: Path) -> NoReturn:
    for passed in PASSED_ON:
        signal.signal(passed, signal.SIG_DFL)
    os.dup2(listener.fileno(), FIRST_INHERITED)
    # Said apart: where the socket has that number already, nothing was copied.
    os.set_inheritable(FIRST_INHERITED, True)
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    # Of an option that is given twice, the last one counts.
    command = [*sys.orig_argv, "--workers", "1", "--stores", str(stores)]
    os.execve(sys.executable, command, for_next_start(notifying=False))
