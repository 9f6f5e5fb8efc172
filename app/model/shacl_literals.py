"""Literals as SHACL sees them: is the text one of its datatype, and which of two values comes first."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from app.model.graph import IRI, Literal, Term
from app.model.terms import RDF, XSD

_INTEGER = re.compile(r"[+-]?[0-9]+\Z")
_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)\Z")
_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2})?\Z")
_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?\Z")


def _is_date(text: str) -> bool:
    match = _DATE.match(text)
    return match is not None and _is_iso(date.fromisoformat, match[1])


def _is_time(text: str) -> bool:
    match = _TIME.match(text)
    return match is not None and _is_iso(date.fromisoformat, match[1]) and _is_iso(time.fromisoformat, match[2])


def _is_iso(parse: Callable[[str], Any], text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


def _is_any(text: str) -> bool:
    return True


LEXICAL: dict[IRI, Callable[[str], bool]] = {
    XSD.string: _is_any,
    XSD.anyURI: _is_any,
    RDF.langString: _is_any,
    XSD.boolean: frozenset(("true", "false", "1", "0")).__contains__,
    XSD.integer: lambda text: _INTEGER.match(text) is not None,
    XSD.decimal: lambda text: _DECIMAL.match(text) is not None,
    XSD.date: _is_date,
    XSD.dateTime: _is_time,
}
"""Per datatype whether a text is a value of it; a shape with another datatype goes to the general engine."""

_KEYS: dict[IRI, Callable[[str], tuple[str, Any]]] = {
    XSD.string: lambda text: ("text", text),
    XSD.integer: lambda text: ("number", int(text)),
    XSD.decimal: lambda text: ("number", float(text)),
    XSD.date: lambda text: ("date", date.fromisoformat(text[:10])),
    XSD.dateTime: lambda text: ("time", datetime.fromisoformat(text)),
}


def order_key(term: Term) -> tuple[str, Any] | None:
    """A key to compare by, with its value space first; None when the term has no order or is ill-typed."""
    if not isinstance(term, Literal) or term.datatype not in _KEYS or not LEXICAL[term.datatype](term.value):
        return None
    return _KEYS[term.datatype](term.value)


def is_before(first: Term, second: Term, *, or_equal: bool) -> bool:
    """Whether two literals can be compared and the first is less than (or equal to) the second."""
    a, b = order_key(first), order_key(second)
    if a is None or b is None or a[0] != b[0]:
        return False
    try:
        return bool(a[1] < b[1] or (or_equal and a[1] == b[1]))
    except TypeError:  # a time with and one without a zone
        return False
