"""Whole numbers, and what only looks like one."""

import doctest

import pytest

from app.model import whole
from app.model.whole import whole_number


def test_the_examples_hold() -> None:
    assert doctest.testmod(whole).failed == 0


@pytest.mark.parametrize("text", ["1_000", " 1", "1 ", "+1", "1.0", "1e3", "0x1", "½", "①", "१", "1\n", "0" * 18 + "1"])
def test_what_python_itself_would_read_or_count_as_digits_is_no_number(text: str) -> None:
    assert whole_number(text) is None


def test_more_than_was_asked_for_is_none() -> None:
    assert (whole_number("12", 12), whole_number("13", 12)) == (12, None)
