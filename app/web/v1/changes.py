"""What changed, and everything at once: `/v1/verenigingen/mutaties` and `/v1/verenigingen/detail/all`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.exchange.register_api.fields import LAYOUT
from app.exchange.register_api.json import ACTIVE, Json
from app.store.search.index import Search
from app.store.search.layout import Happening
from app.web.answers import is_known
from app.web.service import Service
from app.web.v1.associations import metadata
from app.web.v1.common import (
    JSON,
    caching,
    check_key,
    context_of,
    flag,
    json_answer,
    media_type_of,
    number,
    shaping,
    wrong,
)

PATH = "/v1/verenigingen/mutaties"
# The register has no pages: who asks for none gets all of it.
ALL = 10_000_000
LARGEST_PAGE = 100_000
LINES, NDJSON = "text/plain", "application/x-ndjson"
AT_ONCE = 200
HAPPENED = {"create": "toegevoegd", "update": "gewijzigd", "delete": "verwijderd"}


def changes(request: Request) -> Response:
    """Each association that changed in public after a sequence, once, with the last sequence at which it did."""
    service: Service = request.app.state.service
    since, limit = number(request, "sinds", 0), number(request, "limit", ALL)
    if not 1 <= limit <= ALL or (limit > LARGEST_PAGE and limit != ALL):
        raise wrong("limit", f"Een bladzijde telt van 1 tot {LARGEST_PAGE} mutaties.")
    found = service.search.happenings(since, limit)
    with_time = flag(request, "tijdstip")
    headers = {}
    if limit != ALL and len(found) == limit:
        more = f"{service.base}{PATH}?sinds={found[-1].sequence}&limit={limit}{'&tijdstip=true' if with_time else ''}"
        headers["link"] = f'<{more}>; rel="next"'
    return json_answer(request, [_row(one, with_time) for one in found], JSON, headers=headers)


def _row(happening: Happening, with_time: bool) -> Json:
    row: Json = {"vCode": code_of(happening.id), "sequence": happening.sequence}
    if with_time:
        row |= {"tijdstip": happening.time, "mutatie": HAPPENED[happening.operation]}
    return row


def code_of(id: int) -> str:
    """The V-code of an id in the index."""
    return LAYOUT.code[1].format(id)


def everything(request: Request) -> Response:
    """All associations, one JSON document a line, and a line for each that a copy must drop."""
    check_key(request)
    service: Service = request.app.state.service
    search = service.search
    media_type = media_type_of(request, LINES, NDJSON, JSON)
    tag = f'"{search.sequence()}-{service.version}"'
    headers = {"etag": tag, "cache-control": caching(request), "vary": "Accept"}
    if is_known(request, tag, None):
        return Response(status_code=304, headers=headers)
    return StreamingResponse(_chunks(lines(service, search)), headers=headers, media_type=media_type)


def lines(service: Service, search: Search) -> Iterator[bytes]:
    """The documents, and what to drop: removed, hidden or stopped."""
    shaped, context = shaping(service), context_of(service, "detail-all-vereniging")
    for hit in search.everything():
        document = orjson.loads(hit.document)
        if shaped.code_of(document.get("status")) == ACTIVE:
            about = {"@context": context, "@id": shaped.iri_start + document["vCode"]}
            yield orjson.dumps({**about, "vereniging": shaped.detail(document), "metadata": metadata(document)})
        else:
            yield orjson.dumps(_drop(hit.id, metadata(document)["datumLaatsteAanpassing"]))
    for gone in search.happenings(0, ALL, "delete"):
        yield orjson.dumps(_drop(gone.id, gone.time[:10]))


def _drop(id: int, day: str) -> Json:
    return {"vereniging": {"vCode": code_of(id), "teVerwijderen": True, "deletedAt": day}}


def _chunks(lines: Iterator[bytes]) -> Iterator[bytes]:
    while part := list(islice(lines, AT_ONCE)):
        yield b"\n".join(part) + b"\n"
