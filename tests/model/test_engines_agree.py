"""The compiled checks and pySHACL say the same of lifelike associations with things wrong in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st
from pyshacl.errors import ReportableRuntimeError

from app.model.documents import split, to_graph
from app.model.graph import IRI, BlankNode, Graph, Literal, Term, Triple, parse_graph
from app.model.schema import EntityType, Schema
from app.model.shacl.compile import compile_shapes
from app.model.shacl.core import Result, Unsupported, validate
from app.model.shapes import Checker, load_checker, pyshacl_engine
from app.model.terms import FOAF, LOCN, ORG, RDF, REGORG, SCHEMA, SH, SKOS, VER, VL, XSD
from tests.model import associations

TEXTS = ["", " ", "De Kring", "a < b", "<b>", "a<b>c", "x" * 129, "a@b.be", "info@a", "09 12", "V0001000", "V0123456"]
WRONG: list[Term] = [
    *(Literal(text) for text in TEXTS),
    *(Literal(text, language=tag) for text in ("Muziek", "<p>", "y" * 129) for tag in ("nl", "nl-be", "fr")),
    *(Literal(text, datatype=XSD.date) for text in ("1900-01-01", "2030-12-31", "2021-02-30", "gisteren", "")),
    *(Literal(text, datatype=XSD.integer) for text in ("-1", "0", "5", "150", "151", "zes", "6.5")),
    *(Literal(text, datatype=XSD.dateTime) for text in ("2026-11-24T10:00:00Z", "24/11/2026")),
    *(Literal(text, datatype=XSD.decimal) for text in ("1.5", "200.0")),
    # pySHACL takes every text for a boolean.
    *(Literal(text, datatype=XSD.boolean) for text in ("true", "false")),
    *(Literal(text, datatype=XSD.gYear) for text in ("2001",)),
    BlankNode("b1"),
    *(IRI(iri) for iri in ("https://a.be/x", "http://a", "mailto:info@a.be", "urn:x", "http://vocab.belgif.be/auth/refnis2025/99999")),
    *(IRI(iri) for iri in (associations.NOT_APPLICABLE, associations.DIVERSITY, associations.HEALTH)),
    *(IRI(iri) for iri in (associations.CORRESPONDENCE, f"{associations.TYPES}491b5a8d-844c-51af-ae48-2a32fb77f147")),
    *(IRI(f"{associations.IRI}#{part}") for part in ("locatie-2", "adres-3", "contact-6", "lidmaatschap-15", "n-99")),
]  # fmt: skip


class Bench:
    """Both engines with the concepts that occur, and the graph that mutations start from."""

    def __init__(self, schema: Schema, type: EntityType, checker: Checker) -> None:
        public, internal, _ = split(associations.an_association(type), type)
        self.graph = to_graph(public, type, associations.IRI) | to_graph(internal, type, associations.IRI)
        near = {t.object for t in self.graph} | {term for term in WRONG if isinstance(term, IRI)}
        concepts = Graph(t for t in schema.concepts if t.subject in near)
        compiled = compile_shapes(checker.shapes, concepts)
        self.fast: Callable[[Graph], list[Result]] = lambda graph: validate(compiled, graph)
        self.slow = pyshacl_engine(checker.shapes, concepts)
        self.triples = list(self.graph)
        self.paths = sorted({t.predicate for t in self.graph}, key=str)
        self.subjects = sorted(self.graph.subjects(), key=str)


@pytest.fixture(scope="module")
def bench(schema: Schema, association: EntityType, checker: Checker) -> Bench:
    return Bench(schema, association, checker)


def said(results: list[Result]) -> Counter[tuple[str, str | None, str]]:
    """Focus, path and component of each result; rdflib rewrites literals, and engines rename blank nodes."""
    return Counter((_name(r.focus), r.path.value if r.path else None, r.component) for r in results)


def _name(term: Term) -> str:
    return term.value if isinstance(term, IRI) else type(term).__name__


def disagreement(fast: list[Result], slow: list[Result]) -> set[tuple[str, str | None, str]]:
    """What only one engine says, but for one known thing.

    Values that cannot be compared, such as a date and an ill-typed number, break a comparison
    (https://www.w3.org/TR/shacl/#LessThanOrEqualsConstraintComponent); pySHACL compares them anyhow. Such a value
    always breaks its sh:datatype too, at the same node.
    """
    ours, theirs = said(fast), said(slow)
    ill_typed = {focus for focus, _, component in ours if component == "DatatypeConstraintComponent"}
    extra = {said for said in ours - theirs if not (said[2] in ORDER and said[0] in ill_typed)}
    return extra | set(theirs - ours)


ORDER = {f"{name}ConstraintComponent" for name in ("MinInclusive", "MaxInclusive", "LessThanOrEquals")}


@settings(
    max_examples=40,
    phases=[Phase.explicit, Phase.generate],  # shrinking takes minutes, a mutation is small enough
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_both_engines_find_the_same_faults(bench: Bench, data: st.DataObject) -> None:
    mutated = Graph(bench.graph)
    for _ in range(data.draw(st.integers(1, 6))):
        mutate(mutated, bench, data)
    try:
        theirs = bench.slow(mutated)
    except (ReportableRuntimeError, TypeError):
        reject()  # pySHACL cannot compare a blank node, or some ill-typed literals
    assert disagreement(bench.fast(mutated), theirs) == set()


def mutate(graph: Graph, bench: Bench, data: st.DataObject) -> None:
    """Take a value away, replace it, or add one, mostly where the shape looks."""
    triple = data.draw(st.sampled_from(bench.triples))
    subject, predicate = triple.subject, triple.predicate
    assert not isinstance(subject, Triple)
    kind = data.draw(st.sampled_from(["remove", "replace", "add", "add", "anywhere"]))
    if kind == "anywhere":
        subject, predicate = data.draw(st.sampled_from(bench.subjects)), data.draw(st.sampled_from(bench.paths))
    wrong = data.draw(st.sampled_from(WRONG))
    values = [value for value in graph.objects(subject, predicate) if kind == "add" or value != triple.object]
    graph.set(subject, predicate, *values, *([] if kind == "remove" else [wrong]))


ADDS = [
    (associations.IRI, SKOS.prefLabel, Literal("Twee namen")),
    (associations.IRI, REGORG.orgActivity, IRI(associations.HEALTH)),
    (f"{associations.IRI}#locatie-4", VL.isPrimair, Literal(True)),
    (f"{associations.IRI}#adres-3", LOCN.postCode, Literal("B-9000")),
    (f"{associations.IRI}#contact-6", FOAF.page, IRI("https://a.be")),
    (f"{associations.IRI}#doelgroep-1", VER.minimumleeftijd, Literal(100)),
    (f"{associations.IRI}#lidmaatschap-15", SCHEMA.startDate, Literal("2024-01-01", datatype=XSD.date)),
    (associations.IRI, ORG.hasSite, Literal("hier")),
]


@pytest.mark.parametrize("subject, predicate, object", ADDS, ids=lambda v: str(v)[-24:])
def test_both_engines_find_the_same_single_fault(bench: Bench, subject: str, predicate: IRI, object: Term) -> None:
    wrong = bench.graph | [Triple(IRI(subject), predicate, object)]
    assert bench.fast(wrong)
    assert disagreement(bench.fast(wrong), bench.slow(wrong)) == set()


def test_neither_engine_finds_a_fault_in_the_association_that_mutations_start_from(bench: Bench) -> None:
    assert bench.fast(bench.graph) == bench.slow(bench.graph) == []


SMALL = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <http://ex/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:Shape sh:targetClass ex:Thing ; %s
"""
COMPONENTS = [
    "sh:property [ sh:path ex:p ; sh:minExclusive 3 ; sh:maxExclusive 5 ]",
    "sh:property [ sh:path ex:p ; sh:minLength 2 ; sh:maxLength 3 ]",
    "sh:property [ sh:path ex:p ; sh:nodeKind sh:BlankNodeOrIRI ]",
    "sh:property [ sh:path ex:p ; sh:nodeKind sh:Literal ]",
    "sh:property [ sh:path ex:p ; sh:lessThan ex:q ]",
    "sh:property [ sh:path [ sh:inversePath ex:q ] ; sh:minCount 1 ]",
    "sh:property [ sh:path ( ex:p ex:q ) ; sh:maxCount 0 ]",
    "sh:property [ sh:path ex:p ; sh:and ( [ sh:minInclusive 4 ] [ sh:maxInclusive 4 ] ) ]",
    "sh:property [ sh:path ex:p ; sh:not [ sh:hasValue 4 ] ]",
    "sh:property [ sh:path ex:p ; sh:qualifiedValueShape [ sh:datatype xsd:integer ] ; sh:qualifiedMinCount 2 ]",
    "sh:property [ sh:path ex:p ; sh:in ( 4 'a' ex:b ) ]",
    "sh:property [ sh:path ex:p ; sh:languageIn ( 'nl' ) ]",
    "sh:property [ sh:path ex:p ; sh:class ex:Thing ]",
    "sh:pattern 'b$' ; sh:nodeKind sh:IRI",
    "sh:property [ sh:path ex:p ; sh:maxCount 0 ; sh:deactivated true ], [ sh:path ex:q ; sh:minCount 1 ]",
    "sh:property [ sh:path ex:p ; sh:maxCount 0 ; sh:deactivated false ]",
    "sh:nodeKind sh:Literal ; sh:deactivated true",
    "sh:property [ sh:path ex:p ; sh:property [ sh:path ex:q ; sh:minCount 1 ] ]",
]
THINGS = """
@prefix ex: <http://ex/> .
ex:a a ex:Thing ; ex:p 4, "abcd", "x"@nl-be, ex:b, ex:c ; ex:q 3 .
ex:b a ex:Thing ; ex:p 2, 5 ; ex:q ex:a .
ex:c ex:q ex:b .
ex:d a ex:Thing .
"""


@pytest.mark.parametrize("constraint", COMPONENTS)
def test_every_compiled_component_agrees_with_pyshacl(constraint: str) -> None:
    shapes, things = parse_graph(SMALL % constraint + " ."), parse_graph(THINGS)
    expected = said(pyshacl_engine(shapes, Graph())(things))
    assert said(validate(compile_shapes(shapes, Graph()), things)) == expected


BEYOND = [
    "sh:sparql [ sh:select 'SELECT $this WHERE { FILTER(false) }' ]",
    "sh:closed true",
    "sh:property [ sh:path [ sh:zeroOrMorePath ex:p ] ; sh:minCount 1 ]",
    "sh:property [ sh:path ex:p ; sh:datatype xsd:gYear ]",
    "sh:property [ sh:path ex:p ; sh:pattern '(' ]",
    "sh:property [ sh:path ex:p ; sh:equals ex:q ]",
    "sh:targetNode ex:a",
]


@pytest.mark.parametrize("constraint", BEYOND)
def test_what_is_not_compiled_is_said_so(constraint: str) -> None:
    with pytest.raises(Unsupported):
        compile_shapes(parse_graph(SMALL % constraint + " ."), Graph())


def test_a_shape_that_asks_for_more_falls_back_to_pyshacl(schema: Schema, association: EntityType) -> None:
    key = association.key
    more = parse_graph(f"<{association.shape.value}> <{SH}closed> true ; <{SH}ignoredProperties> ( <{RDF}type> ) .")
    broader = replace(schema, shape_graphs={key: schema.shape_graphs[key] | more})
    graph = Graph([Triple(IRI(associations.IRI), RDF.type, association.type)])
    paths = [problem.path for problem in load_checker(broader, key).check(graph, associations.IRI)]
    assert {"naam", "vCode"} <= set(paths)
