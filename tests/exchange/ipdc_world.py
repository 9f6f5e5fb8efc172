"""A register that follows a stub of the IPDC in this process, with a clock that a test sets forward."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from app.exchange.following import Follower, Taker
from app.exchange.ldes.client import FeedReader
from app.exchange.ldes.contexts import FOLDER, load_contexts
from app.exchange.products.ipdc_concepts import ConceptTaker
from app.exchange.products.vendor_products import VendorTaker
from app.exchange.stubs.ipdc import IpdcStub
from app.exchange.stubs.ipdc_concepts import Member
from app.register.register import Register, Tools
from app.store.followed import ACTIVE, CONCEPTS, PRODUCTS, Feed, put_feed
from app.store.log import open_log
from app.store.vault import Cipher
from tests.register.builders import KEY, ROOT

IPDC = "http://ipdc.voorbeeld.be"
STREAM = f"{IPDC}/doc/conceptsnapshot?limit=2&pageNumber=0"


@dataclass
class Clock:
    """Moves a little at every look."""

    time: datetime = datetime(2026, 11, 24, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.time += timedelta(microseconds=10)
        return self.time

    def forward(self, **time: float) -> None:
        self.time += timedelta(**time)


@dataclass
class World:
    """The register, the stub, and what goes between them."""

    register: Register
    stub: IpdcStub
    clock: Clock
    client: httpx.Client
    slept: list[float] = field(default_factory=list)

    def follower(self, environment: str = "https://ipdc.vlaanderen.be") -> Follower:
        reader = FeedReader(self.client, lambda: 0.0, self.slept.append, lambda: 0.5, per_minute=0)
        contexts = load_contexts(ROOT)
        takers: dict[str, Taker] = {
            CONCEPTS: ConceptTaker(self.register, environment), PRODUCTS: VendorTaker(self.register, contexts),
        }  # fmt: skip
        return Follower(self.register, reader, contexts, takers)

    def feed(self, url: str = STREAM, kind: str = CONCEPTS, id: str = "ipdc") -> Feed:
        found = Feed(id, kind, url, "IPDC", ACTIVE, "", "")
        with self.register.log.database.writing() as connection:
            put_feed(connection, found)
        return found


def make_world(tools: Tools, folder: Path, members: Sequence[Member] = ()) -> World:
    clock = Clock()
    log = open_log(f"sqlite:///{folder}/log.sqlite", clock, Cipher(KEY))
    register = Register(tools.schema, tools.codelists, tools.checker, log, clock)
    stub = make_stub(members)
    return World(register, stub, clock, httpx.Client(transport=httpx.MockTransport(through(stub))))


def make_stub(members: Sequence[Member] = ()) -> IpdcStub:
    return IpdcStub({path.stem: path.read_bytes() for path in (ROOT / FOLDER).glob("*.jsonld")}, members)


def through(stub: IpdcStub) -> Any:
    """What answers requests of a client with a stub; who waits long gets nothing."""

    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode()
        found = stub.answer(request.method, path, request.read(), {**request.headers})
        if found.seconds:
            raise httpx.ReadTimeout("the stub takes too long", request=request)
        return httpx.Response(found.status, headers=dict(found.headers), content=found.body)

    return answer
