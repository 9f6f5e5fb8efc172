"""The real municipalities, found by whatever people call them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from app.model.graph import IRI, Graph
from app.model.names import fold
from app.model.reading import iri_of, iris_of, needed_iri, text_of, texts_of
from app.model.terms import ADRES, BESLUIT, DCT, RDF, SKOS, Namespace

_GEO = Namespace("http://www.opengis.net/ont/geosparql#")
_POSTCODE = re.compile(r"(?<![0-9])(?:B(?:E)?[ -]?)?([1-9][0-9]{3})(?![0-9])")
_PARENTHESES = re.compile(r"\(([^()]*)\)")
_IN_FRONT = re.compile(r"^(?:stad|gemeente|gem\.)\s+", re.IGNORECASE)
_COUNTRY = re.compile(r"[,\s]+(?:belgi[eë]|belgium|belgique)\s*$", re.IGNORECASE)
# A misspelt name beside a postcode that leaves one municipality needs less likeness than a name alone.
_NEAR_THE_POSTCODE = 70
_WORTH_SUGGESTING = 65


@dataclass(frozen=True)
class Municipality:
    """A municipality since 2025; `unit`, `ovo` and `kbo` are those of its administration (none known in Brussels)."""

    nis: str
    iri: str
    name: str
    unit: str | None
    ovo: str | None
    kbo: str | None
    postcodes: tuple[str, ...]
    former_names: tuple[str, ...]
    former_nis: tuple[str, ...]
    other_names: tuple[str, ...]
    province: str
    lau: str
    area: str


class Municipalities:
    """Look-ups over all municipalities; immutable."""

    def __init__(self, all_of_them: Iterable[Municipality], postal_names: dict[str, tuple[str, ...]]) -> None:
        self.all = tuple(all_of_them)
        self._postal_names = postal_names
        self._codes = {code: one for one in self.all for code in (one.iri, one.nis, one.lau, *one.former_nis)}
        self._units = {one.unit: one for one in self.all if one.unit}
        self._official = {fold(one.name): one for one in self.all}
        for one in self.all:
            for name in (*one.former_names, *one.other_names):
                self._official.setdefault(fold(name), one)
        self._postcodes: dict[str, tuple[Municipality, ...]] = {}
        self._places: dict[str, tuple[Municipality, ...]] = {}
        for code, names in postal_names.items():
            within = self._within(code, {fold(name) for name in names})
            self._postcodes[code] = within
            for name in names:
                self._add_place(fold(name), within)

    def _within(self, code: str, names: set[str]) -> tuple[Municipality, ...]:
        """Those a postcode lies in, the one that the post names it after first."""
        within = [one for one in self.all if code in one.postcodes]
        return tuple(sorted(within, key=lambda one: (fold(one.name) not in names, one.nis)))

    def _add_place(self, name: str, within: tuple[Municipality, ...]) -> None:
        self._places[name] = tuple(dict.fromkeys((*self._places.get(name, ()), *within)))

    def by_postcode(self, postcode: str) -> tuple[Municipality, ...]:
        """Those that a postcode lies in, the main one first."""
        return self._postcodes.get(postcode.strip(), ())

    def by_unit(self, unit: str) -> Municipality | None:
        """The municipality whose administration has this IRI."""
        return self._units.get(unit)

    def ovo_of(self, unit: str) -> str | None:
        """The code of the administration with this IRI in the list of organisations."""
        home = self.by_unit(unit)
        return home.ovo if home else None

    def by_ovo(self, code: str) -> Municipality | None:
        """The municipality whose administration has this code in the list of organisations."""
        return next((one for one in self.all if one.ovo == code), None)

    def postal_names(self, postcode: str) -> tuple[str, ...]:
        """The names (deelgemeenten) that the post knows under a postcode."""
        return self._postal_names.get(postcode.strip(), ())

    def find(self, text: str) -> Municipality | None:
        """The one municipality that is meant, or None when there is none or the text contradicts itself."""
        text = text.strip()
        if found := self._codes.get(text):
            return found
        text = _IN_FRONT.sub("", _COUNTRY.sub("", text))
        code = _POSTCODE.search(text)
        rest = _POSTCODE.sub(" ", text, count=1) if code else text
        names = [name for name in (_PARENTHESES.sub(" ", rest), *_PARENTHESES.findall(rest)) if fold(name)]
        if code is None:
            return self._by_names(names)
        within = self._postcodes.get(code[1], ())
        if not names:
            return within[0] if within else None
        return self._by_names_within(names, within, code[1])

    def _meanings(self, name: str) -> tuple[Municipality, ...]:
        """All municipalities that a name can stand for, the official meaning first."""
        official = self._official.get(fold(name))
        return tuple(dict.fromkeys((*((official,) if official else ()), *self._places.get(fold(name), ()))))

    def _by_names(self, names: list[str]) -> Municipality | None:
        if len(names) == 1:
            meanings = self._meanings(names[0])
            official = self._official.get(fold(names[0]))
            return official or (meanings[0] if len(meanings) == 1 else None)
        common = self._common(names)
        return common[0] if common else None

    def _common(self, names: list[str]) -> tuple[Municipality, ...]:
        """What all names that mean anything have in common."""
        known = [meanings for name in names if (meanings := self._meanings(name))]
        if not known:
            return ()
        return tuple(one for one in known[0] if all(one in meanings for meanings in known[1:]))

    def _by_names_within(self, names: list[str], within: tuple[Municipality, ...], code: str) -> Municipality | None:
        common = self._common(names)
        if common or any(self._meanings(name) for name in names):
            return next((one for one in within if one in common), None)
        near = [*self._postal_names.get(code, ()), *(one.name for one in within)]
        like = max((fuzz.ratio(fold(names[0]), fold(name)) for name in near), default=0.0)
        return within[0] if like >= _NEAR_THE_POSTCODE else None

    def suggest(self, text: str, limit: int = 3) -> tuple[str, ...]:
        """Names of municipalities that may have been meant, likeliest first."""
        text = fold(_POSTCODE.sub(" ", text))
        near = process.extract(
            text, [*self._official, *self._places], scorer=fuzz.ratio, score_cutoff=_WORTH_SUGGESTING, limit=limit * 3
        )
        found = (self._official.get(name) or self._places[name][0] for name, _, _ in near)
        return tuple(dict.fromkeys(one.name for one in found))[:limit]


def read_municipalities(graph: Graph, areas: Mapping[str, str]) -> Municipalities:
    """Out of the graph of `gemeenten.ttl`; `areas` has the code (NUTS 3 and LAU) of each werkingsgebied."""
    postcodes: dict[IRI, list[str]] = {}
    names: dict[str, tuple[str, ...]] = {}
    units: dict[IRI, IRI] = {}
    for node in graph.subjects():
        kind = graph.value(node, RDF.type)
        if kind == ADRES.Postinfo:
            code = texts_of(graph, node, ADRES.postcode)[0]
            names[code] = texts_of(graph, node, ADRES.postnaam)
            for area in iris_of(graph, node, _GEO.sfWithin):
                postcodes.setdefault(area, []).append(code)
        elif kind == BESLUIT.Bestuurseenheid and isinstance(node, IRI):
            units[iris_of(graph, node, BESLUIT.werkingsgebied)[0]] = node
    all_of_them = (
        _municipality(graph, iri, units.get(iri), tuple(codes), areas)
        for iri, codes in sorted(postcodes.items(), key=lambda pair: pair[0].value)
    )
    return Municipalities(all_of_them, names)


def _municipality(
    graph: Graph, node: IRI, unit: IRI | None, postcodes: tuple[str, ...], areas: Mapping[str, str]
) -> Municipality:
    area = next(iri.value for iri in iris_of(graph, node, SKOS.exactMatch) if iri.value in areas)
    former = iris_of(graph, node, DCT.replaces)
    numbers = texts_of(graph, unit, DCT.identifier) if unit else ()
    name = text_of(graph, node, SKOS.prefLabel)
    others = (label for label in texts_of(graph, node, SKOS.prefLabel) if label != name)
    former_names = tuple(old for one in former for old in texts_of(graph, one, SKOS.prefLabel) if old != name)
    return Municipality(
        nis=texts_of(graph, node, SKOS.notation)[0],
        iri=node.value,
        name=name,
        unit=unit.value if unit else None,
        ovo=next((number for number in numbers if number.startswith("OVO")), None),
        kbo=next((number for number in numbers if number.isdigit()), None),
        postcodes=postcodes,
        former_names=former_names,
        former_nis=tuple(texts_of(graph, one, SKOS.notation)[0] for one in former),
        other_names=(*others, *texts_of(graph, node, SKOS.hiddenLabel)),
        province=_province(graph, node),
        lau=areas[area],
        area=area,
    )


def _province(graph: Graph, node: IRI) -> str:
    """The province two steps up, without the word; for Brussels the region."""
    arrondissement = needed_iri(graph, node, SKOS.broader)
    above = iri_of(graph, arrondissement, SKOS.broader) or arrondissement
    return text_of(graph, above, SKOS.prefLabel).removeprefix("Provincie ")
