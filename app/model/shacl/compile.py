"""Compiles a shapes graph to the functions of `core`: https://www.w3.org/TR/shacl/#core-components."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from app.model.graph import IRI, BlankNode, Graph, Literal, Subject, Term
from app.model.reading import items
from app.model.shacl.core import TYPE, Data, PlainTest, Shape, Shapes, Test, Unsupported, Walk
from app.model.shacl.literals import LEXICAL, keys_in_order, order_key
from app.model.shacl.paths import walk_along, walk_any, walk_back, walk_known, walk_one
from app.model.shacl.sets import SETS, qualified_max, qualified_min
from app.model.terms import RDF, RDFS, SH, XSD

# Said about a shape, or parameters read by the builder of another one.
SILENT = {
    *(SH.path, SH.name, SH.description, SH.order, SH.group, SH.message, SH.severity, SH.defaultValue),
    *(SH.targetClass, SH.targetObjectsOf, SH.flags, SH.qualifiedMinCount, SH.qualifiedMaxCount),
    SH.deactivated,
}
TRUE = Literal("true", datatype=XSD.boolean)
KINDS: dict[IRI, tuple[type, ...]] = {
    SH.IRI: (IRI,),
    SH.Literal: (Literal,),
    SH.BlankNode: (BlankNode,),
    SH.BlankNodeOrIRI: (BlankNode, IRI),
    SH.BlankNodeOrLiteral: (BlankNode, Literal),
    SH.IRIOrLiteral: (IRI, Literal),
}


def compile_shapes(graph: Graph, background: Graph) -> Shapes:
    """The shapes of `graph` that have a target; `background` holds facts known beside every graph under validation.

    Raises Unsupported when the graph asks for more than the constraint components and paths below.
    """
    compiler = _Compiler(graph, background)
    of_class: dict[IRI, list[Shape]] = {}
    of_object: dict[IRI, list[Shape]] = {}
    for node in graph.subjects():
        for targets, predicate in ((of_class, SH.targetClass), (of_object, SH.targetObjectsOf)):
            for target in graph.objects(node, predicate):
                targets.setdefault(target, []).append(compiler.shape(node))  # type: ignore[arg-type]
        _refuse_other_targets(graph, node)
    return Shapes(of_class, of_object)


def _refuse_other_targets(graph: Graph, node: Subject) -> None:
    described = graph.described(node)
    other = {SH.targetNode, SH.targetSubjectsOf, SH.target} & described.keys()
    if other or (SH.NodeShape in described.get(RDF.type, ()) and RDFS.Class in described[RDF.type]):
        raise Unsupported(f"the target of {node}")


@dataclass
class _Compiler:
    graph: Graph
    background: Graph
    shapes: dict[Subject, Shape] = field(default_factory=dict)

    def shape(self, node: Term) -> Shape:
        if isinstance(node, Literal):
            raise Unsupported("a literal as shape")
        if node in self.shapes:
            return self.shapes[node]
        shape = self.shapes[node] = Shape(node)
        if self.graph.value(node, SH.deactivated) == TRUE:
            return shape
        path = self.graph.value(node, SH.path)
        if path is not None:
            shape.path = path if isinstance(path, IRI) else None
            shape.walk = self.walk(path)
        for predicate, objects in self.graph.described(node).items():
            if predicate.value.startswith(SH) and predicate not in SILENT:
                for object in objects:
                    self.constraint(shape, predicate, object)
        return shape

    def constraint(self, shape: Shape, predicate: IRI, object: Term) -> None:
        if predicate == SH.property:
            shape.properties.append(self.shape(object))
        elif predicate == SH.minCount:
            shape.least = int(object.value)
            shape.minds_absence |= shape.least > 0
        elif predicate == SH.maxCount:
            shape.most = int(object.value)
        elif predicate in PLAIN:
            component, plain = PLAIN[predicate]
            shape.plain.append((component, plain(self, shape, object)))
        elif predicate in TESTS:
            component, build = TESTS[predicate]
            shape.tests.append((component, build(self, shape, object)))
        elif predicate in SETS:
            shape.sets.append((SETS[predicate][0], SETS[predicate][1](self, shape, object)))
            shape.minds_absence |= predicate == SH.hasValue
        elif predicate == SH.qualifiedValueShape:
            self.qualified(shape, object)
        else:
            raise Unsupported(f"{predicate} in {shape.id}")

    def known_to_conform(self, shape: Shape) -> frozenset[Term]:
        """The background's nodes that conform by what the background says alone."""
        if not any(p.walk for p in shape.properties):
            return frozenset()
        if (members := self.having_one_value(shape.id)) is not None:
            return members
        nothing = Data(Graph())
        return frozenset(node for node in self.background.subjects() if shape.conforms(node, nothing))

    def having_one_value(self, shape: Subject) -> frozenset[Term] | None:
        """The background's nodes with one value of one property, where the shape asks that and nothing else."""
        properties = self.graph.objects(shape, SH.property)
        others = {p for p in self.graph.described(shape) if p.value.startswith(SH)} - SILENT - {SH.property}
        if len(properties) != 1 or others or isinstance(properties[0], Literal):
            return None
        rule = self.graph.described(properties[0])
        if {p for p in rule if p != SH.message} != {SH.path, SH.hasValue}:
            return None
        [path], [value] = rule[SH.path], rule[SH.hasValue]
        return frozenset(self.having.get((path, value), ()))

    @cached_property
    def having(self) -> Mapping[tuple[Term, Term], Collection[Term]]:
        """The background's nodes by property and value."""
        found: dict[tuple[Term, Term], list[Term]] = {}
        for triple in self.background:
            found.setdefault((triple.predicate, triple.object), []).append(triple.subject)  # type: ignore[arg-type]
        return found

    @cached_property
    def known_properties(self) -> frozenset[Term]:
        return frozenset(path for path, _ in self.having)

    def qualified(self, shape: Shape, object: Term) -> None:
        inner = self.shape(object).essence
        least, most = self.count(shape, SH.qualifiedMinCount), self.count(shape, SH.qualifiedMaxCount)
        if least is not None:
            shape.minds_absence = True
            shape.sets.append(("QualifiedMinCountConstraintComponent", qualified_min(inner, least)))
        if most is not None:
            shape.sets.append(("QualifiedMaxCountConstraintComponent", qualified_max(inner, most)))

    def count(self, shape: Shape, predicate: IRI) -> int | None:
        found = self.graph.value(shape.id, predicate)
        return None if found is None else int(found.value)

    def walk(self, path: Term) -> Walk | None:
        """How to follow a path that is not simply one property of the graph; None when it is."""
        if isinstance(path, IRI):
            return walk_known(path, self.background) if path in self.known_properties else None
        if isinstance(path, Literal):
            raise Unsupported("a literal as path")
        inverse = self.graph.value(path, SH.inversePath)
        if isinstance(inverse, IRI) and len(self.graph.described(path)) == 1:
            return walk_back(inverse)
        alternatives = self.graph.value(path, SH.alternativePath)
        if alternatives is not None and len(self.graph.described(path)) == 1:
            ways = [step for step in items(self.graph, alternatives) if isinstance(step, IRI)]
            if len(ways) == len(list(items(self.graph, alternatives))):
                return walk_any([self.walk(way) or walk_one(way) for way in ways])
        steps = [step for step in items(self.graph, path) if isinstance(step, IRI)]
        if not steps or len(steps) != len(list(items(self.graph, path))) or len(self.graph.described(path)) != 2:
            raise Unsupported(f"the path {path}")
        return walk_along([self.walk(step) or walk_one(step) for step in steps])


