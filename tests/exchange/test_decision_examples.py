"""The examples in the docstrings of what reads, ties and makes decisions."""

from __future__ import annotations

import doctest
from types import ModuleType

import pytest

from app.exchange import (
    decision_terms,
    decision_values,
    publication_wording,
    rdfa_literals,
    rdfa_names,
    rdfa_repair,
    rdfa_spellings,
)
from app.register import decision_names, decisions, linking, regulation_links

MODULES = [
    decision_names, decision_terms, decision_values, decisions, linking, publication_wording, rdfa_literals, rdfa_names,
    rdfa_repair, rdfa_spellings, regulation_links,
]  # fmt: skip


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_the_examples_hold(module: ModuleType) -> None:
    tried = doctest.testmod(module)
    assert (tried.failed, tried.attempted > 0) == (0, True)
