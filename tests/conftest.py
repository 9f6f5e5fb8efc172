"""Engines that are started once for all tests of a process that need them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import engines


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL server: its URL, without the name of a database."""
    with engines.postgresql() as server:
        yield server
