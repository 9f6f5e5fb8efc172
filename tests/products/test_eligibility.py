"""Whether an association can get a product: a table of conditions, associations and answers with their reason."""

from __future__ import annotations

from datetime import date
from time import perf_counter
from typing import Any

import pytest

from app.register.products.criteria import START
from app.register.products.eligibility import DECIDE, NO, UNKNOWN, YES, eligibility
from app.register.profile import Facts, profile_of
from app.register.register import Tools
from tests.products.builders import CATALOGUE, GHENT

TODAY = date(2026, 11, 26)
NUTS = "http://data.europa.eu/nuts/code/"
GHENT_AREA, EAST_FLANDERS, AALST_AREA = f"{NUTS}BE23444021", f"{NUTS}BE23", f"{NUTS}BE23141002"
FOR_ASSOCIATIONS = f"{CATALOGUE}Doelgroep/Vereniging"
RECOGNITION = "https://verenigingen.voorbeeld.be/id/product/P0001001"
PRODUCTS = {
    RECOGNITION: {"naam": {"nl": "Erkenning als jeugdvereniging"}, "aangemaaktDoor": GHENT, "productnummer": "77"},
    "https://verenigingen.voorbeeld.be/id/product/P0001002": {"naam": {"nl": "Uitleenkaart"}, "aangemaaktDoor": GHENT},
}
CARD = "https://verenigingen.voorbeeld.be/id/product/P0001002"


@pytest.fixture(scope="module")
def facts(tools: Tools) -> Facts:
    return Facts(tools.codelists, PRODUCTS.get)


def concept(tools: Tools, scheme: str, name: str) -> str:
    found = tools.codelists.find(scheme, name)
    assert found is not None, name
    return found.iri


def association(tools: Tools, **wanted: Any) -> dict[str, Any]:
    """A youth club in Ghent, from 6 to 18 years, recognised by the city since this year."""
    return {
        "gemeente": [concept(tools, "gemeente", "Gent")],
        "werkingsgebieden": [concept(tools, "werkingsgebied", "Gent")],
        "hoofdactiviteiten": [concept(tools, "hoofdactiviteit", "Jeugdwerk")],
        "doelgroep": {"minimumleeftijd": 6, "maximumleeftijd": 18},
        "verenigingstype": concept(tools, "verenigingstype", "VZW"),
        "startdatum": "2020-12-01",
        "erkenningen": [recognised(tools, "Actief")],
        **wanted,
    }


def recognised(tools: Tools, status: str) -> dict[str, Any]:
    return {
        "toegekendDoor": "https://data.vlaanderen.be/id/organisatie/OVO002067",
        "ipdcProduct": {"nummer": "77"},
        "status": concept(tools, "erkenningsstatus", status),
    }


def criterion(kind: str, *values: str, **bounds: int) -> dict[str, Any]:
    return {"soort": START + kind, **({"waarden": list(values)} if values else {}), **bounds}


def one(kind: str, *values: str, **bounds: int) -> dict[str, Any]:
    return {"voorwaarden": [{"naam": {"nl": "Voorwaarde"}, "criteria": [criterion(kind, *values, **bounds)]}]}


