"""What disks do to data that nobody reads is found at night: in the stores of each process, and in the log of all."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping

from app.errors import Unavailable
from app.register.chores import Chore
from app.store.graphs.embedded import EmbeddedGraphs
from app.store.graphs.port import Graphs
from app.store.log import Log
from app.store.search.index import Search
from app.store.soundness import look_through

# Who reads rests so many times as long as reading took: by day a chore that is asked for leaves room to answer.
REST = 1.0
LONGEST_REST = 1.0


def damage_in(
    log: Log, stores: Mapping[str, Graphs], indexes: Mapping[str, Search], stop: threading.Event
) -> tuple[Chore, ...]:
    """The chores that read everything; what they find damaged in a store is healed by whoever follows the log."""
    parts: dict[str, Callable[[], Iterable[None]]] = {
        name: store.place.look_through for name, store in stores.items() if isinstance(store, EmbeddedGraphs)
    }
    parts |= {name: index.file.look_through for name, index in indexes.items()}
    return (
        Chore("logboek", "Nakijken of het logboek leesbaar is", lambda: _read(look_through(log), stop)),
        Chore("opslag", "Nakijken of de eigen opslag leesbaar is", lambda: _read_all(parts, stop), own=True),
    )


def _read_all(parts: Mapping[str, Callable[[], Iterable[None]]], stop: threading.Event) -> None:
    broken = []
    for name, look in parts.items():
        try:
            _read(look(), stop)
        except Unavailable as error:
            broken.append(f"{name}: {error.title}")
    if broken:
        raise Unavailable(" ".join(broken))


def _read(parts: Iterable[None], stop: threading.Event) -> None:
    """Read part by part, with a rest after each, until told to stop."""
    begun = time.monotonic()
    for _ in parts:
        if stop.wait(min(REST * (time.monotonic() - begun), LONGEST_REST)):
            return
        begun = time.monotonic()
