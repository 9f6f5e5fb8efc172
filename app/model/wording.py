"""How Dutch writes days and times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
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
