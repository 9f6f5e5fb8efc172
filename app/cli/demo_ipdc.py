"""What the IPDC and a vendor bring to the demonstration, and what goes back: invented, and it stays in the process."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import orjson

from app.bootstrap.ambient import root
from app.cli.stubs import ipdc_stub
from app.exchange.following import Follower, Taker
from app.exchange.ldes.client import FeedReader
from app.exchange.ldes.contexts import load_contexts
from app.exchange.products.ipdc_body import vocabulary_of
from app.exchange.products.ipdc_concepts import ConceptTaker
from app.exchange.products.ipdc_publishing import Ipdc, IpdcPublisher
from app.exchange.products.vendor_products import VendorTaker
from app.exchange.stubs.faults import Fault
from app.exchange.stubs.ipdc import IpdcStub
from app.exchange.stubs.ipdc_concepts import concept_iri
from app.exchange.stubs.magda import StubAnswer
from app.exchange.stubs.transport import StubTransport
from app.register.products.conduct import OWNER
from app.register.register import Register
from app.store import followed
from app.store.followed import CONCEPTS, PRODUCTS, STOPPED, Feed
from app.store.times import iso

HOST, VENDOR_HOST = "ipdc.demo", "demosoft.demo"
NUMBER = 12
GHENT = "http://data.lblod.info/id/bestuurseenheden/353234a365664e581db5c2f7cc07add2534b47b8e1ab87c821fc6e6365e6bef5"


def meet_ipdc(register: Register) -> None:
    """A dozen concepts come in and one cannot; a vendor brings a product; what is published goes out, but for one."""
    stub = ipdc_stub(NUMBER)
    stub.change(concept_iri(NUMBER), "invalid")
    with httpx.Client(transport=StubTransport({HOST: answering(stub), VENDOR_HOST: vendor})) as client:
        contexts = load_contexts(root())
        reader = FeedReader(client, lambda: 0.0, lambda seconds: None, random.random, 0)
        takers: dict[str, Taker] = {CONCEPTS: ConceptTaker(register), PRODUCTS: VendorTaker(register, contexts)}
        follower = Follower(register, reader, contexts, takers)
        _follow(follower, "ipdc", CONCEPTS, f"http://{HOST}/doc/conceptsnapshot?pageNumber=0", "Concepten van de IPDC")
        _follow(follower, "demosoft", PRODUCTS, f"http://{VENDOR_HOST}/producten", "Demosoft")
        wrong = next(iter(register.log.find(OWNER, GHENT)), "geen product")
        stub.fail(Fault("/instanties", 422, "De beschrijving is te lang.", instance=wrong))
        ipdc = Ipdc(client, f"http://{HOST}/instanties", "demo")
        publisher = IpdcPublisher(register, ipdc, vocabulary_of(contexts), random.random)
        while publisher.work():
            pass


def answering(stub: IpdcStub) -> Callable[[str, str, bytes], StubAnswer]:
    """The stub for who sends no headers."""
    headers = {"host": HOST, "x-api-key": "demo", "content-type": "application/ld+json"}
    return lambda method, path, body: stub.answer(method, path, body, headers)


def vendor(method: str, path: str, body: bytes) -> StubAnswer:
    """The stream of a vendor with one page: a product that goes in, and one that says u as well as je."""
    page = {
        "@context": ["https://demosoft.demo/ipdc-lpdc-im.jsonld", "https://demosoft.demo/ldes.jsonld"],
        "@id": f"http://{VENDOR_HOST}/producten",
        "@type": "EventStream",
        "member": [_snapshot(1, "Zitbanken lenen"), _snapshot(2, "Tenten lenen", "nl-BE-x-formal")],
    }
    return StubAnswer(body=orjson.dumps(page), headers={"content-type": "application/ld+json"})


def _snapshot(number: int, name: str, other: str = "nl-BE-x-informal") -> Mapping[str, Any]:
    start = "http://data.lblod.info/id/public-service"
    return {
        "@id": f"{start}-snapshot/00000000-0000-4000-9000-{number:012d}",
        "@type": ["InstantieSnapshot"],
        "isVersionOf": f"{start}/00000000-0000-4000-8000-{number:012d}",
        "aangemaaktDoor": GHENT,
        "creatie": "2026-02-14T13:42:12.357Z",
        "laatstGewijzigd": "2026-02-14T13:59:25.236Z",
        "generatedAtTime": "2026-02-14T14:00:00.123456Z",
        "naam": {"nl-BE-x-informal": name},
        "beschrijving": {other: f"<p>{name} voor je activiteit.</p>"},
        "doelgroepen": ["Vereniging"],
        "bevoegdeOverheden": [GHENT],
        "geografischToepassingsgebieden": ["BE23444021"],
    }


def _follow(follower: Follower, id: str, kind: str, url: str, label: str) -> None:
    register = follower.register
    now = iso(register.clock())
    feed = Feed(id, kind, url, label, STOPPED, now, now)
    with register.log.database.writing() as connection:
        followed.put_feed(connection, feed)
        if kind == PRODUCTS:
            followed.allow_owner(connection, id, GHENT, now, "demo")
    run = follower.run(feed)
    with register.log.database.writing() as connection:
        followed.note_run(connection, id, iso(register.clock()), now, str(run))
