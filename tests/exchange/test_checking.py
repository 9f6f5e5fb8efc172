"""Comparing with other registers after the commit: what is taken over, what becomes a task, what has to wait."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import orjson
import pytest

from app.errors import PossibleDuplicates, Refused, Unavailable
from app.exchange.enterprises import Enterprises, register_enterprise
from app.exchange.stubs.magda import number_beginning
from app.register.checks import ADDRESSES, ENTERPRISES, PERSONS
from app.register.commands import ChangeAssociation, RegisterAssociation, RemoveAssociation
from app.register.register import Tools
from app.store.accesses import Which, accesses
from app.store.checks import Check, checks_of
from app.store.queues import list_tasks
from app.store.times import iso
from tests.exchange.neighbours import KNOWN, Outside
from tests.register.builders import THE_KBO, Make, make_log, make_register, make_tools
from tests.register.conftest import Office


@pytest.fixture(scope="module")
def tools() -> Tools:
    return make_tools()


@pytest.fixture(scope="module")
def make(tools: Tools) -> Make:
    return Make(tools.codelists)


@pytest.fixture
def office(tools: Tools, tmp_path: Path) -> Iterator[Office]:
    log = make_log(tmp_path)
    yield Office(make_register(tools, log))
    log.close()


@pytest.fixture
def outside() -> Outside:
    return Outside()


def standing(office: Office, code: str) -> dict[str, str]:
    """The state of each part of an association."""
    return {one.node.rpartition("#")[2].rpartition("/")[2]: one.state for one in found(office, code)}


def found(office: Office, code: str) -> list[Check]:
    entity = office.register.tools.type.iri(code)
    with office.log.database.reading() as connection:
        return checks_of(connection, [entity])[entity]


def tasks(office: Office, nis: str = "44021") -> list[tuple[str, str]]:
    """(state and words) of what waits for the clerks of a municipality."""
    bodies = [orjson.loads(task.body) for task in list_tasks(office.log, [f"controle/{nis}"], 10)]
    return [(body["code"], body["problemen"][0][1]) for body in bodies]


def run(office: Office, outside: Outside, *registers: str) -> None:
    checker = outside.checker(office.register, *registers)
    for _ in range(10):
        if not checker.work():
            return
    raise AssertionError("it never ends")


# --- Addresses --------------------------------------------------------------------------------------------------------


def test_an_address_that_is_found_gets_its_identifier_by_a_change_of_the_system(
    office: Office, make: Make, outside: Outside
) -> None:
    code = office.do(RegisterAssociation(make.minimal(locaties=[make.location("Dorpsstraat", "12")]))).code
    assert office.latest(code).number == 1, "who registers does not wait"
    run(office, outside, ADDRESSES)
    version = office.latest(code)
    assert (version.number, version.actor, version.reason) == (2, "systeem", "Controle: adressen")
    assert "https://data.vlaanderen.be/id/adres/" in office.public(code)
    assert standing(office, code) == {"adres-2": "overgenomen"}
    assert tasks(office) == []
    run(office, outside, ADDRESSES)
    assert office.latest(code).number == 2
    assert len(outside.tried) == 1, "what did not change is not asked again"


def test_of_a_home_address_the_identifier_is_as_secret_as_the_street(
    office: Office, make: Make, outside: Outside
) -> None:
    home = make.location("Dorpsstraat", "12", isThuisadres=True)
    code = office.do(RegisterAssociation(make.minimal(locaties=[home]))).code
    run(office, outside, ADDRESSES)
    assert "id/adres/" not in office.public(code) + office.internal(code)
    assert any(field.endswith("verwijstNaar") for field in office.personal(code))
    assert {one.what for one in accesses(office.log.database, Which())} == {"verwerkt"}


@pytest.mark.parametrize(
    "street, number, state, words",
    [
        ("Dorpstraat", "12", "niet gevonden", "Bedoelt u Dorpsstraat 12, 9000 Gent?"),
        ("Nergensweg", "1", "niet gevonden", "Het Adressenregister kent dit adres niet."),
        ("Kerkstraat", "9902", "niet eenduidig", "Het Adressenregister heeft dit adres 2 keer."),
    ],
)
def test_an_address_that_is_not_found_once_is_for_the_clerks_of_its_municipality(
    office: Office, make: Make, outside: Outside, street: str, number: str, state: str, words: str
) -> None:
    code = office.do(RegisterAssociation(make.minimal(locaties=[make.location(street, number)]))).code
    run(office, outside, ADDRESSES)
    assert list(standing(office, code).values()) == [state]
    assert tasks(office) == [(code, f"{state}: {words}")]
    assert office.latest(code).number == 1


def test_nothing_of_a_home_address_stands_in_a_task(office: Office, make: Make, outside: Outside) -> None:
    home = make.location("Dorpstraat", "12", isThuisadres=True)
    office.do(RegisterAssociation(make.minimal(locaties=[home])))
    run(office, outside, ADDRESSES)
    [task] = list_tasks(office.log, ["controle/44021"], 10)
    assert b"Dorp" not in task.body
    assert "Dorp" not in task.subject


def test_a_task_closes_by_itself_when_the_address_is_put_right(office: Office, make: Make, outside: Outside) -> None:
    code = office.do(RegisterAssociation(make.minimal(locaties=[make.location("Nergensweg", "1")]))).code
    run(office, outside, ADDRESSES)
    office.do(ChangeAssociation(code, {"locaties": [make.location("Dorpsstraat", "12")]}))
    run(office, outside, ADDRESSES)
    assert set(standing(office, code).values()) == {"overgenomen"}


@pytest.mark.parametrize("number", ["9929", "9950", "9960", "9970"], ids=["429", "500", "time-out", "nonsense"])
def test_without_an_answer_it_is_not_checked_and_asked_again_later(
    office: Office, make: Make, outside: Outside, number: str
) -> None:
    code = office.do(RegisterAssociation(make.minimal(locaties=[make.location("Dorpsstraat", number)]))).code
    run(office, outside, ADDRESSES)
    [check] = found(office, code)
    assert (check.state, check.attempts) == ("niet gecontroleerd", 1)
    assert "Adressenregister" in check.detail
    assert check.due is not None and check.due > iso(outside.now)
    assert tasks(office) == []
    tried = len(outside.tried)
    run(office, outside, ADDRESSES)
    assert len(outside.tried) == tried, "not before its time"
    outside.now += timedelta(hours=1)
    run(office, outside, ADDRESSES)
    assert found(office, code)[0].attempts == 2


def test_when_the_neighbour_is_back_it_is_checked(office: Office, make: Make, outside: Outside) -> None:
    fine, outside.addresses = outside.addresses, lambda *_: (_ for _ in ()).throw(AssertionError)
    code = office.do(RegisterAssociation(make.minimal(locaties=[make.location("Dorpsstraat", "12")]))).code
    assert standing(office, code) == {}, "switched off: nobody asks"
    outside.addresses = fine
    run(office, outside, ADDRESSES)
    assert standing(office, code) == {"adres-2": "overgenomen"}


def test_what_was_fine_is_asked_again_after_some_time(office: Office, make: Make, outside: Outside) -> None:
    office.do(RegisterAssociation(make.full(kboNummer="0403.170.701")))
    run(office, outside, ENTERPRISES)
    asked = len(outside.tried)
    outside.now += timedelta(days=29)
    run(office, outside, ENTERPRISES)
    assert len(outside.tried) == asked
    outside.now += timedelta(days=2)
    run(office, outside, ENTERPRISES)
    assert len(outside.tried) == asked + 1


def test_what_goes_is_not_compared_any_more(office: Office, make: Make, outside: Outside) -> None:
    code = office.do(RegisterAssociation(make.minimal(locaties=[make.location("Dorpsstraat", "9960")]))).code
    run(office, outside, ADDRESSES)
    office.do(RemoveAssociation(code, "dubbel"))
    run(office, outside, ADDRESSES)
    assert found(office, code) == []


def test_a_register_that_is_switched_on_later_is_asked_about_everything(
    office: Office, make: Make, outside: Outside
) -> None:
    code = office.do(RegisterAssociation(make.full(kboNummer="0403.170.701"))).code
    run(office, outside, ADDRESSES)
    assert {one.register for one in found(office, code)} == {ADDRESSES}
    run(office, outside, ADDRESSES, ENTERPRISES)
    assert {one.register for one in found(office, code)} == {ADDRESSES, ENTERPRISES}


# --- The KBO ----------------------------------------------------------------------------------------------------------


def test_name_form_and_seat_are_taken_over_from_the_kbo(office: Office, make: Make, outside: Outside) -> None:
    code = office.do(RegisterAssociation(make.full(kboNummer="0403.170.701", naam="De Harmonie"))).code
    run(office, outside, ENTERPRISES)
    assert '"Koninklijke Harmonie"' in office.public(code)
    assert office.latest(code).actor == "https://data.vlaanderen.be/id/organisatie/kbo"
    [check] = found(office, code)
    assert (check.state, check.detail) == ("overgenomen", "Overgenomen: korteNaam, locaties, naam.")
    number = office.latest(code).number
    run(office, outside, ENTERPRISES)
    assert office.latest(code).number == number


@pytest.mark.parametrize(
    "prefix, state, words",
    [
        ("09991234", "onbekend", "De KBO kent dit nummer niet."),
        ("09990007", "afwijkend", "Dit is in de KBO geen actieve vereniging of stichting met rechtspersoonlijkheid."),
    ],
)
def test_what_the_kbo_does_not_know_so_is_for_the_clerks(
    office: Office, make: Make, outside: Outside, prefix: str, state: str, words: str
) -> None:
    number = number_beginning(prefix)
    code = office.do(RegisterAssociation(make.full(kboNummer=number))).code
    run(office, outside, ENTERPRISES)
    assert standing(office, code) == {code: state}
    assert tasks(office) == [(code, f"{state}: {words}")]


def test_what_stopped_at_the_kbo_stops_here(office: Office, make: Make, outside: Outside) -> None:
    code = office.do(RegisterAssociation(make.full(kboNummer=number_beginning("09990006")))).code
    run(office, outside, ENTERPRISES)
    assert standing(office, code) == {code: "gestopt"}
    assert '"2024-06-30"' in office.public(code)


@pytest.mark.parametrize("prefix", ["09990001", "09990002", "09990003", "09990004", "09990005", "09990008"])
def test_without_an_answer_of_magda_nothing_changes(office: Office, make: Make, outside: Outside, prefix: str) -> None:
    code = office.do(RegisterAssociation(make.full(kboNummer=number_beginning(prefix)))).code
    run(office, outside, ENTERPRISES)
    assert standing(office, code) == {code: "niet gecontroleerd"}
    assert office.latest(code).number == 1


# --- Persons ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "insz, state",
    [
        ("85.01.01-001.15", "in orde"),
        ("41.06.27-001.92", "afwijkend"),
        ("85.01.01-991.92", "onbekend"),
        ("85.01.01-992.91", "geschrapt"),
        ("85.01.01-993.90", "onbekend"),
        ("85.01.01-994.89", "vervangen"),
        ("85.01.01-995.88", "afwijkend"),
        ("85.01.01-996.87", "onbekend"),
        ("85.01.01-997.86", "overleden"),
        ("85.01.01-990.93", "niet gecontroleerd"),
        ("85.01.01-998.85", "niet gecontroleerd"),
    ],
)
def test_a_representative_is_looked_up(office: Office, make: Make, outside: Outside, insz: str, state: str) -> None:
    person = {"insz": right(insz), "voornaam": "Godelieve", "achternaam": "Verzonnen"}
    site = make.location("Kerkstraat", "1")
    code = office.do(RegisterAssociation(make.minimal(vertegenwoordigers=[person], locaties=[site]))).code
    run(office, outside, PERSONS)
    assert list(standing(office, code).values()) == [state]
    asks = state not in ("in orde", "niet gecontroleerd")
    assert len(tasks(office)) == int(asks)
    said = str(tasks(office)) + repr(found(office, code)) + repr(outside.tried)
    assert not [secret for secret in ("850101", "Godelieve", "Verzonnen", "Marcel") if secret in said]
    assert office.latest(code).number == 1, "of a person nothing changes by itself"


def right(insz: str) -> str:
    """With the right check number."""
    head = "".join(filter(str.isdecimal, insz))[:9]
    return f"{head}{97 - int(head) % 97:02d}"


# --- By number --------------------------------------------------------------------------------------------------------


def bring(office: Office, outside: Outside, number: str, *confirmed_not: str) -> tuple[str, bool]:
    register = replace(office.register, clock=outside.clock)
    outcome = register_enterprise(number, Enterprises(outside.to_magda(), register), register, confirmed_not)
    return outcome.code, outcome.sequence is not None


def test_an_association_comes_in_by_its_number_once(office: Office, outside: Outside) -> None:
    code, new = bring(office, outside, "0403.170.701")
    assert new
    assert '"Koninklijke Harmonie"' in office.public(code)
    assert '"Kerkstraat"' in office.public(code)
    assert bring(office, outside, "BE 0403 170 701") == (code, False)


@pytest.mark.parametrize("number", ["0403170702", "x", "", number_beginning("09991234"), number_beginning("09990006")])
def test_a_number_that_is_no_association_is_refused_with_the_reason(
    office: Office, outside: Outside, number: str
) -> None:
    with pytest.raises(Refused) as refused:
        bring(office, outside, number)
    assert [problem.path for problem in refused.value.problems] == ["kboNummer"]


def test_without_an_answer_nothing_comes_in(office: Office, outside: Outside) -> None:
    with pytest.raises(Unavailable):
        bring(office, outside, number_beginning("09990003"))
    assert office.log.head() == 0


def test_a_possible_double_is_asked_about(office: Office, make: Make, outside: Outside) -> None:
    site = make.location("Kerkstraat", "1")
    first = office.do(RegisterAssociation(make.minimal(naam="Koninklijke Harmonie", locaties=[site])), THE_KBO).code
    with pytest.raises(PossibleDuplicates):
        bring(office, outside, "0403.170.701")
    assert bring(office, outside, "0403.170.701", first)[1]


def test_the_stub_knows_the_invented_lists() -> None:
    from app.bootstrap.ambient import root
    from app.exchange.stubs.known import load_known

    known = load_known(root())
    assert len(known.enterprises) > 100
    assert len(known.persons) > 500
    assert len(known.addresses) > 500
    assert KNOWN.enterprises.keys().isdisjoint(known.enterprises)
