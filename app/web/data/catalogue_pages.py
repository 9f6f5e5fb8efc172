"""`/catalogus`: the catalogue in pages of a hundred datasets, and a page for each dataset and service."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.errors import Unknown
from app.model.graph import IRI, Graph, Literal, Subject, Triple
from app.model.reading import instances
from app.model.terms import DCAT, HYDRA, RDF
from app.web.answers import cacheable, link, links, see_other
from app.web.data.catalogue import catalogue
from app.web.data.dataset_view import schema_org, view
from app.web.data.formats import HTML, Format, alternates, choose, offers, split_suffix, write
from app.web.pages import page
from app.web.paging import Paging, page_number
from app.web.service import Service

PER_PAGE = 100
LISTED = (DCAT.DatasetSeries, DCAT.DataService, DCAT.Dataset)


@dataclass(frozen=True)
class Catalogue:
    """The catalogue as it was at one sequence of the log."""

    sequence: int
    graph: Graph
    node: IRI
    resources: tuple[IRI, ...]


def current(request: Request) -> Catalogue:
    """The catalogue of now; made again only when something changed."""
    service: Service = request.app.state.service
    known: Catalogue | None = getattr(request.app.state, "catalogue", None)
    sequence = service.log.head()
    if known is None or known.sequence != sequence:
        graph = catalogue(service, request.app.state.dumps)
        catalog = IRI(f"{service.base}/id/catalogus")
        known = Catalogue(sequence, graph, catalog, tuple(instances(graph, *LISTED)))
        request.app.state.catalogue = known
    return known


def show(request: Request) -> Response:
    """One page of the catalogue, whole in itself; `?page=` as in CKAN."""
    service: Service = request.app.state.service
    whole = current(request)
    format = choose(request, request.path_params.get("suffix"))
    number = page_number(request, "page")
    paging = Paging(request.url.path, request.query_params, number, len(whole.resources), PER_PAGE)
    if paging.page > paging.last:
        raise Unknown("Deze pagina van de catalogus bestaat niet.")
    chosen = whole.resources[paging.first : paging.first + PER_PAGE]
    if format.suffix == HTML:
        views = [view(whole.graph, one, service.base) for one in chosen]
        about = view(whole.graph, whole.node, service.base)
        values = {"views": views, "about": about, "paging": paging, "schema_org": schema_org(about, views)}
        body = page(request, "catalogus.html", offers=offers("/catalogus"), **values)
    else:
        graph = with_paging(part(whole, chosen), whole.node, paging, service.base)
        body = write(graph, format, service.schema.prefixes)
    return _answer(request, format, "/catalogus", paging.query(paging.page), body, whole.node)


def show_one(request: Request) -> Response:
    """A dataset, a series or a service by itself."""
    service: Service = request.app.state.service
    whole = current(request)
    name, suffix = split_suffix(request.path_params["name"])
    resource = next((one for one in whole.resources if one.value.rpartition("/")[2] == name), None)
    if resource is None:
        raise Unknown("Deze dataset bestaat niet.")
    format = choose(request, suffix)
    path = f"/catalogus/{name}"
    if format.suffix == HTML:
        shown = view(whole.graph, resource, service.base)
        body = page(request, "dataset.html", shown=shown, offers=offers(path), schema_org=schema_org(shown, ()))
    else:
        body = write(Graph(closure(whole, (resource,))), format, service.schema.prefixes)
    return _answer(request, format, path, "", body, resource)


def identifier(request: Request) -> Response:
    """A catalogue, dataset or service is not a document: 303 to the document about it."""
    name = request.path_params.get("name")
    return see_other(f"/catalogus/{name}" if name else "/catalogus")


def part(whole: Catalogue, chosen: Sequence[IRI]) -> Graph:
    """The catalogue with only these datasets, each with all that belongs to it."""
    left_out = set(whole.resources) - set(chosen)
    left_out |= {record for record in instances(whole.graph, DCAT.CatalogRecord) if _topic(record) in left_out}
    triples = closure(whole, (whole.node, *chosen), left_out)
    return Graph(triple for triple in triples if triple.object not in left_out)


def _topic(record: IRI) -> IRI:
    return IRI(record.value.removesuffix("#beschrijving"))


def closure(whole: Catalogue, roots: Iterable[IRI], without: Iterable[IRI] = ()) -> Iterator[Triple]:
    """All triples about the roots and about what they lead to, not going on to other datasets."""
    queue: list[Subject] = list(roots)
    elsewhere = {whole.node, *whole.resources, *without} - set(queue)
    seen: set[Subject] = set(queue)
    while queue:
        subject = queue.pop(0)
        for predicate, objects in whole.graph.described(subject).items():
            for object in objects:
                yield Triple(subject, predicate, object)
                if isinstance(object, IRI) and object not in seen and object not in elsewhere:
                    seen.add(object)
                    queue.append(object)


def with_paging(graph: Graph, node: IRI, paging: Paging, base: str) -> Graph:
    """Where the next page is, in the two ways in which harvesters ask (Hydra now and before)."""
    here = IRI(f"{base}/catalogus{paging.query(paging.page)}")
    graph.add(node, RDF.type, HYDRA.Collection)
    graph.add(node, HYDRA.totalItems, Literal(paging.total))
    graph.add(node, HYDRA.view, here)
    for kind in (HYDRA.PartialCollectionView, HYDRA.PagedCollection):
        graph.add(here, RDF.type, kind)
    graph.add(here, HYDRA.itemsPerPage, Literal(paging.size))
    graph.add(here, HYDRA.totalItems, Literal(paging.total))
    for name, number in paging.neighbours():
        graph.add(here, HYDRA[name], IRI(f"{base}/catalogus{paging.query(number)}"))
    return graph


def _answer(request: Request, format: Format, path: str, query: str, body: bytes, about: IRI) -> Response:
    at = request.app.state.service.base + path
    values = [link(at + query, "canonical"), link(about.value, "about"), *alternates(at, query)]
    return cacheable(request, body, format.media_type, headers={**links(values), "vary": "Accept"})


ROUTES = (
    Route("/catalogus", show),
    Route("/catalogus.{suffix}", show),
    Route("/catalogus/{name}", show_one),
    Route("/id/catalogus", identifier),
    Route("/id/dataset/{name}", identifier),
    Route("/id/dataservice/{name}", identifier),
)
