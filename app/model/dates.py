"""Dates as Flemish people and spreadsheets write them, to ISO 8601."""

import re
from datetime import UTC, date, datetime, timedelta

from app.model.wording import MONTHS

_MONTHS = {name[:3]: number for number, name in enumerate(MONTHS, 1)} | {"mrt": 3, "may": 5, "oct": 10}
_WEEKDAY = re.compile(r"^(?:ma|di|wo|do|vr|za|zo)[a-z]*\.?,?\s+(?=\d)")
_YEAR_FIRST = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*'?(\d{4}|\d{2})")
_IN_WORDS = re.compile(r"(\d{1,2})(?:e|de|ste)?\s*[-/. ]?\s*([a-z]{3,9})\.?\s*[-/. ]?\s*'?(\d{4}|\d{2})")
_TIME = re.compile(r"[t ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:?\d{2})?$")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?")
_POINT = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d+))?(Z|[+-]\d{2}:\d{2})?")
_CLOCK = re.compile(r"(\d{1,2})(?:\s*[:.uh]\s*(\d{2})?)?(?::00)?\s*(?:u|uur)?")
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?")
# Excel counts the 29th of February 1900, that never was: https://learn.microsoft.com/office/troubleshoot/excel/wrongly-assumes-1900-is-leap-year
_EXCEL_EPOCH = date(1899, 12, 30)
# 1/5/30 and before are of this century; associations are registered after they began.
_LAST_SHORT_YEAR = 30
# The oldest guilds are of the fourteenth century.
_FIRST_YEAR, _LAST_YEAR = 1300, 2199
# What is longer is no date, and would take the square of its length to see.
LONGEST = 100
_NO_DATE = "Dit is geen geldige datum. Schrijf dag, maand en jaar, bijvoorbeeld 01/05/2001."
_NO_MOMENT = "Dit is geen geldig tijdstip. Schrijf het bijvoorbeeld als 2026-01-05T10:00:00Z."
_INCOMPLETE = "Deze datum is onvolledig. Vul dag, maand en jaar in, bijvoorbeeld 01/05/2001."


def validate_date(text: str) -> str:
    """ISO date out of `1/5/2001`, `1 mei '01`, `2001-05-01 00:00:00`, `20010501` or Excel's 37012."""
    if len(text) > LONGEST:
        raise ValueError(_NO_DATE)
    text = _WEEKDAY.sub("", _TIME.sub("", text.strip().lower()))
    if found := _YEAR_FIRST.fullmatch(text):
        return _date(found[1], int(found[2]), found[3])
    if found := _DAY_FIRST.fullmatch(text):
        return _date(found[3], int(found[2]), found[1])
    if found := _IN_WORDS.fullmatch(text):
        return _date(found[3], _month(found[2]), found[1])
    if found := _SERIAL.fullmatch(text):
        return (_EXCEL_EPOCH + timedelta(days=int(found[1]))).isoformat()
    if re.fullmatch(r"\d{8}", text):
        return _eight_digits(text)
    if re.fullmatch(r"(?:[a-z]{3,9}\.?\s*|\d{1,2}\s*[-/]\s*)?\d{4}(?:[.,]0)?", text):
        raise ValueError(_INCOMPLETE)
    raise ValueError(_NO_DATE)


def validate_moment(text: str) -> str:
    """A point in time in UTC out of ISO 8601 with `Z` or an offset; a day alone is its beginning in UTC.

    >>> validate_moment("2026-01-05T10:00:00+02:00"), validate_moment("5 januari 2026")
    ('2026-01-05T08:00:00Z', '2026-01-05T00:00:00Z')
    """
    text = text.strip()
    if not _MOMENT.fullmatch(text):
        return f"{validate_date(text)}T00:00:00Z"
    if text.endswith("Z"):
        return text
    try:
        when = datetime.fromisoformat(text)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC).isoformat().replace("+00:00", "Z")
    except (ValueError, OverflowError):
        raise ValueError(_NO_DATE) from None


def moment_key(text: str) -> str:
    """A point in time as nine decimals and Z, so that the order of the texts is the order of the times.

    >>> moment_key("2026-01-05T10:00:00.5Z") < moment_key("2026-01-05T12:00:00.5000001+02:00")
    True

    Raises ValueError for what is no point in time; without an offset it is in UTC.
    """
    found = _POINT.fullmatch(text.strip())
    if not found:
        raise ValueError(_NO_MOMENT)
    when = datetime.fromisoformat(found[1])
    if found[3] not in (None, "Z"):
        hours, minutes = int(found[3][1:3]), int(found[3][4:])
        try:
            when -= timedelta(hours=hours, minutes=minutes) * (1 if found[3][0] == "+" else -1)
        except OverflowError:
            raise ValueError(_NO_MOMENT) from None
    return f"{when.isoformat()}.{(found[2] or '')[:9]:0<9}Z"


def validate_time(text: str) -> str:
    """A time of day out of `9`, `9.30`, `9u30`, `09:30:00`.

    >>> validate_time("9u30"), validate_time("17")
    ('09:30:00', '17:00:00')
    """
    found = _CLOCK.fullmatch(text.strip().lower())
    if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise ValueError("Dit is geen geldig uur. Schrijf het bijvoorbeeld als 09:30.")
    return f"{int(found[1]):02d}:{int(found[2] or 0):02d}:00"


def _month(name: str) -> int:
    """Any beginning of at least three letters will do: feb, sept, augustus."""
    number = _MONTHS.get(name[:3])
    if number is None or not (name in _MONTHS or MONTHS[number - 1].startswith(name)):
        raise ValueError(_NO_DATE)
    return number


def _date(year: str, month: int, day: str) -> str:
    number = int(year)
    if len(year) == 2:
        number += 2000 if number <= _LAST_SHORT_YEAR else 1900
    try:
        found = date(number, month, int(day))
    except ValueError:
        raise ValueError("Deze datum bestaat niet. Schrijf dag, maand en jaar, bijvoorbeeld 01/05/2001.") from None
    if not _FIRST_YEAR <= number <= _LAST_YEAR:
        raise ValueError(_NO_DATE)
    return found.isoformat()


def _eight_digits(text: str) -> str:
    """Year first or day first; the years that can be leave only one reading."""
    for year, month, day in ((text[:4], text[4:6], text[6:]), (text[4:], text[2:4], text[:2])):
        if _FIRST_YEAR <= int(year) <= _LAST_YEAR:
            return _date(year, int(month), day)
    raise ValueError(_NO_DATE)
