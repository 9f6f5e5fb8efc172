"""Engines that others made, started by the tests: each once, on a free port of this machine, ended by its own id.

Where one is not installed its tests skip with the reason; in CI they fail.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path

import httpx
import psycopg
import pytest

from app.store.graphs.engine import Addresses, Engine
from tests.running import PATIENCE, free_port

POSTGRESQL_PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
HERE = Path(__file__).parent
NUMBERS = count(1)
# What is lost when the machine loses its power is nothing to a test, except to those that pull the plug themselves.
HASTE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def lacking(program: str) -> None:
    """Skip this test, as the program is not here; in CI, fail it."""
    reason = f"{program} is not installed on this machine"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def postgresql(*, haste: bool = True) -> Iterator[str]:
    """A PostgreSQL of its own: its address as a URL, without the name of a database."""
    with a_postgresql(haste=haste) as server:
        yield server.address


@contextmanager
def a_postgresql(*, haste: bool = True) -> Iterator[Postgresql]:
    """A PostgreSQL of its own, to be stopped and started again."""
    if not POSTGRESQL_PROGRAMS:
        lacking("PostgreSQL")
    programs, port = POSTGRESQL_PROGRAMS[0], free_port()
    with _own_folder() as folder:
        data = folder / "data"
        _run([programs / "initdb", "-D", data, "-U", "loket", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"])
        settings = [f"unix_socket_directories={folder}", f"port={port}", "max_connections=200"]
        settings += HASTE if haste else ()
        options = [word for setting in settings for word in ("-c", setting)]
        command = _as_nobody_special([programs / "postgres", "-D", data, *options])
        server = Postgresql(f"postgresql://loket@127.0.0.1:{port}", command, folder / "log")
        server.start()
        try:
            yield server
        finally:
            server.stop()


class Postgresql:
    """One server, at one address, whether it runs or not."""

    def __init__(self, address: str, command: list[str], log: Path) -> None:
        self.address, self._command, self._log = address, command, log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Let it run until it answers."""
        with self._log.open("a") as log:
            self._process = subprocess.Popen(self._command, stderr=log, cwd="/")
        wait_until(lambda: _answers(self.address), self._process, self._log)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT ends what is going on and stops, SIGQUIT does so without tidying up, as a machine that fails."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=PATIENCE)
            self._process = None


@contextmanager
def oxigraph() -> Iterator[Addresses]:
    """An Oxigraph server of its own, with nothing in it, in memory."""
    program = Path(sys.executable).with_name("oxigraph")
    if not program.exists():
        lacking("oxigraph")
    address = f"127.0.0.1:{free_port()}"
    with _own_folder() as folder, (folder / "log").open("w") as log:
        # Who is told that a question takes too long has gone; the engine must stop, too.
        command = [str(program), "serve", "--bind", address, "--timeout-s", "10"]
        server = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            wait_until(lambda: _is_up(f"http://{address}/"), server, folder / "log")
            store = f"http://{address}/store"
            query, update = f"http://{address}/query?union-default-graph", f"http://{address}/update"
            yield Addresses(query, update, store, bulk=store)
        finally:
            ended = server.poll()
            stop(server)
            assert ended is None, f"it ended by itself with {ended}: {(folder / 'log').read_text()[-4000:]}"


@contextmanager
def virtuoso() -> Iterator[Addresses]:
    """A Virtuoso of its own, with nothing in it that anybody sees."""
    program = shutil.which("virtuoso-t")
    if program is None:
        lacking("virtuoso-t")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with _own_folder() as folder, (folder / "log").open("w") as log:
        sql = str(free_port())
        settings = (HERE / "virtuoso.ini").read_text().replace("HTTP_PORT", str(port)).replace("SQL_PORT", sql)
        (folder / "virtuoso.ini").write_text(settings)
        command = _as_nobody_special([str(program), "-f", "-c", "virtuoso.ini"])
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
        try:
            wait_until(lambda: _is_up(f"{address}/sparql?query=ASK%7B%7D"), server, folder / "log")
            _run([shutil.which("isql-vt") or "isql-vt", f"127.0.0.1:{sql}", "dba", "dba", HERE / "virtuoso.sql"])
            yield Addresses(
                query=f"{address}/sparql", update=f"{address}/sparql-auth",
                store=f"{address}/sparql-graph-crud-auth?graph-uri=", auth="digest", user="dba", password="dba",
                largest_update=0,
            )  # fmt: skip
        finally:
            ended = server.poll()
            stop(server)
            assert ended is None, f"it ended by itself with {ended}: {(folder / 'log').read_text()[-4000:]}"


def cleared(addresses: Addresses) -> Addresses:
    """The same engine without any graph of ours."""
    with closing(Engine(addresses)) as engine:
        rows = json.loads(engine.ask("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }"))["results"]["bindings"]
        for row in rows:
            engine.delete(row["g"]["value"])
    return addresses


def new_database(server: str, template: str = "template0") -> str:
    """A database on a server of ours: an empty one, or a copy of another."""
    name = f"loket_{next(NUMBERS)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy".encode())
    return f"{server}/{name}"


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a server answers."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()[-2000:]
        if ready():
            return
        time.sleep(0.05)
    raise AssertionError(log.read_text()[-2000:])


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server that we started."""
    process.terminate()
    try:
        process.wait(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _is_up(address: str) -> bool:
    with suppress(httpx.TransportError):
        return httpx.get(address, timeout=30).is_success
    return False


def _answers(address: str) -> bool:
    with suppress(psycopg.OperationalError), psycopg.connect(f"{address}/postgres", connect_timeout=30):
        return True
    return False


@contextmanager
def _own_folder() -> Iterator[Path]:
    """Not a folder of pytest's: those are for one user alone, and a database refuses to run as root."""
    folder = Path(tempfile.mkdtemp(prefix="loket-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_nobody_special(command: list[str | Path]) -> list[str]:
    words = [str(word) for word in command]
    if os.geteuid() != 0:
        return words
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--pdeathsig=KILL", *words]


def _run(command: list[str | Path]) -> None:
    done = subprocess.run(_as_nobody_special(command), capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 0, done.stderr
