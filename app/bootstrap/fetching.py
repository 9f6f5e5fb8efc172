"""Settings -> what fetches the pages of others."""

from __future__ import annotations

import time
from importlib.metadata import version

from app.config import Settings
from app.exchange.fetching import Fetcher
from app.exchange.guarded import Guarded
from app.exchange.publication.officials import Officials

SECONDS = 60.0


def open_fetcher(settings: Settings, base: str) -> Fetcher:
    """One for the whole program: it remembers when each site may be asked again."""
    guarded = Guarded(private=bool(settings.fetch_private), seconds=SECONDS)
    return Fetcher(guarded, f"Verenigingsloket/{version('verenigingsloket')} (+{base}/over)", settings.fetch_pause)


def open_officials(settings: Settings, fetcher: Fetcher) -> Officials | None:
    """Who asks after people in office; None when the settings name no place to ask."""
    return Officials(fetcher, settings.officials, time.monotonic) if settings.officials else None
