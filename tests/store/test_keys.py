"""Another key for the vault: everything is found as before, and the old key opens nothing any more."""

from __future__ import annotations

import pytest

from app.errors import BadSetting
from app.store.database import open_database
from app.store.keys import change_key, unlock
from app.store.log import Log
from app.store.tables import log as tables
from app.store.vault import Cipher, Personal, Use
from tests.store.builders import NOON, a_version, append, entity
from tests.store.conftest import KEY
from tests.store.databases import raw_contents

NEW, NEWER = bytes(range(32, 64)), bytes(range(64, 96))
INSZ = "85073003328"
PERSON = Personal(f"{entity(1)}#vertegenwoordiger-1", entity(1), {"insz": INSZ, "achternaam": "Vermeersch-Uitgevonden"})
USE = Use("http://loket.test/id/organisatie/gent", "dienstverlening")


def opened(url: str, key: bytes) -> Log:
    database = open_database(url)
    return Log(database, lambda: NOON, unlock(database, key))


@pytest.fixture
def changed(url: str) -> str:
    log = opened(url, KEY)
    append(log, a_version(1, personal=(PERSON,)))
    assert change_key(log, Cipher(KEY), NEW) == 1
    log.database.scrub(anew=True)
    log.close()
    return url


def test_with_the_new_key_everything_is_read_and_found(changed: str) -> None:
    log = opened(changed, NEW)
    assert log.vault.read(entity(1), USE) == (PERSON,)
    assert log.vault.find(INSZ, USE) == (entity(1),)
    assert log.vault.differing([PERSON]) == ()
    with log.transaction() as transaction:
        assert transaction.blind("x") == Cipher(KEY).index("x"), "doubles are recognised as before"
    log.close()


@pytest.mark.parametrize("key", [KEY, NEWER])
def test_any_other_key_is_refused_at_once(changed: str, key: bytes) -> None:
    database = open_database(changed)
    with pytest.raises(BadSetting, match="vault_key"):
        unlock(database, key)
    database.close()


def test_what_the_old_key_sealed_is_gone_from_the_database(url: str) -> None:
    log = opened(url, KEY)
    append(log, a_version(1, personal=(PERSON,)))
    with log.database.reading() as connection:
        [sealed] = [bytes(row.sealed) for row in connection.execute(tables.vault.select())]
    change_key(log, Cipher(KEY), NEW)
    log.database.scrub(anew=True)
    assert sealed not in raw_contents(log.database)
    log.close()


def test_a_key_can_change_again(changed: str) -> None:
    database = open_database(changed)
    log = Log(database, lambda: NOON, unlock(database, NEW))
    change_key(log, unlock(database, NEW), NEWER)
    log.close()
    log = opened(changed, NEWER)
    assert log.vault.find(INSZ, USE) == (entity(1),)
    log.close()


def test_a_vault_that_was_never_closed_with_another_key_says_so_at_the_start(url: str) -> None:
    log = opened(url, KEY)
    append(log, a_version(1, personal=(PERSON,)))
    log.close()
    database = open_database(url)
    with pytest.raises(BadSetting, match="past niet"):
        unlock(database, NEW)
    database.close()


def test_an_empty_vault_takes_any_key(url: str) -> None:
    opened(url, KEY).close()
    opened(url, NEW).close()
