"""What an operator follows with OpenTelemetry: each step of the work, and nobody's values."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.bootstrap.service import open_service
from app.config import read_settings
from app.errors import BadSetting
from app.store.spans import are_followed
from tests.bootstrap.collector import Collector, collecting, facts
from tests.bootstrap.test_engines import BASE, HEADERS, Ask, follow, running, sparql
from tests.engines import oxigraph
from tests.web.test_no_personal_values import SECRETS
from tests.web.v1_client import full

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
TRACE = PARENT.split("-")[1]
ALLOWED = {
    "error.type", "http.request.method", "http.response.status_code", "http.route", "peer.service", "server.address",
    "url.scheme", "verenigingsloket.answer", "verenigingsloket.versions",
}  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """What was done, and what came of it at the collector, the neighbour and the answers."""

    collector: Collector
    neighbour: list[httpx.Request]
    correlation: str
    trace: str


@pytest.fixture(scope="module", params=["embedded", "elsewhere"])
def seen(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """A registration with everything in it, looks at it, a question, and a neighbour that is asked."""
    asked: list[httpx.Request] = []

    def neighbour(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(500)

    given: dict[str, Any] = {
        "data": tmp_path_factory.mktemp("data"),
        "base": BASE,
        "addresses_url": "http://adres.test",
    }
    with collecting() as collector:
        if request.param == "elsewhere":
            with oxigraph() as engine:
                more = {"graphs_query_url": engine.query, "graphs_update_url": engine.update,
                        "graphs_store_url": engine.store, "graphs_bulk_url": engine.bulk}  # fmt: skip
                yield _worked(given | more, collector, asked, neighbour)
        else:
            yield _worked(given, collector, asked, neighbour)


def _worked(given: dict[str, Any], collector: Collector, asked: list[httpx.Request], neighbour: Any) -> Seen:
    settings = read_settings(given | {"otel_url": collector.address}, {})
    with running(settings, httpx.MockTransport(neighbour)) as ask:
        done = ask("/v1/verenigingen/vzer", "POST", json=full(), headers={**HEADERS, "traceparent": PARENT})
        assert done.status_code == 202, done.text
        follow(ask)
        again = {"naam": "Kantclub Het Andere Klosje"}
        assert ask(done.headers["location"], "PATCH", json=again, headers=HEADERS).status_code == 202
        follow(ask)
        code = done.headers["location"].rpartition("/")[2]
        _look_around(ask, code)
        own = ask("/health").headers["x-correlation-id"]
        deadline = time.monotonic() + 300
        while not asked and time.monotonic() < deadline:
            time.sleep(0.1)
    assert not are_followed()
    return Seen(collector, asked, done.headers["x-correlation-id"], own)


def _look_around(ask: Ask, code: str) -> None:
    purpose = {**HEADERS, "x-request-reason": "dienstverlening"}
    assert ask(f"/v1/verenigingen/{code}", headers=purpose).status_code == 200
    assert ask(f"/beheer/verenigingen/{code}/persoonsgegevens", headers=purpose).status_code == 200
    assert ask("/verenigingen?zoek=Godelieve").status_code == 200
    assert ask("/ldes/verenigingen?naam=Godelieve").status_code == 200
    assert ask("/Godelieve/Verzonnen").status_code == 404
    assert sparql(ask, "SELECT * WHERE { ?s ?p 'Godelieve' }").status_code == 200


def named(seen: Seen, name: str) -> list[dict[str, Any]]:
    return [facts(span) for span in seen.collector.spans() if span.name == name]


def test_each_request_is_followed_by_its_route_and_status(seen: Seen) -> None:
    assert seen.collector.services() == {"verenigingsloket"}
    [made] = named(seen, "POST /v1/verenigingen/vzer")
    assert made == {"http.request.method": "POST", "http.route": "/v1/verenigingen/vzer", "url.scheme": "http",
                    "http.response.status_code": 202}  # fmt: skip
    assert {each["http.response.status_code"] for each in named(seen, "GET /v1/verenigingen/{code}")} == {200}
    assert named(seen, "GET /ldes") and named(seen, "POST /sparql")
    [unknown] = named(seen, "GET")
    assert unknown["http.response.status_code"] == 404


def test_who_asks_decides_of_which_trace_it_is_a_part(seen: Seen) -> None:
    assert seen.correlation == TRACE
    assert len(seen.trace) == 32 and seen.trace != TRACE
    within = {span.name for span in seen.collector.spans() if span.trace_id.hex() == TRACE}
    assert {"POST /v1/verenigingen/vzer", "append to the log"} <= within


def test_each_step_is_followed(seen: Seen, request: pytest.FixtureRequest) -> None:
    assert max(each["verenigingsloket.versions"] for each in named(seen, "append to the log")) == 1
    assert named(seen, "follow the log") and named(seen, "follow the log to search")
    assert {each["verenigingsloket.answer"] for each in named(seen, "answer a question")} == {"solutions"}
    asked = {
        each["server.address"] for name in ("query the engine", "write to the engine") for each in named(seen, name)
    }
    assert asked == ({"127.0.0.1"} if "elsewhere" in request.node.name else set())


def test_a_neighbour_is_told_of_the_trace(seen: Seen) -> None:
    calls = [span for span in seen.collector.spans() if facts(span).get("peer.service") == "Adressenregister"]
    assert {facts(span)["server.address"] for span in calls} == {"adres.test"}
    assert {facts(span)["error.type"] for span in calls} == {"500"}
    told = {each.headers["traceparent"].rpartition("-")[0] for each in seen.neighbour}
    assert told <= {f"00-{span.trace_id.hex()}-{span.span_id.hex()}" for span in calls}


def test_no_value_is_in_any_of_it(seen: Seen) -> None:
    assert len(seen.collector.spans()) > 20
    assert {key for span in seen.collector.spans() for key in facts(span)} <= ALLOWED
    assert not any(span.events for span in seen.collector.spans())
    whole = b"\n".join(seen.collector.bodies).decode("utf-8", "replace")
    assert [secret for secret in (*SECRETS, "V0001001", "Verzonnen", "zoek=") if secret in whole] == []


def test_without_the_setting_nothing_of_it_is_loaded(tmp_path: Path) -> None:
    program = f"""
import sys
from app.bootstrap.service import open_service
from app.config import read_settings
from app.web.app import create_app
from app.web.edge.lasting import Repeatable
with open_service(read_settings({{"data": {str(tmp_path)!r}}}, {{}})) as service:
    assert type(create_app(service)) is Repeatable
print([name for name in sys.modules if name.startswith(("opentelemetry.sdk", "opentelemetry.exporter"))])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1:] == ["[]"], done.stderr


def test_without_the_packages_it_is_said_how_to_get_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    settings = read_settings({"data": tmp_path, "otel_url": "http://127.0.0.1:4318"}, {})
    with pytest.raises(BadSetting, match=r"pip install 'verenigingsloket\[otel\]'"), open_service(settings):
        pass
