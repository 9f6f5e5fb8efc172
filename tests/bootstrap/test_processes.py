"""Several processes on one PostgreSQL: what one writes the others read, one leads, and a copy only reads."""

from __future__ import annotations

import os
import signal
from functools import partial
from pathlib import Path

import httpx
import pytest

from fixtures.generate import STYLES, associations, write
from tests.engines import new_database
from tests.running import PATIENCE, run, serving, wait_for


def health(address: str) -> dict[str, object]:
    answer: dict[str, object] = httpx.get(f"{address}/health", timeout=PATIENCE).json()
    return answer


@pytest.fixture
def wishes(tmp_path: Path) -> Path:
    """A short list of Herstappe."""
    path = tmp_path / "lijst.csv"
    write(path, associations("Herstappe", 3, seed=5), STYLES["sjabloon"])
    return path


@pytest.mark.slow
def test_workers_share_a_database_and_one_that_is_killed_comes_back(
    postgresql: str, wishes: Path, tmp_path: Path
) -> None:
    database = new_database(postgresql)
    key = tmp_path / "sleutel"
    run("key", str(key))
    shared = ("--database", database, "--vault-key-file", str(key), "--base", "http://loket.test")
    with serving(tmp_path / "werkers", "serve", "--workers", "2", *shared) as server:
        wait_for(lambda: len(children(server.data)) == 2, "not both work")
        assert health(server.address)["role"] in ("leider", "volger")
        with serving(tmp_path / "kopie", "serve", "--replica", "1", *shared) as copy:
            assert health(copy.address)["role"] == "kopie"
            done = run(
                "import", "associations", str(wishes), "--municipality", "Herstappe", "--data", str(tmp_path / "data"),
                *shared,
            )  # fmt: skip
            assert done.returncode == 0, done.stderr
            for each in (server, copy):
                wait_for(partial(_has_followed, each.address, 3), "it did not follow")
                # The worker that answers may be another one than that which has followed.
                page = f"{each.address}/doc/vereniging/V0001001.ttl"
                wait_for(partial(answers, page), "the other worker did not follow")
                found = httpx.post(f"{each.address}/sparql", data={"query": "ASK { ?s a ?type }"}, timeout=PATIENCE)
                assert found.status_code == 200
            answer = httpx.post(
                f"{copy.address}/aanbod/P0000001/terugkoppeling", data={"duidelijk": "nee"}, timeout=PATIENCE
            )
            assert answer.status_code in (403, 404, 503)
        for child in children(server.data):
            os.kill(child, signal.SIGKILL)
            wait_for(partial(_is_replaced, child, server.data), "it did not come back")
            wait_for(partial(answers, f"{server.address}/health"), "nobody answers")


def _has_followed(address: str, sequence: int) -> bool:
    found = health(address)
    return found["sequence"] == sequence and found["behind"] == 0


def _is_replaced(child: int, data: Path) -> bool:
    now = children(data)
    return child not in now and len(now) == 2


def answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=30).status_code == 200
    except httpx.TransportError:
        return False


def children(data: Path) -> list[int]:
    """The processes that serve from a place in this folder; not those that answer queries for them."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if any(word in words for word in (f"{data}/processen/1".encode(), f"{data}/processen/2".encode())):
            found.append(int(process.name))
    return found
