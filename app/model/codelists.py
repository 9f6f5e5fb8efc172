"""The code lists of `ontology/codelists`: concepts by IRI, code or name as people write it, and real municipalities.

>>> lists = load_codelists(root)
>>> lists.find("hoofdactiviteit", "jeugd").notation, lists.municipality("GENT (Gentbrugge)").nis
('JGDW', '44021')
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rapidfuzz import fuzz, process

from app.errors import Unknown
from app.model.graph import IRI, Graph, parse_graph
from app.model.municipalities import Municipalities, Municipality, read_municipalities
from app.model.names import fold
from app.model.organisations import Organisations, read_organisations
from app.model.reading import iri_of, iris_of, text_of, texts_of
from app.model.terms import DCT, OWL, RDF, SKOS

__all__ = ["CodeLists", "Concept", "Municipality", "Scheme", "fold", "load_codelists"]

# Below this a suggestion is noise; above the second one it is a typing error of one or two letters.
_WORTH_SUGGESTING = 60
_TYPING_ERROR = 88
_LONG_ENOUGH = 5


@dataclass(frozen=True)
class Concept:
    """One concept of one scheme; `alt_labels` holds also the names that are only for finding it."""

    iri: str
    notation: str
    label: str
    scheme: str
    scheme_key: str
    alt_labels: tuple[str, ...] = ()
    broader: str | None = None
    definition: str | None = None
    matches: tuple[str, ...] = ()
    deprecated: bool = False
    replaced_by: str | None = None


@dataclass(frozen=True)
class Scheme:
    """One code list; `graph` is all that its file says."""

    iri: str
    key: str
    title: str
    definition: str
    version: str
    modified: str
    graph: Graph
    concepts: tuple[Concept, ...]


class CodeLists:
    """Look-ups over all code lists; immutable once loaded."""

    def __init__(self, schemes: Iterable[Scheme]) -> None:
        self._schemes = {scheme.key: scheme for scheme in schemes}
        self._keys = {scheme.iri: scheme.key for scheme in self._schemes.values()}
        self._members = {
            key: {concept.iri: concept for concept in scheme.concepts} for key, scheme in self._schemes.items()
        }
        self._concepts = _by_iri(self._schemes.values())
        self._names = {key: _names(scheme.concepts, self._concepts) for key, scheme in self._schemes.items()}

    def schemes(self) -> tuple[Scheme, ...]:
        """All code lists."""
        return tuple(self._schemes.values())

    def scheme(self, key: str) -> Scheme:
        """By key (`hoofdactiviteit`) or IRI; KeyError when there is none."""
        return self._schemes[self._keys.get(key, key)]

    def concept(self, iri: str, scheme: str | None = None) -> Concept | None:
        """The concept with this IRI; of one `scheme` (key or IRI) where it stands in several."""
        if scheme is None:
            return self._concepts.get(iri)
        return self._members.get(self._keys.get(scheme, scheme), {}).get(iri)

    def concepts(self, scheme: str) -> tuple[Concept, ...]:
        """All concepts of a scheme that are in use, in the order of the file."""
        return tuple(concept for concept in self.scheme(scheme).concepts if not concept.deprecated)

    def find(self, scheme: str, text: str) -> Concept | None:
        """By IRI, code or any name, small typing errors forgiven; a concept no longer in use leads to its successor."""
        key = self._keys.get(scheme, scheme)
        text = text.strip()
        if found := self._members[key].get(text):
            return found
        if key == "gemeente" and (municipality := self.municipality(text)):
            return self._members[key].get(municipality.iri)
        folded = fold(text)
        if not folded:
            return None
        if found := self._names[key].get(folded):
            return found
        return self._typing_error(key, folded)

    def _typing_error(self, key: str, folded: str) -> Concept | None:
        if len(folded) < _LONG_ENOUGH:
            return None
        near = process.extract(folded, self._names[key].keys(), scorer=fuzz.ratio, score_cutoff=_TYPING_ERROR, limit=5)
        found = {self._names[key][name].iri: self._names[key][name] for name, _, _ in near}
        return next(iter(found.values())) if len(found) == 1 else None

    def suggest(self, scheme: str, text: str, limit: int = 3) -> tuple[str, ...]:
        """Labels that may have been meant, likeliest first, for `Bedoelde u …?`."""
        key = self._keys.get(scheme, scheme)
        if key == "gemeente":
            return self.municipalities.suggest(text, limit)
        names = self._names[key]
        near = process.extract(
            fold(text), names.keys(), scorer=fuzz.WRatio, score_cutoff=_WORTH_SUGGESTING, limit=limit * 4
        )
        labels = dict.fromkeys(names[name].label for name, _, _ in near)
        return tuple(labels)[:limit]

    @cached_property
    def municipalities(self) -> Municipalities:
        """The municipalities, to be found by whatever people call them."""
        areas = {area.iri: area.notation for area in self._schemes["werkingsgebied"].concepts}
        return read_municipalities(self._schemes["gemeente"].graph, areas)

    @cached_property
    def organisations(self) -> Organisations:
        """The administrations, by any of their IRIs."""
        return read_organisations(self._schemes["organisatie"].graph)

    def municipality(self, text: str) -> Municipality | None:
        """By name, old name, deelgemeente, NIS code, IRI, postcode, or `9000 Gent`, `GENT (Gentbrugge)`."""
        return self.municipalities.find(text)

    def known_municipality(self, text: str) -> Municipality:
        """The one that is called so, as `municipality` finds it; raises Unknown."""
        found = self.municipality(text)
        if found is None:
            raise Unknown("Deze gemeente kennen we niet.")
        return found

    def by_postcode(self, postcode: str) -> tuple[Municipality, ...]:
        """The municipalities that a postcode lies in, the main one first; three postcodes lie in two."""
        return self.municipalities.by_postcode(postcode)

    def postal_names(self, postcode: str) -> tuple[str, ...]:
        """The names (deelgemeenten) that the post knows under a postcode."""
        return self.municipalities.postal_names(postcode)


def _by_iri(schemes: Iterable[Scheme]) -> dict[str, Concept]:
    """Where a concept stands in two schemes, the one in which it is still in use wins."""
    found: dict[str, Concept] = {}
    for scheme in schemes:
        for concept in scheme.concepts:
            if concept.iri not in found or found[concept.iri].deprecated:
                found[concept.iri] = concept
    return found


def _names(concepts: Iterable[Concept], all_concepts: Mapping[str, Concept]) -> dict[str, Concept]:
    """Folded code and names to concept; labels win over codes of others, and those over the rest."""
    names: dict[str, Concept] = {}
    for concept in concepts:
        heir = all_concepts.get(concept.replaced_by or "") if concept.deprecated else concept
        if heir is not None:
            names.setdefault(fold(concept.label), heir)
            names.setdefault(fold(concept.notation), heir)
    for concept in concepts:
        for label in concept.alt_labels:
            names.setdefault(fold(label), concept)
    names.pop("", None)
    return names


def load_codelists(root: Path) -> CodeLists:
    """Read `root/ontology/codelists/*.ttl`, one scheme a file."""
    files = sorted((root / "ontology" / "codelists").glob("*.ttl"))
    return CodeLists(_scheme(parse_graph(file.read_bytes())) for file in files)


def _scheme(graph: Graph) -> Scheme:
    node = next(node for node in graph.subjects() if graph.value(node, RDF.type) == SKOS.ConceptScheme)
    assert isinstance(node, IRI)
    key = text_of(graph, node, DCT.identifier)
    concepts = (
        _concept(graph, subject, node.value, key)
        for subject in graph.subjects()
        if isinstance(subject, IRI) and node in graph.objects(subject, SKOS.inScheme)
    )
    return Scheme(
        iri=node.value,
        key=key,
        title=text_of(graph, node, DCT["title"]),
        definition=text_of(graph, node, SKOS.definition),
        version=text_of(graph, node, OWL.versionInfo),
        modified=text_of(graph, node, DCT.modified),
        graph=graph,
        concepts=tuple(concepts),
    )


def _concept(graph: Graph, node: IRI, scheme: str, key: str) -> Concept:
    return Concept(
        iri=node.value,
        notation=text_of(graph, node, SKOS.notation),
        label=text_of(graph, node, SKOS.prefLabel),
        scheme=scheme,
        scheme_key=key,
        alt_labels=texts_of(graph, node, SKOS.altLabel) + texts_of(graph, node, SKOS.hiddenLabel),
        broader=_address(iri_of(graph, node, SKOS.broader)),
        definition=text_of(graph, node, SKOS.definition) or None,
        matches=tuple(match.value for p in (SKOS.exactMatch, SKOS.closeMatch) for match in iris_of(graph, node, p)),
        deprecated=graph.value(node, OWL.deprecated) is not None,
        replaced_by=_address(iri_of(graph, node, DCT.isReplacedBy)),
    )


def _address(iri: IRI | None) -> str | None:
    return None if iri is None else iri.value
