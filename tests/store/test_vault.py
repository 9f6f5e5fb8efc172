"""The vault: nothing readable at rest, nothing read unlogged, nothing left after erasure."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace

import pytest

from app.errors import BadSetting, Unavailable
from app.store.accesses import Which, accesses, count
from app.store.log import Log, open_log
from app.store.vault import Access, Cipher, Personal, Use, Vault, read_key
from tests.store.builders import NOON, a_version, append, entity, next_version
from tests.store.conftest import KEY
from tests.store.databases import raw_contents

INSZ, NAME = "85073003328", "Vermeersch-Uitgevonden"
NODE = f"{entity(1)}#vertegenwoordiger-1"
WHO, WHY = "http://loket.test/id/organisatie/gent#7", "dienstverlening"
USE = Use(WHO, WHY, why="subsidie")


def a_person(node: str = NODE, owner: str = entity(1), insz: str = INSZ) -> Personal:
    return Personal(node, owner, {"insz": insz, "achternaam": NAME})


@pytest.fixture
def vault(log: Log) -> Vault:
    return Vault(log.database, Cipher(KEY), lambda: NOON)


def accesses_to(log: Log, of: str) -> tuple[Access, ...]:
    """Oldest first."""
    return tuple(reversed(accesses(log.database, Which(entity=of))))


def test_values_come_back_and_the_access_is_logged(log: Log, vault: Vault) -> None:
    append(log, a_version(1, personal=(a_person(),)))
    (found,) = vault.read(entity(1), USE)
    assert found.values == {"insz": INSZ, "achternaam": NAME}
    (access,) = accesses_to(log, entity(1))
    assert (access.reader, access.purpose, access.why, access.what) == (WHO, WHY, "subsidie", "gelezen")
    assert (access.entity, access.fields) == (entity(1), "vertegenwoordiger-1 achternaam insz")


def test_only_what_is_asked_for_is_given_and_logged(log: Log, vault: Vault) -> None:
    append(log, a_version(1, personal=(a_person(),)))
    assert vault.read(entity(1), USE, lambda node, term: term == "achternaam") == (
        Personal(NODE, entity(1), {"achternaam": NAME}),
    )
    (access,) = accesses_to(log, entity(1))
    assert access.fields == "vertegenwoordiger-1 achternaam"


def test_who_looks_for_somebody_in_vain_has_looked(log: Log, vault: Vault) -> None:
    assert vault.find(INSZ, USE) == ()
    assert [(access.entity, access.fields) for access in accesses(log.database, Which(reader=WHO))] == [("", "insz")]


def test_accesses_are_found_by_reader_purpose_deed_and_time_newest_first(log: Log, vault: Vault) -> None:
    append(log, a_version(1, personal=(a_person(),)))
    vault.read(entity(1), USE)
    vault.read(entity(1), replace(USE, reader="http://loket.test/id/organisatie/aalst", purpose="bekendmaking"))
    vault.read(entity(1), replace(USE, what="verwerkt"))
    found = accesses(log.database, Which())
    assert [one.id for one in found] == [3, 2, 1]
    assert accesses(log.database, Which(before=3), limit=1) == [found[1]]
    for which, ids in (
        (Which(reader="http://loket.test/id/organisatie/gent"), [3, 1]),
        (Which(purpose="bekendmaking"), [2]),
        (Which(what=("gelezen", "gezocht")), [2, 1]),
        (Which(since="2026-11-24T12"), [3, 2, 1]),
        (Which(until="2026-11-24T12"), []),
    ):
        assert [one.id for one in accesses(log.database, which)] == ids, which
        assert count(log.database, which) == len(ids)


def test_no_value_stands_in_the_database(log: Log, vault: Vault) -> None:
    append(log, a_version(1, personal=(a_person(),)))
    vault.find(INSZ, USE)
    contents = raw_contents(log.database)
    assert entity(1).encode() in contents
    assert INSZ.encode() not in contents
    assert NAME.encode() not in contents


def test_a_record_prints_without_its_values() -> None:
    assert NAME not in repr(a_person())
    assert INSZ not in f"{a_person()}"


def test_a_person_is_found_by_number(log: Log, vault: Vault) -> None:
    other = a_person(f"{entity(2)}#vertegenwoordiger-1", entity(2))
    stranger = a_person(f"{entity(3)}#vertegenwoordiger-1", entity(3), "00010100105")
    append(
        log, a_version(1, personal=(a_person(),)), a_version(2, personal=(other,)), a_version(3, personal=(stranger,))
    )
    assert vault.find(INSZ, USE) == (entity(1), entity(2))
    assert vault.find("00000000097", USE) == ()
    assert [access.what for access in accesses_to(log, entity(2))] == ["gezocht"]
    assert accesses_to(log, entity(3)) == ()


def test_equal_values_are_recognised_without_reading_them(log: Log, vault: Vault) -> None:
    append(log, a_version(1, personal=(a_person(),)))
    changed, gone = a_person(insz="00010100105"), Personal(NODE, entity(1), None)
    never = Personal(f"{entity(1)}#vertegenwoordiger-2", entity(1), None)
    assert vault.differing([a_person(), never]) == ()
    assert vault.differing([changed]) == (changed,)
    assert vault.differing([gone]) == (gone,)
    assert accesses_to(log, entity(1)) == ()


def test_a_version_replaces_only_the_values_it_names(log: Log, vault: Vault) -> None:
    second = a_person(f"{entity(1)}#vertegenwoordiger-2", insz="00010100105")
    (version,) = append(log, a_version(1, personal=(a_person(), second)))
    append(log, next_version(version, personal=(Personal(NODE, entity(1), None),)))
    assert vault.read(entity(1), USE) == (second,)


def test_erased_is_gone_and_the_erasure_is_logged(log: Log, vault: Vault) -> None:
    append(log, a_version(1, personal=(a_person(),)))
    assert vault.erase(entity(1), replace(USE, purpose="rechten")) == 1
    assert vault.read(entity(1), USE) == ()
    assert vault.find(INSZ, USE) == ()
    assert [access.what for access in accesses_to(log, entity(1))] == ["gewist", "gelezen"]


def test_a_transaction_sees_the_values_it_wrote(log: Log, vault: Vault) -> None:
    with log.transaction() as transaction:
        transaction.append(a_version(1, personal=(a_person(),)))
        assert transaction.differing([a_person()]) == ()
        assert transaction.personal(entity(1), USE) == (a_person(),)
        assert transaction.erase(entity(1), USE) == 1
    assert vault.read(entity(1), USE) == ()


def test_a_reading_stays_logged_when_the_transaction_is_undone(log: Log, vault: Vault) -> None:
    append(log, a_version(1, personal=(a_person(),)))
    with pytest.raises(ZeroDivisionError), log.transaction() as transaction:
        transaction.personal(entity(1), USE)
        raise ZeroDivisionError
    assert [access.reader for access in accesses_to(log, entity(1))] == [WHO]


def test_values_of_an_undone_transaction_are_not_kept(log: Log, vault: Vault) -> None:
    with pytest.raises(ZeroDivisionError), log.transaction() as transaction:
        transaction.append(a_version(1, personal=(a_person(),)))
        raise ZeroDivisionError
    assert vault.read(entity(1), USE) == ()


def test_another_key_opens_nothing(log: Log) -> None:
    append(log, a_version(1, personal=(a_person(),)))
    stranger = Vault(log.database, Cipher(bytes(32)), lambda: NOON)
    with pytest.raises(BadSetting):
        stranger.read(entity(1), USE)
    assert stranger.find(INSZ, USE) == ()


def test_a_row_put_under_another_node_does_not_open(log: Log, vault: Vault) -> None:
    append(log, a_version(1, personal=(a_person(),)))
    with log.database.writing() as connection:
        connection.exec_driver_sql("UPDATE vault SET node = 'http://loket.test/ander'")
    with pytest.raises(Unavailable):
        vault.read(entity(1), USE)


def test_without_key_there_is_no_vault(url: str) -> None:
    log = open_log(url, lambda: NOON)
    with pytest.raises(BadSetting) as caught:
        append(log, a_version(1, personal=(a_person(),)))
    assert NAME not in str(caught.value)
    assert log.head() == 0
    log.close()


@pytest.mark.parametrize("text", ["", "geheim", b64encode(bytes(31)).decode(), "€" * 44])
def test_a_key_that_is_not_32_bytes_is_refused(text: str) -> None:
    with pytest.raises(BadSetting) as caught:
        read_key(text)
    assert not text or text not in str(caught.value)


def test_a_key_is_read_from_base64() -> None:
    assert read_key(b64encode(KEY).decode()) == KEY
