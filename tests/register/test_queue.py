"""What is put before people, who sees it, and what comes of each decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.errors import Conflict, Forbidden, PossibleDuplicates, Refused, Unknown
from app.model.documents import to_document
from app.model.graph import from_ntriples
from app.register.commands import RegisterAssociation, RemoveAssociation
from app.register.doubles.commands import MarkDuplicate
from app.register.doubles.merging import THEIRS
from app.register.doubles.pairs import propose
from app.register.doubles.queue import decide, document_of, refer, waiting
from app.register.doubles.referrals import ADDRESS, DUPLICATE, PAIR, Corrected, Different, Merged, Referral, Same
from app.register.doubles.worklist import Asked, case, worklist
from app.register.handle import UnknownAddress
from tests.register.builders import A_MANAGER, A_STRANGER, GENT, GODELIEVE, Document, Make
from tests.register.conftest import Office

AALTER = replace(GENT, iri="https://verenigingen.voorbeeld.be/id/organisatie/aalter", municipality="44084")
KNOWN, NEXT = "V0001001", "V0001002"


@pytest.fixture
def double(office: Office, make: Make) -> Document:
    """A document that is nearly an association in the register, put before somebody."""
    office.do(RegisterAssociation(make.minimal(locaties=[make.location()])))
    contacts = [{"email": "info@kleppel.example"}]
    document = make.minimal(
        naam="De Houten Kleppel", locaties=[make.location("Markt", "5")], contactgegevens=contacts,
        vertegenwoordigers=[GODELIEVE],
    )  # fmt: skip
    with pytest.raises(PossibleDuplicates) as doubt:
        office.do(RegisterAssociation(document))
    refer([(document, doubt.value)], GENT, office.register)
    return document


def only(office: Office, kind: str = DUPLICATE) -> Referral:
    [referral] = waiting(office.register, kind)
    return referral


def registered(office: Office, code: str) -> dict[str, Any]:
    version = office.latest(code)
    graph = from_ntriples((version.public or b"") + version.internal)
    return to_document(graph, office.register.tools.type, version.entity)


def test_a_referral_knows_names_codes_and_reasons_and_no_personal_value(office: Office, double: Document) -> None:
    referral = only(office)
    assert (referral.name, referral.municipality) == ("De Houten Kleppel", "44021")
    assert referral.candidates == ((KNOWN, ("Zelfde naam op één letter na",)),)
    assert b"Godelieve" not in referral.task.body and b"kleppel.example" not in referral.task.body
    assert document_of(referral, GENT, office.register)["naam"] == "De Houten Kleppel"


def test_the_same_document_is_put_before_people_once(office: Office, double: Document) -> None:
    error = PossibleDuplicates("nog eens", [(KNOWN, ("Zelfde naam",))])
    assert refer([(double, error)], GENT, office.register) == [only(office).task.subject]


def test_the_same_means_that_nothing_is_registered_and_nobody_is_asked_again(office: Office, double: Document) -> None:
    head = office.log.head()
    assert decide(only(office), Same(KNOWN), GENT, office.register) is None
    assert office.log.head() == head
    assert office.do(RegisterAssociation(double)).code == KNOWN
    assert waiting(office.register, DUPLICATE) == []


def test_different_means_that_it_is_registered(office: Office, double: Document) -> None:
    outcome = decide(only(office), Different(), GENT, office.register)
    assert outcome is not None and outcome.code == NEXT
    assert office.do(RegisterAssociation(double)).code == NEXT


def test_merged_means_that_the_other_learns_what_it_lacked(office: Office, double: Document) -> None:
    outcome = decide(only(office), Merged(KNOWN, {"naam": THEIRS}), GENT, office.register, "dezelfde gilde")
    found = registered(office, KNOWN)
    assert outcome is not None and outcome.code == KNOWN
    assert found["naam"] == "De Houten Kleppel"
    assert [place["adres"]["straatnaam"] for place in found["locaties"]] == ["Kerkstraat", "Markt"]
    assert office.latest(KNOWN).reason == "dezelfde gilde"
    assert GODELIEVE["voornaam"] in office.personal(KNOWN).values()


def test_a_decision_takes_the_document_out_of_the_vault(office: Office, double: Document) -> None:
    referral = only(office)
    decide(referral, Same(KNOWN), GENT, office.register)
    with pytest.raises(Conflict):
        document_of(referral, GENT, office.register)


def test_of_two_who_decide_at_once_one_is_told(office: Office, double: Document) -> None:
    referral = only(office)
    decide(referral, Different(), GENT, office.register)
    head = office.log.head()
    with pytest.raises(Conflict, match="al beslist"):
        decide(referral, Different(), A_MANAGER, office.register)
    assert office.log.head() == head


def test_a_decision_that_cannot_be_carried_out_leaves_the_question_open(office: Office, double: Document) -> None:
    with pytest.raises(Unknown):
        decide(only(office), Same("V0009999"), GENT, office.register)
    office.do(RegisterAssociation(double | {"korteBeschrijving": "twee"}, confirmed_not=(KNOWN,)))
    with pytest.raises(PossibleDuplicates):
        decide(only(office), Different(), GENT, office.register)
    assert decide(only(office), Different((NEXT,)), GENT, office.register) is not None


def test_what_was_decided_says_who_and_why(office: Office, double: Document) -> None:
    referral = only(office)
    decide(referral, Same(KNOWN), GENT, office.register, "gebeld met de gilde")
    found = case(referral.task.id, GENT, office.register)
    assert not found.is_open
    assert found.decided == {
        "besluit": "dezelfde", "code": KNOWN, "door": GENT.iri, "reden": "gebeld met de gilde"}  # fmt: skip


def test_an_unknown_address_is_corrected(office: Office, make: Make) -> None:
    wrong = make.minimal(locaties=[make.location(postcode="9999", gemeente="Gentt")])
    with pytest.raises(UnknownAddress) as doubt:
        office.do(RegisterAssociation(wrong))
    refer([(wrong, doubt.value)], GENT, office.register)
    referral = only(office, ADDRESS)
    assert referral.problems[0].path.startswith("locaties[0].adres")
    with pytest.raises(Refused):
        decide(referral, Different(), GENT, office.register)
    right = Corrected({**wrong, "locaties": [make.location()]})
    outcome = decide(referral, right, GENT, office.register)
    assert outcome is not None and outcome.code == KNOWN


# --- Pairs inside the register ----------------------------------------------------------------------------------------


@pytest.fixture
def pair(office: Office, make: Make) -> Office:
    """Two that were told apart by nobody: they were brought in before names were compared."""
    office.do(RegisterAssociation(make.minimal(locaties=[make.location()])))
    office.do(RegisterAssociation(make.minimal(naam="Reuzengilde", locaties=[make.location("Markt", "5")])))
    third = make.minimal(naam="De Houten Klepels", locaties=[make.location("Markt", "5")])
    office.do(RegisterAssociation(third, confirmed_not=(KNOWN,)))
    with office.log.transaction() as transaction:
        transaction.put_state("verschillend/V0001001|V0001003", None)
    return office


def test_a_pair_in_the_register_is_proposed_once(pair: Office) -> None:
    told = propose(pair.register, A_MANAGER)
    assert (told.looked_at, told.pairs) == (3, 1)
    referral = only(pair, PAIR)
    assert (referral.code, referral.candidates[0][0], referral.municipality) == (KNOWN, "V0001003", "44021")
    assert propose(pair.register, A_MANAGER).pairs == 0


def test_of_a_pair_the_other_becomes_the_double(pair: Office) -> None:
    propose(pair.register, A_MANAGER)
    decide(only(pair, PAIR), Same("V0001003"), GENT, pair.register)
    assert pair.latest(KNOWN).replaced_by == pair.latest("V0001003").entity


def test_a_pair_is_merged(pair: Office) -> None:
    propose(pair.register, A_MANAGER)
    decide(only(pair, PAIR), Merged(KNOWN), GENT, pair.register)
    assert pair.latest("V0001003").replaced_by == pair.latest(KNOWN).entity
    assert len(registered(pair, KNOWN)["locaties"]) == 2


def test_a_pair_that_was_told_apart_is_not_proposed_again(pair: Office) -> None:
    propose(pair.register, A_MANAGER)
    assert decide(only(pair, PAIR), Different(), GENT, pair.register) is None
    assert propose(pair.register, A_MANAGER).pairs == 0
    assert waiting(pair.register, PAIR) == []


def test_a_question_about_one_that_is_gone_falls_away(pair: Office) -> None:
    propose(pair.register, A_MANAGER)
    pair.do(RemoveAssociation(KNOWN, "vergissing"))
    assert propose(pair.register, A_MANAGER).expired == 1
    assert waiting(pair.register, PAIR) == []


def test_who_is_a_double_already_is_proposed_to_nobody(pair: Office) -> None:
    pair.do(MarkDuplicate("V0001003", KNOWN))
    assert propose(pair.register, A_MANAGER).pairs == 0


# --- Who sees what ----------------------------------------------------------------------------------------------------


def test_a_clerk_sees_the_work_of_the_own_municipality_only(office: Office, double: Document) -> None:
    id = only(office).task.id
    assert worklist(Asked(), GENT, office.register).total == 1
    assert worklist(Asked(), AALTER, office.register).total == 0
    assert worklist(Asked(), A_MANAGER, office.register).by_municipality == {"44021": 1}
    assert case(id, GENT, office.register).name == "De Houten Kleppel"
    for agent in (AALTER, A_STRANGER):
        with pytest.raises(Forbidden):
            case(id, agent, office.register)
        with pytest.raises(Forbidden):
            decide(only(office), Same(KNOWN), agent, office.register)


def test_the_list_is_chosen_by_kind_and_age_and_counts_the_rest(office: Office, make: Make, double: Document) -> None:
    wrong = make.minimal(naam="Hengelclub De Snoek", locaties=[make.location(postcode="9999")])
    refer([(wrong, UnknownAddress("adres"))], GENT, office.register)
    found = worklist(Asked(kind=ADDRESS), GENT, office.register)
    assert [referral.name for referral in found.referrals] == ["Hengelclub De Snoek"]
    assert (found.total, found.by_kind) == (1, {DUPLICATE: 1, ADDRESS: 1})
    later = replace(office.register, clock=lambda: office.register.clock() + timedelta(days=8))
    assert worklist(Asked(days=7), GENT, office.register).total == 0
    assert worklist(Asked(days=7), GENT, later).total == 2


def test_what_is_decided_can_be_seen_back(office: Office, double: Document) -> None:
    decide(only(office), Same(KNOWN), GENT, office.register)
    assert worklist(Asked(), GENT, office.register).total == 0
    assert [each.name for each in worklist(Asked(done=True), GENT, office.register).referrals] == ["De Houten Kleppel"]


@pytest.mark.parametrize("id", [0, 99])
def test_a_question_that_is_not_there(office: Office, id: int) -> None:
    with pytest.raises(Unknown):
        case(id, GENT, office.register)
