"""Of what people can ask to be told: read from `ontology/meldingen.ttl`; every kind and every field by itself besides.

occasions = load_occasions(root, schema)
occasions_of(change.known, change.type, occasions)      # {'alles', 'bankrekening', 'veld:bankrekeningnummers'}
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.model.changes import ADDED, FOLLOWING, Difference
from app.model.fields import EntityType, Schema
from app.model.graph import IRI, Graph, Subject, parse_graph
from app.model.reading import instances, number_of, text_of
from app.model.terms import DCT, SH, SKOS, VL
from app.register.events import View

FIELD, KIND = "veld:", "soort:"
EVERYTHING = "alles"


@dataclass(frozen=True)
class Occasion:
    """One thing to be told of."""

    key: str
    label: str
    help: str
    order: int
    deeds: frozenset[str]
    changed: frozenset[str]
    added: frozenset[str]
    kind: str = ""

    def arises(self, view: View, kind: str) -> bool:
        """Whether this is what a circle of readers sees happen to something of this kind."""
        if self.kind and self.kind != kind:
            return False
        return bool(self.deeds & view.deeds) or any(self._fits(one) for one in view.differences)

    def _fits(self, difference: Difference) -> bool:
        return difference.shape in self.changed or (difference.what == ADDED and difference.shape in self.added)


def load_occasions(root: Path, schema: Schema) -> tuple[Occasion, ...]:
    """The occasions in their order."""
    path = root / "ontology" / "meldingen.ttl"
    graph = parse_graph(path.read_bytes(), base=f"{schema.base}/")
    found = (_occasion(graph, subject) for subject in instances(graph, VL.Aanleiding))
    return tuple(sorted(found, key=lambda one: one.order))


def occasions_of(view: View, type: EntityType, occasions: Sequence[Occasion]) -> frozenset[str]:
    """The keys of all that arises, and of each field that changed; none when there is nothing to see."""
    if not view.deeds:
        return frozenset()
    arisen = {one.key for one in occasions if one.arises(view, type.key)}
    return frozenset({*arisen, f"{KIND}{type.key}", *(field_key(type, each.term) for each in view.differences)})


def field_key(type: EntityType, term: str) -> str:
    """The key of the occasion that one field changes."""
    return f"{FIELD}{type.key}.{term}"


def kind_occasions(schema: Schema) -> Iterator[tuple[str, str]]:
    """Key and label of everything that happens to one kind of thing."""
    for type in schema.public_types:
        yield f"{KIND}{type.key}", f"Elke wijziging van {type.plural}"


def field_occasions(schema: Schema) -> Iterator[tuple[str, str]]:
    """Key and label of each field of each kind, but for those that follow from others."""
    for type in schema.public_types:
        for field in type.fields:
            if field.path not in FOLLOWING:
                yield field_key(type, field.term), f"{type.label.capitalize()}: {field.label.lower()}"


def _occasion(graph: Graph, subject: Subject) -> Occasion:
    return Occasion(
        key=text_of(graph, subject, DCT.identifier),
        label=text_of(graph, subject, SKOS.prefLabel),
        help=text_of(graph, subject, SKOS.definition),
        order=int(number_of(graph, subject, SH.order) or 0),
        deeds=_all(graph, subject, VL.bijHandeling),
        changed=_all(graph, subject, VL.bijWijzigingVan),
        added=_all(graph, subject, VL.bijToevoegingAan),
        kind=text_of(graph, subject, VL.vanSoort),
    )


def _all(graph: Graph, subject: Subject, predicate: IRI) -> frozenset[str]:
    return frozenset(value.value for value in graph.objects(subject, predicate))
