"""The service as its users start it: a process of its own, on a free port of this machine, ended by its own id.

A wait is as long as a machine that does many other things may need: only what is really wrong pays for it.
"""

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import HTTPServer
from pathlib import Path
from typing import Any

import httpx

PROGRAM = (sys.executable, "-m", "app.cli")
PATIENCE = 600.0
# No system gives one of these to who connects to somebody else (Linux begins at 32768): once free, they stay so.
PORTS = range(20_000, 32_000)


@dataclass(frozen=True)
class Server:
    """A running service: where it answers, its data and log lines, and how long it took to answer."""

    address: str
    data: Path
    log: Path
    seconds: float


@contextmanager
def serving(data: Path, command: str = "serve", *options: str, port: int | None = None) -> Iterator[Server]:
    """Start `verenigingsloket serve` (or `demo`) and wait until it answers; afterwards stop it as an operator would."""
    started = time.monotonic()
    arguments = [*PROGRAM, command, "--port", str(port or free_port()), "--data", str(data), *options]
    log = data.with_suffix(".log")
    with log.open("w") as complaints:
        process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=complaints, text=True)
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address, log.read_text()
        _wait(address, lambda: process.poll() is None, log)
        yield Server(address, data, log, time.monotonic() - started)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)


@contextmanager
def answering(server: HTTPServer) -> Iterator[str]:
    """Have a small server answer in a thread of this process, and close it afterwards: its address."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def sharing_demo(folder: Path) -> Iterator[Server]:
    """The demonstration, which all processes with this folder share: the first starts it, the last ends it."""
    me, known = os.getpid(), folder / "demo.json"
    with _alone(folder):
        told = json.loads(known.read_text()) if known.exists() else _start_demo(folder)
        known.write_text(json.dumps({**told, "users": [*told["users"], me]}))
    try:
        yield Server(told["address"], folder / "demo", folder / "demo.log", told["seconds"])
    finally:
        with _alone(folder):
            told = json.loads(known.read_text())
            told["users"].remove(me)
            known.write_text(json.dumps(told))
            if not told["users"]:
                known.unlink()
                _end(told["pid"])


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _start_demo(folder: Path) -> dict[str, Any]:
    """Whoever starts it may end before the others: it writes to a file."""
    started, port, log = time.monotonic(), free_port(), folder / "demo.log"
    arguments = [*PROGRAM, "demo", "--port", str(port), "--data", str(folder / "demo")]
    to_log = [(os.POSIX_SPAWN_OPEN, 1, log, os.O_WRONLY | os.O_CREAT, 0o600), (os.POSIX_SPAWN_DUP2, 1, 2)]
    pid = os.posix_spawn(sys.executable, arguments, os.environ, file_actions=to_log)
    address = f"http://127.0.0.1:{port}"
    _wait(address, lambda: os.waitpid(pid, os.WNOHANG) == (0, 0), log)
    return {"address": address, "pid": pid, "users": [], "seconds": time.monotonic() - started}


def _end(pid: int) -> None:
    os.kill(pid, signal.SIGINT)
    for _ in range(300):
        with suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    os.kill(pid, signal.SIGKILL)


def wait_for(happened: Callable[[], bool], otherwise: str) -> None:
    """Wait until it happened; fails with these words."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.05)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run([*PROGRAM, *arguments], capture_output=True, text=True, timeout=PATIENCE, check=False)


def free_port() -> int:
    """A port that nobody listens on, and that no other process of this user was given: they count on together."""
    with (Path(tempfile.gettempdir()) / f"loket-ports-{os.getuid()}").open("a+") as given:
        fcntl.flock(given, fcntl.LOCK_EX)
        given.seek(0)
        last = int(given.read() or PORTS[0])
        following = (PORTS[(last - PORTS[0] + step) % len(PORTS)] for step in range(1, len(PORTS)))
        port = next(filter(_is_free, following))
        given.truncate(0)
        given.write(str(port))
    return port


def _is_free(port: int) -> bool:
    with socket.socket() as taken, suppress(OSError):
        taken.bind(("127.0.0.1", port))
        return True
    return False


def _wait(address: str, runs: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and runs():
        with suppress(httpx.TransportError):
            if httpx.get(f"{address}/health", timeout=30).status_code == 200:
                return
        time.sleep(0.05)
    raise AssertionError(f"the service did not start: {log.read_text()[-4000:]}")
