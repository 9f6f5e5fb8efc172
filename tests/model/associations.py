"""A lifelike association with every field filled in; all people, numbers and addresses are invented."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

from app.model.documents import number_nodes
from app.model.schema import EntityType, Schema, load_schema

ROOT = Path(__file__).parents[2]
BASE = "https://verenigingen.voorbeeld.be"
IRI = f"{BASE}/id/vereniging/V0001001"
VL = "https://w3id.org/verenigingsloket#"
LBLOD = "http://lblod.data.gift/concepts/"
TYPES = "http://data.vlaanderen.be/id/conceptscheme/VerenigingClassificatieCode/"
AREAS = "http://data.vlaanderen.be/id/concept/werkingsgebied/"
ACTIVITIES = "http://data.lblod.info/id/concept/activiteit/"
NOT_APPLICABLE = f"{AREAS}684fc714-104f-5968-a329-64ae3a1f0cfc"
BRUSSELS = f"{AREAS}28c8d5f0-0699-5891-a7c1-973ce494ce15"
CITIZENS = f"{ACTIVITIES}bc030c29-7f70-5e60-828c-dbc6d7a85535"
NEIGHBOURHOOD = f"{ACTIVITIES}68023564-66df-5717-beb8-d974fc7da114"
DIVERSITY = f"{ACTIVITIES}1e562652-7c0c-5db6-bfcd-c6d195b9c784"
HEALTH = f"{ACTIVITIES}08abc36c-2ac4-5efc-844c-17686bf327c2"
ACTIVITY_SITE = f"{LBLOD}aaeba47c-13a4-5cae-9bc0-3dd8a20ee9c7"
CORRESPONDENCE = f"{LBLOD}f72b1da1-7a65-5546-bbfd-ad32f1942d69"
GHENT = "http://vocab.belgif.be/auth/refnis2025/44021"

GHENT_UNIT = (
    "http://data.lblod.info/id/bestuurseenheden/353234a365664e581db5c2f7cc07add2534b47b8e1ab87c821fc6e6365e6bef5"
)

_DOCUMENT: dict[str, Any] = {
    "vCode": "V0001001",
    "naam": "Koninklijke Harmonie De Eendracht",
    "korteNaam": "De Eendracht",
    "korteBeschrijving": "Muziek voor jong & oud, sinds 1921.",
    "startdatum": "1921-05-01",
    "einddatum": "2025-12-31",
    "verenigingstype": f"{VL}verenigingstype-VZER",
    "verenigingssubtype": f"{TYPES}27955b23-50a0-527d-a474-cb929caaae1c",
    "status": f"{LBLOD}63cc561de9188d64ba5840a42ae8f0d6",
    "kboNummer": "0123456749",
    "doelgroep": {"minimumleeftijd": 6, "maximumleeftijd": 99},
    "hoofdactiviteiten": [CITIZENS, NEIGHBOURHOOD, DIVERSITY],
    "werkingsgebieden": [BRUSSELS],
    "gemeente": [GHENT],
    "locaties": [
        {
            "locatietype": ACTIVITY_SITE,
            "isPrimair": True,
            "naam": "Zaal De Kring",
            "isThuisadres": False,
            "adres": {
                "straatnaam": "Verzonnenstraat",
                "huisnummer": "12",
                "busnummer": "A",
                "postcode": "9000",
                "gemeente": "Gent",
                "land": "België",
                "adresvoorstelling": "Verzonnenstraat 12 bus A, 9000 Gent, België",
                "verwijstNaar": "https://data.vlaanderen.be/id/adres/999999999",
            },
        },
        {
            "locatietype": CORRESPONDENCE,
            "isPrimair": False,
            "isThuisadres": True,
            "adres": {
                "straatnaam": "Bedachtlaan",
                "huisnummer": "3",
                "postcode": "9050",
                "gemeente": "Gentbrugge (Gent)",
                "land": "België",
                "adresvoorstelling": "Bedachtlaan 3, 9050 Gentbrugge (Gent), België",
            },
        },
    ],
    "contactgegevens": [
        {"email": "info@eendracht.voorbeeld.be", "beschrijving": "Algemeen", "isPrimair": True, "isPersoonlijk": False},
        {"email": "an.voorbeeld@eendracht.voorbeeld.be", "isPrimair": False, "isPersoonlijk": True},
        {"telefoon": "+3291234567", "isPrimair": False},
        {"website": "https://eendracht.voorbeeld.be", "isPrimair": True},
        {"socialMedia": "https://www.facebook.com/eendracht.voorbeeld", "isPrimair": False},
    ],
    "sleutels": [
        {"codeerSysteem": "vCode", "gestructureerdeIdentificator": {"nummer": "V0001001"}},
        {"codeerSysteem": "KBO nummer", "gestructureerdeIdentificator": {"nummer": "0123456749"}},
    ],
    "lidmaatschappen": [
        {
            "naam": "Verbond van Verzonnen Harmonieën",
            "identificatie": "VVH-17",
            "beschrijving": "Gewone lid",
            "van": "1950-01-01",
            "tot": "2020-12-31",
        },
        {"andereVereniging": f"{BASE}/id/vereniging/V0001002"},
    ],
    "erkenningen": [
        {
            "ipdcProduct": {"nummer": "1500", "naam": "Erkenning van jeugdverenigingen"},
            "toegekendDoor": GHENT_UNIT,
            "naamToekenner": "Gemeente Gent",
            "geldigheidsperiode": {"startdatum": "2024-01-01", "einddatum": "2029-12-31"},
            "status": f"{VL}erkenningsstatus-Geschorst",
            "redenSchorsing": "Het werkingsverslag ontbreekt.",
            "hernieuwingsdatum": "2029-09-01",
            "hernieuwingsUrl": "https://gent.voorbeeld.be/erkenning",
            "besluit": "https://besluiten.voorbeeld.be/id/besluit/1",
        }
    ],
    "inStopzetting": False,
    "vertegenwoordigers": [
        {
            "insz": "85073003328",
            "voornaam": "An",
            "achternaam": "Voorbeeld",
            "email": "an@thuis.voorbeeld.be",
            "telefoon": "+32471234567",
            "mobiel": "+32470111111",
            "roepnaam": "Anneke",
            "socialMedia": "https://social.voorbeeld.be/@anneke",
            "rol": "voorzitter",
            "isPrimair": True,
        }
    ],
    "bankrekeningnummers": [
        {"iban": "BE68539007547034", "titularis": "An Voorbeeld", "doel": "Werking", "bevestigdDoor": [GHENT_UNIT]}
    ],
    "zichtbaarInLoket": True,
    "datumLaatsteAanpassing": "2026-11-24T10:00:00.000001Z",
    "versie": 3,
}


def schema() -> Schema:
    return load_schema(ROOT, BASE)


def an_association(type: EntityType, **changes: Any) -> dict[str, Any]:
    """The whole document, numbered, with some top-level fields changed; None leaves one out."""
    document = {**deepcopy(_DOCUMENT), **changes}
    given = {term: value for term, value in document.items() if value is not None}
    return {"@type": ["Vereniging"], **number_nodes(given, type, IRI, None), "primaireLocatie": f"{IRI}#locatie-2"}
