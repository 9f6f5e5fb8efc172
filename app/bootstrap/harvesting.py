"""Settings -> what reads the decisions that municipalities publish, and the thread that does so in its time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import structlog

from app.bootstrap.ambient import root
from app.bootstrap.beside import in_turns
from app.config import Settings
from app.errors import LoketError
from app.exchange.fetching import Fetcher
from app.exchange.harvest.pages import Harvester, ReadingTools
from app.exchange.publication.officials import Officials
from app.exchange.publication.profile import load_profiles
from app.exchange.rdfa.spellings import load_spellings
from app.register.register import Register
from app.store.harvests import Harvests, Source
from app.store.times import iso

LOOK_SECONDS = 30.0
# In one turn, so that every source gets one: the next goes on where this one stopped.
PAGES_AT_ONCE = 200


def open_harvester(
    settings: Settings, register: Register, fetcher: Fetcher, officials: Officials | None = None
) -> Harvester:
    """One that keeps the pages in the data directory."""
    tools = ReadingTools(load_spellings(root()), load_profiles(root()), officials)
    return Harvester(register, Harvests(register.log.database), fetcher, tools, settings.data / "oogst")


@contextmanager
def harvesting(harvester: Harvester, register: Register, every: timedelta) -> Iterator[None]:
    """Run each source when its turn comes, one at a time."""
    harvests = Harvests(register.log.database)

    def look(stop: threading.Event) -> None:
        for source in harvests.due_sources(iso(register.clock())):
            if stop.is_set():
                return
            run_source(harvester, harvests, register, source, every)

    with in_turns("harvest", look, register.log.database.bell, LOOK_SECONDS):
        yield


def run_source(harvester: Harvester, harvests: Harvests, register: Register, source: Source, every: timedelta) -> None:
    """One turn of a source; its next one follows at once while pages of it wait."""
    try:
        run = harvester.run(source, PAGES_AT_ONCE)
    except LoketError as error:
        structlog.get_logger("harvest").warning("source failed", source=source.id, why=error.title)
        harvests.change_source(source.id, outcome=error.title, due=iso(register.clock() + every))
        return
    now = register.clock()
    more = harvests.next_page(source.id, iso(now)) is not None
    due = now if more else now + every
    harvests.change_source(source.id, ran=iso(now), outcome=str(run), due=iso(due))
