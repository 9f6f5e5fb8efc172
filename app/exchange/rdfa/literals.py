"""Values as their datatype wants them, mended where there is one way to read them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime

from app.exchange.rdfa.statements import XSD

_BELGIAN_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\Z")
_MOMENT = re.compile(
    r"(?P<day>\d{4}-\d{1,2}-\d{1,2})(?:[T ](?P<hour>\d{1,2}):(?P<minute>\d{1,2})"
    r"(?::(?P<second>\d{1,2})(?P<part>\.\d+)?)?\s*(?P<zone>Z|[+-]\d{2}(?::?\d{2})?)?)?\Z",
    re.IGNORECASE,
)
_BOOLEANS = {"true": "true", "1": "true", "ja": "true", "false": "false", "0": "false", "nee": "false"}


def mend(value: str, datatype: str) -> str | None:
    """The lexical form that `value` means in this datatype; None when it means none. Others stay as they are.

    >>> mend("True", XSD + "boolean"), mend("1/3/2024", XSD + "date"), mend("gisteren", XSD + "date")
    ('true', '2024-03-01', None)
    >>> mend("2024-03-01 20:00", XSD + "dateTime"), mend("2024-03-01T20:00:00+02", XSD + "dateTime")
    ('2024-03-01T20:00:00', '2024-03-01T20:00:00+02:00')
    """
    mender = MENDERS.get(datatype)
    return value if mender is None else mender(value.strip())


def _boolean(value: str) -> str | None:
    return value if value in ("1", "0") else _BOOLEANS.get(value.lower())


def _integer(value: str) -> str | None:
    return value if re.fullmatch(r"[+-]?\d{1,18}", value) else None


def _day(value: str) -> str | None:
    """A date; of a moment its day, and of 1/3/2024 the first of March, as everybody in Flanders reads it."""
    belgian = _BELGIAN_DAY.match(value)
    if belgian:
        return _iso(belgian[3], belgian[2], belgian[1])
    found = _MOMENT.match(value)
    return _iso(*found["day"].split("-")) if found else None


def _iso(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _moment(value: str) -> str | None:
    """A moment; the parts that are missing are zeroes, and a zone gets its colon."""
    found = _MOMENT.match(value)
    day = _day(value)
    if found is None or day is None:
        return None
    clock = ":".join(f"{int(found[part] or 0):02}" for part in ("hour", "minute", "second"))
    zone = (found["zone"] or "").upper()
    if len(zone) > 1:
        zone = f"{zone[:3]}:{zone[-2:] if len(zone) > 3 else '00'}"
    try:
        datetime.fromisoformat(f"{day}T{clock}{zone}")
    except ValueError:
        return None
    return f"{day}T{clock}{found['part'] or ''}{zone}"


MENDERS: dict[str, Callable[[str], str | None]] = {
    XSD + "boolean": _boolean,
    XSD + "integer": _integer,
    XSD + "date": _day,
    XSD + "dateTime": _moment,
}
