"""The code lists and contexts of the register's public API; they need no key."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.errors import Unknown
from app.model.codelists import Concept
from app.web.answers import FRESH_LONG, cacheable
from app.web.service import Service
from app.web.v1.common import JSON, JSON_LD, json_answer, media_type_of, shaping

# No file system takes longer names than 255 bytes.
NAME = re.compile(r"(?=.{1,100}$)[a-z][a-z-]*-context\.json")
GROUPS = ("publiek", "beheer")
INDENTED = orjson.OPT_INDENT_2


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
    own = context_file(service, request.path_params["group"], request.path_params["name"])
    terms = orjson.loads(own.read_bytes())
    body = orjson.dumps({"@context": based({**_shared(service), **terms}, f"{service.base}/")}, option=INDENTED)
    return cacheable(request, body, media_type_of(request, JSON, JSON_LD), cache=FRESH_LONG, headers={"vary": "Accept"})


def context_file(service: Service, group: str, name: str) -> Path:
    """What one context has besides the terms that all share; raises Unknown."""
    path = contexts_folder(service) / group / name
    if not NAME.fullmatch(name) or group not in GROUPS or not path.is_file():
        raise Unknown("Op dit adres staat geen context.")
    return path


def contexts_folder(service: Service) -> Path:
    """Where the contexts are that the register has."""
    return service.root / "ontology" / "context" / "register"


def _shared(service: Service) -> dict[str, Any]:
    terms: dict[str, Any] = orjson.loads((contexts_folder(service) / "gedeeld.json").read_bytes())
    return terms


def based(terms: Any, base: str) -> Any:
    """The same context with every `@base` as an address in full.

    It counts only where it stands in a context for one property, and there must not be relative.
    https://www.w3.org/TR/json-ld11-api/#context-processing-algorithm
    """
    if not isinstance(terms, dict):
        return terms
    return {key: base + value if key == "@base" else based(value, base) for key, value in terms.items()}
