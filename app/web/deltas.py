"""Decisions and sessions as delta files: what the consumers of the Flemish local-government services poll.

| address | what |
|---|---|
| /sync/besluiten/files?since=2026-03-01T09:00:00Z | the files of what happened after a time |
| /files/besluiten-12-i0/download | one file |
"""

from __future__ import annotations

from datetime import UTC, datetime

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.errors import Problem, Refused, Unknown
from app.exchange.delta_files import content, files_since
from app.store.times import iso
from app.web.answers import FRESH_FOREVER, cacheable
from app.web.service import Service

FEEDS = ("besluiten", "zittingen")
JSON_API = "application/vnd.api+json"


def files(request: Request) -> Response:
    """The files after `since`, oldest first, in the words of JSON:API."""
    service: Service = request.app.state.service
    feed = request.path_params["feed"]
    if feed not in FEEDS:
        raise Unknown("Op dit adres staat niets.")
    found = files_since(service.log, feed, _since(request))
    data = [
        {"type": "files", "id": file.id, "attributes": {"name": f"{file.id}.json", "created": file.created}}
        for file in found
    ]
    return cacheable(request, orjson.dumps({"data": data}), JSON_API)


def download(request: Request) -> Response:
    """One file; it never changes."""
    service: Service = request.app.state.service
    id = request.path_params["id"]
    if id.partition("-")[0] not in FEEDS:
        raise Unknown("Dit bestand is er niet.")
    body = content(service.log, id, f"{service.base}/ldes/{id.partition('-')[0]}")
    return cacheable(request, body, "application/json", cache=FRESH_FOREVER)


def _since(request: Request) -> str:
    """A time as it stands in the log; without one, from the beginning. Raises Refused."""
    given = request.query_params.get("since", "").replace(" ", "+")
    if not given:
        return ""
    try:
        when = datetime.fromisoformat(given)
    except ValueError:
        wrong = "Geef een tijdstip zoals 2026-03-01T09:00:00Z."
        raise Refused(wrong, [Problem("since", wrong)]) from None
    return iso(when.replace(tzinfo=when.tzinfo or UTC))


ROUTES = (Route("/sync/{feed}/files", files), Route("/files/{id}/download", download))
