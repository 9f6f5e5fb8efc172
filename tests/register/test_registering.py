"""Registering: what the register adds, and what it refuses to do twice."""

from __future__ import annotations

import pytest

from app.errors import Forbidden, PossibleDuplicates, Refused
from app.model.documents import to_document
from app.model.graph import from_ntriples
from app.register.commands import RegisterAssociation, RemoveAssociation
from app.store.times import canonical
from tests.register.builders import A_STRANGER, AN_ASSOCIATION, BASE, GENT, Document, Make
from tests.register.conftest import Office


def seen(office: Office, code: str) -> Document:
    version = office.latest(code)
    graph = from_ntriples((version.public or b"") + version.internal)
    return to_document(graph, office.register.tools.type, version.entity)


def test_the_first_association_gets_the_first_code_and_the_next_one_the_next(office: Office, make: Make) -> None:
    first = office.do(RegisterAssociation(make.minimal()))
    second = office.do(RegisterAssociation(make.minimal(naam="Onder Ons")))
    assert (first.code, second.code) == ("V0001001", "V0001002")
    assert first.entity == f"{BASE}/id/vereniging/V0001001"
    assert (first.version, first.sequence) == (1, 1)


def test_a_code_never_comes_back(office: Office, make: Make) -> None:
    first = office.do(RegisterAssociation(make.minimal()))
    office.do(RemoveAssociation(first.code, "vergissing"))
    assert office.do(RegisterAssociation(make.minimal())).code == "V0001002"


def test_what_follows_from_the_rest_is_filled_in(office: Office, make: Make) -> None:
    code = office.do(
        RegisterAssociation(make.minimal(locaties=[make.location(postcode="9030", gemeente="MARIAKERKE")]))
    ).code
    document = seen(office, code)
    assert document["vCode"] == code
    assert document["doelgroep"]["minimumleeftijd"] == 0
    assert document["doelgroep"]["maximumleeftijd"] == 150
    assert document["verenigingssubtype"] == make.concept("verenigingssubtype", "NB")
    assert document["status"] == make.concept("status", "Actief")
    assert document["gemeente"] == ["http://vocab.belgif.be/auth/refnis2025/44021"]
    assert document["zichtbaarInLoket"] is True
    [location] = document["locaties"]
    assert document["primaireLocatie"] == location["@id"]
    assert location["isPrimair"] is False
    assert location["adres"]["adresvoorstelling"] == "Kerkstraat 1, 9030 Mariakerke (Gent), België"
    [key] = document["sleutels"]
    assert (key["codeerSysteem"], key["gestructureerdeIdentificator"]["nummer"]) == ("vCode", code)


def test_the_time_of_the_last_change_is_that_of_the_version(office: Office, make: Make) -> None:
    code = office.do(RegisterAssociation(make.minimal())).code
    document = seen(office, code)
    assert document["versie"] == 1
    assert document["datumLaatsteAanpassing"] == canonical(office.latest(code).time)


def test_values_are_kept_in_one_form(office: Office, make: Make) -> None:
    document = seen(office, office.do(RegisterAssociation(make.full())).code)
    assert document["kboNummer"] == "0403170701"
    assert document["startdatum"] == "1901-05-01"
    assert {contact.get("telefoon") for contact in document["contactgegevens"]} >= {"+3292101010"}
    assert document["@type"] == ["GeregistreerdeOrganisatie", "Vereniging"]


def test_derived_fields_that_are_supplied_are_left_aside(office: Office, make: Make) -> None:
    supplied = {"vCode": "V0099999", "status": make.concept("status", "Gestopt"), "versie": 7, "gemeente": ["x"]}
    document = seen(office, office.do(RegisterAssociation(make.minimal(**supplied))).code)
    assert (document["vCode"], document["versie"]) == ("V0001001", 1)
    assert document["status"] == make.concept("status", "Actief")
    assert "gemeente" not in document


def test_the_placeholder_of_the_code_in_a_text_stays_as_it_was(office: Office, make: Make) -> None:
    code = office.do(RegisterAssociation(make.minimal(korteBeschrijving="Was vroeger V9999999."))).code
    assert seen(office, code)["korteBeschrijving"] == "Was vroeger V9999999."


def test_the_very_same_document_again_changes_nothing(office: Office, make: Make) -> None:
    first = office.do(RegisterAssociation(make.full()))
    again = office.do(RegisterAssociation(make.full()))
    assert (again.code, again.sequence, again.activity) == (first.code, None, None)
    assert office.log.head() == 1


def test_it_stands_in_the_feed_of_each_municipality_where_it_has_a_location(office: Office, make: Make) -> None:
    places = [make.location(), make.location("Dorp", "3", postcode="9880", gemeente="Aalter")]
    office.do(RegisterAssociation(make.minimal(locaties=places)))
    assert set(office.log.feeds()) == {
        "verenigingen", "verenigingen/gemeente/44021", "verenigingen/gemeente/44084"
    }  # fmt: skip


def test_a_kbo_number_is_of_one_association_only(office: Office, make: Make) -> None:
    known = office.do(RegisterAssociation(make.full())).code
    other = make.minimal(
        naam="Iets heel anders", kboNummer="0403170701", verenigingstype=make.concept("verenigingstype", "VZW")
    )
    with pytest.raises(PossibleDuplicates) as refused:
        office.do(RegisterAssociation(other))
    assert refused.value.candidates == ((known, ("Zelfde KBO-nummer",)),)


@pytest.mark.parametrize("agent", [A_STRANGER, AN_ASSOCIATION])
def test_who_may_not_register_is_told_so(office: Office, make: Make, agent: object) -> None:
    with pytest.raises(Forbidden):
        office.do(RegisterAssociation(make.minimal()), agent)  # type: ignore[arg-type]
    assert office.log.head() == 0


def test_the_log_says_who_did_what_and_why(office: Office, make: Make) -> None:
    code = office.do(RegisterAssociation(make.minimal()), reason="jaarlijkse rondvraag").code
    version = office.latest(code)
    assert (version.actor, version.reason) == (GENT.iri, "jaarlijkse rondvraag")
    assert version.activity == "https://w3id.org/verenigingsloket#VerenigingGeregistreerd"


@pytest.mark.parametrize("age", ["9" * 20, "9" * 5000, "٣", "1_0", "1e2", 1e20, True])
def test_what_is_no_number_that_everybody_reads_alike_is_refused(office: Office, make: Make, age: object) -> None:
    with pytest.raises(Refused) as refused:
        office.do(RegisterAssociation(make.minimal(doelgroep={"minimumleeftijd": age})))
    assert [problem.path for problem in refused.value.problems] == ["doelgroep.minimumleeftijd"]
