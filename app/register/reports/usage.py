"""How much the service is used: counted at once and cheaply, written down together, with nobody in it.

    counter = Counter(database, clock, os.urandom)
    counter.note(PAGE, iri, visitor="203.0.113.7 Mozilla/5.0 ...")
    counter.flush()                      # every few seconds, in a thread of its own

Of a visitor nothing is kept: the address and the browser are mixed with the salt of the day and with what is looked
at, and of that only a short hash stays until the day is over. The salt goes with it, so no day can be tied to the next.
Killed, a process loses what it counted since the last flush, and counts nothing twice.
"""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import TypeVar

from app.errors import Unavailable
from app.model.wording import BRUSSELS
from app.store.database import Database
from app.store.usage import Use, add, forget_marks, forget_rare, join_months, salt_of

PAGE, APPLICATION = "pagina", "aanvraag"
OFFERS, ASSOCIATIONS = "aanbod", "verenigingen"
SOUGHT = {OFFERS: "zoek-aanbod", ASSOCIATIONS: "zoek-verenigingen"}
MISSED = {OFFERS: "niets-aanbod", ASSOCIATIONS: "niets-verenigingen"}
TERMS = (*SOUGHT.values(), *MISSED.values())
# A term that fewer visitors asked on one day could be somebody's own.
FEWEST = 5
LONGEST_TERM, MOST_DIGITS = 60, 5
RARE_FOR, DAYS_APART = timedelta(days=30), timedelta(days=60)
MOST_WAITING = 100_000
T = TypeVar("T")
# An e-mail address, a web address (which may hold a key), and an account number.
PERSONAL = re.compile(r"@|://|www\.|\b[a-z]{2}\d{2}(?: ?[\da-z]{4}){2,}", re.IGNORECASE)
BLANKS = re.compile(r"\s+")


class Counter:
    """Takes notes from any thread."""

    def __init__(self, database: Database, clock: Callable[[], datetime], random: Callable[[int], bytes]) -> None:
        self._database = database
        self._clock = clock
        self._random = random
        self._lock = threading.Lock()
        self._day, self._salt = "", b""
        self._times: dict[tuple[str, Use], int] = defaultdict(int)
        self._marks: dict[tuple[str, Use], set[bytes]] = defaultdict(set)

    def note(self, event: str, subject: str, place: str = "", *, visitor: str) -> None:
        """Something happened; costs no input or output but for the first of a day."""
        use, day = Use(event, subject, place), today(self._clock())
        if day != self._day:
            self._turn(day)
        mark = blake2b("\0".join((visitor, *use)).encode(), digest_size=8, key=self._salt).digest()
        with self._lock:
            if len(self._times) < MOST_WAITING:
                self._times[day, use] += 1
                self._marks[day, use].add(mark)

    def flush(self) -> int:
        """Write down what was noted; answers how much that was. Raises Unavailable, and then keeps it."""
        with self._lock:
            times, marks = self._times, self._marks
            self._times, self._marks = defaultdict(int), defaultdict(set)
        if not times:
            return 0
        try:
            with self._database.writing() as connection:
                for day in sorted({day for day, _ in times}):
                    add(connection, day, _of(day, times), _of(day, marks))
        except Unavailable:
            self._put_back(times, marks)
            raise
        return sum(times.values())

    def _turn(self, day: str) -> None:
        """Begin a day, with the salt that all processes share."""
        salt = salt_of(self._database, day, self._random(32))
        self._day, self._salt = day, salt

    def _put_back(self, times: dict[tuple[str, Use], int], marks: dict[tuple[str, Use], set[bytes]]) -> None:
        with self._lock:
            for key, count in times.items():
                self._times[key] += count
            for key, found in marks.items():
                self._marks[key] |= found


def today(now: datetime) -> str:
    """The day as people here have it."""
    return now.astimezone(BRUSSELS).date().isoformat()


def term_of(text: str) -> str | None:
    """What is kept of what somebody searched for; None when it is nothing, or could be somebody's number or address.

    >>> term_of("  Subsidie   JEUGD ")
    'subsidie jeugd'
    >>> [term_of(each) for each in ("85.01.01-001.15", "0470 12 34 56", "jan@voorbeeld.be", "BE68 5390 0754 7034")]
    [None, None, None, None]
    """
    term = BLANKS.sub(" ", text).strip().casefold()
    if not term or len(term) > LONGEST_TERM or not term.isprintable():
        return None
    if sum(mark.isdigit() for mark in term) > MOST_DIGITS or PERSONAL.search(term):
        return None
    return term


def tidy(database: Database, now: datetime, fewest: int = FEWEST) -> None:
    """What the night does: no mark of an earlier day is left, rare terms go, and old days are joined to months."""
    local = now.astimezone(BRUSSELS).date()
    with database.writing() as connection:
        forget_marks(connection, local.isoformat())
        forget_rare(connection, TERMS, (local - RARE_FOR).isoformat(), fewest)
        join_months(connection, (local - DAYS_APART).isoformat())


def _of(day: str, found: Mapping[tuple[str, Use], T]) -> dict[Use, T]:
    return {use: value for (on, use), value in found.items() if on == day}
