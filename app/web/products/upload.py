"""`/beheer/producten/opladen`: a whole list of products at once, tried first or for real."""

from __future__ import annotations

import tempfile
from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.errors import LoketError, Refused
from app.exchange.imports.products import import_products
from app.exchange.imports.report import RESULTS, ImportReport, Result
from app.exchange.spreadsheet.outcome import outcome_path, write_outcome
from app.exchange.spreadsheet.template import write_template
from app.web.associations.downloads import XLSX
from app.web.auth import agent_of
from app.web.forms import file_of, form_of
from app.web.rooms import DESK, framed
from app.web.service import Service

PATH = "/beheer/producten/opladen"
MOST_BYTES = 10_000_000
NO_FILE = "Kies een bestand."
NO_PLACE = "Een lijst is van één gemeente: meld u aan voor die gemeente."


def show(request: Request) -> Response:
    """Where to choose a file."""
    agent_of(request)
    return framed(request, DESK, "producten_opladen.html", told=None, error=None)


def send(request: Request) -> Response:
    """What became of each row; nothing is written when it was only a try."""
    service: Service = request.app.state.service
    agent, said = agent_of(request), form_of(request)
    try:
        given = file_of(request, "bestand", MOST_BYTES)
        if given is None:
            raise Refused(NO_FILE)
        if agent.municipality is None:
            raise Refused(NO_PLACE)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"lijst{Path(given[0]).suffix.lower()}"
            path.write_bytes(given[1])
            with import_products(
                path,
                agent.municipality,
                service.register,
                agent,
                service.root,
                dry_run=said.get("besluit") != "opladen",
            ) as report:
                if said.get("terug") and report.recognition.header_row:
                    return _workbook(report, path, Path(given[0]))
                return framed(request, DESK, "producten_opladen.html", told=told(report), error=None)
    except LoketError as error:
        return framed(request, DESK, "producten_opladen.html", 400, told=None, error=error)


def template(request: Request) -> Response:
    """An empty list to fill in."""
    service: Service = request.app.state.service
    agent_of(request)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "producten.xlsx"
        write_template(path, service.register.tools, service.root, "product")
        headers = {"content-disposition": 'attachment; filename="producten.xlsx"', "cache-control": "no-store"}
        return Response(path.read_bytes(), headers=headers, media_type=XLSX)


def _workbook(report: ImportReport, source: Path, name: Path) -> Response:
    """The list itself, with what became of each row."""
    target = outcome_path(source)
    write_outcome(report, source, target)
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(outcome_path(name).name)}",
        "cache-control": "no-store",
    }
    return Response(target.read_bytes(), headers=headers, media_type=XLSX)


def told(report: ImportReport) -> dict[str, object]:
    """The report as the page shows it."""
    headers = report.recognition.headers
    rows = [
        {
            "row": outcome.row,
            "result": str(outcome.result),
            "code": outcome.code,
            "problems": [(headers.get(each.column, ""), each.message) for each in outcome.problems],
        }
        for outcome in report.outcomes()
        if outcome.result is not Result.SKIPPED or outcome.problems
    ]
    counts = [(str(result), report.counts[result]) for result in RESULTS if report.counts[result]]
    return {"rows": rows, "counts": counts, "dry_run": report.dry_run, "remarks": report.recognition.remarks}


ROUTES = (
    Route(PATH, show),
    Route(PATH, send, methods=["POST"]),
    Route(f"{PATH}/sjabloon.xlsx", template),
)
