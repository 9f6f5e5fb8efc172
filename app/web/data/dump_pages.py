"""`/dumps`: what can be downloaded, and the downloads."""

from __future__ import annotations

from email.utils import format_datetime

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from app.web.answers import FRESH_BRIEFLY, cacheable, is_known, link
from app.web.data.dumps import Dumps, kinds
from app.web.pages import page
from app.web.service import Service


def overview(request: Request) -> Response:
    """All downloads, with size and date of what lies ready."""
    service: Service = request.app.state.service
    dumps: Dumps = request.app.state.dumps
    rows = [(kind, dumps.newest(name)) for name, kind in sorted(kinds(service).items(), reverse=True)]
    return cacheable(request, page(request, "dumps.html", rows=rows, head=service.log.head()), "text/html")


async def download(request: Request) -> Response:
    """One file; parts of it may be asked for by Range, so a broken download can go on."""
    service: Service = request.app.state.service
    name = request.path_params["name"]
    dump = await request.app.state.dumps.get(name)
    headers = {
        "etag": dump.etag,
        "last-modified": format_datetime(dump.made, usegmt=True),
        "cache-control": FRESH_BRIEFLY,
        "x-sequence": str(dump.sequence),
        "link": link(f"{service.base}/catalogus", "collection"),
    }
    if is_known(request, dump.etag, dump.made):
        return Response(status_code=304, headers=headers)
    # The file is the resource: no Content-Encoding, or a client would unpack what it saves under a name with .gz.
    return FileResponse(dump.path, headers=headers, media_type="application/gzip", filename=name)


ROUTES = (
    Route("/dumps", overview),
    Route("/dumps/{name}", download),
)
