"""Who may what: the table is the specification. Not what is written in it twice, but what people would say of it."""

from __future__ import annotations

import ast
import typing
from dataclasses import is_dataclass, replace
from importlib import import_module
from pathlib import Path

import pytest

from app.errors import Forbidden
from app.register import agents
from app.register.agents import Agent
from app.register.commands import (
    ChangeAssociation,
    HideAssociation,
    RegisterAssociation,
    RemoveAssociation,
    StopAssociation,
)
from app.register.handle import HANDLERS
from app.register.register import Register, Tools
from app.register.rights import NEVER, SCOPES, Rights, Subject
from app.register.subjects import subject_of
from tests.register.builders import BASE, GENT, ROOT, THE_KBO, TODAY, Make
from tests.register.conftest import Office

FEDERATION = "V0009001"
OWN = Subject("V0001001", "44021", frozenset({"44021", "44084"}), frozenset({FEDERATION}), GENT.iri)
OTHER = Subject("V0001002", "41002", frozenset({"41002"}), frozenset({"V0009002"}), f"{BASE}/id/organisatie/aalst")
WHO = {
    role: Agent(GENT.iri if role == agents.MUNICIPALITY else f"{BASE}/id/{role}", role, role, purpose="dienstverlening")
    for role in agents.ROLES
} | {
    agents.MUNICIPALITY: replace(GENT, purpose="dienstverlening"),
    agents.VENDOR: Agent(f"{BASE}/id/leverancier", "Leverancier", agents.VENDOR, "44021", on_behalf_of=GENT.iri,
                         purpose="dienstverlening"),
    agents.ASSOCIATION: Agent(f"{BASE}/id/vereniging/V0001001", "Harmonie", agents.ASSOCIATION,
                              associations=frozenset({"V0001001"})),
    agents.FEDERATION: Agent(f"{BASE}/id/federatie", "Koepel", agents.FEDERATION, federation=FEDERATION),
}  # fmt: skip

