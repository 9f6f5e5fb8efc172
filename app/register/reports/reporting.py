"""Answers to figures: for whom, about where and when, from which moment, and without small numbers that show people.

    reporter = Reporter(register, Sources(public, internal, finder), load_reports(root), later)
    wanted = Wanted(place=codelists.municipality("Gent"))
    answer = reporter.answer("verenigingen-per-soort", wanted, agent)
    answer.rows, answer.made, answer.is_whole

Associations are counted by the search index, which takes no time; other figures are asked of a store or the log. A slow
answer of those is kept, in the database, for every process; it says of when it is, and is made anew behind the reader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson

from app.errors import Unknown
from app.model.codelists import Municipality
from app.model.figures import DESK, NUMBER, SPARQL, Column, Figure, load_figures
from app.model.queries import Query, load_queries
from app.model.small_numbers import protect
from app.register.agents import MANAGER, Agent
from app.register.register import Register
from app.register.reports.kept import Asking, Kept
from app.register.reports.periods import Wanted, settled, without_gaps
from app.register.reports.quality import Aspect, load_aspects, weighed
from app.register.reports.tallies import Counting, Finder, hidden_in, tally
from app.register.reports.usage import FEWEST
from app.register.rights import Subject
from app.store.figures import Made, ask
from app.store.graphs.port import Graphs
from app.store.queues import count_tasks
from app.store.search.both import Both

ACTION = "SeeFigures"
NAMES = "report/namen"
IRI = "Iri"
HIDDEN = "verborgen"
STALE_AFTER = 2 * 365


@dataclass(frozen=True)
class Answer:
    """Rows under the columns of a figure; `question` is what was asked, and `made` when.

    `left_out` rows are without numbers, because those could point at people; `hidden` associations count that are not
    public.
    """

    figure: Figure
    columns: tuple[Column, ...]
    rows: list[tuple[Any, ...]] = field(repr=False)
    question: str = field(repr=False)
    wanted: Wanted
    made: str
    left_out: int = 0
    hidden: int = 0

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


@dataclass(frozen=True)
class Sources:
    """Where figures come from: the stores, and the search index as far as somebody may find what is in it."""

    public: Graphs
    internal: Graphs
    finder: Callable[[Agent | None], Finder]


@dataclass(frozen=True)
class _Asked:
    """What is asked, as it was settled, and for whom: `agent` is nobody where it is for everybody."""

    figure: Figure
    wanted: Wanted
    agent: Agent | None
    counting: Counting

    @property
    def finder(self) -> Finder:
        return self.counting.finder

    @property
    def reach(self) -> str:
        """What of what is hidden is counted, in words by which it is known."""
        return repr(self.finder.reach) if isinstance(self.finder, Both) else ""


class Reporter:
    """Answers figures; `later` has something done behind the reader, `fewest` visitors make a number worth showing."""

    def __init__(
        self,
        register: Register,
        sources: Sources,
        reports: Reports,
        later: Callable[[Callable[[], None]], None] = lambda work: work(),
        fewest: int = FEWEST,
    ) -> None:
        self.reports = reports
        self._register, self._sources, self._fewest = register, sources, fewest
        self._kept = Kept(register.log.database, register.clock, later)

    def figure(self, name: str) -> Figure:
        """The figure with this name; raises Unknown."""
        if name not in self.reports.figures:
            raise Unknown("Dit rapport bestaat niet.")
        return self.reports.figures[name]

    def may_see_all(self, agent: Agent | None, place: Municipality | None) -> bool:
        """Whether somebody sees what is not for everybody, about this municipality or about all."""
        subject = Subject(home=place.nis if place else None)
        return agent is not None and self._register.rights.may(agent, ACTION, subject)

    def answer(self, name: str, wanted: Wanted, agent: Agent | None = None, patience: float | None = None) -> Answer:
        """The answer that this agent may see; raises Unknown, or Forbidden for what is not for everybody.

        Raises NotYet when the first answer takes longer than so many seconds; it is then being made.
        """
        figure = self.figure(name)
        whole = self.may_see_all(agent, wanted.place)
        if figure.audience == DESK and not whole:
            self._refuse(agent, wanted)
        asked = self._asked(figure, wanted, agent if whole else None)
        asking = self._asking(asked)
        made = self._kept.at_once(asking) if figure.counted else self._kept.answer(asking, patience)
        return self._answer(asked, made)

    def prepare(self, anew: bool = True) -> int:
        """Make what is slow to make, about everything, for everybody and for who manages, and let go of what is old.

        Answers how many there were; not `anew` leaves those that are there.
        """
        manager = Agent("", "", MANAGER)
        figures = [figure for figure in self.reports.figures.values() if not figure.counted]
        askings = [
            self._asking(self._asked(figure, Wanted(), agent)) for figure in figures for agent in (None, manager)
        ]
        wanted = [asking for asking in askings if anew or not self._kept.is_there(asking)]
        for asking in wanted:
            self._kept.make(asking)
        self._kept.forget_old()
        return len(wanted)

    def _refuse(self, agent: Agent | None, wanted: Wanted) -> None:
        if agent is None:
            raise Unknown("Dit rapport is er enkel voor besturen. Meld u aan.")
        self._register.rights.check(agent, ACTION, Subject(home=wanted.place.nis if wanted.place else None))

    def _asked(self, figure: Figure, wanted: Wanted, agent: Agent | None) -> _Asked:
        today = self._register.today()
        wanted = settled(figure, wanted, today, agent is not None)
        old = today - timedelta(days=STALE_AFTER)
        return _Asked(
            figure, wanted, agent, Counting(self._sources.finder(agent), self._register.codelists, wanted, old)
        )

    def _asking(self, asked: _Asked) -> Asking:
        figure, (question, values) = asked.figure, self._question(asked)
        known = [figure.name, question, values, asked.reach]
        key = blake2b(orjson.dumps(known, option=orjson.OPT_SORT_KEYS), digest_size=24).hexdigest()

        def make() -> bytes:
            rows = self._rows(asked, question, values)
            return orjson.dumps([[row.get(column.name) for column in columns_of(figure)] for row in rows])

        return Asking(key, self._stand(asked), make, figure.language == SPARQL)

    def _question(self, asked: _Asked) -> tuple[str, dict[str, Any]]:
        """The question as it is asked, and the values that go with it: in SPARQL they stand in it already."""
        figure = asked.figure
        given = dict(_given(asked.wanted, asked.counting.old, figure.language == SPARQL))
        if figure.language == SPARQL:
            return figure.question(**{name: given[name] for name in figure.parameters if given.get(name)}), {}
        return figure.plain, {**given, "minstens": self._fewest}

    def _answer(self, asked: _Asked, made: Made) -> Answer:
        figure, columns = asked.figure, tuple(columns_of(asked.figure))
        rows = [tuple(row) for row in orjson.loads(made.rows)]
        if figure.personal and asked.agent is None:
            rows = protect(rows, [place for place, column in enumerate(columns) if column.is_number], self._fewest)
        left_out = sum(1 for row in rows if any(cell is None and columns[n].is_number for n, cell in enumerate(row)))
        hidden = len(hidden_in(asked.counting)) if figure.counted or _tells_of_hidden(figure) else 0
        question, _ = self._question(asked)
        return Answer(figure, columns, rows, question, asked.wanted, made.made, left_out, hidden)

    def _rows(self, asked: _Asked, question: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        figure = asked.figure
        if figure.counted:
            rows = tally(figure, asked.counting)
        elif figure.language == SPARQL:
            rows = [_typed(row, figure) for row in _found(self._store(asked).query(question))]
        else:
            rows = ask(self._register.log.database, question, {**values, HIDDEN: self._hidden(asked)})
        if figure.step == "kwaliteit":
            rows = weighed(rows, self._register.log, self.reports.aspects)
        for column in figure.columns:
            if column.kind == "ding" and not figure.counted:
                rows = self._named(rows, column, self._sources.internal if asked.agent else self._sources.public)
        return list(without_gaps(rows, figure, asked.wanted))

    def _hidden(self, asked: _Asked) -> list[str]:
        """The IRIs of what is counted and hidden."""
        if not _tells_of_hidden(asked.figure):
            return []
        type = self._register.tools.type
        return [str(type.iri(code)) for code in hidden_in(asked.counting)]

    def _named(self, rows: Sequence[dict[str, Any]], column: Column, store: Graphs) -> list[dict[str, Any]]:
        """The same with the name of each thing, and its IRI beside that."""
        iris = sorted({row[column.name] for row in rows})
        names = {}
        if iris:
            found = _found(store.query(self.reports.names.bind(ding=iris)))
            names = {row["ding"]: row["naam"] for row in found}
        return [
            {**row, column.name: names.get(row[column.name], row[column.name].rpartition("/")[2]),
             f"{column.name}{IRI}": row[column.name]}
            for row in rows
        ]  # fmt: skip

    def _store(self, asked: _Asked) -> Graphs:
        return self._sources.internal if asked.figure.internal else self._sources.public

    def _stand(self, asked: _Asked) -> str:
        """What an answer depends on; a question that was decided leaves no version behind."""
        figure, log = asked.figure, self._register.log
        if figure.counted:
            stand = asked.finder.sequence()
        else:
            stand = self._store(asked).applied() if figure.language == SPARQL else log.head()
        return f"{stand} {sum(count_tasks(log).values())}" if figure.step else str(stand)


def _tells_of_hidden(figure: Figure) -> bool:
    return f":{HIDDEN}" in figure.text


def columns_of(figure: Figure) -> Iterator[Column]:
    """The columns of the answer: beside the name of a thing stands its IRI."""
    for column in figure.columns:
        yield column
        if column.kind == "ding":
            yield Column(f"{column.name}{IRI}", "iri", f"{column.label} (IRI)")


def _given(wanted: Wanted, old: date, as_iris: bool) -> Iterator[tuple[str, str]]:
    place = wanted.place
    yield "gemeente", (place.iri if as_iris else place.nis) if place else ""
    yield "bestuur", (place.unit or "-") if place else ""
    yield "activiteit", wanted.activity.iri if wanted.activity else ""
    yield "soort", wanted.type.iri if wanted.type else ""
    yield "van", wanted.first.isoformat() if wanted.first else ""
    yield "tot", wanted.last.isoformat() if wanted.last else ""
    yield "grens", old.isoformat()


def _found(answer: bytes) -> Iterator[dict[str, str]]:
    for row in orjson.loads(answer)["results"]["bindings"]:
        yield {name: term["value"] for name, term in row.items()}


def _typed(row: Mapping[str, str], figure: Figure) -> dict[str, Any]:
    numbers = {column.name for column in figure.columns if column.kind == NUMBER}
    return {name: int(value) if name in numbers else value for name, value in row.items()}
