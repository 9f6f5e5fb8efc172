"""Settings -> the graph stores and the search index, in step with the log."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext
from functools import partial

from app.bootstrap.ambient import root
from app.bootstrap.beside import in_turns
from app.config import Settings
from app.errors import BadSetting, LoketError
from app.exchange.decisions.entry import entries
from app.exchange.odata.lists import load_tables
from app.exchange.register_api.fields import follower, layout_of
from app.exchange.register_api.hidden import hidden_follower
from app.model.graph import Graph
from app.model.terms import VL
from app.register.register import Register
from app.store.bell import Bell
from app.store.decision_index import DecisionIndex
from app.store.graphs.embedded import EmbeddedGraphs
from app.store.graphs.engine import Addresses, Engine, read_auth
from app.store.graphs.port import Graphs
from app.store.graphs.project import (
    catch_up,
    follow,
    heal,
    internal_part,
    open_following,
    open_remote,
    public_part,
    rebuild,
    refill,
)
from app.store.graphs.remote import RemoteGraphs
from app.store.leadership import turn
from app.store.queries.pool import Limits, QueryPool
from app.store.queries.remote_pool import RemotePool
from app.store.queries.snapshots import Snapshots
from app.store.search.file import SearchFile
from app.store.search.index import Search

FOLLOW_SECONDS = 0.25
PUBLIC, INTERNAL, SEARCH, HIDDEN = "public", "internal", "search", "search-internal"
DECISIONS = "besluiten.sqlite"
# All that is made from the log in a folder: of another log it tells nothing.
DERIVED = (PUBLIC, INTERNAL, SEARCH, HIDDEN, "snapshots", "feeds", "dumps", f"{DECISIONS}*", "processen")

# Whether it is for this process to write to an engine that all share, and nobody else does meanwhile.
Turn = Callable[[], AbstractContextManager[bool]]


@contextmanager
def open_stores(settings: Settings, register: Register, turn: Turn | None = None) -> Iterator[tuple[Graphs, Graphs]]:
    """The public and the internal store, with the code lists in them, up to date with the log.

    A public store in an engine elsewhere is shared by all processes: one at a time brings it up to date, this one when
    it has the `turn`, for which a command waits.
    Raises Unavailable when another process has them open, or the engine does not answer.
    """
    turn = turn or partial(turn_of, settings, register, wait=True)
    with ExitStack() as stack:
        public = stack.enter_context(closing(_open_public(settings, register)))
        internal = stack.enter_context(closing(open_following(settings.derived / INTERNAL, register.log)))
        for store in (public, internal):
            if isinstance(store, EmbeddedGraphs):
                store.place.alarm = register.log.database.bell.ring
        with turn() as ours:
            for store in (public, internal):
                if isinstance(store, EmbeddedGraphs) or ours:
                    for graph, content in static_graphs(register).items():
                        store.load_static(graph, content)
        keep_up(register, public, internal, turn)
        yield public, internal


def keep_up(register: Register, public: Graphs, internal: Graphs, turn: Turn) -> None:
    """Bring what is this process's to write up to the end of the log; what is damaged or lost is made anew."""
    with turn() as is_ours:
        _keep_up(register, public, internal, (public, internal) if is_ours else (internal,))


def _keep_up(register: Register, public: Graphs, internal: Graphs, ours: Sequence[Graphs]) -> None:
    begun = [store for store in ours if heal(store, lambda: static_graphs(register), register.log)]
    if public in ours:
        catch_up(register.log, public, internal)
    else:
        follow(register.log, internal, internal_part)
    for store in ours:
        if isinstance(store, EmbeddedGraphs):
            store.place.completed()
    for store in begun:
        store.belongs_to(register.log.name)


def turn_of(settings: Settings, register: Register, *, wait: bool = False) -> AbstractContextManager[bool]:
    """The turn to write to the engine elsewhere; stores of our own are locked by whoever has them open."""
    if not settings.graphs_query_url:
        return nullcontext(True)
    return turn(register.log.database, settings.data, wait=wait)


