"""The forms with which associations apply: each shape in `shapes/aanvraag` makes a type of entity.

    for type, shapes in form_types(root, base, read): ...      # type.key == "aanvraag-erkenning"

A new form is one file. Its JSON-LD context follows from the shape: a term is what comes after the last `#` or `-` of
the IRI of the property shape. Shapes import what they have in common (owl:imports). What was filled in is an entity of
this type with the code of its dossier, so that everything that holds for entities holds for it: checks, vault, history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from app.model.fields import EntityType, NodeType
from app.model.graph import IRI, Graph, Literal, Subject, parse_graph
from app.model.reading import iri_of, iris_of, needed_iri
from app.model.terms import OWL, RDF, SH, XSD

FOLDER, START = "aanvraag", "aanvraag-"
NATIVE = (XSD.string, XSD.integer, XSD.boolean, RDF.langString)
Context = dict[str, Any]
Read = Callable[[Graph, Mapping[str, Any], IRI], NodeType]
"""Reads the node type of a shape, with the context that belongs to it."""


def form_types(root: Path, base: str, read: Read) -> Iterator[tuple[EntityType, Graph]]:
    """Each form with its shapes, by name."""
    for path in sorted((root / "shapes" / FOLDER).glob("*.ttl")):
        shape = IRI(f"{base}/shapes/{FOLDER}/{path.stem}")
        graph = _with_imports(root, base, shape)
        if graph.value(shape, SH.targetClass) is not None:
            yield _type(path.stem, shape, graph, base, read), graph


def form_key(name: str) -> str:
    """The key of the type of a form."""
    return START + name


def is_form(kind: str) -> bool:
    """Whether entities of this kind are what somebody filled in."""
    return kind.startswith(START)


def _with_imports(root: Path, base: str, shape: IRI) -> Graph:
    path = root / (shape.value.removeprefix(f"{base}/") + ".ttl")
    graph = parse_graph(path.read_bytes(), base=shape.value)
    for imported in iris_of(graph, shape, OWL.imports):
        graph = graph | _with_imports(root, base, imported)
    return graph


def _type(name: str, shape: IRI, graph: Graph, base: str, read: Read) -> EntityType:
    context = _context(shape, graph)
    node = read(graph, context, shape)
    key = form_key(name)
    return EntityType(
        **{each: getattr(node, each) for each in ("label", "type", "type_term", "shape", "fields", "class_terms")},
        name=key,
        key=key,
        plural=f"{FOLDER}en-{name}",
        feed=f"{FOLDER}en-{name}",
        code_pattern="^A[0-9]{7}$",
        context=context,
        context_iri=f"{base}/context/{FOLDER}/{name}",
        query="entity/aanvraag",
        iri_start=f"{base}/id/{key}/",
        part_start=f"{base}/id/{key}/",
        code_start="",
        views=(),
        hidden=True,
    )


def _context(shape: IRI, graph: Graph) -> Context:
    """The terms of all fields and classes."""
    context: Context = {"@version": 1.1, **_classes(graph)}
    return {**context, **_terms(shape, graph)}


def _classes(graph: Graph) -> dict[str, str]:
    used = [o for t in (SH.targetClass, SH["class"]) for s in graph.subjects() for o in iris_of(graph, s, t)]
    return {_local(each.value): each.value for each in used}


def _terms(shape: Subject, graph: Graph) -> Context:
    found = iris_of(graph, shape, SH.property)
    return {_term(each): _definition(each, graph) for each in found if graph.value(each, SH.name)}


def _definition(prop: IRI, graph: Graph) -> Context:
    datatype, node = iri_of(graph, prop, SH.datatype), iri_of(graph, prop, SH.node)
    definition: Context = {"@id": needed_iri(graph, prop, SH.path).value}
    if datatype is None:
        definition["@type"] = "@id"
    elif datatype not in NATIVE:
        definition["@type"] = datatype.value
    if datatype == RDF.langString:
        definition["@language"] = "nl"
    if graph.value(prop, SH.maxCount) != Literal(1):
        definition["@container"] = "@set"
    if graph.value(prop, SH["class"]) and node:
        definition["@context"] = _terms(node, graph)
    return definition


def _term(prop: IRI) -> str:
    return _local(prop.value).rpartition("-")[2]


def _local(iri: str) -> str:
    return iri.rpartition("#")[2].rpartition("/")[2]