# --- Tests on one value -----------------------------------------------------------------------------------------------


def _datatype(compiler: _Compiler, shape: Shape, wanted: Term) -> PlainTest:
    if not isinstance(wanted, IRI) or wanted not in LEXICAL:
        raise Unsupported(f"the datatype {wanted}")
    lexical = LEXICAL[wanted]
    return lambda value: isinstance(value, Literal) and value.datatype == wanted and lexical(value.value)


def _node_kind(compiler: _Compiler, shape: Shape, wanted: Term) -> PlainTest:
    kinds = KINDS[wanted]  # type: ignore[index]
    return lambda value: isinstance(value, kinds)


def _class(compiler: _Compiler, shape: Shape, wanted: Term) -> Test:
    return lambda value, data: wanted in data.values(value, TYPE)


def _pattern(compiler: _Compiler, shape: Shape, wanted: Term) -> PlainTest:
    letters = "".join(flag.value for flag in compiler.graph.objects(shape.id, SH.flags))
    flags = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE, "x": re.VERBOSE}
    if not set(letters) <= flags.keys():
        raise Unsupported(f"the flags {letters}")
    try:
        search = re.compile(wanted.value, sum(flags[letter] for letter in letters)).search
    except re.error as error:
        raise Unsupported(f"the pattern of {shape.id}") from error
    return lambda value: not isinstance(value, BlankNode) and search(value.value) is not None


