"""Who is told of which change, and how much of it: never whose name, number or address changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import orjson
import pytest

from app.errors import Forbidden, LoketError, Refused, Unknown
from app.model.changes import differences
from app.register import agents
from app.register.agents import Agent
from app.register.commands import (
    ChangeAssociation,
    HideAssociation,
    RegisterAssociation,
    RemoveAssociation,
    ShowAssociation,
    StopAssociation,
)
from app.register.events import name_in
from app.register.register import Register, Tools
from app.register.telling.commands import ChangeSubscription, Subscribe, Unsubscribe
from app.register.telling.fan_out import fan_out
from app.register.telling.messages import Teller
from app.register.telling.occasions import field_occasions, load_occasions
from app.register.telling.recipients import Recipient, recipient_of
from app.register.telling.standing import compare, lost
from app.register.telling.subscribing import Offer, change, confirm, subscribe, unsubscribe
from app.store.authorisations import Authorisations
from app.store.deliveries import DROPPED, MESSAGE, TO_SEND, deliveries
from app.store.outbox import notices
from app.store.subscriptions import Subscription, subscription
from tests.register.builders import A_MANAGER, GENT, GODELIEVE, MARCEL, ROOT, TODAY, Make
from tests.register.conftest import Office

BRUGGE = Agent("https://verenigingen.voorbeeld.be/id/organisatie/brugge", "Stad Brugge", agents.MUNICIPALITY, "31005")
HERS = Agent(
    "https://verenigingen.voorbeeld.be/id/vereniging/V0001001",
    "De Harmonie",
    agents.ASSOCIATION,
    associations=frozenset({"V0001001"}),
)
UMBRELLA = Agent("https://koepel.voorbeeld.be", "Vlamo", agents.FEDERATION, federation="V0001001")


@dataclass
class Desk:
    """Subscribes people and looks at what they are told."""

    office: Office
    teller: Teller
    numbers: Iterator[int]

    @property
    def register(self) -> Register:
        return self.office.register

    @property
    def offer(self) -> Offer:
        fields = {key for key, _ in field_occasions(self.register.schema)}
        return Offer(frozenset({each.key for each in self.teller.occasions} | fields), self.mint)

    def ask(self, agent: Agent = GENT, scope: str = "gemeente/44021", *occasions: str, **told: Any) -> Subscription:
        command = Subscribe(scope, occasions or ("alles",), told.pop("channel", "webhook"), "https://crm.gent.be/in")
        return subscribe(replace(command, **told), agent, self.register, self.offer)

    def recipient(self, of: Subscription) -> Recipient:
        found = recipient_of(of, self.register)
        assert found is not None
        return found

    def mint(self) -> str:
        return f"a{next(self.numbers)}"

    def told(self, to: Subscription) -> list[dict[str, Any]]:
        """What a subscriber is told, oldest first."""
        while fan_out(self.register, self.teller):
            pass
        found = deliveries(self.register.log.database, [to.id], [TO_SEND], 100)
        return [orjson.loads(each.body) for each in reversed(found) if each.kind == MESSAGE]


@pytest.fixture
def desk(office: Office) -> Desk:
    register = office.register
    occasions = load_occasions(ROOT, register.schema)
    teller = Teller(register.schema, register.codelists, occasions, {GENT.iri: "Stad Gent"}.get)
    return Desk(office, teller, count(1))


@pytest.fixture
def code(office: Office, make: Make) -> str:
    """An association in Gent, with a representative and an account."""
    return office.do(
        RegisterAssociation(make.full(kboNummer="", verenigingstype=make.concept("verenigingstype", "VZER")))
    ).code


def changed(make: Make, **fields: Any) -> ChangeAssociation:
    return ChangeAssociation("V0001001", fields)


def test_a_message_says_when_who_why_and_which_fields(desk: Desk, code: str, make: Make) -> None:
    mine = desk.ask()
    desk.office.do(changed(make, naam="De Vrienden", korteNaam=""), reason="naam klopte niet")
    [message] = desk.told(mine)
    assert message["code"] == code and message["naam"] == "De Vrienden" and message["versie"] == 2
    assert message["door"] == "Stad Gent" and message["reden"] == "naam klopte niet"
    assert message["tijdstip"].startswith("2026-11-24T12:")
    assert message["samenvatting"] == "naam gewijzigd, korte naam weggehaald"
    naam = {"veld": "naam", "label": "Naam", "wat": "gewijzigd"}
    values = {"voor": "Koninklijke Harmonie De Ware Vrienden", "na": "De Vrienden"}
    assert message["velden"][0] == {**naam, **values}
    fields = ["veld:vereniging.korteNaam", "veld:vereniging.naam"]
    assert message["aanleidingen"] == ["alles", "soort:vereniging", *fields]


OTHER_ACCOUNT = [{"iban": "BE43068999999501", "titularis": "Godelieve Verzonnen"}]
# What happens, and the occasions of it besides those of single fields.
HAPPENS = [
    (lambda make: ChangeAssociation("V0001001", {"naam": "De Vrienden"}), {"alles"}),
    (lambda make: changed(make, vertegenwoordigers=[{**GODELIEVE, "rol": "voorzitter", "isPrimair": True}, MARCEL]),
     {"alles", "vertegenwoordiger"}),
    (lambda make: changed(make, bankrekeningnummers=OTHER_ACCOUNT), {"alles", "bankrekening"}),
    (lambda make: StopAssociation("V0001001", TODAY), {"alles", "stopzetting"}),
    (lambda make: RemoveAssociation("V0001001", "bestaat niet"), {"alles", "verwijdering"}),
    (lambda make: RemoveAssociation("V0001001", "dubbel", "V0001002"), {"alles", "samenvoeging"}),
    (lambda make: HideAssociation("V0001001"), {"alles", "zichtbaarheid"}),
    (lambda make: changed(make, lidmaatschappen=[{"naam": "Muziekraad"}]), {"alles", "lidmaatschap"}),
]  # fmt: skip


@pytest.mark.parametrize(("command", "occasions"), HAPPENS, ids=[str(sorted(each)[-1]) for _, each in HAPPENS])
def test_each_occasion_arises_when_it_should(
    desk: Desk, code: str, make: Make, command: Any, occasions: set[str]
) -> None:
    desk.office.do(RegisterAssociation(make.minimal(naam="Een andere")))
    mine = desk.ask()
    desk.office.do(command(make))
    [message] = desk.told(mine)
    assert {key for key in message["aanleidingen"] if ":" not in key} == occasions


def test_of_a_new_association_it_is_told_that_it_is_new(desk: Desk, make: Make) -> None:
    mine = desk.ask(GENT, "gemeente/44021", "nieuw")
    desk.office.do(RegisterAssociation(make.minimal(locaties=[make.location()])))
    desk.office.do(changed(make, korteNaam="DHK"))
    [message] = desk.told(mine)
    assert message["samenvatting"] == "in het register gekomen" and message["velden"] == []


def test_only_that_an_account_or_representative_changed_is_told_and_never_which(
    desk: Desk, code: str, make: Make
) -> None:
    mine = desk.ask()
    desk.office.do(changed(make, bankrekeningnummers=[{"iban": "BE68539007547034", "titularis": "Marcel Bedacht"}]))
    desk.office.do(changed(make, vertegenwoordigers=[{**GODELIEVE, "rol": "voorzitter", "telefoon": "09 210 10 11"}]))
    messages = desk.told(mine)
    assert [message["samenvatting"] for message in messages] == [
        "bankrekeningnummers gewijzigd", "vertegenwoordigers gewijzigd",
    ]  # fmt: skip
    told = orjson.dumps(messages).decode()
    assert not [
        value for value in ("Marcel", "Godelieve", "BE68", "210", "85") if value in told.replace("V0001001", "")
    ]


# Who, about what, is told of: a changed name, a changed account, a new association in Gent; all of it or what all see.
SEES = [
    (GENT, "gemeente/44021", 3),
    (GENT, "alle", 3),
    (GENT, "vereniging/V0001001", 2),
    (GENT, "gemeente/31005", 0),
    (BRUGGE, "gemeente/44021", 2),
    (BRUGGE, "alle", 2),
    (A_MANAGER, "alle", 3),
    (HERS, "vereniging/V0001001", 2),
    (UMBRELLA, "koepel/V0001001", 1),
]


@pytest.mark.parametrize(("agent", "scope", "messages"), SEES, ids=[f"{a.label} {s}" for a, s, _ in SEES])
def test_who_is_told_how_much(desk: Desk, code: str, make: Make, agent: Agent, scope: str, messages: int) -> None:
    mine = desk.ask(agent, scope)
    desk.office.do(changed(make, naam="De Vrienden"), reason="Jan vroeg het")
    desk.office.do(changed(make, bankrekeningnummers=OTHER_ACCOUNT))
    desk.office.do(RegisterAssociation(make.minimal(locaties=[make.location("Veldstraat")])))
    found = desk.told(mine)
    assert len(found) == messages
    knows = any("bankrekening" in message["aanleidingen"] for message in found)
    assert any("reden" in message for message in found) == knows


def test_a_federation_is_told_of_its_members(desk: Desk, code: str, make: Make) -> None:
    mine = desk.ask(UMBRELLA, "koepel/V0001001", "bankrekening", "nieuw")
    account = [{"iban": "BE43068999999501"}]
    member = make.minimal(naam="Fanfare Sint-Cecilia", lidmaatschappen=[{"andereVereniging": code}])
    desk.office.do(RegisterAssociation(member))
    desk.office.do(ChangeAssociation("V0001002", {"bankrekeningnummers": account}))
    desk.office.do(RegisterAssociation(make.minimal(naam="Petanqueclub De Boule")))
    desk.office.do(ChangeAssociation("V0001003", {"bankrekeningnummers": account}))
    assert [(each["code"], each["handeling"]) for each in desk.told(mine)] == [
        ("V0001002", "registratie"), ("V0001002", "wijziging"),
    ]  # fmt: skip


def test_what_nobody_may_see_is_told_to_who_may_know_only(desk: Desk, code: str, make: Make) -> None:
    theirs, ours = desk.ask(BRUGGE, "alle"), desk.ask(GENT, "alle")
    desk.office.do(HideAssociation(code))
    desk.office.do(changed(make, naam="Geheim Genootschap"))
    desk.office.do(ShowAssociation(code))
    assert [each["handeling"] for each in desk.told(ours)] == ["verbergen", "wijziging", "tonen"]
    seen = desk.told(theirs)
    assert [(each["handeling"], each["naam"]) for each in seen] == [
        ("verbergen", "Koninklijke Harmonie De Ware Vrienden"), ("tonen", "Geheim Genootschap"),
    ]  # fmt: skip


def test_one_field_can_be_asked_for(desk: Desk, code: str, make: Make) -> None:
    mine = desk.ask(GENT, "alle", "veld:vereniging.doelgroep")
    desk.office.do(changed(make, naam="De Vrienden"))
    desk.office.do(changed(make, doelgroep={"minimumleeftijd": 12}))
    [message] = desk.told(mine)
    assert message["velden"] == [
        {"veld": "doelgroep", "label": "Doelgroep", "wat": "gewijzigd",
         "onderdelen": ["Minimumleeftijd", "Maximumleeftijd"]},
    ]  # fmt: skip


def test_what_happened_before_is_not_told(desk: Desk, code: str) -> None:
    assert desk.told(desk.ask()) == []


def test_an_address_by_e_mail_counts_once_it_agreed(desk: Desk, code: str, make: Make) -> None:
    mine = desk.ask(channel="e-mail", address="Lieve@Gent.be")
    desk.office.do(changed(make, naam="De Vrienden"))
    assert desk.told(mine) == []
    token = desk.recipient(mine).confirming
    with pytest.raises(Unknown):
        confirm(mine.id, token[:-1] + "x", desk.register)
    confirm(mine.id, token, desk.register)
    desk.office.do(changed(make, naam="De Kameraden"))
    assert [each["naam"] for each in desk.told(mine)] == ["De Kameraden"]


def test_who_stops_is_told_no_more_and_the_address_is_forgotten(desk: Desk, code: str, make: Make) -> None:
    mine = desk.ask()
    desk.office.do(changed(make, naam="De Vrienden"))
    assert len(desk.told(mine)) == 1
    token = desk.recipient(mine).stopping
    unsubscribe(Unsubscribe(mine.id, token), None, desk.register)
    unsubscribe(Unsubscribe(mine.id, token), None, desk.register)
    desk.office.do(changed(make, naam="De Kameraden"))
    assert desk.told(mine) == [] and recipient_of(mine, desk.register) is None
    assert [each.state for each in deliveries(desk.register.log.database, [mine.id], [DROPPED], 10)] == [DROPPED]


def test_changing_what_is_told(desk: Desk, code: str, make: Make) -> None:
    mine = desk.ask()
    change(ChangeSubscription(mine.id, ("stopzetting",), "dagelijks"), GENT, desk.register, desk.offer)
    desk.office.do(changed(make, naam="De Vrienden"))
    desk.office.do(StopAssociation(code, TODAY))
    assert [each["handeling"] for each in desk.told(mine)] == ["wijziging"]
    [waiting] = deliveries(desk.register.log.database, [mine.id], [TO_SEND], 10)
    assert waiting.due == "2026-11-25T06:00:00.000000Z"


@pytest.mark.parametrize("agent", [BRUGGE, UMBRELLA, replace(GENT, role="bezoeker"), HERS])
def test_a_stranger_cannot_touch_it(desk: Desk, code: str, agent: Agent) -> None:
    mine = desk.ask()
    with pytest.raises((Unknown, Forbidden)):
        unsubscribe(Unsubscribe(mine.id), agent, desk.register)
    kept = subscription(desk.register.log.database, mine.id)
    assert kept is not None and kept.is_active


WRONG = [
    ({"scope": "gemeente/99999"}, "waarover"),
    ({"scope": "vereniging/V0009999"}, "waarover"),
    ({"scope": "overal"}, "waarover"),
    ({"occasions": ()}, "aanleidingen"),
    ({"occasions": ("veld:vereniging.insz",)}, "aanleidingen"),
    ({"channel": "fax"}, "adres"),
    ({"channel": "e-mail", "address": "lieve"}, "adres"),
    ({"address": "ftp://crm.gent.be"}, "adres"),
    ({"address": "http://crm.gent.be"}, "adres"),
    ({"address": "https://jan:geheim@crm.gent.be"}, "adres"),
    ({"rhythm": "soms"}, "ritme"),
]


@pytest.mark.parametrize(("told", "path"), WRONG)
def test_a_wrong_subscription_is_refused_by_field(desk: Desk, told: dict[str, Any], path: str) -> None:
    command = replace(Subscribe("alle", ("alles",), "webhook", "https://crm.gent.be/in"), **told)
    with pytest.raises(Refused) as refused:
        subscribe(command, GENT, desk.register, desk.offer)
    assert [problem.path for problem in refused.value.problems] == [path]


def test_a_representative_asks_about_the_own_association_only(desk: Desk, code: str, make: Make) -> None:
    desk.office.do(RegisterAssociation(make.minimal(naam="Een andere")))
    for scope in ("alle", "vereniging/V0001002", "gemeente/44021"):
        with pytest.raises(LoketError):
            desk.ask(HERS, scope)


def test_the_address_stands_in_no_table_but_the_vault(desk: Desk, code: str, tmp_path: Any) -> None:
    mine = desk.ask(channel="e-mail", address="lieve.clerk@gent.be")
    desk.ask(channel="webhook", address="https://crm.gent.be/geheim-pad")
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert mine.id.encode() in written
    assert b"lieve.clerk" not in written and b"geheim-pad" not in written and b"whsec" not in written


def test_nothing_stays_in_the_outbox(desk: Desk, code: str) -> None:
    assert notices(desk.register.log.database, 10)
    desk.told(desk.ask())
    assert notices(desk.register.log.database, 10) == []


def test_a_name_in_several_languages_is_told_in_plain_dutch(tools: Tools) -> None:
    product = tools.schema.entity_types["product"]
    names = {"nl-be-x-informal": "Vraag je zaal", "nl": "Een zaal vragen", "en": "Ask for a hall"}
    assert name_in({"naam": names}, product) == "Een zaal vragen"
    changed_name = differences({"naam": names}, {"naam": {**names, "nl": "Zaal huren"}}, product)
    assert [(one.label, one.what, one.after) for one in changed_name] == [("Titel", "gewijzigd", None)]


VENDOR = Agent(
    "https://data.vlaanderen.be/id/organisatie/0428315871", "Softwarehuis", agents.VENDOR, "44021", account="client"
)


def test_a_vendor_is_told_no_more_than_everybody_once_the_municipality_withdrew(
    desk: Desk, code: str, make: Make
) -> None:
    given = Authorisations(desk.register.log.database, desk.register.clock)
    given.give("0428315871", "Softwarehuis", "44021", "een bediende")
    mine = desk.ask(VENDOR, "gemeente/44021", "bankrekening")
    desk.office.do(changed(make, bankrekeningnummers=OTHER_ACCOUNT))
    assert len(desk.told(mine)) == 1 and lost(mine, desk.register) == ""
    given.withdraw(given.of_vendor("0428315871")[0].id, "44021", "een bediende")
    desk.office.do(changed(make, bankrekeningnummers=[]))
    assert len(desk.told(mine)) == 1 and "machtiging" in lost(mine, desk.register)
    given.give("0428315871", "Softwarehuis", "44021", "een bediende")
    assert lost(mine, desk.register) == ""


def test_a_representative_is_told_all_as_long_as_they_are_one(desk: Desk, code: str, make: Make) -> None:
    insz = desk.register.log.vault.blind("85010100115").hex()
    mine = desk.ask(replace(HERS, person=insz), "vereniging/V0001001", "bankrekening", "vertegenwoordiger")
    desk.office.do(changed(make, bankrekeningnummers=OTHER_ACCOUNT))
    assert len(desk.told(mine)) == 1
    desk.office.do(changed(make, vertegenwoordigers=[{**MARCEL, "isPrimair": True}]))
    desk.office.do(changed(make, bankrekeningnummers=[]))
    assert len(desk.told(mine)) == 1 and "vertegenwoordiger" in lost(mine, desk.register)
    assert insz not in repr(mine)


def test_who_logs_in_without_the_role_is_told_no_more_than_everybody(desk: Desk, code: str, make: Make) -> None:
    clerk = replace(GENT, account="lieve")
    mine, of_colleague = desk.ask(clerk), desk.ask(replace(GENT, account="jan"))
    elsewhere = replace(BRUGGE, account="lieve")

    def lost_after(bodies: set[str], *capacities: Agent) -> list[bool]:
        compare("lieve", bodies, capacities, desk.register)
        kept = (subscription(desk.register.log.database, one.id) for one in (mine, of_colleague))
        return [bool(lost(one, desk.register)) for one in kept if one]

    assert lost_after({GENT.iri}, clerk) == [False, False]
    assert lost_after({BRUGGE.iri}, elsewhere) == [False, False], "who comes for another body shows nothing of this one"
    assert lost_after({GENT.iri}) == [True, False]
    desk.office.do(changed(make, bankrekeningnummers=OTHER_ACCOUNT))
    assert (desk.told(mine), len(desk.told(of_colleague))) == ([], 1)
    assert lost_after({GENT.iri}, replace(clerk, role=agents.DPO)) == [True, False]
    assert lost_after({GENT.iri}, clerk) == [False, False]
