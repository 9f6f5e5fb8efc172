"""Our own terms, shapes and contexts, each at the address by which the data refer to it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.errors import Unknown
from app.model.application_forms import FOLDER, form_key
from app.model.graph import IRI, Graph
from app.model.reading import text_of
from app.model.schema import Field, NodeType, Secrecy
from app.model.terms import OWL, RDF, RDFS, SKOS
from app.web.answers import FRESH_LONG, cacheable, link, links
from app.web.data.formats import FORMATS, HTML, WELL_KNOWN, Format, alternates, choose, offers, split_suffix, write
from app.web.pages import page
from app.web.service import Service

# No file system takes longer names than 255 bytes.
NAME = re.compile(r"(?=.{1,100}$)[a-z][a-z-]*")
VISIBLE = {Secrecy.PUBLIC: "openbaar", Secrecy.INTERNAL: "intern", Secrecy.PERSONAL: "vertrouwelijk"}

KINDS = {
    RDFS.Class: "klasse",
    OWL.Class: "klasse",
    RDF.Property: "eigenschap",
    OWL.ObjectProperty: "eigenschap",
    OWL.DatatypeProperty: "eigenschap",
}


@dataclass(frozen=True)
class Described:
    """One term of the vocabulary."""

    iri: str
    name: str
    kind: str
    label: str
    text: str


def vocabulary(request: Request) -> Response:
    """The vocabulary: data, and a page to read it."""
    service: Service = request.app.state.service
    format = choose(request, request.path_params.get("suffix"))
    graph = service.schema.vocabulary
    if format.suffix == HTML:
        terms = sorted(described(graph), key=lambda term: (term.kind, term.name))
        return _answer(request, format, "/ns", page(request, "ns.html", terms=terms, offers=offers("/ns")))
    return _answer(request, format, "/ns", write(graph, format, service.schema.prefixes))


def described(vocabulary: Graph) -> Iterator[Described]:
    """The classes, properties and activities that the vocabulary defines."""
    for subject in vocabulary.subjects():
        kinds = vocabulary.objects(subject, RDF.type)
        if not isinstance(subject, IRI) or "#" not in subject.value or OWL.Ontology in kinds:
            continue
        name = subject.value.rpartition("#")[2]
        kind = next((word for class_, word in KINDS.items() if class_ in kinds), "waarde")
        label = text_of(vocabulary, subject, RDFS.label) or text_of(vocabulary, subject, SKOS.prefLabel)
        yield Described(subject.value, name, kind, label, text_of(vocabulary, subject, SKOS.definition))


def shapes(request: Request) -> Response:
    """Which shapes there are."""
    service: Service = request.app.state.service
    format = choose(request, request.path_params.get("suffix"))
    if format.suffix == HTML:
        types = service.schema.public_types
        return _answer(request, format, "/shapes", page(request, "shapes.html", types=types))
    union = Graph(triple for graph in service.schema.shape_graphs.values() for triple in graph)
    return _answer(request, format, "/shapes", write(union, format, service.schema.prefixes))


def shape(request: Request) -> Response:
    """One shape: SHACL, and a page with its fields as tables."""
    service: Service = request.app.state.service
    name, suffix = split_suffix(request.path_params["name"])
    form = request.url.path.startswith(f"/shapes/{FOLDER}/")
    type = service.schema.entity_types.get(form_key(name) if form else name)
    if type is None:
        raise Unknown("Er is geen vorm met deze naam.")
    format = choose(request, suffix)
    path = f"/shapes/{FOLDER}/{name}" if form else f"/shapes/{name}"
    if format.suffix == HTML:
        # A part that stands in two places, as a website of a product and of its procedure, is drawn once.
        found = list({node.shape: (node, fields) for node, fields in nodes(type)}.values())
        body = page(
            request, "shape.html", type=type, nodes=found, visible=VISIBLE, offers=offers(path), rules=rules_of,
            curie=lambda iri: curie(iri, service.schema.prefixes), lists=dict(_lists(service, found)),
        )  # fmt: skip
    else:
        body = write(service.schema.shape_graphs[type.key], format, service.schema.prefixes)
    return _answer(request, format, path, body)


def nodes(type: NodeType) -> Iterator[tuple[NodeType, tuple[Field, ...]]]:
    """The type and every type of node nested in it, with their fields."""
    yield type, type.fields
    for field in type.fields:
        if field.node is not None:
            yield from nodes(field.node)


def rules_of(field: Field) -> list[str]:
    """What values may be, in words: lengths, limits, and the pattern for who reads those."""
    said = []
    if field.max_length is not None:
        said.append(f"hoogstens {field.max_length} tekens")
    if field.minimum is not None or field.maximum is not None:
        ends = [str(end) if end is not None else "…" for end in (field.minimum, field.maximum)]
        said.append(f"van {ends[0]} tot en met {ends[1]}")
    if field.pattern:
        said.append(f"patroon {field.pattern}")
    return said


def curie(iri: IRI, prefixes: Mapping[str, str]) -> str:
    """An IRI with its prefix; whole when it has none."""
    known = {**WELL_KNOWN, **prefixes}
    starting = [one for one in known.items() if iri.value.startswith(one[1])]
    start = max(starting, key=lambda one: len(one[1]), default=None)
    return f"{start[0]}:{iri.value.removeprefix(start[1])}" if start else iri.value


def _lists(
    service: Service, found: Iterable[tuple[NodeType, tuple[Field, ...]]]
) -> Iterator[tuple[str, tuple[str, str]]]:
    """By field, the page and the name of the code list that its values are from."""
    for _, fields in found:
        for field in fields:
            if field.scheme is not None:
                scheme = service.codelists.scheme(field.scheme.value)
                yield field.term, (f"/doc/categorie/{scheme.key}", scheme.title)


def context(service: Service, name: str) -> dict[str, Any]:
    """A JSON-LD context document by name; raises Unknown."""
    path = service.root / "ontology" / "context" / f"{name}.jsonld"
    if not NAME.fullmatch(name) or not path.is_file():
        raise Unknown("Er is geen context met deze naam.")
    document: dict[str, Any] = json.loads(path.read_bytes())
    return document


def show_context(request: Request) -> Response:
    """A JSON-LD context, to be kept for long: documents refer to it by this address."""
    service: Service = request.app.state.service
    name = request.path_params["name"].removesuffix(".jsonld")
    context(service, name)
    body = Path(service.root / "ontology" / "context" / f"{name}.jsonld").read_bytes()
    return cacheable(request, body, "application/ld+json", cache=FRESH_LONG)


def show_form_context(request: Request) -> Response:
    """The context of a form, which follows from its shape."""
    service: Service = request.app.state.service
    type = service.schema.entity_types.get(form_key(request.path_params["name"].removesuffix(".jsonld")))
    if type is None:
        raise Unknown("Er is geen context met deze naam.")
    body = json.dumps({"@context": type.context}, ensure_ascii=False, indent=2).encode()
    return cacheable(request, body, "application/ld+json", cache=FRESH_LONG)


def _answer(request: Request, format: Format, path: str, body: bytes) -> Response:
    at = request.app.state.service.base + path
    headers = {**links([link(at, "canonical"), *alternates(at, formats=FORMATS)]), "vary": "Accept"}
    return cacheable(request, body, format.media_type, cache=FRESH_LONG, headers=headers)


ROUTES = (
    Route("/ns", vocabulary),
    Route("/ns.{suffix}", vocabulary),
    Route("/shapes", shapes),
    Route("/shapes.{suffix}", shapes),
    Route(f"/shapes/{FOLDER}/{{name}}", shape),
    Route("/shapes/{name}", shape),
    Route(f"/context/{FOLDER}/{{name}}", show_form_context),
    Route("/context/{name}", show_context),
)
