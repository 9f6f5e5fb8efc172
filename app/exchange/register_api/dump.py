"""All of a register in one answer (`detail/all`), kept on disk while it is used: no call for each association.

    with open_dump(address, client, guarded) as dump:
        dump.get("V0001001")      # as `detail` answers; None when it is not in it

The real register sends us on to a store elsewhere: that is followed as an address that a stranger gave, without key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Any

import httpx
import orjson

from app.errors import Unavailable
from app.exchange.guarded import PACKED, Guarded, NotAllowed, TooMuch, Unreachable, unpacked

PATH = "/v1/verenigingen/detail/all"
SEARCH = "/v1/verenigingen/zoeken?q=isErkend:true&limit=1000"
MOST_BYTES = 8_000_000_000
MOVED = frozenset({301, 302, 303, 307, 308})
Place = tuple[int, int]


class NoDump(Unavailable):
    """There is none, or it cannot be used: one association at a time is the way."""


@dataclass(frozen=True)
class Dump:
    """What was read; `apart` are those of which it does not tell all."""

    file: IO[bytes]
    places: Mapping[str, Place]
    dropped: frozenset[str]
    apart: frozenset[str]

    def get(self, code: str) -> Mapping[str, Any] | None:
        """One association as the detail tells it; None when that has to be asked."""
        if code not in self.places or code in self.apart:
            return None
        start, length = self.places[code]
        self.file.seek(start)
        found: Mapping[str, Any] = orjson.loads(self.file.read(length))
        return found


@contextmanager
def open_dump(address: str, client: httpx.Client, guarded: Guarded) -> Iterator[Dump]:
    """Raises NoDump before anything is done."""
    with TemporaryFile() as file:
        try:
            _download(f"{address}{PATH}", client, guarded, file)
            yield _read(file, lambda: _recognised(address, client))
        except (httpx.HTTPError, NotAllowed, Unreachable, TooMuch) as error:
            raise NoDump(f"Er is geen lijst van alle verenigingen te krijgen ({type(error).__name__}).") from error


def _download(url: str, client: httpx.Client, guarded: Guarded, file: IO[bytes]) -> None:
    headers = {"accept": "*/*", "accept-encoding": PACKED}
    with client.stream("GET", url, headers=headers, follow_redirects=False) as answer:
        elsewhere = answer.headers.get("location", "") if answer.status_code in MOVED else ""
        if not elsewhere and answer.status_code != 200:
            raise NoDump(f"Het register geeft geen lijst van alle verenigingen (status {answer.status_code}).")
        if not elsewhere:
            _keep(unpacked(answer, MOST_BYTES), file)
            return
    with guarded.stream(str(httpx.URL(url).join(elsewhere)), {}, MOST_BYTES) as (status, chunks):
        if status != 200:
            raise NoDump(f"De lijst van alle verenigingen is niet te halen (status {status}).")
        _keep(chunks, file)


def _keep(chunks: Iterable[bytes], file: IO[bytes]) -> None:
    left = MOST_BYTES
    for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            raise NoDump("De lijst van alle verenigingen is te groot.")
        file.write(chunk)


def _read(file: IO[bytes], recognised: Callable[[], frozenset[str]]) -> Dump:
    """Where each association stands; raises NoDump for what is no such list."""
    places: dict[str, Place] = {}
    dropped, apart, tells_all = set(), set(), True
    file.seek(0)
    while line := file.readline():
        start = file.tell() - len(line)
        if not line.strip():
            continue
        try:
            shown = orjson.loads(line)["vereniging"]
            code = str(shown["vCode"]).upper()
        except (ValueError, KeyError, TypeError):
            raise NoDump("De lijst van alle verenigingen kunnen we niet lezen.") from None
        if shown.get("teVerwijderen"):
            dropped.add(code)
            continue
        places[code] = (start, len(line))
        # The real register tells here neither of recognitions nor the names of what somebody is a member of.
        tells_all = tells_all and "erkenningen" in shown
        if any("naam" not in each for each in shown.get("lidmaatschappen") or ()):
            apart.add(code)
    return Dump(file, places, frozenset(dropped), frozenset(apart if tells_all else apart | recognised()))


def _recognised(address: str, client: httpx.Client) -> frozenset[str]:
    """Who has a recognition, by the register's search; raises NoDump when it does not tell them all."""
    answer = client.get(f"{address}{SEARCH}", headers={"vr-api-version": "v2"})
    try:
        found = answer.json()
        codes = frozenset(str(each["vCode"]).upper() for each in found["verenigingen"])
        total = int(found["metadata"]["pagination"]["totalCount"])
    except (ValueError, KeyError, TypeError):
        raise NoDump("Welke verenigingen erkend zijn, zegt het register niet.") from None
    if answer.status_code != 200 or total != len(codes):
        raise NoDump("Welke verenigingen erkend zijn, zegt het register niet in één antwoord.")
    return codes