# Each cell: with one's own, with another's. Columns are those of ROLES.
ROLES = ("bezoeker", "vereniging", "gemeente", "leverancier", "federatie", "beheerder", "dpo", "kbo", "systeem")
YES, NO, OWN_ONLY = (True, True), (False, False), (True, False)
Y, n, o = YES, NO, OWN_ONLY
TABLE = {
    #                     bez ver gem lev fed beh dpo kbo sys
    "RegisterAssociation": (n, n, o, o, o, Y, n, Y, Y),
    "ChangeAssociation":   (n, o, o, o, o, Y, n, Y, Y),
    "StopAssociation":     (n, n, o, o, n, Y, n, Y, Y),
    "RemoveAssociation":   (n, n, o, o, n, Y, n, n, Y),
    "ShowAssociation":     (n, o, o, o, n, Y, n, n, Y),
    "HideAssociation":     (n, o, o, o, n, Y, n, n, Y),
    "ReadPublic":          (n, n, n, n, n, n, n, n, n),  # neither of the two is public
    "ReadInternal":        (n, o, o, o, o, Y, Y, n, n),
    "ReadPersonalData":    (n, o, o, o, n, Y, n, n, Y),
    "SeeOwnAccesses":      (n, o, o, o, n, Y, Y, n, Y),
    "SeeAccesses":         (n, n, n, n, n, n, Y, n, Y),
    "ExtractPersonalData": (n, n, n, n, n, n, Y, n, Y),
    "ErasePersonalData":   (n, n, n, n, n, n, Y, n, Y),
    "RegisterRecognition": (n, n, o, o, n, Y, n, n, Y),
    "ChangeRecognition":   (n, n, Y, Y, n, Y, n, n, Y),  # of any association: whose the recognition is, decides
    "SuspendRecognition":  (n, n, Y, Y, n, Y, n, n, Y),
    "LiftSuspension":      (n, n, Y, Y, n, Y, n, n, Y),
    "WithdrawRecognition": (n, n, Y, Y, n, Y, n, n, Y),
    "SettleRecognitions":  (n, n, n, n, n, n, n, n, Y),
    "MarkDuplicate":       (n, n, o, o, n, Y, n, n, Y),
    "MergeAssociations":   (n, n, o, o, n, Y, n, n, Y),
    "UndoDuplicate":       (n, n, o, o, n, Y, n, n, Y),
    "Create":              (n, n, o, o, n, Y, n, n, Y),
    "Change":              (n, n, o, o, n, Y, n, n, Y),
    "Archive":             (n, n, o, o, n, Y, n, n, Y),
    "SubmitDraft":         (n, n, o, o, n, n, n, n, n),
    "ReturnDraft":         (n, n, o, o, n, n, n, n, n),
    "SignDraft":           (n, n, o, n, n, n, n, n, n),  # a vendor prepares; the administration signs itself
    "PublishDecision":     (n, n, o, o, n, n, n, n, n),
    "CorrectDecision":     (n, n, o, o, n, n, n, n, n),
    "WithdrawDecision":    (n, n, o, n, n, n, n, n, n),
    "SubmitApplication":   (n, o, n, n, n, n, n, n, n),
    "CompleteDossier":     (n, o, n, n, n, n, n, n, n),
    "WithdrawApplication": (n, o, n, n, n, n, n, n, n),
    "WriteMessage":        (n, o, o, o, n, n, n, n, n),
    "ReadDossier":         (n, o, o, o, n, n, n, n, n),
    "KeepDocuments":       (n, o, n, n, n, n, n, n, n),
    "TakeUpDossier":       (n, n, o, o, n, n, n, n, n),
    "MoveDossier":         (n, n, o, o, n, n, n, n, n),
    "DraftDecision":       (n, n, o, o, n, n, n, n, n),
    "ReportStatus":        (n, n, o, o, n, n, n, n, n),
    "FollowDossiers":      (n, n, o, o, n, Y, n, n, n),
    "DecideReferral":      (n, n, o, o, n, Y, n, n, n),
    "HarvestDecisions":    (n, n, o, o, n, Y, n, n, n),
    "Subscribe":           (n, o, o, o, o, Y, Y, n, Y),
    "ChangeSubscription":  (n, o, o, o, o, Y, Y, n, Y),
    "Unsubscribe":         (n, o, o, o, o, Y, Y, n, Y),
    "Authorise":           (n, n, o, n, n, n, n, n, n),
    "Operate":             (n, n, n, n, n, Y, n, n, n),
    "SeeChores":           (n, n, n, n, n, Y, Y, n, n),
}  # fmt: skip
CELLS = [(action, role, cell) for action, row in TABLE.items() for role, cell in zip(ROLES, row, strict=True)]


@pytest.fixture(scope="module")
def rights(tools: Tools) -> Rights:
    return Rights(tools.schema.permissions)


@pytest.mark.parametrize(("action", "role", "cell"), CELLS)
def test_who_may_do_what_with_whose(rights: Rights, action: str, role: str, cell: tuple[bool, bool]) -> None:
    found = tuple(rights.may(WHO[role], action, subject) for subject in (OWN, OTHER))
    assert found == cell


@pytest.mark.parametrize("role", agents.ROLES)
def test_everybody_reads_what_is_public(rights: Rights, role: str) -> None:
    assert rights.may(WHO[role], "ReadPublic", replace(OTHER, public=True))


def test_every_command_is_in_the_table_and_somebody_may_give_it(rights: Rights) -> None:
    files = (ROOT / "app/register").rglob("*commands.py")
    rooms = {import_module(".".join(file.relative_to(ROOT).with_suffix("").parts)) for file in files}
    assert len(rooms) > 5
    made = ((room, name, one) for room in rooms for name, one in vars(room).items())
    names = {name for room, name, one in made if is_dataclass(one) and one.__module__ == room.__name__} - {"Outcome"}
    assert {command.__name__ for command in HANDLERS} <= names
    assert names <= set(rights.table.actions)
    assert names <= {row.action for row in rights.table.rows}


