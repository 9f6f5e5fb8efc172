"""Finding products: what fits, the best first, and how many there would be per choice.

    index = Index(codelists).changed((), offers)
    index.search(Wanted("zaal"))[:20], index.counts(Wanted("zaal"))

Each choice, and each word, is a compressed set of numbers of products: of 20,000 products a count is a matter of
microseconds, a page costs what it shows, and a product that changes costs its own words.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import overload

from pyroaring import BitMap

from app.model.codelists import CodeLists
from app.web.products.offer_search import AREAS, FACETS, PLACE, Offer, Wanted

WORDS_KEPT = 200
# So few are put in order; of more, walk along all of them until the page is full.
FEW = 1000
# Beside the parameters: the words by which a product is found, and those of its title.
WORDS, TITLE = "woorden", "titel"
KINDS = (WORDS, TITLE, PLACE, *(name for name, *_ in FACETS))
Key = tuple[str, str]


class Index:
    """Products to search in, by title; never changes, but gives another one of what changed."""

    def __init__(self, codelists: CodeLists) -> None:
        self._codelists = codelists
        self._offers: list[Offer | None] = []
        self._numbers: dict[str, int] = {}
        self._titles, self._changes = _Order(), _Order()
        self._everything = BitMap()
        self._sets: dict[str, dict[str, BitMap]] = {kind: {} for kind in KINDS}
        self._found: dict[tuple[str, str], BitMap] = {}

    def changed(self, gone: Iterable[Offer], new: Iterable[Offer]) -> Index:
        """The same without the one and with the other; a product that changed is in both."""
        other = Index(self._codelists)
        other._offers, other._numbers = self._offers.copy(), self._numbers.copy()
        other._titles, other._changes = self._titles.copy(), self._changes.copy()
        editing = _Editing({kind: sets.copy() for kind, sets in self._sets.items()})
        for offer in gone:
            other._take_out(offer, editing)
        for offer in sorted(new, key=_by_title):
            other._put_in(offer, editing)
        other._everything = BitMap(other._numbers.values())
        other._sets = editing.done()
        return other

    def search(self, wanted: Wanted, newest: bool = False) -> Ranking:
        """Those that fit, the best first: a word in the title counts for more; else by title. Or the latest first."""
        ids = self._fitting(wanted)
        return Ranking(self, [ids] if newest else self._by_words_in_title(ids, wanted.words), newest)

    def counts(self, wanted: Wanted) -> dict[str, Counter[str]]:
        """For each parameter how many products each code would give, with all other choices as they are."""
        found, fitting = {}, self._fitting(wanted)
        for name in (PLACE, *(name for name, *_ in FACETS)):
            others = self._fitting(wanted.without(name)) if name in wanted.chosen else fitting
            if name == PLACE:
                # What holds in a province or in all of Flanders counts for each area that has something.
                sets = {nis: around for nis, own, around in self._areas if own.intersect(others)}
            else:
                sets = self._sets[name]
            found[name] = Counter({code: ids.intersection_cardinality(others) for code, ids in sets.items()})
        return found

    def in_order(self, ids: BitMap, newest: bool) -> Iterator[Offer]:
        """These, by title or the latest first."""
        if len(ids) < FEW:
            few = [offer for number in ids if (offer := self._offers[number])]
            return iter(sorted(few, key=_by_change if newest else _by_title, reverse=newest))
        numbers = reversed(self._changes.numbers) if newest else self._titles.numbers
        return (offer for number in numbers if number in ids and (offer := self._offers[number]))

    def _take_out(self, offer: Offer, editing: _Editing) -> None:
        number = self._numbers.pop(offer.iri)
        self._offers[number] = None
        self._titles.drop(_by_title(offer))
        self._changes.drop(_by_change(offer))
        for kind, value in _found_by(offer):
            editing.of(kind, value).discard(number)

    def _put_in(self, offer: Offer, editing: _Editing) -> None:
        number = self._numbers[offer.iri] = len(self._offers)
        self._offers.append(offer)
        self._titles.add(_by_title(offer), number)
        self._changes.add(_by_change(offer), number)
        for kind, value in _found_by(offer):
            editing.of(kind, value).add(number)

    def _fitting(self, wanted: Wanted) -> BitMap:
        sets = [self._at(code) if name == PLACE else self._having(name, code) for name, code in wanted.chosen.items()]
        return self._everything.intersection(*sets, *(self._with_word(WORDS, word) for word in wanted.words))

    def _having(self, kind: str, value: str) -> BitMap:
        return self._sets[kind].get(value, BitMap())

    def _at(self, nis: str) -> BitMap:
        concept = self._codelists.find(AREAS, nis)
        return self._around(concept.iri.rpartition("/")[2] if concept else "")

    def _around(self, area: str) -> BitMap:
        """What holds in an area: the code of what lies around it is the beginning of its own."""
        return BitMap.union(*(self._having(PLACE, area[:length]) for length in range(len(area) + 1)))

    @cached_property
    def _areas(self) -> list[tuple[str, BitMap, BitMap]]:
        """Of each area that has something: its NIS code, what it has itself, and what holds there in all."""
        codes = ((concept, concept.iri.rpartition("/")[2]) for concept in self._codelists.concepts(AREAS))
        own = self._sets[PLACE]
        return [(each.notation, own[area], self._around(area)) for each, area in codes if area in own]

    def _with_word(self, kind: str, word: str) -> BitMap:
        """What has this as a part of a word."""
        if (kind, word) not in self._found:
            sets = self._sets[kind]
            ids = BitMap.union(BitMap(), *(sets[each] for each in _holding(self._vocabulary[kind], word)))
            if len(self._found) >= WORDS_KEPT:
                self._found = {}
            self._found[kind, word] = ids
            return ids
        return self._found[kind, word]

    @cached_property
    def _vocabulary(self) -> Mapping[str, str]:
        """All words as one text, as looking through that is quickest."""
        return {kind: "\n".join(("", *self._sets[kind], "")) for kind in (WORDS, TITLE)}

    def _by_words_in_title(self, ids: BitMap, words: Sequence[str]) -> list[BitMap]:
        """Those with the most words in their title, then those with less, and so on."""
        # At each place those with at least so many.
        levels = [ids]
        for word in words:
            titled = self._with_word(TITLE, word)
            more = [*levels[1:], BitMap()]
            levels = [ids, *(one | (less & titled) for less, one in zip(levels, more, strict=True))]
        exactly = [level - above for level, above in zip(levels, [*levels[1:], BitMap()], strict=True)]
        return exactly[::-1]


class Ranking(Sequence[Offer]):
    """What was found, in order; only what is looked at is put in order."""

    def __init__(self, index: Index, groups: list[BitMap], newest: bool = False) -> None:
        self._index = index
        self._groups = groups
        self._newest = newest

    def __len__(self) -> int:
        return sum(map(len, self._groups))

    @overload
    def __getitem__(self, asked: int) -> Offer: ...
    @overload
    def __getitem__(self, asked: slice) -> list[Offer]: ...
    def __getitem__(self, asked: int | slice) -> Offer | list[Offer]:
        if isinstance(asked, int):
            return self[asked : asked + 1 or None][0]
        first, end, step = asked.indices(len(self))
        return list(self._part(first, end))[::step]

    def __iter__(self) -> Iterator[Offer]:
        return self._part(0, len(self))

    def _part(self, first: int, end: int) -> Iterator[Offer]:
        for group in self._groups:
            if first < len(group) and end > 0:
                yield from islice(self._index.in_order(group, self._newest), max(first, 0), end)
            first, end = first - len(group), end - len(group)


class _Order:
    """Numbers of products in the order of their keys."""

    def __init__(self, keys: Iterable[Key] = (), numbers: Iterable[int] = ()) -> None:
        self._keys, self.numbers = list(keys), list(numbers)

    def copy(self) -> _Order:
        return _Order(self._keys, self.numbers)

    def add(self, key: Key, number: int) -> None:
        place = bisect_left(self._keys, key)
        self._keys.insert(place, key)
        self.numbers.insert(place, number)

    def drop(self, key: Key) -> None:
        place = bisect_left(self._keys, key)
        del self._keys[place], self.numbers[place]


class _Editing:
    """Sets that were copied before they change, so that who has the index of before sees nothing of it."""

    def __init__(self, sets: dict[str, dict[str, BitMap]]) -> None:
        self._sets = sets
        self._own: set[tuple[str, str]] = set()

    def of(self, kind: str, value: str) -> BitMap:
        """The set of a value, to change."""
        if (kind, value) not in self._own:
            self._own.add((kind, value))
            self._sets[kind][value] = self._sets[kind].get(value, BitMap()).copy()
        return self._sets[kind][value]

    def done(self) -> dict[str, dict[str, BitMap]]:
        """All sets, but those in which nothing is left."""
        for kind, value in self._own:
            if not self._sets[kind][value]:
                del self._sets[kind][value]
        return self._sets


def _by_title(offer: Offer) -> Key:
    return offer.order, offer.code


def _by_change(offer: Offer) -> Key:
    return offer.changed, offer.code


def _found_by(offer: Offer) -> Iterator[tuple[str, str]]:
    """The values by which a product is found, each with its kind."""
    for kind, text in ((WORDS, offer.words), (TITLE, offer.title_words)):
        yield from ((kind, word) for word in set(text.split(" ")))
    yield from ((PLACE, area) for area in offer.areas or ("",))
    yield from ((name, code) for name, codes in offer.facets.items() for code in codes)


def _holding(vocabulary: str, part: str) -> Iterator[str]:
    """The words of a vocabulary with this part in them."""
    found = vocabulary.find(part)
    while found >= 0:
        end = vocabulary.index("\n", found)
        yield vocabulary[vocabulary.rindex("\n", 0, found) + 1 : end]
        found = vocabulary.find(part, end)
