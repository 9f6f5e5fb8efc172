"""What a page with decisions must say, per type of document: read from `shapes/publicatie/`.

profiles = load_profiles(root)
profiles["notulen"].parts[1].properties[0].name     # 'agendapunten'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.model.graph import IRI, Graph, Literal, Subject, Term, parse_graph
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
    [subject] = [node for node in own.subjects() if VL.Publicatieprofiel in own.objects(node, RDF.type)]
    shapes = [node for node in own.subjects() if SH.NodeShape in own.objects(node, RDF.type)]
    parts = [_part(graph, shape) for shape in sorted(shapes, key=lambda shape: _number(graph, shape, SH.order) or 0)]
    return Profile(
        key=key,
        label=_text(own, subject, RDFS.label),
        description=_text(own, subject, RDFS.comment),
        concept=_iri(own.value(subject, VL.documenttype)),
        parts=tuple(parts),
        shapes=compile_shapes(graph, Graph()),
        graph=graph,
    )


def _part(graph: Graph, shape: Subject) -> Part:
    properties = sorted((_property(graph, _iri(p)) for p in graph.objects(shape, SH.property)), key=lambda p: p.order)
    return Part(_text(graph, shape, RDFS.label), _iri(graph.value(shape, SH.targetClass)), tuple(properties))


def _property(graph: Graph, shape: IRI) -> Property:
    level = _number(graph, shape, VL.niveau)
    return Property(
        shape=shape,
        paths=_paths(graph, shape),
        name=_text(graph, shape, SH.name),
        description=_text(graph, shape, SH.description),
        example=_text(graph, shape, VL.voorbeeld),
        order=_number(graph, shape, SH.order) or 0,
        level=int(level) if level else None,
        bonus=graph.value(shape, VL.bonus) == Literal(True),
        required=bool(_number(graph, shape, SH.minCount) or _number(graph, shape, SH.qualifiedMinCount)),
        may_be_nowhere=graph.value(shape, VL.magNergens) == Literal(True),
        classes=frozenset(_classes(graph, shape)),
    )


def _paths(graph: Graph, shape: IRI) -> tuple[IRI, ...]:
    path = graph.value(shape, SH.path)
    if isinstance(path, IRI):
        return (path,)
    head = graph.value(path, SH.alternativePath) if path is not None and not isinstance(path, Literal) else None
    return tuple(term for term in _list(graph, head) if isinstance(term, IRI))


def _classes(graph: Graph, shape: IRI) -> list[IRI]:
    """The classes that a value may have: that of the property, or of each alternative."""
    alternatives = _list(graph, graph.value(shape, SH["or"]))
    nodes = [shape, *(node for node in alternatives if not isinstance(node, Literal))]
    return [_iri(c) for node in nodes for c in graph.objects(node, SH["class"])]


def _list(graph: Graph, head: Term | None) -> list[Term]:
    items: list[Term] = []
    while head is not None and head != RDF.nil and not isinstance(head, Literal):
        items += graph.objects(head, RDF.first)
        head = graph.value(head, RDF.rest)
    return items


def _iri(term: Term | None) -> IRI:
    if not isinstance(term, IRI):
        raise ValueError(f"an IRI is missing in {FOLDER}")
    return term


def _text(graph: Graph, subject: Subject, property: IRI) -> str:
    found = graph.value(subject, property)
    return found.value if isinstance(found, Literal) else ""


def _number(graph: Graph, subject: Subject, property: IRI) -> float | None:
    found = graph.value(subject, property)
    return float(found.value) if isinstance(found, Literal) else None


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
