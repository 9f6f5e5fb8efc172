"""Pages of others, fetched as a good guest: where robots.txt lets us, one at a time per host, only when they changed.

    fetcher = Fetcher(Guarded(), "Verenigingsloket (+https://…/over)", pause)
    fetched = fetcher.fetch("https://www.aalter.be/zitting/12", Known(etag='"a1"'))

Every hop of a redirect is looked at anew: robots.txt, and the address that the name leads to (`guarded`).
https://www.rfc-editor.org/rfc/rfc9309
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

import httpx
from protego import Protego

from app.exchange.guarded import Download, Guarded, NotAllowed, TooMuch, Unreachable
from app.exchange.rdfa.names import resolve
from app.exchange.rdfa.repair import clean_address

MOST_BYTES = 20_000_000
MOST_ROBOTS = 500_000  # RFC 9309 section 2.5 asks for 500 KiB at least
MOST_HOPS = 5
PAUSE = 1.0
LONGEST_PAUSE = 30.0
ROBOTS_SECONDS = 3600.0
PAGE = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"
MOVED = frozenset({301, 302, 303, 307, 308})
GONE = frozenset({404, 410})
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s;\"']+)", re.IGNORECASE)


class Why(StrEnum):
    """Why a page was not fetched, as a code for machines."""

    ROBOTS = "robots"
    ADDRESS = "adres"
    NETWORK = "netwerk"
    SIZE = "te-groot"
    STATUS = "status"
    HOPS = "omleidingen"
    KIND = "geen-html"
    BUSY = "later"


class NotFetched(Exception):
    """No page came; the text says why, in Dutch, and `retry_after` how many seconds to wait if it says so."""

    def __init__(self, why: Why, text: str, retry_after: int | None = None) -> None:
        super().__init__(text)
        self.why = why
        self.retry_after = retry_after


@dataclass(frozen=True)
class Known:
    """What is known of a page from the last time."""

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True)
class Fetched:
    """What stands at an address; `body` is None when it is as it was, and `gone` when it is there no more."""

    url: str
    status: int
    body: bytes | None = field(default=None, repr=False)
    charset: str | None = None
    media_type: str = ""
    known: Known = Known()

    @property
    def gone(self) -> bool:
        """Whether there is nothing there any more."""
        return self.status in GONE


class Fetcher:
    """Fetches for the whole program, from many threads; remembers robots.txt and when each host may be asked again."""

    def __init__(
        self,
        guarded: Guarded,
        agent: str,
        pause: float = PAUSE,
        most: int = MOST_BYTES,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._guarded = guarded
        self._agent = agent
        self._pause = pause
        self._most = most
        self._clock = clock
        self._sleep = sleep
        self._robots: dict[str, tuple[float, Protego | None]] = {}
        self._free: dict[str, float] = {}
        self._lock = threading.Lock()

    def fetch(self, url: str, known: Known | None = None, accept: str = PAGE) -> Fetched:
        """What stands at an address, after its redirects. Raises NotFetched."""
        address = _address(url)
        for _ in range(MOST_HOPS + 1):
            answer = self._ask(address, known, accept)
            if answer.status not in MOVED or "location" not in answer.headers:
                return _fetched(address, answer)
            address = _address(resolve(address, answer.headers["location"]))
        raise NotFetched(Why.HOPS, "Dit webadres leidt telkens naar een ander.")

    def _ask(self, url: str, known: Known | None, accept: str) -> Download:
        parts = urlsplit(url)
        if parts.username or parts.password:
            raise NotFetched(Why.ADDRESS, "Een webadres met een wachtwoord erin halen we niet op.")
        robots = self._robots_of(f"{parts.scheme}://{parts.netloc}")
        if robots is None:
            raise NotFetched(Why.BUSY, "De site zegt nu niet wat er opgehaald mag worden (robots.txt).", 3600)
        if not robots.can_fetch(url, self._agent):
            raise NotFetched(Why.ROBOTS, "De site vraagt in robots.txt om deze pagina niet op te halen.")
        self._wait(parts.netloc, robots)
        conditions = {"if-none-match": known.etag, "if-modified-since": known.modified} if known else {}
        headers = {"accept": accept, **_filled(conditions)}
        answer = self._get(url, headers, self._most)
        if answer.status in (429, 503):
            raise NotFetched(Why.BUSY, "De site vraagt om later terug te komen.", answer.retry_after)
        return answer

    def _get(self, url: str, headers: Mapping[str, str], most: int) -> Download:
        try:
            return self._guarded.get(url, {"user-agent": self._agent, **headers}, most)
        except NotAllowed as error:
            raise NotFetched(Why.ADDRESS, str(error)) from None
        except Unreachable as error:
            raise NotFetched(Why.NETWORK, str(error)) from None
        except TooMuch as error:
            raise NotFetched(Why.SIZE, str(error)) from None

    def _robots_of(self, origin: str) -> Protego | None:
        """What a site lets us fetch; None when it cannot say so now, which forbids all (RFC 9309, section 2.3.1.4)."""
        read, robots = self._robots.get(origin, (0.0, None))
        if robots is None or self._clock() - read > ROBOTS_SECONDS:
            robots = self._read_robots(origin)
            self._robots[origin] = self._clock(), robots
        return robots

    def _read_robots(self, origin: str) -> Protego | None:
        address = f"{origin}/robots.txt"
        for _ in range(MOST_HOPS + 1):
            answer = self._get(address, {}, MOST_ROBOTS)
            if answer.status not in MOVED or "location" not in answer.headers:
                break
            address = resolve(address, answer.headers["location"])
        if answer.status >= 500:
            return None
        return Protego.parse(answer.body.decode("utf-8", "replace") if answer.status == 200 else "")

    def _wait(self, host: str, robots: Protego) -> None:
        """Until the host may be asked again; who comes next waits for its own turn after that."""
        pause = min(max(self._pause, robots.crawl_delay(self._agent) or 0.0), LONGEST_PAUSE)
        with self._lock:
            now = self._clock()
            turn = max(now, self._free.get(host, now))
            self._free[host] = turn + pause
        if turn > now:
            self._sleep(turn - now)


def _address(url: str) -> str:
    """The address as it goes over the line, without what belongs to one visit. Raises NotFetched."""
    try:
        address = httpx.URL(clean_address(url.strip()))
    except httpx.InvalidURL:
        raise NotFetched(Why.ADDRESS, "Dit is geen geldig webadres.") from None
    if address.scheme not in ("http", "https") or not address.host:
        raise NotFetched(Why.ADDRESS, "Een webadres begint met https:// of http://.")
    return str(address)


def _fetched(url: str, answer: Download) -> Fetched:
    known = Known(answer.headers.get("etag", ""), answer.headers.get("last-modified", ""))
    content = answer.headers.get("content-type", "")
    media_type = content.partition(";")[0].strip().lower()
    if answer.status == 304 or answer.status in GONE:
        return Fetched(url, answer.status, known=known)
    if answer.status != 200:
        raise NotFetched(Why.STATUS, f"De site antwoordt met code {answer.status}.")
    charset = _CHARSET.search(content)
    return Fetched(url, 200, answer.body, charset[1] if charset else None, media_type, known)


def _filled(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if value}
