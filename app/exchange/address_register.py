"""Looking an address up in the address register of Flanders (Basisregisters Vlaanderen v2): by its parts, or its IRI.

matches = AddressRegister(line, "https://api.basisregisters.vlaanderen.be", key).match(street)
matches.exact        # the addresses that are wholly this one
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

from app.errors import Refused, Unavailable
from app.exchange.neighbour import Line

PARAMETERS = {
    "gemeente": "gemeentenaam",
    "postcode": "postcode",
    "straatnaam": "straatnaam",
    "huisnummer": "huisnummer",
    "busnummer": "busnummer",
}
ADDRESS = "https://data.vlaanderen.be/id/adres/"
PAST = frozenset({"gehistoreerd", "afgekeurd"})
EXACT = 100
UNKNOWN = "Dit adres is niet gekend in het Adressenregister."
INACTIVE = "Dit adres is niet meer actief in het Adressenregister."
REMOVED = "Dit adres is verwijderd uit het Adressenregister."
MOST_BYTES = 5_000_000


@dataclass(frozen=True)
class Match:
    """One candidate; `score` is 100 where everything is the same."""

    iri: str
    line: str = field(repr=False)
    score: float


@dataclass(frozen=True)
class Matches:
    """The candidates, best first."""

    all: tuple[Match, ...]

    @property
    def exact(self) -> tuple[Match, ...]:
        """Those that fit beyond doubt."""
        return tuple(match for match in self.all if match.score >= EXACT)


@dataclass(frozen=True)
class AddressRegister:
    """The way to it."""

    line: Line
    url: str
    key: str = field(default="", repr=False)

    def match(self, address: Mapping[str, str]) -> Matches:
        """The addresses that may be this one; raises Unavailable when there is no (good) answer."""
        asked = {PARAMETERS[term]: value for term, value in address.items() if term in PARAMETERS}
        # The register knows a municipality, not `Mariakerke (Gent)`.
        asked["gemeentenaam"] = municipality_of(asked.get("gemeentenaam", ""))
        answer = self._ask("adresmatch", asked)
        if answer.status_code != 200:
            raise _no_answer(answer.status_code)
        return read_matches(answer.content)

    def find(self, iri: str) -> Mapping[str, str]:
        """The parts of the address with this IRI; raises Refused when it is not, or no more, an address in use."""
        number = iri.removeprefix(ADDRESS)
        if number == iri or not (number.isascii() and number.isdigit()):
            raise Refused(UNKNOWN)
        answer = self._ask(f"adressen/{number}", {})
        if answer.status_code in (400, 404):
            raise Refused(UNKNOWN)
        if answer.status_code == 410:
            raise Refused(REMOVED)
        if answer.status_code != 200:
            raise _no_answer(answer.status_code)
        return read_address(answer.content)

    def _ask(self, path: str, asked: Mapping[str, str]) -> httpx.Response:
        headers = {"accept": "application/json", **({"x-api-key": self.key} if self.key else {})}
        url = f"{self.url.rstrip('/')}/v2/{path}"
        return self.line.call(self.line.client.build_request("GET", url, params=asked, headers=headers))


def _no_answer(status: int) -> Unavailable:
    return Unavailable(f"Het Adressenregister antwoordt met status {status}.", retry_after=60)


def read_address(body: bytes) -> Mapping[str, str]:
    """The parts of one address; raises Refused for one of the past, Unavailable for what is no such answer."""
    try:
        item = orjson.loads(body)
        if item["adresStatus"] in PAST:
            raise Refused(INACTIVE)
        parts = {
            "straatnaam": item["straatnaam"]["straatnaam"]["geografischeNaam"]["spelling"],
            "huisnummer": item["huisnummer"],
            "busnummer": item.get("busnummer") or "",
            "postcode": item["postinfo"]["objectId"],
            "gemeente": item["gemeente"]["gemeentenaam"]["geografischeNaam"]["spelling"],
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Unavailable("Het Adressenregister gaf een antwoord dat we niet kunnen lezen.") from None
    return {term: str(value) for term, value in parts.items() if value}


def read_matches(body: bytes) -> Matches:
    """The candidates that are in use and have an identifier; raises Unavailable for what is no such answer."""
    if len(body) > MOST_BYTES:
        raise Unavailable("Het Adressenregister gaf een antwoord dat te groot is.")
    try:
        items = orjson.loads(body)["adresMatches"]
        found = [match for match in map(_match, items) if match is not None]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Unavailable("Het Adressenregister gaf een antwoord dat we niet kunnen lezen.") from None
    return Matches(tuple(sorted(found, key=lambda match: -match.score)))


def _match(item: Mapping[str, Any]) -> Match | None:
    iri = item.get("identificator", {}).get("id", "")
    if not iri.startswith(ADDRESS) or item.get("adresStatus") in PAST:
        return None
    line = item.get("volledigAdres", {}).get("geografischeNaam", {}).get("spelling", "")
    return Match(iri, line, float(item.get("score", 0)))


def municipality_of(name: str) -> str:
    """
    >>> municipality_of("Mariakerke (Gent)"), municipality_of("Aalter")
    ('Gent', 'Aalter')
    """
    _, bracket, rest = name.partition("(")
    return rest.rstrip(") ") if bracket else name
