"""Looking an address up in the address register of Flanders (Basisregisters Vlaanderen, adresmatch v2).

    matches = AddressRegister(line, "https://api.basisregisters.vlaanderen.be", key).match(street)
    matches.exact        # the addresses that are wholly this one
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from app.errors import Unavailable
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
        headers = {"accept": "application/json", **({"x-api-key": self.key} if self.key else {})}
        url = self.url.rstrip("/") + "/v2/adresmatch"
        answer = self.line.call(self.line.client.build_request("GET", url, params=asked, headers=headers))
        if answer.status_code != 200:
            raise Unavailable(f"Het Adressenregister antwoordt met status {answer.status_code}.", retry_after=60)
        return read_matches(answer.content)


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
