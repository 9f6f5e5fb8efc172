"""All public associations by name in memory, as `queries/list/` finds them, kept in step with the store.

Sorting and searching names in the store takes seconds for 100,000 associations; here it takes some 20 ms.
"""

from __future__ import annotations

import threading
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from app.model.codelists import fold
from app.web.reading import Reading
from app.web.service import Service

# More changes than this are not followed one by one.
FEW = 5000


@dataclass(frozen=True)
class Entry:
    """One association; `words` is what a search looks in."""

    iri: str
    order: str
    words: str
    activities: tuple[str, ...]
    municipalities: tuple[str, ...]


@dataclass(frozen=True)
class Names:
    """The index at one moment, in the order of a telephone book: capitals and accents make no difference."""

    entries: Sequence[Entry]
    activities: Mapping[str, int]
    municipalities: Mapping[str, int]

    def search(self, text: str = "", activity: str | None = None, municipality: str | None = None) -> Sequence[Entry]:
        """Those that have this activity and municipality (IRIs), and all the words of the text in their names."""
        found = self.entries
        if activity is not None:
            found = [entry for entry in found if activity in entry.activities]
        if municipality is not None:
            found = [entry for entry in found if municipality in entry.municipalities]
        for word in text.split():
            written, sounded = plain(word), fold(word)
            found = [entry for entry in found if written in entry.words or (sounded and sounded in entry.words)]
        return found


class Index:
    """Gives the names as they are now; safe to ask from several threads."""

    def __init__(self, service: Service, reading: Reading) -> None:
        self._service = service
        self._reading = reading
        self._lock = threading.Lock()
        self._at = -1
        self._entries: dict[str, Entry] = {}
        self._names = Names((), {}, {})

    def names(self) -> Names:
        with self._lock:
            self._follow()
            return self._names

    def _follow(self) -> None:
        """Ask the store again for what changed since the last time."""
        now = self._service.public.applied()
        if now == self._at:
            return
        if 0 < self._at < now <= self._at + FEW:
            changed = sorted({version.entity for version in self._service.log.read(self._at, now - self._at)})
            for iri in changed:
                self._entries.pop(iri, None)
            self._entries |= self._read(changed)
        else:
            self._entries = self._read(())
        self._at = now
        self._names = Names(
            sorted(self._entries.values(), key=attrgetter("order", "iri")),
            Counter(iri for entry in self._entries.values() for iri in entry.activities),
            Counter(iri for entry in self._entries.values() for iri in entry.municipalities),
        )

    def _read(self, iris: Sequence[str]) -> dict[str, Entry]:
        """The entries of these associations; of all when none is named."""
        given = {"vereniging": list(iris)} if iris else {}
        activities = _grouped(self._reading.rows("list/activiteiten", **given))
        municipalities = _grouped(self._reading.rows("list/gemeenten", **given))
        entries = {}
        for row in self._reading.rows("list/namen", **given):
            iri, both = row["vereniging"], f"{row['naam']} {row.get('korteNaam', '')}"
            words = f"{plain(both)} {fold(both)}"
            order = plain(row["naam"])
            entries[iri] = Entry(iri, order, words, activities.get(iri, ()), municipalities.get(iri, ()))
        return entries


def plain(text: str) -> str:
    """
    >>> plain("Élan & Co")
    'elan & co'
    """
    if text.isascii():
        return text.casefold()
    return "".join(mark for mark in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(mark))


def _grouped(rows: Iterable[Mapping[str, str]]) -> dict[str, tuple[str, ...]]:
    values: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        values[row["vereniging"]].append(row["waarde"])
    return {iri: tuple(found) for iri, found in values.items()}
