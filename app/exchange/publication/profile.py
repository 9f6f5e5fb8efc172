"""What a page with decisions must say, per type of document: read from `shapes/publicatie/`.

profiles = load_profiles(root)
profiles["notulen"].parts[1].properties[0].name     # 'agendapunten'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.model.graph import IRI, Graph, Literal, parse_graph
from app.model.reading import instances, iris_of, is_true, items, needed_iri, number_of, ordered, text_of
from app.model.shacl.compile import compile_shapes
from app.model.shacl.core import Shapes
from app.model.terms import BESLUIT, MANDAAT, RDF, RDFS, SH, VL

FOLDER = Path("shapes") / "publicatie"
PROPERTIES = FOLDER / "eigenschappen.ttl"
OFFICIALS = frozenset({MANDAAT.Mandataris, IRI("http://data.lblod.info/vocabularies/leidinggevenden/Functionaris")})


@dataclass(frozen=True)
class Property:
    """One property of a part: its name, the level that needs it, and how it is written."""

    shape: IRI
    paths: tuple[IRI, ...]
    name: str
    description: str
    example: str
    order: float
    level: int | None
    bonus: bool
    required: bool
    may_be_nowhere: bool
    classes: frozenset[IRI]

    @property
    def is_of_officials(self) -> bool:
        """Whether its values are people in office."""
        return bool(self.classes & OFFICIALS)


@dataclass(frozen=True)
class Part:
    """One kind of thing in a page, such as a session or a vote."""

    name: str
    class_: IRI
    properties: tuple[Property, ...]


@dataclass(frozen=True)
class Profile:
    """All that is asked of one type of document."""

    key: str
    label: str
    description: str
    concept: IRI
    parts: tuple[Part, ...]
    shapes: Shapes
    graph: Graph


def load_profiles(root: Path) -> Mapping[str, Profile]:
    """The profiles by key, the most demanding type of document first."""
    properties = parse_graph((root / PROPERTIES).read_bytes())
    paths = [path for path in sorted((root / FOLDER).glob("*.ttl")) if path.name != PROPERTIES.name]
    profiles = [_profile(path.stem, parse_graph(path.read_bytes()), properties) for path in paths]
    return {profile.key: profile for profile in sorted(profiles, key=lambda profile: -len(profile.parts))}


def _profile(key: str, own: Graph, properties: Graph) -> Profile:
    graph = own | properties
    [subject] = instances(own, VL.Publicatieprofiel)
    return Profile(
        key=key,
        label=text_of(own, subject, RDFS.label),
        description=text_of(own, subject, RDFS.comment),
        concept=needed_iri(own, subject, VL.documenttype),
        parts=tuple(_part(graph, shape) for shape in ordered(graph, instances(own, SH.NodeShape))),
        shapes=compile_shapes(graph, Graph()),
        graph=graph,
    )


def _part(graph: Graph, shape: IRI) -> Part:
    properties = tuple(_property(graph, each) for each in ordered(graph, iris_of(graph, shape, SH.property)))
    return Part(text_of(graph, shape, RDFS.label), needed_iri(graph, shape, SH.targetClass), properties)


def _property(graph: Graph, shape: IRI) -> Property:
    level = number_of(graph, shape, VL.niveau)
    return Property(
        shape=shape,
        paths=_paths(graph, shape),
        name=text_of(graph, shape, SH.name),
        description=text_of(graph, shape, SH.description),
        example=text_of(graph, shape, VL.voorbeeld),
        order=number_of(graph, shape, SH.order) or 0,
        level=int(level) if level else None,
        bonus=is_true(graph, shape, VL.bonus),
        required=bool(number_of(graph, shape, SH.minCount) or number_of(graph, shape, SH.qualifiedMinCount)),
        may_be_nowhere=is_true(graph, shape, VL.magNergens),
        classes=frozenset(_classes(graph, shape)),
    )


def _paths(graph: Graph, shape: IRI) -> tuple[IRI, ...]:
    path = graph.value(shape, SH.path)
    if isinstance(path, IRI):
        return (path,)
    head = graph.value(path, SH.alternativePath) if path is not None and not isinstance(path, Literal) else None
    return tuple(term for term in items(graph, head) if isinstance(term, IRI))


def _classes(graph: Graph, shape: IRI) -> list[IRI]:
    """The classes that a value may have: that of the property, or of each alternative."""
    alternatives = items(graph, graph.value(shape, SH["or"]))
    nodes = (shape, *(node for node in alternatives if not isinstance(node, Literal)))
    return [each for node in nodes for each in iris_of(graph, node, SH["class"])]


# What tells a type of document when the page does not say it, the most telling first.
TELLING: tuple[tuple[IRI, str], ...] = (
    (BESLUIT.Artikel, "notulen"),
    (BESLUIT.BehandelingVanAgendapunt, "besluitenlijst"),
    (BESLUIT.Zitting, "agenda"),
    (BESLUIT.Agendapunt, "agenda"),
)


def profile_of(graph: Graph, profiles: Mapping[str, Profile]) -> Profile:
    """The profile that a page is to be held against: of the type that it says to be, else of what is in it."""
    classes = {class_ for subject in graph.subjects() for class_ in graph.objects(subject, RDF.type)}
    for profile in profiles.values():
        if profile.concept in classes:
            return profile
    if BESLUIT.Besluit in classes and not classes & {BESLUIT.Zitting, BESLUIT.BehandelingVanAgendapunt}:
        return profiles["besluit"]
    return profiles[next((key for class_, key in TELLING if class_ in classes), "besluit")]