def test_the_table_speaks_of_the_roles_and_scopes_that_the_program_knows(rights: Rights) -> None:
    assert tuple(rights.table.roles) == agents.ROLES
    assert set(rights.table.scopes) == set(SCOPES)


def test_every_row_and_word_can_be_read_by_people(rights: Rights) -> None:
    for named in (rights.table.roles, rights.table.actions, rights.table.scopes):
        assert all(one.label for one in named.values())
    assert all(scope.what.endswith(".") for scope in rights.table.scopes.values())


def test_every_action_that_is_asked_for_is_in_the_table(rights: Rights) -> None:
    """`may(agent, "Operat")` would be no for ever, and nobody would know why."""
    asked = {name for path in (ROOT / "app").rglob("*.py") for name in actions_asked_for(path)}
    assert asked <= set(rights.table.actions)


REASONS = [
    ("federatie", "StopAssociation", OWN, "Met de rol federatie kunt u dit niet: verenigingen stopzetten."),
    ("gemeente", "ChangeAssociation", OTHER, "Dit is enkel mogelijk voor verenigingen met hun voornaamste locatie"),
    ("vereniging", "ChangeAssociation", OTHER, "Dit is enkel mogelijk voor de vereniging die u vertegenwoordigt."),
    ("federatie", "ChangeAssociation", OTHER, "Dit is enkel mogelijk voor verenigingen die volgens het register lid"),
    ("beheerder", "Verzonnen", OWN, NEVER),
    ("verzonnen", "StopAssociation", OWN, NEVER),
]


@pytest.mark.parametrize(("role", "action", "subject", "reason"), REASONS)
def test_a_no_says_why(rights: Rights, role: str, action: str, subject: Subject, reason: str) -> None:
    agent = WHO.get(role) or Agent("x", "x", role)
    verdict = rights.decide(agent, action, subject)
    assert not verdict.allowed
    assert verdict.reason.startswith(reason)


@pytest.mark.parametrize("role", ["gemeente", "leverancier", "beheerder"])
def test_personal_values_need_a_stated_purpose(rights: Rights, role: str) -> None:
    verdict = rights.decide(replace(WHO[role], purpose=""), "ReadPersonalData", OWN)
    assert (verdict.allowed, "Zeg waarvoor" in verdict.reason) == (False, True)


def test_an_association_reads_its_own_without_saying_why(rights: Rights) -> None:
    assert rights.may(WHO["vereniging"], "ReadPersonalData", OWN)


@pytest.mark.parametrize(
    ("subject", "allowed"),
    [
        (Subject(home="44084", sites=frozenset({"44084"})), False),
        (Subject(home="44084", sites=frozenset({"44084", "44021"})), True),
        (Subject(), True),
    ],
)
def test_a_municipality_registers_what_is_active_there_or_has_no_address(
    rights: Rights, subject: Subject, allowed: bool
) -> None:
    assert rights.may(GENT, RegisterAssociation, subject) is allowed


def test_a_body_of_several_municipalities_covers_each(rights: Rights) -> None:
    agent = Agent("x", "Intergemeentelijk", agents.MUNICIPALITY, territory=frozenset({"44021", "41002"}))
    assert rights.may(agent, ChangeAssociation, OWN)
    assert rights.may(agent, ChangeAssociation, OTHER)


# --- As the register itself applies it -------------------------------------------------------------------------------

AALST = Agent(f"{BASE}/id/organisatie/aalst", "Stad Aalst", agents.MUNICIPALITY, "41002")


def test_another_municipality_changes_nothing(office: Office, make: Make) -> None:
    code = office.do(RegisterAssociation(make.minimal(locaties=[make.location()]))).code
    head = office.log.head()
    for command in (
        ChangeAssociation(code, {"naam": "Gekaapt"}),
        StopAssociation(code, TODAY),
        HideAssociation(code),
        RemoveAssociation(code, "weg"),
    ):
        with pytest.raises(Forbidden):
            office.do(command, AALST)
    assert office.log.head() == head


