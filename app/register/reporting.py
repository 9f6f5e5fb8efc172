"""Answers to figures: for whom, about where and when, from which moment, and without small numbers that show people.

    reporter = Reporter(register, public, load_reports(root), later)
    wanted = Wanted(place=codelists.municipality("Gent"))
    answer = reporter.answer("verenigingen-per-soort", wanted, agent)
    answer.rows, answer.made, answer.is_whole

A slow answer is kept, in the database, for every process; it says of when it is, and is made anew behind the reader.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from time import perf_counter
from typing import Any

import orjson

from app.errors import Unavailable, Unknown
from app.model.codelists import Concept, Municipality
from app.model.figures import AHEAD, BEHIND, DESK, NUMBER, SPARQL, Column, Figure, load_figures
from app.model.queries import Query, load_queries
from app.model.small_numbers import protect
from app.register.agents import Agent
from app.register.quality import Aspect, load_aspects, weighed
from app.register.register import Register
from app.register.rights import Subject
from app.register.usage import FEWEST
from app.store.figures import Made, ask, find_answer, forget_answers, keep_answer
from app.store.graphs import Graphs
from app.store.queues import count_tasks
from app.store.times import iso

ACTION = "SeeFigures"
NAMES = "report/namen"
IRI = "Iri"
# What takes longer is kept; what is kept is shown for so long without asking anew, and so long while it is made anew.
SLOW, FRESH, KEPT = 200, timedelta(minutes=10), timedelta(days=8)
REMEMBERED = 500
STALE_AFTER = 2 * 365


@dataclass(frozen=True)
class Wanted:
    """About where, what and when; what is None is left open."""

    place: Municipality | None = None
    activity: Concept | None = None
    type: Concept | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Answer:
    """Rows under the columns of a figure; `question` is what was asked, `made` when, and `left_out` how many rows are
    without numbers because those could point at people."""

    figure: Figure
    columns: tuple[Column, ...]
    rows: list[tuple[Any, ...]] = field(repr=False)
    question: str = field(repr=False)
    wanted: Wanted
    made: str
    left_out: int = 0

    def place_of(self, name: str) -> int:
        """Where a column stands in each row."""
        return next(place for place, column in enumerate(self.columns) if column.name == name)


@dataclass(frozen=True)
class Reports:
    """What there is to ask, as files say it."""

    figures: Mapping[str, Figure]
    names: Query
    aspects: tuple[Aspect, ...]


def load_reports(root: Path) -> Reports:
    """The figures, and what goes with them."""
    return Reports(load_figures(root), load_queries(root)[NAMES], load_aspects(root))


class Reporter:
    """Answers figures from the public store and the log; `later` has something done behind the reader."""

    def __init__(
        self,
        register: Register,
        public: Graphs,
        reports: Reports,
        later: Callable[[Callable[[], None]], None] = lambda work: work(),
        fewest: int = FEWEST,
        internal: Graphs | None = None,
    ) -> None:
        self.reports = reports
        self._internal = internal
        self._register, self._public, self._later, self._fewest = register, public, later, fewest
        self._remembered: dict[str, Made] = {}
        self._making: set[str] = set()
        self._lock = threading.Lock()

    def figure(self, name: str) -> Figure:
        """The figure with this name; raises Unknown."""
        if name not in self.reports.figures:
            raise Unknown("Dit rapport bestaat niet.")
        return self.reports.figures[name]

    def may_see_all(self, agent: Agent | None, place: Municipality | None) -> bool:
        """Whether somebody sees what is not for everybody, about this municipality or about all."""
        subject = Subject(home=place.nis if place else None)
        return agent is not None and self._register.rights.may(agent, ACTION, subject)

    def answer(self, name: str, wanted: Wanted, agent: Agent | None = None) -> Answer:
        """The answer that this agent may see; raises Unknown, or Forbidden for what is not for everybody."""
        figure = self.figure(name)
        whole = self.may_see_all(agent, wanted.place)
        if figure.audience == DESK and not whole:
            self._refuse(agent, wanted)
        wanted = settled(figure, wanted, self._register.today(), whole)
        question, values = self._question(figure, wanted)
        made = self._made(figure, question, values)
        columns = tuple(columns_of(figure))
        rows = [tuple(row) for row in orjson.loads(made.rows)]
        if figure.personal and not whole:
            rows = protect(rows, [place for place, column in enumerate(columns) if column.is_number], self._fewest)
        left_out = sum(1 for row in rows if any(cell is None and columns[n].is_number for n, cell in enumerate(row)))
        return Answer(figure, columns, rows, question, wanted, made.made, left_out)

    def prepare(self) -> int:
        """Make anew what is slow to make, about everything, and let go of what is old; answers how many there were."""
        for figure in self.reports.figures.values():
            for whole in {True, not figure.personal}:
                wanted = settled(figure, Wanted(), self._register.today(), whole)
                question, values = self._question(figure, wanted)
                self._make(figure, question, values)
        forget_answers(self._register.log.database, iso(self._register.clock() - KEPT))
        return len(self.reports.figures)

    def _refuse(self, agent: Agent | None, wanted: Wanted) -> None:
        if agent is None:
            raise Unknown("Dit rapport is er enkel voor besturen. Meld u aan.")
        self._register.rights.check(agent, ACTION, Subject(home=wanted.place.nis if wanted.place else None))

    def _question(self, figure: Figure, wanted: Wanted) -> tuple[str, dict[str, str | int]]:
        """The question as it is asked, and the values that go with it: in SPARQL they stand in it already."""
        given = dict(_given(wanted, self._register.today(), figure.language == SPARQL))
        if figure.language == SPARQL:
            return figure.question(**{name: given[name] for name in figure.parameters if given.get(name)}), {}
        return figure.plain, {**given, "minstens": self._fewest}

    def _made(self, figure: Figure, question: str, values: Mapping[str, str | int]) -> Made:
        key = _key(figure, question, values)
        with self._lock:
            known = self._remembered.get(key)
        stand = self._stand(figure)
        if known is not None and known.stand == stand and figure.language == SPARQL:
            return known
        known = known if known and known.milliseconds >= SLOW else find_answer(self._register.log.database, key)
        if known is None or known.milliseconds < SLOW:
            return self._make(figure, question, values)
        if known.stand != stand and self._register.clock() - datetime.fromisoformat(known.made) > FRESH:
            self._make_later(key, figure, question, values)
        return known

    def _make_later(self, key: str, figure: Figure, question: str, values: Mapping[str, str | int]) -> None:
        with self._lock:
            if key in self._making:
                return
            self._making.add(key)

        def work() -> None:
            try:
                self._make(figure, question, values)
            finally:
                with self._lock:
                    self._making.discard(key)

        self._later(work)

    def _make(self, figure: Figure, question: str, values: Mapping[str, str | int]) -> Made:
        stand, started = self._stand(figure), perf_counter()
        found = self._ask(figure, question, values)
        took = round((perf_counter() - started) * 1000)
        rows = orjson.dumps([[row.get(column.name) for column in columns_of(figure)] for row in found])
        made = Made(_key(figure, question, values), iso(self._register.clock()), stand, took, rows)
        with self._lock:
            self._remembered[made.key] = made
            while len(self._remembered) > REMEMBERED:
                del self._remembered[next(iter(self._remembered))]
        if took >= SLOW:
            keep_answer(self._register.log.database, made)
        return made

    def _ask(self, figure: Figure, question: str, values: Mapping[str, str | int]) -> list[dict[str, Any]]:
        if figure.language == SPARQL:
            rows = [_typed(row, figure) for row in _rows(self._store(figure).query(question))]
        else:
            rows = ask(self._register.log.database, question, values)
        if figure.step == "kwaliteit":
            rows = weighed(rows, self._register.log, self.reports.aspects)
        for column in figure.columns:
            if column.kind == "ding":
                rows = self._named(rows, column)
        return list(without_gaps(rows, figure))

    def _named(self, rows: Sequence[dict[str, Any]], column: Column) -> list[dict[str, Any]]:
        """The same with the name of each thing, and its IRI beside that."""
        iris = sorted({row[column.name] for row in rows})
        names = {}
        if iris:
            found = _rows(self._public.query(self.reports.names.bind(ding=iris)))
            names = {row["ding"]: row["naam"] for row in found}
        return [
            {**row, column.name: names.get(row[column.name], row[column.name].rpartition("/")[2]),
             f"{column.name}{IRI}": row[column.name]}
            for row in rows
        ]  # fmt: skip

    def _store(self, figure: Figure) -> Graphs:
        if not figure.internal:
            return self._public
        if self._internal is None:
            raise Unavailable("De opslag van wat niet openbaar is, is hier niet open.")
        return self._internal

    def _stand(self, figure: Figure) -> str:
        """What an answer depends on; a question that was decided leaves no version behind."""
        stand = str(self._store(figure).applied()) if figure.language == SPARQL else str(self._register.log.head())
        return f"{stand} {sum(count_tasks(self._register.log).values())}" if figure.step else stand


def columns_of(figure: Figure) -> Iterator[Column]:
    """The columns of the answer: beside the name of a thing stands its IRI."""
    for column in figure.columns:
        yield column
        if column.kind == "ding":
            yield Column(f"{column.name}{IRI}", "iri", f"{column.label} (IRI)")


def settled(figure: Figure, wanted: Wanted, today: date, whole: bool) -> Wanted:
    """What is asked, with the period of the figure where none was given, and without what the figure does not know.

    What may show people is answered to everybody about all of Flanders alone, and over the last twelve months that are
    complete: who could ask for parts could take one from another.
    """
    if figure.personal and not whole:
        return Wanted(first=_month(today, -12), last=_month(today, 0) - timedelta(days=1))
    known = figure.parameters
    first, last = (wanted.first, wanted.last) if "van" in known else (None, None)
    if figure.period == BEHIND:
        first, last = first or _month(today, -11), last or today
    elif figure.period == AHEAD:
        first, last = first or today, last or _month(today, 13) - timedelta(days=1)
    kept = {"place": "gemeente", "activity": "activiteit", "type": "soort"}
    dropped = {name: None for name, parameter in kept.items() if parameter not in known}
    return replace(wanted, first=first, last=last, **dropped)


def without_gaps(rows: Sequence[dict[str, Any]], figure: Figure) -> Iterator[dict[str, Any]]:
    """The rows, with a row of zeroes for each month or year between the first and the last that has none."""
    axis = figure.columns[0]
    if axis.kind not in ("maand", "jaar") or not rows:
        yield from rows
        return
    known = {str(row[axis.name]): row for row in rows}
    zeroes = {column.name: 0 for column in figure.measures}
    for moment in _between(min(known), max(known), axis.kind):
        yield {**zeroes, **known.get(moment, {}), axis.name: moment}


def _between(first: str, last: str, kind: str) -> Iterator[str]:
    if kind == "jaar":
        yield from (str(year) for year in range(int(first), int(last) + 1))
        return
    moment = date.fromisoformat(f"{first}-01")
    while moment.isoformat()[:7] <= last:
        yield moment.isoformat()[:7]
        moment = _month(moment, 1)


def _month(day: date, more: int) -> date:
    """The first day of the month that is so many further.

    >>> _month(date(2026, 11, 26), -11), _month(date(2026, 11, 26), 2)
    (datetime.date(2025, 12, 1), datetime.date(2027, 1, 1))
    """
    months = day.year * 12 + day.month - 1 + more
    return date(months // 12, months % 12 + 1, 1)


def _given(wanted: Wanted, today: date, as_iris: bool) -> Iterator[tuple[str, str]]:
    place = wanted.place
    yield "gemeente", (place.iri if as_iris else place.nis) if place else ""
    yield "bestuur", (place.unit or "-") if place else ""
    yield "activiteit", wanted.activity.iri if wanted.activity else ""
    yield "soort", wanted.type.iri if wanted.type else ""
    yield "van", wanted.first.isoformat() if wanted.first else ""
    yield "tot", wanted.last.isoformat() if wanted.last else ""
    yield "grens", (today - timedelta(days=STALE_AFTER)).isoformat()


def _rows(answer: bytes) -> Iterator[dict[str, str]]:
    for row in orjson.loads(answer)["results"]["bindings"]:
        yield {name: term["value"] for name, term in row.items()}


def _typed(row: Mapping[str, str], figure: Figure) -> dict[str, Any]:
    numbers = {column.name for column in figure.columns if column.kind == NUMBER}
    return {name: int(value) if name in numbers else value for name, value in row.items()}


def _key(figure: Figure, question: str, values: Mapping[str, str | int]) -> str:
    said = orjson.dumps([figure.name, question, dict(values)], option=orjson.OPT_SORT_KEYS)
    return blake2b(said, digest_size=24).hexdigest()
