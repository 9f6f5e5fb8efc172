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
from app.model.graph import IRI, Graph, Literal, Subject, Term, parse_graph
from app.model.permissions import load_permissions
from app.model.processing import load_processing
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
    kinds = [node for node in catalogue.subjects() if VL.Entiteitstype in catalogue.objects(node, RDF.type)]
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
            _text(catalogue, kind, DCT.identifier): _incoming(root, base, catalogue, kind, shapes[kind])
            for kind in kinds
            if catalogue.value(kind, VL.vormInkomend)
        },
        concepts=_concepts(sorted((ontology / "codelists").glob("*.ttl"))),
        processing=load_processing(root, base),
        permissions=load_permissions(ontology / "rights.ttl", base),
        processes=load_processes(root, base, {each.key: each for each in entity_types}.get("proces")),
    )


def _parse(root: Path, base: str, catalogue: Graph, kind: Subject, which: IRI = VL.vorm) -> Graph:
    shape = _iri(catalogue, kind, which).value
    path = root / (shape.removeprefix(f"{base}/") + ".ttl")
    return parse_graph(path.read_bytes(), base=shape)


def _incoming(root: Path, base: str, catalogue: Graph, kind: Subject, own: Graph) -> Graph:
    """The looser shape, with the shape of the type itself where it imports that."""
    looser = _parse(root, base, catalogue, kind, VL.vormInkomend)
    imports = _iri(catalogue, kind, VL.vorm) in looser.objects(_iri(catalogue, kind, VL.vormInkomend), OWL.imports)
    return looser | own if imports else looser


