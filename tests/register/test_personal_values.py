"""What is a person's stands in the vault, and nowhere else."""

from __future__ import annotations

import pickle
from datetime import date

import pytest

from app.errors import Refused
from app.model.processing import TECHNICAL
from app.register.agents import SYSTEM
from app.register.commands import ChangeAssociation, RegisterAssociation, RemoveAssociation
from app.register.derive import bears_name
from app.register.personal.people import read_personal
from app.register.prepare import prepare
from app.register.register import Tools
from app.store.accesses import Which, accesses
from tests.register.builders import GENT, MARCEL, TODAY, Document, Make, make_tools
from tests.register.conftest import Office

SECRETS = (
    "85010100115", "85.01.01", "Godelieve", "Verzonnen", "godelieve", "470123456", "0470", "BE68", "Geheimlaan",
)  # fmt: skip


def test_the_vault_holds_them_and_the_log_does_not(office: Office, code: str) -> None:
    version = office.latest(code)
    with office.log.transaction() as transaction:
        summary = transaction.summary(version.entity) or b""
    written = office.public(code) + office.internal(code) + summary.decode() + repr(version)
    assert "Dorpsstraat" in written
    assert not [secret for secret in SECRETS if secret in written]
    assert office.personal(code) == {
        "adres-3 straatnaam": "Geheimlaan",
        "adres-3 huisnummer": "7",
        "adres-3 adresvoorstelling": "Geheimlaan 7, 9030 Mariakerke (Gent), België",
        "contact-7 email": "godelieve.verzonnen@telenet.be",
        "vertegenwoordiger-12 insz": "85010100115",
        "vertegenwoordiger-12 voornaam": "Godelieve",
        "vertegenwoordiger-12 achternaam": "Verzonnen",
        "vertegenwoordiger-12 telefoon": "+32470123456",
        "bankrekening-13 iban": "BE68 5390 0754 7034",
        "bankrekening-13 titularis": "Godelieve Verzonnen",
    }


def test_of_a_home_address_the_public_sees_postcode_and_municipality(office: Office, code: str) -> None:
    about_home = [line for line in office.public(code).splitlines() if "#adres-3>" in line.split(" ")[0]]
    told = {line.split(" ")[1].rpartition("/")[2].rpartition("#")[2].rstrip(">") for line in about_home}
    assert told == {"type", "postCode", "gemeentenaam", "land"}


def test_the_mobile_number_of_a_representative_is_theirs(office: Office, make: Make) -> None:
    people = [{**MARCEL, "mobiel": "0470 65 43 21"}]
    document = make.minimal(vertegenwoordigers=people, contactgegevens=[{"telefoon": "+32 470 65 43 21"}])
    code = office.do(RegisterAssociation(document)).code
    assert "470654321" not in office.public(code) + office.internal(code)


def test_a_contact_detail_of_a_person_is_not_public_at_all(office: Office, code: str) -> None:
    assert "#contact-7" not in office.public(code)
    assert "#contact-7" in office.internal(code)


def test_nothing_personal_shows_in_what_is_printed(make: Make, tools: Tools) -> None:
    prepared = prepare(make.full(), tools, TODAY)
    printed = repr(RegisterAssociation(make.full(), prepared=prepared)) + repr(ChangeAssociation("V1", make.full()))
    assert not [secret for secret in SECRETS if secret in printed]
    assert pickle.loads(pickle.dumps(prepared)) == prepared


def test_a_refusal_names_the_field_and_not_what_stood_in_it(office: Office, make: Make) -> None:
    wrong = {"insz": "85.01.01-001.16", "voornaam": "Godelieve2", "achternaam": "Verzonnen", "email": "godelieve@"}
    with pytest.raises(Refused) as refused:
        office.do(RegisterAssociation(make.minimal(vertegenwoordigers=[wrong])))
    paths = {problem.path for problem in refused.value.problems}
    assert paths == {f"vertegenwoordigers[0].{term}" for term in ("insz", "voornaam", "email")}
    told = str(refused.value) + repr(refused.value.problems)
    assert not [secret for secret in SECRETS if secret in told]


def test_a_change_of_personal_values_alone_is_a_version_and_no_news(office: Office, code: str) -> None:
    [number] = {node for node in office.personal(code) if node.endswith("insz")}
    before = office.latest(code)
    person = {"insz": office.personal(code)[number], "voornaam": "Godelieve", "achternaam": "Verzonnen",
              "rol": "voorzitter", "isPrimair": True, "telefoon": "0470 65 43 21"}  # fmt: skip
    outcome = office.do(ChangeAssociation(code, {"vertegenwoordigers": [person]}))
    assert outcome.activity == "https://w3id.org/verenigingsloket#PersoonsgegevensGewijzigd"
    after = office.latest(code)
    assert (after.number, after.public, after.internal) == (2, before.public, before.internal)
    assert office.feed() == [("create", 1)]
    assert office.personal(code)[number.replace("insz", "telefoon")] == "+32470654321"


