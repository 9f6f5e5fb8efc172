"""What the tests of the store put in the log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.store.log import Log, NewVersion, Version

BASE = "http://loket.test/id/vereniging/"
ALL, GENT, AALST = "verenigingen", "verenigingen/gemeente/44021", "verenigingen/gemeente/41002"
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def entity(number: int) -> str:
    return f"{BASE}V{number:07d}"


def triples(iri: str, count: int = 3, value: str = "eerste") -> bytes:
    """N-Triples as an association has them: some nodes, literals, concepts."""
    lines = (
        f'<{iri}#locatie-{i % 4}> <http://www.w3.org/ns/locn#fullAddress{i}> "Kerkstraat {i}, {value}" .\n'
        for i in range(count)
    )
    return "".join(lines).encode()


def a_version(code: int, /, **wanted: Any) -> NewVersion:
    """The first version of a public association in Gent, except for what is `wanted` differently."""
    iri = entity(code)
    first = NewVersion(
        entity=iri,
        kind="vereniging",
        number=1,
        operation="create",
        activity="https://w3id.org/verenigingsloket#VerenigingGeregistreerd",
        actor="http://loket.test/id/medewerker/1",
        reason="",
        public=triples(iri),
        internal=f'<{iri}> <http://loket.test/intern> "{code}" .\n'.encode(),
        feeds=(ALL, GENT),
        summary=b"{}",
    )
    return replace(first, **wanted)


def next_version(version: Version, /, **wanted: Any) -> NewVersion:
    """The version after this one, the same except for what is `wanted`."""
    code = int(version.entity.rpartition("V")[2])
    same: dict[str, Any] = {"public": version.public, "internal": version.internal, "operation": "update"}
    return a_version(code, **{**same, "number": version.number + 1, **wanted})


def hide(version: Version) -> NewVersion:
    everything = (version.public or b"") + version.internal
    return next_version(version, public=None, internal=everything, feeds=())


def remove(version: Version, **wanted: Any) -> NewVersion:
    return next_version(version, operation="delete", public=None, internal=b"", feeds=(), **wanted)


def append(log: Log, *new: NewVersion) -> list[Version]:
    with log.transaction() as transaction:
        return [transaction.append(one) for one in new]


def told(log: Log, feed: str) -> list[tuple[str, int, str]]:
    """What a feed says: entity number, version, operation."""
    members = log.members(feed, 1, log.feed_size(feed))
    return [(_code(member.version), member.version.number, member.operation) for member in members]


def ticking(start: datetime = NOON, step: timedelta = timedelta(seconds=1)) -> Iterator[datetime]:
    while True:
        yield start
        start += step


def _code(version: Version) -> str:
    return version.entity.rpartition("/")[2].removeprefix("V000000")
