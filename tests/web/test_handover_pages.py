"""The page of what is passed on: an own system is told, signed; what failed is seen and goes again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest
from standardwebhooks.webhooks import Webhook

from app.bootstrap.ambient import now
from app.exchange.guarded import Answer, Unreachable
from app.exchange.handover import HandOver, hook_of
from app.exchange.statuses.telling import StatusTeller
from app.exchange.stubs.magda import StubAnswer
from app.model.codelists import load_codelists
from app.register.dossiers.commands import TakeUpDossier
from tests.exchange.neighbours import Outside
from tests.exchange.test_status_telling import dosis
from tests.register.builders import Make
from tests.register.dossier_world import CLERK, SECRET, Counter
from tests.web.conftest import Ask, asking
from tests.web.people import as_dpo, as_manager, as_municipality, as_representative
from tests.web.world import ROOT, World, open_world

AT = "/beheer/doorgeven"
FORM = "application/x-www-form-urlencoded"
HOOK = "https://zaken.gent.be/loket"


class OwnSystem:
    """The system of Gent: takes what is signed with its secret, once by its id, and fails as long as it is told to."""

    def __init__(self) -> None:
        self.secret = ""
        self.answers: list[int | None] = []
        self.taken: dict[str, Any] = {}
        self.came = 0

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        assert url == HOOK
        self.came += 1
        Webhook(self.secret).verify(body, dict(headers))
        status = self.answers.pop(0) if self.answers else 204
        if status is None:
            self.taken[headers["webhook-id"]] = orjson.loads(body)
            raise Unreachable("geen antwoord op tijd")
        if status < 300:
            self.taken[headers["webhook-id"]] = orjson.loads(body)
        return Answer(status, 120 if status == 429 else None)


class Scene:
    """A service with dossiers of Gent, its own system and DOSIS."""

    def __init__(self, world: World) -> None:
        self.outside, self.system = Outside(), OwnSystem()
        register = replace(world.service.register, clock=self.outside.clock)
        self.counter = Counter(world.service.register, Make(load_codelists(ROOT)))
        line = self.outside.line("Overdracht", lambda *_: StubAnswer())
        # A library checks that a signature is not old: these are of now.
        hand_over = HandOver(line, register, self.system.post, now)
        self.teller = StatusTeller(register, hand_over, lambda: 1.0)
        tellers = (self.teller, StatusTeller(register, dosis(line), lambda: 1.0))
        self.world = World(replace(world.service, tellers=tellers))

    def work(self, days: int = 0) -> None:
        for _ in range(1 + days * 6):
            while self.teller.work():
                pass
            self.outside.now += timedelta(hours=4)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    for made in open_world(tmp_path_factory.mktemp("doorgeven")):
        yield Scene(made)


@pytest.fixture(scope="module")
def ask(scene: Scene) -> Ask:
    return asking(scene.world)


def post(ask: Ask, who: dict[str, str], **fields: str) -> str:
    answer = ask(AT, "POST", content=urlencode(fields).encode(), content_type=FORM, **who)
    return answer.headers.get("location", "") or answer.text


def test_before_anybody_asks_nothing_is_told(scene: Scene, ask: Ask) -> None:
    scene.counter.apply()
    scene.work()
    assert scene.system.came == 0
    assert "Hier staat nog niets" in ask(AT, **as_municipality("Gent")).text


def test_an_administration_says_where_and_gets_its_secret_once(scene: Scene, ask: Ask) -> None:
    assert "begint met https://" in post(ask, as_municipality("Gent"), adres="zaken")
    shown = unescape(post(ask, as_municipality("Gent"), adres=HOOK))
    secret = shown.partition("<code>whsec_")[2].partition("</code>")[0]
    hook = hook_of(CLERK.iri, scene.teller.register)
    assert hook is not None
    assert hook.secret == f"whsec_{secret}"
    assert secret not in ask(AT, **as_municipality("Gent")).text
    assert secret not in unescape(post(ask, as_municipality("Gent"), adres=HOOK)), "and no other takes its place"
    assert hook_of(CLERK.iri, scene.teller.register) == hook
    scene.system.secret = hook.secret


def test_its_system_is_told_of_each_status_once_and_in_order_whatever_goes_wrong(scene: Scene, ask: Ask) -> None:
    scene.system.answers = [500, 429, None, 503, 204]
    code = scene.counter.apply()
    scene.counter.do(TakeUpDossier(code))
    scene.work(days=2)
    taken = [(one["data"]["dossiernummer"], one["data"]["code"]) for one in scene.system.taken.values()]
    assert taken == [(code, "Ingediend"), (code, "InBehandeling")]
    told = orjson.dumps(list(scene.system.taken.values())).decode()
    assert f"/v1/dossiers/{code}" in told
    assert not any(secret in told for secret in SECRET)
    page = ask(AT, **as_municipality("Gent")).text
    assert page.count("Eigen systeem</td>") == 2
    assert "pogingen" in page


def test_what_failed_is_seen_by_who_it_is_of_and_goes_again(scene: Scene, ask: Ask) -> None:
    scene.system.answers = [410]
    code = scene.counter.apply()
    scene.work()
    assert code in ask(f"{AT}?toestand=mislukt", **as_municipality("Gent")).text
    assert code in ask(f"{AT}?toestand=mislukt", **as_manager()).text
    assert code not in ask(AT, **as_municipality("Aalst")).text
    assert "niets om opnieuw te versturen" in post(ask, as_municipality("Aalst"), opnieuw=f"overdracht/{code}")
    assert post(ask, as_municipality("Gent"), opnieuw=f"overdracht/{code}") == f"{AT}?opnieuw=1"
    scene.work()
    assert f"{code}-1" in scene.system.taken


def test_who_stops_is_told_no_more(scene: Scene, ask: Ask) -> None:
    assert post(ask, as_municipality("Gent"), adres="") == f"{AT}?gestopt=1"
    came = scene.system.came
    scene.counter.apply()
    scene.work()
    assert scene.system.came == came


@pytest.mark.parametrize(("who", "status"), [(as_dpo(), 403), (as_representative("V0001001"), 403), ({}, 401)])
def test_nobody_else_comes_in(ask: Ask, who: dict[str, str], status: int) -> None:
    assert ask(AT, accept="application/json", **who).status_code == status
    assert ask(AT, "POST", content=b"adres=", content_type=FORM, accept="application/json", **who).status_code == status


def test_who_operates_the_service_chooses_no_address(ask: Ask) -> None:
    assert 'name="adres"' not in ask(AT, **as_manager()).text
    assert ask(AT, "POST", content=b"adres=", content_type=FORM, **as_manager()).status_code == 403
