"""What the addresses under `/v1` have in common: the version, the key, numbers from the query, media types."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hmac import compare_digest
from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.errors import Forbidden, Problem, Refused
from app.exchange.register_api.json import RegisterJson
from app.web.answers import FRESH_BRIEFLY, FRESH_PRIVATELY, cacheable
from app.web.negotiate import negotiate
from app.web.service import Service

JSON, JSON_LD = "application/json", "application/ld+json"
MOST_DIGITS = 15
# Who is logged in, or shows a token, gets another answer at some of these addresses.
VARY = "Accept, Authorization, Cookie, VR-Api-Version"


def wants_version_2(request: Request) -> bool:
    """Any other value, or none, is version 1: never an error."""
    return request.headers.get("vr-api-version", "").strip().lower() == "v2"


def check_key(request: Request) -> None:
    """Raises Forbidden when keys are configured and the client shows none of them."""
    service: Service = request.app.state.service
    given = request.headers.get("vr-api-key") or request.query_params.get("vr-api-key") or ""
    if service.api_keys and not any(compare_digest(given.encode(), key.encode()) for key in service.api_keys):
        raise Forbidden("Deze aanvraag heeft een geldige vr-api-key nodig.")
    # A cache that many share must not give to who has no key what somebody with a key got.
    request.state.caching = FRESH_PRIVATELY if service.api_keys else FRESH_BRIEFLY


def caching(request: Request) -> str:
    """Who may keep the answer, and how long."""
    return str(getattr(request.state, "caching", FRESH_BRIEFLY))


def number(request: Request, name: str, default: int) -> int:
    """A whole number from 0 on from the query; raises Refused naming the parameter."""
    text = request.query_params.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise wrong(name, "Geef een geheel getal vanaf 0.")
    return int(text)


def flag(request: Request, name: str) -> bool:
    """Whether the query says `name=true`."""
    return request.query_params.get(name, "").lower() in ("true", "1", "ja")


def listed(request: Request, name: str) -> list[str]:
    """The parts of a list with commas, from all parameters with this name."""
    texts = request.query_params.getlist(name)
    return [part.strip() for text in texts for part in text.split(",") if part.strip()]


def wrong(name: str, message: str) -> Refused:
    """A parameter that cannot be."""
    return Refused(f"De parameter {name} is niet juist.", [Problem(name, message)])


def shaping(service: Service) -> RegisterJson:
    """Who writes the register's JSON."""
    return RegisterJson(service.codelists, service.base, service.schema.entity_types["vereniging"].iri_start)


def context_of(service: Service, name: str, group: str = "publiek") -> str:
    """Where a context is served."""
    return f"{service.base}/v1/contexten/{group}/{name}-context.json"


def json_answer(
    request: Request,
    body: Any,
    *offered: str,
    modified: datetime | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answer JSON (bytes as they are) in the first of these media types, or in another of them if asked for."""
    media_type = media_type_of(request, *offered)
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    told = {"vary": VARY, "cache-control": caching(request), **(headers or {})}
    return cacheable(request, content, media_type, modified=modified, headers=told)


def media_type_of(request: Request, *offered: str) -> str:
    """The media type to answer in; raises 406."""
    found = negotiate(request.headers.get("accept"), offered)
    if found is None:
        raise HTTPException(406, f"Dit bestaat enkel als {' of '.join(offered)}.")
    return found
