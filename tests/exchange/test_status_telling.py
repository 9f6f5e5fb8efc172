"""Statuses at DOSIS and Notificaties: each fault of theirs, and none is lost, none comes twice, none out of order.

The stubs and the clock are in this process. What arrived is read at the stub, not from our own notes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from app.errors import Unavailable
from app.exchange.neighbour import Breaker, Line
from app.exchange.statuses.dosis import PUSH, RESULTS, Dosis
from app.exchange.statuses.facts import Facts
from app.exchange.statuses.filling import read_template
from app.exchange.statuses.notifications import Notifications
from app.exchange.statuses.telling import ACCEPTED, PROCESSED, THERE, Receiver, StatusTeller
from app.exchange.stubs.dosis import DosisStub
from app.exchange.stubs.faults import Fault
from app.exchange.stubs.magda import SLOW, StubAnswer
from app.exchange.stubs.notifications import BUNDLES, NotificationStub
from app.register.register import Register
from app.store import in_order
from app.store.deliveries import FAILED, SENT, TO_SEND, Delivery
from app.store.dossier_statuses import DossierStatus, put_status
from app.store.times import iso
from tests.exchange.neighbours import Outside
from tests.register.builders import BASE, ROOT, make_log, make_register, make_tools

TOOLS = make_tools()
SOURCE = "https://gent.be/dossiers"
DOSIS_TEMPLATE = read_template(ROOT / "ontology" / "berichten" / "dosis-v2.json")
BUNDLE_TEMPLATE = read_template(ROOT / "ontology" / "berichten" / "notificatie.json")
CODES = frozenset({"Ingediend", "InBehandeling", "Goedgekeurd", "OnOntvankelijk"})


def facts(status: DossierStatus, _register: Register, source: str) -> Facts:
    """As much as the templates need."""
    number = status.dossier.rpartition("/")[2]
    return {
        "id": status.id, "index": status.sequence, "bron": source, "dossiernummer": number, "naam": f"Dossier {number}",
        "transactie": f"{source}+{number}", "code": status.status, "fase": status.phase, "sinds": status.time,
        "actieNodig": False, "vCode": "V0001001", "productnummer": "1234", "productId": "1234",
        "bestuur": "Gemeente Gent", "vervaldatum": "2027-01-01",
    }  # fmt: skip


class World:
    """A register with statuses, one receiver with its stub, and a clock that waiting moves."""

    def __init__(self, folder: Path, stub: Any, make: Callable[[Line], Receiver]) -> None:
        self.log = make_log(folder)
        self.outside = Outside()
        self.stub = stub
        self.register = replace(make_register(TOOLS, self.log), clock=self.outside.clock)
        self.connected = True
        client = httpx.Client(transport=httpx.MockTransport(self._respond))
        clock = self.outside.clock
        line = Line("stub", client, self.outside.tried.append, Breaker(clock), clock, self.outside.sleep, lambda: 0.5)
        self.teller = StatusTeller(self.register, make(line), lambda: 1.0, facts)
        self._sequence = 0

    def _respond(self, request: httpx.Request) -> httpx.Response:
        if not self.connected:
            raise httpx.ConnectError("niemand luistert", request=request)
        headers = {name.lower(): value for name, value in request.headers.items()}
        found: StubAnswer = self.stub.answer(request.method, request.url.raw_path.decode(), request.content, headers)
        if found.seconds >= SLOW:
            raise httpx.ReadTimeout("te laat", request=request)
        return httpx.Response(found.status, headers=dict(found.headers), content=found.body)

    def change(self, number: str, *codes: str) -> None:
        """Statuses of a dossier, as its handling puts them down."""
        for code in codes:
            self._sequence += 1
            position = len(self.deliveries(number)) + self._sequence
            status = DossierStatus(
                self._sequence, f"{BASE}/id/dossier/{number}", position, position, "gent", "v1", "Behandeling", code,
                f"2026-11-24T12:00:{self._sequence:02d}Z",
            )  # fmt: skip
            with self.log.database.writing() as connection:
                put_status(connection, status)

    def work(self, days: int = 0) -> None:
        """Tell what is due, and for so many days what becomes due, four hours at a time."""
        for _ in range(1 + days * 6):
            while self.teller.work():
                pass
            if days:
                self.outside.now += timedelta(hours=4)

    def deliveries(self, number: str) -> list[Delivery]:
        return in_order.of_subjects(self.log.database, [self.teller.receiver.kind], [number])

    def states(self, number: str) -> list[tuple[str, str]]:
        return [(one.state, one.outcome) for one in self.deliveries(number)]

    @property
    def arrived(self) -> list[tuple[str, str]]:
        """Dossier number and code of all that the stub took, in order."""
        return [_told(one) for one in self.stub.taken]


def _told(one: dict[str, Any]) -> tuple[str, str]:
    if "Identificatie" in one:
        return one["Identificatie"]["Dossiernummer"], one["Status"]["Code"]
    pairs = {each["Sleutel"]: each["Waarde"] for each in one["SleutelWaardeParen"]}
    return pairs["DossierNummer"], pairs["StatusVlaamseCode"]


def dosis(line: Line) -> Receiver:
    return Dosis(line, "https://dosis.test/", SOURCE, DOSIS_TEMPLATE, lambda: "token")


def notifications(line: Line) -> Receiver:
    return Notifications(line, f"https://notificaties.test{BUNDLES}", SOURCE, BUNDLE_TEMPLATE, lambda: "token")


@pytest.fixture(params=["dosis", "notificaties"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Each test runs with either."""
    if request.param == "dosis":
        made = World(tmp_path, DosisStub(CODES), dosis)
    else:
        made = World(tmp_path, NotificationStub(BUNDLE_TEMPLATE.told["categorieen"]), notifications)
    yield made
    made.log.close()


