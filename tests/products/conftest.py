from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.register.register import Register, Tools
from tests.register.builders import make_log, make_register, make_tools


@pytest.fixture(scope="session")
def tools() -> Tools:
    return make_tools()


@pytest.fixture
def register(tools: Tools, tmp_path: Path) -> Iterator[Register]:
    log = make_log(tmp_path)
    yield make_register(tools, log)
    log.close()
