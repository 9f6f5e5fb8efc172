"""A report as a page shows it: chart, table and addresses; and a page with a report on it that is being made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from time import monotonic
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from app.errors import NotYet
from app.exchange.reports.chart_svg import Drawing, draw, drawing_of, said
from app.model.figures import Figure
from app.register.agents import Agent
from app.register.reports.kept import RETRY_SECONDS
from app.register.reports.periods import Wanted
from app.register.reports.reporting import IRI, Answer, Reporter

PUBLIC, OWN = "/rapporten", "/beheer/rapporten"
THEMES = {
    "verenigingen": ("Verenigingen", "Hoeveel er zijn, waar, en wat ze doen."),
    "verloop": ("Verloop", "Wat erbij komt, wat stopt, en wie gegevens wijzigt."),
    "erkenningen": ("Erkenningen", "Wie erkend is, en wat afloopt."),
    "kwaliteit": ("Kwaliteit van de gegevens", "Wat ontbreekt of oud is, en wat eerst te doen."),
    "gebruik": ("Gebruik", "Wat bekeken en gezocht wordt, en wat lezers ervan vinden."),
    "aanvragen": ("Aanvragen", "Wat aangevraagd wordt, hoe ver het staat en hoelang het duurt."),
    "besluiten": ("Besluiten", "Wat besturen beslisten, en hoe goed het als gegevens te lezen is."),
}
# A table on a page; the files have all of it.
MOST_ROWS = 100
# So many seconds a page waits for figures; what is not there by then is told to be on its way.
PATIENCE = 0.8


@dataclass(frozen=True)
class Shown:
    """One report on a page; without an answer, one that is being made."""

    figure: Figure
    href: str
    query: str
    theme: str
    answer: Answer | None = None
    chart: Markup | None = None
    drawing: Drawing | None = None
    headings: Sequence[str] = ()
    rows: Sequence[list[tuple[str, str, bool]]] = ()

    @property
    def rest(self) -> int:
        """How many rows the table leaves out."""
        return max(0, len(self.answer.rows) - MOST_ROWS) if self.answer else 0


def shown_as(request: Request, figure: Figure, wanted: Wanted, agent: Agent | None = None) -> Shown:
    """A report as a page shows it."""
    query, theme = query_of(wanted, figure), THEMES[figure.theme][0]
    href = f"{OWN if agent else PUBLIC}/{figure.name}"
    try:
        answer = reporter_in(request).answer(figure.name, wanted, agent, patience(request))
    except NotYet:
        return Shown(figure, href, query, theme)
    visible = [(place, column) for place, column in enumerate(answer.columns) if column.kind != "iri"]
    rows = [[_cell(row, place, column.kind, answer) for place, column in visible] for row in answer.rows[:MOST_ROWS]]
    headings = [column.label for _, column in visible]
    return Shown(figure, href, query, theme, answer, draw(answer), drawing_of(answer), headings, rows)


def patience(request: Request) -> float:
    """How many seconds this page can still wait for what is being made."""
    until: float | None = getattr(request.state, "reports_until", None)
    if until is None:
        until = request.state.reports_until = monotonic() + PATIENCE
    return max(0.0, until - monotonic())


def refresh_after(shown: Iterable[Shown]) -> int | None:
    """After how many seconds the page is to ask for itself again."""
    return None if all(one.answer for one in shown) else RETRY_SECONDS


def as_far_as_made(response: Response, shown: Iterable[Shown]) -> Response:
    """The page; with something in it that is being made 202, to be asked again."""
    if all(one.answer for one in shown):
        return response
    response.status_code = 202
    response.headers["retry-after"] = str(RETRY_SECONDS)
    response.headers["cache-control"] = "no-store"
    return response


def query_of(wanted: Wanted, figure: Figure | None = None) -> str:
    """The parameters of an address, as far as a figure knows them."""
    values = {
        "gemeente": wanted.place.nis if wanted.place else "",
        "activiteit": wanted.activity.notation if wanted.activity else "",
        "soort": wanted.type.notation if wanted.type else "",
        "van": wanted.first.isoformat() if wanted.first else "",
        "tot": wanted.last.isoformat() if wanted.last else "",
    }
    known = values if figure is None else figure.parameters
    kept = {name: value for name, value in values.items() if value and name in known}
    return f"?{urlencode(kept)}" if kept else ""


def by_theme(figures: list[Figure]) -> Iterator[tuple[str, list[Figure]]]:
    """The figures under their themes, in the order in which people look for them."""
    ordered = sorted(figures, key=lambda figure: (list(THEMES).index(figure.theme), figure.order))
    for theme, found in groupby(ordered, key=lambda figure: figure.theme):
        yield theme, list(found)


def _cell(row: tuple[Any, ...], place: int, kind: str, answer: Answer) -> tuple[str, str, bool]:
    """What a cell says, where it leads, and whether it is a number."""
    value = row[place]
    if kind == "getal":
        return ("te klein om te tonen" if value is None else f"{value:,}".replace(",", "."), "", True)
    href = ""
    if kind == "ding":
        iri = row[answer.place_of(answer.columns[place].name + IRI)]
        href = "/doc/" + "/".join(iri.split("/")[-2:]) if "/id/" in iri else ""
    return said(value, kind), href, False


def reporter_in(request: Request) -> Reporter:
    """What answers reports."""
    reporter: Reporter = request.app.state.reporter
    return reporter
