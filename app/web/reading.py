"""Trusted questions to the public store, from the files in `queries/`."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import orjson

from app.model.graph import Graph, from_ntriples
from app.model.queries import Query, Value, load_queries
from app.web.service import Service

Row = dict[str, str]


class Reading:
    """Rows and graphs by the name of the query."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._queries: Mapping[str, Query] = load_queries(service.root)
        self._lock = threading.Lock()
        self._held: dict[str, tuple[datetime, list[Row]]] = {}

    def rows(self, name: str, **values: Value | Sequence[Value]) -> list[Row]:
        """The rows of a SELECT; a variable without a value is not in its row.

        Without values the query is asked as it stands, its parameters left open.
        """
        query = self._queries[name]
        answer = orjson.loads(self._service.public.query(query.bind(**values) if values else query.text))
        return [{name: term["value"] for name, term in row.items()} for row in answer["results"]["bindings"]]

    def graph(self, name: str, **values: Value | Sequence[Value]) -> Graph:
        """The triples of a CONSTRUCT."""
        query = self._queries[name]
        return from_ntriples(self._service.public.query(query.bind(**values) if values else query.text))

    def figures(self, name: str, hold: timedelta) -> list[Row]:
        """The rows of a query over all data, asked anew only after a while: it takes seconds on a large store."""
        with self._lock:
            now = self._service.clock()
            made, rows = self._held.get(name, (None, []))
            if made is None or now - made > hold:
                rows = self.rows(name)
                self._held[name] = (now, rows)
            return rows
