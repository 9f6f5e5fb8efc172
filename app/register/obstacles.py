"""What may stand in the way of a change: a double, a rule about who says what, another that is not there."""

from __future__ import annotations

from collections.abc import Iterable

from app.errors import PossibleDuplicates, Problem
from app.model.fields import Document
from app.register.desk import KBO_CLAIM, Desk
from app.register.doubles.traits import Traits
from app.register.prepare import refusal
from app.register.recognitions.rules import recognitions_are_for_their_grantor
from app.register.rules import broken_by

# What of an association, when it changes, may make it the double of another.
TELLING = ("words", "short", "places", "areas", "addresses", "kbo")
DUPLICATES = "Deze vereniging staat misschien al in het register."


def no_duplicates(traits: Traits, desk: Desk, besides: Iterable[str]) -> None:
    """Raise PossibleDuplicates when another association looks like this one, or has its KBO number."""
    found = desk.candidates.of(traits, besides)
    if found:
        raise PossibleDuplicates(DUPLICATES, [(code, match.reasons) for code, match in found])
    holders = desk.transaction.find(KBO_CLAIM, traits.kbo) if traits.kbo else []
    if any(code_of(holder) not in besides for holder in holders):
        raise PossibleDuplicates(DUPLICATES, [(code_of(holder), ("Zelfde KBO-nummer",)) for holder in holders])


def no_new_duplicates(traits: Traits, desk: Desk, confirmed_not: tuple[str, ...], entity: str) -> None:
    """Asked when the name or the place changes; who was as likely a double before the change is no news."""
    before = desk.traits_of(entity)
    if all(getattr(before, field) == getattr(traits, field) for field in TELLING):
        return
    code = code_of(entity)
    known = [other for other, _ in desk.candidates.of(before, (code,))]
    decided = [other for other, _ in desk.candidates.of(traits, (code,)) if desk.are_distinct(code, other)]
    no_duplicates(traits, desk, (code, *confirmed_not, *known, *decided))
    desk.tell_apart(code, confirmed_not)


def may_supply(before: Document, after: Document, desk: Desk) -> None:
    """Raise Refused for what this agent may not say of an association."""
    problems = broken_by(desk.agent, before, after, desk.register.tools.notions)
    if problems:
        raise refusal(tuple(problems))
    for_its_grantor(before, after, desk)


def for_its_grantor(before: Document, after: Document, desk: Desk) -> None:
    """Raise Refused when a recognition of another administration would come, change or go.

    Asked where somebody changes recognitions, not where a merge brings them along.
    """
    if problems := tuple(recognitions_are_for_their_grantor(before, after, desk.agent)):
        raise refusal(problems)


def others_exist(wanted: Iterable[tuple[str, str]], desk: Desk) -> None:
    """Raise Refused, by path, for every other association that one cannot be tied to."""
    problems = [Problem(path, sentence) for path, iri in wanted if (sentence := _cannot_be_tied_to(path, iri, desk))]
    if problems:
        raise refusal(tuple(problems))


def _cannot_be_tied_to(path: str, iri: str, desk: Desk) -> str | None:
    """Why not, as a sentence."""
    version = desk.transaction.latest(iri)
    if version is None or version.operation == "delete":
        return "Deze vereniging staat niet in het register."
    if path.startswith("subverenigingVan"):
        kind = desk.open_document(version).get("verenigingstype")
        if kind not in desk.register.tools.notions.with_personality:
            return "Enkel een vereniging met rechtspersoonlijkheid heeft subverenigingen."
    return None


def code_of(entity: str) -> str:
    """The code at the end of an IRI."""
    return entity.rpartition("/")[2]
