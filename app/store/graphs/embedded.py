"""The graphs in a directory of this machine, with Oxigraph in this process."""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import cast

from pyoxigraph import QueryResultsFormat, QueryTriples, RdfFormat, Store

from app.errors import BadQuery, Unavailable
from app.model.graph import IRI, Graph, Literal
from app.model.terms import XSD
from app.store.batches import batches
from app.store.graphs.directories import set_aside, settle_swap
from app.store.graphs.embedded_place import Damaged, Place
from app.store.graphs.port import APPLIED, BOOKKEEPING, OWNER, STATIC, Change
from app.store.moments import reached

META = IRI(BOOKKEEPING)
# One bulk load costs 30 ms whatever it holds; a new graph of 50 triples 1.5 ms in an update, 0.5 ms in a bulk load.
BULK_FROM = 50
GRAPHS_PER_UPDATE = 200
# A triple costs seven times as much in an update as in a bulk load: from so many bytes the latter is sooner done.
LARGE = 400_000
POSITION = re.compile(r"at (\d+):(\d+)")


class EmbeddedGraphs:
    """The port `Graphs` on one pyoxigraph store; see there for what each method promises."""

    def __init__(self, store: Store, path: Path | None = None) -> None:
        self.place = Place(store, path)
        self._lock = threading.RLock()
        # Read once: a triple that changes often leaves a trail of tombstones, and reading it walks along all of them.
        self._applied = self._read_applied()

    def applied(self) -> int:
        return self._applied

    def apply(self, changes: Sequence[Change], sequence: int) -> None:
        with self._lock:
            if sequence > self._applied:
                with self.place.filling() as store:
                    self._replace(store, changes, sequence)

    def bulk(self, changes: Sequence[Change], sequence: int | None) -> None:
        if sequence is not None and sequence <= self._applied:
            return
        with self._lock, self.place.filling() as store:
            # Looked up, not told: after a crash some of what is new for the log may stand here already.
            new = [change for change in changes if change.triples and not _holds(store, change.graph)]
            if len(new) < BULK_FROM:
                new = []
            else:
                store.bulk_load(_trig(new), format=RdfFormat.TRIG)
                reached("bulk: loaded, the place not noted")
            loaded = {change.graph for change in new}
            # What is to go and is not there takes no write: amid bulk loads each waits until the engine has tidied up.
            rest = [c for c in changes if c.graph not in loaded and (c.triples or _holds(store, c.graph))]
            for part in batches(rest, GRAPHS_PER_UPDATE):
                self._replace(store, part, self._applied)
            if sequence is not None:
                self._replace(store, (), sequence)

    def load_static(self, graph: str, content: Graph) -> bool:
        triples = content.ntriples()
        mark = Literal(f"{graph} {sha256(triples).hexdigest()}")
        with self._lock, self.place.filling() as store:
            old = [quad.object for quad in store.quads_for_pattern(META, STATIC, None, META)]
            if mark in old:
                return False
            stale = [term for term in old if str(cast(Literal, term).value).startswith(f"{graph} ")]
            if len(triples) > LARGE and not stale and not _holds(store, graph):
                # Whoever is killed before it is marked finds it there without a mark, and writes it anew.
                store.bulk_load(triples, format=RdfFormat.N_TRIPLES, to_graph=IRI(graph))
                store.update(_statement("INSERT", [_data(BOOKKEEPING, [_mark(mark)])]))
                return True
            store.update(
                f"DROP SILENT GRAPH {IRI(graph)} ; "
                + _statement("DELETE", [_data(BOOKKEEPING, [_mark(term) for term in stale])])
                + _statement("INSERT", [_data(graph, [triples.decode()]), _data(BOOKKEEPING, [_mark(mark)])])
            )
        return True

    def belongs_to(self, log: str) -> bool:
        """Whether this is a store of the log with this name; one that bears no name yet is, from now on."""
        mark = Literal(log)
        with self._lock, self.place.filling() as store:
            names = [quad.object for quad in store.quads_for_pattern(META, OWNER, None, META)]
            if log and not names:
                store.update(_statement("INSERT", [_data(BOOKKEEPING, [f"{META} {OWNER} {mark} ."])]))
            return not log or names in ([], [mark])

    def query(self, text: str, accept: str | None = None) -> bytes:
        with self.place.reading() as store:
            try:
                result = store.query(text, use_default_graph_as_union=True)
            except SyntaxError as error:
                raise bad_query(error) from None
            if isinstance(result, QueryTriples):
                return cast(bytes, result.serialize(format=rdf_format(accept)))
            return cast(bytes, result.serialize(format=results_format(accept)))

    def describe(self, entity: str) -> Graph:
        with self.place.reading() as store:
            return Graph(store.quads_for_pattern(None, None, None, IRI(entity)))

    def snapshot(self, directory: Path) -> None:
        """Make `directory`, which does not exist yet, a copy that others can open and that never changes."""
        directory.parent.mkdir(parents=True, exist_ok=True)
        with self.place.reading() as store:
            store.backup(str(directory))

    def look_through(self) -> None:
        """Read all of it, to know that it can be; raises Unavailable."""
        deque(self.place.look_through(), 0)

    def distrust(self) -> None:
        """Take it for damaged, as its copies are; raises Unavailable."""
        self.place.distrust()

    def begun(self) -> int:
        """How often it was begun anew since it was opened."""
        return self.place.begun

    def renew(self) -> None:
        """Begin anew from 0, beside what is damaged; nobody reads it before `self.place.completed`."""
        with self._lock:
            self.place.renew()
            self._applied = 0

    def flush(self) -> None:
        with self.place.filling() as store:
            store.flush()

    def close(self) -> None:
        with self._lock:
            self.place.close()

    def _replace(self, store: Store, changes: Iterable[Change], sequence: int) -> None:
        """Write only the difference: most changes touch few of fifty triples, and each costs six index entries."""
        drop, gone, come = [], [_position(self._applied)], [_position(sequence)]
        for change in changes:
            if not change.triples:
                drop.append(f"DROP SILENT GRAPH {IRI(change.graph)} ; ")
                continue
            # Not splitlines(): that would also split within literals, at U+2028 and its like.
            present, wanted = _lines(store, change.graph), set(change.triples.decode().split("\n"))
            gone.append(_data(change.graph, present - wanted))
            come.append(_data(change.graph, wanted - present))
        store.update("".join(drop) + _statement("DELETE", gone) + _statement("INSERT", come))
        self._applied = sequence

    def _read_applied(self) -> int:
        with self.place.filling() as store:
            found = next(store.quads_for_pattern(META, APPLIED, None, META), None)
        return 0 if found is None else int(cast(Literal, found.object).value)


