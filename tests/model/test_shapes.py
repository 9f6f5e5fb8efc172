"""What is refused, at which field, and in which words."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import replace
from time import process_time
from typing import Any

import pytest

from app.errors import Problem
from app.model.documents import number_nodes, split, to_graph
from app.model.graph import Graph, parse_graph
from app.model.schema import EntityType, Schema
from app.model.shapes import Checker, check_personal, load_checker
from app.model.terms import SH
from tests.model.associations import (
    BRUSSELS,
    CITIZENS,
    CORRESPONDENCE,
    DIVERSITY,
    HEALTH,
    IRI,
    NEIGHBOURHOOD,
    NOT_APPLICABLE,
    TYPES,
    an_association,
)


def graph_of(document: dict[str, Any], type: EntityType) -> Graph:
    public, internal, _ = split(document, type)
    return to_graph(public, type, IRI) | to_graph(internal, type, IRI)


def changed(type: EntityType, path: str, value: Any) -> dict[str, Any]:
    """The association with one value changed, None to leave it out: `locaties.1.adres.postcode`."""
    document = deepcopy(an_association(type))
    *steps, last = path.split(".")
    place: Any = document
    for step in steps:
        place = place[int(step)] if step.isdecimal() else place[step]
    key: Any = int(last) if last.isdecimal() else last
    if value is None:
        del place[key]
    else:
        place[key] = value
    return number_nodes(document, type, IRI, an_association(type))


def problems(checker: Checker, document: dict[str, Any]) -> list[tuple[str, str]]:
    found = checker.check(graph_of(document, checker.type), IRI, document)
    return [(problem.path, problem.message) for problem in found]


HTML = "Deze waarde bevat tekens die niet toegelaten zijn: laat < en > weg."
ONE = "Geef precies één e-mailadres, telefoonnummer, website of sociaal medium."
AGES = "De minimumleeftijd is hoger dan de maximumleeftijd."
ALONE = "Kies ofwel werkingsgebieden, ofwel enkel: niet van toepassing."
WEB = "Een webadres begint met http:// of https:// en bevat een punt."
WHOSE = "Geef de vereniging of de naam van de koepel waarvan de vereniging lid is."
THREE = "Kies hoogstens drie hoofdactiviteiten."
ADDRESS = {"postcode": "9000", "gemeente": "Gent", "land": "België"}
ABROAD = {"straatnaam": "Rue", "huisnummer": "1", "postcode": "F-59000", "gemeente": "Lille", "land": "Frankrijk"}
RULES: list[tuple[str, Any, str, str | None]] = [
    # required
    ("naam", None, "naam", "Vul de naam in."),
    ("naam", " ", "naam", "Vul de naam in."),
    ("vCode", None, "vCode", "V-code ontbreekt."),
    ("status", None, "status", "Status ontbreekt."),
    ("locaties.0.locatietype", None, "locaties[0].locatietype", "Kies een locatietype."),
    ("locaties.0.adres", None, "locaties[0].adres", "Vul een adres in."),
    ("locaties.0.adres.postcode", None, "locaties[0].adres.postcode", "Vul de postcode in."),
    ("locaties.0.adres.gemeente", None, "locaties[0].adres.gemeente", "Vul de gemeente in."),
    ("locaties.0.adres.land", None, "locaties[0].adres.land", "Vul het land in."),
    # codes of identification
    ("vCode", "V0001000", "vCode", "V-code heeft niet de juiste vorm."),
    ("vCode", "0001001", "vCode", "V-code heeft niet de juiste vorm."),
    ("kboNummer", "123", "kboNummer", "Een KBO-nummer telt tien cijfers."),
    ("kboNummer", "0123456700", "kboNummer", None),
    # free text
    ("naam", "De <b>Harmonie</b>", "naam", HTML),
    ("korteNaam", "<>", "korteNaam", HTML),
    ("korteBeschrijving", "<script\n>", "korteBeschrijving", HTML),
    ("korteBeschrijving", "1 < 2", "korteBeschrijving", None),
    ("korteBeschrijving", "3 > 2", "korteBeschrijving", None),
    ("locaties.0.naam", "n" * 129, "locaties[0].naam", "Gebruik hoogstens 128 tekens."),
    ("locaties.0.naam", "n" * 128, "locaties[0].naam", None),
    ("contactgegevens.0.beschrijving", "n" * 129, "contactgegevens[0].beschrijving", "Gebruik hoogstens 128 tekens."),
    ("bankrekeningnummers.0.doel", "n" * 129, "bankrekeningnummers[0].doel", "Gebruik hoogstens 128 tekens."),
    ("vertegenwoordigers.0.rol", "<i>", "vertegenwoordigers[0].rol", HTML),
    # dates and numbers
    ("startdatum", "1 mei 1921", "startdatum", "Geef een geldige datum (jjjj-mm-dd)."),
    ("startdatum", "2025-02-29", "startdatum", "Geef een geldige datum (jjjj-mm-dd)."),
    ("startdatum", "2026-01-01", "startdatum", "De startdatum ligt na de einddatum."),
    ("startdatum", "2025-12-31", "startdatum", None),
    ("datumLaatsteAanpassing", "gisteren", "datumLaatsteAanpassing", "Geef een geldig tijdstip."),
    ("lidmaatschappen.0.van", "2021-01-01", "lidmaatschappen[0].van", "De begindatum ligt na de einddatum."),
    ("doelgroep.minimumleeftijd", -1, "doelgroep.minimumleeftijd", "Geef een getal van 0 of meer."),
    ("doelgroep.maximumleeftijd", 151, "doelgroep.maximumleeftijd", "Geef een getal van 150 of minder."),
    ("doelgroep.minimumleeftijd", 100, "doelgroep.minimumleeftijd", AGES),
    ("doelgroep.minimumleeftijd", 99, "doelgroep.minimumleeftijd", None),
    ("versie", 0, "versie", "Geef een getal van 1 of meer."),
    # concepts
    ("hoofdactiviteiten", ["http://a/b"], "hoofdactiviteiten[0]", "Kies een hoofdactiviteit uit de lijst."),
    ("hoofdactiviteiten", [CITIZENS, NEIGHBOURHOOD, DIVERSITY, HEALTH], "hoofdactiviteiten", THREE),
    ("hoofdactiviteiten", None, "hoofdactiviteiten", None),
    ("werkingsgebieden", [CITIZENS], "werkingsgebieden[0]", "Kies een werkingsgebied uit de lijst."),
    ("werkingsgebieden", [NOT_APPLICABLE, BRUSSELS], "werkingsgebieden", ALONE),
    ("werkingsgebieden", [NOT_APPLICABLE], "werkingsgebieden", None),
    ("gemeente", ["http://vocab.belgif.be/auth/refnis2025/99999"], "gemeente[0]", "Kies een gemeente uit de lijst."),
    ("verenigingstype", f"{TYPES}491b5a8d-844c-51af-ae48-2a32fb77f147", "verenigingssubtype",
     "Enkel een vereniging zonder eigen rechtspersoonlijkheid heeft een subtype."),
    # locations
    ("locaties.0.locatietype", CORRESPONDENCE, "locaties", "Geef hoogstens één correspondentieadres."),
    ("locaties.1.isPrimair", True, "locaties", "Duid hoogstens één locatie als primair aan."),
    ("locaties.0.adres", {**ADDRESS, "huisnummer": "1"},
     "locaties[0].adres.straatnaam", "Vul de straat in."),
    ("locaties.0.adres", {**ADDRESS, "straatnaam": "Verzonnenstraat"},
     "locaties[0].adres.huisnummer", "Vul het huisnummer in."),
    ("locaties.0.adres", {**ADDRESS, "verwijstNaar": "https://data.vlaanderen.be/id/adres/1"}, "", None),
    ("locaties.1.isThuisadres", False, "", None),
    ("locaties.0.adres.postcode", "900", "locaties[0].adres.postcode", "Een Belgische postcode telt vier cijfers."),
    ("locaties.0.adres", ABROAD, "", None),
    ("locaties.0.adres.verwijstNaar", "https://elders.be/1", "locaties[0].adres.verwijstNaar",
     "Geef een adres uit het Adressenregister: https://data.vlaanderen.be/id/adres/…"),
    # contact
    ("contactgegevens.0.email", "info@eendracht", "contactgegevens[0].email", "Dit is geen geldig e-mailadres."),
    ("contactgegevens.0.email", "INFO@Eendracht.BE", "contactgegevens[0].email", None),
    ("contactgegevens.0.email", "a..b@c.be", "contactgegevens[0].email", "Dit is geen geldig e-mailadres."),
    ("contactgegevens.2.telefoon", "bel mij", "contactgegevens[2].telefoon", "Dit is geen geldig telefoonnummer."),
    ("contactgegevens.2.telefoon", "(09) 12/34.56-7", "contactgegevens[2].telefoon", None),
    ("contactgegevens.3.website", "ftp://a.be", "contactgegevens[3].website", WEB),
    ("contactgegevens.4.socialMedia", "https://facebook", "contactgegevens[4].socialMedia", WEB),
    ("contactgegevens.0.telefoon", "091234567", "contactgegevens[0]", ONE),
    ("contactgegevens.0.email", None, "contactgegevens[0]", ONE),
    ("contactgegevens.2", {"email": "b@c.be", "isPrimair": True}, "contactgegevens",
     "Duid hoogstens één e-mailadres als primair aan."),
    ("contactgegevens.2", {"website": "https://b.be", "isPrimair": True}, "contactgegevens",
     "Duid hoogstens één website als primair aan."),
    ("contactgegevens.2", {"telefoon": "09", "isPrimair": True}, "contactgegevens", None),
    # memberships and keys
    ("lidmaatschappen.0", {"beschrijving": "lid"}, "lidmaatschappen[0].naam", WHOSE),
    ("sleutels.0.codeerSysteem", "ISBN", "sleutels[0].codeerSysteem", "Kies een van deze waarden: vCode, KBO nummer."),
    ("sleutels.0.gestructureerdeIdentificator.nummer", None, "sleutels[0].gestructureerdeIdentificator.nummer",
     "Nummer ontbreekt."),
]  # fmt: skip


@pytest.mark.parametrize("place, value, path, message", RULES, ids=[f"{row[0]} {row[2]} {row[3]}" for row in RULES])
def test_a_rule_speaks_at_its_field(
    checker: Checker, association: EntityType, place: str, value: Any, path: str, message: str | None
) -> None:
    expected = [(path, message)] if message else []
    assert problems(checker, changed(association, place, value)) == expected


def test_the_whole_association_breaks_no_rule_nor_does_what_the_public_sees_of_it(
    checker: Checker, association: EntityType
) -> None:
    assert problems(checker, an_association(association)) == []
    public, _, _ = split(an_association(association), association)
    assert checker.check(to_graph(public, association, IRI), IRI) == ()


def test_the_smallest_association_breaks_no_rule(checker: Checker, association: EntityType) -> None:
    whole = an_association(association)
    assert problems(checker, {t: whole[t] for t in ("@id", "vCode", "naam", "verenigingstype", "status")}) == []


TYPES_OF_TYPE = [(None, "Kies een verenigingstype."), (CITIZENS, "Kies een verenigingstype uit de lijst.")]


@pytest.mark.parametrize("value, message", TYPES_OF_TYPE)
def test_a_type_is_one_of_the_list(checker: Checker, association: EntityType, value: str | None, message: str) -> None:
    document = an_association(association, verenigingstype=value, verenigingssubtype=None)
    assert problems(checker, document) == [("verenigingstype", message)]


def test_two_primary_representatives_are_one_too_many(checker: Checker, association: EntityType) -> None:
    people = [{"insz": number, "isPrimair": True} for number in ("85073003328", "90010112345")]
    found = problems(checker, changed(association, "vertegenwoordigers", people))
    assert found == [("vertegenwoordigers", "Duid hoogstens één vertegenwoordiger als primair aan.")]


def test_problems_come_in_the_order_of_the_document(checker: Checker, association: EntityType) -> None:
    document = changed(association, "locaties.1.naam", "<b>")
    document["locaties"][0]["adres"]["postcode"] = "1"
    document |= {"naam": "", "contactgegevens": [{"@id": f"{IRI}#contact-6"}]}
    assert [path for path, _ in problems(checker, document)] == [
        "naam",
        "locaties[0].adres.postcode",
        "locaties[1].naam",
        "contactgegevens[0]",
    ]


def test_no_message_shows_the_value(checker: Checker, association: EntityType) -> None:
    found = problems(checker, an_association(association, naam="<geheim>", startdatum="geheim", kboNummer="geheim"))
    assert len(found) == 3
    assert "geheim" not in str(found)


ADVICE = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
<#advies> sh:targetClass <https://data.vlaanderen.be/ns/FeitelijkeVerenigingen#Vereniging> ; sh:property <#logo> .
<#logo> sh:path <http://xmlns.com/foaf/0.1/logo> ; sh:minCount 1 ; sh:severity sh:Warning ;
     sh:message "Geef een logo."@nl .
"""


