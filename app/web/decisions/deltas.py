"""Decisions and sessions as delta files: what the consumers of the Flemish local-government services poll.

| address | what |
|---|---|
| /sync/besluiten/files?since=2026-03-01T09:00:00Z | the files of what happened after a time |
| /files/besluiten-12-i0/download | one file |
| /datasets?filter[subject]=https://…/datasets/besluiten | the dump to begin with, and from which time to go on |
| /datasets/besluiten/distributions, /files/besluiten/download | its file, in N-Triples |

These are the questions that https://github.com/lblod/delta-consumer asks, with the answers that it reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from app.errors import Problem, Refused, Unknown
from app.exchange.decisions.delta_files import content, files_since
from app.store.times import iso
from app.web.answers import FRESH_FOREVER, cacheable
from app.web.data.dumps import public_versions
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
    if id in FEEDS:
        return StreamingResponse(_dump(service, id), media_type="application/n-triples")
    if id.partition("-")[0] not in FEEDS:
        raise Unknown("Dit bestand is er niet.")
    body = content(service.log, id, f"{service.base}/ldes/{id.partition('-')[0]}")
    return cacheable(request, body, "application/json", cache=FRESH_FOREVER)


def datasets(request: Request) -> Response:
    """The dump with this subject, or both; what happened until its release date is in it."""
    service: Service = request.app.state.service
    wanted = request.query_params.get("filter[subject]", "")
    data = [
        {
            "type": "datasets",
            "id": feed,
            "attributes": {"uri": uri, "title": f"Alle {feed}", "release-date": _last(service, feed)},
            "relationships": {"distributions": {"links": {"related": f"datasets/{feed}/distributions"}}},
        }
        for feed in FEEDS
        if (uri := f"{service.base}/datasets/{feed}") and wanted in ("", uri)
    ]
    return cacheable(request, orjson.dumps({"data": data}), JSON_API)


def distributions(request: Request) -> Response:
    """The file of a dump."""
    feed = request.path_params["feed"]
    if feed not in FEEDS:
        raise Unknown("Deze download bestaat niet.")
    file = {"subject": {"data": {"type": "files", "id": feed}}}
    data = [{"type": "distributions", "id": feed, "attributes": {"format": "text/turtle"}, "relationships": file}]
    return cacheable(request, orjson.dumps({"data": data}), JSON_API)


def _last(service: Service, feed: str) -> str:
    """When the last thing in a feed happened. A dump that is made later has more, which is harmless to hear again."""
    size = service.log.feed_size(feed)
    members = service.log.members(feed, size, size) if size else []
    return members[0].version.time if members else iso(datetime.fromtimestamp(0, UTC))


def _dump(service: Service, feed: str) -> Iterator[bytes]:
    kind = next(type.key for type in service.schema.public_types if type.feed == feed)
    return (version.public or b"" for version in public_versions(service.log, kind))


def _since(request: Request) -> str:
    """A time as it stands in the log; without one, from the beginning. Raises Refused."""
    given = request.query_params.get("since", "").replace(" ", "+")
    if not given:
        return ""
    try:
        when = datetime.fromisoformat(given)
        return iso(when.replace(tzinfo=when.tzinfo or UTC))
    except (ValueError, OverflowError):
        wrong = "Geef een tijdstip zoals 2026-03-01T09:00:00Z."
        raise Refused(wrong, [Problem("since", wrong)]) from None


ROUTES = (
    Route("/sync/{feed}/files", files),
    Route("/files/{id}/download", download),
    Route("/datasets", datasets),
    Route("/datasets/{feed}/distributions", distributions),
)
