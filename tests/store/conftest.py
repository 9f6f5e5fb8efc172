"""Every contract test runs against each log and each store of graphs; a new arrangement is one more parameter here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store.embedded import memory_graphs, open_graphs
from app.store.graphs import Graphs
from app.store.log import Log, open_log
from app.store.vault import Cipher
from tests.store.builders import ticking

KEY = bytes(range(32))


def sqlite_url(directory: Path) -> str:
    return f"sqlite:///{directory}/log.sqlite"


@pytest.fixture(params=[sqlite_url], ids=["sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    address: str = request.param(tmp_path)
    return address


@pytest.fixture
def log(url: str) -> Iterator[Log]:
    clock = ticking()
    opened = open_log(url, lambda: next(clock), Cipher(KEY))
    yield opened
    opened.close()


@pytest.fixture(params=["memory", "directory"])
def graphs(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Graphs]:
    opened = memory_graphs() if request.param == "memory" else open_graphs(tmp_path / "public")
    yield opened
    opened.close()
