"""Every status that a dossier ever got, in the order of the log: what is told to other systems is read from here.

A row goes down in the very transaction that changes the dossier, so a status that holds is here once, and one that does
not hold is not. Rows stay: each consumer (DOSIS, notifications, a webhook of a municipality) keeps a cursor of its own.

    for status in statuses_after(database, cursor, 100):
        tell(status)                     # `status.id` is the same at every reading: let the other side refuse doubles
        cursor = status.sequence         # keep it when told: none ever appears below one that was read

`sequence` is that of the version in the log that brought it about: `log.version(status.dossier, status.version)` is
the dossier as it then was (phase, status, action needed, product, applicant), without anything personal. Each
version brings at most one. `position` counts within one dossier, from 1: whoever tells in order tells those in order.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select

from app.store.database import Database
from app.store.tables import dossiers as tables_dossiers


@dataclass(frozen=True)
class DossierStatus:
    """One status of one dossier; `phase` and `status` are codes of DOSIS, `owner` is who handles the dossier."""

    sequence: int
    dossier: str
    version: int
    position: int
    owner: str
    association: str
    phase: str
    status: str
    time: str

    @property
    def id(self) -> str:
        """The same at every reading, and of no other status: `A0001001-3`."""
        return f"{self.dossier.rpartition('/')[2]}-{self.position}"


def put_status(connection: Connection, status: DossierStatus) -> None:
    """Put it down with the version that brought it about."""
    connection.execute(insert(tables_dossiers.dossier_status), dict(status.__dict__))


def statuses_after(database: Database, sequence: int, limit: int, owner: str | None = None) -> list[DossierStatus]:
    """What followed a sequence, in order; with `owner` of the dossiers that one administration handles."""
    table = tables_dossiers.dossier_status.c
    wanted = select(tables_dossiers.dossier_status).where(table.sequence > sequence)
    if owner is not None:
        wanted = wanted.where(table.owner == owner)
    with database.reading() as connection:
        rows = connection.execute(wanted.order_by(table.sequence).limit(limit)).all()
    return [DossierStatus(**row._mapping) for row in rows]


def statuses_of(database: Database, dossier: str) -> list[DossierStatus]:
    """All that one dossier ever had, in order."""
    table = tables_dossiers.dossier_status.c
    wanted = select(tables_dossiers.dossier_status).where(table.dossier == dossier).order_by(table.sequence)
    with database.reading() as connection:
        return [DossierStatus(**row._mapping) for row in connection.execute(wanted)]


def last_status(database: Database) -> int:
    """The sequence of the last one; 0 when there is none. Where a consumer begins that tells only what is new."""
    with database.reading() as connection:
        return int(connection.execute(select(func.max(tables_dossiers.dossier_status.c.sequence))).scalar() or 0)
