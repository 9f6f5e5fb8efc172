"""What somebody looks for on the site: a name, and a choice from lists; on the page and in its downloads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from starlette.datastructures import QueryParams

from app.model.codelists import CodeLists
from app.store.search.both import Both
from app.store.search.index import Asked, Found, Hit, Search, SortKey
from app.store.search.query import EVERYTHING, Combined, Near, OneOf, Pattern, Query, Words, every
from app.store.search.words import all_words, words
from app.web.associations.choices import ACTIVITIES, FACETS

NAMES = ("naam", "korteNaam", "roepnaam")
KEYS = ("vCode", "sleutels.waarde")
LONGEST, MOST_WORDS = 200, 12
# A shorter part of a word stands in nearly every name: only words that begin with it are looked for.
SHORT = 3
BY_NAME = (SortKey("naam"),)


@dataclass(frozen=True)
class Select:
    """One list to choose from: its parameter in the address, the facet behind it, and what the form says."""

    parameter: str
    facet: str
    label: str
    everything: str


SELECTS = (
    Select("activiteit", ACTIVITIES, "Activiteit", "Alle activiteiten"),
    Select("gemeente", "gemeente", "Gemeente", "Alle gemeenten"),
    Select("leeftijd", "leeftijdsgroep", "Leeftijd", "Alle leeftijden"),
    Select("soort", "verenigingstype", "Soort", "Alle soorten"),
)


POSTCODE = "postcode"


@dataclass(frozen=True)
class Filter:
    """What is looked for, as typed or chosen; `chosen` by parameter, without those that are left open."""

    name: str
    chosen: Mapping[str, str]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked."""
        return not (self.name or self.chosen)

    def choices(self, codelists: CodeLists) -> dict[str, Query]:
        """The choices by the field that they are about; what stands in no list fits nothing."""
        named = (*((each.facet, each.parameter) for each in SELECTS), (POSTCODE, POSTCODE))
        facets = ((FACETS[facet], self.chosen.get(parameter)) for facet, parameter in named)
        return {facet.field: facet.among(codelists, [text]) for facet, text in facets if text}


def read_filter(parameters: QueryParams) -> Filter:
    """The filter in an address."""
    names = ("naam", POSTCODE, *(select.parameter for select in SELECTS))
    texts = {name: parameters.get(name, "").strip()[:LONGEST] for name in names}
    return Filter(texts.pop("naam"), {name: text for name, text in texts.items() if text})


def find(search: Search | Both, codelists: CodeLists, filter: Filter, offset: int, limit: int) -> tuple[Found, bool]:
    """One page by name, with the counts of every list, and whether typing errors had to be forgiven to find it."""
    fields = tuple(FACETS[select.facet].field for select in SELECTS)
    asked = question(filter, codelists)
    found = search.find(replace(asked, counts=fields, offset=offset, limit=limit))
    if found.total or not filter.name:
        return found, False
    nearly = replace(asked, query=by_name(filter.name, typing_errors=True))
    found = search.find(replace(nearly, counts=fields, offset=offset, limit=limit))
    return found, bool(found.total)


def find_all(search: Search, codelists: CodeLists, filter: Filter) -> Iterator[Hit]:
    """All that `find` would show, page after page."""
    asked = question(filter, codelists)
    if filter.name and not search.find(replace(asked, limit=0)).total:
        asked = replace(asked, query=by_name(filter.name, typing_errors=True))
    return search.walk(asked)


def question(filter: Filter, codelists: CodeLists) -> Asked:
    """The filter as a question, by name."""
    return Asked(by_name(filter.name), filter.choices(codelists), keys=BY_NAME)


def by_name(text: str, typing_errors: bool = False) -> Query:
    """All words of the text in one of the names, as parts of words; or the whole as a V-code or a KBO number."""
    found = words(text)[:MOST_WORDS]
    if not found:
        # "de" tells nothing about what is looked for, "***" cannot be looked for at all.
        return EVERYTHING if not text or all_words(text) else OneOf(NAMES[0], ())
    parts = every(*(_in_names(word, typing_errors) for word in found))
    return parts if typing_errors else Combined(should=(parts, *(Words(key, text) for key in KEYS)))


def _in_names(word: str, typing_errors: bool) -> Query:
    if typing_errors:
        return Combined(should=tuple(Near(name, word) for name in NAMES))
    pattern = f"{word}*" if len(word) < SHORT else f"*{word}*"
    return Combined(should=tuple(Pattern(name, pattern) for name in NAMES))
