"""What becomes of two registrations that turn out to be one association, on both sides, and back again."""

from __future__ import annotations

from typing import Any

import pytest

from app.errors import Conflict, Gone, PossibleDuplicates, Refused
from app.model.documents import to_document
from app.model.graph import from_ntriples
from app.model.terms import VL
from app.register.commands import (
    ChangeAssociation,
    RegisterAssociation,
    RemoveAssociation,
    StopAssociation,
)
from app.register.doubles.commands import MarkDuplicate, MergeAssociations, UndoDuplicate
from app.register.doubles.merging import OURS, THEIRS, differences
from tests.register.builders import A_MANAGER, GODELIEVE, MARCEL, TODAY, Document, Make
from tests.register.conftest import Office

A, B, C = "V0001001", "V0001002", "V0001003"


@pytest.fixture
def two(office: Office, make: Make) -> Office:
    """A club and its double, in the register under another name."""
    office.do(RegisterAssociation(make.minimal(locaties=[make.location()])))
    office.do(RegisterAssociation(make.minimal(naam="Reuzengilde Reinaert", locaties=[make.location("Markt", "5")])))
    return office


def document(office: Office, code: str) -> dict[str, Any]:
    version = office.latest(code)
    graph = from_ntriples((version.public or b"") + version.internal)
    return to_document(graph, office.register.tools.type, version.entity)


def status(office: Office, code: str) -> str:
    found = document(office, code)["status"]
    return next(word for word in ("Actief", "Gestopt", "Dubbel") if _status(office, word) == found)


def _status(office: Office, word: str) -> str:
    concept = office.register.codelists.find("status", word)
    assert concept is not None
    return concept.iri


def iri(office: Office, code: str) -> str:
    return office.register.tools.type.iri(code)


def test_a_double_leads_to_the_one_that_stays(two: Office) -> None:
    outcome = two.do(MarkDuplicate(B, duplicate_of=A), reason="zelfde gilde")
    double, stays = two.latest(B), two.latest(A)
    assert (outcome.code, outcome.sequence) == (B, double.sequence)
    assert (double.public, double.replaced_by, double.ended) == (None, iri(two, A), True)
    assert (status(two, B), document(two, B)["isDubbelVan"]) == ("Dubbel", iri(two, A))
    assert document(two, A)["corresponderendeVCodes"] == [iri(two, B)]
    assert f"<http://purl.org/dc/terms/replaces> <{iri(two, B)}>" in two.public(A)
    assert (double.activity, stays.activity) == (VL.DubbelGemarkeerd.value, VL.DubbelAanvaard.value)
    assert {double.reason, stays.reason} == {"zelfde gilde"}


def test_the_feeds_are_told_that_the_double_is_gone(two: Office) -> None:
    two.do(MarkDuplicate(B, duplicate_of=A))
    for feed in ("verenigingen", "verenigingen/gemeente/44021"):
        assert two.feed(feed)[2:] == [("update", 2), ("delete", 2)]


def test_marking_twice_changes_nothing(two: Office) -> None:
    two.do(MarkDuplicate(B, duplicate_of=A))
    head = two.log.head()
    assert two.do(MarkDuplicate(B, duplicate_of=A)).sequence is None
    assert two.log.head() == head


def test_undoing_gives_both_back_what_they_were(two: Office) -> None:
    before = {code: document(two, code) for code in (A, B)}
    two.do(MarkDuplicate(B, duplicate_of=A))
    two.do(UndoDuplicate(B), reason="toch niet")
    changing = ("versie", "datumLaatsteAanpassing")
    for code in (A, B):
        after = document(two, code)
        assert {**after, **{term: before[code][term] for term in changing}} == before[code]
    assert (two.latest(B).activity, two.latest(A).activity) == (VL.DubbelRechtgezet.value, VL.DubbelLosgelaten.value)
    assert two.latest(B).replaced_by is None
    assert two.feed()[-1] == ("create", 3)


