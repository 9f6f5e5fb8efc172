"""How often one client may do something that needs no login: without a cookie, and without keeping who it is.

    Gate(log.blind, clock, most=10, within=timedelta(hours=1)).pass_by(request)      # or TooMany

Of an address only a keyed hash stands in memory, for as long as it counts; nothing of it is written anywhere.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from starlette.requests import Request

from app.errors import TooMany
from app.web.edge.budget import client_of

MOST_CLIENTS = 10_000


class Gate:
    """Counts per client; forgets the client that it heard of longest ago when there are too many."""

    def __init__(
        self, blind: Callable[[str], bytes], clock: Callable[[], datetime], most: int, within: timedelta
    ) -> None:
        self._blind, self._clock, self._most, self._within = blind, clock, most, within
        self._seen: dict[bytes, deque[datetime]] = {}
        self._lock = threading.Lock()

    def pass_by(self, request: Request) -> None:
        """Count this request; raises TooMany when its client was here too often."""
        client = self._blind(f"poort/{client_of(request.client.host) if request.client else ''}")
        now = self._clock()
        with self._lock:
            times = self._seen.pop(client, deque())
            while times and now - times[0] >= self._within:
                times.popleft()
            self._seen[client] = times
            if len(self._seen) > MOST_CLIENTS:
                del self._seen[next(iter(self._seen))]
            if len(times) >= self._most:
                wait = self._within - (now - times[0])
                raise TooMany("U stuurde al veel berichten. Probeer het later opnieuw.", int(wait.total_seconds()) + 1)
            times.append(now)
