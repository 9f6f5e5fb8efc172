"""The register of processing activities and the privacy clause: both are `ontology/personal.ttl`, told twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.model.fields import EntityType
from app.model.graph import IRI
from app.model.processing import Activity
from app.model.wording import inline
from app.register.personal.people import node_types
from app.web.answers import FRESH_LONG, cacheable, link, links, see_other
from app.web.data.formats import FORMATS, HTML, alternates, choose, offers, write
from app.web.pages import page
from app.web.service import Service

AT = "/verwerkingsregister"


def processing(request: Request) -> Response:
    """The entry for the register of processing activities (GDPR article 30), as a page and as data."""
    service: Service = request.app.state.service
    format = choose(request, request.path_params.get("suffix"))
    register = service.schema.processing
    if format.suffix == HTML:
        body = page(request, "verwerkingsregister.html", register=register, offers=offers(AT), activities=told(service))
    else:
        body = write(register.graph, format, service.schema.prefixes)
    at = f"{service.base}{AT}"
    headers = {**links([link(at, "canonical"), *alternates(at, formats=FORMATS)]), "vary": "Accept"}
    return cacheable(request, body, format.media_type, cache=FRESH_LONG, headers=headers)


def privacy(request: Request) -> Response:
    """The privacy clause that a government refers to."""
    service: Service = request.app.state.service
    html = page(request, "privacy.html", register=service.schema.processing, activities=told(service))
    return cacheable(request, html, "text/html", cache=FRESH_LONG)


def purposes(request: Request) -> Response:
    """Where the IRIs of purposes and activities lead."""
    return see_other(AT)


def told(service: Service) -> list[tuple[Activity, str]]:
    """Each activity with its fields in words."""
    labels: Mapping[IRI, str] = {
        shape: label for type in service.schema.entity_types.values() for shape, label in _labels(type).items()
    }
    return [
        (activity, ", ".join(dict.fromkeys(inline(labels[shape]) for shape in activity.fields if shape in labels)))
        for activity in service.schema.processing.activities
    ]


def _labels(type: EntityType) -> dict[IRI, Any]:
    return {each.shape: each.label for node in node_types(type) for each in node.fields}


ROUTES = (
    Route(AT, processing),
    Route(f"{AT}.{{suffix}}", processing),
    Route("/privacy", privacy),
    Route("/persoonsgegevens", purposes),
)
