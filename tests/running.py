"""The service as its users start it: a process of its own, on a free port of this machine, ended by its own id."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

PROGRAM = (sys.executable, "-m", "app.cli")
PATIENCE = 300.0


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
        _wait(address, process)
        yield Server(address, data, log, time.monotonic() - started)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run([*PROGRAM, *arguments], capture_output=True, text=True, timeout=PATIENCE, check=False)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _wait(address: str, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{address}/health", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the service did not start")
