"""What kinds of things there are and which fields they have, read from the catalogue, the shapes and the contexts.

    schema = load_schema(root, "https://verenigingen.voorbeeld.be")
    schema.entity_types["vereniging"].field("naam").label     # 'Naam'

A field is data: one property shape with a sh:name and one line in the JSON-LD context make it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.model.application_forms import form_types
from app.model.fields import EntityType, Field, Kind, NodeType, Schema, Secrecy
from app.model.graph import IRI, Graph, Literal, Subject, parse_graph
from app.model.permissions import load_permissions
from app.model.processing import load_processing
from app.model.reading import instances, iri_of, iris_of, is_true, items, needed_iri, nodes_of, number_of, text_of
from app.model.shipped import load_processes
from app.model.terms import DCT, OWL, RDF, RDFS, SH, SKOS, VL, XSD

__all__ = ["EntityType", "Field", "Kind", "NodeType", "Schema", "Secrecy", "load_schema"]

SECRECY = {VL.publiek: Secrecy.PUBLIC, VL.intern: Secrecy.INTERNAL, VL.persoonlijk: Secrecy.PERSONAL}
NATIVE = {XSD.string: Kind.TEXT, XSD.integer: Kind.INTEGER, XSD.boolean: Kind.BOOLEAN, RDF.langString: Kind.LANGUAGE}
Terms = Mapping[str, Any]


def load_schema(root: Path, base: str) -> Schema:
    """Read `root`/ontology and `root`/shapes with `base` in front of the service's own addresses.

    Raises ValueError naming shape and term when a shape and its context contradict each other.
    """
    ontology = root / "ontology"
    catalogue = parse_graph((ontology / "catalogue.ttl").read_bytes(), base=f"{base}/")
    kinds = instances(catalogue, VL.Entiteitstype)
    shapes = {kind: _parse(root, base, catalogue, kind) for kind in kinds}
    entity_types = [_entity_type(root, base, catalogue, kind, graph) for kind, graph in shapes.items()]
    forms = list(form_types(root, base, _read_form))
    prefixes: dict[str, str] = {}
    for entity_type in entity_types:
        prefixes |= {k: v for k, v in entity_type.context.items() if isinstance(v, str) and v.endswith(("#", "/"))}
    return Schema(
        base=base,
        entity_types={each.key: each for each in (*entity_types, *(form for form, _ in forms))},
        prefixes=prefixes,
        vocabulary=parse_graph((ontology / "vocabulary.ttl").read_bytes(), base=f"{base}/ns"),
        shape_graphs={
            **{each.key: graph for each, graph in zip(entity_types, shapes.values(), strict=True)},
            **{form.key: graph for form, graph in forms},
        },
        incoming={
            text_of(catalogue, kind, DCT.identifier): _incoming(root, base, catalogue, kind, shapes[kind])
            for kind in kinds
            if catalogue.value(kind, VL.vormInkomend)
        },
        concepts=_concepts(sorted((ontology / "codelists").glob("*.ttl"))),
        processing=load_processing(root, base),
        permissions=load_permissions(ontology / "rights.ttl", base),
        processes=load_processes(root, base, {each.key: each for each in entity_types}.get("proces")),
    )


def _parse(root: Path, base: str, catalogue: Graph, kind: Subject, which: IRI = VL.vorm) -> Graph:
    shape = needed_iri(catalogue, kind, which).value
    path = root / (shape.removeprefix(f"{base}/") + ".ttl")
    return parse_graph(path.read_bytes(), base=shape)


def _incoming(root: Path, base: str, catalogue: Graph, kind: Subject, own: Graph) -> Graph:
    """The looser shape, with the shape of the type itself where it imports that."""
    looser = _parse(root, base, catalogue, kind, VL.vormInkomend)
    incoming = needed_iri(catalogue, kind, VL.vormInkomend)
    imports = iris_of(looser, incoming, OWL.imports)
    return looser | own if needed_iri(catalogue, kind, VL.vorm) in imports else looser


def _entity_type(root: Path, base: str, catalogue: Graph, kind: Subject, shapes: Graph) -> EntityType:
    context_iri = needed_iri(catalogue, kind, VL.context).value
    path = root / "ontology" / (context_iri.removeprefix(f"{base}/") + ".jsonld")
    context = json.loads(path.read_text(encoding="utf-8"))["@context"]
    key = text_of(catalogue, kind, DCT.identifier)
    node = _Reader(shapes, context).node_type(needed_iri(catalogue, kind, VL.vorm), context, Secrecy.PUBLIC)
    return EntityType(
        **{name: getattr(node, name) for name in ("label", "type", "type_term", "shape", "fields", "class_terms")},
        name=key,
        key=key,
        plural=text_of(catalogue, kind, VL.meervoud),
        feed=text_of(catalogue, kind, VL.feed),
        code_pattern=text_of(catalogue, kind, VL.codepatroon),
        context=context,
        context_iri=context_iri,
        query=needed_iri(catalogue, kind, VL.vraag).value.removeprefix(f"{base}/queries/"),
        iri_start=text_of(catalogue, kind, VL.iriBegin) or f"{base}/id/{key}/",
        part_start=f"{base}/doc/{key}/" if catalogue.value(kind, VL.iriBegin) else f"{base}/id/{key}/",
        code_start=text_of(catalogue, kind, VL.codeBegin),
        views=tuple(sorted(o.value for o in catalogue.objects(kind, VL.deelfeed))),
        keeps_parts=is_true(catalogue, kind, VL.eigenOnderdelen),
        hidden=catalogue.value(kind, VL.zichtbaarheid) == VL.intern,
    )


def _read_form(shapes: Graph, context: Terms, shape: IRI) -> NodeType:
    """What a form asks is for the administration that it is sent to, and personal where it says so."""
    return _Reader(shapes, context).node_type(shape, context, Secrecy.INTERNAL)


def _concepts(paths: Iterable[Path]) -> Graph:
    """Of every concept in the code lists, the schemes that it is in."""
    concepts = Graph()
    for path in paths:
        for subject, predicate, scheme in parse_graph(path.read_bytes()):
            if predicate == SKOS.inScheme:
                concepts.add(subject, predicate, scheme)
    return concepts


@dataclass(frozen=True)
class _Reader:
    """Reads node types out of one shapes graph with the context that belongs to it."""

    shapes: Graph
    context: Terms

    def node_type(self, shape: Subject, terms: Terms, secrecy: Secrecy) -> NodeType:
        """The node type of `shape`; `terms` are those in force there, `secrecy` is the least that its fields have."""
        assert isinstance(shape, IRI)
        type_ = self._class_of(shape)
        classes = {t: IRI(self._expand(d)) for t, d in self.context.items() if isinstance(d, str) and t[0].isupper()}
        fields = sorted(self._fields(shape, terms, secrecy), key=lambda f: f.order)
        return NodeType(
            name=shape.value.rpartition("#")[2].lower(),
            label=text_of(self.shapes, shape, RDFS.label),
            type=type_,
            type_term=next(term for term, iri in classes.items() if iri == type_),
            shape=shape,
            fields=tuple(fields),
            class_terms=classes,
        )

    def _class_of(self, shape: IRI) -> IRI:
        """The class that the shape targets, or that a property with this node shape demands."""
        found = iri_of(self.shapes, shape, SH.targetClass)
        parents = (p for p in self.shapes.subjects() if shape in self.shapes.objects(p, SH.node))
        return found or needed_iri(self.shapes, next(parents), SH["class"])

    def _fields(self, shape: IRI, terms: Terms, secrecy: Secrecy) -> Iterator[Field]:
        for prop in iris_of(self.shapes, shape, SH.property):
            if self.shapes.value(prop, SH.name):
                yield self._field(prop, terms, secrecy)

    def _field(self, prop: IRI, terms: Terms, secrecy: Secrecy) -> Field:
        path = needed_iri(self.shapes, prop, SH.path)
        term, definition = self._term(prop, path, terms)
        kind = self._kind(prop, definition)
        own = iri_of(self.shapes, prop, VL.zichtbaarheid)
        secrecy = max(secrecy, SECRECY[own]) if own else secrecy
        datatype = iri_of(self.shapes, prop, SH.datatype)
        max_count = self._number(prop, SH.maxCount)
        languages = [language.lower() for language in self._listed(prop, SH.languageIn)]
        self._agree(prop, term, definition, kind, datatype, max_count)
        return Field(
            term=term,
            path=path,
            shape=prop,
            kind=kind,
            label=text_of(self.shapes, prop, SH.name),
            help=text_of(self.shapes, prop, SH.description),
            group=self._group(prop),
            order=self._order(prop),
            datatype=datatype,
            language=definition.get("@language"),
            languages=tuple(languages) if kind is Kind.LANGUAGES else (),
            several=kind is Kind.LANGUAGES and "@set" in definition["@container"],
            scheme=self._scheme(prop),
            options=self._listed(prop, SH["in"]),
            node=self._nested(prop, path, terms, definition, secrecy) if kind is Kind.NODE else None,
            max_count=max_count,
            **self._bounds(prop),
            recognises=is_true(self.shapes, prop, VL.herkent),
            markup=is_true(self.shapes, prop, VL.opgemaakt),
            secrecy=secrecy,
            personal_if=iri_of(self.shapes, prop, VL.persoonlijkIndien),
            internal_if=iri_of(self.shapes, prop, VL.internIndien),
            prefill=text_of(self.shapes, prop, VL.uitRegister),
            attachment=iri_of(self.shapes, prop, VL.documentsoort),
        )

    def _bounds(self, prop: IRI) -> dict[str, Any]:
        """What each value must keep to, and what is said of one that does not."""
        return {
            "min_count": self._number(prop, SH.minCount) or 0,
            "max_length": self._number(prop, SH.maxLength),
            "minimum": self._number(prop, SH.minInclusive),
            "maximum": self._number(prop, SH.maxInclusive),
            "pattern": text_of(self.shapes, prop, SH.pattern) or None,
            "flags": text_of(self.shapes, prop, SH.flags),
            "message": text_of(self.shapes, prop, SH.message),
        }

    def _kind(self, prop: IRI, definition: Terms) -> Kind:
        datatype = iri_of(self.shapes, prop, SH.datatype)
        if datatype == RDF.langString and "@language" in definition.get("@container", ()):
            return Kind.LANGUAGES
        if datatype:
            return NATIVE.get(datatype, Kind.TYPED)
        return Kind.NODE if self.shapes.value(prop, SH["class"]) else Kind.LINK

    def _nested(self, prop: IRI, path: IRI, terms: Terms, definition: Terms, secrecy: Secrecy) -> NodeType:
        shape = needed_iri(self.shapes, prop, SH.node)
        if path not in self.shapes.objects(shape, SH.targetObjectsOf):
            raise ValueError(f"{shape} must have sh:targetObjectsOf {path}: else nobody checks the nodes themselves")
        return self.node_type(shape, {**terms, **definition.get("@context", {})}, secrecy)

    def _term(self, prop: IRI, path: IRI, terms: Terms) -> tuple[str, Terms]:
        """The term for a property; the one defined last, so nearest, wins."""
        name = prop.value.rpartition("#")[2].rpartition("-")[2]
        definition = terms.get(name)
        definition = {"@id": definition} if isinstance(definition, str) else definition
        if definition is None or self._expand(definition["@id"]) != path.value:
            raise ValueError(f"{prop}: the context has no term {name} for {path} here")
        return name, definition

    def _agree(
        self, prop: IRI, term: str, definition: Terms, kind: Kind, datatype: IRI | None, most: int | None
    ) -> None:
        """Refuse a context that would read a value otherwise than the shape demands."""
        coercion = definition.get("@type")
        wanted = {Kind.LINK: "@id", Kind.NODE: "@id", Kind.TYPED: getattr(datatype, "value", None)}.get(kind)
        if (coercion if coercion in (None, "@id") else self._expand(coercion)) != wanted:
            raise ValueError(f"{prop}: term {term} has @type {coercion}, the shape asks for {wanted}")
        if kind is Kind.LANGUAGES:
            self._agree_on_languages(prop, term, definition)
            return
        if (definition.get("@container") == "@set") != (most != 1):
            raise ValueError(f"{prop}: term {term} must be a @set exactly when sh:maxCount is not 1")
        if tuple(definition[k] for k in ("@language",) if k in definition) != self._listed(prop, SH.languageIn):
            raise ValueError(f"{prop}: term {term} and sh:languageIn must name the same language")

    def _agree_on_languages(self, prop: IRI, term: str, definition: Terms) -> None:
        one_each = is_true(self.shapes, prop, SH.uniqueLang)
        if ("@set" in definition["@container"]) == one_each:
            raise ValueError(f"{prop}: term {term} must have @set beside @language exactly without sh:uniqueLang")
        if not self._listed(prop, SH.languageIn):
            raise ValueError(f"{prop}: sh:languageIn must name the languages that term {term} can have")

    def _scheme(self, prop: IRI) -> IRI | None:
        """The concept scheme that values must be in (sh:node with skos:inScheme, sh:hasValue), or may (vl:uitLijst)."""
        for shape in iris_of(self.shapes, prop, SH.node):
            for rule in nodes_of(self.shapes, shape, SH.property):
                if self.shapes.value(rule, SH.path) == SKOS.inScheme:
                    return needed_iri(self.shapes, rule, SH.hasValue)
        return iri_of(self.shapes, prop, VL.uitLijst)

    def _group(self, prop: IRI) -> str:
        group = iri_of(self.shapes, prop, SH.group)
        return text_of(self.shapes, group, RDFS.label) if group else ""

    def _order(self, prop: IRI) -> float:
        """Order within the group, after the order of the group itself."""
        group = iri_of(self.shapes, prop, SH.group)
        of_group = number_of(self.shapes, group, SH.order) if group else None
        return (of_group or 0.0) * 1000 + (number_of(self.shapes, prop, SH.order) or 0.0)

    def _expand(self, name: str) -> str:
        if "://" in name:
            return name
        prefix, colon, rest = name.partition(":")
        start = self.context.get(prefix)
        if not colon or not isinstance(start, str):
            raise ValueError(f"the context does not declare the prefix of {name}")
        return start + rest

    def _number(self, prop: IRI, predicate: IRI) -> int | None:
        found = number_of(self.shapes, prop, predicate)
        return None if found is None else int(found)

    def _listed(self, prop: IRI, predicate: IRI) -> tuple[str, ...]:
        """The literals of a list."""
        found = items(self.shapes, self.shapes.value(prop, predicate))
        return tuple(item.value for item in found if isinstance(item, Literal))
