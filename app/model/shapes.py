"""Checks graphs against the shapes and says in Dutch what is wrong with which field.

    checker = load_checker(schema, "vereniging")
    checker.check(graph, iri)      # (Problem("locaties[1].adres.postcode", "Vul … in."),)

The constraints are compiled (`model.shacl.compile`); a shape that asks for more is left to pySHACL.
Personal values are in no graph, so the rules about them stand aside here; `check_personal` applies them to documents.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from app.errors import Problem
from app.model.documents import to_document
from app.model.fields import Document, EntityType, Field, NodeType, Schema, Secrecy
from app.model.graph import IRI, BlankNode, Graph, Subject, Term, from_ntriples
from app.model.messages import default_message
from app.model.reading import nodes_of
from app.model.shacl.compile import compile_shapes
from app.model.shacl.core import Result, Unsupported, validate
from app.model.terms import SH, VL

Engine = Callable[[Graph], list[Result]]
# A comparison with an ill-typed value always fails; that it is ill-typed says enough.
ORDER = {f"{name}ConstraintComponent" for name in ("MinInclusive", "MaxInclusive", "LessThan", "LessThanOrEquals")}


@dataclass(frozen=True)
class Checker:
    """The shapes of one entity type, ready to check graphs of it."""

    type: EntityType
    shapes: Graph
    engine: Engine

    def check(self, graph: Graph, focus: str, document: Document | None = None) -> tuple[Problem, ...]:
        """What is wrong in the graph of the entity `focus`, in the order of the document; empty when it is right.

        With the document that the graph was made of, places in lists (`locaties[1]`) are places in that document;
        without it they follow the graph. A shape whose sh:severity is less than a violation finds nothing wrong.
        """
        results = self.engine(graph)
        if not results:
            return ()
        document = to_document(graph, self.type, focus) if document is None else document
        places = dict(_places(document, self.type, focus, ""))
        ill_typed = {result.focus for result in results if result.component == "DatatypeConstraintComponent"}
        told = (r for r in results if r.component not in ORDER or r.focus not in ill_typed)
        found = [self._problem(places, result) for result in told if self._is_violation(result)]
        ordered = sorted((placed for placed in found if placed), key=lambda placed: placed[0])
        return tuple(dict.fromkeys(problem for _, problem in ordered))

    def _is_violation(self, result: Result) -> bool:
        return self.shapes.value(result.shape, SH.severity) in (None, SH.Violation)

    def _problem(self, places: dict[str, _Place], result: Result) -> tuple[tuple[float, ...], Problem] | None:
        """The result in document terms with its place in the order, or None when others say it better."""
        place = places.get(result.focus.value, _Place("", self.type, (), {}))
        field = place.type.by_path.get(result.path) if result.path else None
        if field and field.node and result.component == "NodeConstraintComponent":
            return None  # the nested node is itself a target: its own results say what is wrong in it
        beside = self.shapes.value(result.shape, VL.bijVeld)
        step, order = _beside(place.type, beside) if beside else _value_step(place, field, result)
        return (*place.order, order), Problem(_join(place.path, step), self._message(result, field))

    def _message(self, result: Result, field: Field | None) -> str:
        shapes = [result.shape]
        if result.component == "NodeConstraintComponent":
            shapes = [*nodes_of(self.shapes, result.shape, SH.node), *shapes]
        for shape in shapes:
            for message in self.shapes.objects(shape, SH.message):
                return message.value
        return default_message(result.component, field)


class _Place(NamedTuple):
    """Where a node stands: its path in the document, its type, its place in the order, and what it says there."""

    path: str
    type: NodeType
    order: tuple[float, ...]
    document: Document


def _places(
    document: Document, type: NodeType, iri: str, path: str, order: tuple[float, ...] = ()
) -> Iterator[tuple[str, _Place]]:
    """The place of every node in the document by its IRI."""
    yield iri, _Place(path, type, order, document)
    for field in type.fields:
        value = document.get(field.term)
        if field.node is None or not value:
            continue
        for number, node in enumerate(value if field.is_list else [value]):
            step = f"{field.term}[{number}]" if field.is_list else field.term
            yield from _places(node, field.node, node["@id"], _join(path, step), (*order, field.order, number))


def _value_step(place: _Place, field: Field | None, result: Result) -> tuple[str, float]:
    """From a node to the value that a result is about, and its place in the order."""
    if field is None:
        return "", 0.0
    values = place.document.get(field.term)
    value = result.value.value if result.value else None
    if field.is_list and isinstance(values, list):
        known = [item.get("@id") if isinstance(item, dict) else item for item in values]
        if value in known:
            return f"{field.term}[{known.index(value)}]", field.order
    return field.term, field.order


def _beside(type: NodeType, shape: Term) -> tuple[str, float]:
    """From a node of this type to the field that a rule's message stands beside, and its place in the order."""
    for field in type.fields:
        if field.shape == shape:
            return field.term, field.order
        if field.node is not None and not field.is_list:
            step, _ = _beside(field.node, shape)
            if step:
                return f"{field.term}.{step}", field.order
    return "", 0.0