def test_who_goes_takes_the_values_along(office: Office, code: str) -> None:
    office.do(ChangeAssociation(code, {"vertegenwoordigers": [MARCEL], "contactgegevens": []}))
    assert not [node for node in office.personal(code) if node.startswith("vertegenwoordiger-12")]
    assert "Marcel" in office.personal(code).values()


def test_what_was_once_personal_stays_so_when_the_person_goes(office: Office, code: str) -> None:
    office.do(ChangeAssociation(code, {"vertegenwoordigers": [MARCEL]}))
    assert "godelieve.verzonnen@telenet.be" in office.personal(code).values()
    assert "godelieve" not in office.public(code)


def test_what_the_register_takes_up_to_do_its_work_is_not_somebody_who_reads(office: Office, code: str) -> None:
    office.do(ChangeAssociation(code, {"korteNaam": "X"}), reason="verbetering")
    [access] = accesses(office.log.database, Which(entity=office.latest(code).entity))
    assert (access.reader, access.on_behalf_of, access.what) == (SYSTEM, GENT.iri, "verwerkt")
    assert access.purpose == TECHNICAL


@pytest.mark.parametrize(
    "email, personal",
    [
        ("godelieve.verzonnen@telenet.be", True),
        ("GodelieveVerzonnen@gmail.com", True),
        ("verzonnen-godelieve1@skynet.be", True),
        ("godelieve@warevrienden.be", False),
        ("info@godelieve-verzonnen.be", False),
        ("voorzitter@warevrienden.be", False),
    ],
)
def test_an_address_that_bears_first_and_last_name_is_a_person_s(email: str, personal: bool) -> None:
    assert bears_name(email, {"voornaam": "Godelieve", "achternaam": "Verzonnen"}) is personal


def test_what_is_a_representative_s_is_not_the_association_s(office: Office, make: Make) -> None:
    person: Document = {**MARCEL, "telefoon": "0470 11 22 33", "email": "mb@telenet.be"}
    contacts = [{"telefoon": "0470/112233"}, {"email": "MB@telenet.be"}, {"telefoon": "09 210 10 10"}]
    code = office.do(RegisterAssociation(make.minimal(vertegenwoordigers=[person], contactgegevens=contacts))).code
    assert "+3292101010" in office.public(code)
    assert "470112233" not in office.public(code)
    assert "telenet" not in office.public(code)


def test_invented_people_come_in_only_where_they_are_let_in(make: Make) -> None:
    test_person = {"insz": invented_by_magda(), "voornaam": "Test", "achternaam": "Persoon"}
    document = make.minimal(vertegenwoordigers=[test_person])
    with pytest.raises(Refused):
        prepare(document, make_tools(), TODAY)
    prepare(document, make_tools(test_identities=True), TODAY)


def invented_by_magda() -> str:
    """A number in month 65 with a right check number."""
    head = "856501001"
    return head + f"{97 - int(head) % 97:02d}"


def test_today_is_not_read_from_the_machine(make: Make, tools: Tools) -> None:
    document = make.minimal(startdatum="2020-01-01")
    prepare(document, tools, date(2020, 1, 1))
    with pytest.raises(Refused):
        prepare(document, tools, date(2019, 12, 31))


NUMBERS = ("85.01.01-001.15", "85010100115", "tel. van 85 01 01 001 15")


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("term", ["naam", "korteBeschrijving"])
def test_a_number_in_a_text_that_stays_is_refused_without_repeating_it(
    office: Office, make: Make, term: str, number: str
) -> None:
    with pytest.raises(Refused) as refused:
        office.do(RegisterAssociation(make.minimal(**{"naam": "Kring", term: f"Kring van {number}."})))
    assert [problem.path for problem in refused.value.problems] == [term]
    assert number not in str(refused.value.problems)


@pytest.mark.parametrize("number", NUMBERS)
def test_nor_does_it_stand_in_a_reason(office: Office, code: str, number: str) -> None:
    for command in (ChangeAssociation(code, {"korteNaam": "X"}), RemoveAssociation(code, f"van {number}")):
        with pytest.raises(Refused) as refused:
            office.do(command, reason="" if isinstance(command, RemoveAssociation) else f"gemeld door {number}")
        assert [problem.path for problem in refused.value.problems] == ["reden"]
    with pytest.raises(Refused):
        read_personal(code, GENT, office.register, f"dienstverlening: dossier van {number}")
    assert office.latest(code).number == 1


@pytest.mark.parametrize(
    "text",
    ["Bel 0470 12 34 56", "+32470123456", "BE68 5390 0754 7034", "KBO 0403.170.701", "sinds 19850101", "1234567890123"],
)
def test_other_numbers_may_stand_there(office: Office, make: Make, text: str) -> None:
    office.do(RegisterAssociation(make.minimal(korteBeschrijving=text)))
