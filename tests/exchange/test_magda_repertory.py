"""The repertory of MAGDA: whom we follow is enrolled, whom we follow no more leaves; no number stands in the open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.exchange.magda.faults import FAULTS
from app.exchange.magda.repertory import ENROL, LEAVE, Repertory
from app.exchange.magda.soap import SOAP, read_xml, text_of
from app.exchange.stubs.magda import MagdaStub, StubAnswer, number_beginning
from app.register.commands import ChangeAssociation, RegisterAssociation
from app.register.handle import handle
from app.register.register import Register
from app.store import inscriptions
from app.store.inscriptions import ENROLLED, ENTERPRISE, PERSON, TO_ENROL, TO_LEAVE
from tests.exchange.neighbours import KNOWN, Outside
from tests.register.builders import A_MANAGER, GODELIEVE, MARCEL, THE_KBO, Make, make_log, make_register, make_tools

TOOLS = make_tools()
MAKE = Make(TOOLS.codelists)
GODELIEVES = "85010100115"


class World:
    """A register, MAGDA, and the repertory between them."""

    def __init__(self, folder: Path) -> None:
        self.log = make_log(folder)
        self.stub = MagdaStub(KNOWN)
        self.outside = Outside(magda=self.stub.answer)
        self.register: Register = replace(make_register(TOOLS, self.log), clock=self.outside.clock)
        self.repertory = Repertory(self.outside.to_magda(), self.register, lambda: 1.0)

    def agree(self) -> None:
        """What a night does, and the telling that follows."""
        while self.repertory.reconcile():
            pass
        while self.repertory.work():
            pass

    def states(self) -> dict[str, list[str]]:
        with self.log.database.reading() as connection:
            return {
                register: sorted(one.state for one in inscriptions.known(connection, register).values())
                for register in (ENTERPRISE, PERSON)
            }


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.log.close()


def associate(world: World, *people: dict[str, str]) -> str:
    document = MAKE.minimal(vertegenwoordigers=list(people))
    return handle(RegisterAssociation(document), A_MANAGER, world.register).code


def enterprise(world: World, number: str) -> str:
    kind = MAKE.concept("verenigingstype", "VZW")
    document = {"naam": f"Vzw {number}", "verenigingstype": kind, "kboNummer": number}
    return handle(RegisterAssociation(document), THE_KBO, world.register).code


def test_whom_the_register_follows_is_enrolled_once_and_in_the_words_of_magda(world: World) -> None:
    associate(world, GODELIEVE)
    enterprise(world, "0403170701")
    world.agree()
    assert world.stub.enrolled == {GODELIEVES, "0403170701"}
    assert world.states() == {ENTERPRISE: [ENROLLED], PERSON: [ENROLLED]}
    first = len(world.outside.bodies)
    world.agree()
    assert len(world.outside.bodies) == first == 2
    person = next(body for body in world.outside.bodies if GODELIEVES.encode() in body)
    service = ENROL[PERSON]
    path = f"{{{SOAP}}}Body/{{{service.namespace}}}{service.name}/Verzoek/Vragen/Vraag/Inhoud/Inschrijving"
    told = read_xml(person).find(path)
    assert [text_of(told, name) for name in ("Identificatie", "Hoedanigheid", "INSZ", "Periode/Begin")] == [
        "voorbeeld.be/loket", "6001", GODELIEVES, "2026-11-24",
    ]  # fmt: skip


def test_who_leaves_the_association_leaves_the_repertory_and_the_vault(world: World) -> None:
    code = associate(world, GODELIEVE, MARCEL)
    world.agree()
    people = [{**MARCEL}]
    handle(ChangeAssociation(code, {"vertegenwoordigers": people}), A_MANAGER, world.register)
    world.agree()
    assert GODELIEVES not in world.stub.enrolled
    assert len(world.stub.enrolled) == 1
    kept = [entity for entity in world.log.vault.entities() if "/inschrijving/" in entity]
    assert len(kept) == 1


def test_who_comes_back_before_magda_heard_that_they_left_stays(world: World) -> None:
    code = associate(world, GODELIEVE)
    world.agree()
    handle(ChangeAssociation(code, {"vertegenwoordigers": [MARCEL]}), A_MANAGER, world.register)
    world.repertory.reconcile()
    assert world.states()[PERSON] == [TO_ENROL, TO_LEAVE]
    handle(ChangeAssociation(code, {"vertegenwoordigers": [GODELIEVE]}), A_MANAGER, world.register)
    world.agree()
    assert world.states()[PERSON] == [ENROLLED]
    assert world.stub.enrolled == {GODELIEVES}


@pytest.mark.parametrize("prefix", ["09990001", "09990002", "09990003", "09990004", "09990005", "09990008", "09990010"])
def test_a_fault_of_magda_postpones_and_is_told_in_words(world: World, prefix: str) -> None:
    enterprise(world, number_beginning(prefix))
    world.repertory.reconcile()
    assert world.repertory.work() == 1
    [one] = inscriptions.due(world.log.database, "9999", 10)
    assert (one.state, one.attempts) == (TO_ENROL, 1)
    assert one.detail.endswith(".")
    assert world.repertory.work() == 0
    world.outside.magda = MagdaStub(KNOWN).answer
    world.outside.now += timedelta(days=2)
    world.repertory = Repertory(
        replace(world.repertory.magda, line=world.outside.line("MAGDA", lambda *_: accepted())), world.register,
        lambda: 1.0,
    )  # fmt: skip
    assert world.repertory.work() == 1
    assert world.states()[ENTERPRISE] == [ENROLLED]


def accepted() -> StubAnswer:
    body = (
        f'<s:Envelope xmlns:s="{SOAP}"><s:Body><Repliek><Antwoorden><Antwoord><Inhoud><Resultaat>1</Resultaat></Inhoud>'
        "</Antwoord></Antwoorden></Repliek></s:Body></s:Envelope>"
    )
    return StubAnswer(body=body.encode())


def test_an_answer_that_does_not_confirm_is_no_confirmation(world: World) -> None:
    associate(world, GODELIEVE)
    refusing = StubAnswer(body=accepted().body.replace(b">1<", b">0<"))
    line = world.outside.line("MAGDA", lambda *_: refusing)
    repertory = Repertory(replace(world.repertory.magda, line=line), world.register, lambda: 1.0)
    repertory.reconcile()
    repertory.work()
    assert world.states()[PERSON] == [TO_ENROL]


def test_a_person_is_enrolled_before_the_national_register_is_asked(world: World) -> None:
    associate(world, GODELIEVE)
    world.repertory.enrol_person(GODELIEVES, "https://x/1")
    world.repertory.enrol_person(GODELIEVES, "https://x/1")
    assert (world.stub.enrolled, len(world.outside.bodies)) == ({GODELIEVES}, 1)
    world.agree()
    assert len(world.outside.bodies) == 1


def test_killed_after_magda_took_it_the_same_is_told_again(world: World) -> None:
    associate(world, GODELIEVE)
    world.repertory.reconcile()
    [one] = inscriptions.due(world.log.database, "9999", 10)
    world.repertory._ask(ENROL[PERSON], _content(world), "")
    world.agree()
    assert (world.stub.enrolled, world.states()[PERSON]) == ({GODELIEVES}, [ENROLLED])
    assert one.number == ""


def _content(world: World) -> object:
    from app.exchange.magda.repertory import enrolment

    return enrolment(PERSON, GODELIEVES, world.repertory.magda.sender, "2026-11-24")


def test_the_log_of_calls_says_which_fault_it_was_and_for_what_purpose(world: World) -> None:
    enterprise(world, number_beginning("09990010"))
    world.repertory.reconcile()
    world.repertory.work()
    assert {(tried.outcome, tried.purpose) for tried in world.outside.tried} == {(FAULTS["60009"], "techniek")}


def test_the_services_are_the_four_of_the_repertory() -> None:
    paths = {service.path for service in (*ENROL.values(), *LEAVE.values())}
    assert "/RegistreerInschrijvingDienst-02.01/soap/WebService" in paths
    assert "/RegistreerUitschrijvingDienst-02.00/soap/WebService" in paths
    assert ENROL[PERSON].namespace.endswith("registreerinschrijvingdienst-02_00.repertorium-02_00.vip.vlaanderen.be")
