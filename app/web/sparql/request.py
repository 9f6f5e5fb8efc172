"""What a SPARQL 1.1 Protocol request asks, in its three forms, and in which media types the answer may be.

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.types import Receive

from app.errors import BadQuery, Forbidden, TooLarge
from app.model.graph import IRI
from app.store.queries.pool import Question
from app.web.negotiate import negotiate

FORM, DIRECT, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
MAX_BODY = 1_000_000
MAX_FIELDS = 1000
HTML = "text/html"
# The first of each is for who does not say what it wants; those of the second line are other names for the first.
TABLES = (
    *("application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"),
    *("application/json", "application/xml", "text/xml"),
)
GRAPHS = (
    *("text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"),
    *("application/trig", "application/n-quads"),
    *("application/json", "application/xml", "text/xml", "text/plain", "application/x-turtle"),
)
# Short names for a link or a form; each stands for an Accept header.
FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "json": "application/sparql-results+json, application/ld+json",
        "xml": "application/sparql-results+xml, application/rdf+xml",
        "csv": "text/csv, text/turtle;q=0.1",
        "tsv": "text/tab-separated-values, text/turtle;q=0.1",
        "ttl": "text/turtle, application/sparql-results+json;q=0.1",
        "turtle": "text/turtle, application/sparql-results+json;q=0.1",
        "nt": "application/n-triples, application/sparql-results+json;q=0.1",
        "jsonld": "application/ld+json, application/sparql-results+json;q=0.1",
        "rdf": "application/rdf+xml, application/sparql-results+xml;q=0.1",
        "trig": "application/trig, application/sparql-results+json;q=0.1",
        "nq": "application/n-quads, application/sparql-results+json;q=0.1",
    }
)
NO_UPDATES = "Wijzigen kan hier niet: dit adres beantwoordt alleen vragen."


@dataclass(frozen=True)
class Asked:
    """A request, read; `accept` is its Accept header, or what its `format` stands for; `html`: for a browser."""

    query: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    accept: str
    html: bool = False

    def question(self, base: str) -> Question | None:
        """The query for the workers; None when a page or a description is wanted.

        Raises 406 when no result of any kind would be wanted.
        """
        if self.query is None or self.html:
            return None
        table, graph, _ = choose(self.accept)
        if table is None and graph is None:
            raise not_acceptable("solutions")
        return Question(self.query, self.default_graphs, self.named_graphs, table, table, graph, base)


def by_url(query_string: bytes, accept: str) -> Asked:
    """A query by GET, or none: a visit."""
    asked = _asked(_pairs(query_string), [], accept)
    # A format that was chosen wins over what the browser that follows the link would like.
    return replace(asked, html=True) if asked.accept == accept and choose(accept)[2] else asked


def by_post(query_string: bytes, content_type: str, body: bytes, accept: str) -> Asked:
    """A query by POST, as a form or direct. Raises 415 for any other content, Forbidden for an update."""
    media_type = _media_type(content_type)
    if media_type == UPDATE:
        raise Forbidden(NO_UPDATES)
    url = _pairs(query_string)
    if media_type == FORM:
        return _asked([*url, *_pairs(body)], [], accept)
    return _asked(url, [_text(body)], accept)


async def read_body(receive: Receive, length: bytes) -> bytes:
    """The whole body. Raises TooLarge as soon as it is."""
    if length.isdigit() and int(length) > MAX_BODY:
        raise too_large()
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MAX_BODY:
            raise too_large()
        if not message.get("more_body", False):
            return bytes(body)


@lru_cache(maxsize=200)
def choose(accept: str) -> tuple[str | None, str | None, bool]:
    """The media types for a table and for a graph, and whether a page would be liked better than both."""
    html = negotiate(accept, (*TABLES, *GRAPHS, HTML)) == HTML
    return negotiate(accept, TABLES), negotiate(accept, GRAPHS), html


def not_acceptable(kind: str) -> HTTPException:
    """406, with what there is for this kind of result."""
    there_is = ", ".join(GRAPHS[:6] if kind == "graph" else TABLES[:4])
    return HTTPException(406, f"Het antwoord op deze vraag bestaat alleen als {there_is}.", {"vary": "Accept"})


def too_large() -> TooLarge:
    return TooLarge(f"Een vraag mag hoogstens {MAX_BODY // 1_000_000} MB groot zijn.")


def _asked(pairs: list[tuple[str, str]], queries: list[str], accept: str) -> Asked:
    found: dict[str, list[str]] = {"query": queries}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    if "update" in found:
        raise Forbidden(NO_UPDATES)
    # SPARQL 1.1 Protocol section 2.1: "exactly 1" query string.
    if len(queries) > 1:
        raise HTTPException(400, "Geef één vraag: de parameter query staat er meer dan eens.")
    chosen = (found.get("format") or found.get("output") or [""])[0]
    return Asked(
        queries[0] if queries else None,
        _graphs(found, "default-graph-uri"),
        _graphs(found, "named-graph-uri"),
        _accept(chosen) if chosen else accept,
    )


def _accept(format: str) -> str:
    if format not in FORMATS and "/" not in format:
        raise HTTPException(400, f"Dit formaat bestaat niet; kies uit {', '.join(FORMATS)}, of een mediatype.")
    return FORMATS.get(format, format)


def _graphs(found: Mapping[str, list[str]], name: str) -> tuple[str, ...]:
    for iri in found.get(name, ()):
        try:
            IRI(iri)
        except ValueError:
            raise BadQuery(f"De parameter {name} is geen volledige IRI.") from None
    return tuple(found.get(name, ()))


def _media_type(content_type: str) -> str:
    """The media type of a body in UTF-8; raises 415 for what we do not read."""
    media_type, *parameters = (part.strip().lower() for part in content_type.split(";"))
    if media_type not in (FORM, DIRECT, UPDATE):
        raise HTTPException(415, f"Stuur een vraag als {DIRECT} of {FORM}.", {"accept-post": f"{DIRECT}, {FORM}"})
    # SPARQL 1.1 Protocol section 2.1.3: a query sent directly is in UTF-8.
    charsets = [part.partition("=")[2].strip('" ') for part in parameters if part.startswith("charset")]
    if any(charset not in ("utf-8", "utf8", "us-ascii") for charset in charsets):
        raise HTTPException(415, "Stuur de vraag in UTF-8.")
    return media_type


def _pairs(data: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(data.decode(), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError:
        raise HTTPException(400, "De parameters zijn geen UTF-8, of het zijn er te veel.") from None


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise HTTPException(400, "De vraag is geen UTF-8.") from None
