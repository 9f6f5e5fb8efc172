"""`/beheer/invoer`: a list of associations goes in by browser: looked at, corrected, tried, brought in, given back."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Forbidden, LoketError, Refused
from app.exchange.imports.browser import MOST_BYTES, Lists, Opened, may_bring_in, outcomes_of
from app.exchange.imports.corrections import OURS, Corrections, headings, rows_of, shown
from app.exchange.imports.report import RESULTS, Result, RowOutcome
from app.exchange.spreadsheet.cells import Row
from app.exchange.spreadsheet.columns import Column
from app.exchange.spreadsheet.draft import WHOLE_ROW
from app.exchange.spreadsheet.headers import Recognition
from app.exchange.spreadsheet.outcome import outcome_path
from app.exchange.spreadsheet.template import write_template
from app.exchange.spreadsheet.xlsx import column_letters
from app.model.whole import whole_number
from app.register.agents import Agent
from app.store.list_imports import BROUGHT, FAILED, TO_BRING, TO_TRY, TRIED, ListImport
from app.web.associations.downloads import XLSX
from app.web.auth import agent_of
from app.web.forms import file_of, form_of, items_of
from app.web.paging import Paging, page_number
from app.web.rooms import DESK, framed
from app.web.service import Service

PATH = "/beheer/invoer"
PER_PAGE = 20
NO_FILE = "Kies een bestand."
NO_PLACE = "Kies de gemeente waarvan de lijst is."
STATES = {
    TO_TRY: "wordt nagekeken", TRIED: "nagekeken, nog niet ingelezen", TO_BRING: "wordt ingelezen",
    BROUGHT: "ingelezen", FAILED: "niet gelukt",
}  # fmt: skip
TONES = {"geregistreerd": "good", "gewijzigd": "good", "geweigerd": "bad", "voorgelegd": "warn"}
ATTENTION = "aandacht"
CELL = re.compile(r"cel-(\d{1,7})-(\d{1,4})")
COLUMN = re.compile(r"kolom-(\d{1,4})")
CODE = re.compile(r"\bV\d{7}\b")


@dataclass(frozen=True)
class CellShown:
    """One cell to correct."""

    name: str
    header: str
    text: str
    problems: tuple[str, ...]


@dataclass(frozen=True)
class RowShown:
    """One row: what became of it, the cells that are wrong, and the others."""

    outcome: RowOutcome
    title: str
    whole: tuple[str, ...]
    remarks: tuple[str, ...]
    wrong: tuple[CellShown, ...]
    others: tuple[CellShown, ...]


def overview(request: Request) -> Response:
    """Where to choose a file, and the lists of before."""
    return _overview(request, _allowed(request))


def send(request: Request) -> Response:
    """Keep the list that was sent, and show it."""
    agent, said = _allowed(request), form_of(request)
    try:
        given = file_of(request, "bestand", MOST_BYTES)
        if given is None:
            raise Refused(NO_FILE)
        place = agent.municipality or said.get("gemeente", "")
        if not place:
            raise Refused(NO_PLACE)
        id = _lists(request).take_in(given[0], given[1], agent, place)
    except LoketError as error:
        return _overview(request, agent, error)
    return _to(f"{PATH}/{id}")


def show(request: Request) -> Response:
    """One list: its columns, what would become or became of its rows, and the cells to correct."""
    agent = _allowed(request)
    with _lists(request).opened(request.path_params["id"], agent) as opened:
        return framed(request, DESK, "invoer_lijst.html", **_values(request, opened))


def state(request: Request) -> Response:
    """How far it is, for the script of the page."""
    listed = _lists(request).get(request.path_params["id"], _allowed(request))
    body = {"state": listed.state, "done": listed.done, "total": listed.total}
    return Response(orjson.dumps(body), headers={"cache-control": "no-store"}, media_type="application/json")


def act(request: Request) -> Response:
    """Correct it and try it again, bring it in, or throw it away."""
    agent, id, items = _allowed(request), request.path_params["id"], items_of(request)
    wanted = dict(items).get("besluit", "")
    if wanted == "vergeten":
        _lists(request).forget(id, agent)
        return _to(PATH)
    if wanted == "inlezen":
        _lists(request).bring_in(id, agent)
    else:
        _lists(request).correct(id, agent, corrections_in(items))
    return _to(f"{PATH}/{id}")


def result(request: Request) -> Response:
    """The list with what became of each row, as a workbook."""
    lists, id, agent = _lists(request), request.path_params["id"], _allowed(request)
    name = outcome_path(Path(lists.get(id, agent).name)).name
    return _workbook(lists.workbook(id, agent), name)


def template(request: Request) -> Response:
    """The empty list with explanation and drop-down lists."""
    service: Service = request.app.state.service
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sjabloon.xlsx"
        write_template(path, service.register.tools, service.root)
        return _workbook(path.read_bytes(), "sjabloon-verenigingen.xlsx")


def corrections_in(items: Sequence[tuple[str, str]]) -> Corrections:
    """What the form of a list says; of the columns that were recognised, one may be read as something else.

    >>> corrections_in([("cel-7-3", " 9000 "), ("kolom-2", "naam"), ("andere", "4"), ("andere-als", "")])
    Corrections(columns={2: 'naam', 4: ''})
    """
    cells = {(int(found[1]), int(found[2])): text.strip() for name, text in items if (found := CELL.fullmatch(name))}
    columns = {int(found[1]): key for name, key in items if (found := COLUMN.fullmatch(name))}
    said = dict(items)
    if (column := whole_number(said.get("andere"))) is not None:
        columns[column] = said.get("andere-als", "")
    return Corrections(cells, columns)


def with_links(sentence: str) -> Markup:
    """A sentence in which each V-code leads to that association.

    >>> with_links("Lijkt op V0001002.")
    Markup('Lijkt op <a href="/doc/vereniging/V0001002">V0001002</a>.')
    """
    return Markup(CODE.sub(lambda code: f'<a href="/doc/vereniging/{code[0]}">{code[0]}</a>', str(escape(sentence))))


def _values(request: Request, opened: Opened) -> dict[str, Any]:
    listed, found = opened.listed, opened.found
    outcomes = outcomes_of(listed)
    chosen = request.query_params.get("toon", ATTENTION)
    wanted = [one for one in outcomes if _is_wanted(one, chosen)]
    number = page_number(request, "pagina")
    paging = Paging(f"{PATH}/{listed.id}", request.query_params, number, len(wanted), PER_PAGE, "pagina")
    page = wanted[(number - 1) * PER_PAGE : number * PER_PAGE]
    tally = orjson.loads(listed.counts)
    counts = [(str(each), tally[str(each)]) for each in RESULTS if tally.get(str(each))]
    attention = sum(_is_wanted(one, ATTENTION) for one in outcomes)
    views = [(ATTENTION, f"wat aandacht vraagt ({attention})"), *((name, name) for name, _ in counts), ("alle", "alle")]
    return {
        "listed": listed, "found": found, "state": STATES[listed.state], "tones": TONES,
        "headings": headings(found), "groups": _groups(_lists(request).columns), "letters": column_letters,
        "counts": counts, "views": views, "chosen": chosen,
        "rows": _rows(found, page), "paging": paging, "linked": with_links,
        "place": _place(request, listed),
    }  # fmt: skip


def _is_wanted(outcome: RowOutcome, chosen: str) -> bool:
    if chosen == ATTENTION:
        return outcome.result in (Result.REFUSED, Result.REFERRED)
    return chosen == "alle" or str(outcome.result) == chosen


def _rows(found: Recognition, outcomes: Sequence[RowOutcome]) -> list[RowShown]:
    cells = rows_of(found, [one.row for one in outcomes])
    return [_row(found, one, cells[one.row]) for one in outcomes if one.row in cells]


def _row(found: Recognition, outcome: RowOutcome, row: Row) -> RowShown:
    told: dict[int, list[str]] = {}
    for problem in outcome.problems:
        told.setdefault(problem.column, []).append(problem.message)
    shown_cells = [
        CellShown(f"cel-{row.number}-{binding.index}", binding.header, _text(row, binding.index),
                  tuple(told.get(binding.index, ())))
        for binding in found.bindings
        if binding.column.key not in OURS
    ]  # fmt: skip
    known = {binding.index for binding in found.bindings}
    elsewhere = tuple(message for column, messages in told.items() if column not in known for message in messages)
    name = found.index_of("naam")
    asks = outcome.result is Result.REFERRED
    is_open = {cell.name for cell in shown_cells if cell.problems or (asks and _is_decision(found, cell))}
    return RowShown(
        outcome=outcome,
        title=_text(row, name) if name is not None else "",
        whole=elsewhere,
        remarks=tuple(f"{found.headers[one.column]}: {one.message}" if one.column in found.headers else one.message
                      for one in outcome.remarks),
        wrong=tuple(cell for cell in shown_cells if cell.name in is_open),
        others=tuple(cell for cell in shown_cells if cell.name not in is_open),
    )  # fmt: skip


def _is_decision(found: Recognition, cell: CellShown) -> bool:
    return cell.name.endswith(f"-{found.index_of('beslissing')}")


def _text(row: Row, index: int) -> str:
    return shown(row.cells[index]) if WHOLE_ROW < index < len(row.cells) else ""


def _groups(columns: Sequence[Column]) -> Mapping[str, list[Column]]:
    """What a column may be, by group."""
    groups: dict[str, list[Column]] = {}
    for column in columns:
        if column.key not in OURS:
            groups.setdefault(column.group.label, []).append(column)
    return groups


def _place(request: Request, listed: ListImport) -> str:
    service: Service = request.app.state.service
    home = service.codelists.municipality(listed.municipality)
    return home.name if home else listed.municipality


def _overview(request: Request, agent: Agent, error: LoketError | None = None) -> Response:
    service: Service = request.app.state.service
    home = service.codelists.municipality(agent.municipality) if agent.municipality else None
    places = () if home else sorted(service.codelists.municipalities.all, key=lambda each: each.name)
    return framed(
        request, DESK, "invoer.html", 400 if error else 200, error=error, lists=_lists(request).of(agent), home=home,
        places=places, states=STATES, most=MOST_BYTES // 1_000_000,
        counted=lambda listed: [(name, n) for name, n in orjson.loads(listed.counts).items() if n],
    )  # fmt: skip


def _allowed(request: Request) -> Agent:
    """Who may bring in lists; raises Forbidden for anybody else."""
    service: Service = request.app.state.service
    agent = agent_of(request)
    service.register.rights.check(agent, "RegisterAssociation")
    if not may_bring_in(agent):
        raise Forbidden("Een lijst is van één gemeente: meld u aan voor die gemeente.")
    return agent


def _workbook(content: bytes, name: str) -> Response:
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}", "cache-control": "no-store"}
    return Response(content, headers=headers, media_type=XLSX)


def _lists(request: Request) -> Lists:
    lists: Lists = request.app.state.lists
    return lists


def _to(address: str) -> Response:
    return RedirectResponse(address, 303, {"cache-control": "no-store"})


ROUTES = (
    Route(PATH, overview),
    Route(PATH, send, methods=["POST"]),
    Route(f"{PATH}/sjabloon.xlsx", template),
    Route(f"{PATH}/{{id}}", show),
    Route(f"{PATH}/{{id}}", act, methods=["POST"]),
    Route(f"{PATH}/{{id}}/toestand", state),
    Route(f"{PATH}/{{id}}/resultaat.xlsx", result),
)