def test_undoing_gives_a_stopped_association_its_end_back(two: Office) -> None:
    two.do(StopAssociation(B, TODAY))
    two.do(MarkDuplicate(B, duplicate_of=A))
    assert status(two, B) == "Dubbel"
    two.do(UndoDuplicate(B))
    assert status(two, B) == "Gestopt"


def test_undoing_works_when_the_other_is_removed(two: Office) -> None:
    two.do(MarkDuplicate(B, duplicate_of=A))
    two.do(RemoveAssociation(A, "vergissing"))
    two.do(UndoDuplicate(B))
    assert status(two, B) == "Actief"


REFUSED = [
    ("itself", [], MarkDuplicate(A, A), "zichzelf"),
    ("nobody", [], MarkDuplicate(A, "V0009999"), "staat niet in het register"),
    ("one that was removed", [RemoveAssociation(B, "weg")], MarkDuplicate(A, B), "staat niet in het register"),
    ("a double of another", [MarkDuplicate(B, A)], MarkDuplicate(C, B), "is zelf een dubbel van V0001001"),
    ("one more", [MarkDuplicate(B, A)], MarkDuplicate(B, C), "al een dubbel van V0001001"),
    ("of one that has doubles", [MarkDuplicate(B, A)], MarkDuplicate(A, C), "heeft zelf dubbels"),
    ("undoing nothing", [], UndoDuplicate(A), "geen dubbel"),
    ("merging itself", [], MergeAssociations(A, A), "zichzelf"),
    ("merging a wrong choice", [], MergeAssociations(B, A, {"naam": "beide"}), "niet kiezen"),
    ("merging the legal form", [], MergeAssociations(B, A, {"verenigingstype": THEIRS}), "niet kiezen"),
]


@pytest.mark.parametrize("case, first, command, sentence", REFUSED, ids=[case for case, *_ in REFUSED])
def test_what_cannot_be_a_double(
    two: Office, make: Make, case: str, first: list[Any], command: Any, sentence: str
) -> None:
    two.do(RegisterAssociation(make.minimal(naam="Hengelclub De Snoek")))
    for each in first:
        two.do(each)
    head = two.log.head()
    with pytest.raises(Refused) as refused:
        two.do(command)
    assert any(sentence in problem.message for problem in refused.value.problems)
    assert two.log.head() == head


def test_a_double_is_changed_no_more_and_the_message_says_where(two: Office) -> None:
    two.do(MarkDuplicate(B, duplicate_of=A))
    for command in (ChangeAssociation(B, {"korteNaam": "RR"}), StopAssociation(B, TODAY)):
        with pytest.raises(Refused, match="dubbel van V0001001"):
            two.do(command)


def test_who_saw_an_older_version_is_told(two: Office) -> None:
    two.do(ChangeAssociation(B, {"korteNaam": "RR"}))
    for command in (MarkDuplicate(B, A, expected_version=1), MergeAssociations(B, A, expected_version=1),
                    MergeAssociations(B, A, expected_version=2, expected_version_into=9)):  # fmt: skip
        with pytest.raises(Conflict):
            two.do(command)


def test_of_two_who_merge_at_once_one_is_told(two: Office) -> None:
    two.do(MergeAssociations(B, A))
    with pytest.raises(Conflict, match="intussen"):
        two.do(MergeAssociations(B, A))


def test_a_removed_double_still_leads_to_the_one_that_stays(two: Office) -> None:
    two.do(MarkDuplicate(B, duplicate_of=A))
    two.do(RemoveAssociation(B, "opgekuist"))
    with pytest.raises(Gone) as gone:
        two.do(RemoveAssociation(B, "nog eens"))
    assert gone.value.replaced_by == iri(two, A)