# product, what is different about the association, answer, part of the reason
CASES: list[tuple[dict[str, Any], dict[str, Any], str, str]] = [
    ({}, {}, YES, ""),
    ({"doelgroepen": [FOR_ASSOCIATIONS]}, {}, YES, ""),
    ({"doelgroepen": [f"{CATALOGUE}Doelgroep/Burger"]}, {}, NO, "niet voor verenigingen"),
    ({"startDienstVerlening": "2027-01-05T00:00:00Z"}, {}, NO, "vanaf 5/1/2027"),
    ({"eindeDienstVerlening": "2026-11-25T00:00:00Z"}, {}, NO, "tot en met 25/11/2026"),
    ({"eindeDienstVerlening": "2026-11-26T00:00:00Z"}, {}, YES, ""),
    ({"geografischToepassingsgebieden": [GHENT_AREA]}, {}, YES, "Werkt in Gent"),
    ({"geografischToepassingsgebieden": [AALST_AREA]}, {}, NO, "geldt in Aalst"),
    ({"geografischToepassingsgebieden": [EAST_FLANDERS]}, {}, YES, "Oost-Vlaanderen"),
    (
        {"geografischToepassingsgebieden": [GHENT_AREA]},
        {"gemeente": [], "werkingsgebieden": []},
        UNKNOWN,
        "weten niet waar",
    ),
    (one("erkend-door", GHENT), {}, YES, "Erkend door Gemeente Gent"),
    (one("erkend-door", GHENT), {"erkenningen": []}, NO, "Niet erkend door Gemeente Gent"),
    (one("erkend-door", GHENT), {"erkenningen": "Geschorst"}, NO, "geschorst"),
    (one("erkend-door", GHENT), {"erkenningen": "Verlopen"}, NO, "Niet erkend"),
    (one("zetel-in", EAST_FLANDERS), {}, YES, "Heeft een locatie in"),
    (one("zetel-in", AALST_AREA), {}, NO, "geen locatie in Aalst"),
    (one("zetel-in", AALST_AREA), {"gemeente": []}, UNKNOWN, "geen adres"),
    (one("actief-in", AALST_AREA, GHENT_AREA), {}, YES, "Aalst of Gent"),
    (one("hoofdactiviteit", "Jeugdwerk"), {}, YES, "Hoofdactiviteit Jeugdwerk"),
    (one("hoofdactiviteit", "Sport"), {}, NO, "Enkel voor de hoofdactiviteit Sport"),
    (one("hoofdactiviteit", "Sport"), {"hoofdactiviteiten": []}, UNKNOWN, "niet ingevuld"),
    (one("leeftijdsgroep", maximum=30), {}, YES, "0 tot en met 30 jaar"),
    (one("leeftijdsgroep", minimum=60), {}, NO, "niet tot mensen vanaf 60"),
    (one("leeftijdsgroep", maximum=12), {}, UNKNOWN, "ook tot andere leeftijden"),
    (one("leeftijdsgroep", maximum=30), {"doelgroep": {}}, UNKNOWN, "leeftijden zijn niet ingevuld"),
    (one("aantal-leden", minimum=20), {}, UNKNOWN, "minstens 20 leden"),
    (one("rechtsvorm", "VZW"), {}, YES, "Rechtsvorm"),
    (one("rechtsvorm", "VZER"), {}, NO, "Enkel voor deze rechtsvorm"),
    (one("bestaat-jaren", minimum=5), {}, YES, "Bestaat 5 jaar"),
    (one("bestaat-jaren", minimum=5), {"startdatum": "2021-11-27"}, NO, "Bestaat 4 jaar"),
    (one("bestaat-jaren", minimum=2), {"startdatum": None}, UNKNOWN, "startdatum"),
    (one("lid-van", f"{RECOGNITION}x"), {}, UNKNOWN, "geen lidmaatschap"),
    (one("heeft-product", RECOGNITION), {}, YES, "Erkenning als jeugdvereniging"),
    ({"vereist": [RECOGNITION]}, {"erkenningen": []}, NO, "nog niet"),
    ({"vereist": [CARD]}, {}, UNKNOWN, "eerst is nodig „Uitleenkaart”"),
    ({"activiteiten": ["Sport"]}, {}, NO, "Enkel voor de hoofdactiviteit"),
    ({"voorwaarden": [{"naam": {"nl": "Goede reden"}}]}, {}, UNKNOWN, "Zelf na te gaan: Goede reden"),
    (one("iets-anders"), {}, UNKNOWN, "niet berekenen"),
]
NAMED = {
    "Jeugdwerk": "hoofdactiviteit",
    "Sport": "hoofdactiviteit",
    "VZW": "verenigingstype",
    "VZER": "verenigingstype",
}


def resolved(value: Any, tools: Tools) -> Any:
    """Concepts by name, as a table can be read."""
    if isinstance(value, dict):
        return {term: resolved(item, tools) for term, item in value.items()}
    if isinstance(value, list):
        return [resolved(item, tools) for item in value]
    return concept(tools, NAMED[value], value) if value in NAMED else value


@pytest.mark.parametrize("product, different, answer, reason", CASES, ids=[f"{row[2]} {row[3]}" for row in CASES])
def test_the_answer_and_its_reason(
    tools: Tools, facts: Facts, product: dict[str, Any], different: dict[str, Any], answer: str, reason: str
) -> None:
    if isinstance(different.get("erkenningen"), str):
        different = {"erkenningen": [recognised(tools, different["erkenningen"])]}
    profile = profile_of(association(tools, **different), tools.codelists)
    verdict = eligibility(resolved(product, tools), profile, facts, TODAY)
    assert verdict.answer == answer, verdict
    assert reason in " ".join(each.text for each in verdict.reasons)


def test_every_kind_of_condition_in_the_code_list_can_be_decided(tools: Tools) -> None:
    assert {concept.notation for concept in tools.codelists.concepts("criteriumsoort")} == set(DECIDE)


def test_one_no_decides_and_a_reason_says_which_condition_it_is_about(tools: Tools, facts: Facts) -> None:
    product = {
        "voorwaarden": [
            {"naam": {"nl": "A"}},
            {"naam": {"nl": "B"}, "criteria": [criterion("erkend-door", GHENT), criterion("zetel-in", AALST_AREA)]},
        ]
    }
    verdict = eligibility(product, profile_of(association(tools), tools.codelists), facts, TODAY)
    assert verdict.answer == NO
    assert [reason.path for reason in verdict.reasons if reason.answer == NO] == ["voorwaarden[1].criteria[1]"]


def test_thousands_of_products_are_weighed_at_once(tools: Tools, facts: Facts) -> None:
    products = [resolved(row[0], tools) for row in CASES] * 132
    profile = profile_of(association(tools), tools.codelists)
    start = perf_counter()
    answers = [eligibility(product, profile, facts, TODAY).answer for product in products]
    taken = perf_counter() - start
    assert len(answers) > 5000 and {YES, NO, UNKNOWN} == set(answers)
    print(f"{len(answers) / taken:.0f} answers/s")
