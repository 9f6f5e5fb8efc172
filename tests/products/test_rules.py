"""What a product may and may not say: one row for each rule, with the field beside which the sentence stands."""

from __future__ import annotations

from typing import Any

import pytest

from app.errors import Forbidden, Refused
from app.register.agents import MUNICIPALITY, Agent
from app.register.commands import Change, Create
from app.register.handle import handle
from app.register.register import Register
from tests.products.builders import CATALOGUE, CONCEPT, GHENT, SNAPSHOT, UNITS, add, add_concept, full, minimal, read
from tests.register.builders import A_MANAGER, BASE, GENT

PART: dict[str, Any] = {"naam": {"nl": "Deel"}, "beschrijving": {"nl": "Uitleg"}}
AN_INACTIVE_UNIT = f"{UNITS}9b93ff5308590c7d03c97c3b892910f912e695ad45c82465934996fb04dac859"
EXECUTING = "UitvoerendBestuursniveau"

# what is supplied, field, part of the sentence
REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"naam": None}, "naam", "Er is geen Nederlandse tekst|Vul de titel in"),
    ({"beschrijving": None}, "beschrijving", "Vul de beschrijving in"),
    ({"naam": {"nl": "Nu", "de": "Jetzt"}}, "naam", "De taal de kan hier niet"),
    ({"naam": {"nl": "Nu", "nl-be-x-informal": "Nu"}}, "naam", "dezelfde aanspreekvorm"),
    (
        {"kosten": [{"naam": {"nl-be-x-formal": "Kost"}, "beschrijving": {"nl": "x"}}]},
        "kosten[0].naam",
        "aanspreekvorm",
    ),
    ({"naam": {"nl": "Nu", "en": "Now"}}, "beschrijving", "en ontbreekt hier"),
    ({"zoektermen": {"en": ["party"]}}, "zoektermen", "enkel in het Nederlands"),
    ({"voorwaarden": [{"naam": {"nl": "Lid zijn"}}]}, "voorwaarden[0].beschrijving", "Vul de beschrijving in"),
    ({"kosten": [{**PART, "order": 1}, {**PART, "order": 1}]}, "kosten[1].order", "al ingenomen"),
    ({"websites": [{"naam": {"nl": "Site"}}]}, "websites[0].url", "webadres"),
    ({"websites": [{"naam": {"nl": "Site"}, "url": "ftp://voorbeeld.be"}]}, "websites[0].url", "geen geldig webadres"),
    ({"contactgegevens": [{"email": "iemand"}]}, "contactgegevens[0].email", "geen geldig e-mailadres"),
    ({"contactgegevens": [{"telefoonnummer": "12"}]}, "contactgegevens[0].telefoonnummer", "telefoonnummer"),
    (
        {"contactgegevens": [{"openingstijden": [{"dagen": ["ma"], "opent": "17u", "sluit": "9u"}]}]},
        "contactgegevens[0].openingstijden[0].opent",
        "niet voor het sluitingsuur",
    ),
    ({"doelgroepen": ["Iedereen"]}, "doelgroepen[0]", "staat niet in de lijst"),
    ({"doelgroepen": [f"{CATALOGUE}Doelgroep/Draak"]}, "doelgroepen[0]", "Kies een doelgroep"),
    ({"doelgroepen": ["Burger", "burgers"]}, "doelgroepen[1]", "twee keer"),
    ({"publicatiekanalen": ["Your Europe"]}, "yourEuropeCategorieen", "Kies een categorie"),
    (
        {"startDienstVerlening": "2026-02-01", "eindeDienstVerlening": "2026-01-01"},
        "startDienstVerlening",
        "na het einde",
    ),
    ({"bevoegdeOverheden": [f"{UNITS}000000000000"]}, "bevoegdeOverheden[0]", "kennen we niet"),
    ({"bevoegdeOverheden": [AN_INACTIVE_UNIT]}, "bevoegdeOverheden[0]", "niet meer actief"),
    ({"bevoegdeOverheden": ["https://iets.voorbeeld.be/1"]}, "bevoegdeOverheden[0]", "Kies een organisatie"),
    (
        {"geografischToepassingsgebieden": ["http://data.europa.eu/nuts/code/BE23444040"]},
        "geografischToepassingsgebieden[0]",
        "bestaat niet meer",
    ),
    (
        {"geografischToepassingsgebieden": ["http://data.europa.eu/nuts/code/BE234"]},
        "geografischToepassingsgebieden[0]",
        "Kies een gebied",
    ),
    ({"bevoegdBestuursniveaus": ["Vlaams"]}, "bevoegdBestuursniveaus", "passen niet bij elkaar"),
    ({"uitvoerendBestuursniveaus": ["Vlaams"]}, "uitvoerendBestuursniveaus", "eigen bestuursniveau"),
    ({"linkedConcept": CONCEPT}, "linkedConcept", "kennen we niet"),
    ({"vereist": [f"{BASE}/id/product/P0009999"]}, "vereist[0]", "staat niet in het register"),
    (
        {"voorwaarden": [{**PART, "criteria": [{"soort": "erkend-door"}]}]},
        "voorwaarden[0].criteria[0].waarden",
        "Geef waarden",
    ),
    (
        {"voorwaarden": [{**PART, "criteria": [{"soort": "aantal-leden", "minimum": 9, "maximum": 3}]}]},
        "voorwaarden[0].criteria[0].minimum",
        "groter dan het maximum",
    ),
    ({"verantwoordelijken": [{"rol": "baas", "dienst": "sport"}]}, "verantwoordelijken[0].rol", "niet in de lijst"),
    ({"taalvariant": "nl-be"}, "taalvariant", "Kies nl"),
]


