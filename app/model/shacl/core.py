"""SHACL Core as plain functions over a `Graph`, compiled by `compile`; far faster than a general engine.

    shapes = compile_shapes(graph, known)   # raises Unsupported when a shape needs more than is built there
    validate(shapes, data)                  # [Result(focus=…, path=…, component="MinCountConstraintComponent", …)]

The results equal those of pySHACL: the tests prove it on mutated associations. Membership of a class is rdf:type
alone, for the graph of one entity holds no subclasses.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from app.model.graph import IRI, Graph, Subject, Term
from app.model.terms import RDF


class Unsupported(Exception):
    """The shape uses something that is not compiled here; a general engine must do it."""


class Result(NamedTuple):
    """One validation result; `path` is None for a node shape, and for a path that is not one property."""

    focus: Term
    path: IRI | None
    component: str
    shape: Subject
    value: Term | None


Test = Callable[[Term, "Data"], bool]
PlainTest = Callable[[Term], bool]
Plan = tuple[dict[IRI, list["Shape"]], list["Shape"], list["Shape"]]
SetTest = Callable[[Term, Collection[Term], "Data"], Sequence[Term | None]]
Walk = Callable[[Term, "Data"], Collection[Term]]
# So many values of one shape that passed are not tried again: codes, places and dates come back in every list.
REMEMBERED = 1000
TYPE = RDF.type  # looked up once: it is asked for at every node


class Data:
    """One graph under validation, with the results of shapes already tried on a node."""

    __slots__ = ("graph", "memo")

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.memo: dict[tuple[int, Term], list[Result]] = {}

    def values(self, subject: Term, predicate: IRI) -> Collection[Term]:
        """All values of a property."""
        return self.graph.described(subject).get(predicate, ())  # type: ignore[arg-type]

    def results(self, shape: Shape, node: Term) -> list[Result]:
        """What is wrong with a node by a shape, tried once."""
        key = (id(shape), node)
        found = self.memo.get(key)
        if found is None:
            found = self.memo[key] = []
            shape.check(node, self, found)
        return found


@dataclass(eq=False, slots=True)
class Shape:
    """A compiled shape: tests on each value, tests on the set of values, and the property shapes of each value.

    `plain` are the tests that look at nothing but the value itself: what passes them once, passes them always.
    """

    id: Subject
    path: IRI | None = None
    walk: Walk | None = None
    tests: list[tuple[str, Test]] = field(default_factory=list)
    plain: list[tuple[str, PlainTest]] = field(default_factory=list)
    passed: set[Term] = field(default_factory=set, repr=False)
    sets: list[tuple[str, SetTest]] = field(default_factory=list)
    properties: list[Shape] = field(default_factory=list)
    least: int = 0
    most: float = math.inf
    minds_absence: bool = False
    plan: Plan | None = None

    def check(self, focus: Term, data: Data, results: list[Result]) -> None:
        """Append what is wrong with `focus`."""
        if self.walk is not None:
            self.check_values(focus, self.walk(focus, data), data, results)
        elif self.path is not None:
            self.check_values(focus, data.values(focus, self.path), data, results)
        else:
            self.check_values(focus, (focus,), data, results)

    def check_values(self, focus: Term, values: Collection[Term], data: Data, results: list[Result]) -> None:
        """Append what is wrong with the values that `focus` leads to."""
        if not values and not self.minds_absence:
            return
        if not self.least <= len(values) <= self.most:
            side = "Min" if len(values) < self.least else "Max"
            results.append(Result(focus, self.path, f"{side}CountConstraintComponent", self.id, None))
        if self.plain:
            for value in values:
                if value not in self.passed:
                    self._check_value(focus, value, results)
        for component, test in self.tests:
            for value in values:
                if not test(value, data):
                    results.append(Result(focus, self.path, component, self.id, value))
        for component, set_test in self.sets:
            for offender in set_test(focus, values, data):
                results.append(Result(focus, self.path, component, self.id, offender))
        if self.properties:
            for value in values:
                self._check_properties(value, data, results)

    def _check_properties(self, node: Term, data: Data, results: list[Result]) -> None:
        described = data.graph.described(node)  # type: ignore[arg-type]
        by_path, demanding, others = self.plan or self._plan()
        for predicate, values in described.items():
            for shape in by_path.get(predicate, ()):
                shape.check_values(node, values, data, results)
        for shape in demanding:
            if shape.path not in described:
                shape.check_values(node, (), data, results)
        for shape in others:
            shape.check(node, data, results)

    def _plan(self) -> Plan:
        """The property shapes by the one property that each is about, those that mind its absence, and the others."""
        plain = [shape for shape in self.properties if shape.walk is None and shape.path is not None]
        by_path: dict[IRI, list[Shape]] = {}
        for shape in plain:
            by_path.setdefault(shape.path, []).append(shape)  # type: ignore[arg-type]
        others = [shape for shape in self.properties if shape.walk is not None or shape.path is None]
        self.plan = by_path, [shape for shape in plain if shape.minds_absence], others
        return self.plan

    def _check_value(self, focus: Term, value: Term, results: list[Result]) -> None:
        failed = [component for component, test in self.plain if not test(value)]
        results += [Result(focus, self.path, component, self.id, value) for component in failed]
        if not failed and len(self.passed) < REMEMBERED:
            self.passed.add(value)

    @property
    def essence(self) -> Shape:
        """The one property shape that a node shape consists of, else the shape itself: they conform alike."""
        alone = self.path is None and self.walk is None and not (self.tests or self.plain or self.sets)
        return self.properties[0].essence if alone and len(self.properties) == 1 else self

    def conforms(self, focus: Term, data: Data) -> bool:
        """Whether `check` would find nothing; stops at the first offence."""
        if self.path is not None and self.walk is None:
            values = data.graph.described(focus).get(self.path, ())  # type: ignore[arg-type]
        else:
            values = self.walk(focus, data) if self.walk else (focus,)
        if not values and not self.minds_absence:
            return True
        if not self.least <= len(values) <= self.most:
            return False
        for _, set_test in self.sets:
            if set_test(focus, values, data):
                return False
        for _, plain in self.plain:
            for value in values:
                if not plain(value):
                    return False
        for _, test in self.tests:
            for value in values:
                if not test(value, data):
                    return False
        return not self.properties or all(p.conforms(v, data) for v in values for p in self.properties)


@dataclass(frozen=True)
class Shapes:
    """Compiled shapes by what they target."""

    of_class: dict[IRI, list[Shape]]
    of_object: dict[IRI, list[Shape]]


def validate(shapes: Shapes, graph: Graph) -> list[Result]:
    """Everything wrong in `graph`, each offence once."""
    data = Data(graph)
    targets: dict[tuple[int, Term], Shape] = {}
    for subject in graph.subjects():
        for predicate, objects in graph.described(subject).items():
            for shape in shapes.of_object.get(predicate, ()):
                targets.update({(id(shape), node): shape for node in objects})
        for class_ in graph.objects(subject, TYPE):
            for shape in shapes.of_class.get(class_, ()):  # type: ignore[arg-type]
                targets[id(shape), subject] = shape
    return [result for (_, node), shape in targets.items() for result in data.results(shape, node)]
