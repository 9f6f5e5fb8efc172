"""What was measured, beside whom, as lines of one table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

HEADERS = ("wat", "wij", "eenheid", "buur", "die buur", "verhouding")
WIDTH = 132


@dataclass(frozen=True)
class Line:
    """One figure; `theirs` is that of the peer on the same data in the same run, None where nobody does the same."""

    what: str
    ours: float
    unit: str
    peer: str = ""
    theirs: float | None = None
    less_is_better: bool = False

    @property
    def ratio(self) -> float | None:
        """How many times as good as the peer: above 1 we are better, whichever way the unit counts.

        >>> Line("start", 2.0, "s", "virtuoso", 4.0, less_is_better=True).ratio
        2.0
        """
        if not self.theirs or not self.ours:
            return None
        return self.theirs / self.ours if self.less_is_better else self.ours / self.theirs


def show(title: str, lines: Iterable[Line]) -> None:
    """Print a table; long names are not broken off."""
    table = Table(title=title, title_justify="left")
    for number, header in enumerate(HEADERS):
        table.add_column(header, justify="right" if number in (1, 4, 5) else "left", overflow="fold")
    for line in lines:
        theirs = "" if line.theirs is None else written(line.theirs)
        ratio = "" if line.ratio is None else f"{line.ratio:.2f}"
        table.add_row(line.what, written(line.ours), line.unit, line.peer, theirs, ratio)
    Console(width=WIDTH).print(table)


def written(number: float) -> str:
    """
    >>> written(12345.6), written(3.14159), written(0.00123)
    ('12.346', '3,14', '0,0012')
    """
    digits = 0 if abs(number) >= 100 else 2 if abs(number) >= 0.1 else 4
    return f"{number:,.{digits}f}".translate(str.maketrans(",.", ".,"))
