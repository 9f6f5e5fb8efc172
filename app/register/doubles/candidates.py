"""Possible duplicates of an association in the register, seen from inside one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.register.doubles.duplicates import Match, possible
from app.register.doubles.traits import Traits, from_summary, lookups_of
from app.store.transaction import Transaction

MOST = 10


@dataclass
class Candidates:
    """Looks up and compares; what was read once in a transaction is not parsed twice."""

    transaction: Transaction
    _parsed: dict[bytes, Traits] = field(default_factory=dict, repr=False)

    def of(self, traits: Traits, besides: Iterable[str] = ()) -> list[tuple[str, Match]]:
        """The codes of possible duplicates of (sealed) `traits`, likeliest first, without those in `besides`."""
        found = []
        left_out = set(besides)
        for entity, summary in self.transaction.summaries(lookups_of(traits)).items():
            code = entity.rpartition("/")[2]
            if code not in left_out and (match := possible(traits, self._traits(summary))):
                found.append((code, match))
        return sorted(found, key=lambda each: (-each[1].score, each[0]))[:MOST]

    def _traits(self, summary: bytes) -> Traits:
        if summary not in self._parsed:
            self._parsed[summary] = from_summary(summary)[0]
        return self._parsed[summary]