def test_the_primary_location_decides(office: Office, make: Make) -> None:
    there = make.location("Grote Markt", "1", postcode="9300", gemeente="Aalst", isPrimair=True)
    code = office.do(RegisterAssociation(make.minimal(locaties=[make.location(), there]))).code
    with pytest.raises(Forbidden):
        office.do(ChangeAssociation(code, {"korteNaam": "DHK"}), GENT)
    office.do(ChangeAssociation(code, {"korteNaam": "DHK"}), AALST)


def test_an_association_that_moves_goes_to_the_other_municipality(office: Office, make: Make) -> None:
    code = office.do(RegisterAssociation(make.minimal(locaties=[make.location()]))).code
    there = make.location("Grote Markt", "1", postcode="9300", gemeente="Aalst")
    office.do(ChangeAssociation(code, {"locaties": [there]}), GENT)
    with pytest.raises(Forbidden):
        office.do(ChangeAssociation(code, {"korteNaam": "DHK"}), GENT)
    office.do(ChangeAssociation(code, {"korteNaam": "DHK"}), AALST)


def test_without_an_address_it_stays_with_who_brought_it_in(office: Office, make: Make) -> None:
    code = office.do(RegisterAssociation(make.minimal())).code
    office.do(ChangeAssociation(code, {"korteNaam": "DHK"}), THE_KBO)
    with pytest.raises(Forbidden):
        office.do(ChangeAssociation(code, {"korteNaam": "DK"}), AALST)
    office.do(ChangeAssociation(code, {"korteNaam": "DK"}), GENT)


def test_a_federation_reaches_its_members_while_they_are(office: Office, make: Make, register: Register) -> None:
    koepel = office.do(RegisterAssociation(make.minimal(naam="Koepel van Klokkenluiders"))).code
    agent = Agent(f"{BASE}/id/vereniging/{koepel}", "Koepel", agents.FEDERATION, federation=koepel)
    member = {"andereVereniging": koepel, "van": "2020-01-01"}
    code = office.do(RegisterAssociation(make.minimal(lidmaatschappen=[member])), agent).code
    office.do(ChangeAssociation(code, {"korteNaam": "DHK"}), agent)
    office.do(ChangeAssociation(code, {"lidmaatschappen": [{**member, "tot": "2021-01-01"}]}), agent)
    with pytest.raises(Forbidden):
        office.do(ChangeAssociation(code, {"korteNaam": "DK"}), agent)
    with pytest.raises(Forbidden):
        office.do(RegisterAssociation(make.minimal(naam="Geen lid")), agent)


def test_a_hidden_and_a_stopped_association_keep_their_home(office: Office, make: Make, register: Register) -> None:
    code = office.do(RegisterAssociation(make.minimal(locaties=[make.location()]))).code
    office.do(HideAssociation(code))
    office.do(StopAssociation(code, TODAY))
    subject = subject_of(register.log, register.tools.type.iri(code), TODAY)
    assert subject is not None
    assert subject.home == "44021"


def test_of_what_is_gone_nobody_learns_whose_it_was(office: Office, make: Make, register: Register) -> None:
    code = office.do(RegisterAssociation(make.minimal())).code
    office.do(RemoveAssociation(code, "vergissing"))
    assert subject_of(register.log, register.tools.type.iri(code), TODAY) is None


def actions_asked_for(path: Path) -> typing.Iterator[str]:
    """The words in calls such as `rights.check(agent, "ReadInternal", …)` and `Room(…, action="Subscribe")`."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        values = node.args[1:2] if name in ("check", "may", "decide") and "rights" in ast.unparse(node.func) else []
        values += [keyword.value for keyword in node.keywords if keyword.arg == "action" and name == "Room"]
        yield from (value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str))


@pytest.mark.parametrize("action", TABLE)
def test_with_what_is_not_there_only_who_may_all_does_anything(rights: Rights, action: str) -> None:
    """What was removed a moment ago is nobody's: its rights must not be those of anything at all."""
    for role, (own, other) in zip(ROLES, TABLE[action], strict=True):
        assert rights.may(WHO[role], action, None) <= (own and other), role
