"""What each register says of a part of an association, and what follows from that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.errors import Unavailable
from app.exchange.address_register import AddressRegister, Matches
from app.exchange.checking import FINE, TAKEN_OVER, Finding
from app.exchange.enterprises import (
    KBO_AGENT,
    NO_ASSOCIATION,
    NOT_KNOWN,
    UNKNOWN_NUMBER,
    Enterprises,
    basics,
    seat,
    type_of,
)
from app.exchange.magda.answers import Enterprise, read_person
from app.exchange.magda.faults import words_of
from app.exchange.magda.repertory import Repertory
from app.exchange.magda.soap import PERSON, Fault, Magda, person_question
from app.model.fields import Document
from app.register.checks import ADDRESSES, ENTERPRISES, PERSONS, Part
from app.register.doubles.names import fold
from app.register.register import Register, Tools

NOT_FOUND, AMBIGUOUS, UNKNOWN, DIFFERENT = "niet gevonden", "niet eenduidig", "onbekend", "afwijkend"
STOPPED, CANCELLED, REPLACED, DECEASED = "gestopt", "geschrapt", "vervangen", "overleden"
LIKELY = 80
PERSON_FAULTS = {
    code: Finding(state, words_of(code), ask=True)
    for code, state in (
        ("30001", UNKNOWN),
        ("30002", CANCELLED),
        ("30003", UNKNOWN),
        ("30004", REPLACED),
        ("13202", UNKNOWN),
        ("60003", DIFFERENT),
    )
}


@dataclass(frozen=True)
class AddressLook:
    """Whether the address register has the address: found exactly once, its identifier is taken over."""

    addresses: AddressRegister
    tools: Tools

    def __call__(self, part: Part, document: Document) -> Finding:
        matches = self.addresses.match(part.question)
        location = next(each for each in document["locaties"] if each["adres"]["@id"] == part.node)
        if len(matches.exact) != 1:
            return _no_single(matches, secret=bool(location.get("isThuisadres")))
        iri = matches.exact[0].iri
        if location["adres"].get("verwijstNaar") == iri:
            return Finding(FINE)
        found = {**location, "adres": {**location["adres"], "verwijstNaar": iri}}
        locations = [found if each is location else each for each in document["locaties"]]
        return Finding(TAKEN_OVER, change={"locaties": locations})


def _no_single(matches: Matches, secret: bool) -> Finding:
    """Candidates are told of a public address alone."""
    if matches.exact:
        return Finding(AMBIGUOUS, f"Het Adressenregister heeft dit adres {len(matches.exact)} keer.", ask=True)
    like = [] if secret else [match.line for match in matches.all[:3] if match.line and match.score >= LIKELY]
    if like:
        return Finding(NOT_FOUND, f"Bedoelt u {' of '.join(like)}?", ask=True)
    return Finding(NOT_FOUND, "Het Adressenregister kent dit adres niet.", ask=True)


@dataclass(frozen=True)
class EnterpriseLook:
    """What the KBO says of an association with an enterprise number: what differs there, is taken over."""

    kbo: Enterprises
    tools: Tools

    def __call__(self, part: Part, document: Document) -> Finding:
        try:
            found = self.kbo.find(part.question["kboNummer"])
        except Fault as fault:
            if fault.code == UNKNOWN_NUMBER:
                return Finding(UNKNOWN, NOT_KNOWN, ask=True)
            raise Unavailable(fault.title, retry_after=3600) from None
        if not found.active:
            return _stopped(found, document)
        if not found.legal_person or type_of(found, self.tools) is None:
            return Finding(DIFFERENT, NO_ASSOCIATION, ask=True)
        return self._compared(found, document)

    def _compared(self, found: Enterprise, document: Document) -> Finding:
        told = basics(found, self.tools)
        change = {term: value for term, value in told.items() if document.get(term) != value}
        where = seat(found, document.get("locaties", []), self.tools)
        if where and _line(where["locaties"][-1]) != _seat_line(document, self.tools):
            change |= where
        if not change:
            return Finding(FINE)
        return Finding(TAKEN_OVER, f"Overgenomen: {', '.join(sorted(change))}.", change=change, agent=KBO_AGENT)


def _stopped(found: Enterprise, document: Document) -> Finding:
    if document.get("einddatum"):
        return Finding(FINE)
    if not found.stopped:
        return Finding(STOPPED, "De KBO zegt dat dit niet meer actief is, en niet sinds wanneer.", ask=True)
    detail = f"Gestopt volgens de KBO op {found.stopped}."
    return Finding(STOPPED, detail, change={"einddatum": found.stopped}, agent=KBO_AGENT)


def _seat_line(document: Document, tools: Tools) -> tuple[str, ...]:
    seats = (each for each in document.get("locaties", ()) if each.get("locatietype") == tools.notions.seat)
    return next((_line(each) for each in seats), ())


def _line(location: Document) -> tuple[str, ...]:
    """An address to compare: of a municipality the part in front does not count."""
    address = location.get("adres", {})
    terms = ("straatnaam", "huisnummer", "busnummer", "postcode")
    return tuple(fold(str(address.get(term, ""))) for term in terms)


@dataclass(frozen=True)
class PersonLook:
    """Whether the national register knows the representative, alive and by this name; nothing changes by itself."""

    magda: Magda
    repertory: Repertory | None = None

    def __call__(self, part: Part, document: Document) -> Finding:
        try:
            if self.repertory is not None:
                self.repertory.enrol_person(part.question["insz"], document["@id"])
            found = read_person(self.magda.ask(PERSON, person_question(part.question["insz"])))
        except Fault as fault:
            if fault.code in PERSON_FAULTS:
                return PERSON_FAULTS[fault.code]
            raise Unavailable(fault.title, retry_after=3600) from None
        if found is None:
            return PERSON_FAULTS["30001"]
        if found.deceased:
            return Finding(DECEASED, "Deze vertegenwoordiger is volgens het Rijksregister overleden.", ask=True)
        if not _same_name(part, found.first_names, found.last_names):
            return Finding(DIFFERENT, "De naam bij dit nummer is een andere.", ask=True)
        return Finding(FINE)


def _same_name(part: Part, first: str, last: str) -> bool:
    """The family name and one of the given names; people go by the one they like."""
    same_family = fold(part.question["achternaam"]) == fold(last)
    return same_family and bool(_given(first) & _given(part.question["voornaam"]))


def _given(names: str) -> set[str]:
    return {fold(names), *map(fold, names.replace("-", " ").split())}


def looks(
    register: Register,
    addresses: AddressRegister | None = None,
    kbo: Enterprises | None = None,
    persons: Magda | None = None,
    repertory: Repertory | None = None,
) -> dict[str, Callable[[Part, Document], Finding]]:
    """Those registers that are switched on, by name."""
    found: dict[str, Callable[[Part, Document], Finding]] = {}
    if addresses is not None:
        found[ADDRESSES] = AddressLook(addresses, register.tools)
    if kbo is not None:
        found[ENTERPRISES] = EnterpriseLook(kbo, register.tools)
    if persons is not None:
        found[PERSONS] = PersonLook(persons, repertory)
    return found
