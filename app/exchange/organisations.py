"""Looking an organisation up in the organisation register of the Flemish government (Wegwijs) by its OVO number.

found = OrganisationRegister(line, "https://api.wegwijs.vlaanderen.be", clock).find("OVO002067")
found.name, found.active(today), found.heir        # 'Gemeente Gent', True, None
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import orjson

from app.errors import Unavailable, Unknown
from app.exchange.neighbour import Line

PATH = "/v1/search/organisations"
IRI = "https://data.vlaanderen.be/id/organisatie/"
SUCCEEDED_BY = "2c68b8eb-55d2-ff8e-3301-f0fb12467df7"
# Who follows whom may be told in a circle.
MOST_HEIRS = 10
MOST_BYTES, MOST_KEPT = 5_000_000, 2000
KEPT = timedelta(days=1)
_OVO = re.compile(r"OVO\d{6}")


@dataclass(frozen=True)
class KnownOrganisation:
    """An organisation as Wegwijs has it; dates are ISO texts, empty where it says none; `heir` is an OVO number."""

    ovo: str
    name: str
    short_name: str = ""
    started: str = ""
    ended: str = ""
    kbo: str = ""
    nis: str = ""
    heir: str | None = None

    @property
    def iri(self) -> str:
        """Its IRI in the organisation register."""
        return IRI + self.ovo

    def active(self, today: date) -> bool:
        """Whether it is there on this day."""
        return (not self.started or self.started <= today.isoformat()) and (
            not self.ended or today.isoformat() <= self.ended
        )


@dataclass(frozen=True)
class OrganisationRegister:
    """The way to it; an answer is remembered for a day."""

    line: Line
    url: str
    clock: Callable[[], datetime] = field(repr=False)
    _known: dict[str, tuple[datetime, KnownOrganisation]] = field(default_factory=dict, repr=False)

    def find(self, ovo: str) -> KnownOrganisation:
        """The organisation with this OVO number or IRI; raises Unknown, or Unavailable without a (good) answer."""
        number = validate_ovo(ovo)
        now = self.clock()
        kept = self._known.get(number)
        if kept and now - kept[0] < KEPT:
            return kept[1]
        found = self._ask(number)
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
        self._known[number] = (now, found)
        return found

    def heir(self, ovo: str) -> KnownOrganisation:
        """The organisation itself, or the one that took its place in the end; raises as `find` does."""
        found, seen = self.find(ovo), {validate_ovo(ovo)}
        while found.heir and found.heir not in seen and len(seen) < MOST_HEIRS:
            seen.add(found.heir)
            found = self.find(found.heir)
        return found

    def _ask(self, number: str) -> KnownOrganisation:
        url = self.url.rstrip("/") + PATH
        request = self.line.client.build_request(
            "GET", url, params={"q": f"ovoNumber:{number}"}, headers={"accept": "application/json"}
        )
        answer = self.line.call(request, number)
        if answer.status_code == 404:
            raise Unknown(f"Wegwijs kent {number} niet.")
        if answer.status_code != 200:
            raise Unavailable(f"Wegwijs antwoordt met status {answer.status_code}.", retry_after=60)
        return read_organisation(answer.content, number)


def validate_ovo(text: str) -> str:
    """The OVO number in a text or IRI; raises Unknown for what is none.

    >>> validate_ovo("https://data.vlaanderen.be/id/organisatie/OVO002067"), validate_ovo(" ovo 002067 ")
    ('OVO002067', 'OVO002067')
    """
    number = text.strip().rpartition("/")[2].upper().replace(" ", "")
    if not _OVO.fullmatch(number):
        raise Unknown("Een OVO-nummer is OVO met zes cijfers, bijvoorbeeld OVO002067.")
    return number


def read_organisation(body: bytes, number: str) -> KnownOrganisation:
    """The organisation in an answer; raises Unknown when it holds none, Unavailable for what is no such answer."""
    if len(body) > MOST_BYTES:
        raise Unavailable("Wegwijs gaf een antwoord dat te groot is.")
    try:
        items = [one for one in orjson.loads(body) if one["ovoNumber"] == number]
        found = _read(items[0]) if items else None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Unavailable("Wegwijs gaf een antwoord dat we niet kunnen lezen.") from None
    if found is None:
        raise Unknown(f"Wegwijs kent {number} niet.")
    return found


def _read(item: Mapping[str, Any]) -> KnownOrganisation:
    validity = item.get("validity") or {}
    keys = {one["keyTypeName"]: str(one["value"]) for one in item.get("keys") or ()}
    return KnownOrganisation(
        ovo=item["ovoNumber"],
        name=str(item["name"]),
        short_name=str(item.get("shortName") or ""),
        started=str(validity.get("start") or ""),
        ended=str(validity.get("end") or ""),
        kbo="".join(filter(str.isdecimal, keys.get("KBO", ""))),
        nis=keys.get("NIS", ""),
        heir=_heir(item.get("relations") or ()),
    )


def _heir(relations: Iterable[Mapping[str, Any]]) -> str | None:
    heirs = (one.get("relatedOrganisationOvoNumber") for one in relations if one.get("relationId") == SUCCEEDED_BY)
    return next((heir for heir in heirs if heir), None)
