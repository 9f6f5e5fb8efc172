"""The list of associations as a spreadsheet, in the columns of the template: `/verenigingen.csv`, `/verenigingen.xlsx`.

Both take the filters of the page `/verenigingen`, and hold what everybody may see. The csv is sent while it is made.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path

import orjson
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Route

from app.errors import TooLarge
from app.exchange.export_associations import csv_lines, public_columns, row_of, write_xlsx
from app.exchange.spreadsheet.cells import Cell
from app.exchange.spreadsheet.columns import Column, load_columns
from app.web.answers import FRESH_BRIEFLY, is_known
from app.web.associations.finding import find, find_all, read_filter
from app.web.found import entity_type
from app.web.service import Service

KIND = "vereniging"
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BYTE_ORDER_MARK = "\ufeff"
AT_ONCE = 200
# A workbook is sent only when it is complete; more rows than this take longer than anybody waits.
MOST_ROWS = 50_000


def as_csv(request: Request) -> Response:
    """The list with semicolons, as Excel opens it by itself here."""
    headers = _headers(request, "csv")
    if is_known(request, headers["etag"], None):
        return Response(status_code=304, headers=headers)
    columns = _columns(request.app.state.service)
    parts = _parts(csv_lines(columns, _rows(request, columns)))
    return StreamingResponse(parts, headers=headers, media_type=CSV)


def as_xlsx(request: Request) -> Response:
    """The list as a workbook, made in a file that is gone once it was sent."""
    headers = _headers(request, "xlsx")
    if is_known(request, headers["etag"], None):
        return Response(status_code=304, headers=headers)
    service: Service = request.app.state.service
    found, _ = find(service.search, service.codelists, read_filter(request.query_params), 0, 0)
    if found.total > MOST_ROWS:
        raise TooLarge(f"Een werkblad telt hier hoogstens {MOST_ROWS} rijen. Kies een deel, of neem csv of OData.")
    columns = _columns(service)
    folder = tempfile.TemporaryDirectory()
    path = Path(folder.name) / "verenigingen.xlsx"
    write_xlsx(path, columns, _rows(request, columns))
    return FileResponse(path, headers=headers, media_type=XLSX, background=BackgroundTask(folder.cleanup))


def _columns(service: Service) -> list[Column]:
    return public_columns(_known_columns(service.root), entity_type(service, KIND))


@lru_cache(maxsize=4)
def _known_columns(root: Path) -> tuple[Column, ...]:
    return load_columns(root)


def _rows(request: Request, columns: list[Column]) -> Iterator[list[Cell]]:
    service: Service = request.app.state.service
    hits = find_all(service.search, service.codelists, read_filter(request.query_params))
    return (row_of(orjson.loads(hit.document), columns, service.codelists) for hit in hits)


def _headers(request: Request, suffix: str) -> dict[str, str]:
    service: Service = request.app.state.service
    return {
        "etag": f'"{service.search.sequence()}-{service.version}"',
        "cache-control": FRESH_BRIEFLY,
        "content-disposition": f'attachment; filename="verenigingen.{suffix}"',
    }


def _parts(lines: Iterable[str]) -> Iterator[bytes]:
    lines = iter(lines)
    yield BYTE_ORDER_MARK.encode()
    while part := list(islice(lines, AT_ONCE)):
        yield "".join(part).encode()


ROUTES = (Route("/verenigingen.csv", as_csv), Route("/verenigingen.xlsx", as_xlsx))
