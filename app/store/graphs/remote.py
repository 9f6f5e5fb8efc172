"""The graphs in a SPARQL 1.1 engine of another maker; see `app.store.graphs.port` for what each method promises.

With an engine that carries out one update as a whole (Oxigraph, GraphDB, Stardog) readers see all of a change or
nothing. With one that does not, or that chokes on long updates (Virtuoso), graphs are put one by one and `applied`
moves last: who is killed between leaves a store that is ahead of what it says, and following again makes good.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import orjson

from app.errors import BadSetting, Unavailable
from app.model.graph import IRI, Graph, Literal, from_ntriples
from app.model.terms import XSD
from app.store.batches import batches
from app.store.graphs.engine import BROKEN, JSON, TRIPLES, Engine
from app.store.graphs.port import APPLIED, BOOKKEEPING, OWNER, STATIC, Change
from app.store.queries.answers import converted, kind_of

META = IRI(BOOKKEEPING)
ZEROS = re.compile(
    rb'(:\d\d)(?:\.0+|(\.\d{0,12}[1-9])0+)((?:Z|[+-]\d\d:\d\d)?"\^\^<%b>)' % re.escape(XSD.dateTime.value.encode())
)
AT_ONCE = 4
# Of so many graphs it is asked at once whether they are there; a query for more may be too long.
GRAPHS_PER_QUESTION = 200
PAGE = 5000
# The position is asked by who is looked at: without an answer soon there is none.
POSITION_SECONDS, ASK_SECONDS = 10.0, 300.0
DROPPED = "De graafopslag bewaart niet wat ze zegt te bewaren."
NO_UNION = (
    "De graafopslag zoekt zonder GRAPH niet in alle grafen samen. Zet dat aan: bij Oxigraph met "
    "?union-default-graph achter graphs_query_url, bij Fuseki met tdb2:unionDefaultGraph."
)


class RemoteGraphs:
    """Graphs over HTTP; of several processes that write at once, one moves `applied` and the others do nothing."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        # The last answer of `applied`: the store is at least there, unless it is being filled anew.
        self.seen = 0
        self._putters = ThreadPoolExecutor(AT_ONCE, "put-a-graph")
        self._begin()

    def applied(self) -> int:
        values = self._column(f"SELECT ?n WHERE {{ GRAPH {META} {{ {META} {APPLIED} ?n }} }}", POSITION_SECONDS)
        if not values:
            # It lost all that it had, as an engine that keeps nothing on disk does when it is started again.
            self._begin()
        try:
            self.seen = max(map(int, values), default=0)
        except ValueError:
            raise Unavailable(BROKEN) from None
        return self.seen

    def apply(self, changes: Sequence[Change], sequence: int) -> None:
        applied = self.applied()
        if sequence <= applied:
            return
        _check_names(changes)
        update = self._update(changes, applied, sequence)
        if len(update) <= self.engine.addresses.largest_update:
            self.engine.update(update)
        else:
            self._write(changes)
            self._move(applied, sequence)

    def bulk(self, changes: Sequence[Change], sequence: int | None) -> None:
        applied = self.applied()
        if sequence is not None and sequence <= applied:
            return
        _check_names(changes)
        self._write(changes)
        if sequence is not None:
            self._move(applied, sequence)

    def load_static(self, graph: str, content: Graph, *, anew: bool = False) -> bool:
        triples = content.ntriples()
        mark = Literal(f"{graph} {sha256(triples).hexdigest()}")
        old = self._column(f"SELECT ?mark WHERE {{ GRAPH {META} {{ {META} {STATIC} ?mark }} }}")
        if mark.value in old and not anew:
            return False
        self._put(Change(graph, triples))
        if bool(triples) != bool(self._present([graph])):
            raise Unavailable(DROPPED)
        stale = [Literal(value) for value in old if value.startswith(f"{graph} ")]
        gone = "".join(f"DELETE DATA {{ GRAPH {META} {{ {META} {STATIC} {term} }} }} ; " for term in stale)
        self.engine.update(f"{gone}INSERT DATA {{ GRAPH {META} {{ {META} {STATIC} {mark} }} }}")
        return True

    def name(self) -> str:
        """Of which log it is; empty while nobody said so."""
        return next(iter(self._column(f"SELECT ?name WHERE {{ GRAPH {META} {{ {META} {OWNER} ?name }} }}")), "")

    def belongs_to(self, log: str) -> bool:
        name = self.name()
        if log and not name:
            self.engine.update(f"INSERT DATA {{ GRAPH {META} {{ {META} {OWNER} {Literal(log)} }} }}")
        return not log or name in ("", log)

    def query(self, text: str, accept: str | None = None) -> bytes:
        kind = kind_of(text)
        raw = self.engine.ask(text, TRIPLES if kind == "graph" else JSON)
        return converted(raw, kind, accept or (TRIPLES if kind == "graph" else JSON))

    def describe(self, entity: str) -> Graph:
        triples = self.engine.ask(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {IRI(entity)} {{ ?s ?p ?o }} }}", TRIPLES)
        try:
            return from_ntriples(without_zeros(triples))
        except (SyntaxError, ValueError):
            raise Unavailable(BROKEN) from None

    def restart(self) -> None:
        """Let everything be applied anew, from the first version on; what stands there stays until it is replaced."""
        self._move(self.applied(), 0)

    def names(self) -> Iterator[str]:
        """The graphs that there are, in order: our own, those of the log and static ones."""
        last = ""
        while True:
            page = self._column(
                f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STR(?g) > {Literal(last)}) }} "
                f"ORDER BY STR(?g) LIMIT {PAGE}"
            )
            if not page:
                return
            yield from page
            last = page[-1]

    def drop(self, graphs: Iterable[str]) -> None:
        """Remove these graphs."""
        for graph in graphs:
            self._put(Change(graph, b""))

    def flush(self) -> None:
        """The engine answers for its own disk."""

    def close(self) -> None:
        self._putters.shutdown()
        self.engine.close()

    def _begin(self) -> None:
        position = f"GRAPH {META} {{ {META} {APPLIED} ?n }}"
        if not self._column(f"SELECT ?n WHERE {{ {position} }}"):
            self.engine.update(f"INSERT DATA {{ {_position(0)} }}")
        if not self._column(f"SELECT ?n WHERE {{ {META} {APPLIED} ?n }}"):
            raise BadSetting(NO_UNION)

    def _column(self, text: str, seconds: float = ASK_SECONDS) -> list[str]:
        """The values of the one variable; raises Unavailable for what is no answer to this question."""
        try:
            answer = orjson.loads(self.engine.ask(text, seconds=seconds))
            [name] = answer["head"]["vars"]
            rows = answer["results"]["bindings"]
            values = [row[name]["value"] for row in rows if row]
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
            raise Unavailable(BROKEN) from None
        if f"?{name} " not in text:
            raise Unavailable(BROKEN)
        return values

    def _move(self, before: int, after: int) -> None:
        """Once, whoever else tries the same."""
        self.engine.update(_moving(before, after))

    def _update(self, changes: Sequence[Change], before: int, after: int) -> str:
        """The change as one text, of which every part holds only where `applied` is what we took it for."""
        guard, changed = _position(before), [change for change in changes if change.triples]
        steps = [f"DROP SILENT GRAPH {IRI(change.graph)}" for change in changes if not change.triples]
        if changed:
            names = " ".join(str(IRI(change.graph)) for change in changed)
            old = "GRAPH ?g { ?s ?p ?o }"
            steps.append(f"DELETE {{ {old} }} WHERE {{ {guard} VALUES ?g {{ {names} }} {old} }}")
            new = " ".join(f"GRAPH {IRI(change.graph)} {{ {change.triples.decode()} }}" for change in changed)
            steps.append(f"INSERT {{ {new} }} WHERE {{ {guard} }}")
        return " ;\n".join((*steps, _moving(before, after)))

    def _write(self, changes: Sequence[Change]) -> None:
        """Put all graphs, many at once where that can be; what is there already is replaced one by one.

        Raises Unavailable when a graph is not there then, or one that was to go still is, whatever the engine said.
        """
        rest, present = list(changes), self._present([change.graph for change in changes])
        if self.engine.addresses.bulk:
            new = [change for change in changes if change.triples and change.graph not in present]
            if new:
                self.engine.load(b"".join(_trig(change) for change in new))
            loaded = {change.graph for change in new}
            rest = [change for change in changes if change.graph not in loaded]
        ways = [self._replace if change.triples and change.graph in present else self._put for change in rest]
        for done in self._putters.map(lambda way, change: way(change), ways, rest):
            assert done is None
        if self._present([change.graph for change in changes]) != {each.graph for each in changes if each.triples}:
            raise Unavailable(DROPPED)

    def _replace(self, change: Change) -> None:
        """Put a graph in the place of another; when all seems as it was, take it away first, which can be seen.

        What is wanted need not come back letter by letter: Virtuoso writes 1.50 as 1.5.
        """
        before = self.describe(change.graph)
        self._put(change)
        if self.describe(change.graph) != before or before == from_ntriples(change.triples):
            return
        self._put(Change(change.graph, b""))
        if self._present([change.graph]):
            raise Unavailable(DROPPED)
        self._put(change)

    def _put(self, change: Change) -> None:
        if not self.engine.addresses.store:
            content = f" ; INSERT DATA {{ GRAPH {IRI(change.graph)} {{ {change.triples.decode()} }} }}"
            self.engine.update(f"DROP SILENT GRAPH {IRI(change.graph)}" + (content if change.triples else ""))
        elif change.triples:
            self.engine.put(change.graph, change.triples)
        else:
            self.engine.delete(change.graph)

    def _present(self, graphs: Sequence[str]) -> set[str]:
        found: set[str] = set()
        for part in batches(graphs, GRAPHS_PER_QUESTION):
            names = " ".join(str(IRI(graph)) for graph in part)
            found.update(
                self._column(f"SELECT DISTINCT ?g WHERE {{ VALUES ?g {{ {names} }} GRAPH ?g {{ ?s ?p ?o }} }}")
            )
        return found


def without_zeros(triples: bytes) -> bytes:
    """The moments in N-Triples as we write them: Virtuoso gives every fraction of a second six digits.

    >>> without_zeros(b'"2026-11-27T02:25:17.130510Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>')
    b'"2026-11-27T02:25:17.13051Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>'
    >>> without_zeros(b'"2026-11-27T02:25:10.000000Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>')
    b'"2026-11-27T02:25:10Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>'
    """
    return ZEROS.sub(lambda found: found[1] + (found[2] or b"") + found[3], triples)


def _moving(before: int, after: int) -> str:
    return f"DELETE {{ {_position(before)} }} INSERT {{ {_position(after)} }} WHERE {{ {_position(before)} }}"


def _position(sequence: int) -> str:
    return f"GRAPH {META} {{ {META} {APPLIED} {Literal(str(sequence), datatype=XSD.integer)} }}"


def _trig(change: Change) -> bytes:
    return b"%s {\n%s}\n" % (str(IRI(change.graph)).encode(), change.triples)


def _check_names(changes: Iterable[Change]) -> None:
    """Raises ValueError for a name that is no IRI, before anything is written."""
    for change in changes:
        IRI(change.graph)
