"""Rows of `head` and `version` as records, and the statements that read them.

Statements are made once: SQLAlchemy takes three times as long to make one as SQLite to answer it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, delete, select

from app.store.database import Database
from app.store.names import Names, from_bytes
from app.store.packing import pack, unpack
from app.store.records import NewVersion, Version
from app.store.tables import log as tables

VERSION_COLUMNS = tuple(tables.version.c)
PUBLIC, INTERNAL = 9, 10
_VERSIONS = select(*VERSION_COLUMNS)
_CURRENT = _VERSIONS.join(tables.head, tables.head.c.sequence == tables.version.c.sequence)
_v, _h = tables.version.c, tables.head.c

LATEST = _CURRENT.where(_h.entity == bindparam("entity"))
CURRENT = (
    _CURRENT.where(_h.kind == bindparam("kind"), _h.code > bindparam("after"))
    .order_by(_h.code)
    .limit(bindparam("limit"))
)
HIDDEN = (
    select(_h.entity)
    .where(_h.kind == bindparam("kind"), _h.is_public.is_(False), _h.sequence > bindparam("after"))
    .order_by(_h.sequence.desc())
)
ONE = _VERSIONS.where(_v.entity == bindparam("entity"), _v.number == bindparam("number"))
HISTORY = _VERSIONS.where(_v.entity == bindparam("entity")).order_by(_v.number)
FOLLOWING = _VERSIONS.where(_v.sequence > bindparam("after")).order_by(_v.sequence).limit(bindparam("limit"))
LAST = select(_v.sequence, _v.time).order_by(_v.sequence.desc()).limit(1)
HEAD = select(tables.head).where(_h.entity == bindparam("entity"))
HEADS = select(tables.head).where(_h.id.in_(bindparam("ids", expanding=True))).order_by(_h.id)
FORGET_HEAD = delete(tables.head).where(_h.id == bindparam("old"))


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
    packed_names: bytes = b""
    summary: bytes = b""

    @property
    def names(self) -> Names:
        """The claims and keys that it holds; unpacked only when asked for, as few ask."""
        return from_bytes(self.packed_names)

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
            self.packed_names,
            self.summary,
        )


def digest(public: bytes | None) -> bytes | None:
    """Tells equal public triples from different ones without reading them back."""
    return None if public is None else sha256(public).digest()[:16]


def to_head(row: Any) -> Head:
    """A row of the table as a record."""
    return Head(
        row.id,
        row.entity,
        row.kind,
        row.sequence,
        row.number,
        row.digest,
        tuple(row.feeds.split("\n")) if row.feeds else (),
        row.names,
        row.summary,
    )


def to_version(row: Any) -> Version:
    """A row that starts with `VERSION_COLUMNS`."""
    fields = list(row[: len(VERSION_COLUMNS)])
    fields[PUBLIC] = None if row.public is None else unpack(row.public)
    fields[INTERNAL] = unpack(row.internal)
    return Version(*fields)


def new_version(new: NewVersion, sequence: int, time: str, on_behalf_of: str = "") -> Version:
    """What is appended, with the sequence and time that it got."""
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
        on_behalf_of,
    )


def version_row(version: Version) -> tuple[Any, ...]:
    """As stored, packed."""
    fields = list(version.__dict__.values())
    fields[PUBLIC] = None if version.public is None else pack(version.public)
    fields[INTERNAL] = pack(version.internal)
    return tuple(fields)


def summaries_of(database: Database, kind: str, entities: Sequence[str]) -> dict[str, tuple[bytes, tuple[str, ...]]]:
    """Of each of these entities what the log keeps beside its latest version: its summary, and the feeds it is in."""
    wanted = select(_h.entity, _h.summary, _h.feeds).where(_h.kind == kind, _h.entity.in_(list(entities)))
    with database.reading() as connection:
        return {row.entity: (bytes(row.summary), tuple(row.feeds.split("\n"))) for row in connection.execute(wanted)}
