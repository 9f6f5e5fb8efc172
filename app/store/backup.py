"""A copy of the whole database in one file, taken while others write, and put back in an empty one of either kind.

    write(database, path, time)      # all in one view; read over again before it gets its name
    read_over(path)                  # what is in it; raises Refused when one bit is not as it was written
    restore(path, database)

JSON lines, packed by gzip: the first says what it is, then come the tables row by row, and the last has the digest of
all before it. Personal values are in it as the vault has them: encrypted, and the key is not in the database. What may
not outlive its day (who is logged in, the salts under which visitors were counted) is not in it either.
"""

from __future__ import annotations

import gzip
import os
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

import orjson
from sqlalchemy import Connection, Table, func, insert, select, text

from app.errors import Refused
from app.store.batches import batches
from app.store.database import Database
from app.store.migration import all_tables, known_steps
from app.store.moments import reached
from app.store.tables import log as tables
from app.store.tables import usage as tables_usage

FORMAT = "verenigingsloket-reservekopie-1"
PASSING = (tables.session, tables_usage.usage_salt, tables_usage.usage_mark, tables.schema_step)
BATCH = 1000
LEVEL = 6
NOT_WHOLE = "{name} is geen gave reservekopie: {why}."


@dataclass(frozen=True)
class Copied:
    """What is in a copy: when it was made, up to which sequence, and how many rows each table has."""

    time: str
    sequence: int
    steps: tuple[str, ...]
    rows: dict[str, int]


def write(database: Database, path: Path, time: str) -> Copied:
    """Write all of the database; nothing bears the name of `path` before it is whole and on disk."""
    unfinished = path.with_name(path.name + ".onaf")
    reached("backup: nothing written")
    with _for_owner_alone(unfinished) as raw:
        with gzip.GzipFile("", "wb", LEVEL, raw, mtime=0) as file, database.reading() as connection:
            digest = sha256()
            for line in _lines(connection, time):
                digest.update(line)
                file.write(line)
            file.write(_line({"sha256": digest.hexdigest()}))
        raw.flush()
        os.fsync(raw.fileno())
    copied = read_over(unfinished)
    reached("backup: whole, without its name")
    unfinished.replace(path)
    return copied


def read_over(path: Path) -> Copied:
    """What is in a copy, every bit of it looked at; raises Refused when it is not whole."""
    first: dict[str, Any] = {}
    rows: dict[str, int] = {}
    table = ""
    for line in _checked(path):
        if isinstance(line, list):
            rows[table] += 1
        elif "tabel" in line:
            table = line["tabel"]
            rows[table] = 0
        else:
            first = line
    return Copied(first["tijdstip"], first["volgnummer"], tuple(first["stappen"]), rows)


def restore(path: Path, database: Database) -> Copied:
    """Put a copy back, all of it or nothing; raises Refused when the database is not empty or the copy not whole."""
    copied = read_over(path)
    if unknown := sorted(set(copied.steps).difference(known_steps())):
        raise Refused(f"Deze kopie is van een nieuwere versie van het programma (stap {unknown[-1]}).")
    with database.writing() as connection:
        _must_be_empty(connection)
        for table, columns, rows in _tables(path):
            known = [name for name in columns if name in table.c]
            for part in batches(rows, BATCH):
                connection.execute(insert(table), [_named(columns, row, known) for row in part])
                reached("restore: some tables full")
        reached("restore: all tables full, not committed")
        if not database.is_file:
            _count_on(connection)
    return copied


def _lines(connection: Connection, time: str) -> Iterator[bytes]:
    sequence = connection.execute(select(func.max(tables.version.c.sequence))).scalar() or 0
    yield _line({"formaat": FORMAT, "tijdstip": time, "volgnummer": sequence, "stappen": known_steps()})
    for table in all_tables().sorted_tables:
        if table in PASSING:
            continue
        yield _line({"tabel": table.name, "kolommen": [column.name for column in table.columns]})
        rows = connection.execution_options(yield_per=BATCH).execute(select(table))
        for row in rows:
            yield _line([_plain(value) for value in row])


def _checked(path: Path) -> Iterator[Any]:
    """The lines, each read once; raises Refused in the end, or where it goes wrong."""
    digest, last = sha256(), b""
    try:
        with gzip.open(path, "rb") as file:
            for number, line in enumerate(file):
                if last:
                    digest.update(last)
                    yield orjson.loads(last)
                last = line
                if number == 0 and orjson.loads(line).get("formaat") != FORMAT:
                    raise Refused(NOT_WHOLE.format(name=path.name, why="het is iets anders"))
        if orjson.loads(last or b"null") != {"sha256": digest.hexdigest()}:
            raise Refused(NOT_WHOLE.format(name=path.name, why="ze is niet wat geschreven werd"))
    except (OSError, EOFError, zlib.error, orjson.JSONDecodeError, AttributeError):
        raise Refused(NOT_WHOLE.format(name=path.name, why="ze is niet te lezen")) from None


def _tables(path: Path) -> Iterator[tuple[Table, list[str], list[list[Any]]]]:
    """Each table with its columns and some of its rows at a time."""
    table, columns, rows = tables.version, list[str](), list[list[Any]]()
    for line in _checked(path):
        if isinstance(line, list):
            rows.append(line)
        if rows and (len(rows) >= BATCH or not isinstance(line, list)):
            yield table, columns, rows
            rows = []
        if isinstance(line, dict) and "tabel" in line:
            table, columns = all_tables().tables[line["tabel"]], line["kolommen"]
    if rows:
        yield table, columns, rows


def _must_be_empty(connection: Connection) -> None:
    for table in all_tables().sorted_tables:
        if table not in PASSING and connection.execute(select(table).limit(1)).first() is not None:
            raise Refused("Er staat al iets in deze database; een kopie gaat enkel in een lege.")


def _count_on(connection: Connection) -> None:
    """PostgreSQL does not notice that numbers were given without it."""
    for table in all_tables().sorted_tables:
        column = table.autoincrement_column
        if column is not None and table.name not in {passing.name for passing in PASSING}:
            last = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
            series = func.pg_get_serial_sequence(table.name, column.name)
            connection.execute(select(func.setval(series, last, text("false"))).where(series.is_not(None)))


def _named(columns: Sequence[str], row: Sequence[Any], known: Sequence[str]) -> dict[str, Any]:
    values = dict(zip(columns, row, strict=True))
    return {name: _value(values[name]) for name in known}


def _plain(value: Any) -> Any:
    return {"b": b64encode(value).decode()} if isinstance(value, bytes | memoryview) else value


def _value(plain: Any) -> Any:
    return b64decode(plain["b"]) if isinstance(plain, dict) else plain


def _line(content: Any) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE)


def _for_owner_alone(path: Path) -> IO[bytes]:
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
