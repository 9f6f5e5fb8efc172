"""Trusted questions to the public store, from the files in `queries/`, remembered until the store changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import orjson

from app.model.queries import Query, Value, load_queries
from app.web.service import Service
from app.web.shelf import Shelf

Row = dict[str, str]
Made = TypeVar("Made")
# Counted in rows: some tens of MB.
ROOM = 400_000


class Reading:
    """Answers, and what is made of them, for one state of the store."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._queries: Mapping[str, Query] = load_queries(service.root)
        self._shelf: Shelf[tuple[Any, ...], Any] = Shelf(ROOM, lambda made: len(made) + 10)

    def rows(self, name: str, **values: Value) -> list[Row]:
        """The rows of a SELECT; a variable that has no value is not in its row."""
        return self.made((name, *sorted(values.items())), lambda: self._ask(name, values))

    def made(self, key: tuple[Any, ...], make: Callable[[], Made]) -> Made:
        """What `make` gives, made once for each state of the store; it must have a length."""
        whole = (*key, self._service.public.applied())
        known: Made | None = self._shelf.get(whole)
        if known is None:
            known = make()
            self._shelf.put(whole, known)
        return known

    def _ask(self, name: str, values: Mapping[str, Value]) -> list[Row]:
        answer = orjson.loads(self._service.public.query(self._queries[name].bind(**values)))
        return [{name: term["value"] for name, term in row.items()} for row in answer["results"]["bindings"]]
