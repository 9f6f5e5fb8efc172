"""What became of each row, without any value of it: row, column, sentence. Kept on disk, so that a list may be long."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any

import orjson

from app.exchange.spreadsheet.draft import CellProblem
from app.exchange.spreadsheet.headers import Recognition

IN_MEMORY = 4 * 2**20


class Result(StrEnum):
    """How a row ends; one that is no association is passed over."""

    REGISTERED = "geregistreerd"
    CHANGED = "gewijzigd"
    UNCHANGED = "ongewijzigd"
    REFUSED = "geweigerd"
    REFERRED = "voorgelegd"
    SKIPPED = "overgeslagen"


RESULTS = tuple(Result)


@dataclass(frozen=True)
class RowOutcome:
    """The end of one row: `problems` say why, `remarks` what else the clerk should know."""

    row: int
    result: Result
    code: str = ""
    problems: tuple[CellProblem, ...] = ()
    remarks: tuple[CellProblem, ...] = ()

    def to_json(self) -> list[Any]:
        """As one line of the report on disk."""
        return [self.row, RESULTS.index(self.result), self.code, _pairs(self.problems), _pairs(self.remarks)]

    @staticmethod
    def from_json(value: Sequence[Any]) -> RowOutcome:
        """Out of such a line."""
        row, result, code, problems, remarks = value
        return RowOutcome(row, RESULTS[result], code, _problems(problems), _problems(remarks))


def _pairs(problems: Iterable[CellProblem]) -> list[list[Any]]:
    return [[problem.column, problem.message] for problem in problems]


def _problems(pairs: Iterable[Sequence[Any]]) -> tuple[CellProblem, ...]:
    return tuple(CellProblem(column, message) for column, message in pairs)


@dataclass
class ImportReport:
    """The outcome of an import; to be closed, or used in a `with`. `code_title` is the header of the codes."""

    path: Path
    municipality: str
    dry_run: bool
    recognition: Recognition
    resumed_after: int = 0
    plural: str = "verenigingen"
    code_title: str = "V-code"
    counts: Counter[Result] = field(default_factory=Counter)
    _lines: tempfile.SpooledTemporaryFile[bytes] = field(
        default_factory=lambda: tempfile.SpooledTemporaryFile(IN_MEMORY),  # noqa: SIM115
        repr=False,
    )

    @property
    def rows(self) -> int:
        """How many associations were in the list."""
        return sum(count for result, count in self.counts.items() if result is not Result.SKIPPED)

    def add(self, outcomes: Iterable[RowOutcome]) -> None:
        """Count these and keep them."""
        self._lines.seek(0, 2)
        for outcome in outcomes:
            self.counts[outcome.result] += 1
            self._lines.write(orjson.dumps(outcome.to_json()) + b"\n")

    def outcomes(self) -> Iterator[RowOutcome]:
        """The rows in the order of the list; one reading at a time."""
        self._lines.seek(0)
        return (RowOutcome.from_json(orjson.loads(line)) for line in self._lines)

    def close(self) -> None:
        """Let go of the file that holds the rows."""
        self._lines.close()

    def __enter__(self) -> ImportReport:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()