def engine_of(settings: Settings) -> Engine:
    """The engine elsewhere that the settings name. Raises BadSetting."""
    if not settings.graphs_update_url:
        raise BadSetting("Bij graphs_query_url hoort graphs_update_url.")
    addresses = Addresses(
        settings.graphs_query_url, settings.graphs_update_url, settings.graphs_store_url, settings.graphs_bulk_url,
        read_auth(settings.graphs_auth), settings.graphs_user, settings.graphs_password,
        settings.graphs_largest_update,
    )  # fmt: skip
    return Engine(addresses)


def query_pool(settings: Settings, public: Graphs) -> QueryPool:
    """What answers strangers."""
    limits = Limits(seconds=settings.sparql_timeout, max_bytes=settings.sparql_max_bytes, memory=settings.sparql_memory)
    if isinstance(public, RemoteGraphs):
        return RemotePool(public, settings.sparql_workers, limits)
    assert isinstance(public, EmbeddedGraphs)
    return QueryPool(Snapshots(public, settings.derived / "snapshots"), settings.sparql_workers, limits)


def _open_public(settings: Settings, register: Register) -> Graphs:
    if settings.graphs_query_url:
        return open_remote(engine_of(settings), register.log)
    return open_following(settings.derived / PUBLIC, register.log)


def rebuild_stores(settings: Settings, register: Register) -> None:
    """Make both stores and the search indexes anew from the log."""
    statics = static_graphs(register)
    if settings.graphs_query_url:
        with (
            turn_of(settings, register, wait=True),
            closing(open_remote(engine_of(settings), register.log)) as graphs,
        ):
            refill(register.log, graphs, public_part, statics)
    else:
        rebuild(register.log, settings.derived / PUBLIC, public_part, statics)
    rebuild(register.log, settings.derived / INTERNAL, internal_part, statics)
    with open_searches(settings, register) as (search, hidden):
        for index, fill in (
            (search, search_follower(register, search)),
            (hidden, follower_of_hidden(register, hidden)),
        ):
            index.file.forget()
            fill()
    decisions = decision_index(settings, register)
    decisions.forget()
    decisions.follow(register.log)


def forget_derived(settings: Settings) -> None:
    """Remove all that was made from the log, as that is now another."""
    for path in [found for pattern in DERIVED for found in settings.derived.glob(pattern)]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def static_graphs(register: Register) -> Mapping[str, Graph]:
    """What both stores hold besides the log: the code lists, each under its own IRI, and our vocabulary."""
    graphs = {str(VL): register.schema.vocabulary}
    for scheme in register.codelists.schemes():
        graphs[scheme.iri] = scheme.graph | graphs.get(scheme.iri, ())
    return graphs


@contextmanager
def open_searches(settings: Settings, register: Register) -> Iterator[tuple[Search, Search]]:
    """The index of what everybody may see, and beside it, in a file of its own, that of what only some may."""
    codelists, base, folder = register.codelists, register.schema.base, settings.derived
    with (
        closing(Search(SearchFile(folder / SEARCH, layout_of(codelists, base, load_tables(root()))))) as search,
        closing(Search(SearchFile(folder / HIDDEN, layout_of(codelists, base)))) as hidden,
    ):
        yield search, hidden


def decision_index(settings: Settings, register: Register) -> DecisionIndex:
    """The index of decisions, as far as it was."""
    entry_of = entries(register.schema.entity_types["besluit"], register.codelists)
    return DecisionIndex(settings.derived / DECISIONS, entry_of)


def search_follower(register: Register, search: Search) -> Callable[[], int]:
    """What keeps the search index in step with the log."""
    schema, tables = register.schema, load_tables(root())
    return follower(register.log, search, register.tools.type, register.codelists, schema.base, tables)


def follower_of_hidden(register: Register, hidden: Search) -> Callable[[], int]:
    """The same, for what not everybody may see."""
    return hidden_follower(register.log, hidden, register.tools.type, register.codelists, register.schema.base)


@contextmanager
def following(bell: Bell, *steps: Callable[[], object]) -> Iterator[None]:
    """Keep the projections in step with what other threads and processes append to the log."""

    def follow(_stop: threading.Event) -> None:
        failed: LoketError | None = None
        for step in steps:
            try:
                step()
            except LoketError as error:
                # The others go on.
                failed = error
        if failed is not None:
            raise failed

    with in_turns("follow-the-log", follow, bell, FOLLOW_SECONDS, patience=None):
        yield
