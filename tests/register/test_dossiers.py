"""From an application to a closed dossier: what happens, what is refused, and what other systems are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.errors import Conflict, Forbidden, LoketError, Refused
from app.register.commands import Archive, Change, Create
from app.register.dossiers.chores import forget_old_dossiers, remind_of_deadlines
from app.register.dossiers.commands import (
    CompleteDossier,
    MoveDossier,
    ReportStatus,
    SubmitApplication,
    TakeUpDossier,
    WithdrawApplication,
    WriteMessage,
)
from app.register.handle import handle
from app.register.register import Register
from app.store.applications import find_application
from app.store.dossier_statuses import last_status, statuses_after
from tests.register.builders import Make
from tests.register.dossier_world import CLERK, ELSEWHERE, LOAN, PROJECT, SECRET, STRANGER, SUPPLIER, Counter


@pytest.fixture
def counter(register: Register, make: Make) -> Counter:
    return Counter(register, make)


def problems(command: Any, agent: Any, counter: Counter) -> dict[str, str]:
    with pytest.raises(Refused) as refused:
        handle(command, agent, counter.register)
    return {each.path: each.message for each in refused.value.problems} or {"": refused.value.title}


# --- Applying -------------------------------------------------------------------------------------------------------


def test_an_application_becomes_a_dossier_with_a_number_a_first_step_and_a_letter(counter: Counter) -> None:
    code = counter.apply()
    dossier = counter.read(code)
    assert code == "A0001001"
    assert (dossier["stap"], dossier["termijn"], dossier["dienst"]) == ("ingediend", "2026-11-29", "onthaal")
    assert dossier["naam"] == "Werkingssubsidie: De Houten Klepel"
    assert dossier["bestuur"] == CLERK.iri
    assert "A0001001" in counter.whole(code)["tekst"]
    assert counter.read(code, "aanvraag-projectsubsidie")["kosten"][0]["kost"] == "1.250"
    assert counter.told(code) == ["Ingediend"]


def test_the_same_draft_sent_twice_is_one_dossier(counter: Counter) -> None:
    draft = counter.begin()
    assert counter.apply(draft=draft) == counter.apply(draft=draft)
    assert len(statuses_after(counter.register.log.database, 0, 10)) == 1


def test_what_is_lacking_is_told_beside_its_field_and_the_draft_stays(counter: Counter) -> None:
    draft = counter.begin()
    lacking = {term: value for term, value in PROJECT.items() if term not in ("project", "contactNaam")}
    told = problems(
        SubmitApplication(counter.association, counter.product, draft, {**lacking, "iban": "B0", "tot": "2026-01-01"}),
        counter.club, counter,
    )  # fmt: skip
    assert {"project", "contactNaam", "iban"} <= told.keys()
    assert "Het einde ligt voor het begin." in told.values()
    row = find_application(counter.register.log.database, draft)
    assert row is not None
    assert row.dossier == ""
    assert last_status(counter.register.log.database) == 0


def test_who_does_not_meet_a_condition_is_told_which(register: Register, make: Make) -> None:
    counter = Counter(register, make, activiteiten=["Sport"], eindeDienstVerlening="2026-01-01")
    told = problems(
        SubmitApplication(counter.association, counter.product, counter.begin(), PROJECT), counter.club, counter
    )
    assert told[""].startswith("Aan te vragen tot en met")


def test_a_product_without_a_form_cannot_be_applied_for(counter: Counter) -> None:
    counter.do(Change("product", counter.product, {"aanvraagvorm": None}))
    told = problems(
        SubmitApplication(counter.association, counter.product, counter.begin(), PROJECT), counter.club, counter
    )
    assert "niet (meer) aanvragen" in told[""]


def test_a_draft_of_another_product_is_not_sent(counter: Counter) -> None:
    with pytest.raises(Conflict):
        counter.apply(product=counter.loan, document=LOAN, draft=counter.begin(counter.product))


def test_only_documents_of_the_association_itself_go_along(counter: Counter) -> None:
    own, others = counter.give(), counter.give(association="https://elders.example/1")
    told = problems(
        SubmitApplication(counter.association, counter.product, counter.begin(), {**PROJECT, "plan": others}),
        counter.club, counter,
    )  # fmt: skip
    assert told == {"plan": "Dit document is er niet (meer)."}
    assert counter.read(counter.apply({**PROJECT, "plan": own}))["documenten"] == [own]


# --- Handling -------------------------------------------------------------------------------------------------------


def test_a_dossier_goes_through_its_process_and_each_status_is_told_once_in_order(counter: Counter) -> None:
    code = counter.apply()
    counter.do(TakeUpDossier(code))
    counter.do(MoveDossier(code, "aanvullen", action="Bezorg een plan van het bos."))
    dossier = counter.read(code)
    assert (dossier["actieNodig"], dossier["actie"]) == (True, "Bezorg een plan van het bos.")
    counter.do(CompleteDossier(code, "Hier is het plan.", (counter.give(),)), counter.club)
    counter.do(MoveDossier(code, "beslissing"))
    counter.do(MoveDossier(code, "toegekend", {"bedrag": "1.000"}))
    counter.do(MoveDossier(code, "betaling"))
    counter.do(MoveDossier(code, "betaald", {"betaaldOp": "24/11/2026", "betaalkenmerk": "2026-77"}))
    dossier = counter.read(code)
    assert dossier["afgeslotenOp"]
    assert (dossier["bedrag"], dossier["betalingOpgedragenOp"], dossier["betaaldOp"]) == (
        "1.000",
        "2026-11-24",
        "2026-11-24",
    )
    statuses = counter.statuses(code)
    assert [each.status for each in statuses] == [
        "Ingediend", "InBehandeling", "DossierOnvolledig", "InBehandeling", "KlaarVoorBeslissing", "Goedgekeurd",
        "KlaarVoorBetaling", "Betaald",
    ]  # fmt: skip
    assert [each.position for each in statuses] == list(range(1, 9))
    assert len({each.id for each in statuses}) == 8
    assert [each["volgorde"] for each in dossier["verloop"]] == list(range(1, 9))
    for each in statuses:
        version = counter.register.log.version(each.dossier, each.version)
        assert version is not None
        assert version.sequence == each.sequence


def test_a_step_that_asks_something_is_not_reached_without_it(counter: Counter) -> None:
    code = counter.apply()
    counter.do(TakeUpDossier(code))
    counter.do(MoveDossier(code, "beslissing"))
    assert problems(MoveDossier(code, "toegekend"), CLERK, counter) == {"bedrag": "Geef het toegekende bedrag."}
    assert "bedrag" in problems(MoveDossier(code, "toegekend", {"bedrag": "veel"}), CLERK, counter)
    assert problems(MoveDossier(code, "betaald"), CLERK, counter) == {"stap": "Van hier gaat men niet naar deze stap."}
    assert counter.told(code)[-1] == "KlaarVoorBeslissing"


def test_nothing_half_happens(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError

    code = counter.apply()
    before = (counter.register.log.head(), counter.told(code), counter.whole(code))
    monkeypatch.setattr("app.register.dossiers.course.put_status", crash)
    for command in (TakeUpDossier(code), MoveDossier(code, "onontvankelijk", message="Helaas.")):
        with pytest.raises(RuntimeError):
            counter.do(command)
    draft = counter.begin()
    with pytest.raises(RuntimeError):
        counter.apply(draft=draft)
    assert (counter.register.log.head(), counter.told(code), counter.whole(code)) == before
    monkeypatch.undo()
    assert counter.apply(draft=draft) == "A0001002"


def test_a_closed_dossier_goes_nowhere_and_still_takes_messages(counter: Counter) -> None:
    code = counter.apply()
    counter.do(MoveDossier(code, "onontvankelijk"))
    for command in (TakeUpDossier(code), MoveDossier(code, "onderzoek"), WithdrawApplication(code)):
        agent = counter.club if isinstance(command, WithdrawApplication) else CLERK
        assert problems(command, agent, counter) == {"": "Dit dossier is afgesloten."}
    counter.do(WriteMessage(code, "Waarom?"), counter.club)
    assert len(counter.read(code)["berichten"]) == 2


def test_an_association_withdraws_until_it_is_closed(counter: Counter) -> None:
    code = counter.apply()
    counter.do(WithdrawApplication(code, "We doen het volgend jaar."), counter.club)
    dossier = counter.read(code)
    assert "termijn" not in dossier
    assert counter.told(code) == ["Ingediend", "Stopgezet"]
    assert statuses_after(counter.register.log.database, 0, 10)[-1].phase == "Afgerond"


def test_who_read_an_older_version_is_told_so(counter: Counter) -> None:
    code = counter.apply()
    counter.do(TakeUpDossier(code, expected_version=1))
    with pytest.raises(Conflict):
        counter.do(MoveDossier(code, "aanvullen", expected_version=1))


def test_nobody_is_asked_to_complete_what_is_not_asked_for(counter: Counter) -> None:
    code = counter.apply()
    assert "vroeg u niets" in problems(CompleteDossier(code, "Alstublieft"), counter.club, counter)[""]
    assert "bericht" in problems(WriteMessage(code, "  "), counter.club, counter)


# --- Another system ---------------------------------------------------------------------------------------------------


def test_another_system_reports_a_status_in_any_spelling_and_the_same_again_changes_nothing(counter: Counter) -> None:
    code = counter.apply()
    report = ReportStatus(code, "behandeling", "DOSSIER_ONVOLLEDIG", "Wacht op bijlage", "Bezorg het plan", "Z-12")
    counter.do(report, SUPPLIER)
    head = counter.register.log.head()
    assert counter.do(report, SUPPLIER).sequence is None
    assert counter.register.log.head() == head
    dossier = counter.read(code)
    assert (dossier["elders"], dossier["statusDetail"], dossier["actie"]) == (
        "Z-12",
        "Wacht op bijlage",
        "Bezorg het plan",
    )
    assert counter.told(code) == ["Ingediend", "DossierOnvolledig"]
    wrong = ReportStatus(code, "behandeling", "Zoek")
    assert problems(wrong, SUPPLIER, counter) == {"status": "Deze code kennen we niet."}


def test_a_consumer_reads_on_from_its_cursor_and_one_administration_reads_its_own(counter: Counter) -> None:
    first, second = counter.apply(), counter.apply(LOAN, counter.loan)
    database = counter.register.log.database
    [one] = statuses_after(database, 0, 1)
    assert one.id == f"{first}-1"
    assert [each.id for each in statuses_after(database, one.sequence, 10)] == [f"{second}-1"]
    assert last_status(database) == statuses_after(database, 0, 10, owner=CLERK.iri)[-1].sequence
    assert statuses_after(database, 0, 10, owner=ELSEWHERE.iri) == []


# --- By the calendar --------------------------------------------------------------------------------------------------


def later(register: Register, days: int) -> Register:
    return replace(register, clock=lambda: register.clock() + timedelta(days=days))


def test_a_deadline_that_passed_is_remembered_once_a_week_and_tells_who_is_to_act(counter: Counter) -> None:
    waiting, asked = counter.apply(), counter.apply()
    counter.do(TakeUpDossier(asked))
    counter.do(MoveDossier(asked, "aanvullen", action="Bezorg een plan."))
    assert remind_of_deadlines(later(counter.register, 5)) == 0
    assert [remind_of_deadlines(later(counter.register, days)) for days in (6, 7, 22, 28)] == [1, 0, 2, 0]
    assert "Herinnering" in counter.whole(asked)["tekst"]
    assert len(counter.read(waiting)["berichten"]) == 1
    assert counter.told(waiting) == ["Ingediend"]


def test_what_is_kept_long_enough_goes(counter: Counter) -> None:
    plan, loose = counter.give(), counter.give("los.pdf")
    code, draft = counter.apply({**PROJECT, "plan": plan}), counter.begin()
    counter.do(MoveDossier(code, "onontvankelijk"))
    assert forget_old_dossiers(later(counter.register, 89)) == (0, 0, 0)
    assert forget_old_dossiers(later(counter.register, 91)) == (0, 1, 0)
    assert find_application(counter.register.log.database, draft) is None
    assert forget_old_dossiers(later(counter.register, 3651)) == (1, 0, 2)
    assert not [
        entity for entity in counter.register.log.vault.entities() if "/id/document/" in entity or code in entity
    ]
    assert loose not in counter.documents()


# --- Whose it is ----------------------------------------------------------------------------------------------------


def test_only_its_association_and_its_administration_touch_a_dossier(counter: Counter) -> None:
    code = counter.apply()
    wrong = [
        (TakeUpDossier(code), ELSEWHERE),
        (TakeUpDossier(code), counter.club),
        (MoveDossier(code, "onderzoek"), STRANGER),
        (WriteMessage(code, "Hallo"), STRANGER),
        (WriteMessage(code, "Hallo"), ELSEWHERE),
        (WithdrawApplication(code), STRANGER),
        (WithdrawApplication(code), CLERK),
        (SubmitApplication(counter.association, counter.product, counter.begin(), PROJECT), STRANGER),
        (ReportStatus(code, "Afgerond", "Betaald"), ELSEWHERE),
    ]
    for command, agent in wrong:
        with pytest.raises(Forbidden):
            counter.do(command, agent)
    counter.do(TakeUpDossier(code), SUPPLIER)


@pytest.mark.parametrize("kind", ["dossier", "aanvraag-projectsubsidie"])
def test_nobody_changes_it_past_its_steps(counter: Counter, kind: str) -> None:
    code = counter.apply()
    for command in (Create(kind, {}), Change(kind, code, {"bedrag": "9"}), Archive(kind, code)):
        with pytest.raises(LoketError):
            counter.do(command)


def test_nothing_personal_is_outside_the_vault(counter: Counter) -> None:
    code = counter.apply({**PROJECT, "plan": counter.give("Plan van Ludovica Verzinsel.pdf")})
    counter.do(TakeUpDossier(code))
    counter.do(WriteMessage(code, "Bel Ludovica Verzinsel, fluisterzacht."))
    counter.do(WithdrawApplication(code, "Ludovica Verzinsel is ziek."), counter.club)
    written = "".join(repr(each) + repr(each.internal) for each in counter.register.log.read(0, 100))
    assert "honderd bomen" in written
    assert not [secret for secret in SECRET if secret in written]
    assert all(each.public is None for each in counter.register.log.read(0, 100) if "/A000" in each.entity)
    assert repr(SubmitApplication("", "", "", PROJECT)).count("Verzinsel") == 0
