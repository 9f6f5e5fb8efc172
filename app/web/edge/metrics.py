"""Figures for Prometheus at `/metrics`: of each answer as it goes out, of everything else when they are asked for.

Labels are rooms (the first part of an address that we have), methods and statuses: no address as it was asked, for that
could name a person, and strangers would decide how many figures there are. For our own machines, or with a token.
https://prometheus.io/docs/practices/naming/
"""

from __future__ import annotations

import hmac
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from time import time

from prometheus_client import CollectorRegistry, Counter, GCCollector, Histogram, PlatformCollector, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.errors import Forbidden, LoketError
from app.store.deliveries import count_deliveries
from app.store.outbox import count_notices
from app.web.service import Service

PREFIX = "verenigingsloket"
ELSEWHERE = "elders"
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))


class Metrics:
    """What this application did since its start; `rooms` are the first parts of the addresses that it has."""

    def __init__(self, service: Service, rooms: Iterable[str], streams: Callable[[], int]) -> None:
        self.registry = CollectorRegistry()
        self._rooms = frozenset(rooms)
        labels = ("room", "method", "status")
        self._requests = Counter(
            f"{PREFIX}_requests", "Answers by room, method and status.", labels, registry=self.registry
        )
        self._seconds = Histogram(
            f"{PREFIX}_request_seconds", "Time until the last byte of an answer.", ("room",), buckets=SECONDS,
            registry=self.registry,
        )  # fmt: skip
        self._bytes = Counter(f"{PREFIX}_answered_bytes", "Bytes of all answers.", registry=self.registry)
        # Finding the series of a set of labels takes longer than counting in it.
        self._series = cache(self._series_of)
        self.registry.register(Watch(service, streams))
        for each in (ProcessCollector, PlatformCollector, GCCollector):
            each(registry=self.registry)

    def observe(self, path: str, method: str, status: int, seconds: float, size: int) -> None:
        """Note one answer."""
        requests, times = self._series(self.room(path), method if method in METHODS else "other", status)
        requests.inc()
        times.observe(seconds)
        self._bytes.inc(size)

    def _series_of(self, room: str, method: str, status: int) -> tuple[Counter, Histogram]:
        return self._requests.labels(room, method, str(status)), self._seconds.labels(room)

    def room(self, path: str) -> str:
        """The first part of an address, if it is one of ours; without suffix."""
        first = path[1:].partition("/")[0].partition(".")[0]
        return first if first in self._rooms else "" if path == "/" else ELSEWHERE


class Watch(Collector):
    """How things stand at this moment."""

    def __init__(self, service: Service, streams: Callable[[], int]) -> None:
        self._service, self._streams = service, streams
        self._since = time()

    def describe(self) -> list[Metric]:
        """Nothing is asked before the first time that somebody wants to know."""
        return []

    def collect(self) -> Iterator[Metric]:
        service = self._service
        try:
            stored = list(self._stored())
        except LoketError:
            stored = []
        yield gauge("stores_answer", "1 while the database and the engine answer, else 0.", int(bool(stored)))
        yield from stored
        yield gauge("streams", "Programs that listen to changes as they come.", self._streams())
        yield gauge("data_free_bytes", "Room left where the data stand.", shutil.disk_usage(service.data).free)
        yield gauge("start_seconds", "When this process began to answer.", self._since)
        pool = service.queries
        yield gauge("sparql_waiting", "Queries that wait for a worker.", pool.waiting())
        yield gauge("sparql_idle", "Workers that wait for a query.", pool.idle())
        yield CounterMetricFamily(f"{PREFIX}_sparql_seconds", "Time that workers were busy.", value=pool.spent)

    def _stored(self) -> Iterator[Metric]:
        """What the database and the engine know; raises Unavailable."""
        service, database = self._service, self._service.log.database
        yield gauge("log_sequence", "The number of the last version in the log.", service.log.head())
        yield gauges("store_sequence", "How far each store has followed the log.", "store", applied(service))
        yield gauge("outbox", "Versions that nobody was told of yet.", count_notices(database))
        yield gauges("deliveries", "Messages by state.", "state", count_deliveries(database))
        failed = sum(row.failed for row in service.chores.outcomes())
        yield gauge("chores_failed", "Nightly chores whose last run failed.", failed)


def gauge(name: str, help: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{PREFIX}_{name}", help, value=value)


def gauges(name: str, help: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"{PREFIX}_{name}", help, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def applied(service: Service) -> dict[str, int]:
    """How far each store has followed the log."""
    return {"public": service.public.applied(), "internal": service.internal.applied()}


def metrics(request: Request) -> Response:
    """All figures, for who may see them."""
    check_watcher(request)
    body = generate_latest(request.app.state.metrics.registry)
    return Response(body, headers={"cache-control": "no-store", "content-type": CONTENT_TYPE_LATEST})


def check_watcher(request: Request) -> None:
    """Raises Forbidden for who is neither a machine of our own nor shows the token of the settings."""
    service: Service = request.app.state.service
    if service.metrics_token:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        allowed = hmac.compare_digest(given.encode(), service.metrics_token.encode())
    else:
        client = request.client
        allowed = service.budgets is None or (client is not None and service.budgets.is_own(client.host))
    if not allowed:
        raise Forbidden("Deze cijfers zijn er voor wie deze dienst beheert.")


ROUTES = (Route("/metrics", metrics),)
