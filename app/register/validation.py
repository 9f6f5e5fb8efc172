"""Looks everything over once more: each association against its shape, the stores against the log, a file by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.model.graph import IRI, Graph, from_ntriples
from app.model.reading import instances
from app.model.terms import OWL
from app.register.register import Register
from app.store.graphs.port import Graphs
from app.store.graphs.project import Choice, internal_part, latest, public_part
from app.store.records import Version

AGAIN_SECONDS = (0.5, 2.0, 5.0)


@dataclass(frozen=True)
class Finding:
    """A Dutch sentence about one thing, that names no values; a remark breaks nothing."""

    text: str
    is_remark: bool = False


def findings(
    register: Register, public: Graphs, internal: Graphs, pause: Callable[[float], None] = lambda seconds: None
) -> Iterator[Finding]:
    """Each thing that is not as it should be; nothing when all is well.

    A service may run and write meanwhile: what came since is not looked at, and what differs is, after a pause, again.
    """
    # Of a store that is all wrong the pauses are not taken again for each thing in it.
    head, reached, waits = register.log.head(), dict[str, int](), iter(AGAIN_SECONDS)
    for name, store in (("publieke", public), ("interne", internal)):
        reached[name] = store.applied()
        if reached[name] < head:
            yield Finding(f"De {name} opslag staat op volgnummer {reached[name]}, het logboek op {head}.")
    parts: tuple[tuple[str, Graphs, Choice], ...] = (
        ("publieke", public, public_part),
        ("interne", internal, internal_part),
    )
    for versions in latest(register.log):
        for version in versions:
            for name, store, part in parts:
                if version.sequence <= reached[name] and _differs(store, version, part, register, pause, waits):
                    yield Finding(f"{version.entity}: de {name} opslag wijkt af van het logboek.")
            if version.operation != "delete":
                yield from _broken(from_ntriples(internal_part(version)), version.entity, version.kind, register)


def _differs(
    store: Graphs, version: Version, part: Choice, register: Register, pause: Callable[[float], None],
    waits: Iterator[float],
) -> bool:  # fmt: skip
    while True:
        now = store.describe(version.entity)
        newest = register.log.latest(version.entity) or version
        if now in (from_ntriples(part(version)), from_ntriples(part(newest))):
            return False
        seconds = next(waits, None)
        if seconds is None:
            return True
        pause(seconds)


def findings_in(graph: Graph, register: Register) -> Iterator[Finding]:
    """What is wrong with the entities in a graph that somebody else made."""
    types = register.schema.entity_types.values()
    entities = [(node.value, type.key) for type in types for node in instances(graph, type.type)]
    if not entities:
        yield Finding(f"Er staat geen {' of '.join(type.label.lower() for type in types)} in.")
    for entity, kind in entities:
        yield from _broken(graph, entity, kind, register)


def _broken(graph: Graph, entity: str, kind: str, register: Register) -> Iterator[Finding]:
    """What others sent and answer for is held to their shape; what ours asks besides is a remark."""
    foreign = kind in register.schema.incoming and bool(list(graph.objects(IRI(entity), OWL.sameAs)))
    wrong = set(register.tools.checker_of(kind, foreign).check(graph, entity))
    for problem in register.tools.checker_of(kind).check(graph, entity):
        text = f"{entity}: {problem.path}: {problem.message}"
        yield Finding(text, is_remark=foreign and problem not in wrong)
