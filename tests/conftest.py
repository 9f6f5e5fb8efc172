"""Engines that are started once for all tests of a process that need them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.store.engine import Addresses
from tests import engines


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
