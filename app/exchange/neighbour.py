"""Calling another register: never longer than a time limit, not again while it is down, and every call written down.

    line = Line("adressen", client, told, breaker, clock, sleep, chance)
    answer = line.call(request, reference="…")        # an answer below 500 and not 429; or Unavailable

A few quick tries bridge a hiccup; who keeps failing is left alone for a while (a circuit breaker), and whoever waits
for an answer is told at once that there is none.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx

from app.errors import Unavailable
from app.store.spans import CLIENT, onward, step

TRIES = 3
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
MOST_OUTCOME, MOST_DIGITS = 80, 7
FAILURES, REST = 5, timedelta(minutes=1)

Told = Callable[["Tried"], None]
"""Called after each try."""
ToldOf = Callable[[httpx.Response], str]

_asking: ContextVar[tuple[str, str, str]] = ContextVar("asking", default=("", "", ""))


@contextmanager
def asking_for(subject: str, on_behalf_of: str, purpose: str = "") -> Iterator[None]:
    """What the calls within are about, for whom and with what purpose they are made: for the log of calls."""
    token = _asking.set((subject, on_behalf_of, purpose))
    try:
        yield
    finally:
        _asking.reset(token)


@dataclass(frozen=True)
class Tried:
    """One try: of which service, under which reference, what came of it and how long it took. No values."""

    service: str
    reference: str
    outcome: str
    seconds: float
    subject: str
    on_behalf_of: str
    purpose: str = ""


@dataclass(frozen=True)
class Attempt:
    """What came of sending once: the answer if any, why in words, the seconds to wait that the neighbour asks for, and
    whether it may have got the request at all.
    """

    answer: httpx.Response | None
    why: str
    wait: int
    sent: bool

    @property
    def good(self) -> bool:
        """Whether the neighbour is well: it answers, and not that it cannot."""
        return self.answer is not None and self.answer.status_code != 429 and self.answer.status_code < 500


class Breaker:
    """Open after so many failures one after the other; after the rest one try may close it again."""

    def __init__(self, clock: Callable[[], datetime], failures: int = FAILURES, rest: timedelta = REST) -> None:
        self._clock, self._failures, self._rest = clock, failures, rest
        self._lock = threading.Lock()
        self._count = 0
        self._opened: datetime | None = None

    def seconds_closed(self) -> int:
        """For how many seconds nobody is to call; 0 when one may."""
        with self._lock:
            if self._opened is None:
                return 0
            left = self._opened + self._rest - self._clock()
            return max(0, round(left.total_seconds()))

    def well(self) -> None:
        """It answered."""
        with self._lock:
            self._count, self._opened = 0, None

    def ill(self) -> None:
        """It did not."""
        with self._lock:
            self._count += 1
            if self._count >= self._failures:
                self._opened = self._clock()


@dataclass(frozen=True)
class Line:
    """The way to one service of a neighbour."""

    name: str
    client: httpx.Client = field(repr=False)
    told: Told = field(repr=False)
    breaker: Breaker = field(repr=False)
    clock: Callable[[], datetime] = field(repr=False)
    sleep: Callable[[float], None] = field(repr=False)
    chance: Callable[[], float] = field(repr=False)

    def call(
        self, request: httpx.Request, reference: str = "", tries: int = TRIES, told_of: ToldOf | None = None
    ) -> httpx.Response:
        """The answer, read whole; raises Unavailable when none came in a few tries or none is to be expected.

        `told_of` says for the log of calls what came of an answer, where its status does not.
        """
        rest = self.breaker.seconds_closed()
        if rest:
            raise Unavailable(f"{self.name} antwoordt al een tijd niet.", rest)
        why, wait = "", FIRST_PAUSE
        for number in range(1, tries + 1):
            tried = self.attempt(request, reference, told_of)
            if tried.good:
                assert tried.answer is not None
                return tried.answer
            why = tried.why
            wait = min(max(tried.wait, FIRST_PAUSE * 2 ** (number - 1) * (0.5 + self.chance())), LONGEST_PAUSE)
            if number == tries or self.breaker.seconds_closed():
                break
            self.sleep(wait)
        raise Unavailable(f"{self.name} antwoordt niet: {why}.", max(5, round(wait)))

    def attempt(self, request: httpx.Request, reference: str = "", told_of: ToldOf | None = None) -> Attempt:
        """Send once, whatever comes of it, for who must know what did."""
        answer, sent, started = None, True, self.clock()
        try:
            answer = self._send(request)
            why = told_of(answer) if told_of and answer.is_success else f"status {answer.status_code}"
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            why, sent = f"geen verbinding ({type(error).__name__})", False
        except httpx.TimeoutException:
            why = "geen antwoord op tijd"
        except httpx.HTTPError as error:
            why = f"geen verbinding ({type(error).__name__})"
        seconds = (self.clock() - started).total_seconds()
        self.told(Tried(self.name, reference, why[:MOST_OUTCOME], seconds, *_asking.get()))
        attempt = Attempt(answer, why, _asked(answer), sent)
        (self.breaker.well if attempt.good else self.breaker.ill)()
        return attempt

    def _send(self, request: httpx.Request) -> httpx.Response:
        facts = {"http.request.method": request.method, "server.address": request.url.host, "peer.service": self.name}
        with step(f"{request.method} {self.name}", facts, CLIENT) as span:
            request.headers.update(onward())
            answer = self.client.send(request)
            span.note({"http.response.status_code": answer.status_code})
            if answer.is_error:
                span.fail(str(answer.status_code))
        return answer


def _asked(answer: httpx.Response | None) -> int:
    """https://www.rfc-editor.org/rfc/rfc9110#field.retry-after, in seconds; a date is left to our own pause."""
    text = answer.headers.get("retry-after", "") if answer is not None else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < MOST_DIGITS else 0
