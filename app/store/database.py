"""The database of the log: connections, the one write lock, and all that differs between SQLite and PostgreSQL."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, insert
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    NoSuchModuleError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.pool import QueuePool

from app.errors import BadSetting, Refused, Unavailable, Unknown
from app.store.bell import Bell
from app.store.migration import migrate, pending
from app.store.mishaps import AWAY, begun, told
from app.store.moments import reached

BUSY_SECONDS = 60
# Any number will do, as long as every process that writes to this database uses the same.
ADVISORY_LOCK = 0x76_65_72_65
PRAGMAS = (
    # In WAL mode only FULL syncs at every commit: https://www.sqlite.org/pragma.html#pragma_synchronous
    "PRAGMA synchronous=FULL",
    # What is erased is overwritten with zeroes, not left in a free page.
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-32000",
    "PRAGMA journal_size_limit=64000000",
)
READS_ONLY = "Deze kopie leest enkel; doe de wijziging op het adres van de dienst zelf."
EMPTY_WAL = "PRAGMA wal_checkpoint(TRUNCATE)"
# Who runs holds this one together with others, who must be alone holds it by itself: see `app.store.leadership`.
PRESENT_LOCK = 0x70_72_65_73
PRESENT = f"SELECT pg_try_advisory_lock_shared({PRESENT_LOCK})"
ABSENT = f"SELECT pg_advisory_unlock_shared({PRESENT_LOCK})"
LAST_WRITTEN = {
    "sqlite": "PRAGMA data_version",
    "postgresql": "SELECT pg_snapshot_xmax(pg_current_snapshot())::text",
}
DRIVERS = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg", "sqlite": "sqlite"}


class Database:
    """Readers that never wait, and one writer at a time over all threads and processes."""

    def __init__(self, engine: Engine, read_only: bool = False) -> None:
        self.engine = engine
        self.read_only = read_only
        self.bell = Bell()
        self._lock = threading.Lock()
        self._holder: int | None = None
        self._to_read: dict[str, Any] = {} if self.is_file else {"isolation_level": "REPEATABLE READ"}

    @property
    def is_file(self) -> bool:
        """Whether this is SQLite, in a file of this machine."""
        return self.engine.dialect.name == "sqlite"

    def has_room(self) -> bool:
        """Whether `reading` waits for nobody just now: for no server, and for no other reader's connection."""
        pool = self.engine.pool
        return self.is_file and isinstance(pool, QueuePool) and pool.checkedout() < pool.size()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view, for as many statements as needed."""
        try:
            with self.engine.connect() as connection:
                connection.execution_options(**self._to_read)
                yield connection
        except DataError:
            # PostgreSQL takes no NUL in a text: nothing can be called so.
            raise Unknown("Dat bestaat niet.") from None
        except ProgrammingError:
            raise
        # The driver's own when the connection is lost between two statements.
        except (DBAPIError, NoConnection, self.engine.dialect.loaded_dbapi.OperationalError) as error:
            raise Unavailable(AWAY) from error

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Hold the write lock; what is written is durable when this ends well, and never was when it raises."""
        if self.read_only:
            raise Unavailable(READS_ONLY)
        if self._holder == threading.get_ident():
            raise RuntimeError("this thread is writing already: use that transaction")
        with self._lock:
            self._holder = threading.get_ident()
            try:
                with (
                    told(),
                    self.engine.connect().execution_options(writing=True) as connection,
                    begun(connection),
                ):
                    reached("log: lock held, nothing written")
                    yield connection
                reached("log: committed, nobody knows")
                self.bell.ring()
            except DataError:
                raise Refused("Een tekst bevat een teken dat niet bewaard kan worden.") from None
            finally:
                self._holder = None

    @contextmanager
    def marks(self) -> Iterator[Callable[[], int]]:
        """A number that changes when anybody wrote, in this process or another; to be asked in this thread.

        Whoever listens is there: no other process may be `alone` meanwhile. Raises Unavailable when one is, and when
        asked while the database does not answer.
        https://www.sqlite.org/pragma.html#pragma_data_version
        """
        statement = LAST_WRITTEN[self.engine.dialect.name]
        with self.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            raw: Any = connection.connection.dbapi_connection
            try:
                if not (self.is_file or raw.execute(PRESENT).fetchone()[0]):
                    raise Unavailable("Een ander proces moet even alleen zijn met deze database.")
                yield partial(_mark, raw, statement)
            finally:
                if not self.is_file:
                    with suppress(self.engine.dialect.loaded_dbapi.Error):
                        # With the connection goes the lock, but the server may be slow to notice.
                        raw.execute(ABSENT)
                connection.invalidate()

    def scrub(self, *, anew: bool = False) -> None:
        """Leave nothing of what was deleted in any file: the write-ahead log is emptied, and with `anew` every page
        written again.

        SQLite overwrites what is deleted (https://www.sqlite.org/pragma.html#pragma_secure_delete); writing anew, which
        keeps other writers waiting, also takes copies that moving rows between pages may have left. PostgreSQL forgets
        deleted rows when it vacuums; its archive of the write-ahead log is the operator's. Raises Unavailable when
        others keep it busy.
        """
        with self._lock, self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if not self.is_file:
                connection.exec_driver_sql("VACUUM (FULL)" if anew else "VACUUM")
                return
            raw: Any = connection.connection.dbapi_connection
            for statement in (EMPTY_WAL, *(("VACUUM", EMPTY_WAL) if anew else ())):
                try:
                    raw.execute(statement).close()
                except raw.OperationalError as error:
                    raise Unavailable("Het logboek is in gebruik; wis opnieuw om alles op te ruimen.") from error

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def _mark(raw: Any, statement: str) -> int:
    try:
        return int(raw.execute(statement).fetchone()[0])
    except raw.Error as error:
        raise Unavailable(AWAY) from error


