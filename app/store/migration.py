"""The tables of a database, from whatever version they are of, brought to those of this version.

    migrate(connection)      # in a writing transaction: all of it, or nothing

What was done stands in the database by name (`schema_step`), not as a chain of revisions, so that the steps of two
branches meet without a conflict. alembic, which SQLAlchemy's makers keep, knows how each database alters its tables;
it is only loaded when there is something to do. Databases of before the first step are the ones without that table.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from sqlalchemy import Connection, MetaData, String, Table, insert, inspect, select, text

from app.errors import BadSetting
from app.store import steps
from app.store.tables import desk as tables_desk
from app.store.tables import dossiers as tables_dossiers
from app.store.tables import elsewhere as tables_elsewhere
from app.store.tables import log as tables
from app.store.tables import telling as tables_telling
from app.store.tables import usage as tables_usage

# All tables that there are stand in the metadata once their modules are read.
ROOMS = (tables, tables_desk, tables_telling, tables_elsewhere, tables_usage, tables_dossiers)
NEWER = (
    "De gegevens zijn van een nieuwere versie van dit programma (stap {step}). Start die versie, of zet een "
    "reservekopie van vroeger terug."
)
# Text is put in order by code point, as SQLite and Python do, whatever the language of the database.
ORDER = "C"
UNORDERED = text(
    "SELECT c.table_name, c.column_name, c.data_type, c.character_maximum_length FROM information_schema.columns c "
    "WHERE c.table_schema = current_schema() AND c.data_type IN ('text', 'character varying') "
    "AND c.collation_name IS NULL"
)


@lru_cache
def all_tables() -> MetaData:
    """The tables of this version."""
    for table in tables.metadata.tables.values():
        _order(table)
    return tables.metadata


@lru_cache
def known_steps() -> tuple[str, ...]:
    """All steps that this version knows, oldest first."""
    return tuple(sorted(module.name for module in iter_modules(steps.__path__)))


def pending(connection: Connection) -> list[str] | None:
    """The steps that this database lacks, oldest first; None when it has no tables yet.

    Raises BadSetting when a newer version has been here.
    """
    present = inspect(connection)
    if present.has_table(tables.schema_step.name):
        done = set(connection.execute(select(tables.schema_step.c.name)).scalars())
        if unknown := sorted(done.difference(known_steps())):
            raise BadSetting(NEWER.format(step=unknown[-1]))
        return [step for step in known_steps() if step not in done]
    return list(known_steps()) if present.has_table(tables.version.name) else None


def migrate(connection: Connection) -> list[str]:
    """Make the tables, or bring them to this version; answers the steps that were taken."""
    wanted = pending(connection)
    if wanted is None:
        all_tables().create_all(connection)
        _note(connection, known_steps())
        return []
    for step in wanted:
        _take(connection, step)
    if wanted and connection.dialect.name == "postgresql":
        _put_in_order(connection)
    return wanted


def _take(connection: Connection, step: str) -> None:
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    upgrade: Callable[[Any], None] = import_module(f"{steps.__name__}.{step}").upgrade
    upgrade(Operations(MigrationContext.configure(connection)))
    _note(connection, [step])


def _note(connection: Connection, names: tuple[str, ...] | list[str]) -> None:
    if names:
        connection.execute(insert(tables.schema_step), [{"name": name} for name in names])


def _order(table: Table) -> None:
    for column in table.columns:
        if isinstance(column.type, String) and column.type.collation is None:
            ordered = type(column.type)(column.type.length, collation=ORDER)
            column.type = column.type.with_variant(ordered, "postgresql")


def _put_in_order(connection: Connection) -> None:
    """The same order for the columns that a step has added."""
    quote = connection.dialect.identifier_preparer.quote
    for table, column, kind, length in connection.execute(UNORDERED).all():
        type = f"{kind}({length})" if length else kind
        connection.execute(
            text(f'ALTER TABLE {quote(table)} ALTER COLUMN {quote(column)} TYPE {type} COLLATE "{ORDER}"')
        )
