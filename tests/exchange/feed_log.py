"""A log with invented associations for the tests of the feeds, and a walk over a feed as a simple client does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.exchange.ldes.addresses import parse_path
from app.exchange.ldes.feed import LdesFeeds, Place
from app.exchange.ldes.nodes import Description
from app.store.log import Log, NewVersion, Version, open_log

BASE = "http://loket.test"
ALL, GENT, AALST = "verenigingen", "verenigingen/gemeente/44021", "verenigingen/gemeente/41002"
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
VL = "https://w3id.org/verenigingsloket#"
SECRET = "Alleen voor de dienst"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
PAYLOAD = """\
<{e}#adres-1> <{a}> <http://www.w3.org/ns/locn#Address> .
<{e}#adres-1> <http://www.w3.org/ns/locn#postCode> "9000" .
<{e}#adres-1> <http://www.w3.org/ns/locn#thoroughfare> "Korte \\"Meer\\"" .
<{e}#adres-1> <https://data.vlaanderen.be/ns/adres#Adresvoorstelling.huisnummer> "{n}" .
<{e}#contact-1> <http://schema.org/email> "info{n}@voorbeeld.be" .
<{e}#locatie-1> <{a}> <http://www.w3.org/ns/org#Site> .
<{e}#locatie-1> <https://data.vlaanderen.be/ns/organisatie#bestaatUit> <{e}#adres-1> .
<{e}> <http://purl.org/dc/terms/created> "2001-05-01"^^<http://www.w3.org/2001/XMLSchema#date> .
<{e}> <http://purl.org/dc/terms/description> "Wij zijn de vereniging van {name}."@nl .
<{e}> <http://schema.org/contactPoint> <{e}#contact-1> .
<{e}> <{a}> <https://data.vlaanderen.be/ns/FeitelijkeVerenigingen#Vereniging> .
<{e}> <http://www.w3.org/2004/02/skos/core#prefLabel> "{name}" .
<{e}> <http://www.w3.org/ns/org#hasSite> <{e}#locatie-1> .
"""
QUADS_IN_PAYLOAD = 13


def ticking(step: timedelta = timedelta(milliseconds=1)) -> Callable[[], datetime]:
    """A clock that goes on by `step` each time one looks."""
    time = NOON

    def now() -> datetime:
        nonlocal time
        time += step
        return time

    return now


def feed_log(folder: Path, base: str = BASE) -> FeedLog:
    """A new log in a folder."""
    return FeedLog(open_log(f"sqlite:///{folder}/log.sqlite", ticking()), base)


class FeedLog:
    """A log, and the few things that can happen to an association in it."""

    def __init__(self, log: Log, base: str) -> None:
        self.log = log
        self.base = base

    def register(self, *codes: int, feeds: tuple[str, ...] = (ALL, GENT), name: str = "De Harmonie") -> None:
        """Add associations in one transaction."""
        with self.log.transaction() as transaction:
            for code in codes:
                public = payload(self.entity(code), name, code)
                transaction.append(self._version(code, 1, "create", "VerenigingGeregistreerd", public, feeds))

    def change(self, code: int, name: str, feeds: tuple[str, ...] = (ALL, GENT)) -> None:
        """Give another name, or other feeds, or both."""
        public = payload(self.entity(code), name, code)
        self._append(code, "update", "VerenigingGewijzigd", public, feeds)

    def hide(self, code: int) -> None:
        self._append(code, "update", "VerenigingOnzichtbaarGemaakt", None, ())

    def remove(self, code: int) -> None:
        self._append(code, "delete", "VerenigingVerwijderd", None, ())

    def entity(self, code: int) -> str:
        return f"{self.base}/id/vereniging/V{code:07d}"

    def version(self, code: int) -> Version:
        latest = self.log.latest(self.entity(code))
        assert latest is not None
        return latest

    def feeds(self, folder: Path, page_size: int = 10) -> LdesFeeds:
        return LdesFeeds(self.log, self.base, folder, describe, page_size)

    def _append(self, code: int, operation: str, activity: str, public: bytes | None, feeds: tuple[str, ...]) -> None:
        number = self.version(code).number + 1
        with self.log.transaction() as transaction:
            transaction.append(self._version(code, number, operation, activity, public, feeds))

    def _version(
        self, code: int, number: int, operation: str, activity: str, public: bytes | None, feeds: tuple[str, ...]
    ) -> NewVersion:
        entity = self.entity(code)
        return NewVersion(
            entity=entity,
            kind="vereniging",
            number=number,
            operation=operation,  # type: ignore[arg-type]
            activity=VL + activity,
            actor=f"{SECRET}: wie",
            reason=f"{SECRET}: waarom",
            public=public,
            internal=f'<{entity}> <{VL}bron> "{SECRET}: wat" .\n'.encode(),
            feeds=feeds,
        )


def payload(entity: str, name: str, number: int) -> bytes:
    return PAYLOAD.format(e=entity, a=RDF_TYPE, name=name, n=number).encode()


def describe(feed: str) -> Description | None:
    """Feeds of associations, of all or of the two municipalities of these tests."""
    if feed not in (ALL, GENT, AALST):
        return None
    return Description(f"Titel van {feed}", "Elke wijziging.", f"{BASE}/shapes/vereniging")


def find(feeds: LdesFeeds, path: str) -> Place:
    """The place at a path of a feed, `verenigingen/12`."""
    target = parse_path(f"/ldes/{path}")
    assert target is not None
    return feeds.find(target)


def walk(feeds: LdesFeeds, feed: str) -> Iterator[Place]:
    """Every place of a feed, found by following relations from the root."""
    waiting = [find(feeds, feed)]
    while waiting:
        place = waiting.pop(0)
        yield place
        linked = dict.fromkeys(iri for iri, _, _ in relations(feeds, place))
        waiting += [find(feeds, iri.removeprefix(f"{feeds.base}/ldes/")) for iri in linked]


def relations(feeds: LdesFeeds, place: Place) -> list[tuple[str, str, str]]:
    """(node, kind, value) of each relation of a place."""
    tree = "https://w3id.org/tree#"
    facts: dict[str, dict[str, str]] = {}
    for subject, predicate, thing in feeds.page(place).hypermedia:
        facts.setdefault(str(subject), {})[predicate.value] = getattr(thing, "value", "")
    found = [fact for fact in facts.values() if f"{tree}node" in fact]
    return [(fact[f"{tree}node"], fact[RDF_TYPE].removeprefix(tree), fact[f"{tree}value"]) for fact in found]
