"""Databases of older versions become those of this version, and lose nothing on the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import pytest
from alembic.autogenerate import compare_metadata, produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Connection, LargeBinary, String, Text, inspect, select, text

from app.errors import BadSetting
from app.store import migration
from app.store.database import Database, connect, open_database
from app.store.log import open_log
from app.store.migration import UNORDERED, all_tables, known_steps, migrate
from app.store.steps import s20261126_begin
from app.store.tables import log as tables
from tests.engines import new_database
from tests.store.builders import NOON

SCHEMA = Path(__file__).parent / "schema"
OLD_ROW = text(
    "INSERT INTO version VALUES (1, 'http://loket.test/id/vereniging/V0000001', 'vereniging', 1, 'create', "
    "'2026-11-24T12:00:00.000000Z', 'a', 'b', '', NULL, :nothing, NULL, '')"
)
FORGOTTEN = """The tables are not what the steps make of an older database. Put this in app/store/steps/sYYYYMMDD_….py:

from alembic.operations import Operations
from sqlalchemy import …

def upgrade(op: Operations) -> None:
    {}
"""


@pytest.fixture
def address(log_database: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A database of its own, with nothing in it."""
    if log_database == "sqlite":
        return f"sqlite:///{tmp_path}/log.sqlite"
    return new_database(request.getfixturevalue("postgresql"))


@pytest.fixture
def old(address: str) -> Iterator[Database]:
    """As the first version that had steps found it, with one row in the log."""
    opened = connect(address)
    script = (SCHEMA / f"{opened.engine.dialect.name}.sql").read_text()
    with opened.writing() as connection:
        for statement in script.split(";\n"):
            if statement.strip():
                connection.exec_driver_sql(statement)
        connection.execute(OLD_ROW, {"nothing": b""})
    yield opened
    opened.close()


def differences(connection: Connection) -> str:
    """What alembic would do to make the database what the tables say; empty when it is that."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    if not compare_metadata(context, all_tables()):
        return ""
    operations = produce_migrations(context, all_tables()).upgrade_ops
    assert operations is not None
    return FORGOTTEN.format(render_python_code(operations, "", "op.", render_item=plain))


def plain(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Columns of text as our tables have them; their order is put right after the steps."""
    if kind != "type" or not isinstance(item, String | LargeBinary):
        return False
    return f"{type(item).__name__}({item.length or ''})".removesuffix("()")


def test_an_old_database_becomes_what_the_tables_say(old: Database) -> None:
    """Fails when somebody changed the tables and forgot the step."""
    with old.writing() as connection:
        migrate(connection)
    with old.reading() as connection:
        assert not differences(connection), differences(connection)
        assert connection.execute(select(tables.version.c.sequence)).scalars().all() == [1]


def test_an_old_database_is_brought_up_to_now_when_it_is_opened(old: Database, address: str) -> None:
    log = open_log(address, lambda: NOON)
    assert log.head() == 1
    with log.database.reading() as connection:
        assert connection.execute(select(tables.schema_step.c.name)).scalars().all() == list(known_steps())
    log.close()


def test_a_new_database_has_nothing_to_catch_up_with(address: str) -> None:
    database = open_database(address)
    with database.reading() as connection:
        assert not differences(connection), differences(connection)
        assert migration.pending(connection) == []
    database.close()


def test_a_database_of_a_newer_version_is_left_alone(address: str) -> None:
    database = open_database(address)
    with database.writing() as connection:
        connection.execute(tables.schema_step.insert(), {"name": "s20991231_flying"})
    database.close()
    with pytest.raises(BadSetting, match="s20991231_flying"):
        open_database(address)


def stepping(monkeypatch: pytest.MonkeyPatch, **steps: Any) -> None:
    """Let these be the steps that there are, after the first."""
    steps = {"s0": s20261126_begin.upgrade, **steps}
    monkeypatch.setattr(migration, "known_steps", lambda: tuple(sorted(steps)))
    found = {f"app.store.steps.{name}": SimpleNamespace(upgrade=step) for name, step in steps.items()}
    monkeypatch.setattr(migration, "import_module", found.__getitem__)


def widen(op: Operations) -> None:
    with op.batch_alter_table("version") as version:
        version.add_column(Column("colour", Text, nullable=False, server_default="blauw"))


def fail(op: Operations) -> None:
    op.create_table("half", Column("name", Text, primary_key=True))
    raise RuntimeError("the power went out")


def test_a_step_is_taken_once_and_keeps_what_there_is(old: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    stepping(monkeypatch, s1=widen)
    for taken in (["s0", "s1"], []):
        with old.writing() as connection:
            assert migrate(connection) == taken
    with old.reading() as connection:
        assert connection.execute(text("SELECT entity, colour FROM version")).one()[1] == "blauw"
        assert old.is_file or not connection.execute(UNORDERED).all()


def test_steps_of_two_branches_are_all_taken_in_any_order(old: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    stepping(monkeypatch, s2=widen)
    with old.writing() as connection:
        migrate(connection)
    stepping(monkeypatch, s1=lambda op: op.create_table("other", Column("name", Text, primary_key=True)), s2=widen)
    with old.writing() as connection:
        assert migrate(connection) == ["s1"]


def test_a_step_that_fails_leaves_the_database_as_it_was(old: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    stepping(monkeypatch, s1=widen, s2=fail)
    with pytest.raises(RuntimeError), old.writing() as connection:
        migrate(connection)
    with old.reading() as connection:
        found = inspect(connection)
        assert not found.has_table("half")
        assert not found.has_table("schema_step")
        assert "colour" not in [column["name"] for column in found.get_columns("version")]


def test_text_has_one_order_in_every_database(url: str) -> None:
    database = open_database(url)
    with database.writing() as connection:
        for key in ("a", "B", "é", "Z", "z", "10", "9"):
            connection.execute(tables.state.insert(), {"key": key, "value": ""})
        ordered = connection.execute(select(tables.state.c.key).order_by(tables.state.c.key)).scalars().all()
    assert ordered == sorted(ordered)
    database.close()
