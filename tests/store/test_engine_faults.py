"""An engine elsewhere that is slow, wrong or forgetful: it is believed in nothing that it did not do, and filled anew.

Of each fault the number that was tried is printed: `pytest -s tests/store/test_engine_faults.py`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
import pytest

from app.errors import LoketError, Unavailable
from app.store.graphs.embedded import memory_graphs
from app.store.graphs.engine import Addresses, Engine
from app.store.graphs.project import catch_up, follow, public_part
from app.store.graphs.remote import RemoteGraphs
from app.store.log import Log, open_log
from app.store.queries.pool import Limits
from app.store.queries.remote_pool import RemotePool
from tests.engines import cleared, oxigraph
from tests.store.builders import a_version, entity, next_version, ticking, triples

JSON = "application/sparql-results+json"
LIMIT = 2.0
# A connection that rested and is closed by one thread while another takes it up is a fault that was not asked for.
NO_REUSE = httpx.Limits(max_keepalive_connections=0)
Answer = Callable[[httpx.Response], httpx.Response]


def said(status: int, body: bytes, type: str = JSON) -> Answer:
    return lambda true: httpx.Response(status, headers={"content-type": type}, content=body)


def half(true: httpx.Response) -> httpx.Response:
    return httpx.Response(200, headers={"content-type": JSON}, content=true.content[: len(true.content) // 2])


def slow(true: httpx.Response) -> httpx.Response:
    time.sleep(LIMIT * 1.5)
    return true


def gone(true: httpx.Response) -> httpx.Response:
    raise httpx.ConnectError("nobody there")


# What may be said to any question, be it ours or a stranger's.
WRONG: dict[str, Answer] = {
    "500": said(500, b"Internal Server Error", "text/plain"),
    "503 with a page": said(503, b"<html>Even geduld</html>", "text/html"),
    "a page with 200": said(200, b"<html><body>Onderhoud</body></html>", "text/html"),
    "a page that says to be JSON": said(200, b"<html><body>Onderhoud</body></html>"),
    "nothing": said(200, b""),
    "broken JSON": said(200, b'{"head": {"vars": ["n"]}, "results": {"bindings": [{'),
    "half of the answer": half,
    "a list": said(200, b"[]"),
    "no results": said(200, b'{"head": {"vars": ["n"]}}'),
    "another variable": said(200, b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": '
                                  b'{"type": "literal", "value": "1"}}]}}'),
    "an answer to ASK": said(200, b'{"head": {}, "boolean": true}'),
    "a value that is no value": said(200, b'{"head": {"vars": ["n"]}, "results": {"bindings": [{"n": 1}]}}'),
    "no connection": gone,
}  # fmt: skip


@dataclass
class Faulty(httpx.BaseTransport):
    """The way to a real engine, on which something happens."""

    way: httpx.BaseTransport = field(default_factory=lambda: httpx.HTTPTransport(limits=NO_REUSE))
    answer: Answer | None = None
    drops: Callable[[httpx.Request], bool] = lambda request: False
    dropped: int = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self.drops(request):
            self.dropped += 1
            return httpx.Response(204)
        true = self.way.handle_request(request)
        if self.answer is None:
            return true
        true.read()
        true.close()
        return self.answer(true)

    def close(self) -> None:
        self.way.close()


@dataclass
class World:
    log: Log
    way: Faulty
    graphs: RemoteGraphs

    def write(self, *codes: int) -> None:
        with self.log.transaction() as transaction:
            for code in codes:
                transaction.append(a_version(code))

    def assert_whole(self) -> None:
        """Exactly what the log says is there, and the place is noted."""
        self.way.answer, self.way.drops = None, lambda request: False
        assert follow(self.log, self.graphs, public_part) == self.log.head() == self.graphs.applied()
        right = memory_graphs()
        follow(self.log, right, public_part)
        for version in self.log.read(0, 10_000):
            assert self.graphs.describe(version.entity) == right.describe(version.entity)


@pytest.fixture(scope="module")
def engine() -> Iterator[Addresses]:
    with oxigraph() as addresses:
        yield addresses


@pytest.fixture(params=["by update", "graph by graph"])
def world(request: pytest.FixtureRequest, engine: Addresses, tmp_path: Path) -> Iterator[World]:
    largest = 1_000_000 if request.param == "by update" else 0
    bulk = engine.bulk if request.param == "by update" else ""
    addresses = replace(cleared(engine), largest_update=largest, bulk=bulk)
    clock, way = ticking(), Faulty()
    with (
        closing(open_log(f"sqlite:///{tmp_path}/log.sqlite", lambda: next(clock))) as log,
        closing(RemoteGraphs(Engine(addresses, way))) as graphs,
    ):
        made = World(log, way, graphs)
        assert log.name and graphs.belongs_to(log.name)
        made.write(*range(1, 6))
        follow(log, graphs, public_part)
        yield made


@pytest.mark.parametrize("fault", WRONG)
def test_what_is_no_answer_is_never_taken_for_one(world: World, fault: str) -> None:
    world.write(7, 8)
    world.way.answer = WRONG[fault]
    with pytest.raises(Unavailable) as told:
        follow(world.log, world.graphs, public_part)
    assert told.value.title.endswith(".")
    world.assert_whole()


@pytest.mark.parametrize("fault", [*WRONG, "slow"])
def test_a_stranger_is_told_that_there_is_no_answer(world: World, fault: str) -> None:
    pool = RemotePool(world.graphs, 1, Limits(seconds=LIMIT))
    question = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"

    async def asked() -> None:
        right = await pool.query(question, "text/csv")
        world.way.answer = slow if fault == "slow" else WRONG[fault]
        with pytest.raises(LoketError) as told:
            await pool.query(question, "text/csv")
        assert isinstance(told.value, Unavailable)
        world.way.answer = None
        assert await pool.query(question, "text/csv") == right

    try:
        asyncio.run(asked())
    finally:
        pool.close()


def is_write(request: httpx.Request) -> bool:
    return request.method in ("PUT", "DELETE") or request.url.path == "/update"


DROPS: dict[str, Callable[[httpx.Request], bool]] = {
    "every write": is_write,
    "what is put": lambda request: request.method == "PUT",
    "what is loaded": lambda request: request.method == "POST" and request.url.path == "/store",
    "every update": lambda request: request.url.path == "/update",
}


@pytest.mark.parametrize("what", DROPS)
def test_a_write_that_is_dropped_in_silence_is_missed_and_done_again(world: World, what: str) -> None:
    world.write(*range(100, 650))  # so many that they do not go by update
    world.way.drops = DROPS[what]
    for _ in range(2):
        before = world.way.dropped
        try:
            follow(world.log, world.graphs, public_part)
        except Unavailable:
            assert world.way.dropped > before
        else:
            assert world.way.dropped == 0, "it was believed"
    print(f"{what}: {world.way.dropped} dropped")
    world.assert_whole()


def test_a_few_changes_that_are_dropped_are_seen_in_the_place(world: World) -> None:
    internal = memory_graphs()
    follow(world.log, internal, public_part)
    world.write(20)
    world.way.drops = is_write
    with suppress(Unavailable):
        assert catch_up(world.log, world.graphs, internal) < world.log.head()
    world.assert_whole()


@dataclass
class First:
    """The first so many requests with one of these methods, or so many updates."""

    methods: tuple[str, ...]
    count: int

    def __call__(self, request: httpx.Request) -> bool:
        chosen = request.method in self.methods
        self.count -= chosen
        return chosen and self.count >= 0


LONE = {
    "once": (First(("PUT",), 1), True),
    "twice": (First(("PUT",), 2), False),
    "and that it goes": (First(("PUT", "DELETE"), 2), False),
    "always": (First(("PUT", "DELETE"), 1000), False),
}


@pytest.mark.parametrize("how", LONE)
def test_one_graph_that_is_not_replaced_is_noticed(world: World, how: str) -> None:
    """Though it is there before and after, with as many triples."""
    world.graphs.engine.addresses = replace(world.graphs.engine.addresses, largest_update=0)
    with world.log.transaction() as transaction:
        known = world.log.latest(entity(1))
        assert known is not None
        transaction.append(next_version(known, public=triples(entity(1), value="tweede")))
    drops, comes_in = LONE[how]
    drops = replace(drops)
    world.way.drops = drops
    if comes_in:
        follow(world.log, world.graphs, public_part)
        assert b"tweede" in world.graphs.describe(entity(1)).ntriples()
    else:
        with pytest.raises(Unavailable, match="bewaart niet"):
            follow(world.log, world.graphs, public_part)
    assert world.way.dropped > 0
    world.assert_whole()


def test_an_engine_that_lost_everything_is_filled_anew(world: World) -> None:
    cleared(world.graphs.engine.addresses)
    assert world.graphs.applied() == 0
    world.assert_whole()
