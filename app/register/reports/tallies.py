"""Associations counted by the search index: as many as everybody finds, and of what is hidden what the asker may find.

    tally(figure, Counting(search, codelists, Wanted(place), old))      # the rows of the figure

The index holds the set of associations that have a value, so that counting is comparing sets: a few milliseconds over
all of them, whatever is chosen. `telt` in the file of a figure says which way it is counted; its SPARQL says the same
to who asks the public store. A choice of a municipality takes in what is hidden and has its home there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any, Protocol

import orjson

from app.model.codelists import CodeLists
from app.model.documents import Document
from app.model.figures import Figure
from app.register.reports.periods import Wanted
from app.register.reports.quality import LACKS, LISTED, lacks
from app.register.subjects import HOME
from app.store.search.both import Both
from app.store.search.index import Asked, Found, SortKey
from app.store.search.query import Between, Combined, OneOf, Query, every

STATUS, PLACE, TYPE, CODE = "status", "gemeente", "verenigingstype.code", "vCode"
ACTIVITY = "hoofdactiviteitenVerenigingsloket.code"
BEGUN, ENDED, CHANGED = "startjaar", "eindjaar", "gewijzigd"
# Of each recognition its status, its last day and a number, so that two alike of one association count as two.
RECOGNITION, RECOGNITION_STATUS, BETWEEN = "erkenning", "erkenningsstatus", "|"
# What is missing, and how many of the things that the list names.
MISSING, HOW_MANY = "ontbreekt", "ontbreektAantal"
ACTIVE = OneOf(STATUS, ("Actief",))
VALID = "Actief"
MOST = 500
Row = dict[str, Any]


class Finder(Protocol):
    """A search index, or two as one."""

    def find(self, asked: Asked) -> Found: ...

    def sequence(self) -> int: ...


def values_of(document: Document, status_of: Callable[[str | None], str]) -> dict[str, list[str]]:
    """What the index is to hold of an association beside what people look for; `status_of` tells the code of one."""
    missing = lacks(document)
    listed = sum(name in LISTED for name in missing)
    days = {BEGUN: document.get("startdatum", ""), ENDED: document.get("einddatum", "")}
    ends = [
        BETWEEN.join((status_of(one.get("status")), one.get("geldigheidsperiode", {}).get("einddatum", ""), str(place)))
        for place, one in enumerate(document.get("erkenningen", ()))
    ]
    return {
        **{field: [day[:4]] for field, day in days.items() if day},
        CHANGED: [document.get("datumLaatsteAanpassing", "")[:10]],
        MISSING: missing,
        HOW_MANY: [str(listed)] if listed else [],
        RECOGNITION: ends,
    }


@dataclass(frozen=True)
class Counting:
    """Where to count, and what codes and municipalities are called; `old` is the day before which data are stale."""

    finder: Finder
    codelists: CodeLists
    wanted: Wanted
    old: date

    def query(self, *more: Query) -> Query:
        """What was chosen, and more."""
        wanted = self.wanted
        parts = [*more]
        if wanted.place:
            nis = (wanted.place.nis,)
            parts.append(Combined(should=(OneOf(PLACE, nis), OneOf(HOME, nis))))
        if wanted.activity:
            parts.append(OneOf(ACTIVITY, (wanted.activity.notation,)))
        if wanted.type:
            parts.append(OneOf(TYPE, (wanted.type.notation,)))
        return every(*parts)

    def total(self, *more: Query) -> int:
        """How many fit all of these as well."""
        return self.finder.find(Asked(self.query(*more), limit=0)).total

    def counts(self, field: str, *more: Query) -> Mapping[str, int]:
        """By value of a field, how many have it."""
        return self.finder.find(Asked(self.query(*more), counts=(field,), limit=0)).counts[field]

    def documents(self, limit: int, *more: Query) -> Iterator[Document]:
        """What fits, in the order of the codes."""
        asked = Asked(self.query(*more), keys=(SortKey(CODE),), limit=limit)
        yield from (orjson.loads(hit.document) for hit in self.finder.find(asked).hits)


def hidden_in(counting: Counting) -> list[str]:
    """The codes of what is not public there, as far as the asker may find it."""
    both = counting.finder
    if not isinstance(both, Both):
        return []
    return [both.hidden.file.layout.code[1].format(id) for id in both.hidden_ids(counting.query())]


def tally(figure: Figure, counting: Counting) -> list[Row]:
    """The rows of a figure that says how it is counted."""
    way, *arguments = figure.counted
    return list(WAYS[way](figure, counting, *arguments))


def by_value(figure: Figure, counting: Counting, field: str, scheme: str) -> Iterator[Row]:
    """How many active ones have each value of a field, the most frequent first."""
    yield from _named(figure, counting.counts(field, ACTIVE), _labels(counting.codelists, scheme))


def by_status(figure: Figure, counting: Counting) -> Iterator[Row]:
    """How many there are of each status."""
    yield from _named(figure, counting.counts(STATUS), _labels(counting.codelists, STATUS))


def by_age(figure: Figure, counting: Counting, field: str, scheme: str) -> Iterator[Row]:
    """The youngest first."""
    rows = by_value(figure, counting, field, scheme)
    yield from sorted(rows, key=lambda row: int(row["code"].partition("-")[0]))


def by_town(figure: Figure, counting: Counting) -> Iterator[Row]:
    """How many active ones have a location in each municipality."""
    yield from _named(figure, counting.counts(PLACE, ACTIVE), _towns(counting.codelists))


def by_province(figure: Figure, counting: Counting) -> Iterator[Row]:
    """An association with locations in several municipalities of one province counts once in it."""
    found = {
        label: counting.total(ACTIVE, OneOf(PLACE, tuple(towns)))
        for label, towns in _provinces(counting.codelists).items()
    }
    yield from _named(figure, found, {label: label for label in found})


def by_year(_figure: Figure, counting: Counting) -> Iterator[Row]:
    """How many say that they began and ended in each year."""
    begun, ended = counting.counts(BEGUN), counting.counts(ENDED)
    first, last = (moment and str(moment.year) for moment in (counting.wanted.first, counting.wanted.last))
    for year in sorted({*begun, *ended}):
        if (first or year) <= year <= (last or year):
            yield {"jaar": year, "opgericht": begun.get(year, 0), "gestopt": ended.get(year, 0)}


def recognitions(figure: Figure, counting: Counting) -> Iterator[Row]:
    """How many recognitions there are of each status."""
    found: Counter[str] = Counter()
    for value, count in counting.counts(RECOGNITION).items():
        found[value.partition(BETWEEN)[0]] += count
    yield from _named(figure, found, _labels(counting.codelists, RECOGNITION_STATUS))


def running_out(_figure: Figure, counting: Counting) -> Iterator[Row]:
    """How many recognitions end in each month."""
    found: Counter[str] = Counter()
    for day, count in _ends(counting):
        found[day[:7]] += count
    yield from ({"maand": moment, "aantal": count} for moment, count in sorted(found.items()))


def which_run_out(_figure: Figure, counting: Counting) -> Iterator[Row]:
    """The recognitions that end first."""
    days: set[str] = set()
    there = 0
    for day, count in sorted(_ends(counting)):
        if there < MOST:
            days.add(day)
        there += count if day in days else 0
    values = tuple(value for value in counting.counts(RECOGNITION) if _is_valid(value) and _end_of(value) in days)
    valid = next(one.iri for one in counting.codelists.concepts(RECOGNITION_STATUS) if one.notation == VALID)
    found = (_ending(document, valid, days) for document in counting.documents(there, OneOf(RECOGNITION, values)))
    rows = sorted(chain.from_iterable(found), key=lambda row: (row["einde"], row["verenigingIri"]))
    yield from rows[:MOST]


def quality(_figure: Figure, counting: Counting) -> Iterator[Row]:
    """By municipality how many there are, and of how many each thing is missing."""
    towns, place = _towns(counting.codelists), counting.wanted.place
    asked: dict[str, tuple[Query, ...]] = {name: (OneOf(MISSING, (name,)),) for name in LACKS}
    asked |= {"verenigingen": (), "verouderd": (Between(CHANGED, None, counting.old.isoformat(), with_high=False),)}
    if place:
        found = {name: {place.nis: counting.total(ACTIVE, *query)} for name, query in asked.items()}
    else:
        found = {name: dict(counting.counts(PLACE, ACTIVE, *query)) for name, query in asked.items()}
    for nis in sorted((nis for nis, count in found["verenigingen"].items() if count), key=lambda nis: towns[nis]):
        yield {"gemeente": towns[nis], "nis": nis, **{name: counts.get(nis, 0) for name, counts in found.items()}}


def which_to_look_at(_figure: Figure, counting: Counting) -> Iterator[Row]:
    """Those of which most is missing."""
    room = MOST
    for number in range(len(LISTED), 0, -1):
        for document in counting.documents(room, ACTIVE, OneOf(HOW_MANY, (str(number),))):
            room -= 1
            what = ", ".join(LISTED[name] for name in lacks(document) if name in LISTED)
            yield {**_thing(document), "ontbreekt": number, "wat": what}


def _ends(counting: Counting) -> Iterator[tuple[str, int]]:
    """The last days within the period of recognitions that are valid, and of how many each is."""
    first, last = counting.wanted.first or date.min, counting.wanted.last or date.max
    for value, count in counting.counts(RECOGNITION).items():
        if _is_valid(value) and first.isoformat() <= _end_of(value) <= last.isoformat():
            yield _end_of(value), count


def _is_valid(value: str) -> bool:
    return value.partition(BETWEEN)[0] == VALID


def _end_of(value: str) -> str:
    return value.split(BETWEEN)[1]


def _ending(document: Document, valid: str, days: set[str]) -> Iterator[Row]:
    for one in document.get("erkenningen", ()):
        end = one.get("geldigheidsperiode", {}).get("einddatum", "")
        if one.get("status") == valid and end in days:
            product, by = one.get("ipdcProduct", {}).get("naam"), one.get("naamToekenner")
            yield {**_thing(document), "erkenning": product, "bestuur": by, "einde": end}


def _thing(document: Document) -> Row:
    """The association with its name and its IRI."""
    return {"vereniging": document.get("naam", document["vCode"]), "verenigingIri": document["@id"]}


def _named(figure: Figure, counts: Mapping[str, int], labels: Mapping[str, str]) -> Iterator[Row]:
    """The rows under the columns of a figure: what it is called, its code when that is asked, and how many."""
    names = [column.name for column in figure.columns]
    for code, count in sorted(counts.items(), key=lambda one: (-one[1], labels.get(one[0], ""))):
        if count and code in labels:
            said = (labels[code], code)[: len(names) - 1]
            yield dict(zip(names, (*said, count), strict=True))


def _labels(codelists: CodeLists, scheme: str) -> Mapping[str, str]:
    return {concept.notation: concept.label for concept in codelists.concepts(scheme)}


def _towns(codelists: CodeLists) -> Mapping[str, str]:
    return {town.nis: town.name for town in codelists.municipalities.all}


def _provinces(codelists: CodeLists) -> Mapping[str, list[str]]:
    """The municipalities of each province, two steps up: between them lies an arrondissement."""
    concepts, found = {each.iri: each for each in codelists.concepts(PLACE)}, defaultdict(list)
    for town in codelists.municipalities.all:
        arrondissement = concepts[concepts[town.iri].broader or ""]
        found[concepts[arrondissement.broader or ""].label].append(town.nis)
    return found


Way = Callable[..., Iterator[Row]]
WAYS: Mapping[str, Way] = {
    "waarden": by_value,
    "statussen": by_status,
    "leeftijden": by_age,
    "gemeenten": by_town,
    "provincies": by_province,
    "jaren": by_year,
    "erkenningen": recognitions,
    "aflopend": running_out,
    "aflopend-lijst": which_run_out,
    "kwaliteit": quality,
    "kwaliteit-lijst": which_to_look_at,
}
"""How associations are counted, by the word that a file says after `telt`."""
