"""The OpenAPI document is right about this very service: every operation of it exists, and every address is in it."""

from __future__ import annotations

import re
import typing

import jsonschema_rs
import pytest
from starlette.routing import Route

from app.web.app import ROUTES
from app.web.openapi import document
from app.web.openapi_bodies import BESIDES, BODIES, body_schemas
from tests.web.conftest import Ask
from tests.web.world import World

# Answered by bare applications, past the routes; the type of an entity stands in the path.
ELSEWHERE = ("/sparql", "/ldes/", "/odata/", "/doc/vereniging/")
Operations = dict[tuple[str, str], dict[str, typing.Any]]


@pytest.fixture(scope="module")
def operations(world: World) -> Operations:
    paths = document(world.service)["paths"]
    return {(method.upper(), path): found for path, methods in paths.items() for method, found in methods.items()}


def routes(start: str) -> set[tuple[str, str]]:
    found = (route for route in ROUTES if isinstance(route, Route) and route.path.startswith(start))
    return {
        (method, re.sub(r":\w+}", "}", route.path)) for route in found for method in (route.methods or set()) - {"HEAD"}
    }


def test_the_document_is_one(ask: Ask) -> None:
    answer = ask("/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["openapi"] == "3.1.0"
    jsonschema_rs.meta.validate({"$defs": answer.json()["components"]["schemas"]})


def test_every_address_of_the_register_s_api_is_described(operations: Operations) -> None:
    expected = routes("/v1/")
    assert len(expected) > 40
    assert expected == {key for key in operations if key[1].startswith("/v1/")}


def test_every_operation_exists(operations: Operations) -> None:
    known = routes("/")
    missing = {key for key in operations if not key[1].startswith(ELSEWHERE)} - known
    missing = {(method, path) for method, path in missing if not re.search(r"\.(csv|xlsx)$", path)}
    assert missing == set()


def test_every_parameter_of_a_path_is_asked_for(world: World, operations: Operations) -> None:
    parameters = document(world.service)["components"]["parameters"]
    for (method, path), operation in operations.items():
        asked = [parameters[each["$ref"].rpartition("/")[2]] for each in operation["parameters"]]
        placed = {each["name"] for each in asked if each["in"] == "path"}
        assert placed == set(re.findall(r"{(\w+)}", path)), f"{method} {path}"


def test_every_body_is_used_and_every_used_body_is_there(world: World, operations: Operations) -> None:
    bodies = [found["requestBody"]["content"] for found in operations.values() if "requestBody" in found]
    used = {content["schema"]["$ref"].rpartition("/")[2] for body in bodies for content in body.values()}
    assert used == set(body_schemas(world.service.codelists)) == {*BODIES, *BESIDES}


def test_a_body_has_the_keys_of_the_table_by_which_it_is_read(world: World) -> None:
    schema = body_schemas(world.service.codelists)["Vereniging"]
    assert {"naam", "korteNaam", "locaties", "hoofdactiviteitenVerenigingsloket"} <= set(schema["properties"])
    assert "SPRT" in schema["properties"]["hoofdactiviteitenVerenigingsloket"]["items"]["enum"]
    assert "adresId" in schema["properties"]["locaties"]["items"]["properties"]


def test_no_two_operations_share_a_name(operations: Operations) -> None:
    names = [found["operationId"] for found in operations.values()]
    assert len(names) == len(set(names))


def test_the_page_lists_every_operation_without_scripts(ask: Ask, operations: Operations) -> None:
    text = ask("/openapi", accept="text/html").text
    assert all(f"{method} {path}" in text for method, path in operations)


ALLOWED = [
    ("PUT", "/v1/verenigingen/V0001001", "DELETE, GET, HEAD, PATCH"),
    ("PUT", "/v1/verenigingen/V0001001/stop", "POST"),
    ("OPTIONS", "/v1/verenigingen/vzer", "POST"),
    ("POST", "/v1/verenigingen/zoeken", "GET, HEAD"),
    ("POST", "/over", "GET, HEAD"),
]


@pytest.mark.parametrize(("method", "path", "allow"), ALLOWED)
def test_what_is_not_allowed_says_what_is(ask: Ask, method: str, path: str, allow: str) -> None:
    answer = ask(path, method)
    assert (answer.status_code, answer.headers.get_list("allow")) == (405, [allow])
