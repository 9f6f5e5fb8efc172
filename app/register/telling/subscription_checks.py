"""Whether what somebody asks to be told of can be asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from app.errors import Problem
from app.model.contacts import validate_email
from app.register.products.audience import ALL, HOME, ONE, REPORT, UMBRELLA
from app.register.register import Register
from app.register.telling.recipients import EMAIL, WEBHOOK

AT_ONCE, DAILY = "meteen", "dagelijks"
RHYTHMS = (AT_ONCE, DAILY)
# How often figures come: at night, when those of the day are made.
NIGHTLY, WEEKLY, MONTHLY = "elke dag", "elke week", "elke maand"
REPORT_RHYTHMS = (NIGHTLY, WEEKLY, MONTHLY)
LONGEST_ADDRESS = 2000
NO_ADDRESS = "Geef een volledig webadres dat begint met https://."


def read_address(channel: str, text: str, *, insecure: bool = False) -> str:
    """The address as we keep it; raises ValueError saying in Dutch what is wrong."""
    if channel == EMAIL:
        return validate_email(text)
    if channel != WEBHOOK:
        raise ValueError("Kies e-mail of webhook.")
    try:
        url = urlsplit(text.strip())
    except ValueError:
        raise ValueError(NO_ADDRESS) from None
    if url.scheme not in ("https", *(["http"] if insecure else [])) or not url.hostname or len(text) > LONGEST_ADDRESS:
        raise ValueError(NO_ADDRESS)
    if url.username or url.password:
        raise ValueError("Zet geen gebruikersnaam of wachtwoord in het webadres: elke melding is ondertekend.")
    return url.geturl()


def scope_problems(scope: str, register: Register) -> Iterator[Problem]:
    """What is wrong with what somebody wants to be told about."""
    kind, _, value = scope.partition("/")
    if scope == f"{REPORT}/{ALL}":
        return
    if kind in (HOME, REPORT):
        place = register.codelists.municipality(value)
        if place is None or place.nis != value:
            yield Problem("waarover", "Kies een gemeente uit de lijst.")
    elif kind in (UMBRELLA, ONE):
        version = register.log.latest(register.tools.type.iri(value))
        if version is None or version.operation == "delete":
            yield Problem("waarover", "Er is geen vereniging met deze V-code.")
    elif scope != ALL:
        yield Problem("waarover", "Kies waarover u meldingen wilt.")


def occasion_problems(wanted: Iterable[str], known: Iterable[str]) -> Iterator[Problem]:
    """What is wrong with the occasions that somebody chose."""
    asked = set(wanted)
    if not asked:
        yield Problem("aanleidingen", "Kies minstens één aanleiding.")
    elif not asked <= set(known):
        yield Problem("aanleidingen", "Deze aanleiding bestaat niet.")


def is_of_figures(scope: str) -> bool:
    """Whether it is not about changes but about figures."""
    return scope.partition("/")[0] == REPORT


def rhythms_of(scope: str) -> tuple[str, ...]:
    """How often one can be told."""
    return REPORT_RHYTHMS if is_of_figures(scope) else RHYTHMS


def rhythm_problems(rhythm: str, scope: str) -> Iterator[Problem]:
    """What is wrong with how often somebody wants to be told."""
    *others, last = rhythms_of(scope)
    if rhythm not in (*others, last):
        yield Problem("ritme", f"Kies {', '.join(others)} of {last}.")


def channel_problems(channel: str) -> Iterator[Problem]:
    """Figures come by e-mail."""
    if channel != EMAIL:
        yield Problem("kanaal", "Cijfers komen per e-mail; voor een programma staan ze op een vast adres.")