@pytest.fixture
def at_dosis(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, DosisStub(CODES), dosis)
    yield made
    made.log.close()


EVERYTHING = [("A1", "Ingediend"), ("A1", "InBehandeling"), ("A1", "Goedgekeurd")]
FAULTS = {
    "too many at once": Fault("/", 429, times=3, retry_after=90),
    "a server error": Fault("/", 500, times=3),
    "a server error after it was taken": Fault("/", 500, times=2, taken=True),
    "no answer in time": Fault("/", seconds=SLOW, times=3),
    "no answer in time after it was taken": Fault("/", seconds=SLOW, times=2, taken=True),
    "an answer that is no JSON": Fault("/", malformed=True, times=2, taken=True),
    "a gateway in the way": Fault("/", 502, times=1),
    "not authorised for a while": Fault("/", 401, times=2),
    "not there for a while": Fault("/", 404, times=2),
}


def test_each_status_arrives_once_and_in_order_with_what_it_must_say(world: World) -> None:
    world.change("A1", "Ingediend", "InBehandeling")
    world.work()
    world.change("A1", "Goedgekeurd")
    world.work()
    world.work()
    assert world.arrived == EVERYTHING
    assert world.states("A1") == [(SENT, ACCEPTED)] * 3


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_no_fault_loses_a_status_tells_it_twice_or_out_of_order(world: World, fault: Fault) -> None:
    world.stub.faults.add(replace(fault))
    world.change("A1", "Ingediend", "InBehandeling", "Goedgekeurd")
    world.change("A2", "Ingediend")
    world.work(days=2)
    assert [one for one in world.arrived if one[0] == "A1"] == EVERYTHING
    assert [one for one in world.arrived if one[0] == "A2"] == [("A2", "Ingediend")]
    assert {state for state, _ in world.states("A1") + world.states("A2")} == {SENT}


def test_nobody_there_for_a_week_loses_nothing(world: World) -> None:
    world.connected = False
    world.change("A1", "Ingediend", "InBehandeling", "Goedgekeurd")
    world.work(days=7)
    assert world.states("A1")[0][0] == TO_SEND
    world.connected = True
    world.work(days=2)
    assert world.arrived == EVERYTHING


def test_the_pause_that_is_asked_for_is_kept(world: World) -> None:
    world.stub.faults.add(Fault("/", 429, times=1, retry_after=3600))
    world.change("A1", "Ingediend")
    world.work()
    world.outside.now += timedelta(minutes=59)
    world.work()
    assert world.arrived == []
    world.outside.now += timedelta(minutes=2)
    world.work()
    assert world.arrived == [("A1", "Ingediend")]


def test_a_dossier_that_must_wait_keeps_no_other_waiting(world: World) -> None:
    world.stub.faults.add(Fault("/", 503, instance="A1"))
    world.change("A1", "Ingediend", "InBehandeling")
    world.change("A2", "Ingediend", "InBehandeling")
    world.work()
    assert world.arrived == [("A2", "Ingediend"), ("A2", "InBehandeling")]
    assert [state for state, _ in world.states("A1")] == [TO_SEND, TO_SEND]


def test_what_is_refused_for_good_is_told_with_its_reason_and_what_follows_goes_on(world: World) -> None:
    world.stub.faults.add(Fault("/", 400, "Deze status kan niet.", times=1, instance="Ingediend"))
    world.change("A1", "Ingediend", "InBehandeling")
    world.work()
    assert world.arrived == [("A1", "InBehandeling")]
    assert world.states("A1") == [(FAILED, "HTTP 400: Deze status kan niet."), (SENT, ACCEPTED)]
    assert world.teller.again("A1") == 0, "an older status after a newer one would be out of order"


def test_what_failed_goes_again_when_asked_as_long_as_nothing_later_went(world: World) -> None:
    world.stub.faults.add(Fault("/", 422, "Het sjabloon klopt niet.", times=2))
    world.change("A1", "Ingediend", "InBehandeling")
    world.work()
    assert [state for state, _ in world.states("A1")] == [FAILED, FAILED]
    assert world.teller.again("A1") == 2
    world.work()
    assert world.arrived == [("A1", "Ingediend"), ("A1", "InBehandeling")]


