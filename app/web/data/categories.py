"""Code lists by address: all of them, one scheme, one concept; and from the official IRI of a concept to its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Unknown
from app.model.codelists import CodeLists, Concept, Scheme
from app.model.graph import IRI, Graph, Literal
from app.model.terms import DCT, RDF, SKOS
from app.web.answers import FRESH_LONG, cacheable, link, links, see_other
from app.web.data.formats import HTML, Format, alternates, choose, offers, split_suffix, write
from app.web.pages import page
from app.web.service import Service

ROOT = "/doc/categorie"


def concept_path(concept: Concept) -> str:
    """Where the page about a concept stands; its IRI is the official one, which is not ours."""
    return f"{ROOT}/{concept.scheme_key}-{quote(concept.notation, safe='')}"


def overview(request: Request) -> Response:
    """All schemes; with `?uri=` straight to the page of that concept or scheme."""
    service: Service = request.app.state.service
    uri = request.query_params.get("uri")
    if uri is not None:
        return see_other(path_of(service.codelists, uri))
    format = choose(request, request.path_params.get("suffix"))
    schemes = service.codelists.schemes()
    if format.suffix == HTML:
        body = page(request, "categorieen.html", schemes=schemes, offers=offers(ROOT))
    else:
        body = write(scheme_heads(schemes), format, service.schema.prefixes)
    return _answer(request, service, ROOT, format, body)


def category(request: Request) -> Response:
    """One scheme, or one concept of it."""
    service: Service = request.app.state.service
    name, suffix = split_suffix(request.path_params["name"])
    what = lookup(service.codelists, name)
    format = choose(request, suffix)
    path = concept_path(what) if isinstance(what, Concept) else f"{ROOT}/{what.key}"
    if format.suffix == HTML:
        body = _page(request, service, what, path)
    else:
        body = write(described(service.codelists, what), format, service.schema.prefixes, what.iri)
    return _answer(request, service, path, format, body, what.iri)


def identifier(request: Request) -> Response:
    """A category is not a document: 303 to the document about it."""
    name = request.path_params.get("name")
    return see_other(f"{ROOT}/{quote(name, safe='')}" if name else ROOT)


def lookup(codelists: CodeLists, name: str) -> Scheme | Concept:
    """By `scheme` or `scheme-notation`; raises Unknown."""
    for scheme in codelists.schemes():
        if name == scheme.key:
            return scheme
        found = (one for one in scheme.concepts if name.casefold() == f"{scheme.key}-{one.notation}".casefold())
        if concept := next(found, None):
            return concept
    raise Unknown("Er is geen codelijst of code met deze naam.")


def path_of(codelists: CodeLists, iri: str) -> str:
    """The path of the page about an official IRI; raises Unknown."""
    if concept := codelists.concept(iri):
        return concept_path(concept)
    scheme = next((one for one in codelists.schemes() if one.iri == iri), None)
    if scheme is None:
        raise Unknown("Deze IRI staat in geen van onze codelijsten.")
    return f"{ROOT}/{scheme.key}"


def scheme_heads(schemes: tuple[Scheme, ...]) -> Graph:
    """What the schemes say of themselves, without their concepts."""
    heads = Graph()
    for scheme in schemes:
        for predicate, objects in scheme.graph.described(IRI(scheme.iri)).items():
            for object in objects:
                heads.add(IRI(scheme.iri), predicate, object)
    return heads


def described(codelists: CodeLists, what: Scheme | Concept) -> Graph:
    """A scheme whole; a concept with the names of its scheme and of its neighbours."""
    if isinstance(what, Scheme):
        return what.graph
    source = codelists.scheme(what.scheme_key).graph
    subject = IRI(what.iri)
    about = Graph(triple for triple in source if triple.subject == subject)
    about.add(IRI(what.scheme), RDF.type, SKOS.ConceptScheme)
    about.add(IRI(what.scheme), DCT["title"], Literal(codelists.scheme(what.scheme_key).title, language="nl"))
    for neighbour in _neighbours(codelists, what).values():
        for one in neighbour:
            about.add(IRI(one.iri), SKOS.prefLabel, Literal(one.label, language="nl"))
    return about


def _neighbours(codelists: CodeLists, concept: Concept) -> Mapping[str, list[Concept]]:
    siblings = codelists.scheme(concept.scheme_key).concepts
    return {
        "broader": [one for one in siblings if one.iri == concept.broader],
        "narrower": [one for one in siblings if one.broader == concept.iri],
        "successor": [one for one in siblings if one.iri == concept.replaced_by],
    }


def _page(request: Request, service: Service, what: Scheme | Concept, path: str) -> bytes:
    if isinstance(what, Scheme):
        return page(request, "codelijst.html", scheme=what, offers=offers(path), path_of=concept_path)
    values: dict[str, Any] = dict(_neighbours(service.codelists, what))
    scheme = service.codelists.scheme(what.scheme_key)
    return page(request, "code.html", concept=what, scheme=scheme, offers=offers(path), path_of=concept_path, **values)


def _answer(
    request: Request, service: Service, path: str, format: Format, body: bytes, about: str | None = None
) -> Response:
    at = service.base + path
    values = [link(at, "canonical")]
    values += [link(about, "about")] if about else []
    headers = {**links([*values, *alternates(at)]), "vary": "Accept"}
    return cacheable(request, body, format.media_type, cache=FRESH_LONG, headers=headers)


def old_address(request: Request) -> Response:
    """Without the slash that somebody typed."""
    return RedirectResponse(ROOT, 301)


ROUTES = (
    Route(ROOT, overview),
    Route(f"{ROOT}.{{suffix}}", overview),
    Route(f"{ROOT}/", old_address),
    Route(f"{ROOT}/{{name:path}}", category),
    Route("/id/categorie", identifier),
    Route("/id/categorie/{name:path}", identifier),
)
