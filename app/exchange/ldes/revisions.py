"""Which full pages of feeds were made again under a new IRI, because something in them had to be erased.

Kept in the log, so that it outlives the folder of sealed pages. Rare: no page holds personal values by design.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from app.store.log import Log

STATE = "feed-revisions"


class Revisions:
    """How often each page was rewritten; `refresh` sees what other processes did."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._rewritten: Mapping[str, Mapping[str, int]] = {}
        self.refresh()

    def refresh(self) -> None:
        """Read again what the log says."""
        self._rewritten = json.loads(self._log.get_state(STATE) or "{}")

    def of(self, feed: str, pages: range) -> int:
        """The revision of the node over these pages, from 1: a rewritten page renews every node that links to it."""
        return 1 + sum(times for page, times in self._rewritten.get(feed, {}).items() if int(page) in pages)

    def rewrite(self, feed: str, page: int) -> None:
        """Count one more revision of a page, durably."""
        with self._log.transaction() as transaction:
            rewritten = json.loads(transaction.get_state(STATE) or "{}")
            pages = rewritten.setdefault(feed, {})
            pages[str(page)] = pages.get(str(page), 0) + 1
            transaction.put_state(STATE, json.dumps(rewritten))
        self.refresh()
