"""Lists on their way in: the rows; the lists themselves are in the vault.

put(connection, listed); listed = get(database, id, owner); claim(database, now, until); change(connection, id, …)
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from app.store.database import Database
from app.store.tables import desk as tables_desk

TO_TRY, TRIED, TO_BRING, BROUGHT, FAILED = "nakijken", "nagekeken", "inlezen", "ingelezen", "mislukt"
WAITING = (TO_TRY, TO_BRING)
TABLE = tables_desk.list_import.c


@dataclass(frozen=True)
class ListImport:
    """One list: whose it is, how far it is, and what became of its rows."""

    id: str
    owner: str
    municipality: str
    agent: bytes = field(repr=False)
    name: str
    state: str
    created: str
    changed: str
    lease: str | None = None
    total: int = 0
    done: int = 0
    counts: str = "{}"
    outcomes: bytes = field(default=b"", repr=False)
    problem: str = ""

    @property
    def is_waiting(self) -> bool:
        """Whether it is being worked on, or will be."""
        return self.state in WAITING


def put(connection: Connection, new: ListImport) -> None:
    """Keep a new one."""
    connection.execute(insert(tables_desk.list_import), [asdict(new)])


def get(database: Database, id: str, owner: str) -> ListImport | None:
    """The list with this id, if it is this owner's."""
    wanted = select(tables_desk.list_import).where(TABLE.id == id, TABLE.owner == owner)
    with database.reading() as connection:
        row = connection.execute(wanted).first()
    return ListImport(**row._mapping) if row else None


def of_owner(database: Database, owner: str, limit: int = 50) -> list[ListImport]:
    """Those of an organisation, the newest first."""
    wanted = select(tables_desk.list_import).where(TABLE.owner == owner).order_by(TABLE.created.desc()).limit(limit)
    with database.reading() as connection:
        return [ListImport(**row._mapping) for row in connection.execute(wanted)]


def change(connection: Connection, id: str, states: Collection[str], **values: Any) -> bool:
    """Change one that is in one of these states; False when it is in another by now."""
    there = (TABLE.id == id) & TABLE.state.in_(list(states))
    return connection.execute(update(tables_desk.list_import).where(there).values(**values)).rowcount == 1


def claim(database: Database, now: str, until: str) -> ListImport | None:
    """The oldest that waits and nobody works on: for the caller alone until the lease ends."""
    free = TABLE.state.in_(list(WAITING)) & (TABLE.lease.is_(None) | (TABLE.lease <= now))
    wanted = select(tables_desk.list_import).where(free).order_by(TABLE.changed).limit(1)
    with database.reading() as connection:
        if connection.execute(wanted).first() is None:
            return None
    with database.writing() as connection:
        row = connection.execute(wanted).first()
        if row is None:
            return None
        connection.execute(update(tables_desk.list_import).where(TABLE.id == row.id).values(lease=until))
    return ListImport(**{**row._mapping, "lease": until})


def older_than(connection: Connection, before: str) -> list[str]:
    """The ids of those that nobody touched since."""
    return list(connection.execute(select(TABLE.id).where(TABLE.changed < before)).scalars())


def drop(connection: Connection, ids: Collection[str]) -> None:
    """Forget these."""
    connection.execute(delete(tables_desk.list_import).where(TABLE.id.in_(list(ids))))
