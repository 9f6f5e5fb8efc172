"""What was erased, in a file beside the database: after a backup is put back, the same has to go again.

One JSON object a line, with when, of which entity and of which nodes; no values, and nobody's name.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import orjson

from app.errors import Refused

NAME = "wissingen.jsonl"


def add(folder: Path, time: str, erased: Iterable[tuple[str, str]]) -> None:
    """Write down (code, fields) of what was erased; on disk when this ends."""
    lines = b"".join(
        orjson.dumps({"tijdstip": time, "code": code, "velden": fields}) + b"\n" for code, fields in erased
    )
    if not lines:
        return
    with os.fdopen(os.open(folder / NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as file:
        file.write(lines)
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


def _nodes(fields: str) -> Iterable[str]:
    return (part.partition(" ")[0] for part in fields.split("; ") if part)
