"""From a concept of the IPDC to a product there, and everything that goes wrong on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from app.exchange.ldes.contexts import load_contexts
from app.exchange.products.ipdc_body import vocabulary_of
from app.exchange.products.ipdc_publishing import Ipdc, IpdcPublisher, publications, publish_again
from app.exchange.products.lpdc import documents_in, read_graph_of
from app.exchange.stubs.faults import Fault
from app.exchange.stubs.ipdc import INSTANCE, TOMBSTONE
from app.exchange.stubs.ipdc_concepts import concept_iri, invented
from app.model.graph import RdfFormat
from app.model.languages import FORMAL, INFORMAL
from app.register.commands import Archive, Change, Create
from app.register.handle import handle
from app.register.products.concept_commands import AdoptConcept
from app.register.products.deriving import product_from
from app.register.register import Tools
from app.store.deliveries import DROPPED, FAILED, SENT, TO_SEND, Delivery
from tests.exchange.ipdc_world import IPDC, World, make_world
from tests.products.builders import GHENT, full, minimal, read
from tests.register.builders import BASE, GENT, ROOT, make_tools

ALL = (TO_SEND, SENT, FAILED, DROPPED)
TITLE = "http://purl.org/dc/terms/title"


@pytest.fixture(scope="module")
def tools() -> Tools:
    return make_tools()


@pytest.fixture
def world(tools: Tools, tmp_path: Path) -> Iterator[World]:
    made = make_world(tools, tmp_path, list(invented(1)))
    yield made
    made.register.log.close()


def publisher(world: World, key: str = "sleutel", read_back: bool = True) -> IpdcPublisher:
    ipdc = Ipdc(world.client, f"{IPDC}/instanties", key, f"{IPDC}/doc/instantie" if read_back else "")
    return IpdcPublisher(world.register, ipdc, vocabulary_of(load_contexts(ROOT)), lambda: 1.0)


def work(world: World, times: int = 1) -> None:
    """So many rounds, each long after the one before."""
    for _ in range(times):
        while publisher(world).work():
            pass
        world.clock.forward(days=2)


def follow(world: World) -> None:
    world.clock.forward(hours=1)
    world.follower().run(world.feed())


def add(world: World, **wanted: Any) -> str:
    return handle(Create("product", minimal(**wanted)), GENT, world.register).code


def iri(code: str) -> str:
    return f"{BASE}/id/product/{code}"


def sent(world: World, code: str) -> dict[str, Any]:
    [main] = [node for node in world.stub.taken[iri(code)] if node["@id"] == iri(code)]
    return dict(main)


def puts(world: World) -> int:
    return sum(each.startswith("PUT") for each in world.stub.asked)


def last(world: World) -> Delivery:
    return publications(world.register, ALL)[0]


def test_from_concept_to_tombstone(world: World) -> None:
    follow(world)
    code = concept_iri(0).rpartition("/")[2]
    concept = read(world.register, code, "concept")
    made = product_from(concept, world.register.schema.entity_types["product"], "nl-be-x-informal", GHENT)
    own = {"bevoegdeOverheden": [GHENT]}
    product = handle(Create("product", {**made, **own}), GENT, world.register).code
    work(world)
    first = sent(world, product)
    assert first["@type"] == [INSTANCE]
    assert {"@language": "nl-be-x-informal", "@value": "Werkingssubsidie voor verenigingen 0"} in first[TITLE]
    assert first["http://purl.org/dc/terms/source"] == [{"@id": concept_iri(0)}]

    world.stub.change(concept_iri(0))
    follow(world)
    assert read(world.register, product)["herzieningsstatus"].endswith("concept-gewijzigd")
    before = puts(world)
    work(world)
    assert puts(world) == before, "that it needs review is nobody's business outside"

    handle(AdoptConcept(product), GENT, world.register)
    assert "herzieningsstatus" not in read(world.register, product)
    work(world)
    assert all("gewijzigd" in each["@value"] for each in sent(world, product)[TITLE])

    handle(Archive("product", product), GENT, world.register)
    work(world)
    assert sent(world, product)["@type"] == [TOMBSTONE]
    assert {each.state for each in publications(world.register, ALL)} == {SENT}


def test_the_body_is_expanded_and_has_only_what_the_model_of_the_ipdc_knows(world: World) -> None:
    code = handle(Create("product", full()), GENT, world.register).code
    work(world)
    nodes = world.stub.taken[iri(code)]
    assert all("@context" not in node for node in nodes)
    words = {key for node in nodes for key in node} - {"@id", "@type"}
    assert words <= vocabulary_of(load_contexts(ROOT))
    assert not [word for word in words if "verenigingsloket" in word or "sameAs" in word or "wasDerivedFrom" in word]
    assert b"Wie belt terug" not in orjson.dumps(nodes)


def test_what_goes_out_reads_as_what_stands_here(world: World) -> None:
    code = handle(Create("product", full()), GENT, world.register).code
    work(world)
    graph = read_graph_of(orjson.dumps(world.stub.taken[iri(code)]), RdfFormat.JSON_LD)
    [(subject, document)] = list(documents_in(graph, world.register.schema, "product"))
    ours = read(world.register, code)
    assert subject.value == iri(code)
    for term in ("naam", "beschrijving", "zoektermen", "doelgroepen", "themas", "bevoegdeOverheden", "type"):
        assert document[term] == ours[term], term
    assert document["procedures"][0]["websites"][0]["url"] == ours["procedures"][0]["websites"][0]["url"]
    assert document["contactgegevens"][0]["adres"]["postcode"] == "9000"


def test_of_u_and_je_only_the_form_that_counts_goes(world: World) -> None:
    two = {FORMAL: "Uw subsidie", INFORMAL: "Je subsidie"}
    described = {FORMAL: "<p>U krijgt steun.</p>", INFORMAL: "<p>Je krijgt steun.</p>"}
    code = handle(Create("product", {"naam": two, "beschrijving": described}), GENT, world.register).code
    work(world)
    body = orjson.dumps(sent(world, code)).decode()
    assert "Uw subsidie" in body and "U krijgt steun" in body
    assert "Je subsidie" not in body and "Je krijgt" not in body


def test_a_vendor_finds_its_product_under_its_own_iri(world: World) -> None:
    theirs = "http://data.lblod.info/id/public-service/0a1b"
    handle(Create("product", minimal(sameAs=theirs)), GENT, world.register)
    work(world)
    assert list(world.stub.taken) == [theirs]


def test_of_several_versions_that_wait_the_last_one_goes(world: World) -> None:
    code = add(world)
    for name in ("Twee", "Drie"):
        handle(Change("product", code, {"naam": {"nl": name}}), GENT, world.register)
    work(world)
    assert puts(world) == 1
    assert sent(world, code)[TITLE][0]["@value"] == "Drie"
    assert sorted(each.state for each in publications(world.register, ALL)) == [DROPPED, DROPPED, SENT]


def test_no_tombstone_goes_for_what_the_ipdc_never_saw(world: World) -> None:
    code = add(world)
    handle(Archive("product", code), GENT, world.register)
    work(world)
    assert puts(world) == 0 and last(world).outcome == "de IPDC kende dit product niet"


# what goes wrong with the product, whether the IPDC then has it, whether a tombstone goes
MAYBE = [(Fault("/instanties", 500), False), (Fault("/instanties", seconds=9), False)]


@pytest.mark.parametrize("fault, tombstone", MAYBE, ids=["refused", "timeout"])
def test_when_nobody_knows_whether_it_arrived_it_is_read_back(world: World, fault: Fault, tombstone: bool) -> None:
    code = add(world)
    world.stub.fail(replace(fault))
    work(world, 5)
    world.stub.heal()
    handle(Archive("product", code), GENT, world.register)
    before = puts(world)
    work(world)
    assert (puts(world) > before) is tombstone


def test_one_that_arrived_before_the_answer_was_lost_gets_its_tombstone(world: World) -> None:
    code = add(world)

    class Lossy(httpx.MockTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            found = super().handle_request(request)
            if request.method == "PUT" and INSTANCE.encode() in request.content and b"Tombstone" not in request.content:
                raise httpx.ReadTimeout("lost", request=request)
            return found

    transport = world.client._transport
    assert isinstance(transport, httpx.MockTransport)
    with httpx.Client(transport=Lossy(transport.handler)) as client:
        work(replace(world, client=client), 5)
    assert last(world).state == FAILED
    handle(Archive("product", code), GENT, world.register)
    work(world)
    assert sent(world, code)["@type"] == [TOMBSTONE]


def test_five_tries_later_and_later_and_then_it_is_left_with_the_reason(world: World) -> None:
    code = add(world)
    world.stub.fail(Fault("/instanties", 422, "Titel ontbreekt"))
    work(world, 9)
    assert puts(world) == 5
    failed = last(world)
    assert (failed.state, failed.attempts) == (FAILED, 5)
    assert "HTTP 422" in failed.outcome and "Titel ontbreekt" in failed.outcome
    world.stub.heal()
    assert publish_again(code, world.register)
    work(world)
    assert (last(world).state, puts(world)) == (SENT, 6)


def test_one_product_that_fails_holds_up_no_other(world: World) -> None:
    wrong, right = add(world), add(world, naam={"nl": "Goed"})
    world.stub.fail(Fault("/instanties", 400, "Stuk", instance=iri(wrong)))
    work(world, 6)
    assert list(world.stub.taken) == [iri(right)]


@pytest.mark.parametrize("fault", [Fault("/instanties", 503, times=2), Fault("/instanties", seconds=9, times=1)])
def test_a_hiccup_is_bridged(world: World, fault: Fault) -> None:
    code = add(world)
    world.stub.fail(replace(fault))
    work(world, 4)
    assert last(world).state == SENT and iri(code) in world.stub.taken


def test_without_a_key_the_ipdc_refuses_and_the_key_stands_nowhere(world: World) -> None:
    add(world)
    publisher(world, key="").work()
    publisher(world, key="").work()
    assert "HTTP 401" in last(world).outcome
    assert "zz-sleutel" not in repr(publisher(world, key="zz-sleutel"))


# what the read-back gives, what is said of it
BACK = [
    (None, "HTTP 200, teruggelezen"),
    (Fault("/doc/instantie", 500), "HTTP 200, niet terug te lezen"),
    (Fault("/doc/instantie", malformed=True), "HTTP 200, niet terug te lezen"),
    (Fault("/doc/instantie", 404), "HTTP 200, maar de IPDC geeft iets anders terug"),
]


@pytest.mark.parametrize("fault, said", BACK, ids=[row[1] for row in BACK])
def test_what_was_sent_is_read_back(world: World, fault: Fault | None, said: str) -> None:
    add(world)
    if fault:
        world.stub.fail(replace(fault))
    work(world)
    assert (last(world).state, last(world).outcome) == (SENT, said)


def test_what_was_taken_away_and_comes_back_is_sent_again(world: World) -> None:
    code = add(world)
    work(world)
    handle(Archive("product", code), GENT, world.register)
    work(world)
    handle(Create("product", minimal(), code), GENT, world.register)
    work(world)
    assert sent(world, code)["@type"] == [INSTANCE]


def test_who_sends_holds_a_lease(world: World) -> None:
    add(world)
    one, other = publisher(world), publisher(world)
    one.register.clock()
    assert one.work() and puts(world) == 1
    assert not other.work() and puts(world) == 1


def test_what_is_no_product_goes_nowhere(world: World) -> None:
    follow(world)
    work(world)
    assert puts(world) == 0 and publications(world.register, ALL) == []
