"""Single parts of an association, what came from the KBO, and the tie to a parent association."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.errors import Refused
from app.register.commands import ChangeAssociation, RegisterAssociation, StopAssociation
from app.register.parts import Add, Drop, Edit, Replace, edited
from tests.register.builders import MARCEL, THE_KBO, TODAY, Document, Make
from tests.register.conftest import Office

BOTH = {"locaties": [{"@id": "#locatie-2", "naam": "A"}, {"@id": "#locatie-10", "naam": "B"}]}
EDITS = [
    ("nothing", [], {}),
    ("add", [Add("locaties", {"naam": "C"})], ["A", "B", "C"]),
    ("add to none", [Add("contactgegevens", {"naam": "C"})], ["C"]),
    ("replace", [Replace("locaties", 10, lambda _: {"naam": "C"})], ["A", "C"]),
    ("drop", [Drop("locaties", 2)], ["B"]),
    ("one after the other", [Drop("locaties", 2), Add("locaties", {"naam": "C"})], ["B", "C"]),
]


@pytest.mark.parametrize("edits, names", [row[1:] for row in EDITS], ids=[row[0] for row in EDITS])
def test_an_edit_touches_one_part(edits: list[Edit], names: list[str]) -> None:
    lists = edited(BOTH, edits)
    assert [node["naam"] for nodes in lists.values() for node in nodes] == list(names)
    assert len(BOTH["locaties"]) == 2


@pytest.mark.parametrize("edit", [Drop("locaties", 1), Replace("locaties", 3, lambda _: {}), Drop("erkenningen", 2)])
def test_a_part_that_is_not_there_is_refused(edit: Edit) -> None:
    with pytest.raises(Refused) as refused:
        edited(BOTH, [edit])
    assert refused.value.problems[0].path == edit.term


def numbers(document: Document, term: str) -> list[int]:
    return [int(node["@id"].rpartition("-")[2]) for node in document[term]]


def test_what_is_added_is_answered_with_its_number(office: Office, code: str, make: Make) -> None:
    before = office.document(code)
    outcome = office.do(ChangeAssociation(code, {}, edits=(Add("locaties", make.location("Kouter", "3")),)))
    after = office.document(code)
    assert outcome.part == numbers(after, "locaties")[-1] > max(numbers(before, "locaties"))
    assert after["locaties"][:-1] == before["locaties"]


def test_a_personal_value_beside_the_part_stays(office: Office, code: str) -> None:
    phone = numbers(office.document(code), "contactgegevens")[2]
    office.do(ChangeAssociation(code, {}, edits=(Replace("contactgegevens", phone, lambda _: {"beschrijving": "x"}),)))
    assert "godelieve.verzonnen@telenet.be" in office.personal(code).values()
    office.do(ChangeAssociation(code, {}, edits=(Add("vertegenwoordigers", dict(MARCEL)),)))
    assert [one["voornaam"] for one in office.document(code)["vertegenwoordigers"]] == ["Godelieve", "Marcel"]


def test_the_last_of_what_must_stay_cannot_be_dropped(office: Office, code: str) -> None:
    [only] = numbers(office.document(code), "vertegenwoordigers")
    with pytest.raises(Refused) as refused:
        office.do(ChangeAssociation(code, {}, edits=(Drop("vertegenwoordigers", only),)))
    assert refused.value.problems[0].path == "vertegenwoordigers"


# --- From the KBO -----------------------------------------------------------------------------------------------------


@pytest.fixture
def from_kbo(office: Office, make: Make) -> str:
    """An association of which the KBO supplied a phone number."""
    theirs = make.concept("bron", "KBO")
    contacts = [{"telefoon": "09 210 10 10", "bron": theirs}, {"email": "info@warevrienden.be"}]
    return office.do(RegisterAssociation(make.full(contactgegevens=contacts)), THE_KBO).code


Making = Callable[[int], Edit]
FORBIDDEN: list[tuple[str, Making]] = [
    ("another number", lambda n: Replace("contactgegevens", n, lambda _: {"telefoon": "09 210 10 11"})),
    ("away", lambda n: Drop("contactgegevens", n)),
    ("not from there", lambda n: Replace("contactgegevens", n, lambda _: {"bron": None})),
]


@pytest.mark.parametrize("make_edit", [row[1] for row in FORBIDDEN], ids=[row[0] for row in FORBIDDEN])
def test_what_came_from_the_kbo_is_changed_there(office: Office, from_kbo: str, make_edit: Making) -> None:
    number = numbers(office.document(from_kbo), "contactgegevens")[0]
    with pytest.raises(Refused) as refused:
        office.do(ChangeAssociation(from_kbo, {}, edits=(make_edit(number),)))
    assert "KBO" in refused.value.problems[0].message
    office.do(ChangeAssociation(from_kbo, {}, edits=(make_edit(number),)), THE_KBO)


def test_beside_it_people_say_what_it_is_for(office: Office, from_kbo: str) -> None:
    number = numbers(office.document(from_kbo), "contactgegevens")[0]
    edit = Replace("contactgegevens", number, lambda _: {"beschrijving": "secretariaat", "isPrimair": True})
    assert office.do(ChangeAssociation(from_kbo, {}, edits=(edit,))).version == 2


def test_nobody_else_says_that_something_is_from_the_kbo(office: Office, code: str, make: Make) -> None:
    edit = Add("contactgegevens", {"email": "a@b.be", "bron": make.concept("bron", "KBO")})
    with pytest.raises(Refused) as refused:
        office.do(ChangeAssociation(code, {}, edits=(edit,)))
    assert refused.value.problems[0].path.endswith(".bron")


# --- Parts of an association ------------------------------------------------------------------------------------------


@pytest.fixture
def small(office: Office, make: Make) -> str:
    return office.do(RegisterAssociation(make.minimal(naam="Jeugdharmonie"))).code


def part_of(make: Make, parent: str, subtype: str = "SUB") -> Document:
    return {
        "verenigingssubtype": make.concept("verenigingssubtype", subtype),
        "subverenigingVan": {"andereVereniging": parent, "identificatie": "J-1"},
    }


def test_a_part_says_of_which_association(office: Office, code: str, small: str, make: Make) -> None:
    office.do(ChangeAssociation(small, part_of(make, code)))
    after = office.document(small)
    assert after["subverenigingVan"]["identificatie"] == "J-1"
    assert after["moedervereniging"] == office.register.tools.type.iri(code)
    assert "subOrganizationOf" in office.public(small)
    office.do(ChangeAssociation(small, {**part_of(make, code, "NB"), "subverenigingVan": None}))
    assert "moedervereniging" not in office.document(small)


TIES = [
    ("an unknown parent", lambda make, code, small: part_of(make, "V0009999"), "staat niet in het register"),
    ("itself", lambda make, code, small: part_of(make, small), "zichzelf"),
    ("one without personality", lambda make, code, small: part_of(make, "V0001003"), "rechtspersoonlijkheid"),
    ("no part", lambda make, code, small: part_of(make, code, "FV"), "Enkel een subvereniging"),
    (
        "a member besides",
        lambda make, code, small: {**part_of(make, code), "lidmaatschappen": [{"andereVereniging": code}]},
        "niet tegelijk lid en subvereniging",
    ),
    ("a call name", lambda make, code, small: {"roepnaam": "De Jonkies"}, "roepnaam"),
]


@pytest.mark.parametrize("ask, sentence", [row[1:] for row in TIES], ids=[row[0] for row in TIES])
def test_a_tie_that_cannot_be_is_refused(
    office: Office, code: str, small: str, make: Make, ask: Callable[..., Document], sentence: str
) -> None:
    office.do(RegisterAssociation(make.minimal(naam="Turnkring Olympia")))
    with pytest.raises(Refused) as refused:
        office.do(ChangeAssociation(small, ask(make, code, small)))
    assert any(sentence in problem.message for problem in refused.value.problems)


def test_who_stops_is_not_stopping_any_more(office: Office, small: str) -> None:
    office.do(ChangeAssociation(small, {"inStopzetting": True}))
    assert office.document(small)["inStopzetting"] is True
    office.do(StopAssociation(small, TODAY))
    assert "inStopzetting" not in office.document(small)
