"""Constraints on all values of one focus node together: https://www.w3.org/TR/shacl/#core-components."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import Any

from app.model.graph import IRI, Literal, Term
from app.model.shacl.core import Data, SetTest, Shape
from app.model.shacl.literals import is_before
from app.model.terms import SH

Compiler = Any
NOTHING: tuple[Term | None, ...] = ()
ONE: tuple[Term | None, ...] = (None,)


def _unique_lang(compiler: Compiler, shape: Shape, wanted: Term) -> SetTest:
    if wanted.value not in ("true", "1"):
        return lambda focus, values, data: NOTHING

    def test(focus: Term, values: Collection[Term], data: Data) -> Sequence[Term | None]:
        tags = [value.language.lower() for value in values if isinstance(value, Literal) and value.language]
        return (None,) * sum(1 for count in Counter(tags).values() if count > 1)

    return test


def _has_value(compiler: Compiler, shape: Shape, wanted: Term) -> SetTest:
    return lambda focus, values, data: NOTHING if wanted in values else ONE


def _less_than(or_equal: bool) -> Callable[[Compiler, Shape, Term], SetTest]:
    def build(compiler: Compiler, shape: Shape, other: Term) -> SetTest:
        assert isinstance(other, IRI)

        def test(focus: Term, values: Collection[Term], data: Data) -> Sequence[Term | None]:
            others = data.values(focus, other)
            return [v for v in values for o in others if not is_before(v, o, or_equal=or_equal)] if others else NOTHING

        return test

    return build


def qualified_min(inner: Shape, least: int) -> SetTest:
    """At least so many values that conform to the inner shape."""
    return lambda focus, values, data: ONE if sum(inner.conforms(v, data) for v in values) < least else NOTHING


def qualified_max(inner: Shape, most: int) -> SetTest:
    """At most so many values that conform to the inner shape."""

    def test(focus: Term, values: Collection[Term], data: Data) -> Sequence[Term | None]:
        few = len(values) <= most
        return NOTHING if few or sum(inner.conforms(v, data) for v in values) <= most else ONE

    return test


SETS: dict[IRI, tuple[str, Callable[[Compiler, Shape, Term], SetTest]]] = {
    SH.hasValue: ("HasValueConstraintComponent", _has_value),
    SH.uniqueLang: ("UniqueLangConstraintComponent", _unique_lang),
    SH.lessThan: ("LessThanConstraintComponent", _less_than(or_equal=False)),
    SH.lessThanOrEquals: ("LessThanOrEqualsConstraintComponent", _less_than(or_equal=True)),
}
