"""Products with as little or as much as they can have; all invented, but for the places and code lists."""

from __future__ import annotations

from typing import Any

from app.model.documents import to_document
from app.model.graph import from_ntriples
from app.register.commands import Create
from app.register.handle import handle
from app.register.register import Register
from tests.register.builders import A_MANAGER, GENT

Document = dict[str, Any]
UNITS = "http://data.lblod.info/id/bestuurseenheden/"
GHENT = f"{UNITS}353234a365664e581db5c2f7cc07add2534b47b8e1ab87c821fc6e6365e6bef5"
CATALOGUE = "https://productencatalogus.data.vlaanderen.be/id/concept/"
CONCEPT_CODE = "11111111-2222-4333-8444-555555555555"
CONCEPT = f"https://ipdc.vlaanderen.be/id/concept/{CONCEPT_CODE}"
SNAPSHOT = "https://ipdc.vlaanderen.be/id/conceptsnapshot/11111111-0000-4000-8000-00000000000{}"


def minimal(**wanted: Any) -> Document:
    """What nobody can leave out; the rest follows from who brings it in."""
    return {"naam": {"nl": "Werkingssubsidie"}, "beschrijving": {"nl": "<p>Steun voor de werking.</p>"}, **wanted}


def full(**wanted: Any) -> Document:
    """Something in every field that people fill in."""
    part = {"naam": {"nl": "Deel"}, "beschrijving": {"nl": "<p>Uitleg.</p>"}}
    return {
        "naam": {"nl": "Werkingssubsidie voor jeugdverenigingen", "en": "Subsidy for youth clubs"},
        "beschrijving": {"nl": "<p>Jaarlijkse steun.</p>", "en": "<p>Yearly support.</p>"},
        "verdereBeschrijving": {"nl": "<p>Meer uitleg.</p>"},
        "uitzonderingen": {"nl": "<p>Niet voor studentenclubs.</p>"},
        "zoektermen": {"nl": ["subsidie", "toelage"]},
        "voorwaarden": [
            {
                **part,
                "bewijs": part,
                "criteria": [
                    {"soort": "erkend-door", "waarden": ["Stad Gent"]},
                    {"soort": "leeftijdsgroep", "minimum": 0, "maximum": 30},
                ],
            }
        ],
        "procedures": [{**part, "websites": [{"naam": {"nl": "E-loket"}, "url": "loket.voorbeeld.be/aanvraag"}]}],
        "kosten": [part],
        "financieleVoordelen": [part],
        "regelgevingTekst": {"nl": "<p>Reglement van 2025.</p>"},
        "regelgeving": [{"naam": {"nl": "Reglement"}, "url": "https://reglement.voorbeeld.be/1"}],
        "websites": [{"naam": {"nl": "Meer info"}, "url": "https://gent.voorbeeld.be"}],
        "contactgegevens": [
            {
                "dienst": "Jeugddienst",
                "kanaal": "balie",
                "email": "jeugd@gent.voorbeeld.be",
                "telefoonnummer": "09 210 10 10",
                "openingsuren": "https://gent.voorbeeld.be/uren",
                "openingstijden": [{"dagen": ["ma", "dinsdag"], "opent": "9u", "sluit": "12.30"}],
                "adres": {
                    "straatnaam": {"nl": "Botermarkt"},
                    "huisnummer": "1",
                    "postcode": "9000",
                    "gemeentenaam": {"nl": "Gent"},
                },
            }
        ],
        "type": "Financieel voordeel",
        "doelgroepen": ["Vereniging"],
        "themas": ["Cultuur, Sport en Vrije Tijd"],
        "talen": ["Nederlands"],
        "startDienstVerlening": "2026-01-01",
        "eindeDienstVerlening": "2026-12-31",
        "bevoegdBestuursniveaus": ["Lokaal"],
        "uitvoerendBestuursniveaus": ["Lokaal"],
        "uitvoerendeOverheden": ["Stad Gent"],
        "gedelegeerdAan": [{"naam": "Jeugdwerk Gent", "soort": "EVA"}],
        "activiteiten": ["Jeugdwerk"],
        "interneInfo": [{"vraag": "Wie belt terug?", "antwoord": "De jeugdconsulent, binnen twee dagen."}],
        "verantwoordelijken": [{"rol": "eigenaar", "dienst": "jeugdconsulent"}],
        "nazichtOp": "2027-01-15",
        **wanted,
    }


def concept(**wanted: Any) -> Document:
    """A concept as the IPDC sends it."""
    return {
        "naam": {"nl": "Subsidie", "nl-be-x-formal": "Uw subsidie", "nl-be-x-informal": "Jouw subsidie"},
        "beschrijving": {"nl": "<p>Steun.</p>", "nl-be-x-formal": "<p>U krijgt steun.</p>"},
        "voorwaarden": [
            {"naam": {"nl": "Erkend zijn"}, "beschrijving": {"nl": "<p>Door de gemeente.</p>"}, "order": 0}
        ],
        "kosten": [{"naam": {"nl": "Gratis"}, "beschrijving": {"nl": "<p>Kost niets.</p>"}, "order": 0}],
        "doelgroepen": ["Vereniging"],
        "themas": ["Cultuur, Sport en Vrije Tijd"],
        "productnummer": "1502",
        "snapshot": SNAPSHOT.format(1),
        "functioneleWijziging": SNAPSHOT.format(1),
        "generatedAtTime": "2026-01-01T10:00:00.123456Z",
        "creatie": "2026-01-01T10:00:00.123456Z",
        "laatstGewijzigd": "2026-01-01T10:00:00.123456Z",
        **wanted,
    }


def add_concept(register: Register, **wanted: Any) -> None:
    handle(Create("concept", concept(**wanted), CONCEPT_CODE), A_MANAGER, register)


def add(register: Register, document: Document) -> str:
    """Bring a product in for Ghent; answers its code."""
    return handle(Create("product", document), GENT, register).code


def read(register: Register, code: str, kind: str = "product") -> Document:
    """The document of a product as it stands."""
    type = register.schema.entity_types[kind]
    version = register.log.latest(type.iri(code))
    assert version is not None
    return to_document(from_ntriples((version.public or b"") + version.internal), type, version.entity)
