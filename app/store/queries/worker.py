"""One query worker: a process of its own that opens a snapshot read-only and answers one question at a time.

It may be killed at any moment, and is: pyoxigraph has neither a time limit nor a cancel. Started by
`app.store.queries.process` as `python -m app.store.queries.worker SOCKET MEMORY FOLDER`; ends when its standard input
does, so never outlives its parent.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import IO, Any, cast

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    serialize,
)

from app.store.queries.confine import confine
from app.store.queries.frames import pack, receive
from app.store.queries.keywords import IMPOSSIBLE, position, respelt, stretched

KINDS = {QuerySolutions: "solutions", QueryBoolean: "boolean", QueryTriples: "graph"}
WITH_PREFIXES = (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.RDF_XML)
_PREFIX = re.compile(r"(?:\s|#[^\n\r]*[\n\r]|BASE\s*<[^>]*>)*PREFIX\s*([^\s:<]*):\s*<([^>]*:[^>]*)>", re.IGNORECASE)

Reply = tuple[dict[str, Any], bytes]


class TooMuch(Exception):
    """The answer passes the byte limit."""


class Bounded:
    """A file that takes no more than `limit` bytes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.data = bytearray()

    def write(self, data: bytes) -> int:
        if len(self.data) + len(data) > self._limit:
            raise TooMuch
        self.data += data
        return len(data)

    def flush(self) -> None:
        """The engine wants it; everything is where it must be already."""


class Reader:
    """Answers questions from the snapshot that each of them names."""

    def __init__(self) -> None:
        self._directory = ""
        self._store: Store | None = None
        # Only to parse with: nothing is in it.
        self._nothing = Store()

    def reply(self, question: Mapping[str, Any]) -> Reply:
        """The answer, or what went wrong."""
        try:
            return self._answer(question)
        except SyntaxError as error:
            return {"error": "syntax", "message": self._complaint(stretched(question["text"])) or str(error)}, b""
        except TooMuch:
            return {"error": "size"}, b""
        except MemoryError:
            return {"error": "memory"}, b""
        except OSError:
            return {"error": "store"}, b""
        except (ValueError, RuntimeError) as error:
            # RocksDB says RuntimeError("Corruption: ...").
            kind = "store" if "Corruption" in str(error) else "evaluation"
            return {"error": kind, "message": str(error)}, b""

    def _answer(self, question: Mapping[str, Any]) -> Reply:
        text = question["text"]
        other = respelt(text, "service")
        if other is not None and self._complaint(other):
            # Where the text itself gets further than the one without SERVICE, that was what it lacked.
            own, others = self._complaint(text + IMPOSSIBLE), self._complaint(other + IMPOSSIBLE)
            used = position(own) > position(others)
            return {"error": "service" if used else "syntax", "message": self._complaint(stretched(other))}, b""
        if not question["directory"]:
            return self._look_through(question)
        store = self._open(question["directory"])
        results = store.query(text, base_iri=question["base"], **self._dataset(question))
        kind = KINDS[type(results)]
        media_type = question["types"][kind]
        if media_type is None:
            return {"kind": kind, "media_type": None}, b""
        out = Bounded(question["max_bytes"])
        write(results, media_type, text, cast(IO[bytes], out))
        return {"kind": kind, "media_type": media_type}, bytes(out.data)

    def _look_through(self, question: Mapping[str, Any]) -> Reply:
        """What an engine elsewhere must know of a question before it is asked there."""
        results = self._nothing.query(question["text"], base_iri=question["base"])
        kind = KINDS[type(results)]
        names = [name.value for name in results.variables] if isinstance(results, QuerySolutions) else []
        union = self._dataset(question).get("use_default_graph_as_union", False)
        return {"kind": kind, "media_type": question["types"][kind], "union": union, "names": names}, b""

    def _open(self, directory: str) -> Store:
        if self._store is None or directory != self._directory:
            self._store = None
            self._store = Store.read_only(directory)
            self._directory = directory
        return self._store

    def _dataset(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """What the query runs on.

        SPARQL 1.1 Protocol section 2.1.4: a dataset in the request wins over one in the query; without either, the
        default graph is the union of all. https://www.w3.org/TR/sparql11-protocol/#dataset
        """
        default, named = question["default_graphs"], question["named_graphs"]
        if default or named:
            return {
                "default_graph": [NamedNode(iri) for iri in default],
                "named_graphs": [NamedNode(iri) for iri in named],
            }
        # The engine lets the union win over FROM, so it must not be asked for then.
        other = respelt(question["text"], "from")
        return {"use_default_graph_as_union": other is None or not self._complaint(other)}

    def _complaint(self, text: str) -> str:
        """What the parser says of a text; nothing when that is right."""
        try:
            self._nothing.query(text, base_iri="http://localhost/")
        except SyntaxError as error:
            return str(error)
        except (ValueError, RuntimeError, OSError):
            return ""
        return ""


def write(results: Any, media_type: str, text: str, out: IO[bytes]) -> None:
    """Serialise, with the query's own prefixes where the format knows them."""
    if not isinstance(results, QueryTriples):
        results.serialize(out, QueryResultsFormat.from_media_type(media_type))
        return
    format = RdfFormat.from_media_type(media_type)
    prefixes = prefixes_of(text) if format in WITH_PREFIXES else {}
    if prefixes and format is not None:
        serialize(results, out, format, prefixes=prefixes)
    else:
        results.serialize(out, format)


def prefixes_of(text: str) -> dict[str, str]:
    """The prefixes that a query declares.

    >>> prefixes_of("PREFIX a: <http://a/> # once\\nprefix b:<http://b/> ASK {}")
    {'a': 'http://a/', 'b': 'http://b/'}
    """
    prefixes, position = {}, 0
    while found := _PREFIX.match(text, position):
        prefixes[found[1]] = found[2]
        position = found.end()
    return prefixes


def end_with_parent() -> None:
    """End as soon as standard input does, also in the middle of a query."""
    sys.stdin.buffer.read()
    os._exit(0)


def serve(channel: socket.socket, walls: Sequence[str]) -> None:
    """Say that we are there, and answer questions until the other side has gone."""
    channel.sendall(pack({"walls": walls}))
    reader = Reader()
    while True:
        try:
            question, _ = receive(channel)
            header, body = reader.reply(question)
            channel.sendall(pack(header, body))
        except (EOFError, ConnectionError):
            return


def main(channel: str, memory: str, folder: str) -> None:
    """Run as a worker on an inherited socket, with nothing to read but the copies in this folder."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    walls = sorted(confine(int(memory), [folder]))
    threading.Thread(target=end_with_parent, daemon=True).start()
    serve(socket.socket(fileno=int(channel)), walls)


if __name__ == "__main__":
    main(*sys.argv[1:])