def open_database(url: str, password: str = "", *, read_only: bool = False) -> Database:
    """Open by URL (`sqlite:///map/log.sqlite`, `postgresql://loket@db/loket`), with the tables of this version in it.

    Raises BadSetting for another kind of database and for one of a newer version, Unavailable when it does not answer.
    """
    database = connect(url, password, read_only=read_only)
    try:
        with database.reading() as connection:
            is_ready = pending(connection) == []
        if not is_ready:
            with database.writing() as connection:
                migrate(connection)
    except BaseException:
        database.close()
        raise
    return database


def connect(url: str, password: str = "", *, read_only: bool = False) -> Database:
    """The database as it is, whatever its tables."""
    address = read_url(url)
    if password:
        address = address.set(password=password)
    engine = create_engine(address, hide_parameters=True, **_options(address))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        with told():
            _keep_write_ahead_log(engine)
    event.listen(engine, "begin", _begin)
    return Database(engine, read_only)


def read_url(url: str) -> URL:
    """The address with the driver that we have for it; raises BadSetting, which does not show the password."""
    try:
        address = make_url(url)
        driver = DRIVERS[address.get_backend_name()]
    except (ArgumentError, NoSuchModuleError, KeyError):
        raise BadSetting(
            "De instelling database moet lijken op postgresql://gebruiker@machine/naam of sqlite:////map/log.sqlite."
        ) from None
    return address.set(drivername=driver)


def insert_rows(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert many rows, each with all columns in the order of the table.

    Past the type system of SQLAlchemy, which costs more than the database does: for int, str, bytes and None only.
    """
    if not rows:
        return
    statement = insert(table).compile(dialect=connection.dialect)
    if statement.positional:
        connection.exec_driver_sql(str(statement), list(rows))
    else:
        names = [column.name for column in table.columns]
        connection.exec_driver_sql(str(statement), [dict(zip(names, row, strict=True)) for row in rows])


def _options(address: URL) -> dict[str, Any]:
    if address.get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": BUSY_SECONDS}}
    # A connection that was cut while it rested is replaced; requests wait for one no longer than for the write lock.
    # A server that is silent, as when its machine went, is noticed within half a minute.
    patience = {"connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
    return {
        "pool_pre_ping": True, "pool_size": 10, "max_overflow": 40, "pool_timeout": BUSY_SECONDS,
        "connect_args": {**patience, "tcp_user_timeout": 30_000},
    }  # fmt: skip


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own BEGIN comes too late for a read before the first write; `_begin` says it instead.
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(pragma).close()


def _keep_write_ahead_log(engine: Engine) -> None:
    """With it readers do not wait; the file remembers. SQLite does not wait its turn for this statement, so we do."""
    deadline = time.monotonic() + BUSY_SECONDS
    with engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        while True:
            try:
                raw.execute("PRAGMA journal_mode=WAL").close()
                return
            except raw.OperationalError as error:
                if time.monotonic() > deadline:
                    raise Unavailable("Het logboek is in gebruik.") from error
                time.sleep(0.02)


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
    elif writing:
        # Readers never see a gap: the next writer counts on from what this one has made visible.
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")
