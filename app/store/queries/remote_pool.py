"""Strangers' queries to an engine elsewhere: looked through by a worker here first, then asked with our own limits.

The worker says what is wrong and where, refuses SERVICE and what is no query, and tells the kind of result; so the
answers to wrong questions are the same whatever engine there is. The engine is asked at an address at which nobody may
write, and functions of its own, which could do anything, are refused.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Sequence
from typing import Any

from app.errors import BadQuery, Unavailable
from app.store.graphs.embedded_place import ANEW, MINUTE
from app.store.graphs.engine import JSON, TRIPLES
from app.store.graphs.remote import RemoteGraphs
from app.store.queries.answers import converted
from app.store.queries.pool import NOWHERE, Limits, QueryPool, Question
from app.store.queries.process import Reply, WorkerProcess
from app.store.queries.snapshots import Snapshot
from app.store.queries.worker import prefixes_of

# Virtuoso calls its own procedures under these names: https://docs.openlinksw.com/virtuoso/rdfsqlfromsparql/
OWN_FUNCTIONS = re.compile(r"<\s*(?:bif|sql):", re.IGNORECASE)
ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
LOOK_SECONDS = 0.2


class RemotePool(QueryPool):
    """As the query pool, which it is as far as the queue, the workers and their limits go."""

    def __init__(self, graphs: RemoteGraphs, workers: int = 2, limits: Limits | None = None) -> None:
        super().__init__(None, workers, limits)
        self._graphs = graphs
        self._looked: float | None = None

    async def _snapshot(self) -> Snapshot:
        """How far the store is, asked not too often; what is read may be newer, never older.

        Who was told elsewhere in this process that the store has come further, as by /health, is given nothing older.
        """
        if self._looked is None or time.monotonic() - self._looked > LOOK_SECONDS:
            await asyncio.to_thread(self._graphs.applied)
            if not await asyncio.to_thread(self._graphs.name):
                # It is being filled anew; an answer now would be kept as one of where it says to be.
                raise Unavailable(ANEW, MINUTE)
            self._looked = time.monotonic()
        return Snapshot(NOWHERE, self._graphs.seen)

    async def _have_answered(self, question: Question, snapshot: Snapshot, worker: WorkerProcess) -> Reply:
        if OWN_FUNCTIONS.search(_unescaped(question.text)):
            raise BadQuery("Functies van de graafopslag zelf (bif:, sql:) zijn hier niet toegelaten.")
        message = {**self._message(question, snapshot, worker), "directory": ""}
        header, body = await worker.ask(message, self._limits.seconds)
        if header.get("media_type") is not None:
            body = await asyncio.to_thread(self._ask, question, header)
        return header, body

    def _ask(self, question: Question, header: dict[str, Any]) -> bytes:
        graph = header["kind"] == "graph"
        text = f"BASE <{question.base}>\n{question.text}" if question.base else question.text
        raw = self._graphs.engine.ask(
            text,
            TRIPLES if graph else JSON,
            dataset=_dataset(question.default_graphs, question.named_graphs),
            union=header["union"],
            seconds=self._limits.seconds,
            most=self._limits.max_bytes,
        )
        return converted(raw, header["kind"], header["media_type"], prefixes_of(question.text), header["names"])


def _dataset(default: Sequence[str], named: Sequence[str]) -> list[tuple[str, str]]:
    return [("default-graph-uri", iri) for iri in default] + [("named-graph-uri", iri) for iri in named]


def _unescaped(text: str) -> str:
    """With the characters that a query may write by their number: https://www.w3.org/TR/sparql11-query/#codepointEscape

    >>> _unescaped("<\\\\u0062if:delay>")
    '<bif:delay>'
    """
    return ESCAPE.sub(lambda found: _character(int(found[1] or found[2], 16)), text)


def _character(number: int) -> str:
    return chr(number) if number < 0x110000 else ""
