"""An enterprise of the KBO as an association: a new one, or what an association takes over from there.

register_enterprise("0403.170.701", kbo, agent, register)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from app.errors import Problem, Refused, Unavailable
from app.exchange.magda.answers import Enterprise, read_enterprise
from app.exchange.magda.soap import ENTERPRISE, Fault, Magda, enterprise_question
from app.exchange.neighbour import asking_for
from app.model.fields import Document
from app.model.identifiers import validate_kbo
from app.model.processing import SERVICE
from app.register.agents import KBO, Agent
from app.register.commands import Outcome, RegisterAssociation
from app.register.handle import handle
from app.register.register import Register, Tools
from app.register.rights import Subject

UNKNOWN_NUMBER = "40046"
KBO_IRI = "https://data.vlaanderen.be/id/organisatie/kbo"
KBO_AGENT = Agent(KBO_IRI, "Kruispuntbank van Ondernemingen", KBO)
REASON = "Overgenomen uit de KBO."
NOT_KNOWN = "De KBO kent dit nummer niet."
NO_ASSOCIATION = "Dit is in de KBO geen actieve vereniging of stichting met rechtspersoonlijkheid."


@dataclass(frozen=True)
class Enterprises:
    """The KBO, asked through MAGDA."""

    magda: Magda
    register: Register = field(repr=False)

    def find(self, number: str) -> Enterprise:
        """The enterprise with this number; raises Fault for MAGDA's codes, Unavailable when there is no answer."""
        content = self.magda.ask(ENTERPRISE, enterprise_question(number))
        found = read_enterprise(content, self.register.today().isoformat())
        if found is None:
            raise Unavailable("De KBO gaf een antwoord zonder onderneming.")
        return found


def register_enterprise(
    number: str,
    kbo: Enterprises,
    register: Register,
    confirmed_not: tuple[str, ...] = (),
    asked_by: Agent = KBO_AGENT,
    token: str = "",
) -> Outcome:
    """Bring in the association with this enterprise number as the KBO knows it; known already, nothing changes.

    Whoever asks stands in the log, and must have the right to register what has its seat there.
    Raises Refused for a number that is none, that the KBO does not know or that is no association; PossibleDuplicates
    as registering does; Unavailable when the KBO does not answer.
    """
    try:
        digits = validate_kbo(number)
    except ValueError as error:
        raise Refused("Dit is geen KBO-nummer.", (Problem("kboNummer", str(error)),)) from None
    try:
        with asking_for("", asked_by.iri, SERVICE):
            found = kbo.find(digits)
    except Fault as fault:
        if fault.code != UNKNOWN_NUMBER:
            raise Unavailable(fault.title, retry_after=60) from None
        raise Refused(NOT_KNOWN, (Problem("kboNummer", NOT_KNOWN),)) from None
    if not (found.active and found.legal_person and type_of(found, register.tools)):
        raise Refused(NO_ASSOCIATION, (Problem("kboNummer", NO_ASSOCIATION),))
    known = register.log.find("kbo", digits)
    if known:
        version = register.log.latest(known[0])
        assert version is not None
        return Outcome(known[0].rpartition("/")[2], known[0], version.number)
    if asked_by is not KBO_AGENT:
        register.rights.check(asked_by, RegisterAssociation, _subject(found, register.tools))
    document = {"kboNummer": digits, **basics(found, register.tools), **contacts(found, (), register.tools)}
    agent = replace(KBO_AGENT, iri=asked_by.iri, label=asked_by.label)
    command = RegisterAssociation(document, confirmed_not, token=token)
    return _register(command, seat(found, [], register.tools), agent, register)


def _register(command: RegisterAssociation, seat: Document, agent: Agent, register: Register) -> Outcome:
    """A seat that cannot be used stands in nobody's way."""
    try:
        return handle(replace(command, document={**command.document, **seat}), agent, register, REASON)
    except Refused as refused:
        if not refused.problems or not all(each.path.startswith("locaties") for each in refused.problems):
            raise
        return handle(command, agent, register, REASON)


def _subject(found: Enterprise, tools: Tools) -> Subject:
    """As far as rights depend on it: where it has its seat."""
    place = f"{found.seat.postcode} {found.seat.municipality}" if found.seat else ""
    home = tools.codelists.municipality(place) if place.strip() else None
    return Subject(home=home.nis, sites=frozenset({home.nis})) if home else Subject()


def type_of(found: Enterprise, tools: Tools) -> str | None:
    """The type of association that its legal form is; None for a form that no association has."""
    form = tools.codelists.find("rechtsvorm", found.legal_form) if found.legal_form else None
    return next((match for match in form.matches if match in tools.notions.with_personality), None) if form else None


def basics(found: Enterprise, tools: Tools) -> Document:
    """Names, type and begin, as the KBO has them."""
    told = {
        "naam": found.name,
        "korteNaam": found.short_name,
        "verenigingstype": type_of(found, tools),
        "startdatum": found.started,
    }
    return {term: value for term, value in told.items() if value}


def seat(found: Enterprise, locations: list[Document], tools: Tools) -> Document:
    """The locations with the seat in its place; nothing when the KBO tells none."""
    address = found.seat
    if address is None or not address.postcode or not address.municipality:
        return {}
    told = {
        "straatnaam": address.street.partition("(")[0].strip(),
        "huisnummer": address.number,
        "busnummer": address.box,
        "postcode": address.postcode,
        "gemeente": address.municipality,
        "land": address.country,
    }
    others = [each for each in locations if each.get("locatietype") != tools.notions.seat]
    old: Document = next((each for each in locations if each.get("locatietype") == tools.notions.seat), {})
    new = {
        **old,
        "locatietype": tools.notions.seat,
        "adres": {**_kept(old.get("adres", {})), **{term: value for term, value in told.items() if value}},
    }
    return {"locaties": [*others, new]}


def contacts(found: Enterprise, details: tuple[Document, ...] | list[Document], tools: Tools) -> Document:
    """The contact details with those of the KBO among them, unless somebody gave the same before."""
    own = [each for each in details if each.get("bron") != tools.notions.from_kbo]
    said = {str(value) for each in own for value in each.values()}
    theirs = [each for each in _details(found) if not set(each.values()) & said]
    return {"contactgegevens": [*own, *({**each, "bron": tools.notions.from_kbo} for each in theirs)]} if theirs else {}


def _details(found: Enterprise) -> Iterator[dict[str, Any]]:
    for term, value in (
        ("email", found.email),
        ("telefoon", found.phone),
        ("telefoon", found.mobile),
        ("website", found.website),
    ):
        if value:
            yield {term: value}


def _kept(address: Document) -> Document:
    """Of an address that is replaced only its identity stays."""
    return {"@id": address["@id"]} if "@id" in address else {}
