"""`/doc/…/graaf`: the data of an entity as a small drawing, as a table, as Turtle and as JSON-LD, on one page."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.model.codelists import CodeLists
from app.model.graph import IRI, Literal, Term, from_ntriples
from app.web.answers import cacheable, link, links, moved
from app.web.data.drawing import Naming, draw
from app.web.data.formats import DATA_FORMATS, offers
from app.web.data.representations import represent
from app.web.found import canonical_code, entity_type, find
from app.web.pages import page
from app.web.service import Service

TEXTS = ("ttl", "jsonld")


def show(request: Request) -> Response:
    """The drawing of the latest version, or of the one that is asked for."""
    service: Service = request.app.state.service
    type = entity_type(service, request.path_params["type"])
    code = canonical_code(type, request.path_params["code"])
    if code != request.path_params["code"]:
        return moved(request, request.path_params["code"], code)
    found = find(service, type, code, request.query_params.get("versie"))
    graph = from_ntriples(found.version.public or b"")
    drawing = draw(graph, IRI(found.iri), naming(service.schema.prefixes, service.codelists))
    texts = {one.label: represent(service, found, one).decode() for one in DATA_FORMATS if one.suffix in TEXTS}
    html = page(request, "graaf.html", found=found, drawing=drawing, texts=texts, offers=offers(found.page))
    headers = links([link(found.page, "about"), link(found.iri, "describes")])
    return cacheable(request, html, "text/html", modified=found.changed, headers=headers)


def naming(prefixes: Mapping[str, str], codelists: CodeLists) -> Naming:
    """What terms are called in a drawing: values as they are, concepts by name, other IRIs as short as they go."""
    longest_first = sorted(prefixes.items(), key=lambda pair: -len(pair[1]))

    def name(term: Term) -> str:
        if isinstance(term, Literal):
            return f"“{term.value}”"
        if isinstance(term, IRI) and (concept := codelists.concept(term.value)):
            return concept.label
        value = getattr(term, "value", "")
        start = next(((short, long) for short, long in longest_first if value.startswith(long)), None)
        if start and len(value) > len(start[1]):
            return f"{start[0]}:{value.removeprefix(start[1])}"
        return value.rstrip("/").rpartition("/")[2] or value

    return name


ROUTES = (Route("/doc/{type}/{code}/graaf", show),)
