"""Reading personal values: a right, a purpose, a line in the log; and no more than the purpose gives."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from app.errors import Forbidden, Gone, Refused, Unknown
from app.register.agents import DPO, Agent
from app.register.commands import RemoveAssociation
from app.register.personal.people import Read, read_personal
from app.store.accesses import Which, accesses
from app.store.vault import Access
from tests.register.builders import A_MANAGER, A_STRANGER, AN_ASSOCIATION, BASE, GENT
from tests.register.conftest import Office

APP = Path(__file__).parents[2] / "app"
CLERK = replace(GENT, account="7")
THE_DPO = Agent(f"{BASE}/id/organisatie/dpo", "Functionaris", DPO)


def read(office: Office, code: str, agent: Agent = CLERK, stated: str = "dienstverlening") -> Read:
    return read_personal(code, agent, office.register, stated)


def logged(office: Office) -> list[Access]:
    return accesses(office.log.database, Which())


def test_with_a_right_and_a_purpose_everything_is_there(office: Office, code: str) -> None:
    document = read(office, code, stated="dienstverlening: subsidie 2026-12").document
    [person] = document["vertegenwoordigers"]
    assert (person["insz"], person["achternaam"], person["rol"]) == ("85010100115", "Verzonnen", "voorzitter")
    assert document["bankrekeningnummers"][0]["iban"] == "BE68 5390 0754 7034"
    [access] = logged(office)
    assert (access.reader, access.purpose, access.why) == (CLERK.reader, "dienstverlening", "subsidie 2026-12")
    assert access.entity == office.latest(code).entity
    assert access.fields == (
        "adres-3 adresvoorstelling huisnummer straatnaam; bankrekening-13 iban titularis; contact-7 email; "
        "vertegenwoordiger-12 achternaam insz telefoon voornaam"
    )


def test_for_a_newsletter_one_gets_an_address_and_no_number(office: Office, code: str) -> None:
    document = read(office, code, stated="bekendmaking").document
    assert "godelieve.verzonnen@telenet.be" in str(document["contactgegevens"])
    assert not [value for value in ("85010100115", "Verzonnen'", "Geheimlaan", "BE68") if value in str(document)]
    assert logged(office)[0].fields == "contact-7 email"


@pytest.mark.parametrize("stated", ["", "zomaar", "techniek", "rechten", "toezicht", "Dienstverlening"])
def test_without_a_purpose_of_the_decree_nothing_is_read(office: Office, code: str, stated: str) -> None:
    with pytest.raises(Refused) as refused:
        read(office, code, stated=stated)
    assert [problem.path for problem in refused.value.problems] == ["doel"]
    assert logged(office) == []


@pytest.mark.parametrize(
    "stated",
    [
        "dienstverlening",
        f"{BASE}/persoonsgegevens#dienstverlening",
        "Interacties tussen verenigingen en overheden",
        "dienstverlening: x: y",
    ],
)
def test_a_purpose_is_stated_by_its_code_its_address_or_its_name(office: Office, code: str, stated: str) -> None:
    assert read(office, code, stated=stated).purpose.code == "dienstverlening"


def test_a_machine_states_it_with_its_request(office: Office, code: str) -> None:
    vendor = replace(CLERK, purpose="dienstverlening: dossier 4", on_behalf_of=A_MANAGER.iri)
    read(office, code, vendor, stated="")
    assert (logged(office)[0].on_behalf_of, logged(office)[0].why) == (A_MANAGER.iri, "dossier 4")


@pytest.mark.parametrize("agent", [A_STRANGER, THE_DPO])
def test_without_the_right_nothing_is_read_whatever_the_purpose(office: Office, code: str, agent: Agent) -> None:
    with pytest.raises(Forbidden):
        read(office, code, agent)
    assert logged(office) == []


def test_an_association_looks_at_its_own_as_is_its_right(office: Office, code: str) -> None:
    own = replace(AN_ASSOCIATION, associations=frozenset({code}))
    assert read(office, code, own, stated="").document["vertegenwoordigers"][0]["insz"] == "85010100115"
    assert logged(office)[0].purpose == "rechten"


def test_what_is_not_there_cannot_be_read(office: Office, code: str) -> None:
    with pytest.raises(Unknown):
        read(office, "V9999999")
    office.do(RemoveAssociation(code, "dubbel"))
    with pytest.raises(Gone):
        read(office, code)


# Who takes values out of the vault: each is a row in the log of accesses, and only the first shows them to somebody
# for a stated purpose.
DOORS = {
    *("register/personal/people", "register/personal/forgetting", "register/personal/extract", "register/desk"),
    *("register/doubles/queue", "register/checks", "register/telling/recipients", "register/products/feedback"),
    # What an association filled in or was told, a list that a clerk brings in, a letter on its way, whom MAGDA follows.
    *("register/dossiers/application_drafts", "register/dossiers/own_dossiers", "exchange/handover"),
    *("exchange/imports/browser", "register/telling/desk_letters", "exchange/magda/repertory"),
}


def test_nothing_else_in_the_program_opens_the_vault() -> None:
    opening = re.compile(r"\bvault\.(read|find)\(|transaction\.personal\(")
    found = {path.relative_to(APP) for path in APP.rglob("*.py") if opening.search(path.read_text())}
    assert {path.with_suffix("").as_posix() for path in found if path.parts[0] != "store"} == DOORS