def _entity_type(root: Path, base: str, catalogue: Graph, kind: Subject, shapes: Graph) -> EntityType:
    context_iri = _iri(catalogue, kind, VL.context).value
    path = root / "ontology" / (context_iri.removeprefix(f"{base}/") + ".jsonld")
    context = json.loads(path.read_text(encoding="utf-8"))["@context"]
    key = _text(catalogue, kind, DCT.identifier)
    node = _Reader(shapes, context).node_type(_iri(catalogue, kind, VL.vorm), context, Secrecy.PUBLIC)
    return EntityType(
        **{name: getattr(node, name) for name in ("label", "type", "type_term", "shape", "fields", "class_terms")},
        name=key,
        key=key,
        plural=_text(catalogue, kind, VL.meervoud),
        feed=_text(catalogue, kind, VL.feed),
        code_pattern=_text(catalogue, kind, VL.codepatroon),
        context=context,
        context_iri=context_iri,
        query=_iri(catalogue, kind, VL.vraag).value.removeprefix(f"{base}/queries/"),
        iri_start=_text(catalogue, kind, VL.iriBegin) or f"{base}/id/{key}/",
        part_start=f"{base}/doc/{key}/" if catalogue.value(kind, VL.iriBegin) else f"{base}/id/{key}/",
        code_start=_text(catalogue, kind, VL.codeBegin),
        views=tuple(sorted(o.value for o in catalogue.objects(kind, VL.deelfeed))),
        keeps_parts=catalogue.value(kind, VL.eigenOnderdelen) == Literal(True),
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
            label=_text(self.shapes, shape, RDFS.label),
            type=type_,
            type_term=next(term for term, iri in classes.items() if iri == type_),
            shape=shape,
            fields=tuple(fields),
            class_terms=classes,
        )

    def _class_of(self, shape: IRI) -> IRI:
        """The class that the shape targets, or that a property with this node shape demands."""
        found = self.shapes.value(shape, SH.targetClass)
        parents = (p for p in self.shapes.subjects() if shape in self.shapes.objects(p, SH.node))
        return found if isinstance(found, IRI) else _iri(self.shapes, next(parents), SH["class"])

    def _fields(self, shape: IRI, terms: Terms, secrecy: Secrecy) -> Iterator[Field]:
        for prop in self.shapes.objects(shape, SH.property):
            if isinstance(prop, IRI) and self.shapes.value(prop, SH.name):
                yield self._field(prop, terms, secrecy)

    def _field(self, prop: IRI, terms: Terms, secrecy: Secrecy) -> Field:
        path = _iri(self.shapes, prop, SH.path)
        term, definition = self._term(prop, path, terms)
        kind = self._kind(prop, definition)
        own = self.shapes.value(prop, VL.zichtbaarheid)
        secrecy = max(secrecy, SECRECY[own]) if isinstance(own, IRI) else secrecy
        datatype = self.shapes.value(prop, SH.datatype)
        max_count = self._number(prop, SH.maxCount)
        languages = [item.value.lower() for item in self._list(prop, SH.languageIn) if isinstance(item, Literal)]
        self._agree(prop, term, definition, kind, datatype, max_count)
        return Field(
            term=term,
            path=path,
            shape=prop,
            kind=kind,
            label=_text(self.shapes, prop, SH.name),
            help=_text(self.shapes, prop, SH.description),
            group=self._group(prop),
            order=self._order(prop),
            datatype=datatype if isinstance(datatype, IRI) else None,
            language=definition.get("@language"),
            languages=tuple(languages) if kind is Kind.LANGUAGES else (),
            several=kind is Kind.LANGUAGES and "@set" in definition["@container"],
            scheme=self._scheme(prop),
            options=tuple(o.value for o in self._list(prop, SH["in"]) if isinstance(o, Literal)),
            node=self._nested(prop, path, terms, definition, secrecy) if kind is Kind.NODE else None,
            max_count=max_count,
            **self._bounds(prop),
            recognises=self.shapes.value(prop, VL.herkent) == Literal(True),
            markup=self.shapes.value(prop, VL.opgemaakt) == Literal(True),
            secrecy=secrecy,
            personal_if=self._optional_iri(prop, VL.persoonlijkIndien),
            internal_if=self._optional_iri(prop, VL.internIndien),
            prefill=_text(self.shapes, prop, VL.uitRegister),
            attachment=self._optional_iri(prop, VL.documentsoort),
        )

    def _bounds(self, prop: IRI) -> dict[str, Any]:
        """What each value must keep to, and what is said of one that does not."""
        return {
            "min_count": self._number(prop, SH.minCount) or 0,
            "max_length": self._number(prop, SH.maxLength),
            "minimum": self._number(prop, SH.minInclusive),
            "maximum": self._number(prop, SH.maxInclusive),
            "pattern": _text(self.shapes, prop, SH.pattern) or None,
            "flags": _text(self.shapes, prop, SH.flags),
            "message": _text(self.shapes, prop, SH.message),
        }

    def _kind(self, prop: IRI, definition: Terms) -> Kind:
        datatype = self.shapes.value(prop, SH.datatype)
        if datatype == RDF.langString and "@language" in definition.get("@container", ()):
            return Kind.LANGUAGES
        if isinstance(datatype, IRI):
            return NATIVE.get(datatype, Kind.TYPED)
        return Kind.NODE if self.shapes.value(prop, SH["class"]) else Kind.LINK

    def _nested(self, prop: IRI, path: IRI, terms: Terms, definition: Terms, secrecy: Secrecy) -> NodeType:
        shape = _iri(self.shapes, prop, SH.node)
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
        self, prop: IRI, term: str, definition: Terms, kind: Kind, datatype: Term | None, most: int | None
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
        languages = [item.value for item in self._list(prop, SH.languageIn) if isinstance(item, Literal)]
        if [definition[k] for k in ("@language",) if k in definition] != languages:
            raise ValueError(f"{prop}: term {term} and sh:languageIn must name the same language")

    def _agree_on_languages(self, prop: IRI, term: str, definition: Terms) -> None:
        one_each = self.shapes.value(prop, SH.uniqueLang) == Literal(True)
        if ("@set" in definition["@container"]) == one_each:
            raise ValueError(f"{prop}: term {term} must have @set beside @language exactly without sh:uniqueLang")
        if not list(self._list(prop, SH.languageIn)):
            raise ValueError(f"{prop}: sh:languageIn must name the languages that term {term} can have")

    def _scheme(self, prop: IRI) -> IRI | None:
        """The concept scheme that values must be in (sh:node with skos:inScheme, sh:hasValue), or may (vl:uitLijst)."""
        for shape in self.shapes.objects(prop, SH.node):
            for rule in self.shapes.objects(shape, SH.property):  # type: ignore[arg-type]
                if self.shapes.value(rule, SH.path) == SKOS.inScheme:  # type: ignore[arg-type]
                    return _iri(self.shapes, rule, SH.hasValue)  # type: ignore[arg-type]
        return self._optional_iri(prop, VL.uitLijst)

    def _group(self, prop: IRI) -> str:
        group = self.shapes.value(prop, SH.group)
        return _text(self.shapes, group, RDFS.label) if isinstance(group, IRI) else ""

    def _order(self, prop: IRI) -> float:
        """Order within the group, after the order of the group itself."""
        group = self.shapes.value(prop, SH.group)
        of_group = self.shapes.value(group, SH.order) if isinstance(group, IRI) else None
        own = self.shapes.value(prop, SH.order)
        first, second = (float(o.value) if isinstance(o, Literal) else 0.0 for o in (of_group, own))
        return first * 1000 + second

    def _expand(self, name: str) -> str:
        if "://" in name:
            return name
        prefix, colon, rest = name.partition(":")
        start = self.context.get(prefix)
        if not colon or not isinstance(start, str):
            raise ValueError(f"the context does not declare the prefix of {name}")
        return start + rest

    def _number(self, prop: IRI, predicate: IRI) -> int | None:
        found = self.shapes.value(prop, predicate)
        return int(found.value) if isinstance(found, Literal) else None

    def _optional_iri(self, prop: IRI, predicate: IRI) -> IRI | None:
        found = self.shapes.value(prop, predicate)
        return found if isinstance(found, IRI) else None

    def _list(self, prop: IRI, predicate: IRI) -> Iterator[Term]:
        cell = self.shapes.value(prop, predicate)
        while cell is not None and cell != RDF.nil and not isinstance(cell, Literal):
            yield from self.shapes.objects(cell, RDF.first)
            cell = self.shapes.value(cell, RDF.rest)


def _iri(graph: Graph, subject: Subject, predicate: IRI) -> IRI:
    found = graph.value(subject, predicate)
    if not isinstance(found, IRI):
        raise ValueError(f"{subject} needs an IRI as {predicate}")
    return found


def _text(graph: Graph, subject: Subject, predicate: IRI) -> str:
    """The Dutch text of a property, else the one without a language, else nothing."""
    literals = [o for o in graph.objects(subject, predicate) if isinstance(o, Literal)]
    best = sorted(literals, key=lambda o: {"nl": 0, None: 1}.get(o.language, 2))
    return best[0].value if best else ""