def test_the_list_of_the_double_is_about_the_one_that_stays(two: Office, make: Make) -> None:
    two.do(MarkDuplicate(B, duplicate_of=A))
    again = RegisterAssociation(make.minimal(naam="Reuzengilde Reinaert", locaties=[make.location("Markt", "5")]))
    assert two.do(again).code == A


# --- Merging ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def rich(office: Office, make: Make) -> Office:
    """Two records of one harmony, each with something that the other lacks."""
    office.do(RegisterAssociation(make.full(verenigingstype=make.concept("verenigingstype", "VZER"), kboNummer=None)))
    office.do(RegisterAssociation(_other(make), confirmed_not=(A,)))
    return office


def _other(make: Make) -> Document:
    return make.minimal(
        naam="De Ware Vrienden, blaaskapel",
        korteBeschrijving="Muziek.",
        startdatum="1950-01-01",
        doelgroep={"minimumleeftijd": 12},
        hoofdactiviteiten=[make.concept("hoofdactiviteit", "JGDW"), make.concept("hoofdactiviteit", "KECU")],
        werkingsgebieden=[make.concept("werkingsgebied", "NVT")],
        locaties=[
            make.location("Nieuwstraat", "3", kind="Correspondentie"),
            make.location("Dorpsstraat", "12", naam="zaal concordia"),
            make.location("Parklaan", "1", naam="Kiosk", isPrimair=True),
        ],
        contactgegevens=[
            {"email": "INFO@warevrienden.be"},
            {"email": "blaaskapel@warevrienden.be", "isPrimair": True},
        ],
        lidmaatschappen=[{"naam": "Vlamo", "van": "2010-01-01"}, {"naam": "FedeKam"}],
        vertegenwoordigers=[GODELIEVE, {**MARCEL, "isPrimair": True}],
        bankrekeningnummers=[{"iban": "BE68539007547034"}, {"iban": "BE71096123456769"}],
    )


def test_what_the_double_knows_more_comes_over(rich: Office, make: Make) -> None:
    outcome = rich.do(MergeAssociations(B, A), reason="dezelfde harmonie")
    found = document(rich, A)
    assert (outcome.code, rich.latest(A).activity) == (A, VL.VerenigingenSamengevoegd.value)
    assert (found["naam"], found["startdatum"]) == ("Koninklijke Harmonie De Ware Vrienden", "1901-05-01")
    assert [place.get("naam") for place in found["locaties"]] == [None, "Zaal Concordia", "Kiosk"]
    assert [member["naam"] for member in found["lidmaatschappen"]] == ["VLAMO", "FedeKam"]
    assert {contact.get("email") for contact in found["contactgegevens"]} >= {
        "info@warevrienden.be", "blaaskapel@warevrienden.be"}  # fmt: skip
    assert len(found["contactgegevens"]) == 6
    assert found["werkingsgebieden"] == [make.concept("werkingsgebied", "BE23444021")]
    assert len(found["hoofdactiviteiten"]) == 2
    assert (len(found["vertegenwoordigers"]), len(found["bankrekeningnummers"])) == (2, 2)
    assert [place["isPrimair"] for place in found["locaties"]] == [False, True, False]
    assert MARCEL["voornaam"] in rich.personal(A).values()
    assert (status(rich, B), found["corresponderendeVCodes"]) == ("Dubbel", [iri(rich, B)])


def test_nodes_that_come_over_get_numbers_of_their_own(rich: Office) -> None:
    numbers = [place["@id"] for place in document(rich, A)["locaties"]]
    rich.do(MergeAssociations(B, A))
    merged = [place["@id"] for place in document(rich, A)["locaties"]]
    assert merged[:2] == numbers
    assert merged[2].startswith(iri(rich, A) + "#") and merged[2] not in numbers


