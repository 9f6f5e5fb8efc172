"""A reader of a register's public API: what changed, and one association; ours, or the Verenigingsregister's own.

    reader = RegisterReader("https://publiek.verenigingen.vlaanderen.be", client, sleep)
    reader.changes(since=1200).rows, reader.detail("V0001001")

Polite: it waits between attempts as it is asked to, and asks with the tag of what it has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import httpx

from app.errors import Forbidden, Gone, Refused, Unavailable, Unknown
from app.exchange.guarded import Guarded
from app.exchange.register_api.dump import Dump, open_dump

PATH = "/v1/verenigingen"
ATTEMPTS = 5
FIRST_WAIT, LONGEST_WAIT = 0.5, 60.0
# Worth asking again; any other error stays what it is.
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
PAGE = 20_000
HEADERS = {"accept": "application/json, application/ld+json", "vr-api-version": "v2"}


@dataclass(frozen=True)
class Mutation:
    """That an association changed, and where in the order of all changes."""

    code: str
    sequence: int


class Failing(Unavailable):
    """One answer stays an error, though the register itself answers."""


@dataclass
class RegisterReader:
    """Reads one register; `client` has the time limits and the key, `sleep` waits some seconds."""

    address: str
    client: httpx.Client
    sleep: Callable[[float], None]
    guarded: Guarded = field(default_factory=Guarded)
    _tag: str = field(default="", init=False)
    _tagged: int = field(default=-1, init=False)

    def changes(self, since: int) -> list[Mutation]:
        """What changed after a sequence, in order; empty when nothing did. Raises Unavailable, Forbidden or Refused."""
        found: list[Mutation] = []
        url: str | None = f"{self.address}{PATH}/mutaties?sinds={since}&limit={PAGE}"
        known = {"if-none-match": self._tag} if self._tag and self._tagged == since else {}
        while url:
            answer = self._get(url, known if not found else {})
            if answer.status_code == 304:
                return []
            found += _mutations(_json(answer))
            url = answer.links.get("next", {}).get("url")
        self._tag, self._tagged = answer.headers.get("etag", ""), since
        return sorted(found, key=lambda one: one.sequence)

    def detail(self, code: str) -> Mapping[str, Any]:
        """One association. Raises Unknown when the register shows none, Gone with what replaced it when it says so."""
        answer = self._get(f"{self.address}{PATH}/{code}", {})
        if answer.status_code == 404:
            raise Unknown("Het register toont deze vereniging niet.")
        if answer.status_code == 410:
            replaced_by = _json(answer).get("dct:isReplacedBy", {}).get("@id")
            raise Gone("Deze vereniging is verwijderd.", replaced_by)
        found = _json(answer)
        if not isinstance(found, dict):
            raise Refused("Dit antwoord van het andere register kunnen we niet lezen.")
        return found

    def dump(self) -> AbstractContextManager[Dump]:
        """All associations in one answer, while it is open; raises NoDump."""
        return open_dump(self.address, self.client, self.guarded)

    def _get(self, url: str, headers: Mapping[str, str]) -> httpx.Response:
        """The answer, asked again while an error may pass."""
        last = ""
        for wait in _waits():
            try:
                answer = self.client.get(url, headers={**HEADERS, **headers}, follow_redirects=True)
            except httpx.TransportError as error:
                last = type(error).__name__
                self.sleep(wait)
                continue
            if answer.status_code in (401, 403):
                raise Forbidden("Het register weigert de sleutel. Stel sync_key in.")
            if answer.status_code not in PASSING:
                return _checked(answer)
            last = f"status {answer.status_code}"
            self.sleep(min(_asked_to_wait(answer) or wait, LONGEST_WAIT))
        answers = last.startswith("status 5")
        raise (Failing if answers else Unavailable)(f"{self.address} antwoordt niet zoals het hoort ({last}).")


def _waits() -> Iterator[float]:
    return (FIRST_WAIT * 2**attempt for attempt in range(ATTEMPTS))


def _checked(answer: httpx.Response) -> httpx.Response:
    if answer.status_code in (200, 304, 404, 410):
        return answer
    raise Failing(f"Het register antwoordt met status {answer.status_code}.")


def _asked_to_wait(answer: httpx.Response) -> float | None:
    text = answer.headers.get("retry-after", "")
    return float(text) if text.isdigit() else None


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        raise Refused("Dit antwoord van het andere register is geen JSON.") from None


def _mutations(rows: Any) -> Iterator[Mutation]:
    try:
        for row in rows:
            yield Mutation(str(row["vCode"]).upper(), int(row["sequence"]))
    except (TypeError, KeyError, ValueError):
        raise Refused("De lijst van mutaties van het andere register kunnen we niet lezen.") from None
