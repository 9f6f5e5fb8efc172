"""What a person gets: everything about her and nothing about others, as linked data."""

from __future__ import annotations

import json

import pytest
from pyld import jsonld

from app.errors import Forbidden, Refused
from app.register.agents import DPO, Agent
from app.register.commands import RegisterAssociation, RemoveAssociation
from app.register.personal.extract import extract
from app.register.personal.people import read_personal
from app.store.accesses import Which, accesses
from app.web.personal.extracts import readable
from app.web.service import Publisher
from tests.register.builders import BASE, GENT, GODELIEVE, MARCEL, Make
from tests.register.conftest import Office

THE_DPO = Agent(f"{BASE}/id/organisatie/dpo", "Functionaris", DPO)
PUBLISHER = Publisher(THE_DPO.iri, "Vlaamse overheid", "vragen@voorbeeld.be")
INSZ = "85.01.01-001.15"
HERS = ("Godelieve", "85010100115", "+32470123456", "godelieve.verzonnen@telenet.be", "BE68 5390 0754 7034")
NOT_HERS = ("Marcel", "41062700192", "info@warevrienden.be", "Dorpsstraat")


@pytest.fixture
def code(office: Office, make: Make) -> str:
    people = [{**GODELIEVE, "rol": "voorzitter", "telefoon": "0470 12 34 56"}, MARCEL]
    return office.do(RegisterAssociation(make.full(vertegenwoordigers=people))).code


def test_she_gets_what_is_hers_and_nothing_else(office: Office, code: str) -> None:
    told = json.dumps(extract(INSZ, THE_DPO, office.register), ensure_ascii=False)
    assert [value for value in (*HERS, "voorzitter") if value not in told] == []
    assert [value for value in NOT_HERS if value in told] == []


def test_it_says_why_how_long_and_who_looked(office: Office, code: str) -> None:
    read_personal(code, GENT, office.register, "dienstverlening: zaalhuur")
    document = extract(INSZ, THE_DPO, office.register, "vraag van 3 november")
    assert [each["benaming"] for each in document["verwerkingen"]] == [
        "Vertegenwoordigers", "Bankrekeningen", "Persoonlijke contactgegevens",
    ]  # fmt: skip
    assert "730" in document["verwerkingen"][0]["bewaartermijn"]["uitleg"]
    assert [(each["wat"], each["door"]) for each in document["raadplegingen"]] == [
        ("uitgereikt", THE_DPO.iri), ("gezocht", THE_DPO.iri), ("gelezen", GENT.iri),
    ]  # fmt: skip


def test_the_giving_itself_is_logged(office: Office, code: str) -> None:
    extract(INSZ, THE_DPO, office.register, "vraag van 3 november")
    [given] = accesses(office.log.database, Which(what=("uitgereikt",)))
    assert (given.reader, given.why, given.purpose) == (THE_DPO.reader, "vraag van 3 november", "rechten")


def test_another_processor_reads_it_as_linked_data(office: Office, code: str) -> None:
    quads = jsonld.to_rdf(extract(INSZ, THE_DPO, office.register), {"format": "application/n-quads"})
    assert '<https://w3id.org/verenigingsloket#insz> "85010100115"' in quads
    assert '<http://xmlns.com/foaf/0.1/familyName> "Verzonnen"' in quads
    assert f"<https://w3id.org/dpv#hasPurpose> <{BASE}/persoonsgegevens#dienstverlening>" in quads
    assert "<http://www.w3.org/ns/prov#wasAssociatedWith>" in quads


def test_it_can_be_read_by_a_person(office: Office, code: str) -> None:
    read_personal(code, GENT, office.register, "dienstverlening: zaalhuur")
    page = readable(extract(INSZ, THE_DPO, office.register), office.register, PUBLISHER).decode()
    assert [value for value in (*HERS, "Achternaam", "Titularis") if value not in page] == []
    assert "gelezen: Bankrekening: rekeningnummer, titularis; Contactgegeven" in page, "and no word of others"
    assert "Vertegenwoordiger: achternaam, INSZ, telefoon, voornaam" in page


def test_of_what_was_removed_the_vault_still_tells(office: Office, code: str) -> None:
    office.do(RemoveAssociation(code, "dubbel"))
    document = extract(INSZ, THE_DPO, office.register)
    assert "85010100115" in json.dumps(document)
    assert "verwijderde vereniging" in readable(document, office.register, PUBLISHER).decode()


def test_who_is_not_there_hears_that(office: Office, code: str) -> None:
    document = extract("00.01.01-001.05", THE_DPO, office.register)
    assert (document["verenigingen"], document["raadplegingen"]) == ([], [])
    assert "geen gegevens over u" in readable(document, office.register, PUBLISHER).decode()


def test_only_who_may(office: Office, code: str) -> None:
    with pytest.raises(Forbidden):
        extract(INSZ, GENT, office.register)
    with pytest.raises(Refused):
        extract("85.01.01-001.16", THE_DPO, office.register)
