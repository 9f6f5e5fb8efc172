"""Strangers' queries: what runs away is really stopped, what asks too much is refused, all others are answered."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from ctypes.util import find_library
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from app.errors import BadQuery, LoketError, TooLarge, Unavailable
from app.store.graphs.embedded import EmbeddedGraphs, open_graphs
from app.store.graphs.port import Change
from app.store.queries.pool import Answer, Limits, QueryPool, Question
from app.store.queries.process import SLOW_START
from app.store.queries.snapshots import Snapshots

ENTITIES = 2000
NAME = "http://xmlns.com/foaf/0.1/name"
Pools = Callable[..., QueryPool]


def entity(number: int) -> Change:
    iri = f"http://example.org/{number}"
    lines = (f'<{iri}> <http://example.org/p{i}> "waarde {number * i % 977}" .\n' for i in range(10))
    return Change(iri, "".join(lines).encode() + f'<{iri}> <{NAME}> "naam {number}" .\n'.encode())


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedGraphs]:
    opened = open_graphs(tmp_path_factory.mktemp("store") / "public")
    opened.bulk([entity(number) for number in range(ENTITIES)], 1)
    yield opened
    opened.close()


@pytest.fixture
def pools(loaded: EmbeddedGraphs, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pools]:
    made: list[QueryPool] = []

    def make(workers: int = 1, **limits: float) -> QueryPool:
        folder = tmp_path_factory.mktemp("copies") / "copies"
        made.append(QueryPool(Snapshots(loaded, folder), workers, Limits(**limits)))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for pool in made:
        pool.close()


def ask(pool: QueryPool, text: str, **more: object) -> Answer:
    return asyncio.run(pool.answer(Question(text, **more)))  # type: ignore[arg-type]


def values(answer: Answer) -> list[str]:
    rows = json.loads(answer.body)["results"]["bindings"]
    return [term["value"] for row in rows for term in row.values()]


def failure(pool: QueryPool, text: str, **more: object) -> LoketError:
    with pytest.raises(LoketError) as caught:
        ask(pool, text, **more)
    return caught.value


def exists(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_query_is_answered_with_the_sequence_it_was_answered_at(pools: Pools) -> None:
    answer = ask(pools(), f"SELECT ?name {{ <http://example.org/7> <{NAME}> ?name }}")
    assert (values(answer), answer.kind, answer.generation) == (["naam 7"], "solutions", 1)


FORMS = [
    # query, kind, first bytes
    ("SELECT (1 AS ?x) {}", {"solutions": "text/csv"}, "solutions", b"x\r\n1"),
    ("SELECT (1 AS ?x) {}", {"solutions": "application/sparql-results+xml"}, "solutions", b"<?xml"),
    ("ASK {}", {"boolean": "application/sparql-results+json"}, "boolean", b'{"head":{}'),
    ("CONSTRUCT { <http://s> <http://p> 1 } {}", {"graph": "application/n-triples"}, "graph", b"<http://s> <http://p>"),
    ("PREFIX ex: <http://s/> CONSTRUCT { ex:a ex:b ex:c } {}", {"graph": "text/turtle"}, "graph", b"@prefix ex:"),
    ("PREFIX : <http://s/> CONSTRUCT { :a :b :c } {}", {"graph": "application/rdf+xml"}, "graph", b"<?xml"),
    ("DESCRIBE <http://example.org/1>", {"graph": "application/ld+json"}, "graph", b'[{"@id":"http://example.org/1"'),
    ("CONSTRUCT { <s> <p> 1 } {}", {"base": "http://b/", "graph": "application/n-triples"}, "graph", b"<http://b/s>"),
]


def test_each_form_of_query_is_written_in_the_type_wanted_for_it(pools: Pools) -> None:
    pool = pools()
    for query, wanted, kind, start in FORMS:
        answer = ask(pool, query, **wanted)
        assert (answer.kind, answer.body[: len(start)]) == (kind, start)


def test_a_kind_for_which_nothing_is_wanted_is_not_written(pools: Pools) -> None:
    answer = ask(pools(), "ASK {}", boolean=None)
    assert (answer.kind, answer.media_type, answer.body) == ("boolean", None, b"")


COUNT = "SELECT (COUNT(*) AS ?n) %s { ?s ?p ?o }"
DATASETS = [
    # FROM clause, default graphs, named graphs, triples
    ("", (), (), ENTITIES * 11 + 1),
    ("FROM <http://example.org/1>", (), (), 11),
    ("FROM <http://example.org/1> FROM <http://example.org/2>", (), (), 22),
    ("FROM NAMED <http://example.org/1>", (), (), 0),
    ("", ("http://example.org/1",), (), 11),
    ("", ("http://example.org/1", "http://example.org/2"), (), 22),
    ("", (), ("http://example.org/1",), 0),
    ("FROM <http://example.org/1>", ("http://example.org/2", "http://example.org/3"), (), 22),
    ("", ("http://example.org/nowhere",), (), 0),
]


def test_the_dataset_is_that_of_the_request_else_of_the_query_else_the_union(pools: Pools) -> None:
    pool = pools()
    for clause, default, named, triples in DATASETS:
        answer = ask(pool, COUNT % clause, default_graphs=default, named_graphs=named)
        assert values(answer) == [str(triples)], (clause, default, named)
    named_only = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert values(ask(pool, named_only, named_graphs=("http://example.org/1",))) == ["11"]
    # The word alone is no clause.
    assert values(ask(pool, "SELECT (COUNT(*) AS ?from) { ?s ?p 'naam 3' }")) == ["1"]


RUNAWAYS = [
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f . FILTER(CONCAT(STR(?c), STR(?f)) = 'nooit') }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c LIMIT 1",
    "SELECT * { ?a ?b ?c . ?d ?e ?f }",
    "ASK { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STRLEN(CONCAT(STR(?a), STR(?d), STR(?g))) = 2) }",
    "CONSTRUCT { ?a ?e ?i } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
]


@pytest.mark.parametrize("query", RUNAWAYS)
def test_a_query_that_runs_away_is_killed_at_the_deadline_and_the_next_is_answered(pools: Pools, query: str) -> None:
    pool = pools(seconds=1.5, max_bytes=10**9, memory=4_000_000_000)
    ask(pool, "ASK {}")
    (pid,) = pool.pids()
    started = time.monotonic()
    error = failure(pool, query)
    assert isinstance(error, Unavailable) and "1.5 seconden" in error.title
    assert time.monotonic() - started < 60
    assert not exists(pid)
    assert json.loads(ask(pool, "ASK {}").body)["boolean"] is True


def test_where_no_worker_can_start_the_operator_is_told_and_no_question_blamed(pools: Pools) -> None:
    with capture_logs() as lines:
        assert str(failure(pools(memory=1_000_000), "ASK {}")) == SLOW_START
    assert [line["event"] for line in lines] == ["query worker did not start"]


def test_a_query_that_eats_memory_ends_its_worker_not_the_machine(pools: Pools) -> None:
    pool = pools(seconds=60, memory=700_000_000)
    error = failure(pool, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f")
    assert isinstance(error, Unavailable) and "geheugen" in error.title
    assert json.loads(ask(pool, "ASK {}").body)["boolean"] is True


def test_who_asks_does_not_notice_that_a_worker_ended_while_it_had_nothing_to_do(pools: Pools) -> None:
    pool = pools()

    async def ask_again_after_its_end() -> bytes:
        await pool.query("ASK {}", "text/csv")
        (ended,) = pool.pids()
        os.kill(ended, signal.SIGKILL)
        while ended in pool.pids():
            await asyncio.sleep(0.01)
        return await pool.query("ASK {}", "text/csv")

    assert asyncio.run(ask_again_after_its_end()) == b"true"


@pytest.mark.skipif(find_library("jemalloc") is None, reason="jemalloc is not installed")
def test_a_worker_runs_on_jemalloc_where_that_is_installed(pools: Pools) -> None:
    pool = pools()
    ask(pool, "ASK {}")
    (pid,) = pool.pids()
    assert "jemalloc" in Path(f"/proc/{pid}/maps").read_text()


def test_an_answer_past_the_byte_limit_is_refused_and_the_worker_lives(pools: Pools) -> None:
    pool = pools(max_bytes=1_000_000)
    ask(pool, "ASK {}")
    before = pool.pids()
    assert isinstance(failure(pool, "SELECT * { ?a ?b ?c . ?d ?e ?f }"), TooLarge)
    assert pool.pids() == before


def test_service_calls_nobody(pools: Pools) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.3)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        pool = pools()
        for text in (f"ASK {{ SERVICE <{address}> {{ }} }}", f"PREFIX ex: <{address}> ASK {{ SERVICEex:a{{ }} }}"):
            error = failure(pool, text)
            assert isinstance(error, BadQuery) and "SERVICE" in error.title
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize(
    "text", ["LOAD <http://127.0.0.1:1/>", "CLEAR ALL", "PREFIX a: <b:> INSERT DATA { a:a a:b a:c }"]
)
def test_updates_are_refused(pools: Pools, text: str) -> None:
    error = failure(pools(), text)
    assert isinstance(error, BadQuery) and "wijziging" in error.title


COMPLAINTS = [
    # query, line, column, sentence
    ("SELECT * {", 1, 11, "de vraag houdt te vroeg op"),
    ("SELECT *\n{ ?s a foaf:Agent }", 2, 8, "het voorvoegsel foaf: is niet verklaard"),
    ("SELECT * { foaf:a ?p ?o }", 1, 12, "het voorvoegsel foaf: is niet verklaard"),
    ("PREFIX a: <http://a/> SELECT * { a:b ?p }", 1, 41, "“}” kan hier niet staan"),
    ("SELECT *\nWHERE {\n  ?s ?p ?o ;;; ?x\n}", 4, 1, "“}” kan hier niet staan"),
    ("SELECT * { ?s ?p ?o } }", 1, 23, "“}” kan hier niet staan"),
    ("SELECT * { ?s wat ?o . ?a ?b ?c . ?d ?e ?f }", 1, 15, "“wat” kan hier niet staan"),
    ("SELEKT * { ?s ?p ?o }", 1, 1, "“SELEKT” kan hier niet staan"),
    ("SELECT * { ?s ?p 'open }", 1, 25, "de vraag houdt te vroeg op, wel '."),
    ("SELECT * { ?s ?p }", 1, 18, "“}” kan hier niet staan"),
    ("SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o }", 1, 40, "SELECT noemt een variabele"),
    ("SELECT * { ?s <geen iri> ?o }", 1, 15, "geen geldige, volledige IRI"),
    ("", None, None, "De vraag is leeg"),
    ("ASK { FILTER(<http://f>(1)) }", None, None, "De functie <http://f> bestaat hier niet"),
]


def test_a_mistake_is_told_in_dutch_with_its_place(pools: Pools) -> None:
    pool = pools()
    for query, line, column, sentence in COMPLAINTS:
        error = failure(pool, query, base="http://b/")
        assert isinstance(error, BadQuery)
        assert sentence in error.title
        assert (error.line, error.column) == (line, column), query


def test_a_hundred_small_queries_at_once_are_all_answered(pools: Pools) -> None:
    pool = pools(workers=2)

    async def all_at_once() -> list[Answer]:
        texts = (f"SELECT ?n {{ <http://example.org/{number}> <{NAME}> ?n }}" for number in range(100))
        return await asyncio.gather(*(pool.answer(Question(text)) for text in texts))

    assert [values(answer) for answer in asyncio.run(all_at_once())] == [[f"naam {number}"] for number in range(100)]
    assert len(pool.pids()) == 2


def test_who_finds_the_queue_full_or_waits_too_long_is_asked_to_come_back(pools: Pools) -> None:
    pool = pools(seconds=1.0, waiting=1, patience=0.2)

    async def crowd() -> list[Answer | BaseException]:
        questions = [Question(RUNAWAYS[0]), Question("ASK {}"), Question("ASK {}")]
        return await asyncio.gather(*(pool.answer(question) for question in questions), return_exceptions=True)

    outcomes = asyncio.run(crowd())
    assert all(isinstance(outcome, Unavailable) and outcome.retry_after > 0 for outcome in outcomes)
    assert [str(outcome)[:2] for outcome in outcomes] == ["De", "Er", "Er"]
    assert json.loads(ask(pool, "ASK {}").body)["boolean"] is True


def test_when_the_asker_gives_up_the_query_is_stopped(pools: Pools) -> None:
    pool = pools(seconds=60)
    ask(pool, "ASK {}")
    (pid,) = pool.pids()

    async def give_up() -> None:
        asking = asyncio.ensure_future(pool.answer(Question(RUNAWAYS[0])))
        await asyncio.sleep(0.2)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

    asyncio.run(give_up())
    assert not exists(pid)
    assert json.loads(ask(pool, "ASK {}").body)["boolean"] is True


def test_a_reader_finds_what_was_written_before_it_asked(tmp_path: Path) -> None:
    store = open_graphs(tmp_path / "public")
    pool = QueryPool(Snapshots(store, tmp_path / "copies", burst=100), workers=2)
    try:
        for sequence in range(1, 8):
            store.apply([Change("http://g/", f'<http://g/> <{NAME}> "{sequence}" .\n'.encode())], sequence)
            answer = ask(pool, f"SELECT ?n {{ <http://g/> <{NAME}> ?n }}")
            assert (values(answer), answer.generation) == ([str(sequence)], sequence)
            assert asyncio.run(pool.generation()) == sequence
        assert len(list((tmp_path / "copies").iterdir())) <= 4
    finally:
        pool.close()
        store.close()
    assert not (tmp_path / "copies").exists()


def test_a_worker_knows_nothing_of_our_environment(pools: Pools, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERENIGINGSLOKET_VAULT_KEY", "geheim")
    pool = pools()
    ask(pool, "ASK {}")
    (pid,) = pool.pids()
    assert b"geheim" not in Path(f"/proc/{pid}/environ").read_bytes()


def test_close_ends_the_processes_also_in_the_middle_of_a_query(pools: Pools) -> None:
    pool = pools(workers=2, seconds=60)

    async def close_meanwhile() -> None:
        asking = [asyncio.ensure_future(pool.answer(Question(RUNAWAYS[0]))) for _ in range(3)]
        await asyncio.sleep(0.5)
        pids = pool.pids()
        pool.close()
        outcomes = await asyncio.gather(*asking, return_exceptions=True)
        assert all(isinstance(outcome, Unavailable | asyncio.CancelledError) for outcome in outcomes)
        assert not any(map(exists, pids)) and len(pids) == 2
        with pytest.raises(Unavailable):
            await pool.answer(Question("ASK {}"))

    asyncio.run(close_meanwhile())
    assert pool.pids() == ()


PARENT = """
import asyncio, sys
from pathlib import Path
from app.store.graphs.embedded import open_graphs
from app.store.queries.pool import Limits, QueryPool, Question
from app.store.queries.snapshots import Snapshots

