"""Changes as JSON Feed 1.1, with the whole message beside what every reader knows: https://www.jsonfeed.org/version/1.1/"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from app.exchange.telling.atom import Head, content
from app.exchange.telling.change_feed import Entry

MEDIA_TYPE = "application/feed+json"


def json_feed(head: Head, entries: Sequence[Entry]) -> bytes:
    """One document, the newest entry first."""
    return orjson.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": head.title,
            "home_page_url": head.links["alternate"],
            "feed_url": head.links["self"],
            "language": "nl",
            "authors": [{"name": head.author}],
            "items": [_item(entry) for entry in reversed(entries)],
        }
    )


def _item(entry: Entry) -> dict[str, Any]:
    message = entry.message
    return {
        "id": entry.id,
        "url": message["pagina"],
        "title": entry.title,
        "summary": message["samenvatting"],
        "content_html": "".join(content(message)),
        "date_published": entry.time,
        **({"authors": [{"name": message["door"]}]} if "door" in message else {}),
        "tags": message["aanleidingen"],
        "_wijziging": message,
    }
