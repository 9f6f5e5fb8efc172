"""Settings -> Service: the only place that names concrete classes, the clock and chance.

    with open_register(settings) as register: ...   # the log and the rules: enough to import beside a running service
    with open_service(settings) as service: ...     # with the graph stores and the query workers, following the log
"""

from __future__ import annotations

import base64
import os
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import structlog

from app.config import Settings
from app.errors import BadSetting, LoketError
from app.model.codelists import load_codelists
from app.model.graph import Graph
from app.model.schema import load_schema
from app.model.shapes import load_checker
from app.model.terms import VL
from app.register.register import Register
from app.store.embedded import EmbeddedGraphs
from app.store.log import Log, open_log
from app.store.project import catch_up, internal_part, open_following, public_part, rebuild
from app.store.querypool import Limits, QueryPool
from app.store.snapshots import Snapshots
from app.store.vault import KEY_BYTES, Cipher, read_key
from app.web.service import Publisher, Service

FOLLOW_SECONDS = 0.25
KEY_FILE = "kluis.sleutel"
PUBLIC, INTERNAL = "public", "internal"


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def mint() -> str:
    """A new identifier that nobody can guess."""
    return uuid.uuid4().hex


def root() -> Path:
    """The folder that holds ontology/, shapes/, queries/ and fixtures/: that of the package, or of the checkout."""
    package = Path(__file__).parent
    installed = package / "_data"
    return installed if installed.is_dir() else package.parent


@contextmanager
def open_register(settings: Settings) -> Iterator[Register]:
    """The log and the rules, without the stores: a running service follows by itself what is written here."""
    settings.data.mkdir(parents=True, exist_ok=True)
    cipher = Cipher(vault_key(settings))
    with closing(open_log(f"sqlite:///{settings.data.resolve() / 'log.sqlite'}", now, cipher)) as log:
        schema = load_schema(root(), settled_base(log, settings))
        yield Register(schema, load_codelists(root()), load_checker(schema, "vereniging"), log, now)


@contextmanager
def open_service(settings: Settings) -> Iterator[Service]:
    """Everything that answers requests, up to date with the log and following it; closed in the right order."""
    with ExitStack() as stack:
        register = stack.enter_context(open_register(settings))
        public, internal = stack.enter_context(open_stores(settings, register))
        queries = stack.enter_context(closing(_query_pool(settings, public)))
        stack.enter_context(following(register.log, public, internal))
        yield Service(
            base=register.schema.base,
            title=settings.title,
            version=version("verenigingsloket"),
            publisher=Publisher(settings.publisher, settings.publisher_name, settings.contact),
            root=root(),
            data=settings.data.resolve(),
            schema=register.schema,
            codelists=register.codelists,
            log=register.log,
            public=public,
            internal=internal,
            register=register,
            queries=queries,
            clock=now,
            mint=mint,
            page_size=int(settled(register.log, "page_size", str(settings.page_size))),
        )


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
    """Make both stores anew from the log."""
    statics = static_graphs(register)
    for name, part in ((PUBLIC, public_part), (INTERNAL, internal_part)):
        rebuild(register.log, settings.data / name, part, statics)


def static_graphs(register: Register) -> Mapping[str, Graph]:
    """What both stores hold besides the log: the code lists, each under its own IRI, and our vocabulary."""
    graphs = {str(VL): register.schema.vocabulary}
    for scheme in register.codelists.schemes():
        graphs[scheme.iri] = scheme.graph | graphs.get(scheme.iri, ())
    return graphs


@contextmanager
def following(log: Log, *stores: EmbeddedGraphs) -> Iterator[None]:
    """Keep the stores in step with what other threads and processes append to the log."""
    public, internal = stores
    stop = threading.Event()

    def follow() -> None:
        while not stop.wait(FOLLOW_SECONDS):
            try:
                catch_up(log, public, internal)
            except LoketError:
                structlog.get_logger("store").warning("cannot follow the log", exc_info=True)

    thread = threading.Thread(target=follow, name="follow-the-log", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def settled(log: Log, key: str, value: str) -> str:
    """What was decided at the first start and holds ever since; the first time, `value`."""
    with log.transaction() as transaction:
        kept = transaction.get_state(key)
        if kept is None:
            transaction.put_state(key, value)
    return value if kept is None else kept


def settled_base(log: Log, settings: Settings) -> str:
    """The start of all IRIs: it is part of the data. Raises BadSetting when the setting says something else now."""
    base = settled(log, "base", settings.base or f"http://{settings.host}:{settings.port}")
    if settings.base and settings.base != base:
        raise BadSetting(f"De gegevens in deze map beginnen met {base}; de instelling base kan niet meer veranderen.")
    return base


def vault_key(settings: Settings) -> bytes:
    """The key from the settings, or else from a file in the data directory that is made at the first start."""
    if settings.vault_key:
        return read_key(settings.vault_key)
    path = settings.data / KEY_FILE
    if not path.exists():
        _write_new(path, base64.b64encode(os.urandom(KEY_BYTES)))
    return read_key(path.read_text().strip())


def _write_new(path: Path, content: bytes) -> None:
    """Write for the owner alone; of two processes that start at once, the first one's content holds."""
    temporary = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content + b"\n")
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(temporary, path)
    temporary.unlink()


def _query_pool(settings: Settings, public: EmbeddedGraphs) -> QueryPool:
    limits = Limits(
        seconds=settings.sparql_timeout, max_bytes=settings.sparql_max_bytes, memory=settings.sparql_memory
    )
    return QueryPool(Snapshots(public, settings.data / "snapshots"), settings.sparql_workers, limits)