def test_a_warning_is_no_problem(schema: Schema, association: EntityType) -> None:
    shapes = schema.shape_graphs["vereniging"] | parse_graph(ADVICE, base="http://a/")
    checker = load_checker(replace(schema, shape_graphs={"vereniging": shapes}), "vereniging")
    graph = graph_of(an_association(association), association)
    assert checker.check(graph, IRI) == ()


# --- Personal values --------------------------------------------------------------------------------------------------

NAME = "Vul de voornaam in: minstens één letter, geen cijfers."
PERSONAL: list[tuple[str, Any, str, str | None]] = [
    ("vertegenwoordigers.0.insz", None, "vertegenwoordigers[0].insz", "Vul een INSZ van elf cijfers in."),
    ("vertegenwoordigers.0.insz", "85.07.30", "vertegenwoordigers[0].insz", "Vul een INSZ van elf cijfers in."),
    ("vertegenwoordigers.0.voornaam", "", "vertegenwoordigers[0].voornaam", NAME),
    ("vertegenwoordigers.0.voornaam", "An 3", "vertegenwoordigers[0].voornaam", NAME),
    ("vertegenwoordigers.0.voornaam", "-", "vertegenwoordigers[0].voornaam", NAME),
    ("vertegenwoordigers.0.voornaam", "Zoë", "", None),
    ("vertegenwoordigers.0.voornaam", "José-Ángel", "", None),
    ("vertegenwoordigers.0.email", "an@", "vertegenwoordigers[0].email", "Dit is geen geldig e-mailadres."),
    ("vertegenwoordigers.0.telefoon", None, "", None),
    ("bankrekeningnummers.0.iban", "NL91ABNA0417164300", "bankrekeningnummers[0].iban",
     "Geef een Belgisch rekeningnummer (IBAN)."),
    ("bankrekeningnummers.0.iban", "BE68 5390 0754 7034", "", None),
    ("bankrekeningnummers.0.titularis", "n" * 513, "bankrekeningnummers[0].titularis", "Gebruik hoogstens 512 tekens."),
]  # fmt: skip


