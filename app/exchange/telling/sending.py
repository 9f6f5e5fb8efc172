"""What sending needs to know, what came of it, and when to try again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage

FIRST_WAIT, FACTOR, LONGEST_WAIT = timedelta(seconds=5), 4, timedelta(hours=24)
MOST_ATTEMPTS = 10


@dataclass(frozen=True)
class Postbox:
    """Of a demonstration: keeps the last e-mails in memory, to be read on a page, instead of sending them."""

    letters: deque[EmailMessage] = field(default_factory=lambda: deque(maxlen=100), repr=False)

    def __call__(self, letter: EmailMessage) -> None:
        self.letters.appendleft(letter)


@dataclass(frozen=True)
class Means:
    """How messages go out, as far as pages show it: whether e-mail does at all, and webhooks without TLS."""

    sender: str = "meldingen@voorbeeld.be"
    mail: bool = False
    insecure: bool = False
    postbox: Postbox | None = None


@dataclass(frozen=True)
class Result:
    """`final`: trying again is of no use; `gone`: the receiver wants nothing more; `wait`: seconds that it asks for."""

    sent: bool
    text: str
    final: bool = False
    gone: bool = False
    wait: int | None = None


def next_wait(attempts: int, chance: Callable[[], float]) -> timedelta:
    """How long to wait after so many attempts: each time four times as long, up to a day, and never all at once.

    >>> [str(next_wait(attempts, lambda: 1.0)) for attempts in (1, 2, 5, 9)]
    ['0:00:05', '0:00:20', '0:21:20', '1 day, 0:00:00']

    `chance` gives a number from 0 to 1. Half of the wait is left to it, so that those that failed together do not come
    back together: https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
    """
    longest: timedelta = min(FIRST_WAIT * FACTOR ** (attempts - 1), LONGEST_WAIT)
    return longest * (0.5 + chance() / 2)
