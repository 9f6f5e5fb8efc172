"""What can befall the database in the midst of a read or a write, in words for who asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from app.errors import Unavailable

AWAY = "De database antwoordt niet; probeer straks opnieuw."
GONE = "De database antwoordt niet. Er is niets bewaard; probeer straks opnieuw."
UNSURE = "De database viel weg terwijl ze dit bewaarde. Kijk straks na of het er staat voor u het herhaalt."
BUSY = "Een ander proces schrijft al lange tijd in het logboek."
FULL = "De schijf met het logboek is vol. Er is niets bewaard."
BEFALLEN = (
    ("SQLITE_FULL", FULL),
    # What writing past a limit of the system is called, too.
    ("SQLITE_IOERR", "De schijf met het logboek weigert: is ze vol of stuk? Er is niets bewaard."),
    ("SQLITE_READONLY", "De schijf met het logboek is alleen te lezen. Er is niets bewaard."),
    ("SQLITE_CANTOPEN", "Het logboek is niet te openen: mag deze dienst in de map met gegevens schrijven?"),
    ("SQLITE_BUSY", BUSY),
    ("55P03", BUSY),
)


@contextmanager
def told() -> Iterator[None]:
    """What befalls the database in the midst of a write, as Unavailable: nothing of it was kept."""
    try:
        yield
    except (InterfaceError, NoConnection) as error:
        raise Unavailable(GONE) from error
    except OperationalError as error:
        # By the names of SQLite's own codes, https://www.sqlite.org/rescode.html, or by SQLSTATE:
        # https://www.postgresql.org/docs/current/errcodes-appendix.html
        code = getattr(error.orig, "sqlite_errorname", "") or getattr(error.orig, "sqlstate", "") or ""
        raise Unavailable(next((text for name, text in BEFALLEN if code.startswith(name)), GONE)) from error


@contextmanager
def begun(connection: Connection) -> Iterator[None]:
    """A transaction: kept when this ends well, rolled back when it raises."""
    transaction = connection.begin()
    try:
        yield
    except BaseException:
        transaction.rollback()
        raise
    try:
        transaction.commit()
    except OperationalError as error:
        if connection.dialect.name == "sqlite":
            raise
        # It may have been kept: only the answer did not come.
        raise Unavailable(UNSURE) from error
