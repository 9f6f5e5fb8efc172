"""Settings -> the graph stores and the search index, in step with the log."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager

import structlog

from app.bootstrap.ambient import root
from app.config import Settings
from app.errors import LoketError
from app.exchange.list_tables import load_tables
from app.exchange.register_fields import follower, layout_of
from app.model.graph import Graph
from app.model.terms import VL
from app.register.register import Register
from app.store.embedded import EmbeddedGraphs
from app.store.project import catch_up, internal_part, open_following, public_part, rebuild
from app.store.search import Search
from app.store.search_file import SearchFile

FOLLOW_SECONDS = 0.25
PUBLIC, INTERNAL, SEARCH = "public", "internal", "search"


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
    with closing(Search(search_file(settings, register))) as search:
        search.file.forget()
        search_follower(register, search)()


def static_graphs(register: Register) -> Mapping[str, Graph]:
    """What both stores hold besides the log: the code lists, each under its own IRI, and our vocabulary."""
    graphs = {str(VL): register.schema.vocabulary}
    for scheme in register.codelists.schemes():
        graphs[scheme.iri] = scheme.graph | graphs.get(scheme.iri, ())
    return graphs


def search_file(settings: Settings, register: Register) -> SearchFile:
    """The file of the search index, which holds only what everybody may see."""
    layout = layout_of(register.codelists, register.schema.base, load_tables(root()))
    return SearchFile(settings.data / SEARCH, layout)


def search_follower(register: Register, search: Search) -> Callable[[], int]:
    """What keeps the search index in step with the log."""
    schema, tables = register.schema, load_tables(root())
    return follower(register.log, search, schema.entity_types["vereniging"], register.codelists, schema.base, tables)


@contextmanager
def following(*steps: Callable[[], object]) -> Iterator[None]:
    """Keep the projections in step with what other threads and processes append to the log."""
    stop = threading.Event()

    def follow() -> None:
        while not stop.wait(FOLLOW_SECONDS):
            for step in steps:
                try:
                    step()
                except LoketError:
                    structlog.get_logger("store").warning("cannot follow the log", exc_info=True)

    thread = threading.Thread(target=follow, name="follow-the-log", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