@pytest.mark.parametrize("place, value, path, message", PERSONAL, ids=[f"{row[0]} {row[3]}" for row in PERSONAL])
def test_a_personal_value_is_checked_in_the_document_alone(
    checker: Checker, association: EntityType, place: str, value: Any, path: str, message: str | None
) -> None:
    document = changed(association, place, value)
    assert check_personal(document, association) == ((Problem(path, message),) if message else ())
    assert problems(checker, document) == []


# --- Patterns ---------------------------------------------------------------------------------------------------------

ENDLESS = ["a" * 20_000, "a@" + "a" * 20_000, "a@" + "a-" * 10_000, "a@" + "a." * 10_000 + "1", "1 " * 10_000 + "x",
           "a" * 20_000 + "1", "<" * 20_000, "http://" + "." * 20_000, " " * 20_000, "a." * 10_000]  # fmt: skip


def test_no_pattern_is_slow_on_a_long_text(schema: Schema) -> None:
    shapes = schema.shape_graphs["vereniging"]
    patterns = {pattern.value for node in shapes.subjects() for pattern in shapes.objects(node, SH.pattern)}
    assert len(patterns) > 8
    start = process_time()
    for pattern in patterns:
        for text in ENDLESS:
            re.search(pattern, text, re.IGNORECASE)
    assert process_time() - start < 2
