"""The rules and code lists once for all tests, and an empty register for each."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.exchange.spreadsheet.columns import Column, load_columns
from app.model.codelists import CodeLists, load_codelists
from app.model.schema import load_schema
from app.model.shapes import load_checker
from app.register.register import Register, Tools
from app.store.log import open_log
from app.store.vault import Cipher

ROOT = Path(__file__).parent.parent.parent
BASE = "https://verenigingen.example"


@pytest.fixture(scope="session")
def codelists() -> CodeLists:
    return load_codelists(ROOT)


@pytest.fixture(scope="session")
def columns() -> tuple[Column, ...]:
    return load_columns(ROOT)


@pytest.fixture(scope="session")
def tools(codelists: CodeLists) -> Tools:
    schema = load_schema(ROOT, BASE)
    return Tools(schema, codelists, load_checker(schema, "vereniging"))


@pytest.fixture
def register(tools: Tools, tmp_path: Path) -> Iterator[Register]:
    log = open_log(f"sqlite:///{tmp_path}/log.sqlite", lambda: datetime.now(UTC), Cipher(b"k" * 32))
    yield Register(tools.schema, tools.codelists, tools.checker, log, lambda: datetime(2026, 11, 24, tzinfo=UTC))
    log.close()
