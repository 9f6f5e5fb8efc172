"""Recall and precision on lists that neither words nor weights were tuned on; `tests/bench/duplicates.py` asks more."""

from __future__ import annotations

from app.register.register import Register
from tests.bench.duplicates import accuracy


def test_doubles_are_found_and_strangers_left_alone(register: Register) -> None:
    tally = accuracy(register, seed=90210, size=200, places=("Gent", "Aalter", "Kortrijk"))
    assert tally.asked == 600
    assert tally.recall >= 0.97, tally
    assert tally.precision >= 0.95, tally
