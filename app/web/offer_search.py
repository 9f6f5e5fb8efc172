"""Looking for a product: what fits, the best first, and how many there would be per choice.

Each choice is one number with a bit for each product, so that a count is an `and` and a count of bits: 5,000 products
with all their filters take a few milliseconds, most of it for the words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.model.codelists import CodeLists, fold
from app.model.fields import Document

WORDS_KEPT = 200
AREAS = "toepassingsgebied"


@dataclass(frozen=True)
class Offer:
    """One product; `facets` has its codes by parameter, `areas` the codes of where it holds."""

    code: str
    iri: str
    title: str
    summary: str
    owner: str
    condition: str
    changed: str
    order: str
    title_words: str
    words: str
    areas: tuple[str, ...]
    facets: Mapping[str, tuple[str, ...]]
    deciding: Document = field(repr=False)


# Parameter in the address, field of the product, code list, what the form says.
FACETS = (
    ("doelgroep", "doelgroepen", "doelgroep", "Doelgroep"),
    ("type", "type", "producttype", "Soort aanbod"),
    ("thema", "themas", "thema", "Thema"),
    ("activiteit", "activiteiten", "hoofdactiviteit", "Activiteit"),
    ("bestuur", "uitvoerendBestuursniveaus", "uitvoerendbestuursniveau", "Bestuur"),
)
PLACE = "gemeente"


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


class Index:
    """Products to search in, by title; never changes."""

    def __init__(self, offers: Iterable[Offer], codelists: CodeLists) -> None:
        self._offers = sorted(offers, key=lambda offer: (offer.order, offer.code))
        self._codelists = codelists
        self._everything = (1 << len(self._offers)) - 1
        numbers = range(len(self._offers))
        self._newest = sorted(numbers, key=lambda number: self._offers[number].changed, reverse=True)
        self._facets = {name: _by_code(offer.facets[name] for offer in self._offers) for name, *_ in FACETS}
        # What names no area holds everywhere: it is in "", where every area is in.
        self._areas = _by_code(offer.areas or ("",) for offer in self._offers)
        self._words: dict[str, int] = {}

    def search(self, wanted: Wanted, newest: bool = False) -> list[Offer]:
        """Those that fit, the best first: a word in the title counts for more; else by title. Or the latest first."""
        marks = bin(self._fitting(wanted))[:1:-1]
        if newest:
            last = len(marks)
            return [self._offers[number] for number in self._newest if number < last and marks[number] == "1"]
        found = [offer for offer, mark in zip(self._offers, marks, strict=False) if mark == "1"]
        if words := folded(wanted):
            found.sort(key=lambda offer: -sum(word in offer.title_words for word in words))
        return found

    def counts(self, wanted: Wanted) -> dict[str, Counter[str]]:
        """For each parameter how many products each code would give, with all other choices as they are."""
        found = {}
        for name, *_ in FACETS:
            others = self._fitting(wanted.without(name))
            found[name] = Counter({code: (bits & others).bit_count() for code, bits in self._facets[name].items()})
        found[PLACE] = self._places(self._fitting(wanted.without(PLACE)))
        return found

    def _places(self, others: int) -> Counter[str]:
        """By NIS code; what holds in a province or in all of Flanders counts for each area that has something."""
        found: Counter[str] = Counter()
        for concept in self._codelists.concepts(AREAS):
            area = concept.iri.rpartition("/")[2]
            if self._areas.get(area, 0) & others:
                found[concept.notation] = (self._around(area) & others).bit_count()
        return found

    def _fitting(self, wanted: Wanted) -> int:
        bits = self._everything
        for name, code in wanted.chosen.items():
            bits &= self._at(code) if name == PLACE else self._facets[name].get(code, 0)
        for word in folded(wanted):
            bits &= self._having(word)
        return bits

    def _at(self, nis: str) -> int:
        concept = self._codelists.find(AREAS, nis)
        return self._around(concept.iri.rpartition("/")[2]) if concept else self._areas.get("", 0)

    def _around(self, area: str) -> int:
        """What holds in an area: the code of what lies around it is the beginning of its own."""
        bits = 0
        for length in range(len(area) + 1):
            bits |= self._areas.get(area[:length], 0)
        return bits

    def _having(self, word: str) -> int:
        if word not in self._words:
            if len(self._words) >= WORDS_KEPT:
                self._words = {}
            self._words[word] = _number(number for number, offer in enumerate(self._offers) if word in offer.words)
        return self._words[word]


def folded(wanted: Wanted) -> list[str]:
    """The words as they are kept."""
    return [fold(word) for word in wanted.text.split()]


def _by_code(codes: Iterable[Iterable[str]]) -> dict[str, int]:
    """For each code, in which of these it is."""
    numbers = defaultdict(list)
    for number, each in enumerate(codes):
        for code in each:
            numbers[code].append(number)
    return {code: _number(each) for code, each in numbers.items()}


def _number(bits: Iterable[int]) -> int:
    """The number in which these bits are set."""
    buffer = bytearray()
    for bit in bits:
        place = bit >> 3
        if place >= len(buffer):
            buffer.extend(bytes(place + 1 - len(buffer)))
        buffer[place] |= 1 << (bit & 7)
    return int.from_bytes(buffer, "little")
