"""Every rule on an association, as a table: what is filled in, and the field and sentence of the answer."""

from __future__ import annotations

from collections.abc import Callable
from inspect import isfunction
from typing import Any

import pytest

from app.errors import Refused
from app.register import rules
from app.register.commands import ChangeAssociation, RegisterAssociation
from app.register.prepare import UnknownAddress, prepare
from app.register.register import Tools
from tests.register.builders import GODELIEVE, MARCEL, TODAY, Document, Make
from tests.register.conftest import Office

Wanted = Callable[[Make], Document]


def problems_of(document: Document, tools: Tools) -> dict[str, str]:
    with pytest.raises(Refused) as refused:
        prepare(document, tools, TODAY)
    return {problem.path: problem.message for problem in refused.value.problems}


def supply(**values: Any) -> Wanted:
    return lambda make: make.minimal(**values)


def places(*wanted: dict[str, Any]) -> Wanted:
    return lambda make: make.minimal(locaties=[make.location(**each) for each in wanted])


ACCOUNT = {"iban": "BE68 5390 0754 7034"}
TABLE: list[tuple[str, Wanted, str, str]] = [
    ("a name of blanks", supply(naam="  "), "naam", "leeg"),
    ("a name with a tag", supply(naam="<b>Club</b>"), "naam", "niet toegestane tekens"),
    ("no type", supply(verenigingstype=None), "verenigingstype", "Kies"),
    ("a type from another list", lambda make: make.minimal(verenigingstype=make.concept("status", "Actief")),
     "verenigingstype", "Kies een verenigingstype uit de lijst."),
    ("an unknown field", supply(hobby="ja"), "hobby", "Dit veld kennen we niet."),
    ("a list where one is wanted", supply(korteNaam=["a", "b"]), "korteNaam", "geen lijst"),
    ("a KBO number with a wrong check", supply(kboNummer="0403.170.702"), "kboNummer", "controlegetal"),
    ("a start in the future", supply(startdatum="25/11/2026"), "startdatum", "De startdatum ligt in de toekomst."),
    ("an end in the future", supply(einddatum="25/11/2026"), "einddatum", "De einddatum ligt in de toekomst."),
    ("an end before the start", supply(startdatum="2020-01-02", einddatum="2020-01-01"), "startdatum",
     "De startdatum ligt na de einddatum."),
    ("a date that never was", supply(startdatum="31/02/2020"), "startdatum", "Deze datum bestaat niet."),
    ("ages the wrong way round", supply(doelgroep={"minimumleeftijd": 20, "maximumleeftijd": 10}),
     "doelgroep.minimumleeftijd", "minimum"),
    ("an age of 151", supply(doelgroep={"maximumleeftijd": 151}), "doelgroep.maximumleeftijd", "150"),
    ("four activities", lambda make: make.minimal(
        hoofdactiviteiten=[make.concept("hoofdactiviteit", each) for each in ("SPRT", "KECU", "JGDW", "WESE")]),
     "hoofdactiviteiten", "drie"),
    ("an activity twice", lambda make: make.minimal(hoofdactiviteiten=[make.concept("hoofdactiviteit", "SPRT")] * 2),
     "hoofdactiviteiten[1]", "Deze hoofdactiviteit staat er twee keer."),
    ("not applicable beside an area", lambda make: make.minimal(
        werkingsgebieden=[make.concept("werkingsgebied", each) for each in ("NVT", "BE23")]),
     "werkingsgebieden", "niet van toepassing"),
    ("an area from nowhere", supply(werkingsgebieden=["http://voorbeeld.be/maan"]), "werkingsgebieden[0]",
     "Kies een werkingsgebied uit de lijst."),
    ("a subtype of a vzw", lambda make: make.minimal(verenigingstype=make.concept("verenigingstype", "VZW"),
                                                     verenigingssubtype=make.concept("verenigingssubtype", "FV")),
     "verenigingssubtype", "zonder eigen rechtspersoonlijkheid"),
    ("an address without a street", places({"street": ""}), "locaties[0].adres.straatnaam", "Vul de straat in."),
    ("an address without a number", places({"number": ""}), "locaties[0].adres.huisnummer", "Vul het huisnummer in."),
    ("a postcode of letters", places({"postcode": "negen"}), "locaties[0].adres.postcode", "vier cijfers"),
    ("a postcode elsewhere", places({"postcode": "9880"}), "locaties[0].adres.gemeente", "horen niet bij elkaar"),
    ("two primary locations", places({"isPrimair": True}, {"number": "2", "isPrimair": True}), "locaties",
     "hoogstens één locatie als primair"),
    ("two addresses for letters", places({"kind": "Correspondentie"}, {"kind": "Correspondentie", "number": "2"}),
     "locaties", "hoogstens één correspondentieadres"),
    ("a location twice, written otherwise", places({"street": "Kérkstraat"}, {"street": "KERKSTRAAT."}),
     "locaties[1]", "Deze locatie staat er twee keer."),
    ("a location without a type", lambda make: make.minimal(locaties=[{**make.location(), "locatietype": None}]),
     "locaties[0].locatietype", "Kies"),
    ("a telephone twice, written otherwise",
     supply(contactgegevens=[{"telefoon": "09/210.10.10"}, {"telefoon": "+32 9 210 10 10"}]),
     "contactgegevens[1]", "Dit contactgegeven staat er twee keer."),
    ("an e-mail twice, in capitals",
     supply(contactgegevens=[{"email": "info@club.be"}, {"email": "Info@Club.be"}]),
     "contactgegevens[1]", "Dit contactgegeven staat er twee keer."),
    ("two primary e-mails",
     supply(contactgegevens=[{"email": "a@club.be", "isPrimair": True}, {"email": "b@club.be", "isPrimair": True}]),
     "contactgegevens", "hoogstens één e-mailadres als primair"),
    ("a contact with nothing in it", supply(contactgegevens=[{"beschrijving": "secretariaat"}]),
     "contactgegevens[0]", "precies één"),
    ("a contact with two values", supply(contactgegevens=[{"email": "a@club.be", "website": "club.be"}]),
     "contactgegevens[0]", "precies één"),
    ("no telephone number", supply(contactgegevens=[{"telefoon": "bel de voorzitter"}]),
     "contactgegevens[0].telefoon", "geen geldig telefoonnummer"),
    ("a description of 129 letters", supply(contactgegevens=[{"email": "a@club.be", "beschrijving": "x" * 129}]),
     "contactgegevens[0].beschrijving", "128"),
    ("a representative twice", supply(vertegenwoordigers=[GODELIEVE, {**MARCEL, "insz": GODELIEVE["insz"]}]),
     "vertegenwoordigers[1].insz", "Deze persoon staat al bij de vertegenwoordigers."),
    ("two primary representatives",
     supply(vertegenwoordigers=[{**GODELIEVE, "isPrimair": True}, {**MARCEL, "isPrimair": True}]),
     "vertegenwoordigers", "hoogstens één vertegenwoordiger als primair"),
    ("a representative without a number", supply(vertegenwoordigers=[{**GODELIEVE, "insz": None}]),
     "vertegenwoordigers[0].insz", "Vul"),
    ("a representative with a digit in the name", supply(vertegenwoordigers=[{**GODELIEVE, "achternaam": "V3"}]),
     "vertegenwoordigers[0].achternaam", "Een naam bevat geen cijfers."),
    ("a foreign account", supply(bankrekeningnummers=[{"iban": "NL91ABNA0417164300"}]),
     "bankrekeningnummers[0].iban", "Alleen een Belgisch rekeningnummer"),
    ("an account twice", supply(bankrekeningnummers=[ACCOUNT, {"iban": "BE68539007547034"}]),
     "bankrekeningnummers[1].iban", "Dit rekeningnummer staat er twee keer."),
    ("a membership that ends before it begins",
     supply(lidmaatschappen=[{"naam": "VLAMO", "van": "2020-01-02", "tot": "2020-01-01"}]),
     "lidmaatschappen[0].van", "na"),
    ("two memberships of one at once",
     supply(lidmaatschappen=[{"naam": "VLAMO", "tot": "2020-06-30"}, {"naam": "Vlamo", "van": "2020-06-30"}]),
     "lidmaatschappen[1]", "overlapt"),
    ("a membership of nothing", supply(lidmaatschappen=[{"beschrijving": "sinds lang"}]),
     "lidmaatschappen[0].naam", "Geef de vereniging of de naam"),
]  # fmt: skip


