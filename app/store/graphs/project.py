"""From the log to the graphs: catch up after a commit or a crash, and make a store anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from app.errors import BadSetting, Unavailable
from app.model.graph import Graph
from app.store.graphs.directories import set_aside, swap, upcoming
from app.store.graphs.embedded import EmbeddedGraphs, open_graphs
from app.store.graphs.engine import Engine
from app.store.graphs.port import BOOKKEEPING, Change, Graphs
from app.store.graphs.remote import RemoteGraphs
from app.store.log import Log, Version
from app.store.moments import reached
from app.store.spans import step

# 2,000 versions of 50 triples are some 15 MB of text: enough to make a bulk load worth its while, little to hold.
BATCH = 2000
# Of a new store: each load leaves files that the engine merges later, so few large ones are better.
LOAD = 5000
# From here on two threads are worth it; the store does its work outside the interpreter lock.
LARGE = 500
ONE_BY_ONE = ("stores: neither has it", "stores: public has it, internal not")

OF_ANOTHER = (
    "In de graafopslag van graphs_query_url staat wat een ander logboek zegt. Geef een andere op, of maak ze eerst "
    "leeg (CLEAR ALL) als die gegevens weg mogen."
)

Choice = Callable[[Version], bytes]


def public_part(version: Version) -> bytes:
    """What everybody may see of a version."""
    return version.public or b""


def internal_part(version: Version) -> bytes:
    """All of a version that is not personal."""
    return (version.public or b"") + version.internal


def catch_up(log: Log, public: Graphs, internal: Graphs) -> int:
    """Bring both stores up to the end of the log, each from where it stands; answers the sequence both have reached."""
    work = ((public, public_part), (internal, internal_part))
    start, end = min(public.applied(), internal.applied()), log.head()
    if start and end - start < LARGE:
        versions = log.read(start, LARGE)
        for (graphs, choice), moment in zip(work, ONE_BY_ONE, strict=True):
            reached(moment)
            with _followed(versions):
                graphs.apply(changes_of(versions, choice), versions[-1].sequence if versions else end)
        reached("stores: both have it")
        return min(public.applied(), internal.applied())
    with ThreadPoolExecutor(len(work)) as pool:
        return min(pool.map(lambda item: follow(log, *item), work))


def follow(log: Log, graphs: Graphs, choice: Choice) -> int:
    """Bring one store up to the end of the log; a new one is filled with the latest versions only."""
    if graphs.applied() == 0:
        fill(log, graphs, choice)
    while versions := log.read(graphs.applied(), BATCH):
        changes, sequence = changes_of(versions, choice), versions[-1].sequence
        with _followed(versions):
            (graphs.apply if len(changes) < LARGE else graphs.bulk)(changes, sequence)
        if graphs.applied() < sequence:
            raise Unavailable("De graafopslag neemt de wijzigingen niet aan.")
    return graphs.applied()


def fill(log: Log, graphs: Graphs, choice: Choice) -> None:
    """Load the latest version of every entity into a new store.

    Versions may be added meanwhile, and some of them read; following from the head taken here gives them their place.
    """
    sequence = log.head()
    with step("fill a store"):
        for versions in latest(log):
            graphs.bulk(changes_of(versions, choice), None)
    reached("fill: new store full, the place not noted")
    graphs.apply((), sequence)


def _followed(versions: Sequence[Version]) -> AbstractContextManager[object]:
    """A step for who follows the work, when there is any."""
    return step("follow the log", {"verenigingsloket.versions": len(versions)}) if versions else nullcontext()


def latest(log: Log) -> Iterator[list[Version]]:
    """The latest version of every entity, removed ones too, in batches."""
    for kind in log.kinds():
        code = ""
        while versions := log.entities(kind, code, LOAD):
            yield versions
            code = versions[-1].entity.rpartition("/")[2]


def changes_of(versions: Iterable[Version], choice: Choice) -> list[Change]:
    """What these versions, in order, come down to: one change for each entity, by its last version."""
    last = {version.entity: version for version in versions}
    return [Change(version.entity, choice(version)) for version in last.values()]


def heal(graphs: Graphs, statics: Callable[[], Mapping[str, Graph]], log: Log) -> bool:
    """Begin a store anew when it is damaged or lost what was in it, for following to fill; whether that was so.

    It bears no name before it is full, so that who asks strangers' questions of it knows.
    """
    if isinstance(graphs, EmbeddedGraphs):
        if not graphs.place.is_damaged:
            return False
        graphs.renew()
    elif not isinstance(graphs, RemoteGraphs) or not log.head() or not log.name or graphs.name():
        return False
    else:
        # It may have been filled after it lost its name, without what is not in the log.
        graphs.restart()
    for name, content in statics().items():
        graphs.load_static(name, content)
    return True


def open_following(path: Path, log: Log) -> EmbeddedGraphs:
    """Open a store of this log; one that is damaged or belongs to another log is set aside, and starts anew from 0."""
    graphs = open_graphs(path)
    if graphs.applied() <= log.head() and graphs.belongs_to(log.name):
        return graphs
    # A backup of the log was put back: what the store knows more than the log never happened.
    graphs.close()
    set_aside(path)
    graphs = open_graphs(path)
    graphs.belongs_to(log.name)
    return graphs


def open_remote(engine: Engine, log: Log) -> RemoteGraphs:
    """The store of this log in an engine elsewhere; when it knows more than the log, it is filled anew.

    Raises BadSetting when it holds what another log says.
    """
    graphs = RemoteGraphs(engine)
    if not graphs.belongs_to(log.name):
        graphs.close()
        raise BadSetting(OF_ANOTHER)
    if graphs.applied() > log.head():
        graphs.restart()
    return graphs


def refill(log: Log, graphs: RemoteGraphs, choice: Choice, statics: Mapping[str, Graph]) -> None:
    """Write everything anew in an engine elsewhere, graph by graph while others read, and remove what is not ours."""
    graphs.restart()
    known = {BOOKKEEPING, *statics, *(version.entity for versions in latest(log) for version in versions)}
    graphs.drop([name for name in graphs.names() if name not in known])
    for name, content in statics.items():
        graphs.load_static(name, content, anew=True)
    follow(log, graphs, choice)


def rebuild(log: Log, path: Path, choice: Choice, statics: Mapping[str, Graph]) -> None:
    """Make the store in this directory anew, beside the old one, and put it in its place.

    Raises Unavailable when another process has the old one open. Killed at any moment, one of the two is whole.
    """
    old = open_graphs(path)  # holds the lock of the old one until the new one is there
    graphs = open_graphs(upcoming(path))
    graphs.belongs_to(log.name)
    for name, content in statics.items():
        graphs.load_static(name, content)
    follow(log, graphs, choice)
    graphs.close()
    reached("rebuild: successor whole, not in its place")
    old.close()
    swap(path)