def test_a_choice_for_each_field_is_followed(rich: Office) -> None:
    choices = {"naam": THEIRS, "startdatum": THEIRS, "lidmaatschappen": OURS, "contactgegevens": THEIRS}
    rich.do(MergeAssociations(B, A, choices))
    found = document(rich, A)
    assert (found["naam"], found["startdatum"]) == ("De Ware Vrienden, blaaskapel", "1950-01-01")
    assert [member["naam"] for member in found["lidmaatschappen"]] == ["VLAMO"]
    assert len(found["contactgegevens"]) == 2


def test_a_merge_can_be_undone_and_leaves_what_it_brought(rich: Office) -> None:
    rich.do(MergeAssociations(B, A))
    rich.do(UndoDuplicate(B))
    assert (status(rich, A), status(rich, B)) == ("Actief", "Actief")
    assert len(document(rich, A)["locaties"]) == 3
    rich.do(ChangeAssociation(B, {"korteNaam": "blaaskapel"}))


def test_a_membership_of_one_another_does_not_come_over(office: Office, make: Make) -> None:
    office.do(RegisterAssociation(make.minimal()))
    member = {"andereVereniging": A}
    office.do(RegisterAssociation(make.minimal(naam="Hengelclub De Snoek", lidmaatschappen=[member])))
    office.do(MergeAssociations(B, A))
    assert "lidmaatschappen" not in document(office, A)


def test_the_one_with_a_number_of_the_enterprise_register_stays(office: Office, make: Make) -> None:
    office.do(RegisterAssociation(make.full()))
    office.do(RegisterAssociation(make.minimal()))
    with pytest.raises(Refused) as refused:
        office.do(MergeAssociations(A, B))
    assert "keer de samenvoeging om" in refused.value.problems[0].message
    assert office.do(MergeAssociations(B, A)).code == A


def test_only_what_differs_is_to_be_chosen(rich: Office) -> None:
    found = {each.field.term: each for each in differences(document(rich, A), document(rich, B), rich.register.tools)}
    assert "verenigingstype" not in found and "vCode" not in found and "korteNaam" not in found
    assert (found["naam"].preset, found["locaties"].preset) == (OURS, "beide")


# --- Who is asked again, and when -------------------------------------------------------------------------------------


def test_who_moves_next_to_a_namesake_is_asked(office: Office, make: Make) -> None:
    office.do(RegisterAssociation(make.minimal(locaties=[make.location()])))
    elsewhere = make.location("Dorp", "9", postcode="9880", gemeente="Aalter")
    moved = office.do(RegisterAssociation(make.minimal(locaties=[elsewhere])), A_MANAGER).code
    with pytest.raises(PossibleDuplicates) as asked:
        office.do(ChangeAssociation(moved, {"locaties": [make.location("Markt", "2")]}), A_MANAGER)
    assert asked.value.candidates[0][0] == A
    office.do(ChangeAssociation(moved, {"locaties": [make.location("Markt", "2")]}, confirmed_not=(A,)), A_MANAGER)
    office.do(ChangeAssociation(moved, {"locaties": [make.location("Markt", "3")]}))


def test_who_was_told_apart_once_is_not_asked_again(office: Office, make: Make) -> None:
    office.do(RegisterAssociation(make.minimal(locaties=[make.location()])))
    second = make.minimal(korteBeschrijving="een ander", locaties=[make.location("Markt", "2")])
    code = office.do(RegisterAssociation(second, confirmed_not=(A,))).code
    office.do(ChangeAssociation(code, {"naam": "Reuzengilde Reinaert"}))
    office.do(ChangeAssociation(code, {"naam": "De Houten Klepel"}))


def test_an_association_without_an_address_stays_in_its_municipality(office: Office, make: Make) -> None:
    elsewhere = make.location("Dorp", "9", postcode="9880", gemeente="Aalter")
    office.do(RegisterAssociation(make.minimal(locaties=[elsewhere])), A_MANAGER)
    code = office.do(RegisterAssociation(make.minimal(korteBeschrijving="van Gent"))).code
    office.do(ChangeAssociation(code, {"korteNaam": "Klepel"}))
