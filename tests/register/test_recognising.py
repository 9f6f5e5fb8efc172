"""Recognitions: what each command makes of one, who may, and what the calendar does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.errors import Forbidden, LoketError, Refused
from app.register.agents import MUNICIPALITY, SYSTEM, VENDOR, Agent
from app.register.commands import ChangeAssociation, Command, Create, RegisterAssociation
from app.register.desk import Desk
from app.register.handle import handle
from app.register.recognitions.commands import (
    ChangeRecognition,
    LiftSuspension,
    RegisterRecognition,
    SettleRecognitions,
    SuspendRecognition,
    WithdrawRecognition,
)
from app.register.recognitions.rules import NOT_YOURS, OUTSIDE, OVERLAP
from app.register.recognitions.settling import settle_all
from tests.register.builders import A_MANAGER, BASE, GENT, TODAY, Document, Make
from tests.register.conftest import Office

VL = "https://w3id.org/verenigingsloket#"
AALTER = Agent(f"{BASE}/id/organisatie/aalter", "Gemeente Aalter", MUNICIPALITY, "44084")
FOR_GENT = Agent(f"{BASE}/id/organisatie/pakket", "Leverancier", VENDOR, "44021", on_behalf_of=GENT.iri)
THE_CALENDAR = Agent(f"{BASE}/id/organisatie/loket", "Verenigingsloket", SYSTEM)
SPORT = {"ipdcProduct": {"nummer": "1500", "naam": "Erkenning als sportclub"}}


def period(first: str | None = None, last: str | None = None) -> Document:
    return {term: day for term, day in (("startdatum", first), ("einddatum", last)) if day}


def sport(first: str | None = "2026-01-01", last: str | None = "2027-12-31", **more: str) -> Document:
    return {**SPORT, "geldigheidsperiode": period(first, last), **more}


def recognised(office: Office, code: str, document: Document | None = None) -> int:
    part = office.do(RegisterRecognition(code, sport() if document is None else document)).part
    assert part is not None
    return part


def recognitions(office: Office, code: str) -> list[Document]:
    with office.log.transaction() as transaction:
        desk = Desk(office.register, transaction, GENT, "", TODAY)
        found: list[Document] = desk.open_document(desk.current(code)).get("erkenningen", [])
        return found


def status(office: Office, code: str) -> str:
    [recognition] = recognitions(office, code)
    concept = office.register.codelists.concept(recognition["status"])
    assert concept is not None
    return concept.notation


def test_a_recognition_is_of_the_administration_that_gives_it(office: Office, code: str) -> None:
    outcome = office.do(RegisterRecognition(code, sport(besluit="https://besluiten.voorbeeld.be/id/besluit/1")))
    [recognition] = recognitions(office, code)
    assert outcome.activity == VL + "ErkenningGeregistreerd"
    assert recognition["@id"].endswith(f"#erkenning-{outcome.part}")
    assert (recognition["toegekendDoor"], recognition["naamToekenner"]) == (GENT.iri, GENT.label)
    assert recognition["besluit"] == "https://besluiten.voorbeeld.be/id/besluit/1"
    assert "hasLegalResource" in office.public(code)


def test_a_vendor_recognises_for_the_municipality_that_it_works_for(office: Office, code: str) -> None:
    office.do(RegisterRecognition(code, sport()), FOR_GENT)
    assert recognitions(office, code)[0]["toegekendDoor"] == GENT.iri


PERIODS = [
    ("2026-01-01", "2027-12-31", "Actief"),
    ("2026-01-01", None, "Actief"),
    (None, None, "Actief"),
    (TODAY.isoformat(), TODAY.isoformat(), "Actief"),
    ((TODAY + timedelta(1)).isoformat(), None, "InAanvraag"),
    ("2020-01-01", (TODAY - timedelta(1)).isoformat(), "Verlopen"),
]


@pytest.mark.parametrize("first, last, expected", PERIODS)
def test_the_period_decides_the_status(
    office: Office, code: str, first: str | None, last: str | None, expected: str
) -> None:
    recognised(office, code, sport(first, last))
    assert status(office, code) == expected


def test_a_status_cannot_be_supplied(office: Office, code: str, make: Make) -> None:
    recognised(office, code, {**sport(), "status": make.concept("erkenningsstatus", "Verlopen")})
    assert status(office, code) == "Actief"


WRONG = [
    ("the same again", sport(), OVERLAP),
    ("a day in common", sport("2027-12-31", "2029-12-31"), OVERLAP),
    ("without an end", sport("2020-01-01", None), OVERLAP),
    ("an end before the beginning", sport("2030-01-01", "2029-01-01"), "De startdatum ligt na de einddatum."),
    ("renewed after the end", sport("2028-01-01", "2028-12-31", hernieuwingsdatum="2029-01-01"), OUTSIDE),
    ("for nothing", {"geldigheidsperiode": period("2028-01-01")}, "Geef het IPDC-product"),
    ("no number", {"ipdcProduct": {"naam": "Sport"}}, "Geef het nummer van het IPDC-product."),
    ("not a page", sport("2028-01-01", None, hernieuwingsUrl="javascript:alert(1)"), "webadres"),
    ("not a day", sport("2028-02-31"), ""),
    ("HTML", {**sport("2028-01-01"), "naamToekenner": "x", "hernieuwingsUrl": "<b>"}, ""),
]


@pytest.mark.parametrize("document, sentence", [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_what_is_wrong_is_refused_with_a_sentence(office: Office, code: str, document: Document, sentence: str) -> None:
    recognised(office, code)
    with pytest.raises(Refused) as refused:
        office.do(RegisterRecognition(code, document))
    assert any(sentence in problem.message for problem in refused.value.problems)
    assert office.latest(code).number == 2


def test_another_product_or_another_administration_does_not_overlap(office: Office, code: str) -> None:
    recognised(office, code)
    recognised(office, code, {**sport(), "ipdcProduct": {"nummer": "1501"}})
    office.do(RegisterRecognition(code, sport()), A_MANAGER)
    recognised(office, code, sport("2028-01-01", "2028-12-31"))
    assert len(recognitions(office, code)) == 4


def test_a_later_end_is_a_renewal_and_an_earlier_one_is_not(office: Office, code: str) -> None:
    number = recognised(office, code)
    shorter = ChangeRecognition(code, number, {"geldigheidsperiode": {"einddatum": "2026-12-31"}})
    assert office.do(shorter, reason="vergissing").activity == VL + "ErkenningGewijzigd"
    assert recognitions(office, code)[0]["geldigheidsperiode"]["startdatum"] == "2026-01-01"
    longer = ChangeRecognition(code, number, {"geldigheidsperiode": {"einddatum": "2030-12-31"}})
    assert office.do(longer, reason="hernieuwd").activity == VL + "ErkenningHernieuwd"
    assert office.do(longer, reason="hernieuwd").sequence is None


def test_a_suspension_holds_until_it_is_lifted(office: Office, code: str) -> None:
    number = recognised(office, code)
    office.do(SuspendRecognition(code, number, "Geen werkingsverslag."))
    assert (status(office, code), recognitions(office, code)[0]["redenSchorsing"]) == (
        "Geschorst",
        "Geen werkingsverslag.",
    )
    corrected = office.do(SuspendRecognition(code, number, "Het verslag van 2025 ontbreekt.", correct=True))
    assert corrected.activity == VL + "RedenSchorsingRechtgezet"
    assert office.do(LiftSuspension(code, number)).activity == VL + "SchorsingOpgeheven"
    assert status(office, code) == "Actief" and "redenSchorsing" not in recognitions(office, code)[0]


def test_a_recognition_that_is_withdrawn_is_gone_and_its_number_never_comes_back(office: Office, code: str) -> None:
    number = recognised(office, code)
    assert office.do(WithdrawRecognition(code, number)).activity == VL + "ErkenningVerwijderd"
    assert recognitions(office, code) == []
    assert recognised(office, code) > number


GUARDS: list[tuple[str, list[tuple[str, str]], tuple[str, str], str]] = [
    ("suspend without a reason", [], ("suspend", " "), "De reden van schorsing is verplicht."),
    ("suspend twice", [("suspend", "x")], ("suspend", "y"), "reeds geschorst"),
    ("correct what is not suspended", [], ("correct", "y"), "niet geschorst"),
    ("lift what is not suspended", [], ("lift", ""), "niet geschorst"),
    ("withdraw what is suspended", [("suspend", "x")], ("withdraw", ""), "kan niet verwijderd worden"),
    ("change without a reason", [], ("change", ""), "De reden van de wijziging is verplicht."),
]


def command(deed: str, code: str, number: int, text: str) -> Command:
    match deed:
        case "suspend" | "correct":
            return SuspendRecognition(code, number, text, correct=deed == "correct")
        case "lift":
            return LiftSuspension(code, number)
        case "withdraw":
            return WithdrawRecognition(code, number)
    return ChangeRecognition(code, number, {"hernieuwingsdatum": "2027-01-01"})


def standing_at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def said(error: LoketError) -> str:
    problems = error.problems if isinstance(error, Refused) else ()
    return " ".join((error.title, *(problem.message for problem in problems)))


@pytest.mark.parametrize("first, deed, sentence", [row[1:] for row in GUARDS], ids=[row[0] for row in GUARDS])
def test_what_cannot_be_done_says_why(
    office: Office, code: str, first: list[tuple[str, str]], deed: tuple[str, str], sentence: str
) -> None:
    number = recognised(office, code)
    for known, text in first:
        office.do(command(known, code, number, text))
    before = office.log.head()
    with pytest.raises(Refused) as refused:
        office.do(command(deed[0], code, number, deed[1]))
    assert sentence in said(refused.value)
    assert office.log.head() == before


def test_what_expired_is_not_suspended_any_more(office: Office, code: str) -> None:
    number = recognised(office, code, sport("2020-01-01", "2021-12-31"))
    with pytest.raises(Refused, match="verlopen"):
        office.do(SuspendRecognition(code, number, "te laat"))


@pytest.mark.parametrize("deed", ["suspend", "withdraw", "change"])
def test_only_who_gave_it_touches_it(office: Office, code: str, deed: str) -> None:
    number = recognised(office, code)
    with pytest.raises(Refused) as refused:
        office.do(command(deed, code, number, "nee"), AALTER, "nee")
    assert refused.value.problems[0].message == NOT_YOURS
    office.do(command(deed, code, number, "ja"), A_MANAGER, "het bestuur bestaat niet meer")


def test_an_association_does_not_recognise_itself(office: Office, code: str) -> None:
    itself = Agent(f"{BASE}/id/vereniging/{code}", "Zij", "vereniging", associations=frozenset({code}))
    with pytest.raises(Forbidden):
        office.do(RegisterRecognition(code, sport()), itself)
    given = [{**sport(), "toegekendDoor": GENT.iri}]
    with pytest.raises(Refused) as refused:
        office.do(ChangeAssociation(code, {"erkenningen": given}), itself)
    assert refused.value.problems[0].message == NOT_YOURS


def test_nobody_registers_with_the_recognition_of_another(office: Office, make: Make) -> None:
    given = [{**sport(), "toegekendDoor": AALTER.iri}]
    with pytest.raises(Refused) as refused:
        office.do(RegisterAssociation(make.full(erkenningen=given)))
    assert refused.value.problems[0].message == NOT_YOURS
    assert office.log.head() == 0


def test_the_catalogue_names_the_product(office: Office, code: str) -> None:
    concept = {"naam": {"nl": "Erkenning als jeugdvereniging"}, "beschrijving": {"nl": "x"}, "productnummer": "1700"}
    office.do(Create("concept", concept, code="11111111-2222-4333-8444-555555555555"), A_MANAGER)
    recognised(office, code, {**sport(), "ipdcProduct": {"nummer": "1700"}})
    assert recognitions(office, code)[0]["ipdcProduct"]["naam"] == "Erkenning als jeugdvereniging"
    with pytest.raises(Refused) as refused:
        office.do(RegisterRecognition(code, sport()))
    assert refused.value.problems[0].message == "Voor dit nummer werd geen IPDC-product gevonden."


def test_another_change_leaves_the_recognitions_of_others_alone(office: Office, code: str) -> None:
    office.do(RegisterRecognition(code, sport()), A_MANAGER)
    office.do(ChangeAssociation(code, {"korteNaam": "De Vrienden"}))
    assert len(recognitions(office, code)) == 1


def test_the_calendar_is_followed_day_by_day(office: Office, code: str) -> None:
    recognised(office, code, sport((TODAY + timedelta(2)).isoformat(), (TODAY + timedelta(4)).isoformat()))
    seen = []
    for days in (0, 1, 2, 2, 4, 9, 20):
        later = replace(office.register, clock=standing_at(office.register.clock() + timedelta(days)))
        seen.append((settle_all(later), status(office, code)))
    assert seen == [
        (0, "InAanvraag"), (0, "InAanvraag"), (1, "Actief"), (0, "Actief"), (0, "Actief"), (1, "Verlopen"),
        (0, "Verlopen"),
    ]  # fmt: skip


def test_a_suspended_recognition_is_not_on_the_calendar(office: Office, code: str) -> None:
    number = recognised(office, code, sport("2026-01-01", TODAY.isoformat()))
    office.do(SuspendRecognition(code, number, "x"))
    later = replace(office.register, clock=standing_at(office.register.clock() + timedelta(9)))
    assert settle_all(later) == 0
    handle(LiftSuspension(code, number), GENT, later)
    assert status(office, code) == "Verlopen"


def test_the_calendar_begins_and_ends_recognitions(office: Office, code: str) -> None:
    recognised(office, code, sport((TODAY + timedelta(1)).isoformat(), (TODAY + timedelta(2)).isoformat()))
    assert office.do(SettleRecognitions(code), THE_CALENDAR).sequence is None
    for days, expected in ((1, "Actief"), (3, "Verlopen")):
        moment = office.register.clock() + timedelta(days)
        later = replace(office.register, clock=standing_at(moment))
        outcome = handle(SettleRecognitions(code), THE_CALENDAR, later)
        assert (outcome.activity, status(office, code)) == (VL + "ErkenningenBijgewerkt", expected)