@pytest.mark.parametrize("supplied, path, sentence", REFUSED, ids=[f"{row[1]} {row[2]}" for row in REFUSED])
def test_what_is_refused(register: Register, supplied: dict[str, Any], path: str, sentence: str) -> None:
    import re

    if "taalvariant" in supplied:
        supplied = {**supplied, "naam": {"en": "x"}, "beschrijving": {"en": "x"}}
    with pytest.raises(Refused) as error:
        add(register, minimal(**supplied))
    found = {problem.path: problem.message for problem in error.value.problems}
    assert path in found, found
    assert re.search(sentence, found[path]), found


ALLOWED: list[dict[str, Any]] = [
    {},
    {"uitvoerendBestuursniveaus": ["Derden"]},
    {"bevoegdBestuursniveaus": ["Vlaams", "Lokaal"]},
    {
        "bevoegdeOverheden": ["https://data.vlaanderen.be/id/organisatie/OVO123456"],
        "bevoegdBestuursniveaus": ["Vlaams"],
    },
    {"naam": {"nl-be-x-informal": "Jouw steun"}, "beschrijving": {"nl-be-x-informal": "<p>Je krijgt.</p>"}},
    {"geografischToepassingsgebieden": ["Vlaams Gewest"]},
    # The official shape says one, the official change log of 4 July 2024 says many: the change log is followed.
    {"voorwaarden": [PART, PART], "procedures": [PART, {"naam": {"nl": "2"}, "beschrijving": {"nl": "2"}}]},
    {"publicatiekanalen": ["Your Europe"], "yourEuropeCategorieen": ["A1"]},
]


@pytest.mark.parametrize("supplied", ALLOWED, ids=[str(sorted(row)) for row in ALLOWED])
def test_what_is_allowed(register: Register, supplied: dict[str, Any]) -> None:
    assert add(register, minimal(**supplied)) == "P0001001"


def test_what_is_not_said_follows_from_who_brings_it_in(register: Register) -> None:
    document = read(register, add(register, minimal()))
    assert document["aangemaaktDoor"] == GHENT
    assert document["bevoegdeOverheden"] == [GHENT]
    assert document["geografischToepassingsgebieden"] == ["http://data.europa.eu/nuts/code/BE23444021"]
    assert document["status"].endswith("instance-status/verzonden")
    assert (document["taalvariant"], document["code"], document["versie"]) == ("nl", "P0001001", 1)


