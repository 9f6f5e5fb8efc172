"""All public products in memory, in step with the log: what somebody looks for, and how many there would be per choice.

20,000 products take some 100 MB; a search with all its counts takes milliseconds, and asks no store.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.model.codelists import CodeLists, fold
from app.model.documents import to_document
from app.model.fields import Document
from app.model.graph import from_ntriples
from app.model.languages import NEUTRAL, text_of
from app.model.markup import plain_text
from app.register.address_forms import in_form
from app.store.log import Version
from app.web.service import Service

KIND = "product"
BATCH = 2000
SUMMARY = 220
# What a decision over eligibility looks at; the texts stay in the log.
DECIDING = ("doelgroepen", "startDienstVerlening", "eindeDienstVerlening", "geografischToepassingsgebieden",
            "activiteiten", "vereist", "aangemaaktDoor", "productnummer", "code", "naam")  # fmt: skip


@dataclass(frozen=True)
class Offer:
    """One product; `facets` has its codes by parameter, `areas` the codes of where it holds."""

    code: str
    iri: str
    title: str
    summary: str
    owner: str
    changed: str
    order: str
    title_words: str
    words: str
    areas: tuple[str, ...]
    facets: Mapping[str, tuple[str, ...]]
    deciding: Document = field(repr=False)


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for: words, and codes by parameter; `gemeente` is a NIS code."""

    text: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)

    def without(self, parameter: str) -> Wanted:
        return Wanted(self.text, {name: code for name, code in self.chosen.items() if name != parameter})

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.chosen)


# Parameter in the address, field of the product, code list, what the form says.
FACETS = (
    ("doelgroep", "doelgroepen", "doelgroep", "Doelgroep"),
    ("type", "type", "producttype", "Soort aanbod"),
    ("thema", "themas", "thema", "Thema"),
    ("activiteit", "activiteiten", "hoofdactiviteit", "Activiteit"),
    ("bestuur", "uitvoerendBestuursniveaus", "uitvoerendbestuursniveau", "Bestuur"),
)
PLACE = "gemeente"


class Offers:
    """Gives the products as they are now; safe to ask from several threads."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._lock = threading.Lock()
        self._at = 0
        self._offers: dict[str, Offer] = {}

    def all(self) -> Mapping[str, Offer]:
        """By IRI, after looking in the log for what changed."""
        with self._lock:
            self._follow()
            return self._offers

    def _follow(self) -> None:
        log = self._service.log
        if log.head() == self._at:
            return
        offers = dict(self._offers)
        if not self._at:
            self._at = log.head()
            for version in _current(self._service):
                self._settle(offers, version)
        while versions := log.read(self._at, BATCH):
            for version in versions:
                if version.kind == KIND:
                    self._settle(offers, version)
            self._at = versions[-1].sequence
        self._offers = offers

    def _settle(self, offers: dict[str, Offer], version: Version) -> None:
        offers.pop(version.entity, None)
        if version.public is not None and version.operation != "delete":
            offers[version.entity] = read_offer(version, self._service)


def _current(service: Service) -> Iterator[Version]:
    code = ""
    while versions := service.log.entities(KIND, code, BATCH):
        yield from versions
        code = versions[-1].entity.rpartition("/")[2]


def read_offer(version: Version, service: Service) -> Offer:
    """What the index knows of a version of a product."""
    type = service.schema.entity_types[KIND]
    found = to_document(from_ntriples(version.public or b""), type, version.entity)
    document = in_form(found, type, found.get("taalvariant", NEUTRAL))
    title, text = text_of(document.get("naam")), plain_text(text_of(document.get("beschrijving")))
    keywords = " ".join(word for words in document.get("zoektermen", {}).values() for word in words)
    owner = service.codelists.organisations.get(document.get("aangemaaktDoor", ""))
    conditions = [
        {"naam": each.get("naam"), "criteria": each.get("criteria", ())} for each in document.get("voorwaarden", ())
    ]
    return Offer(
        code=version.entity.rpartition("/")[2],
        iri=version.entity,
        title=title,
        summary=_short(text),
        owner=owner.name if owner else "",
        changed=version.time,
        order=fold(title),
        title_words=_searchable(title),
        words=_searchable(f"{title} {keywords} {text} {owner.name if owner else ''}"),
        areas=tuple(iri.rpartition("/")[2] for iri in document.get("geografischToepassingsgebieden", ())),
        facets={name: _codes(document.get(term), scheme, service.codelists) for name, term, scheme, _ in FACETS},
        deciding={**{term: document[term] for term in DECIDING if term in document}, "voorwaarden": conditions},
    )


def search(offers: Iterable[Offer], wanted: Wanted, codelists: CodeLists) -> list[Offer]:
    """Those that fit, the best first: a word in the title counts for more; else by title."""
    words = [fold(word) for word in wanted.text.split()]
    place = area_code(wanted.chosen.get(PLACE), codelists)
    found = (offer for offer in offers if _fits(offer, words, wanted, place))
    return sorted(found, key=lambda offer: (-sum(word in offer.title_words for word in words), offer.order, offer.code))


def counts(offers: Iterable[Offer], wanted: Wanted, codelists: CodeLists) -> dict[str, Counter[str]]:
    """For each parameter how many products each code would give, with all other choices as they are."""
    everything = list(offers)
    found: dict[str, Counter[str]] = {}
    for name, *_ in FACETS:
        others = search(everything, wanted.without(name), codelists)
        found[name] = Counter(code for offer in others for code in offer.facets[name])
    found[PLACE] = _places(search(everything, wanted.without(PLACE), codelists), codelists)
    return found


def area_code(nis: str | None, codelists: CodeLists) -> str | None:
    """The code by which products name a municipality; empty, and so in no area, when there is none."""
    if nis is None:
        return None
    concept = codelists.find("toepassingsgebied", nis)
    return concept.iri.rpartition("/")[2] if concept else ""


def _fits(offer: Offer, words: list[str], wanted: Wanted, place: str | None) -> bool:
    if place is not None and offer.areas and not any(place.startswith(area) for area in offer.areas):
        return False
    if any(code not in offer.facets[name] for name, code in wanted.chosen.items() if name != PLACE):
        return False
    return all(word in offer.words for word in words)


def _places(offers: list[Offer], codelists: CodeLists) -> Counter[str]:
    """By NIS code; what holds in a province or in all of Flanders counts for each municipality that has something."""
    areas = Counter(area for offer in offers for area in offer.areas or ("",))
    found: Counter[str] = Counter()
    for concept in codelists.concepts("toepassingsgebied"):
        code = concept.iri.rpartition("/")[2]
        if areas[code]:
            around = {code[:length] for length in (len("BE2"), len("BE23")) if len(code) > length} | {"", code}
            found[concept.notation] = sum(areas[each] for each in around)
    return found


def _codes(value: Any, scheme: str, codelists: CodeLists) -> tuple[str, ...]:
    iris = value if isinstance(value, list) else [value] if value else []
    found = (codelists.concept(iri, scheme) for iri in iris)
    return tuple(concept.notation for concept in found if concept is not None)


def _searchable(text: str) -> str:
    """Each word as it sounds, so that a part of a word is found and never one across two words."""
    return " ".join(fold(word) for word in text.split())


def _short(text: str) -> str:
    return text if len(text) <= SUMMARY else text[:SUMMARY].rpartition(" ")[0] + " …"
