"""The words in which pages speak of sessions and decisions, in both spellings where there are two."""

from __future__ import annotations

from hashlib import sha256

from app.model.graph import IRI
from app.model.terms import BESLUIT, GENERIEK, MANDAAT, ORG

SESSION, DECISION, ARTICLE = BESLUIT.Zitting, BESLUIT.Besluit, BESLUIT.Artikel
ITEM, TREATMENT, VOTE = BESLUIT.Agendapunt, BESLUIT.BehandelingVanAgendapunt, BESLUIT.Stemming
CLASSIFICATION = (ORG.classification, BESLUIT.classificatie)
TIMELESS = (MANDAAT.isTijdspecialisatieVan, GENERIEK.isTijdspecialisatieVan)
DECISION_TYPE = "https://data.vlaanderen.be/id/concept/BesluitType/"
# Names of people: whoever wants them follows the IRI of the office.
PERSONAL = frozenset(
    IRI(iri)
    for iri in (
        "http://xmlns.com/foaf/0.1/familyName",
        "http://xmlns.com/foaf/0.1/givenName",
        "http://xmlns.com/foaf/0.1/firstName",
        "http://xmlns.com/foaf/0.1/name",
        "http://data.vlaanderen.be/ns/persoon#gebruikteVoornaam",
        "http://data.vlaanderen.be/ns/persoon#heeftGeboorte",
        "http://www.w3.org/ns/person#birthName",
        "http://data.vlaanderen.be/ns/mandaat#isBestuurlijkeAliasVan",
    )
)
CODE_LENGTH = 20


def code_of(iri: str) -> str:
    """The code of something that has an IRI elsewhere: always the same, in any installation.

    >>> code_of("https://data.aalter.be/id/besluiten/24.0325.1644.5574")
    '65f20cf00262f5a55a74'
    """
    return sha256(iri.encode()).hexdigest()[:CODE_LENGTH]
