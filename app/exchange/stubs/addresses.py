"""A stand-in for the address register, with the invented addresses: found, nearly found, found twice, or not at all.

    python -m app.cli stub adressen          # then serve with --addresses-url http://127.0.0.1:PORT

A house number that ends in one of `CASES` asks for a fault, in any street.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
from rapidfuzz import fuzz

from app.exchange.stubs.known import Known, KnownAddress
from app.exchange.stubs.magda import BROKEN, NEVER, TOO_MANY, StubAnswer

JSON = {"content-type": "application/json"}
TWICE, NOWHERE = "9902", "9900"
CASES: Mapping[str, StubAnswer] = {
    "9929": TOO_MANY,
    "9950": BROKEN,
    "9960": NEVER,
    "9970": StubAnswer(body=b'{"adresMatches": "stuk"}', headers=JSON),
}
PATH, ONE = "/v2/adresmatch", "/v2/adressen/"
ENOUGH = 60.0


@dataclass(frozen=True)
class AddressStub:
    """Answers as adresmatch does, and as one address does."""

    known: Known

    @cached_property
    def _by_postcode(self) -> dict[str, list[KnownAddress]]:
        found: dict[str, list[KnownAddress]] = {}
        for address in sorted(self.known.addresses, key=lambda each: (each.street, each.number, each.box)):
            found.setdefault(address.postcode, []).append(address)
        return found

    def answer(self, method: str, path: str, body: bytes) -> StubAnswer:
        """The answer to one request."""
        parts = urlsplit(path)
        if parts.path.startswith(ONE):
            return self._one(parts.path.removeprefix(ONE))
        if parts.path != PATH:
            return StubAnswer(404, headers=JSON)
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if case := next((each for end, each in CASES.items() if asked.get("huisnummer", "").endswith(end)), None):
            return case
        matches = sorted(self._matches(asked), key=lambda match: -match["score"])[:10]
        return StubAnswer(body=orjson.dumps({"adresMatches": matches, "warnings": []}), headers=JSON)

    @cached_property
    def _by_number(self) -> dict[str, KnownAddress]:
        return {_number(_line(each)): each for each in self.known.addresses}

    def _one(self, number: str) -> StubAnswer:
        address = self._by_number.get(number)
        if address is None:
            return StubAnswer(404, headers=JSON)
        municipality = {"gemeentenaam": {"geografischeNaam": {"spelling": address.municipality, "taal": "nl"}}}
        found = {**_match(address, 100.0), "gemeente": municipality, "busnummer": address.box or None}
        return StubAnswer(body=orjson.dumps(found), headers=JSON)

    def _matches(self, asked: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        number = asked.get("huisnummer", "")
        if number.endswith(NOWHERE):
            return
        if number.endswith(TWICE):
            for extra in ("a", "b"):
                yield _match(_asked(asked), 100.0, extra)
            return
        for address in self._by_postcode.get(asked.get("postcode", ""), ()):
            score = _score(asked, address)
            if score >= ENOUGH:
                yield _match(address, score)


def _score(asked: Mapping[str, str], address: KnownAddress) -> float:
    street = fuzz.ratio(asked.get("straatnaam", "").casefold(), address.street.casefold())
    same = asked.get("huisnummer") == address.number and asked.get("busnummer", "") == address.box
    return street if same else street * 0.95


def _asked(asked: Mapping[str, str]) -> KnownAddress:
    return KnownAddress(
        asked.get("straatnaam", ""), asked.get("huisnummer", ""), asked.get("busnummer", ""),
        asked.get("postcode", ""), asked.get("gemeentenaam", ""),
    )  # fmt: skip


def _line(address: KnownAddress) -> str:
    box = f" bus {address.box}" if address.box else ""
    return f"{address.street} {address.number}{box}, {address.postcode} {address.municipality}"


def _number(line: str) -> str:
    return str(int.from_bytes(blake2b(line.encode(), digest_size=4).digest()))


def _match(address: KnownAddress, score: float, extra: str = "") -> dict[str, Any]:
    line = _line(address)
    number = _number(line + extra)
    return {
        "@type": "Adres",
        "identificator": {
            "id": f"https://data.vlaanderen.be/id/adres/{number}",
            "naamruimte": "https://data.vlaanderen.be/id/adres",
            "objectId": number,
        },
        "straatnaam": {"straatnaam": {"geografischeNaam": {"spelling": address.street, "taal": "nl"}}},
        "huisnummer": address.number,
        "postinfo": {"objectId": address.postcode},
        "volledigAdres": {"geografischeNaam": {"spelling": line, "taal": "nl"}},
        "adresStatus": "inGebruik",
        "officieelToegekend": True,
        "score": score,
    }