def open_graphs(path: Path) -> EmbeddedGraphs:
    """Open the store in this directory; one that is damaged is set aside, and the new one asks for all of the log.

    Raises Unavailable when another process has it open.
    """
    settle_swap(path)
    for stray in path.glob("bulk-*.sst"):
        stray.unlink()  # what a bulk load was writing when it was killed
    try:
        return _opened(path)
    except (RuntimeError, FileNotFoundError, Damaged):
        # RocksDB says RuntimeError("Corruption: ...") or misses a file; permissions and locks are other OSErrors.
        set_aside(path)
        return _opened(path)


def memory_graphs() -> EmbeddedGraphs:
    """A store that lives as long as the process: for tests, and for replicas."""
    return EmbeddedGraphs(Store())


def _opened(path: Path) -> EmbeddedGraphs:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return EmbeddedGraphs(Store(str(path)), path)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Unavailable(f"De opslag {path.name} is niet te openen; gebruikt een ander proces ze?") from error


def _lines(store: Store, graph: str) -> set[str]:
    quads = store.quads_for_pattern(None, None, None, IRI(graph))
    return {f"{quad.subject} {quad.predicate} {quad.object} ." for quad in quads}


def _holds(store: Store, graph: str) -> bool:
    # One look in the list of graphs: while a store is filled, going to the triples themselves is a third of the work.
    return store.contains_named_graph(IRI(graph))


def _position(sequence: int) -> str:
    return _data(BOOKKEEPING, [f"{META} {APPLIED} {Literal(str(sequence), datatype=XSD.integer)}"])


def _data(graph: str, lines: Iterable[str]) -> str:
    text = "\n".join(line for line in lines if line)
    return f"GRAPH {IRI(graph)} {{ {text} }} " if text else ""


def _statement(verb: str, parts: Iterable[str]) -> str:
    text = "".join(parts)
    return f"{verb} DATA {{ {text} }} ; " if text else ""


def _trig(changes: Iterable[Change]) -> bytes:
    return b"".join(b"%s {\n%s}\n" % (str(IRI(change.graph)).encode(), change.triples) for change in changes)


def _mark(term: object) -> str:
    return f"{META} {STATIC} {term} ."


def results_format(accept: str | None) -> QueryResultsFormat:
    """The format of this media type for solutions and booleans; raises ValueError."""
    found = QueryResultsFormat.JSON if accept is None else QueryResultsFormat.from_media_type(accept)
    if found is None:
        raise ValueError(f"no format for query results: {accept}")
    return found


def rdf_format(accept: str | None) -> RdfFormat:
    """The format of this media type for triples; raises ValueError."""
    found = RdfFormat.N_TRIPLES if accept is None else RdfFormat.from_media_type(accept)
    if found is None:
        raise ValueError(f"no format for triples: {accept}")
    return found


def bad_query(error: SyntaxError) -> BadQuery:
    """The engine's complaint as an error of ours."""
    place = POSITION.search(str(error))
    line, column = (int(place[1]), int(place[2])) if place else (None, None)
    return BadQuery(f"De SPARQL-vraag is niet juist geschreven: {error}", line, column)
