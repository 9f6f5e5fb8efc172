"""A process that writes in the log beside others, until somebody kills it; run by `test_many_writers`."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from random import Random

from app.store.log import NewVersion, Transaction, open_log
from app.store.vault import Cipher
from tests.store.builders import a_version, entity, triples
from tests.store.crashing import CHANGES, feeds

KEY = bytes(range(32))


def something(transaction: Transaction, random: Random) -> NewVersion:
    """A new association, or some change to one that is there."""
    known = transaction.head()
    old = transaction.latest(entity(random.randint(1, known))) if known and random.random() < 0.3 else None
    if old is not None and old.operation != "delete":
        return random.choice(CHANGES)(old)
    code = transaction.next_number("code")
    return a_version(code, public=triples(entity(code)), feeds=feeds(code), claims=frozenset({("kbo", str(code))}))


def write_until_killed(url: str, seed: int, acknowledge: Connection) -> None:
    """Each sequence sent through `acknowledge` is promised to be durable."""
    random = Random(seed)
    log = open_log(url, lambda: datetime.now(UTC), Cipher(KEY))
    acknowledge.send(log.head())
    while True:
        with log.transaction() as transaction:
            for _ in range(random.choice((1, 1, 2, 5, 40))):
                last = transaction.append(something(transaction, random)).sequence
        acknowledge.send(last)
        time.sleep(random.uniform(0, 0.02))
