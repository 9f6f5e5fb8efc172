"""Erasing: of one person, of one association, of what is kept long enough; what stays can go on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.errors import Forbidden, PossibleDuplicates, Refused
from app.register.agents import DPO, Agent
from app.register.commands import (
    ChangeAssociation,
    RegisterAssociation,
    RemoveAssociation,
    StopAssociation,
)
from app.register.doubles.commands import MarkDuplicate
from app.register.doubles.queue import DUPLICATE, document_of, refer, waiting
from app.register.personal.forgetting import Forgotten, forget_association, forget_expired, forget_person
from app.register.register import Register
from app.store.accesses import Which, accesses
from app.store.queues import assign, list_tasks
from app.store.tables import log as tables
from tests.register.builders import BASE, GENT, GODELIEVE, MARCEL, NOON, THE_KBO, Make
from tests.register.conftest import Office

THE_DPO = Agent(f"{BASE}/id/organisatie/dpo", "Functionaris", DPO)
INSZ = "85.01.01-001.15"
OF_HER = "bankrekening-13 iban titularis; contact-7 email; vertegenwoordiger-12 achternaam insz telefoon voornaam"


@pytest.fixture
def two(office: Office, make: Make) -> str:
    people = [{**GODELIEVE, "telefoon": "0470 12 34 56"}, MARCEL]
    return office.do(RegisterAssociation(make.full(vertegenwoordigers=people))).code


def gone(office: Office) -> list[str]:
    return [each.fields for each in accesses(office.log.database, Which(what=("gewist",)))]


def test_a_person_goes_with_the_account_and_the_address_that_bear_her_name(office: Office, two: str) -> None:
    [told] = forget_person(INSZ, THE_DPO, office.register, "vraag van 3 november")
    assert told.code == two
    assert set(told.gone.split("; ")) >= {"bankrekening-14 iban titularis", "contact-7 email"}
    assert told.left.startswith("adres-3 adresvoorstelling huisnummer straatnaam; vertegenwoordiger-")
    left = office.personal(two)
    assert "Geheimlaan" in left.values(), "nobody said whose home that is"
    assert {value for field, value in left.items() if "adres" not in field} == {"Marcel", "Bedacht", "41062700192"}
    assert forget_person(INSZ, THE_DPO, office.register) == []


def test_the_last_person_takes_the_home_address_along(office: Office, code: str) -> None:
    [told] = forget_person(INSZ, THE_DPO, office.register)
    assert (told.gone, told.left) == ("adres-3 adresvoorstelling huisnummer straatnaam; " + OF_HER, "")
    assert office.personal(code) == {}
    assert "Mariakerke" in office.public(code)


def test_an_erasure_is_a_version_that_says_so_and_no_news(office: Office, code: str) -> None:
    before = office.public(code)
    forget_association(code, THE_DPO, office.register, "vraag van 3 november")
    version = office.latest(code)
    assert version.activity == "https://w3id.org/verenigingsloket#PersoonsgegevensGewist"
    assert (version.actor, version.reason, version.number) == (THE_DPO.iri, "vraag van 3 november", 2)
    assert office.public(code) == before
    assert office.feed() == [("create", 1)]
    [access] = accesses(office.log.database, Which(what=("gewist",)))
    assert (access.reader, access.purpose, access.why) == (THE_DPO.reader, "rechten", "vraag van 3 november")
    assert OF_HER in access.fields


def test_after_an_erasure_the_association_can_be_changed(office: Office, code: str) -> None:
    forget_association(code, THE_DPO, office.register)
    office.do(ChangeAssociation(code, {"korteNaam": "X", "vertegenwoordigers": [MARCEL]}))
    assert "Marcel" in office.personal(code).values()
    assert "Geheimlaan" not in office.internal(code) + office.public(code)


def test_a_dry_run_tells_and_does_nothing(office: Office, code: str) -> None:
    assert [told.code for told in forget_person(INSZ, THE_DPO, office.register, dry_run=True)] == [code]
    assert [told.code for told in forget_association(code, THE_DPO, office.register, dry_run=True)] == [code]
    assert office.latest(code).number == 1
    assert gone(office) == []


def test_only_in_one_association_when_that_is_asked(office: Office, make: Make, code: str) -> None:
    other = office.do(RegisterAssociation(make.minimal(vertegenwoordigers=[GODELIEVE]))).code
    assert [told.code for told in forget_person(INSZ, THE_DPO, office.register, only=other)] == [other]
    assert office.personal(other) == {}
    assert office.personal(code)
    assert [told.code for told in forget_person(INSZ, THE_DPO, office.register)] == [code]


def test_of_what_was_removed_it_goes_too_and_it_stays_removed(office: Office, code: str) -> None:
    office.do(RemoveAssociation(code, "dubbel"))
    assert office.personal(code)
    forget_person(INSZ, THE_DPO, office.register)
    version = office.latest(code)
    assert (version.operation, version.public) == ("delete", None)
    assert office.personal(code) == {}


def test_of_a_double_it_goes_too_and_it_stays_a_double(office: Office, make: Make, code: str) -> None:
    other = office.do(RegisterAssociation(make.minimal(naam="Iets anders"))).code
    office.do(MarkDuplicate(code, other))
    forget_person(INSZ, THE_DPO, office.register)
    assert office.personal(code) == {}
    assert office.latest(code).replaced_by == office.latest(other).entity
    assert office.latest(code).public is None


def test_a_referred_document_goes_on_without_the_person(office: Office, make: Make, code: str) -> None:
    document = make.full(kboNummer="0403.170.701", vertegenwoordigers=[GODELIEVE, MARCEL], bankrekeningnummers=[])
    with pytest.raises(PossibleDuplicates) as doubt:
        office.do(RegisterAssociation(document))
    refer([(document, doubt.value)], GENT, office.register)
    forget_person(INSZ, THE_DPO, office.register)
    [referral] = waiting(office.register, DUPLICATE)
    assert document_of(referral, GENT, office.register)["vertegenwoordigers"] == [MARCEL]


@pytest.mark.parametrize("wrong", ["", "123", "85.01.01-001.16", "Godelieve"])
def test_what_is_no_number_is_refused_without_being_repeated(office: Office, wrong: str) -> None:
    with pytest.raises(Refused) as refused:
        forget_person(wrong, THE_DPO, office.register)
    assert not wrong or wrong not in str(refused.value) + str(refused.value.problems)


def test_who_may_not_erase_does_not(office: Office, code: str) -> None:
    with pytest.raises(Forbidden):
        forget_person(INSZ, GENT, office.register)
    with pytest.raises(Forbidden):
        forget_association(code, GENT, office.register)
    assert office.personal(code)


# --- Retention --------------------------------------------------------------------------------------------------------


def at(register: Register, day: date) -> Register:
    return replace(register, clock=lambda: NOON.replace(year=day.year, month=day.month, day=day.day))


@pytest.mark.parametrize(
    "days, expected", [(729, []), (730, ["V0001001"])], ids=["a day too early", "on the day itself"]
)
def test_two_years_after_the_end_everything_personal_goes(
    office: Office, code: str, make: Make, days: int, expected: list[str]
) -> None:
    alive = office.do(RegisterAssociation(make.minimal(vertegenwoordigers=[MARCEL]))).code
    office.do(StopAssociation(code, date(2026, 1, 1)), THE_KBO)
    later = at(office.register, date.fromordinal(date(2026, 1, 1).toordinal() + days))
    assert [told.code for told in forget_expired(THE_DPO, later, dry_run=True)] == expected
    assert [told.code for told in forget_expired(THE_DPO, later)] == expected
    assert bool(office.personal(code)) != bool(expected)
    assert office.personal(alive)
    assert forget_expired(THE_DPO, later) == []


def test_two_years_after_removal_too(office: Office, code: str) -> None:
    office.do(RemoveAssociation(code, "dubbel"))
    assert forget_expired(THE_DPO, at(office.register, date(2028, 11, 22))) == []
    [told] = forget_expired(THE_DPO, at(office.register, date(2028, 11, 23)))
    assert isinstance(told, Forgotten)
    assert office.personal(code) == {}


def test_what_nobody_decided_in_two_years_goes_too(office: Office, make: Make, code: str) -> None:
    document = make.full(korteNaam="Anders")
    with pytest.raises(PossibleDuplicates) as doubt:
        office.do(RegisterAssociation(document))
    refer([(document, doubt.value)], GENT, office.register)
    with office.log.transaction() as transaction:
        assign(transaction, "paar/44021", "https://x/paar", b"{}")
    forget_expired(THE_DPO, at(office.register, date(2028, 11, 25)))
    assert not [entity for entity in office.log.vault.entities() if "/taak/" in entity]
    assert [task.subject for task in list_tasks(office.log, ["dubbel/44021", "paar/44021"], 9)] == ["https://x/paar"]


def test_after_ten_years_it_is_forgotten_who_read(office: Office, code: str) -> None:
    office.do(ChangeAssociation(code, {"korteNaam": "X"}))
    forget_expired(THE_DPO, at(office.register, date(2036, 11, 20)))
    assert len(accesses(office.log.database, Which(what=("verwerkt",)))) == 1
    forget_expired(THE_DPO, at(office.register, date(2036, 11, 23)))
    assert accesses(office.log.database, Which(what=("verwerkt",))) == []


# --- Files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("anew", [False, True])
def test_what_is_erased_stands_in_no_file_not_even_sealed(
    office: Office, make: Make, tmp_path: Path, anew: bool
) -> None:
    for number in range(60):
        person = {**MARCEL, "email": f"persoon{number}@voorbeeld.be"}
        office.do(RegisterAssociation(make.minimal(naam=f"Kring {number}", vertegenwoordigers=[person])))
    with office.log.database.reading() as connection:
        sealed = [bytes(row.sealed) for row in connection.execute(tables.vault.select())]
    assert len(sealed) == 60
    assert all(any(one in content for content in files(tmp_path)) for one in sealed)
    forget_person("41.06.27-001.92", THE_DPO, office.register)
    office.log.database.scrub(anew=anew)
    assert not [one for one in sealed if any(one in content or one[:40] in content for content in files(tmp_path))]


def files(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
