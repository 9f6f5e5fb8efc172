"""What was erased, in a file beside the database: after a backup is put back, the same has to go again.

One JSON object a line, with when, of which entity and of which nodes; no values, and nobody's name. It follows the log
of accesses, in which an erasure stands from the moment that it is one.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import orjson

from app.errors import Refused
from app.store.accesses import erasures
from app.store.database import Database
from app.store.vault import Access

NAME = "wissingen.jsonl"


def follow(folder: Path, database: Database) -> None:
    """Write down what was erased and is not in it yet; on disk when this ends.

    Who is killed between an erasure and this leaves it to the next start, or the next night.
    """
    path = folder / NAME
    content = path.read_bytes() if path.exists() else b""
    # A line without an end is one that somebody was killed in.
    whole = content[: content.rfind(b"\n") + 1]
    known = set(whole.splitlines())
    lines = [line for line in map(_line, erasures(database)) if line not in known]
    if not lines:
        return
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as file:
        file.truncate(len(whole))
        file.write(b"".join(line + b"\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())


def read(path: Path, after: str = "") -> list[tuple[str, frozenset[str]]]:
    """The code and the nodes of each erasure after this time, oldest first; raises Refused for what is no such file.

    After a backup was put back these are the ones later than the last thing in it.
    """
    try:
        lines = [orjson.loads(line) for line in path.read_bytes().splitlines() if line.strip()]
        return [(line["code"], frozenset(_nodes(line["velden"]))) for line in lines if line["tijdstip"] > after]
    except (OSError, ValueError, KeyError, TypeError):
        raise Refused(f"{path.name} is geen lijst van wissingen.") from None


def _line(erased: Access) -> bytes:
    code = erased.entity.rpartition("/")[2]
    return orjson.dumps({"tijdstip": erased.time, "code": code, "velden": erased.fields})


def _nodes(fields: str) -> Iterable[str]:
    return (part.partition(" ")[0] for part in fields.split("; ") if part)
