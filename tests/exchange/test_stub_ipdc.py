"""The stub of the IPDC as developers use it: over HTTP, with requests that make things happen and go wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from app.cli.stubs import ipdc_stub, serve_asked
from app.exchange.ldes.contexts import load_contexts
from app.exchange.products.ipdc_body import vocabulary_of
from app.exchange.products.ipdc_publishing import Ipdc, IpdcPublisher, publications
from app.exchange.stubs.ipdc_concepts import concept_iri
from app.register.commands import Create
from app.register.handle import handle
from app.store import followed
from app.store.deliveries import SENT
from tests.exchange.ipdc_world import World, make_world
from tests.products.builders import minimal, read
from tests.register.builders import BASE, GENT, ROOT, make_tools
from tests.running import answering

CODE = concept_iri(0).rpartition("/")[2]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with answering(serve_asked(ipdc_stub(5).answer)) as found:
        yield found


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = make_world(make_tools(), tmp_path_factory.mktemp("stub"))
    with httpx.Client(timeout=1.0) as client:
        yield replace(made, client=client)
    made.register.log.close()


def follow(world: World, address: str) -> None:
    world.clock.forward(hours=1)
    world.follower().run(world.feed(f"{address}/doc/conceptsnapshot?limit=2&pageNumber=0"))


def test_its_pages_have_the_quirks_of_the_real_ones(world: World, address: str) -> None:
    answer = world.client.get(f"{address}/doc/conceptsnapshot?limit=2&pageNumber=1")
    page = answer.json()
    assert page["@id"] == page["view"]["@id"], "the stream has the IRI of the page"
    assert page["timestampPath"] == "generatedAtTime" and "no-store" in answer.headers["cache-control"]
    assert [each["@type"] for each in page["view"]["relation"]] == [
        "LessThanOrEqualToRelation", "GreaterThanOrEqualToRelation",
    ]  # fmt: skip
    assert not any("value" in each for each in page["view"]["relation"])
    assert b'"order":0.0' in answer.content and "nl-BE-x-generated-formal" in page["member"][0]["naam"]


def test_what_is_asked_of_it_happens(world: World, address: str) -> None:
    follow(world, address)
    world.client.post(f"{address}/conceptsnapshot/{CODE}/update?elementToUpdate=beschrijving")
    world.client.post(f"{address}/conceptsnapshot/nieuw/invalid")
    follow(world, address)
    assert "gewijzigd" in read(world.register, CODE, "concept")["beschrijving"]["nl"]
    assert followed.counts(world.register.log.database, "ipdc") == {"verwerkt": 5, "opzij": 1}
    world.client.post(f"{address}/conceptsnapshot/{CODE}/archive")
    follow(world, address)
    assert read(world.register, CODE, "concept")["gearchiveerd"] is True


def test_a_product_arrives_fails_when_told_and_is_read_back(world: World, address: str) -> None:
    code = handle(Create("product", minimal()), GENT, world.register).code
    ipdc = Ipdc(world.client, f"{address}/instanties", "sleutel", f"{address}/doc/instantie")
    publisher = IpdcPublisher(world.register, ipdc, vocabulary_of(load_contexts(ROOT)), lambda: 1.0)
    told = {"instanceIri": f"{BASE}/id/product/{code}", "statusCode": 418, "errorMessage": "Theepot"}
    world.client.post(f"{address}/instanties/fail", json=told)
    while publisher.work():
        pass
    [waiting] = publications(world.register, ("wacht",))
    assert waiting.outcome == "HTTP 418: Theepot"
    world.client.post(f"{address}/instanties/notfail")
    world.client.post(f"{address}/fail", json={"path": "/instanties", "seconds": 1.5, "times": 1, "statusCode": 200})
    for _ in range(3):
        world.clock.forward(days=1)
        while publisher.work():
            pass
    [sent] = publications(world.register, (SENT,))
    assert sent.outcome == "HTTP 200, teruggelezen"
    assert world.client.get(f"{address}/doc/instantie/{code}").json()["naam"] == {"nl": "Werkingssubsidie"}


WRONG = [("GET", "/niets"), ("GET", "/doc/conceptsnapshot?pageNumber=99"), ("PUT", "/elders"), ("POST", "/elders")]


@pytest.mark.parametrize("method, path", WRONG)
def test_what_it_does_not_have(world: World, address: str, method: str, path: str) -> None:
    assert world.client.request(method, address + path, content=b"[]").status_code == 404


@pytest.mark.parametrize("body", [b"", b"{}", b"[1]", b"[]"])
def test_it_takes_no_product_that_is_none(world: World, address: str, body: bytes) -> None:
    headers = {"x-api-key": "x", "content-type": "application/ld+json"}
    assert world.client.put(f"{address}/instanties", content=body, headers=headers).status_code == 400
