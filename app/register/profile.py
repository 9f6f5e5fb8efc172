"""What of an association conditions look at, and what is known of the things that conditions name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from app.model.codelists import CodeLists
from app.model.fields import Document
from app.model.languages import text_of

NIS = 5
ACTIVE, SUSPENDED = "Actief", "Geschorst"
RECOGNITION_WORDS = ("erkenning", "erkennen")


@dataclass(frozen=True)
class Profile:
    """One association; areas are NUTS and LAU codes, so that one lies in another whose code it starts with.

    `recognitions` and `suspended` are pairs of who gave them and the number of the product, empty where not known.
    """

    seats: frozenset[str] = frozenset()
    works: frozenset[str] = frozenset()
    activities: frozenset[str] = frozenset()
    ages: tuple[int, int] = (0, 150)
    forms: frozenset[str] = frozenset()
    founded: date | None = None
    recognitions: frozenset[tuple[str, str]] = frozenset()
    suspended: frozenset[tuple[str, str]] = frozenset()
    federations: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ProductFacts:
    """What conditions ask of another product; `recognises` when it is itself a recognition."""

    title: str
    owner: str
    number: str
    recognises: bool


@dataclass
class Facts:
    """Names and codes of what conditions point at, each looked up once."""

    codelists: CodeLists
    find_product: Callable[[str], Document | None]
    _areas: dict[str, tuple[str, str]] = field(default_factory=dict)
    _organisations: dict[str, tuple[str, str]] = field(default_factory=dict)
    _products: dict[str, ProductFacts | None] = field(default_factory=dict)

    def area(self, iri: str) -> tuple[str, str]:
        """Code and name of an area."""
        if iri not in self._areas:
            concept = self.codelists.concept(iri, "toepassingsgebied")
            self._areas[iri] = (iri.rpartition("/")[2], concept.label if concept else "een ander gebied")
        return self._areas[iri]

    def organisation(self, iri: str) -> tuple[str, str]:
        """The one IRI that we know an organisation by, and its name."""
        if iri not in self._organisations:
            found = self.codelists.organisations.get(iri)
            self._organisations[iri] = (found.iri, found.name) if found else (iri, "een ander bestuur")
        return self._organisations[iri]

    def label(self, iri: str) -> str:
        """The name of a concept."""
        concept = self.codelists.concept(iri)
        return concept.label if concept else iri.rpartition("/")[2]

    def product(self, iri: str) -> ProductFacts | None:
        """What is known of another product, or None."""
        if iri not in self._products:
            document = self.find_product(iri)
            self._products[iri] = self._read(document) if document else None
        return self._products[iri]

    def _read(self, document: Document) -> ProductFacts:
        title = text_of(document.get("naam"))
        owner, _ = self.organisation(document.get("aangemaaktDoor", ""))
        recognises = any(word in title.lower() for word in RECOGNITION_WORDS)
        return ProductFacts(title, owner, str(document.get("productnummer") or document.get("code", "")), recognises)


def profile_of(association: Document, codelists: CodeLists) -> Profile:
    """The profile of an association by its document; what it does not say stays empty."""
    ages = association.get("doelgroep", {})
    founded = association.get("startdatum")
    return Profile(
        seats=frozenset(_codes(association.get("gemeente", ()), codelists)),
        works=frozenset(_works(association, codelists)),
        activities=frozenset(association.get("hoofdactiviteiten", ())),
        ages=(ages.get("minimumleeftijd", 0), ages.get("maximumleeftijd", 150)),
        forms=frozenset(
            iri for term in ("verenigingstype", "verenigingssubtype") if (iri := association.get(term)) is not None
        ),
        founded=date.fromisoformat(founded) if founded else None,
        recognitions=frozenset(_recognitions(association, ACTIVE, codelists)),
        suspended=frozenset(_recognitions(association, SUSPENDED, codelists)),
        federations=frozenset(
            iri for each in association.get("lidmaatschappen", ()) if (iri := each.get("andereVereniging"))
        ),
    )


def _codes(municipalities: list[str], codelists: CodeLists) -> list[str]:
    found = (codelists.municipality(iri) for iri in municipalities)
    return [_area(one.nis, one.lau, codelists) for one in found if one is not None]


def _area(nis: str, lau: str, codelists: CodeLists) -> str:
    """The code by which products know a municipality: a few have another one there than in the other lists."""
    concept = codelists.find("toepassingsgebied", nis)
    return concept.iri.rpartition("/")[2] if concept else lau


def _works(association: Document, codelists: CodeLists) -> list[str]:
    found = (codelists.concept(iri, "werkingsgebied") for iri in association.get("werkingsgebieden", ()))
    codes = [concept.notation for concept in found if concept is not None and concept.notation.startswith("BE")]
    return [_area(code[-NIS:], code, codelists) if len(code) > NIS else code for code in codes]


def _recognitions(association: Document, status: str, codelists: CodeLists) -> list[tuple[str, str]]:
    found = []
    for each in association.get("erkenningen", ()):
        concept = codelists.concept(each.get("status", ""), "erkenningsstatus")
        if concept is not None and concept.notation == status:
            giver = codelists.organisations.get(each["toegekendDoor"])
            found.append((giver.iri if giver else each["toegekendDoor"], each["ipdcProduct"]["nummer"]))
    return found
