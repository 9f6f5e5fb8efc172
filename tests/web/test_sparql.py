"""/sparql over HTTP: the forms of a request, the formats of an answer, caches, limits and what is refused."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from app.model.graph import RdfFormat, parse_graph
from app.model.queries import load_queries
from app.store.queries.pool import Limits
from app.web.sparql.answer import is_stable, takes_gzip
from app.web.sparql.endpoint import PLANS_MEMORY, SparqlApp
from app.web.sparql.pages import examples
from tests.web.conftest import HARMONY, fill
from tests.web.decision_world import fill_decisions
from tests.web.sparql_site import SparqlSite, sparql_site
from tests.web.world import ROOT, World, harmony, open_world

JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
FORM, DIRECT, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
SELECT, ASK, CONSTRUCT = "SELECT (1 AS ?x) {}", "ASK {}", "CONSTRUCT { <s> <p> 'é' } {}"
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
NAMES = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> SELECT ?n { ?v a ?type ; skos:prefLabel ?n } ORDER BY ?n"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
VENDOR = ROOT / "app" / "web" / "static" / "vendor"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparqlSite]:
    for world in open_world(tmp_path_factory.mktemp("world")):
        fill(world)
        world.put(HARMONY, {**harmony(world), "datumLaatsteAanpassing": "2026-03-01T09:00:00Z"})
        fill_decisions(world)
        with sparql_site(world, tmp_path_factory.mktemp("pool"), Limits(seconds=3.0, max_bytes=2_000_000)) as made:
            yield made


ACCEPTS = [
    # query, Accept, status, media type
    (SELECT, None, 200, JSON),
    (SELECT, "*/*", 200, JSON),
    (SELECT, JSON, 200, JSON),
    (SELECT, "application/json", 200, "application/json"),
    (SELECT, XML, 200, XML),
    (SELECT, "application/xml", 200, "application/xml"),
    (SELECT, "text/csv", 200, "text/csv; charset=utf-8"),
    (SELECT, "text/tab-separated-values", 200, "text/tab-separated-values; charset=utf-8"),
    (SELECT, f"text/csv;q=0.5, {XML};q=0.8", 200, XML),
    (SELECT, f"{XML};q=0, */*;q=0.1", 200, JSON),
    (SELECT, "text/turtle, */*;q=0.1", 200, JSON),
    (SELECT, "text/turtle", 406, None),
    (SELECT, "image/png", 406, None),
    (ASK, None, 200, JSON),
    (ASK, XML, 200, XML),
    (ASK, "text/csv", 200, "text/csv; charset=utf-8"),
    (ASK, "application/n-triples", 406, None),
    (CONSTRUCT, None, 200, "text/turtle; charset=utf-8"),
    (CONSTRUCT, "*/*", 200, "text/turtle; charset=utf-8"),
    (CONSTRUCT, "application/n-triples", 200, "application/n-triples"),
    (CONSTRUCT, "application/ld+json", 200, "application/ld+json"),
    (CONSTRUCT, "application/rdf+xml", 200, "application/rdf+xml"),
    (CONSTRUCT, "application/trig", 200, "application/trig"),
    (CONSTRUCT, "application/n-quads", 200, "application/n-quads"),
    (CONSTRUCT, f"{JSON}, application/ld+json;q=0.5", 200, "application/ld+json"),
    (CONSTRUCT, JSON, 406, None),
    ("DESCRIBE <s>", "application/ld+json", 200, "application/ld+json"),
]


@pytest.mark.parametrize(("query", "accept", "status", "media_type"), ACCEPTS)
def test_the_answer_is_in_the_format_that_suits_client_and_query(
    site: SparqlSite, query: str, accept: str | None, status: int, media_type: str | None
) -> None:
    answer = site.ask(query, **({"accept": accept} if accept else {}))
    assert answer.status_code == status, answer.text
    assert media_type is None or answer.headers["content-type"] == media_type
    assert "Accept" in answer.headers["vary"]


FORMATS = {
    "application/n-triples": RdfFormat.N_TRIPLES,
    "text/turtle": RdfFormat.TURTLE,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/trig": RdfFormat.TRIG,
    "application/n-quads": RdfFormat.N_QUADS,
}


def test_all_formats_of_a_graph_say_the_same(site: SparqlSite) -> None:
    query = "PREFIX s: <http://s/> CONSTRUCT { s:a s:b 'é'@nl . s:a s:c s:d } {}"
    graphs = [parse_graph(site.ask(query, accept=name).content, format) for name, format in FORMATS.items()]
    assert len(graphs[0]) == 2
    assert all(graph == graphs[0] for graph in graphs)


def test_a_relative_iri_is_relative_to_the_endpoint(site: SparqlSite) -> None:
    assert f"<{site.base}/s> <{site.base}/p>" in site.ask(CONSTRUCT, accept="application/n-triples").text


PARAMETER = [
    # format, query, media type
    ("csv", SELECT, "text/csv; charset=utf-8"),
    ("json", CONSTRUCT, "application/ld+json"),
    ("xml", CONSTRUCT, "application/rdf+xml"),
    ("csv", CONSTRUCT, "text/turtle; charset=utf-8"),
    ("nt", CONSTRUCT, "application/n-triples"),
    ("text/tab-separated-values", SELECT, "text/tab-separated-values; charset=utf-8"),
]


@pytest.mark.parametrize(("format", "query", "media_type"), PARAMETER)
def test_a_format_in_the_address_wins_from_the_accept_header(
    site: SparqlSite, format: str, query: str, media_type: str
) -> None:
    answer = site.ask(query, parameters=[("format", format)], accept=FIREFOX)
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)


REQUESTS: list[tuple[str, dict[str, Any], int]] = [
    # what, request, status
    ("GET", {"query": ASK}, 200),
    ("HEAD", {"query": ASK, "method": "HEAD"}, 200),
    ("POST of a form", {"body": urlencode({"query": ASK}), "content_type": FORM}, 200),
    ("the same with a charset", {"body": "query=ASK+%7B%7D", "content_type": f"{FORM}; charset=UTF-8"}, 200),
    ("POST of the query itself", {"body": ASK, "content_type": DIRECT}, 200),
    ("an unknown parameter", {"query": ASK, "parameters": [("timeout", "1")]}, 200),
    ("two queries", {"query": ASK, "parameters": [("query", ASK)]}, 400),
    ("a query in the address and in the body", {"query": ASK, "body": ASK, "content_type": DIRECT}, 400),
    ("no query in a form", {"body": "a=b", "content_type": FORM}, 400),
    ("an empty query", {"query": ""}, 400),
    ("a syntax error", {"query": "ASK {"}, 400),
    ("an update by GET", {"parameters": [("update", "CLEAR ALL")]}, 403),
    ("an update in a form", {"body": "update=CLEAR+ALL", "content_type": FORM}, 403),
    ("an update itself", {"body": "CLEAR ALL", "content_type": UPDATE}, 403),
    ("an update as a query", {"query": "CLEAR ALL"}, 400),
    ("SERVICE", {"query": "ASK { SERVICE <http://127.0.0.1:1/> { } }"}, 400),
    ("no content type", {"body": ASK, "content_type": ""}, 415),
    ("another content type", {"body": ASK, "content_type": "text/plain"}, 415),
    ("UTF-16", {"body": ASK.encode("utf-16"), "content_type": f"{DIRECT}; charset=UTF-16"}, 415),
    ("no UTF-8", {"body": b"ASK { ?s ?p '\xe9' }", "content_type": DIRECT}, 400),
    ("no UTF-8 in a form", {"body": b"query=ASK%20%7B%20%3Fs%20%3Fp%20%27%E9%27%20%7D", "content_type": FORM}, 400),
    ("a relative graph", {"query": ASK, "parameters": [("default-graph-uri", "graaf")]}, 400),
    ("an unknown format", {"query": ASK, "parameters": [("format", "pdf")]}, 400),
    ("PUT", {"query": ASK, "method": "PUT"}, 405),
    ("DELETE", {"method": "DELETE"}, 405),
    ("a body of more than a megabyte", {"body": "#" * 1_000_001, "content_type": DIRECT}, 413),
    ("an answer of more than the limit", {"query": "SELECT * { ?a ?b ?c . ?d ?e ?f }"}, 413),
    ("a runaway query", {"query": RUNAWAY}, 503),
]


@pytest.mark.parametrize(("what", "request_", "status"), REQUESTS, ids=[row[0] for row in REQUESTS])
def test_every_request_gets_its_status(site: SparqlSite, what: str, request_: dict[str, Any], status: int) -> None:
    told = dict(request_)
    if isinstance(told.get("body"), str):
        told["body"] = told["body"].encode()
    method = told.pop("method", "POST" if "body" in told else "GET")
    answer = site.ask(method=method, **told)
    assert answer.status_code == status, answer.text
    assert answer.headers["access-control-allow-origin"] == "*"
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["title"] and answer.json()["status"] == status


def test_a_syntax_error_is_told_with_line_and_column(site: SparqlSite) -> None:
    problem = site.ask("SELECT *\nWHERE { ?s wat ?o . }").json()
    assert (problem["line"], problem["column"]) == (2, 12)
    assert "“wat” kan hier niet staan" in problem["title"]


def test_in_a_browser_an_error_is_a_page(site: SparqlSite) -> None:
    answer = site.ask("ASK {", parameters=[("format", "csv")], accept=FIREFOX)
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/html")
    assert "Schrijffout op regel 1" in answer.text


def test_what_takes_too_long_says_when_to_come_back(site: SparqlSite) -> None:
    assert int(site.ask(RUNAWAY).headers["retry-after"]) > 0


def test_a_method_that_is_not_allowed_says_which_are(site: SparqlSite) -> None:
    assert site.ask(method="PUT").headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert site.ask(method="OPTIONS").headers["allow"] == "GET, HEAD, POST, OPTIONS"


def test_a_script_on_another_site_may_ask(site: SparqlSite) -> None:
    told = {"origin": "https://elders.example", "access_control_request_method": "POST"}
    answer = site.ask(method="OPTIONS", **told, access_control_request_headers="content-type")
    assert answer.status_code == 204
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "content-type" in answer.headers["access-control-allow-headers"].lower()


def names(answer_text: str) -> list[str]:
    return [row["n"]["value"] for row in json.loads(answer_text)["results"]["bindings"]]


def test_the_dataset_may_be_named_in_the_address_and_in_the_body(site: SparqlSite) -> None:
    one, two = (site.world.iri(code) for code in ("V0001001", "V0001005"))
    both = [("default-graph-uri", one), ("default-graph-uri", two)]
    query = "SELECT (COUNT(DISTINCT ?v) AS ?n) { ?v <http://purl.org/dc/terms/identifier> ?code }"
    assert names(site.ask(query, parameters=both).text) == ["2"]
    assert names(site.ask(query, parameters=both[:1]).text) == ["1"]
    assert names(site.post(query, DIRECT, parameters=both).text) == ["2"]
    assert names(site.post(urlencode([("query", query), both[0]]), FORM, parameters=both[1:]).text) == ["2"]
    in_graph = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert names(site.ask(in_graph, parameters=[("named-graph-uri", one)]).text) == ["1"]


def test_nothing_that_is_not_public_can_be_asked(site: SparqlSite) -> None:
    found = names(site.ask(NAMES).text)
    assert "Koninklijke Harmonie De Ware Vrienden" in found
    assert "Verborgen Genootschap" not in found and "Harmonie Ware Vrienden" not in found


def test_a_client_that_has_the_answer_is_told_so_without_work(site: SparqlSite) -> None:
    first = site.ask(NAMES)
    again = site.ask(NAMES, if_none_match=f'"other", {first.headers["etag"]}')
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert site.ask(NAMES, if_none_match='"other"').status_code == 200


def test_another_format_or_query_has_another_tag(site: SparqlSite) -> None:
    asked = [(NAMES, JSON), (NAMES, XML), (SELECT, JSON)]
    tags = {site.ask(query, accept=accept).headers["etag"] for query, accept in asked}
    assert len(tags) == len(asked)


@pytest.mark.parametrize(
    "query", ["SELECT (NOW() AS ?n) {}", "SELECT (rand ( ) AS ?n) {}", "SELECT (STRUUID() AS ?n) {}"]
)
def test_an_answer_that_is_never_the_same_is_not_kept(site: SparqlSite, query: str) -> None:
    first, second = site.ask(query), site.ask(query)
    assert names(first.text) != names(second.text)
    assert first.headers["cache-control"] == "no-store" and "etag" not in first.headers


def test_a_word_that_only_looks_like_such_a_function_does_no_harm() -> None:
    assert is_stable("SELECT ?now ?brand { ?now ?uuid ?rand }")
    assert not is_stable("SELECT (NOW# #\n ( ) AS ?x) {}")


def test_after_a_write_the_answer_and_its_tag_are_new(empty_world: World, tmp_path: Path) -> None:
    kind = empty_world.concept("verenigingstype", "VZER")
    with sparql_site(empty_world, tmp_path) as site:
        before = site.ask(NAMES)
        for number in range(1, 4):
            empty_world.put(f"V000100{number}", {"naam": f"Club {number}", "verenigingstype": kind})
            after = site.ask(NAMES, if_none_match=before.headers["etag"])
            assert after.status_code == 200
            assert f"Club {number}" in names(after.text)


def test_a_long_answer_is_compressed_for_who_can_read_that(site: SparqlSite) -> None:
    query = "SELECT * { ?s ?p ?o } LIMIT 100"
    plain, zipped = site.ask(query), site.ask(query, accept_encoding="br, gzip")
    assert zipped.headers["content-encoding"] == "gzip" and "content-encoding" not in plain.headers
    assert int(zipped.headers["content-length"]) < len(plain.content) / 3
    assert zipped.content == plain.content
    assert "content-encoding" not in site.ask(ASK, accept_encoding="gzip").headers
    assert "content-encoding" not in site.ask(query, accept_encoding="gzip;q=0").headers


@pytest.mark.parametrize(
    ("accepted", "taken"),
    [("gzip", True), ("deflate, GZIP;q=0.3, br", True), ("*", True), ("gzip;q=0", False), ("br", False), ("", False)],
)
def test_gzip_is_used_only_when_it_is_accepted(accepted: str, taken: bool) -> None:
    assert takes_gzip(accepted) is taken
    assert gzip.decompress(gzip.compress(b"x")) == b"x"


def test_addresses_that_are_long_and_all_different_do_not_fill_the_memory() -> None:
    nothing: Any = None
    app = SparqlApp(nothing, "http://loket.test/sparql", nothing, nothing, "zout")
    padding = b"a" * 50_000
    for number in range(400):
        app._plan_get(b"query=ASK%%7B%%7D&x=%d%s" % (number, padding), "*/*")
    assert len(app._plans) * len(padding) <= PLANS_MEMORY


def test_the_same_question_at_the_same_time_is_asked_once(
    site: SparqlSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrived, asked = 0, 0
    represent = SparqlApp._represent

    with sparql_site(site.world, tmp_path) as fresh:
        answer = fresh.pool.answer

        async def at_once() -> list[int]:
            everybody = asyncio.Event()

            async def counting(question: Any, meter: Any) -> Any:
                """Answers when all eight have come, however long that takes."""
                nonlocal asked
                asked += 1
                await everybody.wait()
                return await answer(question, meter)

            async def arriving(*arguments: Any) -> Any:
                nonlocal arrived
                arrived += 1
                if arrived == 8:
                    everybody.set()
                return await represent(*arguments)

            monkeypatch.setattr(fresh.pool, "answer", counting)
            monkeypatch.setattr(SparqlApp, "_represent", arriving)
            path = f"/sparql?query={quote(NAMES)}"
            answers = await asyncio.gather(*(fresh._go("GET", path, None, {}) for _ in range(8)))
            return [answer.status_code for answer in answers]

        assert asyncio.run(at_once()) == [200] * 8
        assert (arrived, asked) == (8, 1)


def test_when_the_client_hangs_up_the_query_is_stopped(world: World, tmp_path: Path) -> None:
    async def hang_up(site: SparqlSite) -> tuple[tuple[int, ...], tuple[int, ...], list[Any]]:
        await site.pool.query("ASK {}", JSON)
        before = site.pool.pids()
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": "/sparql", "headers": [], "query_string": b"query="}
        scope["query_string"] = f"query={quote(RUNAWAY)}".encode()
        async with asyncio.timeout(10):
            await site.app(scope, receive, send)
        return before, site.pool.pids(), sent

    with sparql_site(world, tmp_path, Limits(seconds=60)) as site:
        before, after, sent = asyncio.run(hang_up(site))
        assert sent == []
        assert set(before) != set(after)
        assert site.ask(ASK).status_code == 200


SD = "http://www.w3.org/ns/sparql-service-description#"
DESCRIPTIONS = [
    (None, "text/turtle"),
    ("*/*", "text/turtle"),
    ("text/turtle", "text/turtle"),
    ("application/ld+json", "application/ld+json"),
    ("application/rdf+xml", "application/rdf+xml"),
    ("application/n-triples", "application/n-triples"),
]


@pytest.mark.parametrize(("accept", "media_type"), DESCRIPTIONS)
def test_without_a_query_a_machine_is_told_what_the_service_can(
    site: SparqlSite, accept: str | None, media_type: str
) -> None:
    answer = site.ask(**({"accept": accept} if accept else {}))
    assert answer.headers["content-type"].startswith(media_type)
    graph = parse_graph(answer.content, FORMATS[media_type])
    described = {str(triple) for triple in graph}
    assert any(f"<{SD}endpoint> <{site.base}/sparql>" in triple for triple in described)
    for term in ("Service", "SPARQL11Query", "UnionDefaultGraph"):
        assert any(f"<{SD}{term}>" in triple for triple in described), term
    assert site.ask(**({"accept": accept} if accept else {}), if_none_match=answer.headers["etag"]).status_code == 304


def test_there_is_no_description_in_an_image(site: SparqlSite) -> None:
    assert site.ask(accept="image/png").status_code == 406


def test_a_browser_gets_the_editor_with_the_query_of_the_link_in_it(site: SparqlSite) -> None:
    answer = site.ask("SELECT ?eigen {}", accept=FIREFOX)
    assert answer.headers["content-type"].startswith("text/html")
    assert "SELECT ?eigen {}" in answer.text
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self';" in policy and "connect-src 'self';" in policy and "unsafe-eval" not in policy


def test_the_editor_lists_the_examples_and_loads_nothing_from_elsewhere(site: SparqlSite) -> None:
    page = site.ask(accept=FIREFOX).text
    for example in examples(load_queries(ROOT)):
        assert example.summary in page
    assert 'src="http' not in page and 'stylesheet" href="http' not in page


EXAMPLES = examples(load_queries(ROOT))


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 8


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_every_example_finds_something(site: SparqlSite, example: Any) -> None:
    answer = site.ask(example.text, parameters=[("format", "json")])
    assert answer.status_code == 200, answer.text
    rows = answer.json() if isinstance(answer.json(), list) else answer.json()["results"]["bindings"]
    assert rows


def test_the_vendored_editor_is_what_its_makers_published() -> None:
    lines = (VENDOR / "SHA256SUMS").read_text().splitlines()
    listed = {name: digest for digest, name in (line.split() for line in lines)}
    found = {path.name for path in VENDOR.iterdir()} - {"SHA256SUMS"}
    assert listed.keys() == found and found
    for name, digest in listed.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest
