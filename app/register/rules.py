"""What the shape does not say: each rule is one small function that yields problems, a Dutch sentence beside a field.

Rules of one document stand in `RULES`; those that compare a change with what was there in `CHANGE_RULES`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import combinations
from typing import Any

from app.errors import Problem
from app.register import agents
from app.register.agents import Agent
from app.register.doubles.names import fold
from app.register.from_kbo import what_is_the_kbos_stays
from app.register.notions import Notions
from app.register.parts import plain
from app.register.recognitions.rules import (
    EVER,
    recognitions_do_not_overlap,
    recognitions_keep_their_subject,
    renewal_lies_within_the_period,
    suspended_recognitions_stay,
)

Document = Mapping[str, Any]
Rule = Callable[[Document, date], Iterator[Problem]]
ChangeRule = Callable[[Document, Document, Notions], Iterator[Problem]]
AgentRule = Callable[[Document, Document, Agent, Notions], Iterator[Problem]]
ADDRESS_PARTS = ("straatnaam", "huisnummer", "busnummer", "postcode", "gemeente", "land")
CONTACT_TERMS = ("email", "telefoon", "website", "socialMedia")


def broken(document: Document, today: date) -> list[Problem]:
    """All that is wrong with a document by itself."""
    return [problem for rule in RULES for problem in rule(document, today)]


def broken_by_change(before: Document, after: Document, notions: Notions) -> list[Problem]:
    """All that may not become of a document."""
    return [problem for rule in CHANGE_RULES for problem in rule(before, after, notions)]


def broken_by(agent: Agent, before: Document, after: Document, notions: Notions) -> list[Problem]:
    """All that this agent may not make of a document, though another may."""
    problems = [problem for rule in AGENT_RULES for problem in rule(before, after, agent, notions)]
    return problems if agent.role == agents.KBO else [*problems, *seat_is_for_the_kbo(before, after, notions)]


def reserved(document: Document, notions: Notions) -> dict[str, Any]:
    """The lists of a document of which not everybody may supply every part."""
    return {
        term: nodes
        for term, nodes in document.items()
        if term == "erkenningen" or (isinstance(nodes, list) and any(_is_reserved(node, notions) for node in nodes))
    }


def _is_reserved(node: Any, notions: Notions) -> bool:
    return isinstance(node, dict) and (node.get("bron") == notions.from_kbo or node.get("locatietype") == notions.seat)


def dates_are_not_in_the_future(document: Document, today: date) -> Iterator[Problem]:
    for term in ("startdatum", "einddatum"):
        if document.get(term, "") > today.isoformat():
            yield Problem(term, f"De {term} ligt in de toekomst.")


def concepts_are_not_doubled(document: Document, _today: date) -> Iterator[Problem]:
    for term, name in (("hoofdactiviteiten", "Deze hoofdactiviteit"), ("werkingsgebieden", "Dit werkingsgebied")):
        for index in _doubled(document.get(term, ())):
            yield Problem(f"{term}[{index}]", f"{name} staat er twee keer.")


def locations_are_not_doubled(document: Document, _today: date) -> Iterator[Problem]:
    locations = document.get("locaties", ())
    if len(locations) < 2:
        return
    for (_, first), (index, second) in combinations(enumerate(locations), 2):
        if same_location(first, second):
            yield Problem(f"locaties[{index}]", "Deze locatie staat er twee keer.")


def contacts_are_not_doubled(document: Document, _today: date) -> Iterator[Problem]:
    """Same kind, description and value; a phone number is E.164 by now, however it was written."""
    contacts = document.get("contactgegevens", ())
    for index in _doubled([contact_key(contact) for contact in contacts]):
        yield Problem(f"contactgegevens[{index}]", "Dit contactgegeven staat er twee keer.")


def representatives_are_different_people(document: Document, _today: date) -> Iterator[Problem]:
    people = document.get("vertegenwoordigers", ())
    for index in _doubled([person.get("insz") for person in people]):
        sentence = "Deze persoon staat al bij de vertegenwoordigers."
        yield Problem(f"vertegenwoordigers[{index}].insz", sentence)


def accounts_are_not_doubled(document: Document, _today: date) -> Iterator[Problem]:
    accounts = document.get("bankrekeningnummers", ())
    for index in _doubled([account.get("iban") for account in accounts]):
        yield Problem(f"bankrekeningnummers[{index}].iban", "Dit rekeningnummer staat er twee keer.")


def memberships_of_one_do_not_overlap(document: Document, _today: date) -> Iterator[Problem]:
    """An open begin or end is without limit."""
    memberships = list(each(document, "lidmaatschappen"))
    for (_, first), (path, second) in combinations(memberships, 2):
        if memberships_overlap(first, second):
            yield Problem(path, "Dit lidmaatschap overlapt met een ander van dezelfde vereniging.")


def nobody_is_member_of_itself(document: Document, _today: date) -> Iterator[Problem]:
    for path, membership in each(document, "lidmaatschappen"):
        if membership.get("andereVereniging", "") == document.get("@id"):
            yield Problem(f"{path}.andereVereniging", "Een vereniging is geen lid van zichzelf.")


def nobody_is_member_of_its_parent(document: Document, _today: date) -> Iterator[Problem]:
    """A part of an association is not a member of it besides, and never a part of itself."""
    parent = document.get("subverenigingVan", {}).get("andereVereniging")
    if parent and parent == document.get("@id"):
        yield Problem("subverenigingVan.andereVereniging", "Een vereniging is geen subvereniging van zichzelf.")
    for path, membership in each(document, "lidmaatschappen"):
        if parent and membership.get("andereVereniging") == parent:
            sentence = "Een vereniging is niet tegelijk lid en subvereniging van een andere."
            yield Problem(f"{path}.andereVereniging", sentence)


RULES: tuple[Rule, ...] = (
    dates_are_not_in_the_future,
    concepts_are_not_doubled,
    locations_are_not_doubled,
    contacts_are_not_doubled,
    representatives_are_different_people,
    accounts_are_not_doubled,
    memberships_of_one_do_not_overlap,
    nobody_is_member_of_itself,
    nobody_is_member_of_its_parent,
    recognitions_do_not_overlap,
    renewal_lies_within_the_period,
)


def what_was_filled_is_not_emptied(before: Document, after: Document, _notions: Notions) -> Iterator[Problem]:
    for term, sentence in (
        ("locaties", "De laatste locatie kan niet weg."),
        ("hoofdactiviteiten", "Er moet minstens één hoofdactiviteit blijven."),
        ("vertegenwoordigers", "De laatste vertegenwoordiger kan niet weg."),
    ):
        if before.get(term) and not after.get(term):
            yield Problem(term, sentence)


def kbo_number_stays(before: Document, after: Document, _notions: Notions) -> Iterator[Problem]:
    if before.get("kboNummer") and after.get("kboNummer") != before["kboNummer"]:
        yield Problem("kboNummer", "Het KBO-nummer van een vereniging verandert niet.")


def legal_personality_stays(before: Document, after: Document, notions: Notions) -> Iterator[Problem]:
    had = before.get("kboNummer") and before.get("verenigingstype") in notions.with_personality
    if had and after.get("verenigingstype") not in notions.with_personality:
        yield Problem("verenigingstype", "De KBO bepaalt de rechtsvorm van deze vereniging.")


def people_keep_their_number(before: Document, after: Document, _notions: Notions) -> Iterator[Problem]:
    known = {person["@id"]: person.get("insz") for person in before.get("vertegenwoordigers", ()) if "@id" in person}
    for path, person in each(after, "vertegenwoordigers"):
        if known.get(person.get("@id"), person.get("insz")) != person.get("insz"):
            yield Problem(f"{path}.insz", "Een ander rijksregisternummer is een andere persoon: voeg die toe.")


def seat_is_for_the_kbo(before: Document, after: Document, notions: Notions) -> list[Problem]:
    """Nobody else moves the seat of an association with legal personality."""

    def seats(document: Document) -> list[tuple[str, Mapping[str, Any]]]:
        return [found for found in each(document, "locaties") if found[1].get("locatietype") == notions.seat]

    was, now = ([plain(seat.get("adres")) for _, seat in seats(document)] for document in (before, after))
    if was == now:
        return []
    return [Problem(path, "De zetel komt uit de KBO.") for path in [path for path, _ in seats(after)] or ["locaties"]]


CHANGE_RULES: tuple[ChangeRule, ...] = (
    what_was_filled_is_not_emptied,
    kbo_number_stays,
    legal_personality_stays,
    people_keep_their_number,
    suspended_recognitions_stay,
    recognitions_keep_their_subject,
)


AGENT_RULES: tuple[AgentRule, ...] = (what_is_the_kbos_stays,)


def each(document: Document, term: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The nodes of a field with their paths."""
    return ((f"{term}[{index}]", node) for index, node in enumerate(document.get(term, ())))


def _doubled(values: Iterable[Any]) -> Iterator[int]:
    seen: Counter[Any] = Counter()
    for index, value in enumerate(values):
        if value and seen[value]:
            yield index
        seen[value] += 1


def contact_key(contact: Mapping[str, Any]) -> tuple[str, str, str]:
    """Kind, description and value: what may not stand in a document twice."""
    term = next((term for term in CONTACT_TERMS if term in contact), "")
    return term, contact.get("beschrijving", ""), contact.get(term, "").casefold()


def memberships_overlap(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Of the same association, in periods with a day in common."""
    same = _member_of(first) == _member_of(second)
    return same and first.get("van", "") <= second.get("tot", EVER) and second.get("van", "") <= first.get("tot", EVER)


def _member_of(membership: Mapping[str, Any]) -> str:
    return str(membership.get("andereVereniging") or fold(membership.get("naam", "")))


def same_location(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Same name and type, and the same address by its identifier or by its six parts."""
    if any(first.get(term) != second.get(term) for term in ("naam", "locatietype")):
        return False
    one, other = first.get("adres", {}), second.get("adres", {})
    if one.get("verwijstNaar") and one.get("verwijstNaar") == other.get("verwijstNaar"):
        return True
    return all(_letters(one.get(part)) == _letters(other.get(part)) for part in ADDRESS_PARTS)


def _letters(text: str | None) -> str:
    return fold(text or "").replace(" ", "")
