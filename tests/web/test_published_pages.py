"""What went to the IPDC and what did not, on the web: for the administration whose product it is."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import httpx
import pytest

from app.exchange.ldes.contexts import load_contexts
from app.exchange.products.ipdc_body import vocabulary_of
from app.exchange.products.ipdc_publishing import Ipdc, IpdcPublisher, publications
from app.exchange.stubs.faults import Fault
from app.exchange.stubs.ipdc import IpdcStub
from app.register.commands import Create
from app.register.handle import handle
from app.store.deliveries import FAILED, SENT, TO_SEND
from tests.exchange.ipdc_world import IPDC, make_stub, through
from tests.products.builders import minimal
from tests.register.builders import ROOT
from tests.web.conftest import Ask, asking
from tests.web.people import as_dpo, as_manager, as_municipality, municipality
from tests.web.world import World, open_world

AT = "/beheer/publicaties"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def stub() -> IpdcStub:
    return make_stub()


@pytest.fixture(scope="module")
def world(stub: IpdcStub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two products of Ghent: one arrived, one failed five times."""
    for made in open_world(tmp_path_factory.mktemp("publicaties")):
        register = made.service.register
        codes = [
            handle(Create("product", minimal(naam={"nl": name})), municipality("Gent"), register).code
            for name in ("Zaal huren", "Stoep vegen")
        ]
        stub.fail(Fault("/instanties", 422, "Titel ontbreekt", instance=f"/{codes[1]}"))
        ipdc = Ipdc(httpx.Client(transport=httpx.MockTransport(through(stub))), f"{IPDC}/instanties", "sleutel")
        publisher = IpdcPublisher(register, ipdc, vocabulary_of(load_contexts(ROOT)), lambda: 0.0)
        for _ in range(60):
            publisher.work()
        yield made


@pytest.fixture(scope="module")
def ask(world: World) -> Ask:
    return asking(world)


def test_the_administration_sees_what_arrived_and_what_did_not_and_why(ask: Ask) -> None:
    page = ask(AT, **as_municipality("Gent")).text
    for word in ("Zaal huren", "Stoep vegen", "mislukt", "HTTP 422", "Titel ontbreekt", "verzonden"):
        assert word in page
    rows = ask(f"{AT}.json", **as_manager()).json()["publicaties"]
    assert {(row["titel"], row["toestand"]) for row in rows} == {
        ("Zaal huren", "verzonden"),
        ("Stoep vegen", "mislukt"),
    }
    only = ask(f"{AT}?toestand={SENT}", **as_municipality("Gent")).text
    assert "Zaal huren" in only and "Stoep vegen" not in only


def test_others_see_nothing_of_it(ask: Ask) -> None:
    assert "Zaal huren" not in ask(AT, **as_municipality("Aalst")).text
    assert ask(AT, **as_dpo()).status_code == 403


def test_publishing_again(ask: Ask, world: World) -> None:
    [failed] = publications(world.service.register, (FAILED,))
    body = urlencode({"product": failed.subscription}).encode()
    assert ask(AT, "POST", body, content_type=FORM, **as_municipality("Aalst")).status_code == 400
    answer = ask(AT, "POST", body, content_type=FORM, **as_municipality("Gent"))
    assert (answer.status_code, answer.headers["location"]) == (303, f"{AT}?opnieuw=1")
    assert publications(world.service.register, (FAILED,)) == []
    assert [one.subscription for one in publications(world.service.register, (TO_SEND,))] == [failed.subscription]
    assert ask(AT, "POST", b"product=alle", content_type=FORM, **as_municipality("Gent")).status_code == 400
