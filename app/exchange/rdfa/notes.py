"""What was mended in a page, and what could not be: each once, with its first line and how often it was met."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum


class Fault(StrEnum):
    """The kinds of faults, as a code for machines; `EXPLAINED` says each in Dutch."""

    QUOTES = "aanhalingstekens"
    PREFIX = "voorvoegsel"
    UNKNOWN_PREFIX = "onbekend-voorvoegsel"
    UNREADABLE = "onleesbare-naam"
    SPELLING = "schrijfwijze"
    NO_SCHEME = "zonder-schema"
    NULL = "null"
    EMPTY = "leeg"
    CHARACTERS = "tekens"
    SESSION = "sessie"
    DATATYPE = "datatype"
    VALUE = "waarde"
    DOCUMENT = "document"


EXPLAINED = {
    Fault.QUOTES: 'Gekrulde aanhalingstekens in een attribuut: gebruik rechte (").',
    Fault.PREFIX: "Dit voorvoegsel is hier niet gedeclareerd: zet het in een attribuut prefix hierrond.",
    Fault.UNKNOWN_PREFIX: "Dit voorvoegsel is nergens gedeclareerd; wat ermee begint, is niet gelezen.",
    Fault.UNREADABLE: "Deze naam betekent niets: gebruik een gedeclareerd voorvoegsel of een volledig webadres.",
    Fault.SPELLING: "Het begin van dit webadres wordt anders geschreven.",
    Fault.NO_SCHEME: "Dit webadres begint niet met https:// en wordt daardoor een adres onder de pagina zelf.",
    Fault.NULL: "In dit webadres bleef een lege waarde (null) uit een sjabloon staan.",
    Fault.EMPTY: "Een leeg attribuut wijst naar de pagina zelf: geef elk onderdeel zijn eigen webadres.",
    Fault.CHARACTERS: "In dit webadres staan tekens die er niet in mogen.",
    Fault.SESSION: "Het adres van deze pagina bevat een sessie en verandert bij elk bezoek.",
    Fault.DATATYPE: "Dit datatype bestaat niet onder deze naam.",
    Fault.VALUE: "Deze waarde past niet bij haar datatype.",
    Fault.DOCUMENT: "De tekst (prov:value) is een verwijzing naar een document: schrijf de tekst in de pagina.",
}


@dataclass(frozen=True)
class Note:
    """One fault: what stood there first, and what it was read as; None when it was left out."""

    fault: Fault
    line: int
    before: str
    after: str | None = None
    count: int = 1

    @property
    def is_repair(self) -> bool:
        """Whether it was read as it was meant."""
        return self.after is not None

    @property
    def message(self) -> str:
        """What is wrong, in words for who made the page."""
        return EXPLAINED[self.fault]


class Notes:
    """Gathers notes; the same fault in the same words is one note, and so is one in names that start alike."""

    def __init__(self) -> None:
        self._first: dict[tuple[Fault, str], Note] = {}
        self._counts: Counter[tuple[Fault, str]] = Counter()

    def add(self, fault: Fault, line: int, before: str, after: str | None = None) -> None:
        """Count a fault, and keep where it stood first."""
        key = fault, before.partition("#")[0] if fault is Fault.NO_SCHEME else before
        self._counts[key] += 1
        if key not in self._first:
            self._first[key] = Note(fault, line, before[:200], after)

    def all(self) -> tuple[Note, ...]:
        """In the order of the page."""
        notes = (replace(note, count=self._counts[key]) for key, note in self._first.items())
        return tuple(sorted(notes, key=lambda note: note.line))
