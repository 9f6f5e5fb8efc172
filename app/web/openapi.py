"""What can be asked over HTTP, as an OpenAPI 3.1 document at `/openapi.json`, and to try at `/openapi`.

The words stand in `openapi.toml`, one operation a block; bodies follow from the tables by which they are read. What
every operation has in common is said once, here. https://spec.openapis.org/oas/v3.1.0
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.web.answers import FRESH_LONG, cacheable
from app.web.edge.problems import MEDIA_TYPE
from app.web.openapi_bodies import body_schemas
from app.web.pages import HERE, page
from app.web.service import Service

Json = dict[str, Any]
JSON = "application/json"
FORMS = {"Sparql": "application/x-www-form-urlencoded"}
WRONG_PARAMETER, UNEXPECTED_TYPE, DOUBLE = 400, 406, 409
SECURED = (401, 403, 503)
WORDS = {
    200: "Gelukt.", 201: "Gemaakt.", 202: "Aanvaard; de wijziging staat in het register.", 204: "Gelukt.",
    206: "Een deel.", 304: "Niet veranderd.", 400: "De vraag is niet juist; niets is bewaard.",
    401: "Geen geldig token.", 403: "Geen toegang, met de reden.", 404: "Dit bestaat niet.",
    406: "Niet in dit formaat.", 409: "Misschien een dubbel, of intussen gewijzigd.", 410: "Verwijderd.",
    412: "Niet de verwachte versie.", 413: "Te groot.", 415: "Dit formaat lezen we niet.", 416: "Dit deel is er niet.",
    501: "Dit kan hier niet.", 503: "Nu niet beschikbaar; probeer later opnieuw.",
}  # fmt: skip
PROBLEM: Json = {
    "type": "object",
    "description": "RFC 9457; `problems` noemt elk veld dat niet juist is.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "correlationId": {"type": "string"},
        "problems": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"path": {"type": "string"}, "message": {"type": "string"}},
                "required": ["path", "message"],
            },
        },
    },
}
DOUBLES: Json = {
    "type": "object",
    "properties": {
        "bevestigingsToken": {"type": "string"},
        "mogelijkeDuplicateVerenigingen": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "vCode": {"type": "string"},
                    "naam": {"type": "string"},
                    "redenen": {"type": "array", "items": {"type": "string"}},
                },
                "required": ["vCode"],
            },
        },
    },
    "required": ["bevestigingsToken", "mogelijkeDuplicateVerenigingen"],
}
SECURITY: Json = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "Een token van de aanmelddienst, met de scope dv_verenigingsregister_beheer.",
    },
    "sleutel": {"type": "apiKey", "in": "header", "name": "vr-api-key"},
}


def document(service: Service) -> Json:
    """The whole document."""
    told = _told()
    paths: dict[str, Json] = {}
    for at, operation in told["operations"].items():
        method, _, path = at.partition(" ")
        paths.setdefault(path, {})[method.lower()] = _operation(at, operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": service.title,
            "version": service.version,
            "summary": "Het register van verenigingen, om te lezen, te volgen en bij te houden.",
            "contact": {"email": service.publisher.contact},
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": service.base}],
        "tags": [{"name": name, "description": text} for name, text in told["tags"].items()],
        "paths": paths,
        "components": {
            "parameters": {name: _parameter(name, one) for name, one in told["parameters"].items()},
            "schemas": {"Problem": PROBLEM, "MogelijkeDubbels": DOUBLES, **body_schemas(service.codelists)},
            "securitySchemes": SECURITY,
        },
    }


def show_document(request: Request) -> Response:
    """The document."""
    service: Service = request.app.state.service
    return cacheable(request, orjson.dumps(document(service)), JSON, cache=FRESH_LONG)


def show_page(request: Request) -> Response:
    """The document, to read and to try; without scripts, a list of all operations."""
    told = _told()
    tags: dict[str, list[tuple[str, str, str]]] = {name: [] for name in told["tags"]}
    for at, operation in told["operations"].items():
        method, _, path = at.partition(" ")
        tags[operation["tag"]].append((method, path, operation["summary"]))
    html = page(request, "openapi.html", tags=tags, words=told["tags"])
    return cacheable(request, html, "text/html")


def _operation(at: str, told: Mapping[str, Any]) -> Json:
    secured = told.get("secured", False)
    failures = {WRONG_PARAMETER, UNEXPECTED_TYPE, *told.get("answers", ()), *(SECURED if secured else ())}
    answers = {str(status): _success(status, told) for status in told.get("success", (200,))}
    answers |= {str(status): _failure(status, told) for status in sorted(failures)}
    made: Json = {
        "operationId": at.replace("/v1/", "").translate(str.maketrans(" /{}.", "-----")).strip("-").lower(),
        "tags": [told["tag"]],
        "summary": told["summary"],
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in told.get("ask", ())],
        "responses": answers,
    }
    if name := told.get("body"):
        content = {FORMS.get(name, JSON): {"schema": {"$ref": f"#/components/schemas/{name}"}}}
        made["requestBody"] = {"required": True, "content": content}
    if secured:
        made["security"] = [{"token": []}]
    elif told["tag"] == "register":
        made["security"] = [{}, {"sleutel": []}, {"token": []}]
    return made


def _success(status: int, told: Mapping[str, Any]) -> Json:
    """An accepted write has an empty body, as the register's has."""
    answer: Json = {"description": WORDS[status]}
    if status in (202, 204, 304) or (status == 200 and 202 in told.get("success", ())):
        return answer
    return {**answer, "content": {type: {} for type in told.get("types", (JSON,))}}


def _failure(status: int, told: Mapping[str, Any]) -> Json:
    """A problem; of possible doubles, the register's own JSON with the token to confirm that it is none of them."""
    schema: Json = {"schema": {"$ref": "#/components/schemas/Problem"}}
    content = dict.fromkeys(told.get("problems", (MEDIA_TYPE,)), schema)
    if status == DOUBLE and told.get("doubles"):
        content[JSON] = {"schema": {"$ref": "#/components/schemas/MogelijkeDubbels"}}
    return {"description": WORDS.get(status, HTTPStatus(status).phrase), "content": content}


def _parameter(name: str, told: Mapping[str, Any]) -> Json:
    place = told.get("in", "query")
    required = {"required": True} if place == "path" else {}
    # Clients send parameters that they have no value for.
    schema = {"anyOf": [told["schema"], {"const": ""}]} if told.get("blank") else told["schema"]
    kept = {key: value for key, value in told.items() if key != "blank"}
    return {"name": name, "in": place, **required, **kept, "schema": schema}


@lru_cache(maxsize=1)
def _told() -> Json:
    return tomllib.loads((HERE / "openapi.toml").read_text(encoding="utf-8"))


ROUTES = (Route("/openapi.json", show_document), Route("/openapi", show_page))
