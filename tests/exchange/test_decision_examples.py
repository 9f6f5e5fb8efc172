"""The examples in the docstrings of what reads, ties and makes decisions."""

from __future__ import annotations

import doctest
from types import ModuleType

import pytest

from app.exchange.decisions import terms as decision_terms
from app.exchange.decisions import values as decision_values
from app.exchange.publication import wording as publication_wording
from app.exchange.rdfa import literals as rdfa_literals
from app.exchange.rdfa import names as rdfa_names
from app.exchange.rdfa import repair as rdfa_repair
from app.exchange.rdfa import spellings as rdfa_spellings
from app.register.decisions import conduct as decisions
from app.register.decisions import linking, regulation_links
from app.register.decisions import names as decision_names

MODULES = [
    decision_names, decision_terms, decision_values, decisions, linking, publication_wording, rdfa_literals, rdfa_names,
    rdfa_repair, rdfa_spellings, regulation_links,
]  # fmt: skip


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_the_examples_hold(module: ModuleType) -> None:
    tried = doctest.testmod(module)
    assert (tried.failed, tried.attempted > 0) == (0, True)
