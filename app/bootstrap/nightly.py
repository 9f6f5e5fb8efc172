"""What a running service does once a day, in the night: erase, settle recognitions, look for doubles."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from app.errors import LoketError
from app.register.agents import SYSTEM, Agent
from app.register.feedback import forget_texts
from app.register.forgetting import forget_expired
from app.register.linking import link_regulations
from app.register.looking_after import remind_all
from app.register.once import forget_old
from app.register.pairs import propose
from app.register.register import Register
from app.register.settling import settle_all
from app.store import ledger
from app.store.times import iso

HERE = ZoneInfo("Europe/Brussels")
HOUR = 3
LOOK_SECONDS = 600.0
STATE = "nachtwerk"


@contextmanager
def nightly(tasks: Sequence[Callable[[], None]], register: Register, look: float = LOOK_SECONDS) -> Iterator[None]:
    """Do each task on each day after three in the night, also when the service was not running at three.

    Of several processes on one log only the first does it.
    """
    stop = threading.Event()

    def watch() -> None:
        while True:
            for task in tasks if due(register) else ():
                try:
                    task()
                except LoketError:
                    structlog.get_logger("nightly").warning("did not finish", exc_info=True)
            if stop.wait(look):
                return

    thread = threading.Thread(target=watch, name="nightly", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def due(register: Register) -> bool:
    """Whether today's work is still to be done; who asks first, does it."""
    local = register.clock().astimezone(HERE)
    if local.hour < HOUR or register.log.get_state(STATE) == _day(local):
        return False
    with register.log.transaction() as transaction:
        if transaction.get_state(STATE) == _day(local):
            return False
        transaction.put_state(STATE, _day(local))
    return True


def forget_for(register: Register, data: Path) -> Callable[[], None]:
    """The task that erases what is kept long enough, and notes what went for when a backup is put back."""
    system = Agent(SYSTEM, "Het systeem", SYSTEM)

    def forget() -> None:
        forgotten = forget_expired(system, register)
        if forgotten:
            ledger.add(data, iso(register.clock()), [(each.code, each.gone) for each in forgotten])
            register.log.database.scrub()
            structlog.get_logger("nightly").info("erased", associations=len(forgotten))

    return forget


def look_for_doubles(register: Register) -> Callable[[], None]:
    """The task that puts pairs of associations that may be one in the work queue."""

    def look() -> None:
        told = propose(register, Agent(SYSTEM, "Het systeem", SYSTEM))
        structlog.get_logger("nightly").info("compared", associations=told.looked_at, pairs=told.pairs)

    return look


def tie_regulations_for(register: Register) -> Callable[[], None]:
    """The task that ties regulations to products that came after them."""

    def tie() -> None:
        told = link_regulations(Agent(register.schema.base, "Het systeem", SYSTEM), register)
        structlog.get_logger("nightly").info("regulations", looked_at=told.looked_at, ties=told.links)

    return tie


def settle_for(register: Register) -> Callable[[], None]:
    """The task that brings recognitions in step with the calendar."""

    def settle() -> None:
        changed = settle_all(register)
        if changed:
            structlog.get_logger("nightly").info("recognitions", associations=changed)

    return settle


def forget_keys_for(register: Register) -> Callable[[], None]:
    """The task that forgets which requests were carried out, once nobody repeats them any more."""
    return lambda: forget_old(register)


def forget_feedback_for(register: Register) -> Callable[[], None]:
    """The task that erases what readers wrote of products, once that was settled long ago."""

    def forget() -> None:
        if erased := forget_texts(register):
            register.log.database.scrub()
            structlog.get_logger("nightly").info("erased", feedback=erased)

    return forget


def remind_for(register: Register) -> Callable[[], None]:
    """The task that reminds of products that are to be looked at."""

    def remind() -> None:
        if reminded := remind_all(register):
            structlog.get_logger("nightly").info("reminded", products=reminded)

    return remind


def _day(local: datetime) -> str:
    return local.date().isoformat()
