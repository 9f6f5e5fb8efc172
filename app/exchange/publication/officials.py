"""Whether people in office are there at data.lblod.info, as level 2 of a page with decisions asks.

    officials = Officials(fetcher, "https://data.lblod.info", time.monotonic)
    check_page(page, profiles, resolver=officials.asking(most=10))

What was found is remembered for a week, what was not for a day. Somebody that could not be asked after (the site does
not answer, or too many are asked after at once) counts as there: that is no fault of the page.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from urllib.parse import urlsplit

from app.exchange.fetching import Fetcher, NotFetched, Why

DATA = "application/n-triples, text/turtle;q=0.9, application/ld+json;q=0.8, text/html;q=0.5"
WEEK, DAY = 7 * 86400.0, 86400.0
MOST_REMEMBERED = 20_000


class Officials:
    """Asks after people in office, from many threads; `site` stands in for http://data.lblod.info."""

    def __init__(self, fetcher: Fetcher, site: str, clock: Callable[[], float]) -> None:
        self._fetcher = fetcher
        self._site = site.rstrip("/")
        self._clock = clock
        self._known: OrderedDict[str, tuple[float, bool]] = OrderedDict()
        self._lock = threading.Lock()

    def asking(self, most: int) -> Callable[[str], bool]:
        """A resolver for one page, that fetches so many at most."""
        left = most

        def is_there(iri: str) -> bool:
            nonlocal left
            path = urlsplit(iri).path
            known = self._remembered(path)
            if known is not None:
                return known
            if left <= 0:
                return True
            left -= 1
            found = self._look_up(path)
            if found is not None:
                self._remember(path, found)
            return found is not False

        return is_there

    def _look_up(self, path: str) -> bool | None:
        """None when nobody can say."""
        try:
            fetched = self._fetcher.fetch(self._site + path, accept=DATA)
        except NotFetched as error:
            return False if error.why is Why.HOPS else None
        # A page that is there for every address says nothing of this one.
        return not fetched.gone and path.rpartition("/")[2].encode() in (fetched.body or b"")

    def _remembered(self, path: str) -> bool | None:
        with self._lock:
            until, found = self._known.get(path, (0.0, False))
        return found if self._clock() < until else None

    def _remember(self, path: str, found: bool) -> None:
        with self._lock:
            self._known[path] = self._clock() + (WEEK if found else DAY), found
            self._known.move_to_end(path)
            while len(self._known) > MOST_REMEMBERED:
                self._known.popitem(last=False)
