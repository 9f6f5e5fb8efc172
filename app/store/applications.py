"""Applications that somebody still writes on: one row each; what they filled in stands in the vault under its IRI.

A row that was sent keeps the IRI of its dossier, so that sending it again leads there and makes no second one.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from app.store.database import Database
from app.store.tables import dossiers as tables_dossiers

TABLE = tables_dossiers.application


@dataclass(frozen=True)
class Application:
    """One of them: `dossier` is empty as long as it was not sent."""

    id: str
    association: str
    product: str
    form: str
    created: str
    changed: str
    dossier: str = ""


def put_application(connection: Connection, new: Application) -> None:
    """Begin one, or keep it as it is now."""
    connection.execute(delete(TABLE).where(TABLE.c.id == new.id))
    connection.execute(insert(TABLE), dict(new.__dict__))


def application(connection: Connection, id: str) -> Application | None:
    """The one with this id."""
    row = connection.execute(select(TABLE).where(TABLE.c.id == id)).first()
    return None if row is None else Application(**row._mapping)


def find_application(database: Database, id: str) -> Application | None:
    """The one with this id, outside a transaction."""
    with database.reading() as connection:
        return application(connection, id)


def open_applications(database: Database, association: str) -> list[Application]:
    """Those of an association that were not sent, the last changed first."""
    mine = (TABLE.c.association == association) & (TABLE.c.dossier == "")
    with database.reading() as connection:
        rows = connection.execute(select(TABLE).where(mine).order_by(TABLE.c.changed.desc(), TABLE.c.id)).all()
    return [Application(**row._mapping) for row in rows]


def sent(connection: Connection, id: str, dossier: str) -> None:
    """It became this dossier."""
    connection.execute(update(TABLE).where(TABLE.c.id == id).values(dossier=dossier))


def drop_application(connection: Connection, id: str) -> None:
    """Forget it."""
    connection.execute(delete(TABLE).where(TABLE.c.id == id))


def untouched_since(connection: Connection, before: str) -> list[Application]:
    """Those that nobody changed since a time."""
    rows = connection.execute(select(TABLE).where(TABLE.c.changed < before)).all()
    return [Application(**row._mapping) for row in rows]
