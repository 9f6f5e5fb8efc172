"""What is started once for all tests that need it: engines in each process, the demonstration in all of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from app.store.graphs.engine import Addresses
from tests import engines
from tests.running import Server, sharing_demo

# How long one example takes says how busy the machine is, and nothing of the code.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL server: its URL, without the name of a database."""
    with engines.postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def oxigraph() -> Iterator[Addresses]:
    """An Oxigraph server."""
    with engines.oxigraph() as addresses:
        yield addresses


@pytest.fixture(scope="session")
def virtuoso() -> Iterator[Addresses]:
    """A Virtuoso server, which wants a digest login to be written to."""
    with engines.virtuoso() as addresses:
        yield addresses


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demonstration, of which tests expect only what they put in; `LOOK_AT=http://…` is one that runs already."""
    if address := os.environ.get("LOOK_AT"):
        yield Server(address, Path(), Path(), 0.0)
        return
    folder = tmp_path_factory.getbasetemp()
    with sharing_demo(folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) as server:
        yield server
