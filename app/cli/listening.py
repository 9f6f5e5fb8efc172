"""Listening, stopping and starting again without a client noticing.

| signal | what happens |
|---|---|
| SIGTERM, SIGINT | no new connections; what is being answered is answered, streams end; then everything is closed |
| SIGHUP | the same, and the program starts anew in the same process: with new code, and the environment that it has |

Between two starts the socket stays open, in the hands of this process or of systemd, and the kernel keeps those who
connect meanwhile waiting: they are answered late, none is refused.
https://www.freedesktop.org/software/systemd/man/latest/sd_listen_fds.html
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn

import structlog
import uvicorn

from app.bootstrap.ambient import mint
from app.bootstrap.budgets import own_networks
from app.cli.repeating import serving_to
from app.config import Settings, for_next_start, inherited_sockets, notify_address

FIRST_INHERITED = 3
BACKLOG = 2048
CONNECTIONS = 2000
# What is being answered when the service stops: a query may take as long as its limit allows.
MORE_THAN_A_QUERY = 3
# Who answers waits so many seconds at most, each time that a thread beside it is computing; with Python's own 0.005
# every answer takes ten times as long while the service does its work of the night.
# https://docs.python.org/3/library/sys.html#sys.setswitchinterval
TURN = 0.0005
# The event loop lets one new client in at each door, and then first answers all who are in: of a hundred who come at
# once, the last waits for a hundred rounds at one door, which can take seconds.
# https://docs.libuv.org/en/v1.x/stream.html#c.uv_listen
DOORS = 16
HANG_UP = getattr(signal, "SIGHUP", None)


def listen(settings: Settings) -> socket.socket:
    """The socket that we were handed, or a new one at the host and port of the settings. Raises OSError."""
    if inherited_sockets():
        return socket.socket(fileno=FIRST_INHERITED)
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    return socket.create_server((settings.host, settings.port), family=family, backlog=BACKLOG)


def answer(app: Any, settings: Settings, listener: socket.socket) -> bool:
    """Answer requests until told to stop; whether to start again after that."""
    sys.setswitchinterval(TURN)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            http=serving_to(own_networks(settings), mint().encode()),
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=True,
            lifespan="off",
            forwarded_allow_ips=settings.proxies.replace(" ", ""),
            limit_concurrency=CONNECTIONS,
            timeout_graceful_shutdown=int(settings.sparql_timeout) + MORE_THAN_A_QUERY,
        )
    )
    with hanging_up(server) as again:
        listener.listen(BACKLOG)
        notify("READY=1")
        structlog.get_logger("cli").info("started", address=listener.getsockname()[:2], pid=os.getpid())
        # The server closes what it is given; ours stays open for the next start.
        server.run(sockets=[listener.dup() for _ in range(DOORS)])
    notify("RELOADING=1" if again else "STOPPING=1")
    return bool(again)


@contextmanager
def hanging_up(server: uvicorn.Server) -> Iterator[list[int]]:
    """While this lasts, SIGHUP stops the server and is noted; SIGTERM ends the program the orderly way."""
    noted: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        noted.append(number)
        server.should_exit = True

    if HANG_UP is None:
        yield noted
        return
    former = signal.signal(HANG_UP, stop)
    try:
        yield noted
    finally:
        signal.signal(HANG_UP, signal.SIG_IGN if noted else former)


def hang_up() -> None:
    """Have this process start anew, as SIGHUP does; while it does not answer, nothing."""
    if HANG_UP is not None and callable(signal.getsignal(HANG_UP)):
        os.kill(os.getpid(), HANG_UP)


def start_again(listener: socket.socket) -> NoReturn:
    """Become a new start of this very command, with the socket in hand."""
    os.dup2(listener.fileno(), FIRST_INHERITED, inheritable=True)
    os.execve(sys.executable, sys.orig_argv, for_next_start())


def end_orderly(number: int, frame: FrameType | None) -> NoReturn:
    """SIGTERM as an exception, so that what is open gets closed."""
    raise SystemExit(0)


def notify(state: str) -> None:
    """Tell systemd, when it listens: https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html"""
    address = notify_address()
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.sendto(state.encode(), "\0" + address[1:] if address.startswith("@") else address)
