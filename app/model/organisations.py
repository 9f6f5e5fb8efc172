"""The administrations of the code list `organisatie`, and other governments that give products.

Which there are, of what kind, where, and whether still active.

>>> organisations = read_organisations(codelists.scheme("organisatie").graph)
>>> organisations.get("https://data.vlaanderen.be/id/organisatie/OVO002067").name
'Gemeente Gent'
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.model.graph import IRI, Graph, Term
from app.model.reading import instances, iris_of, text_of
from app.model.terms import BESLUIT, DCT, OWL, SKOS

LEVELS = "https://productencatalogus.data.vlaanderen.be/id/concept/"
LOCAL, PROVINCIAL = "Lokaal", "Provinciaal"
_CODES = "http://data.vlaanderen.be/id/concept/BestuurseenheidClassificatieCode/"
PROVINCE, MUNICIPALITY = f"{_CODES}5ab0e9b8a3b2ca7c5e000000", f"{_CODES}5ab0e9b8a3b2ca7c5e000001"
# Provinces and their companies; all others in the list are local.
_PROVINCIAL: Mapping[str, str] = MappingProxyType(
    dict.fromkeys((PROVINCE, f"{_CODES}80310756-ce0a-4a1b-9b8e-7c01b6cc7a2d"), PROVINCIAL)
)
# What merged, merged again perhaps; a circle in the list must not keep us.
MOST_MERGERS = 10
_OVO = "https://data.vlaanderen.be/id/organisatie/OVO"


@dataclass(frozen=True)
class Organisation:
    """One administration; `level` is None where it is not known, `nis` where its area is not one municipality.

    `kind` is empty for an organisation of the Flemish or the federal government.
    """

    iri: str
    name: str
    kind: str
    level: str | None
    nis: str | None
    active: bool
    replaced_by: str | None


class Organisations:
    """Look-ups by any of the IRIs that an administration has; immutable."""

    def __init__(self, all_of_them: Iterable[tuple[Organisation, tuple[str, ...]]]) -> None:
        self._by_iri = {iri: one for one, iris in all_of_them for iri in iris}

    def get(self, iri: str) -> Organisation | None:
        """The administration with this IRI, or with one that says the same."""
        return self._by_iri.get(iri)

    def ovo(self, iri: str) -> str | None:
        """The OVO number of an administration, where it has one."""
        found = self.get(iri)
        known = (one for one, each in self._by_iri.items() if each is found and is_flemish(one))
        return next((one.rpartition("/")[2] for one in known), None) if found else None

    def heir(self, iri: str) -> Organisation | None:
        """The administration itself, or the one that took its place."""
        found, steps = self.get(iri), 0
        while found is not None and found.replaced_by and steps < MOST_MERGERS:
            found, steps = self.get(found.replaced_by), steps + 1
        return found

    def heirs(self, nis: str) -> dict[str, str]:
        """By the IRI of each administration that is no more, that of the one of this municipality in its place."""
        gone = (iri for iri, one in self._by_iri.items() if one.replaced_by)
        found = ((iri, self.heir(iri)) for iri in gone)
        return {iri: heir.iri for iri, heir in found if heir is not None and heir.nis == nis}

    def of_municipality(self, nis: str) -> frozenset[str]:
        """The IRIs of all administrations of one municipality: itself, its OCMW, its companies."""
        return frozenset(iri for iri, one in self._by_iri.items() if one.nis == nis)


def is_flemish(iri: str) -> bool:
    """Whether the IRI is one of the organisation register of the Flemish government, also where we lack the name."""
    return iri.startswith(_OVO)


def flemish_iri(text: str) -> str | None:
    """The IRI of an OVO number, as people type it.

    >>> flemish_iri("ovo 002949")
    'https://data.vlaanderen.be/id/organisatie/OVO002949'
    """
    number = text.replace(" ", "").upper().removeprefix("OVO")
    return f"{_OVO}{number}" if len(number) == 6 and number.isascii() and number.isdigit() else None


def read_organisations(graph: Graph) -> Organisations:
    """All organisations in the graph of the code list."""
    return Organisations(_read(graph, node) for node in instances(graph, SKOS.Concept))


def _read(graph: Graph, node: IRI) -> tuple[Organisation, tuple[str, ...]]:
    kind = _text(graph.value(node, BESLUIT.classificatie))
    area = _text(graph.value(node, BESLUIT.werkingsgebied))
    organisation = Organisation(
        iri=node.value,
        name=text_of(graph, node, SKOS.prefLabel),
        kind=kind,
        level=_PROVINCIAL.get(kind, LOCAL) if kind else None,
        nis=area.rpartition("/")[2] or None,
        active=graph.value(node, OWL.deprecated) is None,
        replaced_by=_text(graph.value(node, DCT.isReplacedBy)) or None,
    )
    return organisation, (node.value, *(other.value for other in iris_of(graph, node, SKOS.exactMatch)))


def _text(term: Term | None) -> str:
    return "" if term is None else term.value