def _min_length(compiler: _Compiler, shape: Shape, wanted: Term) -> PlainTest:
    least = int(wanted.value)
    return lambda value: not isinstance(value, BlankNode) and len(value.value) >= least


def _max_length(compiler: _Compiler, shape: Shape, wanted: Term) -> PlainTest:
    most = int(wanted.value)
    return lambda value: not isinstance(value, BlankNode) and len(value.value) <= most


def _language_in(compiler: _Compiler, shape: Shape, wanted: Term) -> PlainTest:
    ranges = tuple(item.value.lower() for item in items(compiler.graph, wanted))

    def test(value: Term) -> bool:
        language = (value.language or "").lower() if isinstance(value, Literal) else ""
        return any(language == r or language.startswith(f"{r}-") for r in ranges)

    return test


def _bound(after: bool, or_equal: bool) -> Callable[[_Compiler, Shape, Term], PlainTest]:
    def build(compiler: _Compiler, shape: Shape, wanted: Term) -> PlainTest:
        bound = order_key(wanted)
        if bound is None:
            raise Unsupported(f"the bound {wanted}")
        if after:
            return lambda value: keys_in_order(bound, order_key(value), or_equal)
        return lambda value: keys_in_order(order_key(value), bound, or_equal)

    return build


def _in(compiler: _Compiler, shape: Shape, wanted: Term) -> PlainTest:
    allowed = frozenset(items(compiler.graph, wanted))
    return lambda value: value in allowed


def _node(compiler: _Compiler, shape: Shape, wanted: Term) -> Test:
    inner = compiler.shape(wanted)
    known = compiler.known_to_conform(inner)

    def test(value: Term, data: Data) -> bool:
        # What is known of a concept decides, unless the graph itself says more about it.
        if value in known and not data.graph.described(value):  # type: ignore[arg-type]
            return True
        return not data.results(inner, value)

    return test


def _not(compiler: _Compiler, shape: Shape, wanted: Term) -> Test:
    inner = compiler.shape(wanted).essence
    return lambda value, data: not inner.conforms(value, data)


def _and(compiler: _Compiler, shape: Shape, wanted: Term) -> Test:
    parts = [compiler.shape(part).essence for part in items(compiler.graph, wanted)]
    return lambda value, data: all(part.conforms(value, data) for part in parts)


def _or(compiler: _Compiler, shape: Shape, wanted: Term) -> Test:
    parts = [compiler.shape(part).essence for part in items(compiler.graph, wanted)]
    return lambda value, data: any(part.conforms(value, data) for part in parts)


def _xone(compiler: _Compiler, shape: Shape, wanted: Term) -> Test:
    parts = [compiler.shape(part).essence for part in items(compiler.graph, wanted)]
    return lambda value, data: sum(part.conforms(value, data) for part in parts) == 1


PLAIN: dict[IRI, tuple[str, Callable[[_Compiler, Shape, Term], PlainTest]]] = {
    SH.datatype: ("DatatypeConstraintComponent", _datatype),
    SH.nodeKind: ("NodeKindConstraintComponent", _node_kind),
    SH.pattern: ("PatternConstraintComponent", _pattern),
    SH.minLength: ("MinLengthConstraintComponent", _min_length),
    SH.maxLength: ("MaxLengthConstraintComponent", _max_length),
    SH.languageIn: ("LanguageInConstraintComponent", _language_in),
    SH.minInclusive: ("MinInclusiveConstraintComponent", _bound(after=True, or_equal=True)),
    SH.minExclusive: ("MinExclusiveConstraintComponent", _bound(after=True, or_equal=False)),
    SH.maxInclusive: ("MaxInclusiveConstraintComponent", _bound(after=False, or_equal=True)),
    SH.maxExclusive: ("MaxExclusiveConstraintComponent", _bound(after=False, or_equal=False)),
    SH["in"]: ("InConstraintComponent", _in),
}
TESTS: dict[IRI, tuple[str, Callable[[_Compiler, Shape, Term], Test]]] = {
    SH["class"]: ("ClassConstraintComponent", _class),
    SH.node: ("NodeConstraintComponent", _node),
    SH["not"]: ("NotConstraintComponent", _not),
    SH["and"]: ("AndConstraintComponent", _and),
    SH["or"]: ("OrConstraintComponent", _or),
    SH.xone: ("XoneConstraintComponent", _xone),
}
