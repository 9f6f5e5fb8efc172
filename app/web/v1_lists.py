"""The code lists and contexts of the register's public API; they need no key."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response

from app.errors import Unknown
from app.model.codelists import Concept
from app.web.answers import FRESH_LONG, cacheable
from app.web.service import Service
from app.web.v1_common import JSON, JSON_LD, json_answer, media_type_of, shaping

NAME = re.compile(r"[a-z][a-z-]*-context\.json")


def activities(request: Request) -> Response:
    """The main activities."""
    found = concepts(request, "hoofdactiviteit")
    rows = [{"code": each.notation, "naam": each.label} for each in found]
    return json_answer(request, {"hoofdactiviteitenVerenigingsloket": rows}, JSON, JSON_LD)


def areas(request: Request) -> Response:
    """The areas in which an association can be active, with "not applicable"."""
    service: Service = request.app.state.service
    rows = shaping(service).concepts([each.iri for each in concepts(request, "werkingsgebied")])
    return json_answer(request, {"werkingsgebieden": rows}, JSON_LD, JSON)


def concepts(request: Request, scheme: str) -> list[Concept]:
    """The concepts of a list that are in use, by code."""
    service: Service = request.app.state.service
    return sorted(service.codelists.concepts(scheme), key=lambda concept: concept.notation)


def context(request: Request) -> Response:
    """A JSON-LD context that loads: every prefix declared, every key mapped or left out on purpose."""
    service: Service = request.app.state.service
    name = request.path_params["name"]
    path = service.root / "ontology" / "context" / "publiek" / name
    if not NAME.fullmatch(name) or not path.is_file():
        raise Unknown(f"Er is geen context {name}." if NAME.fullmatch(name) else "Op dit adres staat geen context.")
    # `@base` counts only where it stands in a context for one property; there it must be an address in full.
    # https://www.w3.org/TR/json-ld11-api/#context-processing-algorithm
    body = path.read_text(encoding="utf-8").replace('"@base": "', f'"@base": "{service.base}/').encode()
    return cacheable(request, body, media_type_of(request, JSON, JSON_LD), cache=FRESH_LONG, headers={"vary": "Accept"})
