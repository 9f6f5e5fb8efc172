"""Rebuild, cold start, memory and bytes on disk of the service, beside the engines with the same triples."""

from __future__ import annotations

import resource
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from app.store.graphs.embedded import open_graphs
from tests.bench.engines import oxigraph, oxigraph_dump, oxigraph_load, size
from tests.bench.flanders import Filled
from tests.bench.load import megabytes
from tests.bench.table import Line
from tests.running import PROGRAM, serving

OURS = ("log.sqlite", "public", "internal", "search", "search-internal")
STORES = ("public", "internal")


def lines(filled: Filled, folder: Path) -> Iterator[Line]:
    """Leaves the triples of the public store in `folder`, as `all.nq` and as a store of the peer in `peer`."""
    built = processor(lambda: rebuild(filled.data))
    triples_of(filled.data, folder)
    loaded = processor(lambda: oxigraph_load(folder / "peer", folder / "all.nq"))
    cost = built / len(STORES)
    yield Line("een opslag opnieuw maken", cost, "s processor", "oxigraph load", loaded, less_is_better=True)
    yield from started(filled, folder)
    for part in OURS:
        yield Line(f"op schijf: {part}", size(filled.data / part) / filled.entities, "bytes per entiteit")
    ours, theirs = size(filled.data / "public"), size(folder / "peer")
    yield Line("de publieke opslag op schijf", ours / 1e6, "MB", "oxigraph load", theirs / 1e6, less_is_better=True)


def started(filled: Filled, folder: Path) -> Iterator[Line]:
    """Until the first answer, and the memory held then."""
    with serving(filled.data) as server:
        seconds, memory = server.seconds, megabytes(server.address.rpartition(":")[2])
    began = time.perf_counter()
    with oxigraph(folder / "peer") as peer:
        theirs, held = time.perf_counter() - began, megabytes(peer.word)
    yield Line("koude start", seconds, "s", peer.name, theirs, less_is_better=True)
    yield Line("geheugen na de start", memory, "MB", peer.name, held, less_is_better=True)


def rebuild(data: Path) -> None:
    """Both stores and both search indexes, from the log."""
    subprocess.run([*PROGRAM, "rebuild", "--data", str(data)], check=True, capture_output=True)


def triples_of(data: Path, folder: Path) -> None:
    """All that the public store holds, as N-Quads."""
    copy, store = folder / "kopie", open_graphs(data / "public")
    store.snapshot(copy)
    store.close()
    oxigraph_dump(copy, folder / "all.nq")
    shutil.rmtree(copy)


def processor(work: Callable[[], object]) -> float:
    """Seconds of processor time of the processes that this starts: others on the machine do not lengthen it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
