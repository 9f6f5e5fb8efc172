"""Everything at once, to start from: one compressed file per kind, made when asked for and kept until the data change.

Who wants to stay up to date reads a dump once and follows the feed from the sequence that the dump tells.
"""

from __future__ import annotations

import asyncio
import gzip
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson

from app.errors import Unknown
from app.model.documents import to_document
from app.model.graph import from_ntriples
from app.model.schema import EntityType
from app.store.log import Log, Version
from app.web.data.representations import concept_term, expand
from app.web.service import Service

# A dump of a changed register may be this old: many downloads at once then share one.
FRESH = timedelta(minutes=1)
CODE_LISTS = "codelijsten"
# Small steps: halfway between the fastest and the smallest.
LEVEL = 5
BATCH = 1000


@dataclass(frozen=True)
class Kind:
    """One dump that can be had."""

    name: str
    label: str
    lines: Callable[[Service], Iterator[bytes]]


@dataclass(frozen=True)
class Dump:
    """A finished file; all changes up to `sequence` are in it."""

    path: Path
    sequence: int
    size: int
    made: datetime

    @property
    def etag(self) -> str:
        """Another one for each dump."""
        return f'"{self.sequence}-{int(self.made.timestamp() * 1e6):x}"'


class Dumps:
    """The folder with dumps; makes one at a time, for all who wait for it."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._folder = service.data / "dumps"
        self._maker = ThreadPoolExecutor(1, "make-a-dump")
        self._lock = threading.Lock()
        self._running: dict[str, Future[Dump]] = {}

    async def get(self, name: str) -> Dump:
        """The dump with this name, made now if the data changed since it was made; raises Unknown."""
        if name not in kinds(self._service):
            raise Unknown("Deze download bestaat niet.")
        ready = await asyncio.to_thread(self._fresh, name)
        if ready is not None:
            return ready
        # Who hangs up does not take the dump away from the others who wait for it.
        return await asyncio.shield(asyncio.wrap_future(self._start(name)))

    def newest(self, name: str) -> Dump | None:
        """What lies ready under this name."""
        return max(self._lying(name), key=lambda dump: dump.made, default=None)

    def _lying(self, name: str) -> list[Dump]:
        return [dump for file in self._folder.glob(f"*.{name}") if (dump := _read(file))]

    def _fresh(self, name: str) -> Dump | None:
        """What lies ready, when nothing changed since it was made or it was made only just now."""
        dump = self.newest(name)
        if dump is None:
            return None
        fresh = dump.sequence == self._service.log.head() or self._service.clock() - dump.made < FRESH
        return dump if fresh else None

    def _start(self, name: str) -> Future[Dump]:
        with self._lock:
            running = self._running.get(name)
            if running is None or running.done():
                running = self._running[name] = self._maker.submit(self._make_once, name)
            return running

    def _make_once(self, name: str) -> Dump:
        """Make it, unless whoever was before us just did."""
        return self._fresh(name) or self._make(name)

    def _make(self, name: str) -> Dump:
        """Write beside the folder's files and rename: nobody ever sees half a dump."""
        # Taken first: what changes while we write is in the feed after this sequence, and harmless to apply twice.
        sequence = self._service.log.head()
        self._folder.mkdir(parents=True, exist_ok=True)
        path, unfinished = self._folder / f"{sequence}.{name}", self._folder / f"{name}.unfinished"
        with unfinished.open("wb") as raw, gzip.GzipFile("", "wb", LEVEL, raw, mtime=0) as file:
            file.writelines(kinds(self._service)[name].lines(self._service))
        made = self._service.clock().timestamp()
        os.utime(unfinished, (made, made))
        # Somebody may be about to open the one before.
        kept = {path, *(dump.path for dump in [self.newest(name)] if dump)}
        unfinished.replace(path)
        for old in self._lying(name):
            if old.path not in kept:
                old.path.unlink(missing_ok=True)
        dump = _read(path)
        assert dump is not None
        return dump


def kinds(service: Service) -> dict[str, Kind]:
    """All dumps by name, such as `verenigingen.nq.gz`."""
    found = [Kind(f"{CODE_LISTS}.nq.gz", "Codelijsten, N-Quads", code_list_quads)]
    for type in service.schema.public_types:
        label = type.plural.capitalize()
        found.append(Kind(f"{type.feed}.nq.gz", f"{label}, N-Quads", _quads_of(type)))
        found.append(Kind(f"{type.feed}.jsonl.gz", f"{label}, JSON-LD per regel", _json_of(type)))
    return {kind.name: kind for kind in found}


def code_list_quads(service: Service) -> Iterator[bytes]:
    """All code lists, each in the graph that its scheme names."""
    for scheme in service.codelists.schemes():
        yield quads(scheme.graph.ntriples(), scheme.iri)


def quads(triples: bytes, graph: str) -> bytes:
    """N-Triples to N-Quads; a line break inside a literal is escaped, so " ." before one always ends a statement."""
    return triples.replace(b" .\n", b" <" + graph.encode() + b"> .\n")


def public_versions(log: Log, kind: str) -> Iterator[Version]:
    """The latest version of every entity of a kind that everybody may see."""
    code = ""
    while batch := log.entities(kind, code, BATCH):
        yield from (version for version in batch if version.public is not None and version.operation != "delete")
        code = batch[-1].entity.rpartition("/")[2]


def _quads_of(type: EntityType) -> Callable[[Service], Iterator[bytes]]:
    def lines(service: Service) -> Iterator[bytes]:
        for version in public_versions(service.log, type.key):
            yield quads(version.public or b"", version.entity)

    return lines


def _json_of(type: EntityType) -> Callable[[Service], Iterator[bytes]]:
    def lines(service: Service) -> Iterator[bytes]:
        for version in public_versions(service.log, type.key):
            document = to_document(from_ntriples(version.public or b""), type, version.entity)
            body = {"@context": type.context_iri, **expand(document, type, service.codelists, concept_term(type))}
            yield orjson.dumps(body, option=orjson.OPT_APPEND_NEWLINE)

    return lines


def _read(path: Path) -> Dump | None:
    """What a file name and its file tell; None when it went away meanwhile."""
    sequence = path.name.partition(".")[0]
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return Dump(path, int(sequence), stat.st_size, datetime.fromtimestamp(stat.st_mtime, UTC))
