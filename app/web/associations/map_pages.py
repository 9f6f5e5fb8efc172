"""`/verenigingen/kaart`: how many associations each municipality has, on a map of our own and as a list.

A dot for each municipality at the place that `ontology/middelpunten.ttl` gives it, larger where there are more; drawn
here as SVG, so that no other host is asked and it works without script, by keyboard and in print.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from math import sqrt
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.model.centres import HEIGHT, WIDTH, Place, load_centres
from app.model.codelists import CodeLists
from app.web.answers import cacheable
from app.web.associations.choices import FACETS
from app.web.associations.finding import SELECTS, find, read_filter
from app.web.associations.listing import PLACE, beside
from app.web.facets import Here
from app.web.pages import page
from app.web.service import Service

SMALLEST, LARGEST = 6.0, 26.0
# This many names fit beside their dots; none is put where it would cover another.
NAMED, LINE, LETTER = 14, 17.0, 8.4
FIELD = next(FACETS[each.facet].field for each in SELECTS if each.parameter == PLACE)


@dataclass(frozen=True)
class Dot:
    """A municipality on the map: its place, how many there are, how large that is, and where the list of them is."""

    name: str
    province: str
    count: int
    x: float
    y: float
    radius: float
    href: str
    is_named: bool = False


def show(request: Request) -> Response:
    """The map of what fits the filter; without one, of all."""
    service: Service = request.app.state.service
    asked = read_filter(request.query_params)
    found, nearly = find(service.search, service.codelists, asked, 0, 0)
    centres, counts = places(service.root), found.counts[FIELD]
    dots = list(dots_of(service.codelists, centres, counts, Here("/verenigingen", request.query_params)))
    values = {
        **beside(request, found, asked),
        "nearly": nearly,
        "total": found.total,
        "size": (WIDTH, HEIGHT),
        "dots": dots,
        "ground": sorted(set(centres.values())),
        "provinces": by_province(dots),
    }
    return cacheable(request, page(request, "verenigingen_kaart.html", **values), "text/html")


@lru_cache(maxsize=4)
def places(root: Path) -> Mapping[str, Place]:
    """Where each municipality lies on the sheet."""
    return load_centres(root)


def dots_of(
    codelists: CodeLists, centres: Mapping[str, Place], counts: Mapping[str, int], there: Here
) -> Iterator[Dot]:
    """Those that have something, the largest first, so that small ones are drawn over them."""
    known = {one.nis: one for one in codelists.municipalities.all}
    ranked = sorted((nis for nis in counts if nis in known and nis in centres), key=lambda nis: (-counts[nis], nis))
    most = counts[ranked[0]] if ranked else 1
    taken: list[tuple[float, float, float]] = []
    for number, nis in enumerate(ranked):
        home, (x, y) = known[nis], centres[nis]
        radius = round(SMALLEST + (LARGEST - SMALLEST) * sqrt(counts[nis] / most), 1)
        fits = number < NAMED and _room(taken, x, y + radius, len(home.name))
        yield Dot(home.name, home.province, counts[nis], x, y, radius, there.with_(PLACE, nis), fits)


def _room(taken: list[tuple[float, float, float]], x: float, y: float, letters: int) -> bool:
    """Whether a name under a dot covers no other; if so it is taken."""
    half = letters * LETTER / 2
    if any(abs(y - other) < LINE and abs(x - at) < half + wide for at, other, wide in taken):
        return False
    taken.append((x, y, half))
    return True


def by_province(dots: list[Dot]) -> list[tuple[str, list[Dot]]]:
    """The same as a list, by name."""
    ordered = sorted(dots, key=lambda dot: (dot.province, dot.name))
    return [(province, list(each)) for province, each in groupby(ordered, key=lambda dot: dot.province)]


ROUTES = (Route("/verenigingen/kaart", show),)