@pytest.mark.parametrize("wanted, path, sentence", [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_what_is_wrong_is_told_beside_its_field(
    make: Make, tools: Tools, wanted: Wanted, path: str, sentence: str
) -> None:
    told = problems_of(wanted(make), tools)
    assert sentence.lower() in told.get(path, "").lower(), told


def test_what_cannot_be_read_is_told_once_for_each_field(make: Make, tools: Tools) -> None:
    assert len(problems_of(make.minimal(naam="<i>x</i>", kboNummer="1"), tools)) == 2


GOOD: list[tuple[str, Wanted]] = [
    ("two memberships one after the other",
     supply(lidmaatschappen=[{"naam": "VLAMO", "tot": "2020-06-30"}, {"naam": "VLAMO", "van": "2020-07-01"}])),
    ("the same hall for post and activities", places({"kind": "Correspondentie"}, {"kind": "Activiteiten"})),
    ("the same e-mail for two purposes",
     supply(contactgegevens=[{"email": "a@club.be", "beschrijving": "jeugd"}, {"email": "a@club.be"}])),
    ("an address abroad", lambda make: make.minimal(locaties=[
        {**make.location(), "adres": {"straatnaam": "Dorpsstraat", "huisnummer": "1", "postcode": "4551 AB",
                                      "gemeente": "Sas van Gent", "land": "Nederland"}}])),
    ("an old municipality", places({"postcode": "9920", "gemeente": "Lovendegem"})),
    ("a primary e-mail and a primary telephone",
     supply(contactgegevens=[{"email": "a@club.be", "isPrimair": True}, {"telefoon": "092101010", "isPrimair": True}])),
    ("a home address of which only the municipality is known",
     lambda make: make.minimal(locaties=[{**make.location("", ""), "isThuisadres": True}])),
]  # fmt: skip


@pytest.mark.parametrize("wanted", [wanted for _, wanted in GOOD], ids=[name for name, _ in GOOD])
def test_what_is_right_passes(make: Make, tools: Tools, wanted: Wanted) -> None:
    prepare(wanted(make), tools, TODAY)


def test_only_an_unknown_address_is_for_somebody_to_decide(make: Make, tools: Tools) -> None:
    with pytest.raises(UnknownAddress):
        prepare(make.minimal(locaties=[make.location(gemeente="Nergenshuizen")]), tools, TODAY)
    with pytest.raises(Refused) as refused:
        prepare(make.minimal(naam="", locaties=[make.location(gemeente="Nergenshuizen")]), tools, TODAY)
    assert type(refused.value) is Refused


def test_a_membership_is_of_an_association_that_is_there(office: Office, make: Make) -> None:
    known = office.do(RegisterAssociation(make.minimal())).code
    member = make.minimal(naam="Onder Ons", lidmaatschappen=[{"andereVereniging": known}])
    office.do(RegisterAssociation(member))
    stranger = make.minimal(naam="Het Anker", lidmaatschappen=[{"andereVereniging": "V0009999"}])
    with pytest.raises(Refused) as refused:
        office.do(RegisterAssociation(stranger))
    assert refused.value.problems[0].path == "lidmaatschappen[0].andereVereniging"


def test_nobody_is_a_member_of_itself(office: Office, make: Make) -> None:
    code = office.do(RegisterAssociation(make.minimal())).code
    with pytest.raises(Refused) as refused:
        office.do(ChangeAssociation(code, {"lidmaatschappen": [{"andereVereniging": code}]}))
    assert refused.value.problems[0].message == "Een vereniging is geen lid van zichzelf."


def test_every_rule_is_in_use() -> None:
    functions = [each for each in vars(rules).values() if isfunction(each)]
    written = {each.__name__ for each in functions if each.__annotations__["return"] == "Iterator[Problem]"}
    assert len(written) > 10
    assert written == {rule.__name__ for rule in (*rules.RULES, *rules.CHANGE_RULES, *rules.AGENT_RULES)}
