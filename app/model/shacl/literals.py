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
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?\Z")


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
    XSD.time: lambda text: _CLOCK.match(text) is not None,
}
"""Per datatype whether a text is a value of it; a shape with another datatype goes to the general engine."""

_KEYS: dict[IRI, Callable[[str], tuple[str, Any]]] = {
    XSD.string: lambda text: ("text", text),
    XSD.integer: lambda text: ("number", int(text)),
    XSD.decimal: lambda text: ("number", float(text)),
    XSD.date: lambda text: ("date", date.fromisoformat(text[:10])),
    XSD.dateTime: lambda text: ("time", datetime.fromisoformat(text)),
    XSD.time: lambda text: ("clock", time.fromisoformat(text)),
}


Key = tuple[str, Any]


def order_key(term: Term) -> Key | None:
    """A key to compare by, with its value space first; None when the term has no order or is ill-typed."""
    if not isinstance(term, Literal):
        return None
    datatype, text = term.datatype, term.value
    if datatype not in _KEYS or not LEXICAL[datatype](text):
        return None
    return _KEYS[datatype](text)


def keys_in_order(first: Key | None, second: Key | None, or_equal: bool) -> bool:
    """Whether both are keys of one value space and the first comes before the second, or is the same."""
    if first is None or second is None or first[0] != second[0]:
        return False
    try:
        return bool(first[1] < second[1] or (or_equal and first[1] == second[1]))
    except TypeError:  # a time with and one without a zone
        return False


def is_before(first: Term, second: Term, *, or_equal: bool) -> bool:
    """Whether two literals can be compared and the first is less than (or equal to) the second."""
    return keys_in_order(order_key(first), order_key(second), or_equal)
