"""A copy is whole or it is none, and what is put back is what there was, in either kind of database."""

from __future__ import annotations

import gzip
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from app.errors import Refused
from app.store.backup import PASSING, read_over, restore, write
from app.store.database import Database, open_database
from app.store.log import Log, open_log
from app.store.migration import all_tables
from app.store.moments import COPYING
from app.store.queues import list_tasks
from app.store.tables import log as tables
from app.store.vault import Cipher, Personal, Use
from tests.engines import new_database
from tests.killing import killed_at, ready_to_fork
from tests.store.builders import NOON, a_version, append, entity, next_version
from tests.store.conftest import KEY
from tests.store.crashing import copy_and_put_back

TIME, NAME = "2026-11-26T12:00:00.000000Z", "Vermeersch-Uitgevonden"
PERSON = Personal(f"{entity(1)}#vertegenwoordiger-1", entity(1), {"insz": "85073003328", "achternaam": NAME})
KINDS = ("sqlite", "postgresql")
New = Callable[[str], str]


@pytest.fixture
def new(tmp_path: Path, request: pytest.FixtureRequest) -> New:
    """Gives an empty database of a kind."""

    def give(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path}/{len(list(tmp_path.iterdir()))}.sqlite"
        return new_database(request.getfixturevalue("postgresql"))

    return give


def filled(url: str) -> Log:
    """A log with something in it of every kind that there is in a log."""
    log = open_log(url, lambda: NOON, Cipher(KEY))
    [first, *_] = append(log, a_version(1, personal=(PERSON,)), *(a_version(code) for code in range(2, 40)))
    append(log, next_version(first, public=b"", claims=frozenset({("kbo", "é\n€")})))
    with log.transaction() as transaction:
        transaction.put_state("teken", '\u2028 " \\ 😀')
        for table in (tables.task, tables.outbox):
            row = {"queue": "q", "subject": "s"} if table is tables.task else {"topic": "t"}
            transaction.connection.execute(table.insert(), {**row, "time": TIME, "body": bytes(range(256))})
    log.vault.read(entity(1), Use("http://loket.test/id/organisatie/gent", "dienstverlening"))
    return log


def contents(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    with database.reading() as connection:
        kept = [table for table in all_tables().sorted_tables if table not in PASSING]
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr) for table in kept
        }


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    with closing(filled(f"sqlite:///{tmp_path}/bron.sqlite")) as log:
        write(log.database, tmp_path / "kopie.jsonl.gz", TIME)
    return tmp_path / "kopie.jsonl.gz"


@pytest.mark.parametrize("source", KINDS)
@pytest.mark.parametrize("target", KINDS)
def test_what_is_put_back_is_what_there_was(new: New, source: str, target: str, tmp_path: Path) -> None:
    path = tmp_path / "kopie"
    with closing(filled(new(source))) as log:
        copied = write(log.database, path, TIME)
        before = contents(log.database)
    assert copied.sequence == 40
    assert {name: len(rows) for name, rows in before.items()} == copied.rows
    url = new(target)
    with closing(open_database(url)) as database:
        assert restore(path, database) == copied
        assert contents(database) == before
    with closing(open_log(url, lambda: NOON, Cipher(KEY))) as log:
        assert log.vault.find("85073003328", Use("x", "dienstverlening")) == (entity(1),)
        # And it goes on from there.
        append(log, a_version(50))
        assert log.head() == 41
        with log.transaction() as transaction:
            transaction.connection.execute(
                tables.task.insert(), {"queue": "q", "subject": "s", "time": TIME, "body": b""}
            )
        assert [task.id for task in list_tasks(log, ["q"], 9)] == [1, 2]


