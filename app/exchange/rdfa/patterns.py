"""Property copying: https://www.w3.org/TR/html-rdfa/#property-copying."""

from __future__ import annotations

from collections import defaultdict

from app.exchange.rdfa.statements import RDFA, TYPE, Statement

COPY, PATTERN = RDFA + "copy", RDFA + "Pattern"


def copy_patterns(statements: list[Statement]) -> list[Statement]:
    """The statements with what patterns say put where they are copied to, and without the patterns themselves."""
    patterns = {s.subject for s in statements if s.predicate == TYPE and s.object == PATTERN}
    copies = [s for s in statements if s.predicate == COPY and s.object in patterns]
    if not copies:
        return statements
    said: dict[str, dict[Statement, None]] = defaultdict(dict)
    for statement in statements:
        said[statement.subject][statement] = None
    while copies:
        copies = _copied(said, copies, patterns)
    used = {s.object for of_one in said.values() for s in of_one if _is_copy(s, patterns)}
    every = (statement for of_one in said.values() for statement in of_one)
    return [s for s in every if s.subject not in used and not _is_copy(s, patterns)]


def _copied(said: dict[str, dict[Statement, None]], copies: list[Statement], patterns: set[str]) -> list[Statement]:
    """Carry out these copies; answers those that they brought along."""
    brought = []
    for copy in copies:
        for statement in list(said[str(copy.object)]):
            own = statement._replace(subject=copy.subject)
            if statement.object != PATTERN and own not in said[copy.subject]:
                said[copy.subject][own] = None
                brought += [own] if _is_copy(own, patterns) else []
    return brought


def _is_copy(statement: Statement, patterns: set[str]) -> bool:
    return statement.predicate == COPY and statement.object in patterns
