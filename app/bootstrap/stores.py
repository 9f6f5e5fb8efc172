"""Settings -> the graph stores and the search index, in step with the log."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager

import structlog

from app.bootstrap.ambient import root
from app.bootstrap.beside import beside
from app.config import Settings
from app.errors import LoketError
from app.exchange.list_tables import load_tables
from app.exchange.register_fields import follower, layout_of
from app.exchange.register_hidden import hidden_follower
from app.model.graph import Graph
from app.model.terms import VL
from app.register.register import Register
from app.store.embedded import EmbeddedGraphs
from app.store.project import catch_up, internal_part, open_following, public_part, rebuild
from app.store.search import Search
from app.store.search_file import SearchFile

FOLLOW_SECONDS = 0.25
PUBLIC, INTERNAL, SEARCH, HIDDEN = "public", "internal", "search", "search-internal"


@contextmanager
def open_stores(settings: Settings, register: Register) -> Iterator[tuple[EmbeddedGraphs, EmbeddedGraphs]]:
    """The public and the internal store, with the code lists in them, up to date with the log.

    Raises Unavailable when another process has them open.
    """
    with ExitStack() as stack:
        stores = []
        for name in (PUBLIC, INTERNAL):
            store = stack.enter_context(closing(open_following(settings.data / name, register.log)))
            for graph, content in static_graphs(register).items():
                store.load_static(graph, content)
            stores.append(store)
        public, internal = stores
        catch_up(register.log, public, internal)
        yield public, internal


def rebuild_stores(settings: Settings, register: Register) -> None:
    """Make both stores and the search index anew from the log."""
    statics = static_graphs(register)
    for name, part in ((PUBLIC, public_part), (INTERNAL, internal_part)):
        rebuild(register.log, settings.data / name, part, statics)
    with open_searches(settings, register) as (search, hidden):
        for index, follow in (
            (search, search_follower(register, search)),
            (hidden, follower_of_hidden(register, hidden)),
        ):
            index.file.forget()
            follow()


def static_graphs(register: Register) -> Mapping[str, Graph]:
    """What both stores hold besides the log: the code lists, each under its own IRI, and our vocabulary."""
    graphs = {str(VL): register.schema.vocabulary}
    for scheme in register.codelists.schemes():
        graphs[scheme.iri] = scheme.graph | graphs.get(scheme.iri, ())
    return graphs


@contextmanager
def open_searches(settings: Settings, register: Register) -> Iterator[tuple[Search, Search]]:
    """The index of what everybody may see, and beside it, in a file of its own, that of what only some may."""
    codelists, base = register.codelists, register.schema.base
    with (
        closing(Search(SearchFile(settings.data / SEARCH, layout_of(codelists, base, load_tables(root()))))) as search,
        closing(Search(SearchFile(settings.data / HIDDEN, layout_of(codelists, base)))) as hidden,
    ):
        yield search, hidden


def search_follower(register: Register, search: Search) -> Callable[[], int]:
    """What keeps the search index in step with the log."""
    schema, tables = register.schema, load_tables(root())
    return follower(register.log, search, register.tools.type, register.codelists, schema.base, tables)


def follower_of_hidden(register: Register, hidden: Search) -> Callable[[], int]:
    """The same, for what not everybody may see."""
    return hidden_follower(register.log, hidden, register.tools.type, register.codelists, register.schema.base)


@contextmanager
def following(*steps: Callable[[], object]) -> Iterator[None]:
    """Keep the projections in step with what other threads and processes append to the log."""

    def follow(stop: threading.Event) -> None:
        while not stop.wait(FOLLOW_SECONDS):
            for step in steps:
                try:
                    step()
                except LoketError:
                    structlog.get_logger("store").warning("cannot follow the log", exc_info=True)

    with beside("follow-the-log", follow, patience=None):
        yield
