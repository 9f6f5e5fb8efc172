"""Which vendor may act for which municipality: given by the municipality, taken back at any moment, never forgotten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from app.store.database import Database
from app.store.tables import log as tables
from app.store.times import iso

table = tables.authorisation


@dataclass(frozen=True)
class Authorisation:
    """`vendor` is the KBO number of a vendor, `nis` the municipality; `withdrawn` is empty while it holds."""

    id: int
    vendor: str
    name: str
    nis: str
    given: str
    given_by: str
    withdrawn: str
    withdrawn_by: str


class Authorisations:
    """Gives, withdraws and finds them."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def give(self, vendor: str, name: str, nis: str, by: str) -> None:
        """Let a vendor act for a municipality; one that holds already is left as it is."""
        row = {"vendor": vendor, "name": name, "nis": nis, "given": iso(self._clock()), "given_by": by}
        holding = select(table.c.id).where(table.c.vendor == vendor, table.c.nis == nis, table.c.withdrawn == "")
        with self._database.writing() as connection:
            if connection.execute(holding).first() is None:
                connection.execute(insert(table), [{**row, "withdrawn": "", "withdrawn_by": ""}])

    def withdraw(self, id: int, nis: str, by: str) -> None:
        """Take one of this municipality back, from this moment on."""
        which = (table.c.id == id, table.c.nis == nis, table.c.withdrawn == "")
        with self._database.writing() as connection:
            connection.execute(update(table).where(*which).values(withdrawn=iso(self._clock()), withdrawn_by=by))

    def of_municipality(self, nis: str) -> tuple[Authorisation, ...]:
        """All that it ever gave, the latest first."""
        return self._find(table.c.nis == nis)

    def of_vendor(self, vendor: str) -> tuple[Authorisation, ...]:
        """Those that hold now."""
        return self._find(table.c.vendor == vendor, table.c.withdrawn == "")

    def _find(self, *which: Any) -> tuple[Authorisation, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(select(table).where(*which).order_by(table.c.id.desc())).all()
        return tuple(map(_authorisation, rows))


def _authorisation(row: Row[Any]) -> Authorisation:
    return Authorisation(**row._mapping)
