"""What of an association can be searched, counted and sorted by: the paths of the register's own search results.

`locaties.postcode` is found because a search result has a postcode in its locations; only the tags of the areas in
which an association is at home or active are added, as the register does, and a few codes of our own to choose by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

import orjson

from app.exchange.odata.lists import Table, rows_of, shown_as
from app.exchange.register_api.json import RegisterJson
from app.model.codelists import CodeLists
from app.model.documents import Document, to_document
from app.model.graph import from_ntriples
from app.model.schema import EntityType
from app.register.reports.tallies import values_of
from app.store.log import Log, Version
from app.store.search.follow import follow, id_of
from app.store.search.index import Search
from app.store.search.layout import Entry, Layout

LAYOUT = Layout(
    code=("vCode", "V{:07d}"),
    text={
        "naam": 10,
        "roepnaam": 10,
        "korteNaam": 8,
        "korteBeschrijving": 2,
        "locaties.naam": 2,
        "locaties.adresvoorstelling": 1,
        "lidmaatschappen.andereVereniging": 1,
        "lidmaatschappen.identificatie": 1,
        "lidmaatschappen.beschrijving": 1,
        "sleutels.waarde": 4,
        "sleutels.gestructureerdeIdentificator.nummer": 1,
    },
    free=frozenset(
        {
            "verenigingstype.code",
            "verenigingstype.naam",
            "verenigingssubtype.code",
            "verenigingssubtype.naam",
            "hoofdactiviteitenVerenigingsloket.code",
            "hoofdactiviteitenVerenigingsloket.naam",
            "werkingsgebieden.code",
            "werkingsgebieden.naam",
            "locaties.postcode",
            "locaties.gemeente",
        }
    ),
    order=("naam", "roepnaam", "korteNaam"),
)
# By what the register lets sort, and by what else has values of its own.
SORTABLE = frozenset(
    {
        *LAYOUT.free,
        *LAYOUT.order,
        "vCode",
        "score",
        "doelgroep.minimumleeftijd",
        "doelgroep.maximumleeftijd",
        "locaties.locatietype",
        "locaties.isPrimair",
        "lidmaatschappen.van",
        "lidmaatschappen.tot",
        "isErkend",
        "inStopzetting",
        "gemeente",
    }
)
GEOTAGS = "geotags.identificatie"
STATUS, MUNICIPALITY, AGE_GROUP = "status", "gemeente", "leeftijdsgroep"
# Words that stand in every result, or in none that anybody looks for.
SKIPPED = ("@id", "@type", "links", "vCode")
# What every association in Belgium has at the end of its addresses tells nothing.
HOMELAND = ", België"


def layout_of(codelists: CodeLists, base: str, tables: Sequence[Table] = ()) -> Layout:
    """The fields of the index; new code lists or addresses make it anew, as results show names and addresses."""
    versions = (f"{scheme.key} {scheme.version} {scheme.modified}" for scheme in codelists.schemes())
    lists = {table.name: tuple(column.name for column in table.columns) for table in tables}
    return replace(LAYOUT, lists=lists, edition=" ".join((base, *versions)))


def follower(
    log: Log, search: Search, type: EntityType, codelists: CodeLists, base: str, tables: Sequence[Table] = ()
) -> Callable[[], int]:
    """What brings the index up to the end of the log, and tells how far it is."""
    project = entries(type, RegisterJson(codelists, base, type.iri_start), tables)
    return partial(follow, log, search.file, type.key, type.feed, project)


def entries(type: EntityType, shaped: RegisterJson, tables: Sequence[Table] = ()) -> Callable[[Version], Entry]:
    """The projection from a public version to what stands in the index."""
    derived = Derived(shaped.codelists, tables)

    def entry(version: Version) -> Entry:
        return entry_of(to_document(from_ntriples(version.public or b""), type, version.entity), shaped, derived)

    return entry


class Derived:
    """What is found besides what a result shows: the tags of its areas, the groups of its ages, its rows in lists."""

    def __init__(self, codelists: CodeLists, tables: Sequence[Table] = ()) -> None:
        self.geotags = Geotags(codelists)
        self._tables = tables
        self._groups = [(*ages_of(each.notation), each.notation) for each in codelists.concepts(AGE_GROUP)]

    def age_groups(self, lowest: int, highest: int) -> list[str]:
        """Every group of which somebody is welcome."""
        return [code for first, last, code in self._groups if lowest <= last and highest >= first]

    def rows(self, document: Document, shaped: RegisterJson) -> Mapping[str, Sequence[Sequence[Any]]]:
        """The rows of one association in every list."""
        shown = shown_as(document, shaped) if self._tables else {}
        return {table.name: rows_of(table, shown) for table in self._tables}


def ages_of(group: str) -> tuple[int, int]:
    """
    >>> ages_of("6-11")
    (6, 11)
    """
    first, _, last = group.partition("-")
    return int(first), int(last)


def entry_of(document: Document, shaped: RegisterJson, derived: Derived) -> Entry:
    """One association as it is found."""
    fields: dict[str, list[str]] = defaultdict(list)
    shown = shaped.hit(document)
    for path, value in flat(shown):
        fields[path].append(value)
    text = {path: "\n".join(fields.pop(path, ())).replace(HOMELAND, "") for path in LAYOUT.text}
    ages = shown["doelgroep"]
    own = {
        GEOTAGS: derived.geotags.of(fields.get("locaties.postcode", ()), fields.get("werkingsgebieden.code", ())),
        AGE_GROUP: derived.age_groups(ages["minimumleeftijd"], ages["maximumleeftijd"]),
        STATUS: [shaped.code_of(document.get("status"))],
        MUNICIPALITY: [shaped.code_of(iri) for iri in document.get("gemeente", ())],
        **values_of(document, shaped.code_of),
    }
    id = id_of(document["vCode"])
    values = {**{path: set(found) for path, found in fields.items()}, **own}
    return Entry(id, text, values, orjson.dumps(document), orjson.dumps(shown), derived.rows(document, shaped))


def flat(node: Mapping[str, Any], start: str = "") -> Iterator[tuple[str, str]]:
    """
    >>> list(flat({"a": {"b": [{"c": 1}, {"c": True}]}, "d": ""}))
    [('a.b.c', '1'), ('a.b.c', 'true')]
    """
    for term, value in node.items():
        if term in SKIPPED:
            continue
        for each in value if isinstance(value, list) else (value,):
            if isinstance(each, dict):
                yield from flat(each, f"{start}{term}.")
            elif each not in ("", None):
                yield f"{start}{term}", str(each).lower() if isinstance(each, bool) else str(each)


class Geotags:
    """The codes of the areas that an area lies in or holds: postcode, municipality (NUTS 3 and LAU), province (NUTS 2).

    A municipality has each of its codes, also the one that the register joined to a neighbouring NUTS 3 area.
    """

    def __init__(self, codelists: CodeLists) -> None:
        joined: dict[str, set[str]] = defaultdict(set)
        others = _former_codes(codelists)
        for municipality in codelists.municipalities.all:
            codes = {municipality.lau, *others.get(municipality.lau, ())}
            province = municipality.lau[:4]
            joined[province] |= {province, *codes, *municipality.postcodes}
            for code in codes:
                joined[code] |= {*codes, province, *municipality.postcodes}
            for postcode in municipality.postcodes:
                joined[postcode] |= {*codes, province, postcode}
        self._joined = {code: frozenset(tags) for code, tags in joined.items()}
        self.of_codes = lru_cache(maxsize=8192)(self._of_codes)

    def of(self, postcodes: Iterable[str], areas: Iterable[str]) -> frozenset[str]:
        """All tags of an association with these locations and areas."""
        return self.of_codes(frozenset((*postcodes, *areas)))

    def _of_codes(self, codes: frozenset[str]) -> frozenset[str]:
        return frozenset().union(*(self._joined.get(code, frozenset((code,))) for code in codes))


def _former_codes(codelists: CodeLists) -> Mapping[str, set[str]]:
    """By the right code of an area, the codes that it was given besides."""
    found: dict[str, set[str]] = defaultdict(set)
    areas = {concept.iri: concept.notation for concept in codelists.scheme("werkingsgebied").concepts}
    for concept in codelists.scheme("werkingsgebied").concepts:
        if concept.replaced_by in areas:
            found[areas[concept.replaced_by]].add(concept.notation)
    return found
