"""A collector of OpenTelemetry for tests: takes what OTLP over HTTP brings, and reads it."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.running import answering


@dataclass
class Collector:
    """What came, whole and as spans."""

    address: str = ""
    bodies: list[bytes] = field(default_factory=list)

    def spans(self) -> list[Any]:
        """All spans that came, in the order in which they came."""
        return [span for batch in self._batches() for scope in batch.scope_spans for span in scope.spans]

    def services(self) -> set[str]:
        """Who sent them."""
        return {facts(batch.resource)["service.name"] for batch in self._batches()}

    def _batches(self) -> list[Any]:
        return [batch for body in self.bodies for batch in ExportTraceServiceRequest.FromString(body).resource_spans]


def facts(thing: Any) -> dict[str, Any]:
    """The attributes of a span or a sender."""
    kinds = ((each.key, each.value) for each in thing.attributes)
    return {key: getattr(value, value.WhichOneof("value")) for key, value in kinds}


@contextmanager
def collecting() -> Iterator[Collector]:
    """One on a free port of this machine."""
    collector = Collector()

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            collector.bodies.append(gzip.decompress(body) if self.headers["content-encoding"] == "gzip" else body)
            assert self.path == "/v1/traces"
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    with answering(ThreadingHTTPServer(("127.0.0.1", 0), Taking)) as collector.address:
        yield collector
