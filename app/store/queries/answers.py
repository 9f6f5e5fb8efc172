"""Answers of an engine, made into the format that is asked; whether a text is a query at all, and of which kind.

One parser and one writer, whatever engine answers: what it broke off or wrote in its own manner comes to light here.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Collection
from functools import lru_cache
from typing import Any, cast

import orjson
from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
    serialize,
)

from app.errors import Unavailable
from app.store.graphs.embedded import bad_query, rdf_format, results_format
from app.store.graphs.engine import BROKEN

KINDS = {QuerySolutions: "solutions", QueryBoolean: "boolean", QueryTriples: "graph"}
# Virtuoso answers ASK as if it were SELECT.
ASKED = "__ASK_RETVAL"
Writer = Callable[[bytes, io.BytesIO], None]
WITH_PREFIXES = (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.RDF_XML)


def kind_of(text: str) -> str:
    """Which kind of result a trusted query has: solutions, boolean or graph. Raises BadQuery when it is no query."""
    try:
        return KINDS[type(_nothing().query(text))]
    except SyntaxError as error:
        raise bad_query(error) from None


def converted(
    raw: bytes, kind: str, media_type: str, prefixes: dict[str, str] | None = None, names: Collection[str] | None = None
) -> bytes:
    """SPARQL JSON or N-Triples in another format; raises Unavailable when it is not whole, or answers something else.

    `names` are the variables that were asked for, where they are known.
    """
    out = io.BytesIO()
    write = _triples(media_type, prefixes or {}) if kind == "graph" else _results(media_type, kind, names)
    try:
        write(raw, out)
    except (SyntaxError, ValueError, KeyError, TypeError, AttributeError):
        raise Unavailable(BROKEN) from None
    return out.getvalue()


def _triples(media_type: str, prefixes: dict[str, str]) -> Writer:
    format = rdf_format(media_type)

    def write(raw: bytes, out: io.BytesIO) -> None:
        triples = (quad.triple for quad in parse(raw, format=RdfFormat.N_TRIPLES))
        if prefixes and format in WITH_PREFIXES:
            serialize(triples, out, format, prefixes=prefixes)
        else:
            serialize(triples, out, format)

    return write


def _results(media_type: str, kind: str, names: Collection[str] | None) -> Writer:
    format = results_format(media_type)

    def write(raw: bytes, out: io.BytesIO) -> None:
        results = parse_query_results(_tidy(raw) if kind == "boolean" else raw, format=QueryResultsFormat.JSON)
        try:
            found = {name.value for name in results.variables} if isinstance(results, QuerySolutions) else set()
            if KINDS[type(results)] != kind or (names is not None and found != set(names)):
                raise ValueError("an answer to another question")
            cast(Any, results).serialize(out, format)
        finally:
            # It may be let go in this thread only, and an error that is kept would keep it.
            del results

    return write


def _tidy(raw: bytes) -> bytes:
    answer = orjson.loads(raw)
    if "boolean" in answer:
        return raw
    rows = answer["results"]["bindings"]
    return orjson.dumps({"head": {}, "boolean": bool(rows) and rows[0][ASKED]["value"] in ("1", "true")})


@lru_cache
def _nothing() -> Store:
    return Store()