def test_a_copy_is_for_its_owner_alone_and_opens_no_vault(copy: Path) -> None:
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    text = gzip.decompress(copy.read_bytes())
    assert b"vault" in text
    assert NAME.encode() not in text
    assert [path.name for path in copy.parent.iterdir() if path.suffix == ".onaf"] == []


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut short": lambda data: data[: len(data) // 2],
    "one bit over": lambda data: data[:200] + bytes([data[200] ^ 1]) + data[201:],
    "without its end": lambda data: gzip.compress(b"\n".join(gzip.decompress(data).split(b"\n")[:-2]) + b"\n"),
    "a row less": lambda data: gzip.compress(b"\n".join(_without(gzip.decompress(data).split(b"\n"), 5))),
    "another number": lambda data: gzip.compress(gzip.decompress(data).replace(b"create", b"delete", 1)),
    "something else": lambda data: gzip.compress(b'{"a": 1}\n{"b": 2}\n'),
    "a list": lambda data: gzip.compress(b"[]\n[]\n"),
    "not packed": lambda data: b"hallo",
    "empty": lambda data: b"",
}


def _without(lines: list[bytes], index: int) -> list[bytes]:
    return lines[:index] + lines[index + 1 :]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_copy_that_is_not_whole_is_refused(copy: Path, damage: str, tmp_path: Path) -> None:
    copy.write_bytes(DAMAGES[damage](copy.read_bytes()))
    with pytest.raises(Refused, match="gave reservekopie"):
        read_over(copy)
    with closing(open_database(f"sqlite:///{tmp_path}/leeg.sqlite")) as database:
        with pytest.raises(Refused):
            restore(copy, database)
        assert not any(contents(database).values())


def test_a_database_with_something_in_it_is_left_alone(copy: Path, tmp_path: Path) -> None:
    with closing(open_log(f"sqlite:///{tmp_path}/vol.sqlite", lambda: NOON)) as log:
        append(log, a_version(7))
        with pytest.raises(Refused, match="lege"):
            restore(copy, log.database)
        assert log.head() == 1


def test_a_copy_of_a_newer_version_is_refused(copy: Path, tmp_path: Path) -> None:
    lines = gzip.decompress(copy.read_bytes()).splitlines(keepends=True)
    first = orjson.loads(lines[0])
    lines[0] = orjson.dumps({**first, "stappen": [*first["stappen"], "s20991231_flying"]}) + b"\n"
    lines[-1] = orjson.dumps({"sha256": sha256(b"".join(lines[:-1])).hexdigest()}) + b"\n"
    copy.write_bytes(gzip.compress(b"".join(lines)))
    database = open_database(f"sqlite:///{tmp_path}/leeg.sqlite")
    with closing(database), pytest.raises(Refused, match="s20991231_flying"):
        restore(copy, database)


@pytest.fixture
def busy(url: str) -> Iterator[Log]:
    """A log in which another thread writes all the while, ten versions at a time."""
    log, stop = open_log(url, lambda: NOON), threading.Event()

    def work() -> None:
        number = 0
        while not stop.is_set():
            append(log, *(a_version(number + one) for one in range(1, 11)))
            number += 10

    thread = threading.Thread(target=work)
    thread.start()
    yield log
    stop.set()
    thread.join()
    log.close()


def test_a_copy_made_while_others_write_is_of_one_moment(busy: Log, tmp_path: Path) -> None:
    sequences = []
    for number in range(4):
        path = tmp_path / f"kopie-{number}"
        copied = write(busy.database, path, TIME)
        assert copied.sequence % 10 == 0
        assert copied.rows["version"] == copied.rows["head"] == copied.rows["outbox"] == copied.sequence
        sequences.append(copied.sequence)
    assert sequences == sorted(sequences)


@pytest.mark.parametrize("moment", COPYING)
def test_who_copies_or_puts_back_may_be_killed_and_begin_again(moment: str, tmp_path: Path) -> None:
    copy = tmp_path / "kopie"
    with closing(filled(f"sqlite:///{tmp_path}/bron.sqlite")) as log:
        kept = contents(log.database)
    promised = killed_at(ready_to_fork("tests.store.crashing"), copy_and_put_back, (tmp_path,), moment, 1)
    assert copy.exists() == bool(promised)
    with closing(open_database(f"sqlite:///{tmp_path}/bron.sqlite")) as source:
        write(source, copy, TIME)
    with closing(open_database(f"sqlite:///{tmp_path}/doel.sqlite")) as target:
        assert restore(copy, target) == read_over(copy)
        assert contents(target) == kept
