"""Which of several processes on one database does what only one may do: the one that holds the lead.

On PostgreSQL the lead is a lock of a connection of its own, on SQLite one on a file beside the database: with the
process goes the lock, however it ends, and another takes over. Who writes to an engine that all share does so in
`turn`: the one that leads, and a command that makes it anew.
"""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

from app.errors import Refused, Unavailable
from app.store.database import PRESENT_LOCK, Database
from app.store.mishaps import AWAY

# Beside the lock of who writes; any number, as long as every process uses the same.
LEAD_LOCK = 0x6C_65_61_64
TURN_LOCK = 0x74_75_72_6E
FILE, TURN_FILE = "leider.slot", "graafopslag.slot"
OTHERS = "Er draait nog een ander proces op deze database. Stop eerst elke dienst en elke kopie, waar die ook staan."


class Leadership:
    """The lead, as this process holds it or not; safe to ask from several threads."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._path = folder / FILE
        self._connection: Connection | None = None
        self._file: IO[str] | None = None
        self._lock = threading.Lock()
        self._left = False

    @property
    def is_held(self) -> bool:
        """Whether this process had the lead when it last looked."""
        return self._file is not None or self._connection is not None

    def held(self) -> bool:
        """Whether this process has the lead, after trying to get it; a connection that was lost has lost it."""
        with self._lock:
            if self._left:
                return False
            return self._held_on_file() if self._database.is_file else self._held_on_server()

    def let_go(self) -> None:
        """Leave it to another, for good: who asks meanwhile gets it no more."""
        with self._lock:
            self._left = True
            if self._file is not None:
                self._file.close()
                self._file = None
            if self._connection is not None:
                with suppress(DBAPIError):
                    # The server may be slow to notice that a connection went: the next one need not wait for that.
                    self._connection.exec_driver_sql(f"SELECT pg_advisory_unlock({LEAD_LOCK})")
            self._forget()

    def _held_on_file(self) -> bool:
        if self._file is not None:
            return True
        file = self._path.open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return False
        self._file = file
        return True

    def _held_on_server(self) -> bool:
        try:
            if self._connection is not None:
                self._connection.exec_driver_sql("SELECT 1")
                return True
            return self._try()
        except (DBAPIError, NoConnection):
            self._forget()
            return False

    def _try(self) -> bool:
        connection = self._database.engine.connect()
        try:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            if connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({LEAD_LOCK})").scalar():
                self._connection = connection
        finally:
            if self._connection is not connection:
                connection.close()
        return self._connection is not None

    def _forget(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(DBAPIError):
                # Not back to the pool: the lock would go on with the connection.
                connection.invalidate()
            connection.close()


@contextmanager
def alone(database: Database, folder: Path) -> Iterator[None]:
    """For what no other process may be there; raises Refused when one is, and keeps others from leading meanwhile."""
    lead = Leadership(database, folder)
    if not lead.held():
        raise Refused(OTHERS)
    try:
        if database.is_file:
            yield
            return
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if not connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({PRESENT_LOCK})").scalar():
                raise Refused(OTHERS)
            yield
            connection.exec_driver_sql(f"SELECT pg_advisory_unlock({PRESENT_LOCK})")
    finally:
        lead.let_go()


@contextmanager
def turn(database: Database, folder: Path, *, wait: bool = False) -> Iterator[bool]:
    """Whether nobody else writes to the engine that all share until this ends; who does not `wait` may hear a no."""
    if database.is_file:
        with (folder / TURN_FILE).open("a") as file:
            yield _locked(file, wait)
        return
    try:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            held = _taken(connection, wait)
            try:
                yield held
            finally:
                if held:
                    _given_back(connection)
    except (DBAPIError, NoConnection) as error:
        raise Unavailable(AWAY) from error


def _locked(file: IO[str], wait: bool) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        return True
    return False


def _taken(connection: Connection, wait: bool) -> bool:
    if wait:
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({TURN_LOCK})")
        return True
    return bool(connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({TURN_LOCK})").scalar())


def _given_back(connection: Connection) -> None:
    try:
        connection.exec_driver_sql(f"SELECT pg_advisory_unlock({TURN_LOCK})")
    except DBAPIError:
        # The lock went with the connection, and the connection must not come back with it.
        connection.invalidate()
