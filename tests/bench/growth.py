"""The same questions to ever more entities: what stays flat, and what grows with them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.engines import size
from tests.bench.flanders import PORT, Filled, by_day, filled
from tests.bench.load import Asked, Blanks, Target, measure, megabytes, until_still
from tests.bench.queries import JSON_LD, PLACES, QUESTIONS, WORDS, service
from tests.bench.store import OURS, processor, rebuild
from tests.bench.table import WIDTH, written
from tests.running import serving

ASKED = {
    "vereniging als JSON-LD": Asked("/doc/vereniging/@V@.jsonld", JSON_LD),
    "zoeken op een woord": Asked("/v1/verenigingen/zoeken?q=@WORD@&limit=10", "application/json"),
    "pagina van verenigingen": Asked("/verenigingen?naam=@WORD@", "text/html"),
    "pagina van besluiten": Asked("/besluiten?gemeente=@NIS@", "text/html"),
    "pagina van producten": Asked("/aanbod?gemeente=@NIS@", "text/html"),
}


Place = Callable[[float], AbstractContextManager[Path]]


@dataclass(frozen=True)
class Point:
    """One size, and each figure there."""

    entities: int
    figures: dict[str, float]


def curve(scales: Sequence[float], seconds: int, place: Place) -> Iterator[Point]:
    """Each size in turn, in the directory that `place` gives for it."""
    for scale in scales:
        with place(scale) as data, tempfile.TemporaryDirectory() as name:
            yield _point(filled(data, scale), Path(name), seconds)


def _point(filled: Filled, folder: Path, seconds: int) -> Point:
    figures = {
        "vullen, ms processor per entiteit": _each(filled.seconds, filled),
        "opslag en zoekindex opnieuw, ms processor per entiteit": _each(
            processor(lambda: rebuild(filled.data)), filled
        ),
    }
    blanks = Blanks(filled.associations, filled.decisions, WORDS, PLACES)
    with serving(by_day(filled.data), port=PORT) as server:
        ours = Target("wij", server.address, server.address.rpartition(":")[2])
        figures["koude start, s"] = server.seconds
        figures["werk bij de start, s processor"] = until_still(ours.word)
        figures["geheugen na de start, MB"] = megabytes(ours.word)
        party = service(ours)
        for name, asked in ASKED.items():
            figures[f"{name}, ms processor"] = measure(ours, [asked], blanks, folder, seconds).cost
        for question in QUESTIONS[:5]:
            cost = measure(ours, [party.query(question)], blanks, folder, seconds).cost
            figures[f"SPARQL: {question.name}, ms processor"] = cost
        figures["geheugen na de vragen, MB"] = megabytes(ours.word)
    for part in OURS:
        figures[f"{part}, bytes per entiteit"] = size(filled.data / part) / filled.entities
    return Point(filled.entities, figures)


def _each(seconds: float, filled: Filled) -> float:
    return 1000 * seconds / filled.entities


def show_curve(points: Sequence[Point]) -> None:
    """A column for each size."""
    table = Table(title="Groei", title_justify="left")
    table.add_column("entiteiten")
    for point in points:
        table.add_column(written(point.entities), justify="right")
    for name in points[0].figures:
        table.add_row(name, *(written(point.figures[name]) for point in points))
    Console(width=WIDTH).print(table)
