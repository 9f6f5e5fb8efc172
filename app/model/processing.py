"""The register of processing activities: what personal data, for what purposes, on what ground, how long (GDPR 30).

    register = load_processing(root, "https://verenigingen.voorbeeld.be")
    register.purpose("dienstverlening").fields       # the shapes of the fields that may be read for it

`ontology/personal.ttl` says it all, in the words of https://w3id.org/dpv; a purpose gives the fields of its activities.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.errors import Problem, Refused
from app.model.graph import IRI, Graph, Subject, parse_graph
from app.model.reading import instances, iris_of, needed_iri, text_of, texts_of
from app.model.terms import DPV, RDF, SKOS

SERVICE = "dienstverlening"
RIGHTS, TECHNICAL, OVERSIGHT = "rechten", "techniek", "toezicht"
PURPOSE_CLASSES = (DPV.Purpose, DPV.LegalCompliance, DPV.TechnicalServiceProvision)
DAYS = re.compile(r"P(\d+)D")


@dataclass(frozen=True)
class Notion:
    """Something with an address, a name and an explanation."""

    iri: IRI
    label: str
    definition: str


@dataclass(frozen=True)
class Purpose(Notion):
    """Why personal values are used; `choosable` are those that somebody states, the others come with what is done."""

    codes: tuple[str, ...]
    example: str
    ground: Notion
    choosable: bool
    fields: frozenset[IRI]

    @property
    def code(self) -> str:
        """The word by which it is stated."""
        return self.codes[0]


@dataclass(frozen=True)
class Retention(Notion):
    """How long; after `days` it goes, or without them when something happens."""

    days: int | None


@dataclass(frozen=True)
class Activity(Notion):
    """One processing activity."""

    subject: str
    purposes: tuple[Notion, ...]
    ground: Notion
    retention: Retention
    fields: tuple[IRI, ...]

    @property
    def purpose_iris(self) -> frozenset[IRI]:
        """What it is done for."""
        return frozenset(purpose.iri for purpose in self.purposes)


@dataclass(frozen=True)
class ProcessingRegister:
    """All of it, in the order in which a person reads it."""

    purposes: tuple[Purpose, ...]
    activities: tuple[Activity, ...]
    recipients: tuple[Notion, ...]
    processors: tuple[Notion, ...]
    measures: tuple[Notion, ...]
    graph: Graph = field(repr=False)

    @property
    def choosable(self) -> tuple[Purpose, ...]:
        """The purposes that somebody may state."""
        return tuple(purpose for purpose in self.purposes if purpose.choosable)

    def purpose(self, code: str) -> Purpose:
        """The purpose with this code; raises KeyError when there is none."""
        found = next((each for each in self.purposes if code in each.codes), None)
        if found is None:
            raise KeyError(code)
        return found

    def stated(self, text: str) -> tuple[Purpose, str]:
        """The purpose that somebody states, and what they say besides: `dienstverlening: aanvraag 2026-12`.

        Raises Refused when no purpose, or none that may be chosen, is stated.
        """
        code, _, why = text.partition(": ")
        for purpose in self.choosable:
            if code.strip() in (*purpose.codes, purpose.iri.value, purpose.label):
                return purpose, why.strip()
        wanted = " of ".join(purpose.code for purpose in self.choosable)
        raise Refused("Zeg met welk doel u persoonsgegevens vraagt.", (Problem("doel", f"Kies een doel: {wanted}."),))

    @property
    def days(self) -> int:
        """How long personal values stay after the end of what they belong to: the shortest time of an activity."""
        return min(each.retention.days for each in self.activities if each.fields and each.retention.days)

    @property
    def days_of_accesses(self) -> int:
        """How long it is kept who used personal values."""
        watched = (each.retention.days for each in self.activities if self.purpose(OVERSIGHT).iri in each.purpose_iris)
        return max(days for days in watched if days)


def load_processing(root: Path, base: str) -> ProcessingRegister:
    """Read `ontology/personal.ttl`, with `base` in front of the service's own addresses."""
    graph = parse_graph((root / "ontology" / "personal.ttl").read_bytes(), base=f"{base}/")
    processes = instances(graph, DPV.Process)
    return ProcessingRegister(
        purposes=tuple(_purpose(graph, node, processes) for node in instances(graph, *PURPOSE_CLASSES)),
        activities=tuple(_activity(graph, node) for node in processes),
        recipients=_notions(graph, instances(graph, DPV.Recipient)),
        processors=_notions(graph, instances(graph, DPV.DataProcessor)),
        measures=_notions(graph, instances(graph, DPV.TechnicalMeasure, DPV.OrganisationalMeasure)),
        graph=graph,
    )


def _purpose(graph: Graph, node: IRI, processes: Iterable[IRI]) -> Purpose:
    own = [process for process in processes if node in graph.objects(process, DPV.hasPurpose)]
    return Purpose(
        **_words(graph, node),
        codes=texts_of(graph, node, SKOS.notation),
        example=text_of(graph, node, SKOS.example),
        ground=_related(graph, node, DPV.hasLegalBasis),
        choosable=DPV.Purpose in graph.objects(node, RDF.type),
        fields=frozenset(shape for process in own for shape in iris_of(graph, process, DPV.hasPersonalData)),
    )


def _activity(graph: Graph, node: IRI) -> Activity:
    kept = needed_iri(graph, node, DPV.hasStorageCondition)
    days = DAYS.fullmatch(text_of(graph, kept, DPV.hasDuration))
    return Activity(
        **_words(graph, node),
        subject=_related(graph, node, DPV.hasDataSubject).label,
        purposes=_notions(graph, iris_of(graph, node, DPV.hasPurpose)),
        ground=_related(graph, node, DPV.hasLegalBasis),
        retention=Retention(**_words(graph, kept), days=int(days[1]) if days else None),
        fields=iris_of(graph, node, DPV.hasPersonalData),
    )


def _notions(graph: Graph, nodes: Iterable[IRI]) -> tuple[Notion, ...]:
    return tuple(Notion(**_words(graph, node)) for node in nodes)


def _related(graph: Graph, node: Subject, path: IRI) -> Notion:
    return Notion(**_words(graph, needed_iri(graph, node, path)))


def _words(graph: Graph, node: IRI) -> dict[str, Any]:
    return {
        "iri": node,
        "label": text_of(graph, node, SKOS.prefLabel),
        "definition": text_of(graph, node, SKOS.definition),
    }
