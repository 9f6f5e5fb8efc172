"""What a query worker could do if a stranger's query took it over: each thing is tried, behind the very same walls."""

from __future__ import annotations

import asyncio
import ctypes
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.store.graphs.embedded import open_graphs
from app.store.graphs.port import Change
from app.store.queries.confine import CREATE_RULESET, SCOPES_SINCE, own_program
from app.store.queries.pool import QueryPool
from app.store.queries.snapshots import Snapshots

# Runs in a process that has raised the walls: tries everything, and says of each what came of it.
INTRUDER = """
import json, os, socket, sqlite3, subprocess, sys
from app.store.queries.confine import confine
from pyoxigraph import Store
folder, vault, secret, port, loot = sys.argv[1:]
walls = confine(2_000_000_000, [folder])

def attempt(what):
    try:
        return f"done: {what()}"
    except Exception as error:
        return type(error).__name__

def connect():
    with socket.create_connection(("127.0.0.1", int(port)), timeout=2) as channel:
        channel.sendall(b"x")

def write(path):
    with open(path, "w") as file:
        file.write("x" * 10000)

def over_a_file_that_is_there():
    with open(os.path.join(folder, "1-1", "CURRENT"), "r+") as file:
        file.write("x")

print(json.dumps({
    "walls": sorted(walls),
    "query": attempt(lambda: len(list(Store.read_only(os.path.join(folder, "1-1")).quads_for_pattern(*[None] * 4)))),
    "read the vault": attempt(lambda: sqlite3.connect(vault).execute("SELECT * FROM t").fetchall()),
    "read a key": attempt(lambda: open(secret).read()),
    "read passwords": attempt(lambda: open("/etc/passwd").read()),
    "look around": attempt(lambda: os.listdir(os.path.dirname(vault))),
    "read another process": attempt(lambda: open(f"/proc/{os.getppid()}/environ", "rb").read()),
    "read the environment": attempt(lambda: [name for name in os.environ if name.startswith("VERENIGINGSLOKET")]),
    "write a file": attempt(lambda: write(loot)),
    "write in the copy": attempt(lambda: write(os.path.join(folder, "nieuw"))),
    "change the copy": attempt(over_a_file_that_is_there),
    "connect": attempt(connect),
    "look up a name": attempt(lambda: socket.getaddrinfo("voorbeeld.be", 80)),
    "run a program": attempt(lambda: subprocess.run(["/bin/true"], check=True)),
    "signal the service": attempt(lambda: os.kill(os.getppid(), 0)),
}))
"""
TAKEN_BY = {
    "files": ("read the vault", "read a key", "read passwords", "look around", "read another process", "run a program",
              "write a file", "write in the copy", "change the copy"),
    "network": ("connect", "look up a name"),
}  # fmt: skip


@dataclass(frozen=True)
class Break:
    """What came of each attempt, and what was left behind."""

    outcome: dict[str, str]
    walls: set[str]
    loot: Path
    reached: bool


@pytest.fixture(scope="module")
def attempt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Break]:
    folder = tmp_path_factory.mktemp("inbraak")
    graphs = open_graphs(folder / "public")
    graphs.apply([Change("urn:x:g", b"<urn:x:s> <urn:x:p> <urn:x:o> .\n")], 1)
    graphs.snapshot(folder / "snapshots" / "1-1")
    graphs.close()
    vault, secret, loot = folder / "log.sqlite", folder / "kluis.sleutel", folder / "buit"
    vault.touch()
    secret.write_text("geheim")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        names = (folder / "snapshots", vault, secret, listener.getsockname()[1], loot)
        environment = {"PYTHONPATH": ":".join(sys.path)}
        done = subprocess.run(
            [sys.executable, "-c", INTRUDER, *map(str, names)],
            capture_output=True, text=True, check=False, env=environment,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        outcome = json.loads(done.stdout)
        try:
            listener.accept()[0].close()
            reached = True
        except TimeoutError:
            reached = False
    yield Break(outcome, set(outcome.pop("walls")), loot, reached)


def test_a_worker_can_do_its_work(attempt: Break) -> None:
    found = int(attempt.outcome["query"].removeprefix("done: "))
    assert found >= 1


def test_a_worker_has_no_key_in_its_environment(attempt: Break) -> None:
    assert attempt.outcome["read the environment"] == "done: []"


def test_a_worker_writes_nothing_anywhere(attempt: Break) -> None:
    tried = [attempt.outcome[name] for name in ("write a file", "write in the copy")]
    assert not any(outcome.startswith("done") for outcome in tried), attempt.outcome
    assert not attempt.loot.exists() or attempt.loot.stat().st_size == 0


@pytest.mark.parametrize("name", TAKEN_BY["files"])
def test_a_worker_reads_and_runs_nothing_but_what_it_answers_from(attempt: Break, name: str) -> None:
    if "files" not in attempt.walls:
        pytest.skip("this kernel has no Landlock")
    assert not attempt.outcome[name].startswith("done"), attempt.outcome[name]


@pytest.mark.parametrize("name", TAKEN_BY["network"])
def test_a_worker_reaches_nobody(attempt: Break, name: str) -> None:
    if "network" not in attempt.walls:
        pytest.skip("this system allows no network namespace")
    assert not attempt.outcome[name].startswith("done"), attempt.outcome[name]
    assert not attempt.reached


def test_a_worker_signals_nobody_where_the_kernel_can_refuse_that(attempt: Break) -> None:
    if not (landlock() >= SCOPES_SINCE and "files" in attempt.walls):
        pytest.skip("this kernel's Landlock knows no scopes")
    assert attempt.outcome["signal the service"] == "PermissionError"


def landlock() -> int:
    return int(ctypes.CDLL(None).syscall(CREATE_RULESET, None, 0, 1))


def test_the_folder_of_the_service_is_not_among_what_it_reads() -> None:
    here = str(Path.cwd())
    assert here not in own_program()


def test_the_workers_of_a_pool_stand_behind_all_walls_that_there_are(attempt: Break, tmp_path: Path) -> None:
    with (
        closing(open_graphs(tmp_path / "public")) as graphs,
        closing(QueryPool(Snapshots(graphs, tmp_path / "copies"), workers=1)) as pool,
    ):
        assert asyncio.run(pool.query("ASK {}", "text/csv")) == b"true"
        assert pool.walls() == attempt.walls
