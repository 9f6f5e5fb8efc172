"""Changing, stopping, hiding, showing and removing: what becomes of the version, the feeds and the store."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.errors import Conflict, Gone, LoketError, PossibleDuplicates, Refused, Unknown
from app.register.commands import (
    ChangeAssociation,
    Command,
    HideAssociation,
    RegisterAssociation,
    RemoveAssociation,
    ShowAssociation,
    StopAssociation,
)
from tests.register.builders import A_MANAGER, BASE, THE_KBO, TODAY, Document, Make
from tests.register.conftest import Office

GHENT, AALTER = "verenigingen/gemeente/44021", "verenigingen/gemeente/44084"
VL = "https://w3id.org/verenigingsloket#"


def test_only_the_supplied_fields_change(office: Office, code: str) -> None:
    before = office.document(code)
    outcome = office.do(ChangeAssociation(code, {"korteNaam": "De Vrienden"}))
    assert (outcome.version, outcome.activity) == (2, VL + "VerenigingGewijzigd")
    changed = {"korteNaam", "versie", "datumLaatsteAanpassing"}
    after = office.document(code)
    assert after["korteNaam"] == "De Vrienden"
    assert {term for term in after if after[term] != before.get(term)} == changed


@pytest.mark.parametrize(
    "supplied",
    [
        {},
        {"korteNaam": "KHWV"},
        {"startdatum": "1 mei 1901"},
        {"kboNummer": "BE0403.170.701"},
        {"vertegenwoordigers": [{"insz": "85010100115", "voornaam": "Godelieve", "achternaam": "Verzonnen",
                                 "rol": "voorzitter", "isPrimair": True, "telefoon": "+32 470 12 34 56"}]},
    ],
    ids=str,
)  # fmt: skip
def test_what_says_the_same_makes_no_version(office: Office, code: str, supplied: Document) -> None:
    outcome = office.do(ChangeAssociation(code, supplied))
    assert (outcome.version, outcome.sequence, outcome.activity) == (1, None, None)
    assert office.log.head() == 1


def test_the_whole_document_as_it_stands_makes_no_version(office: Office, code: str) -> None:
    assert office.do(ChangeAssociation(code, office.document(code))).sequence is None


@pytest.mark.parametrize("nothing", [None, ""])
def test_an_empty_value_clears_the_field(office: Office, code: str, nothing: str | None) -> None:
    office.do(ChangeAssociation(code, {"korteNaam": nothing}))
    assert "korteNaam" not in office.document(code)


def test_a_part_that_stays_keeps_its_address_and_a_new_one_gets_a_new_number(office: Office, code: str) -> None:
    before = office.document(code)["contactgegevens"]
    kept = [contact for contact in before if "website" not in contact]
    office.do(ChangeAssociation(code, {"contactgegevens": [*kept, {"website": "https://nieuw.be"}]}))
    after = {contact["@id"]: contact for contact in office.document(code)["contactgegevens"]}
    assert {contact["@id"] for contact in kept} < set(after)
    [new] = set(after) - {contact["@id"] for contact in before}
    assert after[new]["website"] == "https://nieuw.be"


def test_a_stale_change_is_a_conflict(office: Office, code: str) -> None:
    office.do(ChangeAssociation(code, {"korteNaam": "Eén"}, expected_version=1))
    with pytest.raises(Conflict):
        office.do(ChangeAssociation(code, {"korteNaam": "Twee"}, expected_version=1))


def test_who_moves_leaves_one_municipal_view_and_enters_another(office: Office, make: Make) -> None:
    code = office.do(RegisterAssociation(make.minimal(locaties=[make.location()]))).code
    office.do(ChangeAssociation(code, {"locaties": [make.location(postcode="9880", gemeente="Aalter")]}))
    assert office.feed() == [("create", 1), ("update", 2)]
    assert office.feed(GHENT) == [("create", 1), ("delete", 2)]
    assert office.feed(AALTER) == [("create", 2)]


def test_a_new_name_is_looked_up_among_the_others(office: Office, make: Make, code: str) -> None:
    other = office.do(RegisterAssociation(make.minimal(locaties=[make.location()]))).code
    rename = ChangeAssociation(other, {"naam": "Harmonie De Ware Vrienden vzw", "korteBeschrijving": "x"})
    with pytest.raises(PossibleDuplicates) as refused:
        office.do(rename)
    assert [candidate for candidate, _ in refused.value.candidates] == [code]
    office.do(ChangeAssociation(other, {"naam": "Harmonie De Ware Vrienden vzw"}, confirmed_not=(code,)))


def test_who_is_hidden_is_in_no_public_place_and_comes_back_new(office: Office, code: str) -> None:
    public = office.public(code)
    assert office.do(HideAssociation(code)).activity == VL + "VerenigingOnzichtbaarGemaakt"
    assert office.latest(code).public is None
    assert office.do(HideAssociation(code)).sequence is None
    assert office.do(ShowAssociation(code)).activity == VL + "VerenigingZichtbaarGemaakt"
    assert office.public(code) == public
    assert office.feed() == office.feed(GHENT) == [("create", 1), ("delete", 2), ("create", 3)]


def test_who_is_registered_invisible_is_seen_by_the_administration_only(office: Office, make: Make) -> None:
    code = office.do(RegisterAssociation(make.full(zichtbaarInLoket=False))).code
    assert office.latest(code).public is None
    assert "Koninklijke Harmonie" in office.internal(code)
    assert office.log.feeds() == []
    office.do(ChangeAssociation(code, {"korteNaam": "X"}))
    assert office.log.feeds() == []


def test_a_stopped_association_stays_to_be_seen(office: Office, make: Make) -> None:
    code = office.do(RegisterAssociation(make.minimal())).code
    stop = StopAssociation(code, date(2026, 6, 30))
    assert office.do(stop).activity == VL + "VerenigingGestopt"
    assert office.do(stop).sequence is None
    assert make.concept("status", "Gestopt") in office.public(code)
    assert office.do(StopAssociation(code, date(2026, 7, 31))).version == 3
    assert office.do(ChangeAssociation(code, {"einddatum": None})).version == 4
    assert make.concept("status", "Actief") in office.public(code)


def test_a_removed_association_is_gone_and_says_what_replaced_it(office: Office, make: Make, code: str) -> None:
    other = office.do(RegisterAssociation(make.minimal())).code
    office.do(RemoveAssociation(other, "dubbel", replaced_by=code))
    assert office.latest(other).reason == "dubbel"
    with pytest.raises(Gone) as gone:
        office.do(ChangeAssociation(other, {"naam": "X"}))
    assert gone.value.replaced_by == f"{BASE}/id/vereniging/{code}"
    assert office.feed()[-1] == ("delete", 2)


def test_the_kbo_number_of_a_removed_association_is_free_again(office: Office, make: Make, code: str) -> None:
    office.do(RemoveAssociation(code, "vergissing"))
    assert office.do(RegisterAssociation(make.full())).code != code


REFUSED: list[tuple[Command, type[LoketError], str]] = [
    (ChangeAssociation("V0009999", {}), Unknown, "staat niet in het register"),
    (HideAssociation("V0009999"), Unknown, "staat niet in het register"),
    (StopAssociation("V0001001", TODAY + timedelta(days=1)), Refused, "De einddatum ligt in de toekomst."),
    (StopAssociation("V0001001", date(1900, 1, 1)), Refused, "De startdatum ligt na de einddatum."),
    (RemoveAssociation("V0001001", "  "), Refused, "Geef de reden waarom de vereniging weg moet."),
    (RemoveAssociation("V0001001", "dubbel", "V0001001"), Refused, "Een vereniging vervangt zichzelf niet."),
    (RemoveAssociation("V0001001", "dubbel", "V0009999"), Refused, "Deze vereniging staat niet in het register."),
    (ChangeAssociation("V0001001", {"locaties": []}), Refused, "De laatste locatie kan niet weg."),
    (
        ChangeAssociation("V0001001", {"hoofdactiviteiten": []}),
        Refused,
        "Er moet minstens één hoofdactiviteit blijven.",
    ),
    (ChangeAssociation("V0001001", {"vertegenwoordigers": []}), Refused, "De laatste vertegenwoordiger kan niet weg."),
    (ChangeAssociation("V0001001", {"kboNummer": None}), Refused, "Het KBO-nummer van een vereniging verandert niet."),
    (ChangeAssociation("V0001001", {"naam": None}), Refused, "Vul de naam in."),
]


@pytest.mark.parametrize("command, error, sentence", REFUSED, ids=[sentence for *_, sentence in REFUSED])
def test_what_cannot_be_is_refused_and_writes_nothing(
    office: Office, code: str, command: Command, error: type[LoketError], sentence: str
) -> None:
    with pytest.raises(error) as refused:
        office.do(command, THE_KBO if isinstance(command, StopAssociation) else A_MANAGER)
    told = [refused.value.title, *(problem.message for problem in getattr(refused.value, "problems", ()))]
    assert any(sentence in each for each in told), told
    assert office.log.head() == 1


def test_the_kbo_says_when_who_has_legal_personality_stops(office: Office, code: str) -> None:
    with pytest.raises(Refused, match="De KBO bepaalt"):
        office.do(StopAssociation(code, TODAY))
    office.do(StopAssociation(code, TODAY), THE_KBO)


def test_the_kbo_says_which_legal_form(office: Office, make: Make, code: str) -> None:
    with pytest.raises(Refused):
        office.do(ChangeAssociation(code, {"verenigingstype": make.concept("verenigingstype", "VZER")}))


def test_only_the_kbo_brings_a_seat(office: Office, make: Make, code: str) -> None:
    seat = make.location("Zetelstraat", "1", kind="Maatschappelijke zetel volgens KBO")
    change = ChangeAssociation(code, {"locaties": [seat]})
    with pytest.raises(Refused):
        office.do(change)
    office.do(change, THE_KBO)
    with pytest.raises(Refused):
        office.do(ChangeAssociation(code, {"locaties": [make.location()]}))


def test_another_number_is_another_person(office: Office, code: str) -> None:
    [person] = office.document(code)["vertegenwoordigers"]
    with pytest.raises(Refused) as refused:
        office.do(ChangeAssociation(code, {"vertegenwoordigers": [{**person, "insz": "41062700192"}]}))
    assert [problem.path for problem in refused.value.problems] == ["vertegenwoordigers[0].insz"]
