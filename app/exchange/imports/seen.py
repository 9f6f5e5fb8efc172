"""What an import has met so far in one list: which associations, and under which names."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b

from app.exchange.spreadsheet.draft import Draft
from app.exchange.spreadsheet.values import NEW


@dataclass
class Seen:
    """Rows by association and by name, as small numbers: 100,000 rows take some 20 MB.

    `fresh` has what was added since it was last emptied, to be kept with the rows it came from.
    """

    rows: dict[int, int] = field(default_factory=dict, repr=False)
    fresh: list[tuple[int, int]] = field(default_factory=list, repr=False)

    def row_of(self, code: str) -> int | None:
        """The earlier row about this association."""
        return self.rows.get(_small(code))

    def key_of(self, draft: Draft) -> str:
        """The name of a row; one that is new by decision has one that no other row of the list has."""
        if draft.decision != NEW:
            return draft.key
        number = 1
        while _small(f"{draft.key}|{number}") in self.rows:
            number += 1
        return f"{draft.key}|{number}"

    def add(self, row: int, code: str, key: str) -> None:
        """Remember the row."""
        for text in (code, key):
            self._add(_small(text), row)

    def restore(self, known: list[tuple[int, int]]) -> None:
        """Take over what an interrupted import had met."""
        self.rows.update(known)

    def take_fresh(self) -> list[tuple[int, int]]:
        """What was seen since the last time that this was asked."""
        fresh, self.fresh = self.fresh, []
        return fresh

    def _add(self, small: int, row: int) -> None:
        self.rows[small] = row
        self.fresh.append((small, row))


def _small(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=7).digest())
