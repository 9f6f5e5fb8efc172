"""How Dutch writes days and times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")
MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)


def day(value: str | date) -> str:
    """
    >>> day("2001-05-01")
    '1 mei 2001'
    """
    when = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def moment(value: str | datetime) -> str:
    """A point in time as a clock in Brussels shows it.

    >>> moment("2026-11-24T10:00:00.000001Z")
    '24 november 2026 om 11.00 uur'
    """
    when = datetime.fromisoformat(value) if isinstance(value, str) else value
    local = when.astimezone(BRUSSELS)
    return f"{day(local.date())} om {local:%H.%M} uur"


def on_the_clock(value: str) -> str:
    """A point in time as a form shows it, on the clock in Brussels; what is none stays as it is.

    >>> on_the_clock("2026-05-04T07:02:00Z"), on_the_clock("straks")
    ('2026-05-04T09:02', 'straks')
    """
    try:
        when = datetime.fromisoformat(value)
        return f"{when.astimezone(BRUSSELS) if when.tzinfo else when:%Y-%m-%dT%H:%M}"
    except (ValueError, OverflowError):
        return value


def of_the_clock(text: str) -> str | None:
    """The point in time that somebody filled in by the clock in Brussels; what is none stays as it is.

    >>> of_the_clock("2026-05-04T09:02"), of_the_clock("straks"), of_the_clock("")
    ('2026-05-04T07:02:00Z', 'straks', None)
    """
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return text or None
    if "T" not in text or when.tzinfo:
        return text
    try:
        return when.replace(tzinfo=BRUSSELS).astimezone(UTC).isoformat().replace("+00:00", "Z")
    except OverflowError:
        return text


def listed(words: Sequence[str]) -> str:
    """
    >>> listed(["naam", "adres", "doel"]), listed(["naam"])
    ('naam, adres en doel', 'naam')
    """
    return " en ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def inline(label: str) -> str:
    """A label within a sentence: without its capital, unless it is an abbreviation.

    >>> inline("Huisnummer"), inline("INSZ"), inline("E-mail")
    ('huisnummer', 'INSZ', 'e-mail')
    """
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
