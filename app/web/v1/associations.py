"""`/v1/verenigingen/{vCode}`: one association as the register shows it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from app.errors import Gone, Unknown
from app.exchange.register_api.json import ACTIVE, Json, in_version_1
from app.model.documents import Document
from app.store.log import Version
from app.web.answers import link, links
from app.web.auth import visitor_of
from app.web.data.representations import document
from app.web.found import canonical_code, entity_type, find
from app.web.service import Service
from app.web.v1 import admin_reads as v1_admin_reads
from app.web.v1.call import answer_call
from app.web.v1.common import JSON, JSON_LD, check_key, context_of, json_answer, shaping, wants_version_2

KIND = "vereniging"


def detail(request: Request) -> Response:
    """An active association; 404 for a stopped one, 410 for one that was removed. Who is known sees more."""
    if visitor_of(request) is not None:
        return answer_call(v1_admin_reads.detail, request)
    check_key(request)
    service: Service = request.app.state.service
    type = entity_type(service, KIND)
    code = canonical_code(type, request.path_params["code"])
    found = find(service, type, code)
    shown = document(found)
    if shaping(service).code_of(shown.get("status")) != ACTIVE:
        raise Unknown(f"Er is geen actieve vereniging met code {code}.")
    association = shaping(service).detail(shown, lambda iri: name_of(service, iri))
    if not wants_version_2(request):
        association = in_version_1(association)
    body = {
        "@context": context_of(service, "detail-vereniging"),
        "@id": found.iri,
        "vereniging": association,
        "metadata": metadata(shown, found.version),
    }
    about = links([link(found.iri, "about"), link(found.page, "alternate")])
    return json_answer(request, body, JSON_LD, JSON, modified=found.changed, headers=about)


def metadata(shown: Document, version: Version | None = None) -> Json:
    """When it last changed in public, as a day."""
    changed = shown.get("datumLaatsteAanpassing") or (version.time if version else "")
    return {"datumLaatsteAanpassing": changed[:10]}


def name_of(service: Service, iri: str) -> str:
    """The name of another association, as far as everybody may know it."""
    known = service.schema.entity_of(iri)
    if known is None:
        return ""
    try:
        return str(document(find(service, *known)).get("naam", ""))
    except (Unknown, Gone):
        return ""
