"""`/odata`: the lists for spreadsheets and reporting tools, as OData 4.0 with JSON.

| address | what |
|---|---|
| /odata | the lists; for a browser a page that tells how to use them |
| /odata/$metadata | columns and types (CSDL) |
| /odata/Locaties?$filter=... | rows of a list, page by page |
| /odata/Verenigingen('V0001001'), ...('V0001001')/Locaties | one association, what is about it |
| .../$count | how many |

What everybody may see, and only to be read. https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part1-protocol.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from app.errors import LoketError, Refused
from app.exchange.odata.lists import Table, load_tables
from app.exchange.odata.metadata import metadata, service_document
from app.exchange.odata.options import NotOffered, Options, read_options
from app.exchange.odata.place import Place, place_of
from app.exchange.reports.tables import ReportLists, Rows, with_reports
from app.store.search.index import Search
from app.web.answers import FRESH_BRIEFLY, cacheable, is_known
from app.web.data.odata_answer import JSON, PLAIN, PREFIX, Answering, detail_of
from app.web.edge.problems import report
from app.web.negotiate import negotiate
from app.web.pages import Pages, page
from app.web.service import Service

VERSION = {"odata-version": "4.0"}


def odata_app(service: Service, pages: Pages) -> ASGIApp:
    """The service, with errors in the shape that OData clients read."""
    handlers: Mapping[Any, Any] = {LoketError: _failed, HTTPException: _failed}
    routes = [
        Route(PREFIX, home),
        Route(f"{PREFIX}/", home),
        Route(f"{PREFIX}/$metadata", describe),
        Route(f"{PREFIX}/{{path:path}}", answer),
    ]
    app = Starlette(routes=routes, exception_handlers=handlers)
    app.state.service, app.state.pages = service, pages
    app.state.reports = ReportLists(service.reporter) if service.reporter else None
    return app


def home(request: Request) -> Response:
    """The lists, or the page about them."""
    service: Service = request.app.state.service
    tables, address = _tables(request), service.base + PREFIX
    if negotiate(request.headers.get("accept"), (JSON, "text/html")) == "text/html":
        shown = page(request, "odata.html", tables=tables, address=address)
        return cacheable(request, shown, "text/html", headers={"vary": "Accept"})
    body = orjson.dumps(service_document(tables, address))
    return cacheable(request, body, _media_type("minimal"), headers={**VERSION, "vary": "Accept"})


def describe(request: Request) -> Response:
    """The columns and their types."""
    tables = _tables(request)
    return cacheable(request, metadata(tables), "application/xml", headers=VERSION)


def answer(request: Request) -> Response:
    """Rows, one row, a value, or a number."""
    service: Service = request.app.state.service
    tables = _tables(request)
    place = place_of(request.path_params["path"], tables)
    options = read_options(request.query_params.multi_items(), place.listed, tables)
    detail = detail_of(request)
    source = _source(request, place)
    stand = source.made if isinstance(source, Rows) else source.sequence()
    tag = f'"{stand}-{service.version}-{detail}"'
    headers = {**VERSION, "etag": tag, "cache-control": FRESH_BRIEFLY, "vary": "Accept, Prefer"}
    kind = PLAIN if place.counted else _media_type(detail)
    if is_known(request, tag, None):
        return Response(status_code=304, headers=headers)
    return Response(_body(request, place, options, headers, source), headers=headers, media_type=kind)


def _tables(request: Request) -> tuple[Table, ...]:
    """The lists of associations, and the reports."""
    tables = load_tables(request.app.state.service.root)
    reports: ReportLists | None = request.app.state.reports
    return tables if reports is None else with_reports(tables, reports)


def _source(request: Request, place: Place) -> Search | Rows:
    """Where the rows of a list come from."""
    reports: ReportLists | None = request.app.state.reports
    if reports is not None and reports.is_one(place.table):
        return reports.rows_of(place.table)
    service: Service = request.app.state.service
    return service.search


def _body(request: Request, place: Place, options: Options, headers: dict[str, str], source: Search | Rows) -> bytes:
    reader = Answering(request, place, options, source)
    if place.counted:
        return str(reader.count()).encode()
    if place.key and place.to is None:
        return orjson.dumps(reader.one())
    if reader.preferred is not None:
        headers["preference-applied"] = f"odata.maxpagesize={reader.preferred}"
    return orjson.dumps(reader.page())


def _media_type(detail: str) -> str:
    return f"{JSON};odata.metadata={detail};odata.streaming=true"


async def _failed(request: Request, error: Exception) -> Response:
    """An error as OData clients read it.

    https://docs.oasis-open.org/odata/odata-json-format/v4.01/odata-json-format-v4.01.html#sec_ErrorResponse
    """
    told = report(error)
    problems = error.problems if isinstance(error, Refused) else ()
    body: dict[str, Any] = {"code": told.kind.slug, "message": told.title}
    if problems:
        body["target"] = problems[0].path
        body["details"] = [{"code": told.kind.slug, "target": one.path, "message": one.message} for one in problems]
    status = 501 if isinstance(error, NotOffered) else told.kind.status
    headers = {**told.headers, **VERSION, "cache-control": "no-store"}
    return Response(orjson.dumps({"error": body}), status, headers, JSON)
