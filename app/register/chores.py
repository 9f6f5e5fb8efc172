"""What the service does by itself at night, and what became of it: seen by whoever answers for it, and done when asked.

chores = Chores((Chore("wissen", "Wissen wat lang genoeg bewaard is", erase),), register)
chores.perform(chores.all[0])
chores.outcomes()[0].failed
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import orjson
import structlog

from app.errors import LoketError, Unknown
from app.model.wording import BRUSSELS
from app.register.register import Register
from app.store.times import iso

NIGHT = time(3)
DONE, FAILED = "gelukt", "mislukt"
# What no rule foresees is told to the operator in the log of the service; its text could hold anything.
UNFORESEEN = "Onverwachte fout; ze staat in het logboek van de dienst."


@dataclass(frozen=True)
class Chore:
    """One thing to do: its key, what people call it, and the doing.

    What is `own` is about what each process has for itself: each does it, and knows what came of it.
    """

    key: str
    label: str
    work: Callable[[], None]
    own: bool = False


@dataclass(frozen=True)
class Outcome:
    """When a chore was last done and what came of it; nothing yet when `begun` is empty."""

    key: str
    label: str
    begun: str = ""
    ended: str = ""
    state: str = ""
    told: str = ""
    busy: bool = False

    @property
    def failed(self) -> bool:
        """Whether it could not be done."""
        return self.state == FAILED


class Chores:
    """All of them, and which were asked for meanwhile; the one who does them waits here."""

    def __init__(self, all: Iterable[Chore], register: Register) -> None:
        self.all = tuple(all)
        self._register = register
        self._asked: set[str] = set()
        self._busy = ""
        self._own: dict[str, dict[str, str]] = {}
        self._woken = threading.Event()
        self._lock = threading.Lock()

    def ask(self, key: str) -> None:
        """Have this one done now; raises Unknown."""
        if key not in {chore.key for chore in self.all}:
            raise Unknown("Deze taak bestaat niet.")
        with self._lock:
            self._asked.add(key)
        self._woken.set()

    def wake(self) -> None:
        """Let who waits look around."""
        self._woken.set()

    def wait(self, seconds: float) -> tuple[Chore, ...]:
        """What is asked for, as soon as something is, or nothing after so many seconds."""
        self._woken.wait(seconds)
        self._woken.clear()
        with self._lock:
            return tuple(chore for chore in self.all if chore.key in self._asked)

    def perform(self, chore: Chore) -> None:
        """Do it, and keep what came of it; a failure is kept too, and does not stop the others."""
        begun, log = iso(self._register.clock()), structlog.get_logger("nightly")
        state, told = DONE, ""
        with self._lock:
            # Who asks from here on wants it done once more.
            self._asked.discard(chore.key)
            self._busy = chore.key
        try:
            chore.work()
        except LoketError as error:
            state, told = FAILED, error.title
            log.warning("did not finish", chore=chore.key, why=error.title)
        except Exception as error:
            state, told = FAILED, UNFORESEEN
            log.error("did not finish", chore=chore.key, error=type(error).__name__)
        finally:
            self._busy = ""
        kept = {"begun": begun, "ended": iso(self._register.clock()), "state": state, "told": told}
        if chore.own:
            self._own[chore.key] = kept
            return
        with self._register.log.transaction() as transaction:
            transaction.put_state(_place(chore.key), orjson.dumps(kept).decode())

    def outcomes(self) -> list[Outcome]:
        """What became of each, in the order in which they are done."""
        return [self._outcome(chore) for chore in self.all]

    def _outcome(self, chore: Chore) -> Outcome:
        told = self._own.get(chore.key, {})
        if not chore.own and (kept := self._register.log.get_state(_place(chore.key))):
            told = orjson.loads(kept)
        return Outcome(chore.key, chore.label, busy=chore.key in {*self._asked, self._busy}, **told)


def next_night(now: datetime) -> datetime:
    """The next time that all is done.

    >>> next_night(datetime.fromisoformat("2026-07-01T00:59:00+00:00")).isoformat()
    '2026-07-01T03:00:00+02:00'
    >>> next_night(datetime.fromisoformat("2026-07-01T01:00:00+00:00")).isoformat()
    '2026-07-02T03:00:00+02:00'
    """
    local = now.astimezone(BRUSSELS)
    day = local.date() if local.time() < NIGHT else local.date() + timedelta(days=1)
    return datetime.combine(day, NIGHT, BRUSSELS)


def night_of(now: datetime) -> date:
    """The day on which the last night's work was to begin.

    >>> night_of(datetime.fromisoformat("2026-07-01T00:59:00+00:00")).isoformat()
    '2026-06-30'
    >>> night_of(datetime.fromisoformat("2026-07-01T01:00:00+00:00")).isoformat()
    '2026-07-01'
    """
    return next_night(now).date() - timedelta(days=1)


def _place(key: str) -> str:
    return f"taak/{key}"
