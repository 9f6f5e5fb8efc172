"""Settings -> the steps of the work as traces of OpenTelemetry (OTLP over HTTP); without the setting nothing is loaded.

Names as in https://opentelemetry.io/docs/specs/semconv/http/http-spans/, without what could name a person: no address
as it was asked, no query string, no client.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import version
from typing import Any

from app.config import Settings
from app.errors import BadSetting
from app.store.spans import Facts, Span, follow_with

NAME = "verenigingsloket"
# A collector that does not answer keeps nobody from stopping.
PATIENCE = 2
LACKING = "Voor de instelling otel_url zijn pakketten nodig: pip install 'verenigingsloket[otel]'."


@contextmanager
def telemetry(settings: Settings) -> Iterator[None]:
    """Send the steps of this process to the collector in the settings, the last of them at the end."""
    if not settings.otel_url:
        yield
        return
    provider = _provider(settings.otel_url)
    follow_with(Otel(provider))
    try:
        yield
    finally:
        follow_with(None)
        provider.shutdown()


def _provider(url: str) -> Any:
    try:
        trace = import_module("opentelemetry.sdk.trace")
        export = import_module("opentelemetry.sdk.trace.export")
        otlp = import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
        resources = import_module("opentelemetry.sdk.resources")
    except ModuleNotFoundError as error:
        raise BadSetting(LACKING) from error
    own = {"service.name": NAME, "service.version": version(NAME)}
    provider = trace.TracerProvider(resource=resources.Resource.create(own), shutdown_on_exit=False)
    exporter = otlp.OTLPSpanExporter(endpoint=f"{url.rstrip('/')}/v1/traces", timeout=PATIENCE)
    provider.add_span_processor(export.BatchSpanProcessor(exporter))
    return provider


class Otel:
    """The tracer of `app.store.spans` on the SDK of OpenTelemetry."""

    def __init__(self, provider: Any) -> None:
        self._api = import_module("opentelemetry.trace")
        self._context = import_module("opentelemetry.trace.propagation.tracecontext").TraceContextTextMapPropagator()
        self._tracer = provider.get_tracer(NAME)

    @contextmanager
    def step(self, name: str, facts: Facts, kind: str, parent: Mapping[str, str]) -> Iterator[Span]:
        """One span; what passes as an exception is noted by its class, as its text may hold a value."""
        with self._tracer.start_as_current_span(
            name,
            context=self._context.extract(parent) if parent else None,
            kind=self._api.SpanKind[kind.upper()],
            attributes=facts,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            followed = Followed(span, self._api)
            try:
                yield followed
            except Exception as error:
                followed.fail(type(error).__name__)
                raise

    def onward(self) -> Mapping[str, str]:
        carrier: dict[str, str] = {}
        self._context.inject(carrier)
        return carrier


class Followed:
    """One span that is sent."""

    def __init__(self, span: Any, api: Any) -> None:
        self._span, self._api = span, api
        self.trace = f"{span.get_span_context().trace_id:032x}"

    def note(self, facts: Facts, name: str = "") -> None:
        self._span.set_attributes(facts)
        if name:
            self._span.update_name(name)

    def fail(self, kind: str) -> None:
        self._span.set_attribute("error.type", kind)
        self._span.set_status(self._api.StatusCode.ERROR)
