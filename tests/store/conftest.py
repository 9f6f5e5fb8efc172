"""Every contract test runs on each arrangement; a new one is one more line here.

A test of the log runs on each database, one of the graphs on each store, and one of both on the pairs that people use.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store.graphs.embedded import memory_graphs, open_graphs
from app.store.graphs.engine import Engine
from app.store.graphs.port import Graphs
from app.store.graphs.remote import RemoteGraphs
from app.store.log import Log, open_log
from app.store.vault import Cipher
from tests.engines import cleared
from tests.store.builders import ticking
from tests.store.databases import emptied

KEY = bytes(range(32))
DATABASES = ("sqlite", "postgresql")
STORES = ("memory", "directory", "oxigraph", "virtuoso")
ARRANGEMENTS = (
    ("sqlite", "memory"),
    ("sqlite", "directory"),
    ("postgresql", "oxigraph"),
    ("postgresql", "virtuoso"),
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give each test the databases and stores that it is about."""
    on_log, on_graphs = "log_database" in metafunc.fixturenames, "graph_store" in metafunc.fixturenames
    if on_log and on_graphs:
        names = ["-".join(pair) for pair in ARRANGEMENTS]
        metafunc.parametrize(("log_database", "graph_store"), ARRANGEMENTS, ids=names, scope="session")
    elif on_log:
        metafunc.parametrize("log_database", DATABASES, scope="session")
    elif on_graphs:
        metafunc.parametrize("graph_store", STORES, scope="session")


@pytest.fixture
def url(log_database: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    if log_database == "sqlite":
        return f"sqlite:///{tmp_path}/log.sqlite"
    server: str = request.getfixturevalue("postgresql")
    return emptied(server)


@pytest.fixture
def log(url: str) -> Iterator[Log]:
    clock = ticking()
    opened = open_log(url, lambda: next(clock), Cipher(KEY))
    yield opened
    opened.close()


@pytest.fixture
def graphs(graph_store: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Graphs]:
    opened: Graphs
    if graph_store == "memory":
        opened = memory_graphs()
    elif graph_store == "directory":
        opened = open_graphs(tmp_path / "public")
    else:
        opened = RemoteGraphs(Engine(cleared(request.getfixturevalue(graph_store))))
    yield opened
    opened.close()