async def main() -> None:
    store = open_graphs(Path(sys.argv[1]) / "store")
    pool = QueryPool(Snapshots(store, Path(sys.argv[1]) / "copies"), 1, Limits(seconds=60))
    await pool.answer(Question("ASK {}"))
    print(*pool.pids(), flush=True)
    values = "VALUES ?x { " + "1 " * 2000 + "} "
    await pool.answer(Question("SELECT (COUNT(*) AS ?n) { " + values + values.replace("?x", "?y")
                               + values.replace("?x", "?z") + "}"))

asyncio.run(main())
"""


def test_a_worker_does_not_outlive_a_parent_that_is_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path)], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    with parent.stdout:
        worker = int(parent.stdout.readline())
        time.sleep(0.3)
        assert exists(worker)
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
    deadline = time.monotonic() + 300
    while exists(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not exists(worker)


NETWORK = """
import sys
from pyoxigraph import Store
from app.store.queries.confine import confine
if "network" not in confine(4_000_000_000, []):
    sys.exit(77)
try:
    Store().query(f"ASK {{ SERVICE <http://127.0.0.1:{sys.argv[1]}/> {{ }} }}")
except OSError:
    sys.exit(0)
sys.exit(1)
"""


def test_behind_the_guard_a_worker_has_no_network_at_all() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)
        calls: list[object] = []

        def listen() -> None:
            try:
                connection, address = server.accept()
            except OSError:
                return
            connection.close()
            calls.append(address)

        listener = threading.Thread(target=listen)
        listener.start()
        port = str(server.getsockname()[1])
        done = subprocess.run([sys.executable, "-c", NETWORK, port], check=False, capture_output=True)
        server.shutdown(socket.SHUT_RDWR)
        listener.join()
    if done.returncode == 77:
        pytest.skip("this system does not let a process give up its network")
    assert (done.returncode, calls) == (0, []), done.stderr


HOSTILE = [
    "a" * 900_000,
    "NOW" + "#" * 900_000,
    "PREFIX " * 100_000,
    "PREFIX" + " " * 900_000,
    "#" * 900_000 + "\nPREFIX",
    "SELECT * { ?s " + "a:" * 400_000,
    "service" * 100_000,
    "SELECT * { " + "?s ?p ?o . " * 80_000 + "x",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_telling_what_is_wrong_takes_no_time_of_ours(pools: Pools, text: str) -> None:
    pool = pools(seconds=20)
    ask(pool, "ASK {}")
    started = time.process_time()
    assert isinstance(failure(pool, text), BadQuery | Unavailable)
    assert time.process_time() - started < 2