def _join(path: str, step: str) -> str:
    return f"{path}.{step}" if path and step else path or step


def load_checker(schema: Schema, key: str) -> Checker:
    """The checker of one entity type: compiled where the shapes allow it, else pySHACL."""
    return _checker(schema, key, schema.shape_graphs[key])


def load_incoming_checker(schema: Schema, key: str) -> Checker:
    """The checker of what others send us and answer for: by the looser shape, where the type has one."""
    return _checker(schema, key, schema.incoming.get(key, schema.shape_graphs[key]))


def _checker(schema: Schema, key: str, graph: Graph) -> Checker:
    type = schema.entity_types[key]
    shapes = without_personal(graph, type)
    return Checker(type, shapes, _engine(shapes, schema.concepts))


def without_personal(shapes: Graph, type: NodeType) -> Graph:
    """The shapes without those of personal fields, whose values no graph holds."""
    personal = {field.shape for field in _all_fields(type) if field.secrecy is Secrecy.PERSONAL}
    return Graph(t for t in shapes if t.subject not in personal and t.object not in personal)


def _all_fields(type: NodeType) -> Iterator[Field]:
    for field in type.fields:
        yield field
        if field.node is not None:
            yield from _all_fields(field.node)


def _engine(shapes: Graph, concepts: Graph) -> Engine:
    try:
        compiled = compile_shapes(shapes, concepts)
    except Unsupported:
        return pyshacl_engine(shapes, concepts)
    return lambda graph: validate(compiled, graph)


def pyshacl_engine(shapes: Graph, concepts: Graph) -> Engine:
    """The general engine: all of SHACL, some milliseconds for each graph."""
    import pyshacl  # slow to import, and seldom needed
    import rdflib

    shacl_graph = rdflib.Graph().parse(data=shapes.ntriples(), format="nt")
    known = concepts.ntriples()

    def engine(graph: Graph) -> list[Result]:
        data = rdflib.Graph().parse(data=graph.ntriples() + known, format="nt")
        _, report, _ = pyshacl.validate(data, shacl_graph=shacl_graph, inference="none", inplace=True)
        assert isinstance(report, rdflib.Graph)
        return _read_report(from_ntriples(report.serialize(format="nt", encoding="utf-8")))

    return engine


def _read_report(report: Graph) -> list[Result]:
    """The top-level results of a validation report."""
    return [
        _read_result(report, node) for subject in report.subjects() for node in nodes_of(report, subject, SH.result)
    ]


def _read_result(report: Graph, node: Subject) -> Result:
    path, shape = report.value(node, SH.resultPath), report.value(node, SH.sourceShape)
    focus, component = report.value(node, SH.focusNode), report.value(node, SH.sourceConstraintComponent)
    assert focus is not None and component is not None
    return Result(
        focus=focus,
        path=path if isinstance(path, IRI) else None,
        component=component.value.removeprefix(SH),
        shape=shape if isinstance(shape, IRI) else BlankNode(),
        value=report.value(node, SH.value),
    )


def check_personal(document: Document, type: EntityType) -> tuple[Problem, ...]:
    """What is wrong with the personal values in a whole document: missing, too long or of the wrong form."""
    return tuple(_check_personal(document, type, ""))


def _check_personal(document: Document, type: NodeType, path: str) -> Iterator[Problem]:
    for field in type.personal_fields:
        value, where = document.get(field.term), _join(path, field.term)
        if field.secrecy is Secrecy.PERSONAL:
            component = _broken(field, value)
            if component:
                yield Problem(where, field.message or default_message(component, field))
        elif field.node is not None and isinstance(value, dict):
            yield from _check_personal(value, field.node, where)
        elif field.node is not None and isinstance(value, list):
            for number, node in enumerate(value):
                yield from _check_personal(node, field.node, f"{where}[{number}]")


def _broken(field: Field, value: object) -> str | None:
    """The first constraint component that a personal value breaks."""
    if value is None or value == "":
        return "MinCount" if field.required else None
    if not isinstance(value, str):
        return "Datatype"
    if field.max_length is not None and len(value) > field.max_length:
        return "MaxLength"
    flags = re.IGNORECASE if "i" in field.flags else 0
    return "Pattern" if field.pattern and not re.search(field.pattern, value, flags) else None
