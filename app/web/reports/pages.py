"""`/rapporten`: figures for everybody, and `/beheer/rapporten`: those of a municipality for who works there.

| address | what |
|---|---|
| /rapporten | what there is, by theme |
| /rapporten/{naam} | one report: chart, table, question, and where its numbers can be had |
| /rapporten/{naam}.csv, .xlsx, .parquet, .json | the numbers; `?gemeente=Gent&activiteit=SPRT&van=2026-01-01` |
| /beheer/rapporten | the dashboard of a municipality |
| /beheer/rapporten/{naam}… | the same, with small numbers |
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import quote

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Forbidden, Problem, Refused, Unknown
from app.exchange.reports.files import FORMATS
from app.model.codelists import CodeLists, Concept, Municipality
from app.model.figures import DESK as FOR_DESK
from app.model.figures import SPARQL, Figure
from app.register.agents import Agent
from app.register.products.audience import ALL, REPORT
from app.register.reports.periods import Wanted
from app.register.reports.reporting import ACTION, Answer, Reporter
from app.register.telling.commands import Subscribe
from app.register.telling.recipients import EMAIL
from app.register.telling.subscribing import subscribe
from app.register.telling.subscription_checks import REPORT_RHYTHMS
from app.web.answers import FRESH_BRIEFLY, FRESH_PRIVATELY, cacheable
from app.web.auth import agent_of
from app.web.forms import form_of
from app.web.pages import page
from app.web.reports import powerbi_pages
from app.web.reports.views import (
    OWN,
    PUBLIC,
    THEMES,
    as_far_as_made,
    by_theme,
    patience,
    query_of,
    refresh_after,
    reporter_in,
    shown_as,
)
from app.web.rooms import DESK, framed
from app.web.service import Service

CHOICES = ["gemeente", "activiteit", "soort", "van", "tot"]


def overview(request: Request) -> Response:
    """What there is for everybody: of each theme the first report, and the names of the others."""
    reporter, wanted = reporter_in(request), read_wanted(request.query_params, _codelists(request))
    there = [figure for figure in reporter.reports.figures.values() if figure.audience != FOR_DESK]
    shown = {theme: shown_as(request, figures[0], wanted) for theme, figures in by_theme(there)}
    values = {"themes": _themes(there), "shown": shown}
    html = page(request, "rapporten.html", **values, **_form(request, wanted, PUBLIC))
    return as_far_as_made(cacheable(request, html, "text/html"), shown.values())


def dashboard(request: Request, refused: Refused | None = None, address: str = "") -> Response:
    """The figures of one municipality, or of all for who may see those."""
    agent, reporter = agent_of(request), reporter_in(request)
    wanted = _own(request, agent)
    if not reporter.may_see_all(agent, wanted.place):
        _service(request).register.rights.check(agent, ACTION)
        raise Forbidden("Dit zijn de cijfers van een andere gemeente. De openbare staan bij Rapporten.")
    there = [figure for figure in reporter.reports.figures.values() if _fits(figure, wanted)]
    figures = [figure for _, found in by_theme(there) for figure in found]
    quality = _quality(reporter, wanted, agent)
    shown = [shown_as(request, figure, wanted, agent) for figure in figures if figure.picture != "tabel"]
    html = framed(
        request, DESK, "rapporten_beheer.html", 400 if refused else 200, quality=quality, themes=_themes(figures),
        aspects=reporter.reports.aspects, rhythms=REPORT_RHYTHMS, address=address, shown=shown,
        wrong={one.path: one.message for one in refused.problems} if refused else {},
        hidden=max((one.answer.hidden for one in shown if one.answer), default=0), **_form(request, wanted, OWN),
    )  # fmt: skip
    return html if refused else as_far_as_made(html, shown)


def one(request: Request) -> Response:
    """One report, as a page or as a file."""
    name, _, suffix = request.path_params["name"].partition(".")
    reporter = reporter_in(request)
    figure = reporter.figure(name)
    agent = agent_of(request) if request.url.path.startswith(OWN) else None
    wanted = _own(request, agent) if agent else read_wanted(request.query_params, _codelists(request))
    if suffix:
        return _file(request, reporter.answer(name, wanted, agent, patience(request)), suffix)
    found = shown_as(request, figure, wanted, agent)
    values: dict[str, Any] = {"one": found, "formats": FORMATS, "refresh": refresh_after([found])}
    values["sparql"] = figure.language == SPARQL and not figure.internal
    values |= _form(request, wanted, OWN if agent else PUBLIC, figure)
    if agent:
        return as_far_as_made(framed(request, DESK, "rapport_beheer.html", **values), [found])
    return as_far_as_made(cacheable(request, page(request, "rapport.html", **values), "text/html"), [found])


def ask_by_mail(request: Request) -> Response:
    """Have the figures sent; the address counts once its owner agreed."""
    agent, form, telling = agent_of(request), form_of(request), request.app.state.telling
    scope = f"{REPORT}/{form.get('gemeente') or ALL}"
    command = Subscribe(scope, (REPORT,), EMAIL, form.get("adres", ""), form.get("ritme", ""))
    try:
        made = subscribe(command, agent, _service(request).register, telling.offer)
    except Refused as refused:
        return dashboard(request, refused, form.get("adres", ""))
    return RedirectResponse(f"/beheer/abonnementen/{made.id}?gedaan=gevraagd", 303, {"cache-control": "no-store"})


def read_wanted(given: QueryParams, codelists: CodeLists) -> Wanted:
    """What the address asks for; raises Refused naming each parameter that is not understood."""
    problems: list[Problem] = []
    found = {
        "place": _named(given, "gemeente", codelists.municipality, problems),
        "activity": _named(given, "activiteit", lambda text: codelists.find("hoofdactiviteit", text), problems),
        "type": _named(given, "soort", lambda text: codelists.find("verenigingstype", text), problems),
        "first": _named(given, "van", _day, problems),
        "last": _named(given, "tot", _day, problems),
    }
    if problems:
        raise Refused("Dit rapport kan niet gemaakt worden zoals het gevraagd is.", problems)
    return Wanted(**found)


def _themes(figures: list[Figure]) -> list[tuple[str, str, str, list[Figure]]]:
    return [(theme, *THEMES[theme], found) for theme, found in by_theme(figures)]


def _fits(figure: Figure, wanted: Wanted) -> bool:
    """Whether a figure says something of one municipality; quality stands on top, in its own way."""
    return figure.name != "kwaliteit" and (wanted.place is None or "gemeente" in figure.parameters)


def _quality(reporter: Reporter, wanted: Wanted, agent: Agent) -> dict[str, Any] | None:
    """The row about one municipality."""
    if wanted.place is None:
        return None
    answer = reporter.answer("kwaliteit", Wanted(place=wanted.place), agent)
    names = [column.name for column in answer.columns]
    rows = [dict(zip(names, row, strict=True)) for row in answer.rows]
    labels = {column.name: column.label for column in answer.columns}
    return {**rows[0], "labels": labels} if rows else None


def _own(request: Request, agent: Agent) -> Wanted:
    """What is asked, about the own municipality when none is named."""
    codelists = _codelists(request)
    wanted = read_wanted(request.query_params, codelists)
    if wanted.place is None and agent.municipality:
        return replace(wanted, place=codelists.municipality(agent.municipality))
    return wanted


def _file(request: Request, answer: Answer, suffix: str) -> Response:
    if suffix not in FORMATS:
        raise Unknown(f"Dit rapport is er als {', '.join(FORMATS)}.")
    _, media_type, write = FORMATS[suffix]
    own = request.url.path.startswith(OWN)
    headers = {
        "content-disposition": f'attachment; filename="{answer.figure.name}.{suffix}"',
        "x-gemaakt": answer.made,
    }
    cache = FRESH_PRIVATELY if own else FRESH_BRIEFLY
    return cacheable(request, write(answer), media_type, cache=cache, headers=headers)


def _form(request: Request, wanted: Wanted, at: str, figure: Figure | None = None) -> dict[str, Any]:
    """What the form above reports chooses from: what the figure knows, where it is one."""
    known = CHOICES if figure is None else [each for each in CHOICES if each in figure.parameters]
    if figure is not None and figure.personal and at == PUBLIC:
        known = []
    codelists = _codelists(request)
    return {
        "wanted": wanted,
        "known": known,
        "at": at,
        "query": query_of(wanted),
        "municipalities": sorted(codelists.municipalities.all, key=lambda each: each.name),
        "activities": sorted(codelists.concepts("hoofdactiviteit"), key=lambda each: each.label),
        "types": sorted(codelists.concepts("verenigingstype"), key=lambda each: each.label),
        "base": _service(request).base,
        "quoted": lambda text: quote(text, safe=""),
    }


def _named(given: QueryParams, name: str, find: Any, problems: list[Problem]) -> Any:
    text = given.get(name, "").strip()[:200]
    if not text:
        return None
    found: Municipality | Concept | date | None = find(text)
    if found is None:
        problems.append(Problem(name, f"“{text}” kennen we niet."))
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _codelists(request: Request) -> CodeLists:
    return _service(request).codelists


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


ROUTES = (
    *powerbi_pages.ROUTES,
    Route(PUBLIC, overview),
    Route(f"{PUBLIC}/{{name}}", one),
    Route(OWN, dashboard),
    Route(OWN, ask_by_mail, methods=["POST"]),
    Route(f"{OWN}/{{name}}", one),
)
