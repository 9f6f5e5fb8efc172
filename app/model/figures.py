"""Figures: questions of which the answer is numbers, declared in `queries/report`, one file each.

    # Verenigingen per provincie
    #+ uitleg: Actieve verenigingen met een locatie in de provincie.
    #+ thema: verenigingen 1
    #+ beeld: staven provincie aantal
    #+ telt: provincies
    #+ kolom provincie: tekst Provincie
    #+ kolom aantal: getal Verenigingen
    #+ param activiteit: iri
    SELECT ...

`.rq` asks the public store, `.sql` the log and the counts of use; there the lines begin with `--`. With `telt` the
search index counts it (`register.tallies`), and the SPARQL is how others get the same. A parameter that nobody gives
leaves the question open: `VALUES ?activiteit { UNDEF }`, or in SQL an empty text.

    figure = load_figures(root)["verenigingen-per-provincie"]
    figure.question(activiteit="https://…")
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.model.queries import TYPES, Value

SPARQL, SQL = "sparql", "sql"
EVERYBODY, DESK = "iedereen", "beheer"
BARS, LINE, STACKED, TABLE = "staven", "lijn", "gestapeld", "tabel"
NUMBER = "getal"
# What a column holds: a text, a number, a day, a month, a year, or the IRI of something that has a page of its own.
KINDS = frozenset({"tekst", NUMBER, "dag", "maand", "jaar", "ding"})
# A municipality has few of all associations.
NARROW = "gemeente"
# Which period is shown when nobody says: all time, the year that lies behind us, or the one that comes.
FREE, BEHIND, AHEAD = "vrij", "voorbij", "volgend"
_TOLD = re.compile(r"^(?:#|--)\+ (?P<what>\w+):? (?P<text>.+?)\s*$\n?", re.MULTILINE)
# "Whatever it is, or what was asked", on a line of its own. Where a value is given, what was asked stands there alone,
# in a SELECT of its own: then the engine reads it along its index, and looks nothing up one by one.
_GUARD = re.compile(r"^(?P<begin> *)FILTER \(!BOUND\(\?(?P<name>\w+)\) \|\| (?P<asked>.*)\)\n", re.MULTILINE)
_EXISTS = re.compile(r"EXISTS \{ (?P<pattern>.*) \}")
_ALONE = re.compile(r"\{ SELECT [?\w ]+ \{ (?P<pattern>[^{}]*) \} \}")
_OPEN = re.compile(r"^ *VALUES \?\w+ \{ UNDEF \}\n", re.MULTILINE)


@dataclass(frozen=True)
class Column:
    """One column of the answer."""

    name: str
    kind: str
    label: str

    @property
    def is_number(self) -> bool:
        """Whether it counts something."""
        return self.kind == NUMBER


@dataclass(frozen=True)
class Figure:
    """One question; `audience` says who may see the answer, `personal` that small numbers may point at
    people, and `internal` that it asks the store of what is not public. `counted` is how the search index counts it."""

    name: str
    title: str
    explanation: str
    theme: str
    order: int
    language: str
    text: str = field(repr=False)
    parameters: Mapping[str, str]
    columns: tuple[Column, ...]
    picture: str
    drawn: tuple[str, ...]
    period: str = FREE
    audience: str = EVERYBODY
    personal: bool = False
    step: str = ""
    internal: bool = False
    counted: tuple[str, ...] = ()

    @property
    def measures(self) -> tuple[Column, ...]:
        """The columns that count."""
        return tuple(column for column in self.columns if column.is_number)

    def column(self, name: str) -> Column:
        """The column with this name; raises StopIteration when there is none."""
        return next(column for column in self.columns if column.name == name)

    def question(self, **values: Value) -> str:
        """The SPARQL with these values in it, and without what would leave the other parameters open.

        Raises ValueError for a value that does not fit.
        """
        terms = {name: str(TYPES[self.parameters[name]](value)) for name, value in values.items()}
        text = _narrowed(self.text, NARROW, terms[NARROW]) if NARROW in terms else self.text

        def guard(found: re.Match[str]) -> str:
            term = terms.get(found["name"])
            if term is None:
                return ""
            asked = _with(found["asked"], found["name"], term)
            pattern = _EXISTS.fullmatch(asked)
            return (
                f"{found['begin']}{{ SELECT * {{ {pattern['pattern']} }} }}\n"
                if pattern
                else (f"{found['begin']}FILTER ({asked})\n")
            )

        return _TOLD.sub("", _OPEN.sub("", _GUARD.sub(guard, text)))

    @property
    def plain(self) -> str:
        """The question as it stands, without what is told about it."""
        return _TOLD.sub("", self.text)


def _narrowed(text: str, name: str, term: str) -> str:
    """The question about few things: it begins with those, and looks the rest up one by one.

    What stood in a SELECT of its own stands there as it is.
    """
    block = re.compile(
        rf"^(?P<begin> *)VALUES \?{name} \{{ UNDEF \}}\n(?P<rest>(?:(?!VALUES \?{name} )[\s\S])*?)"
        rf" *FILTER \(!BOUND\(\?{name}\) \|\| EXISTS \{{ (?P<pattern>.*) \}}\)\n",
        re.MULTILINE,
    )
    text = _ALONE.sub(lambda found: f"{found['pattern']} .", text).replace("MINUS {", "FILTER NOT EXISTS {")
    return block.sub(
        lambda found: f"{found['begin']}{{ SELECT * {{ {_with(found['pattern'], name, term)} }} }}\n{found['rest']}",
        text,
    )


def _with(text: str, name: str, term: str) -> str:
    return re.sub(rf"\?{name}\b", lambda _: term, text)


def load_figures(root: Path) -> dict[str, Figure]:
    """All figures by name, in their order; raises ValueError naming the file that is not as it should be."""
    paths = [*(root / "queries" / "report").glob("*.rq"), *(root / "queries" / "report").glob("*.sql")]
    found = [load_figure(path) for path in paths if _is_figure(path)]
    return {one.name: one for one in sorted(found, key=lambda one: (one.theme, one.order, one.name))}


def load_figure(path: Path) -> Figure:
    """Read one file."""
    text = path.read_text(encoding="utf-8")
    told: dict[str, list[str]] = {}
    for found in _TOLD.finditer(text):
        told.setdefault(found["what"], []).append(found["text"])
    theme, order = told["thema"][0].rsplit(" ", 1)
    picture, *drawn = told["beeld"][0].split()
    figure = Figure(
        name=path.stem,
        title=text.partition("\n")[0].lstrip("#- "),
        explanation=told["uitleg"][0],
        theme=theme,
        order=int(order),
        language=SPARQL if path.suffix == ".rq" else SQL,
        text=text,
        parameters=dict(_pair(one) for one in told.get("param", ())),
        columns=tuple(_column(one) for one in told["kolom"]),
        picture=picture,
        drawn=tuple(drawn),
        period=told.get("periode", [FREE])[0],
        audience=told.get("voor", [EVERYBODY])[0],
        personal="personen" in told.get("privacy", ()),
        step=told.get("stap", [""])[0],
        internal="intern" in told.get("opslag", ()),
        counted=tuple(told.get("telt", [""])[0].split()),
    )
    _check(figure)
    return figure


def _is_figure(path: Path) -> bool:
    """Others ask for numbers too; a figure says so in its second line."""
    return path.read_text(encoding="utf-8").split("\n")[1].lstrip("#-").startswith("+ uitleg:")


def _check(figure: Figure) -> None:
    known = {column.name for column in figure.columns}
    if strange := {column.kind for column in figure.columns} - KINDS:
        raise ValueError(f"{figure.name}: no such kind of column: {', '.join(sorted(strange))}")
    if figure.picture not in (BARS, LINE, STACKED, TABLE) or not set(figure.drawn) <= known:
        raise ValueError(f"{figure.name}: the picture shows what is no column")
    if figure.audience not in (EVERYBODY, DESK) or figure.period not in (FREE, BEHIND, AHEAD):
        raise ValueError(f"{figure.name}: no such audience or period")
    if figure.internal and figure.audience != DESK:
        raise ValueError(f"{figure.name}: what is not public is not for everybody")
    mark = ":" if figure.language == SQL else "?"
    if lost := [name for name in figure.parameters if f"{mark}{name}" not in figure.text]:
        raise ValueError(f"{figure.name}: declared but not used: {', '.join(lost)}")


def _pair(text: str) -> tuple[str, str]:
    name, _, type = text.partition(": ")
    return name, type


def _column(text: str) -> Column:
    name, rest = _pair(text)
    kind, _, label = rest.partition(" ")
    return Column(name, kind, label)
