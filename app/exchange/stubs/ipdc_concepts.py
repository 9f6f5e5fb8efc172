"""Invented concepts in the words of the IPDC's stream, with all that makes its real pages hard to read.

Orders come as `0.0`, times with six to nine decimals, language tags with a subtag that is too long, an address now and
then with a space behind it, and beside the fields of the model some that no context knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

Member = dict[str, Any]
START = "https://ipdc.vlaanderen.be/id/"
FIRST = datetime(2026, 1, 5, 8, tzinfo=UTC)
SUBJECTS = (
    ("Werkingssubsidie voor verenigingen", "CultuurSportVrijeTijd", "FinancieelVoordeel"),
    ("Erkenning als jeugdvereniging", "CultuurSportVrijeTijd", "Toelating"),
    ("Uitlening van materiaal", "CultuurSportVrijeTijd", "InfrastructuurMateriaal"),
    ("Melding van een evenement", "MobiliteitOpenbareWerken", "Toelating"),
    ("Advies over vrijwilligerswerk", "WelzijnGezondheid", "AdviesBegeleiding"),
    ("Attest van inschrijving", "BurgerOverheid", "Bewijs"),
)
AUDIENCES = (["Vereniging"], ["Burger", "Vereniging"], ["Organisatie"], ["Burger", "Onderneming"])


def concept_iri(number: int) -> str:
    """The same one every time."""
    return f"{START}concept/{uuid5(NAMESPACE_URL, f'concept {number}')}"


def invented(count: int) -> Iterator[Member]:
    """The first snapshots of so many concepts."""
    for number in range(count):
        yield snapshot(concept_iri(number), number, FIRST + timedelta(minutes=number), number)


def snapshot(concept: str, number: int, time: datetime, serial: int) -> Member:
    """One whole snapshot of a concept; `serial` tells it from all others."""
    name, theme, kind = SUBJECTS[number % len(SUBJECTS)]
    stamp = f"{time:%Y-%m-%dT%H:%M:%S}.{serial % 1000:03d}{'026205' if serial % 2 else '775'}Z"
    return {
        "@id": f"{START}conceptsnapshot/{uuid5(NAMESPACE_URL, f'{concept} {serial}')}",
        "@type": ["ConceptSnapshot"] if serial % 2 else "ConceptSnapshot",
        "isVersionOf": concept,
        "creatie": f"{FIRST:%Y-%m-%dT%H:%M:%S}.026205561Z",
        "laatstGewijzigd": stamp,
        "generatedAtTime": stamp,
        "naam": {**texts(f"{name} {number}"), "en": f"Support for associations {number}"},
        "beschrijving": {**texts(f"<p>{name}: u vraagt dit aan bij uw gemeente.</p>"), "en": "<p>Ask for it.</p>"},
        "verdereBeschrijving": texts("<p>De gemeente antwoordt binnen dertig dagen.</p>"),
        "voorwaarden": [{"@type": "Voorwaarde", "order": 0.0, **part("Erkend zijn"), "bewijs": proof()}],
        "procedures": [{"@type": "Procedure", "order": 0.0, **part("Aanvragen"), "websites": [website(number, 0.0)]}],
        "kosten": [{"@type": "Kost", "order": 0.0, **part("Gratis")}],
        "financieleVoordelen": [{"@type": "FinancieelVoordeel", "order": 0.0, **part("Het bedrag")}],
        "regelgeving": [{"@type": "Regelgeving", "order": 0.0, "url": "https://codex.voorbeeld.be/1"}],
        "websites": [website(number, 0.0), website(number + 1, 1.0)],
        "type": kind,
        "doelgroepen": AUDIENCES[number % len(AUDIENCES)],
        "themas": [theme],
        "bevoegdBestuursniveaus": ["Lokaal"],
        "uitvoerendBestuursniveaus": ["Lokaal"],
        # Some administrations are in no list that we have.
        "bevoegdeOverheden": [f"OVO{900000 + number % 7:06d}"],
        "zoektermen": {"nl": ["subsidie", name.lower()]},
        "startDienstVerlening": "2026-01-01T00:00:00.026205561Z",
        "productnummer": str(1500 + number),
        "gearchiveerd": False,
        "publicatieLink": f"https://productencatalogus-v3.vlaanderen.be/fiche/{1500 + number}",
        "metadata": {"uJeVersie": "31.3.0", "generatedFormeleFields": True, "generatedInformeleFields": True},
    }


def texts(text: str) -> dict[str, str]:
    """A text in the forms that the IPDC gives: neutral, and generated for who says u or je."""
    return {
        "nl": text,
        "nl-BE-x-generated-formal": text,
        "nl-BE-x-generated-informal": text.replace(" u ", " je ").replace("uw ", "je "),
    }


def part(name: str) -> Member:
    """What most parts have."""
    return {"naam": texts(name), "beschrijving": texts(f"<p>{name}, zoals het reglement zegt.</p>")}


def proof() -> Member:
    """A piece of evidence."""
    return {"@type": "Bewijs", **part("Besluit van de gemeente")}


def website(number: int, order: float) -> Member:
    """A website; of some the address ends in a space."""
    space = " " if number % 5 == 0 else ""
    url = f"https://loket.voorbeeld.be/{number}{space}"
    return {"@type": "Website", "order": order, "naam": texts("Meer info"), "url": url}
