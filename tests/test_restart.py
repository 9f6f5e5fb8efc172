"""Started with a socket that systemd opened, starting again under load, stopping: one process, as operators have it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.running import PATIENCE, PROGRAM

RESTARTS = 2
LONG_QUERY = {"query": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . FILTER(?a != ?d) }"}


@dataclass(frozen=True)
class Running:
    """The process, where it answers, and what it writes down."""

    process: subprocess.Popen[bytes]
    address: str
    log: Path

    def starts(self) -> int:
        return self.log.read_text().count('"event": "started"')


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """As systemd starts it: the socket as descriptor 3, and in the environment for which process that is."""
    folder = tmp_path_factory.mktemp("herstart")
    with socket.create_server(("127.0.0.1", 0)) as listener, (folder / "log").open("wb") as log:
        shell = f'export LISTEN_PID=$$ LISTEN_FDS=1; exec 3<&{listener.fileno()}; exec "$@"'
        command = ["bash", "-c", shell, "-", *PROGRAM, "serve", "--data", str(folder / "data"), "--sparql-timeout", "3"]
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=log, pass_fds=(listener.fileno(),), close_fds=True
        )
        yield Running(process, f"http://127.0.0.1:{listener.getsockname()[1]}", folder / "log")
        process.kill()
        process.wait()


class Crowd:
    """Some who ask without pause; `outcomes` counts what each got: a status, or an error."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.outcomes: Counter[str] = Counter()
        self.stopped = threading.Event()

    def ask(self, keep_alive: bool) -> None:
        headers = {} if keep_alive else {"connection": "close"}
        with httpx.Client(base_url=self.address, timeout=PATIENCE, headers=headers) as client:
            while not self.stopped.is_set():
                try:
                    outcome = str(client.get("/problemen").status_code)
                except httpx.TransportError as error:
                    outcome = repr(error)
                self.outcomes[outcome] += 1
                time.sleep(0.005)

    @contextmanager
    def asking(self) -> Iterator[None]:
        threads = [threading.Thread(target=self.ask, args=(number % 2 == 0,)) for number in range(6)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.stopped.set()
            for thread in threads:
                thread.join()


@pytest.mark.slow
def test_who_connects_before_the_program_is_there_is_answered(running: Running) -> None:
    assert httpx.get(f"{running.address}/health", timeout=PATIENCE).status_code == 200


@pytest.mark.slow
def test_nobody_notices_that_the_service_starts_again(running: Running) -> None:
    crowd = Crowd(running.address)
    with crowd.asking():
        for number in range(1, RESTARTS + 1):
            os.kill(running.process.pid, signal.SIGHUP)
            deadline = time.monotonic() + PATIENCE
            while running.starts() <= number and time.monotonic() < deadline:
                time.sleep(0.05)
            time.sleep(0.2)
    assert running.starts() == RESTARTS + 1
    print(dict(crowd.outcomes))
    assert set(crowd.outcomes) == {"200"}


@pytest.mark.slow
def test_a_stop_lets_a_query_finish_and_ends_streams(running: Running) -> None:
    heard, answers = threading.Event(), []

    def listen() -> None:
        with httpx.stream("GET", f"{running.address}/wijzigingen/stream", timeout=PATIENCE) as stream:
            for _ in stream.iter_raw():
                heard.set()
        answers.append(("stream", stream.status_code))

    def query() -> None:
        answer = httpx.get(f"{running.address}/sparql", params=LONG_QUERY, timeout=PATIENCE)
        answers.append(("query", answer.status_code))

    threads = [threading.Thread(target=listen), threading.Thread(target=query)]
    for thread in threads:
        thread.start()
    assert heard.wait(PATIENCE)
    time.sleep(0.5)
    running.process.send_signal(signal.SIGTERM)
    for thread in threads:
        thread.join()
    assert running.process.wait(timeout=PATIENCE) == 0
    # The query was answered, or met its own limit and was told so; nobody was cut off.
    assert ("stream", 200) in answers
    assert ("query", 200) in answers or ("query", 503) in answers