def test_killed_before_or_after_it_arrived_it_arrives_once(world: World) -> None:
    """Begun and never settled: nobody knows whether it went."""
    world.change("A1", "Ingediend")
    for arrived in (False, True):
        world.teller._plan()
        [one] = in_order.claim(world.log.database, world.teller.receiver.kind, _now(world), _now(world, 300), 10)
        assert in_order.begin(world.log.database, one)
        if arrived:
            world.teller.receiver.tell(world.teller._facts(one))
        world.outside.now += timedelta(hours=1)
    world.work()
    assert world.arrived == [("A1", "Ingediend")]


def test_of_two_who_work_at_once_one_tells(world: World) -> None:
    world.change("A1", "Ingediend", "InBehandeling")
    world.teller._plan()
    kind = world.teller.receiver.kind
    first = in_order.claim(world.log.database, kind, _now(world), _now(world, 300), 10)
    second = in_order.claim(world.log.database, kind, _now(world), _now(world, 300), 10)
    assert ([one.sequence for one in first], second) == ([1], [])
    world.outside.now += timedelta(minutes=10)
    [taken_over] = in_order.claim(world.log.database, kind, _now(world), _now(world, 300), 10)
    assert not in_order.begin(world.log.database, first[0]), "its lease ended"
    assert in_order.begin(world.log.database, taken_over)


def test_what_dosis_made_of_it_is_read_back(at_dosis: World) -> None:
    at_dosis.change("A1", "Ingediend")
    at_dosis.change("A2", "Onbekend")
    at_dosis.work()
    assert at_dosis.teller.reconcile() == 2
    assert at_dosis.states("A1") == [(SENT, PROCESSED)]
    assert at_dosis.states("A2") == [(FAILED, "De status Onbekend staat niet in de codelijst.")]
    assert at_dosis.teller.reconcile() == 0


def test_while_dosis_is_still_busy_nothing_is_concluded(at_dosis: World) -> None:
    at_dosis.stub.busy = True
    at_dosis.change("A1", "Ingediend")
    at_dosis.work()
    assert at_dosis.teller.reconcile() == 0
    assert at_dosis.states("A1") == [(SENT, ACCEPTED)]


@pytest.mark.parametrize("fault", [Fault(RESULTS, 500), Fault(RESULTS, malformed=True), Fault(RESULTS, seconds=SLOW)])
def test_while_nobody_says_whether_it_arrived_it_is_not_told_again(at_dosis: World, fault: Fault) -> None:
    at_dosis.stub.faults.add(Fault(PUSH, 500, times=1, taken=True))
    at_dosis.stub.faults.add(fault)
    at_dosis.change("A1", "Ingediend")
    at_dosis.work(days=1)
    assert at_dosis.arrived == [("A1", "Ingediend")]
    assert at_dosis.states("A1")[0][0] == TO_SEND
    with pytest.raises(Unavailable):
        at_dosis.teller.receiver.has(at_dosis.teller._facts(at_dosis.deliveries("A1")[0]))
    at_dosis.stub.faults.clear()
    at_dosis.work(days=1)
    assert at_dosis.arrived == [("A1", "Ingediend")]
    assert at_dosis.states("A1") == [(SENT, THERE)]


def test_the_message_for_dosis_leaves_out_what_is_not_known() -> None:
    status = DossierStatus(
        7, f"{BASE}/id/dossier/A1", 1, 1, "gent", "v1", "Afgerond", "Goedgekeurd", "2026-11-24T12:00:00Z"
    )
    nothing: Any = None
    message = DOSIS_TEMPLATE.filled(facts(status, nothing, SOURCE))
    assert message["Identificatie"] == {"Bron": SOURCE, "Dossiernummer": "A1"}
    assert message["Status"]["Actie"] == {"ActieNodig": False}
    assert message["Subjecten"] == [{"Rol": "aanvrager", "Type": "VER", "Sleutel": "V0001001"}]
    assert not any(key.startswith("_") for key in message)
    assert "Periode" not in message
    assert orjson.dumps(message).startswith(b'{"Identi')
    assert len(DOSIS_TEMPLATE.told["aanname"]) > 3


def test_a_bundle_that_lacks_a_required_key_is_not_sent(tmp_path: Path) -> None:
    world = World(tmp_path, NotificationStub(BUNDLE_TEMPLATE.told["categorieen"]), notifications)
    world.teller = replace(world.teller, read=lambda *given: {**facts(*given), "fase": "", "productId": ""})
    world.change("A1", "Ingediend")
    world.work()
    assert world.states("A1") == [(FAILED, "niet verzonden: ProductId, StatusVlaamseFase ontbreken")]
    assert (world.arrived, world.outside.tried) == ([], [])
    world.log.close()


def _now(world: World, seconds: int = 0) -> str:
    return iso(world.outside.now + timedelta(seconds=seconds))