def test_every_field_that_people_fill_in_is_kept(register: Register) -> None:
    document = read(register, add(register, full()))
    assert not full().keys() - document.keys()
    contact = document["contactgegevens"][0]
    assert contact["telefoonnummer"] == "+3292101010"
    assert contact["openingstijden"][0]["opent"] == "09:00:00"
    assert contact["adres"]["land"] == {"nl": "België"}
    assert document["voorwaarden"][0]["criteria"][0]["waarden"] == [GHENT]
    assert document["procedures"][0]["websites"][0]["url"] == "https://loket.voorbeeld.be/aanvraag"


def test_internal_information_is_in_no_public_bytes(register: Register) -> None:
    version = register.log.latest(f"{BASE}/id/product/{add(register, full())}")
    assert version is not None and version.public is not None
    for secret in (b"Wie belt terug", b"jeugdconsulent", b"2027-01-15", b"interneInfo"):
        assert secret not in version.public
        assert secret in version.internal


def test_a_product_stands_in_the_views_of_its_area_its_owner_and_its_audiences(register: Register) -> None:
    aalst = "http://data.europa.eu/nuts/code/BE23141002"
    code = add(register, minimal(doelgroepen=["Vereniging", "Burger"], geografischToepassingsgebieden=[aalst]))
    views = {"gemeente/44021", "gemeente/41002", "doelgroep/burger", "doelgroep/vereniging"}
    assert set(register.log.feeds()) == {"producten", *(f"producten/{view}" for view in views)}
    handle(Change("product", code, {"doelgroepen": ["Burger"]}), GENT, register)
    assert [each.operation for each in register.log.members("producten/doelgroep/vereniging", 1, 9)] == [
        "create",
        "delete",
    ]


def test_a_product_of_another_municipality_is_not_mine(register: Register) -> None:
    code = add(register, minimal())
    aalst = Agent(f"{BASE}/id/organisatie/aalst", "Stad Aalst", MUNICIPALITY, "41002")
    with pytest.raises(Forbidden):
        handle(Change("product", code, {"zoektermen": {"nl": ["x"]}}), aalst, register)
    with pytest.raises(Forbidden):
        handle(Create("product", minimal(aangemaaktDoor=GHENT)), aalst, register)


def test_what_is_archived_is_shown_to_nobody(register: Register) -> None:
    code = add(register, minimal())
    handle(Change("product", code, {"gearchiveerd": True}), A_MANAGER, register)
    version = register.log.latest(f"{BASE}/id/product/{code}")
    assert version is not None and version.public is None
    assert register.log.members("producten", 1, 9)[-1].operation == "delete"


def test_a_linked_product_bears_the_number_and_the_snapshot_of_its_concept(register: Register) -> None:
    add_concept(register)
    document = read(register, add(register, minimal(linkedConcept=CONCEPT)))
    assert (document["productnummer"], document["conceptSnapshot"]) == ("1502", SNAPSHOT.format(1))
    handle(Change("product", document["code"], {"linkedConcept": None}), GENT, register)
    assert "conceptSnapshot" not in read(register, document["code"])


def test_parts_keep_their_iri_while_their_text_or_place_changes(register: Register) -> None:
    first, second = ({"naam": {"nl": name}, "beschrijving": {"nl": name}} for name in ("Eén", "Twee"))
    code = add(register, minimal(kosten=[first, second]))
    one, two = read(register, code)["kosten"]
    handle(Change("product", code, {"kosten": [{**second, "order": 0}, {**first, "order": 1}]}), GENT, register)
    assert [part["@id"] for part in read(register, code)["kosten"]] == [two["@id"], one["@id"]]


def test_markup_that_could_act_is_taken_out(register: Register) -> None:
    code = add(
        register, minimal(beschrijving={"nl": "<p>Dag<script>kwaad()</script> <a href='javascript:x'>hier</a></p>"})
    )
    assert read(register, code)["beschrijving"] == {"nl": "<p>Dag <a>hier</a></p>"}
