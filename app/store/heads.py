"""Rows of `head` and `version` as records, and the statements that read them."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from app.store import tables
from app.store.names import NOTHING, Names, from_bytes, to_bytes
from app.store.packing import pack, unpack
from app.store.records import NewVersion, Version

VERSION_COLUMNS = tuple(tables.version.c)
PUBLIC, INTERNAL = 9, 10
SELECT_VERSION = select(*VERSION_COLUMNS)
SELECT_LATEST = SELECT_VERSION.join(tables.head, tables.head.c.sequence == tables.version.c.sequence)


@dataclass(frozen=True)
class Head:
    """Where one entity stands; `id` is the sequence of its first version."""

    id: int
    entity: str
    kind: str
    sequence: int
    number: int
    digest: bytes | None
    feeds: tuple[str, ...]
    names: Names = NOTHING
    summary: bytes = b""

    def row(self) -> tuple[Any, ...]:
        """As stored; the code is the last part of the IRI."""
        return (
            self.id,
            self.entity,
            self.kind,
            self.entity.rpartition("/")[2],
            self.sequence,
            self.number,
            self.digest is not None,
            self.digest,
            "\n".join(self.feeds),
            to_bytes(self.names),
            self.summary,
        )


def digest(public: bytes | None) -> bytes | None:
    """Tells equal public triples from different ones without reading them back."""
    return None if public is None else sha256(public).digest()[:16]


def to_head(row: Any) -> Head:
    return Head(
        row.id,
        row.entity,
        row.kind,
        row.sequence,
        row.number,
        row.digest,
        tuple(row.feeds.split("\n")) if row.feeds else (),
        from_bytes(row.names),
        row.summary,
    )


def to_version(row: Any) -> Version:
    """A row that starts with `VERSION_COLUMNS`."""
    fields = list(row[: len(VERSION_COLUMNS)])
    fields[PUBLIC] = None if row.public is None else unpack(row.public)
    fields[INTERNAL] = unpack(row.internal)
    return Version(*fields)


def new_version(new: NewVersion, sequence: int, time: str) -> Version:
    return Version(
        sequence,
        new.entity,
        new.kind,
        new.number,
        new.operation,
        time,
        new.activity,
        new.actor,
        new.reason,
        new.public,
        new.internal,
        new.replaced_by,
    )


def version_row(version: Version) -> tuple[Any, ...]:
    """As stored, packed."""
    fields = list(version.__dict__.values())
    fields[PUBLIC] = None if version.public is None else pack(version.public)
    fields[INTERNAL] = pack(version.internal)
    return tuple(fields)
