"""What `/sparql` says of itself: the service description for machines, the query editor for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.types import Scope

from app.model.graph import parse_graph
from app.model.queries import Query, load_queries
from app.web.answers import FRESH_BRIEFLY, etag
from app.web.data.formats import DATA_FORMATS, write
from app.web.edge.edge import POLICY
from app.web.negotiate import negotiate
from app.web.pages import HERE, Pages
from app.web.service import Service
from app.web.sparql.answer import Representation
from app.web.sparql.endpoint import SparqlApp
from app.web.sparql.request import FORMATS

EXAMPLES = "voorbeelden/"
# The editor puts one style element in the page, for columns that can be made wider: that one, and no other.
COLUMNS = "sha256-zCK2EVMoPc04mRF/g5CotUvxbJPWS+8V0b+s9ptqQIk="
EDITOR_POLICY = POLICY.replace("style-src 'self'", f"style-src 'self' '{COLUMNS}'")
DESCRIPTION = HERE / "templates" / "sparql.ttl"


def sparql_app(service: Service, pages: Pages) -> SparqlApp:
    """The endpoint of this service."""
    address = f"{service.base}/sparql"
    describe = descriptions(DESCRIPTION, address, service.schema.prefixes)
    return SparqlApp(service.queries, address, describe, editor(service, pages), service.mint())


def descriptions(path: Path, address: str, prefixes: Mapping[str, str]) -> Callable[[str], Representation]:
    """A function that writes the service description in the format that an Accept header asks for.

    https://www.w3.org/TR/sparql11-service-description/
    """
    graph = parse_graph(path.read_bytes(), base=address)
    own = {"sd": "http://www.w3.org/ns/sparql-service-description#", "formats": "http://www.w3.org/ns/formats/"}
    by_type = {name: format for format in DATA_FORMATS for name in (format.media_type, *format.also)}

    @lru_cache(maxsize=100)
    def describe(accept: str) -> Representation:
        # Who asks for nothing in particular gets what a person can read, too.
        offered = sorted(by_type, key=lambda name: name != "text/turtle")
        media_type = negotiate(accept, offered)
        if media_type is None:
            names = ", ".join(format.media_type for format in DATA_FORMATS)
            raise HTTPException(406, f"De beschrijving bestaat alleen als {names}.", {"vary": "Accept"})
        format = by_type[media_type]
        return page(write(graph, format, {**prefixes, **own}), format.media_type)

    return describe


def editor(service: Service, pages: Pages) -> Callable[[Scope, str], Representation]:
    """A function that renders the query editor with this query in it."""
    shown = examples(load_queries(service.root))

    def edit(scope: Scope, query: str) -> Representation:
        values = {
            "query": query or shown[0].text,
            "examples": shown,
            "formats": tuple(FORMATS),
            "prefixes": dict(service.schema.prefixes),
        }
        return page(pages.render("sparql.html", scope["path"], values), "text/html", EDITOR_POLICY)

    return edit


def examples(queries: Mapping[str, Query]) -> Sequence[Query]:
    """The queries to begin from, in the order of their file names."""
    return [query for name, query in sorted(queries.items()) if name.startswith(EXAMPLES)]


def page(body: bytes, media_type: str, policy: str | None = None) -> Representation:
    """A page or document about the endpoint itself."""
    type = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
    headers = {
        "content-type": type,
        "content-length": str(len(body)),
        "vary": "Accept",
        "cache-control": FRESH_BRIEFLY,
        "etag": etag(body),
        **({"content-security-policy": policy} if policy else {}),
    }
    return Representation(body, tuple((name.encode(), value.encode()) for name, value in headers.items()))
