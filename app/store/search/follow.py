"""From the log to the search index: catch up after a commit or a crash, or make it anew.

Killed at any moment, the index stands where its last transaction left it, and goes on from there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator

from sqlalchemy import bindparam, select

from app.errors import Unavailable
from app.store.graphs.project import BATCH
from app.store.log import Log, Version
from app.store.search.file import SearchFile
from app.store.search.layout import Entry, Happening
from app.store.search.writing import Writing
from app.store.spans import step
from app.store.tables import log as tables

Projection = Callable[[Version], Entry]
Choice = Callable[[Version], bool]

_v, _m = tables.version.c, tables.member.c
MEMBERS = (
    select(_m.position, _v.sequence, _v.entity, _v.time, _m.operation)
    .join(tables.version, _v.sequence == _m.sequence)
    .join(tables.feed, tables.feed.c.id == _m.feed)
    .where(tables.feed.c.name == bindparam("feed"), _m.position > bindparam("after"), _v.sequence <= bindparam("upto"))
    .order_by(_m.position)
    .limit(bindparam("limit"))
)
MANY = 20_000


def id_of(entity: str) -> int:
    """
    >>> id_of("http://loket.test/id/vereniging/V0001001")
    1001
    """
    return int("".join(mark for mark in entity.rpartition("/")[2] if mark.isdigit()))


def is_public(version: Version) -> bool:
    """Everybody may see it."""
    return version.public is not None and version.operation != "delete"


def is_hidden(version: Version) -> bool:
    """It is in the register, and only who has a right may know so; a double is found as what it is a double of."""
    return version.public is None and not version.ended


def follow(log: Log, file: SearchFile, kind: str, feed: str, project: Projection, chosen: Choice = is_public) -> int:
    """Bring the index of what is `chosen` up to the end of the log; answers the sequence that it has reached.

    Raises Unavailable.
    """
    try:
        return _follow(log, file, kind, feed, project, chosen)
    except sqlite3.Error as error:
        raise Unavailable("Het zoekbestand is niet te schrijven.") from error


def _follow(log: Log, file: SearchFile, kind: str, feed: str, project: Projection, chosen: Choice) -> int:
    sequence, _ = file.state()
    head = log.head()
    if sequence == head:
        return sequence
    if sequence == 0 or sequence > head:
        # An index ahead of the log belongs to a log that was put back from a backup.
        fill(log, file, kind, feed, project, chosen)
    while versions := log.read(file.state()[0], BATCH):
        upto = versions[-1].sequence
        with (
            step("follow the log to search", {"verenigingsloket.versions": len(versions)}),
            file.writing(upto) as writing,
        ):
            sequence, position = file.state()
            # Another process may have been here since we read.
            for version in _last(each for each in versions if each.kind == kind and each.sequence > sequence):
                _settle(writing, version, project, chosen)
            file.settle(max(sequence, upto), _tell(log, writing, feed, position, upto))
    return file.state()[0]


def fill(log: Log, file: SearchFile, kind: str, feed: str, project: Projection, chosen: Choice = is_public) -> None:
    """Make the index anew in one transaction: until it ends, readers see the old one."""
    head = log.head()
    with step("fill the search index"), file.writing(head) as writing:
        writing.empty()
        for version in _current(log, kind):
            if chosen(version):
                writing.put(project(version))
        file.settle(head, _tell(log, writing, feed, 0, head), anew=True)


def _current(log: Log, kind: str) -> Iterator[Version]:
    code = ""
    while versions := log.entities(kind, code, BATCH):
        yield from versions
        code = versions[-1].entity.rpartition("/")[2]


def _last(versions: Iterable[Version]) -> list[Version]:
    return list({version.entity: version for version in versions}.values())


def _settle(writing: Writing, version: Version, project: Projection, chosen: Choice) -> None:
    if chosen(version):
        writing.put(project(version))
    else:
        writing.remove(id_of(version.entity))


def _tell(log: Log, writing: Writing, feed: str, position: int, upto: int) -> int:
    """What happened in the feed after a position, up to a sequence of the log; answers the last position."""
    while True:
        with log.database.reading() as connection:
            values = {"feed": feed, "after": position, "upto": upto, "limit": MANY}
            rows = connection.execute(MEMBERS, values).all()
        writing.tell(Happening(id_of(row.entity), row.sequence, row.time, row.operation) for row in rows)
        if not rows:
            return position
        position = rows[-1].position
