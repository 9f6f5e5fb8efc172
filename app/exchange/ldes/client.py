"""Fetches pages of event streams as a good guest: not too often, again when it fails, not again when nothing changed.

reader = FeedReader(client, clock, sleep, chance, per_minute=40)
answer = reader.get("https://ipdc.vlaanderen.be/doc/conceptsnapshot", etag='"a1"')
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

import httpx

from app.errors import LoketError, Refused
from app.exchange.guarded import PACKED, NotAllowed, TooMuch, Unreachable, unpacked
from app.exchange.ldes.incoming import ACCEPT, same_host

TRIES = 4
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
MOST_BYTES = 50_000_000
# A page that comes in drops is given up.
MOST_SECONDS, MOST_HOPS = 120.0, 5
BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})


class NotRead(LoketError):
    """The page did not come; the title says why, and later it may."""


@dataclass(frozen=True)
class Answer:
    """What stands there; `body` is None when it is as it was. What the page says of caching is not believed: the
    IPDC's headers are wrong."""

    url: str
    body: bytes | None = field(repr=False)
    media_type: str = ""
    etag: str = ""


class FeedReader:
    """Reads for the whole program, from many threads. Its client follows no redirect, and has a time limit."""

    def __init__(
        self,
        client: httpx.Client,
        seconds: Callable[[], float],
        sleep: Callable[[float], None],
        chance: Callable[[], float],
        per_minute: float = 40.0,
    ) -> None:
        self._client = client
        self._seconds = seconds
        self._sleep = sleep
        self._chance = chance
        self._pause = 60.0 / per_minute if per_minute else 0.0
        self._free = 0.0
        self._lock = threading.Lock()

    def get(self, url: str, etag: str = "") -> Answer:
        """A page, unless it is still the one with this ETag. Raises NotRead after some tries, or Refused for good."""
        why = ""
        for number in range(1, TRIES + 1):
            self._wait_turn()
            try:
                return self._ask(url, etag)
            except _Again as again:
                why, asked = again.why, again.seconds
            except (NotAllowed, Unreachable) as error:
                raise NotRead(f"De pagina {url} kwam niet. {error}") from None
            except httpx.TimeoutException:
                why, asked = "er kwam geen antwoord op tijd", 0.0
            except httpx.HTTPError as error:
                why, asked = f"geen verbinding ({type(error).__name__})", 0.0
            if number < TRIES:
                wait = FIRST_PAUSE * 2 ** (number - 1) * (0.5 + self._chance())
                self._sleep(min(max(asked, wait), LONGEST_PAUSE))
        raise NotRead(f"De pagina {url} kwam niet: {why}.")

    def _ask(self, url: str, etag: str) -> Answer:
        headers = {"accept": ACCEPT, "accept-encoding": PACKED, **({"if-none-match": etag} if etag else {})}
        for _ in range(MOST_HOPS + 1):
            found = self._hop(url, headers, etag)
            if isinstance(found, Answer):
                return found
            if not same_host(url, found):
                raise NotRead(f"De pagina {url} leidt naar een andere site; die volgen we niet.")
            url = found
        raise NotRead(f"De pagina {url} leidt telkens naar een andere.")

    def _hop(self, url: str, headers: Mapping[str, str], etag: str) -> Answer | str:
        """What stands there, or where it leads to."""
        deadline = self._seconds() + MOST_SECONDS
        with self._client.stream("GET", url, headers=headers) as answer:
            if answer.has_redirect_location:
                return _target(url, answer.headers["location"])
            if answer.status_code == 304:
                return Answer(url, None, etag=etag)
            if answer.status_code in BUSY:
                raise _Again(f"antwoord {answer.status_code}", _asked(answer))
            if answer.status_code != 200:
                raise NotRead(f"De pagina {url} antwoordt met code {answer.status_code}.")
            body = self._limited(answer, deadline)
        media_type = answer.headers.get("content-type", "")
        return Answer(url, body, media_type, answer.headers.get("etag", ""))

    def _limited(self, answer: httpx.Response, deadline: float) -> bytes:
        body = bytearray()
        try:
            for part in unpacked(answer, MOST_BYTES):
                body += part
                if self._seconds() > deadline:
                    raise NotRead(f"De pagina {answer.url} komt te traag.")
        except TooMuch:
            raise Refused("Deze pagina is te groot.") from None
        return bytes(body)

    def _wait_turn(self) -> None:
        with self._lock:
            now = self._seconds()
            turn = max(now, self._free)
            self._free = turn + self._pause
        if turn > now:
            self._sleep(turn - now)


def _target(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise NotRead(f"De pagina {url} leidt naar wat geen webadres is.") from None


class _Again(Exception):
    """Worth another try."""

    def __init__(self, why: str, seconds: float) -> None:
        super().__init__(why)
        self.why = why
        self.seconds = seconds


def _asked(answer: httpx.Response) -> float:
    """https://www.rfc-editor.org/rfc/rfc9110#field.retry-after, in seconds; a date is left to our own pause."""
    text = answer.headers.get("retry-after", "")
    return float(text) if text.isascii() and text.isdigit() else 0.0
