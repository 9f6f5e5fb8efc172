"""The whole service on other engines than its own: what people do with it goes the same way."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.bootstrap.register import open_register
from app.bootstrap.service import open_service
from app.bootstrap.stores import rebuild_stores
from app.cli.upkeep import check
from app.config import Settings, read_settings
from app.store.graphs.engine import Addresses
from app.web.app import create_app
from app.web.service import Service
from tests.engines import cleared, new_database
from tests.running import wait_for
from tests.web.people import Acquaintances, municipality, with_token
from tests.web.v1_client import full

BASE = "http://loket.test"
TIME_LIMIT = 6.0
HEADERS = {**with_token(municipality("Gent")), "vr-api-version": "v2"}
Ask = Callable[..., httpx.Response]
SERVERS = ("oxigraph", "virtuoso")
NAMES = """SELECT ?v ?name WHERE {
  ?v <http://www.w3.org/2004/02/skos/core#prefLabel> ?name FILTER(CONTAINS(STR(?name), "Lijsterbes"))
}"""


@pytest.fixture(scope="module", params=SERVERS)
def settings(request: pytest.FixtureRequest, postgresql: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """PostgreSQL and a SPARQL server, with nothing in them."""
    engine = cleared(request.getfixturevalue(request.param))
    return settings_for(tmp_path_factory.mktemp("data"), new_database(postgresql), engine)


def settings_for(data: Path, database: str, engine: Addresses | None = None, **more: Any) -> Settings:
    given: dict[str, Any] = {"data": data, "database": database, "base": BASE, "sparql_timeout": TIME_LIMIT, **more}
    if engine is not None:
        given |= {
            "graphs_query_url": engine.query, "graphs_update_url": engine.update, "graphs_store_url": engine.store,
            "graphs_bulk_url": engine.bulk, "graphs_auth": engine.auth, "graphs_user": engine.user,
            "graphs_password": engine.password, "graphs_largest_update": engine.largest_update,
        }  # fmt: skip
    return read_settings(given, {})


@contextmanager
def running(settings: Settings, to_neighbours: httpx.BaseTransport | None = None) -> Iterator[Ask]:
    """The service as it is assembled, asked in process by people that the tests know."""
    with open_service(settings, to_neighbours=to_neighbours) as service:
        yield asking(service)


def asking(service: Service) -> Ask:
    """How to ask a service in process, each question by itself."""
    app = create_app(replace(service, identity=Acquaintances()))

    def ask(path: str, method: str = "GET", **wanted: Any) -> httpx.Response:
        async def go() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE) as client:
                return await client.request(method, path, **wanted)

        return asyncio.run(go())

    return ask


@pytest.fixture(scope="module")
def ask(settings: Settings) -> Iterator[Ask]:
    with running(settings) as ask:
        yield ask


@pytest.fixture(scope="module")
def code(ask: Ask) -> str:
    """An association that Gent registered."""
    body = {**full(), "naam": "Kring De Lijsterbes"}
    answer = ask("/v1/verenigingen/vzer", "POST", json=body, headers=HEADERS)
    assert answer.status_code == 202, answer.text
    made = answer.headers["location"].rpartition("/")[2]
    follow(ask)
    return made


def follow(ask: Ask) -> None:
    """Wait until the stores are where the log is."""
    wait_for(lambda: bool(ask("/health").json()["behind"] == 0), "the stores do not follow")


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    found = json.loads(answer.content)["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in found]


def sparql(ask: Ask, query: str, accept: str = "application/sparql-results+json", **more: str) -> httpx.Response:
    return ask("/sparql", "POST", data={"query": query, **more}, headers={"accept": accept})


@pytest.mark.parametrize("suffix", ["ttl", "nt", "jsonld", "trig", "rdf", "html"])
def test_an_association_is_read_in_every_format(ask: Ask, code: str, suffix: str) -> None:
    answer = (
        ask(f"/doc/vereniging/{code}.{suffix}")
        if suffix != "html"
        else ask(f"/doc/vereniging/{code}", headers={"accept": "text/html"})
    )
    assert answer.status_code == 200, answer.text
    assert "Lijsterbes" in answer.text


@pytest.mark.parametrize("path", ["/", "/verenigingen?zoek=lijsterbes", "/aanbod", "/catalogus", "/.well-known/void"])
def test_a_page_is_shown(ask: Ask, code: str, path: str) -> None:
    answer = ask(path, headers={"accept": "text/html, text/turtle;q=0.5"})
    assert answer.status_code == 200, answer.text


def test_the_feed_tells_of_it(ask: Ask, code: str) -> None:
    answer = ask("/ldes/verenigingen/1", headers={"accept": "text/turtle"})
    assert answer.status_code == 200
    assert code in answer.text


@pytest.mark.parametrize("accept, wanted", [
    ("application/sparql-results+json", '"Kring De Lijsterbes"'), ("application/sparql-results+xml", "Lijsterbes</"),
    ("text/csv", "Kring De Lijsterbes\r\n"), ("text/tab-separated-values", '"Kring De Lijsterbes"'),
])  # fmt: skip
def test_a_stranger_asks_in_sparql(ask: Ask, code: str, accept: str, wanted: str) -> None:
    answer = sparql(ask, NAMES, accept)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith(accept)
    assert wanted in answer.text


def test_each_kind_of_question_has_its_answer(ask: Ask, code: str) -> None:
    iri = f"{BASE}/id/vereniging/{code}"
    assert sparql(ask, f"ASK {{ <{iri}> ?p ?o }}").json()["boolean"] is True
    assert sparql(ask, f"ASK {{ <{iri}> <http://nergens.test/> ?o }}").json()["boolean"] is False
    built = sparql(ask, f"PREFIX v: <{BASE}/> CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}",
                   "text/turtle")  # fmt: skip
    assert "Lijsterbes" in built.text
    assert sparql(ask, f"DESCRIBE <{iri}>", "application/n-triples").status_code == 200
    graphs = {row["g"] for row in rows(sparql(ask, f"SELECT ?g WHERE {{ GRAPH ?g {{ <{iri}> ?p ?o }} }}"))}
    assert graphs == {iri}


def test_a_dataset_of_choice_is_kept_to(ask: Ask, code: str) -> None:
    iri = f"{BASE}/id/vereniging/{code}"
    everything = "SELECT DISTINCT ?s {} WHERE {{ ?s ?p ?o }}"
    in_query = rows(sparql(ask, everything.format(f"FROM <{iri}>")))
    in_request = rows(sparql(ask, everything.format(""), **{"default-graph-uri": iri}))
    assert in_query
    assert {row["s"] for row in in_query} == {row["s"] for row in in_request}
    assert all(row["s"].startswith(iri) for row in in_query)


def test_the_engine_shows_nothing_of_itself(ask: Ask, code: str) -> None:
    own = "http://www.openlinksw.com/schemas/virtrdf#"
    for query in (f"ASK {{ ?s a <{own}QuadMapFormat> }}", f"ASK {{ GRAPH <{own}> {{ ?s ?p ?o }} }}"):
        assert sparql(ask, query).json()["boolean"] is False


REFUSED = {
    "an update": "INSERT DATA { <http://a> <http://a> <http://a> }",
    "two at once": "SELECT * WHERE { ?s ?p ?o } ; DROP ALL",
    "a wrong word": "SELEKT * WHERE { ?s ?p ?o }",
    "another service": "SELECT * WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "a procedure of the engine": "SELECT (<bif:delay>(1) AS ?x) WHERE { }",
    "a procedure, hidden": "SELECT (<\\u0062if:delay>(1) AS ?x) WHERE { }",
    "a procedure with a prefix": "PREFIX x: <sql:> SELECT (x:fn(1) AS ?x) WHERE { }",
    "an order to the engine": "define sql:log-enable 2 SELECT * WHERE { ?s ?p ?o }",
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_question_is_refused(ask: Ask, code: str, what: str) -> None:
    assert sparql(ask, REFUSED[what]).status_code == 400
    assert sparql(ask, NAMES).status_code == 200


def test_a_question_that_takes_too_long_is_given_up(ask: Ask, code: str) -> None:
    endless = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c != ?f && ?f != ?i) }"
    assert sparql(ask, endless).status_code in (400, 503)


def test_a_wrong_question_is_told_where_it_is_wrong(ask: Ask, code: str) -> None:
    answer = sparql(ask, "SELECT *\nWHERE { ?s ?p }")
    assert answer.status_code == 400
    assert "regel 2" in answer.text


def test_what_changed_is_seen_once_followed(ask: Ask, code: str) -> None:
    answer = ask(f"/v1/verenigingen/{code}", "PATCH", json={"naam": "De Lijsterbes Zingt"}, headers=HEADERS)
    assert answer.status_code == 202, answer.text
    follow(ask)
    assert [row["name"] for row in rows(sparql(ask, NAMES))] == ["De Lijsterbes Zingt"]


def test_the_operator_rebuilds_and_checks_it(settings: Settings, ask: Ask, code: str) -> None:
    apart = replace(settings, stores=settings.data / "apart")
    with open_register(apart) as register:
        rebuild_stores(apart, register)
    assert check(argparse.Namespace(file=None), apart) == 0
    assert len(rows(sparql(ask, NAMES))) == 1
