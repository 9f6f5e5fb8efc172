"""A writer that works at full speed until somebody kills it; run in a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from app.store.backup import restore, write
from app.store.database import open_database
from app.store.graphs.embedded import EmbeddedGraphs
from app.store.graphs.project import catch_up, open_following, public_part, rebuild
from app.store.log import Log, NewVersion, Transaction, Version, open_log
from tests.store.builders import AALST, ALL, GENT, a_version, entity, hide, next_version, remove, triples

# One above what makes a catch-up large, so that bulk loads are killed too.
BATCHES = (1, 1, 3, 30, 120, 520)


def open_all(directory: Path) -> tuple[Log, EmbeddedGraphs, EmbeddedGraphs]:
    log = open_log(f"sqlite:///{directory}/log.sqlite", lambda: datetime.now(UTC))
    return log, open_following(directory / "public", log), open_following(directory / "internal", log)


def write_until_killed(directory: Path, seed: int, acknowledge: Connection, rebuilding: float = 0.05) -> None:
    """Append, project and now and then rebuild; each sequence sent through `acknowledge` was promised to be durable."""
    random = Random(seed)
    log, public, internal = open_all(directory)
    acknowledge.send(log.head())
    catch_up(log, public, internal)
    for size in endlessly(random, BATCHES):
        with log.transaction() as transaction:
            for _ in range(size):
                transaction.append(something(transaction, random))
        acknowledge.send(log.head())
        catch_up(log, public, internal)
        if random.random() < rebuilding:
            public.close()
            rebuild(log, directory / "public", public_part, {})
            public = open_following(directory / "public", log)


def rebuild_until_killed(directory: Path, seed: int, acknowledge: Connection) -> None:
    """The same, with a rebuild after every other batch."""
    write_until_killed(directory, seed, acknowledge, 0.5)


def copy_and_put_back(directory: Path, acknowledge: Connection) -> None:
    """Make a copy of one database and fill another with it."""
    copy = directory / "kopie"
    with closing(open_database(f"sqlite:///{directory}/bron.sqlite")) as source:
        write(source, copy, "2026-11-26T12:00:00.000000Z")
    acknowledge.send(1)
    with closing(open_database(f"sqlite:///{directory}/doel.sqlite")) as target:
        restore(copy, target)


def endlessly(random: Random, choices: tuple[int, ...]) -> Iterator[int]:
    while True:
        yield random.choice(choices)


def something(transaction: Transaction, random: Random) -> NewVersion:
    """Mostly a new association, else some change to an old one."""
    known = int(transaction.get_state("last") or 0)
    old = transaction.latest(entity(random.randint(1, known))) if known and random.random() < 0.3 else None
    if old is not None and old.operation != "delete":
        return random.choice(CHANGES)(old)
    code = transaction.next_number("code")
    transaction.put_state("last", str(code))
    return a_version(code, feeds=feeds(code), claims=frozenset({("kbo", str(code))}))


def feeds(code: int) -> tuple[str, ...]:
    return (ALL, AALST if code % 2 else GENT)


def change(version: Version) -> NewVersion:
    code = int(version.entity.rpartition("V")[2])
    content = triples(version.entity, value=str(version.number + 1))
    return next_version(version, public=content, internal=b"", feeds=feeds(code))


def change_hidden(version: Version) -> NewVersion:
    visible = () if version.public is None else feeds(int(version.entity.rpartition("V")[2]))
    return next_version(version, internal=triples(f"{version.entity}/x", 1, str(version.number)), feeds=visible)


CHANGES: tuple[Callable[[Version], NewVersion], ...] = (change, change, change_hidden, hide, remove)
