"""The history of an entity: when each version came, which organisation made it, what happened, and why where public."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.model.graph import IRI, RdfFormat, parse_graph
from app.model.reading import text_of
from app.model.terms import SKOS, VL
from app.store.log import Version
from app.web.answers import cacheable, link, links, moved
from app.web.data.formats import FORMATS, HTML, JSONLD, Format, alternates, choose, offers, write
from app.web.data.ontology import context
from app.web.found import canonical_code, entity_type, history
from app.web.pages import page
from app.web.people import organisation
from app.web.service import Service

CONTEXT = "historiek"
TIMEMAP = Format("link", "application/link-format", "Memento TimeMap")


def show(request: Request) -> Response:
    """All versions of an entity that were public, oldest first."""
    service: Service = request.app.state.service
    type = entity_type(service, request.path_params["type"])
    code = canonical_code(type, request.path_params["code"])
    if code != request.path_params["code"]:
        return moved(request, request.path_params["code"], code)
    format = choose(request, request.path_params.get("suffix"), (*FORMATS, TIMEMAP))
    versions = history(service, type, code)
    at = f"{service.base}/doc/{type.key}/{code}"
    body = _body(request, service, format, versions, at)
    others = alternates(f"{at}/historiek", formats=(*FORMATS, TIMEMAP))
    headers = {**links([link(f"{at}/historiek", "canonical"), *others]), "vary": "Accept"}
    modified = datetime.fromisoformat(versions[-1].time)
    return cacheable(request, body, format.media_type, modified=modified, headers=headers)


def _body(request: Request, service: Service, format: Format, versions: Sequence[Version], at: str) -> bytes:
    if format is TIMEMAP:
        return timemap(versions, at)
    document = to_document(service, versions)
    if format.suffix == HTML:
        ended = versions[-1].ended
        public = {version.number for version in versions if version.public is not None and not ended}
        values = {"document": document, "public": public, "at": at, "name": at.rpartition("/")[2]}
        return page(request, "historiek.html", offers=offers(f"{at}/historiek"), **values)
    if format.suffix == JSONLD:
        address = f"{service.base}/context/{CONTEXT}.jsonld"
        return orjson.dumps({"@context": address, **document}, option=orjson.OPT_INDENT_2)
    inline = json.dumps({**context(service, CONTEXT), **document})
    return write(parse_graph(inline, RdfFormat.JSON_LD), format, service.schema.prefixes)


def to_document(service: Service, versions: Sequence[Version]) -> dict[str, Any]:
    """The history in the terms of `ontology/context/historiek.jsonld`."""
    document = {"@id": versions[0].entity, "versies": [dict(_step(service, version)) for version in versions]}
    if heir := versions[-1].replaced_by:
        document["vervangenDoor"] = heir
    return document


def _step(service: Service, version: Version) -> Iterator[tuple[str, Any]]:
    yield "@id", version.iri(service.base)
    yield "@type", "Versie"
    yield "versie", version.number
    yield "tijdstip", version.time
    yield "activiteit", dict(_activity(service, version))


def _activity(service: Service, version: Version) -> Iterator[tuple[str, Any]]:
    kind = IRI(version.activity)
    yield "@id", f"{version.iri(service.base)}#activiteit"
    yield "@type", ["Activiteit", version.activity]
    yield "wat", label(service, kind)
    if who := organisation(service, version.answerable):
        yield "door", {"@id": who.iri, "@type": "Organisatie", "organisatienaam": who.name}
    # A reason is typed by hand and may name a person: it is public only where the vocabulary says so of the activity.
    if version.reason and service.schema.vocabulary.value(kind, VL.redenIs) == VL.publiek:
        yield "reden", version.reason


def label(service: Service, term: IRI) -> str:
    """What the vocabulary calls a term, in Dutch."""
    return text_of(service.schema.vocabulary, term, SKOS.prefLabel) or term.value.rpartition("#")[2]


def timemap(versions: Sequence[Version], at: str) -> bytes:
    """Where each version is, for clients that travel in time (RFC 7089 section 5)."""
    entries = [link(at, "original timegate"), link(f"{at}/historiek.link", "self", type="application/link-format")]
    for version in versions:
        if version.public is not None:
            when = format_datetime(datetime.fromisoformat(version.time), usegmt=True)
            entries.append(link(f"{at}?versie={version.number}", "memento", datetime=when))
    return ",\n".join(entries).encode() + b"\n"


ROUTES = (
    Route("/doc/{type}/{code}/historiek", show),
    Route("/doc/{type}/{code}/historiek.{suffix}", show),
)
