"""The commands of how an administration speaks: its guidelines, and the other form of a product.

choose(Guidelines(INFORMAL, SERVICE), agent, register)                # its products follow where they can
propose(own, register, aid)                                           # text by text, to be read over
keep_form(own.code, INFORMAL, {"naam": "Je subsidie"}, 3, agent, register)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from app.errors import Conflict, Problem, Refused
from app.model.address_form import Aid, Proposal
from app.model.fields import Document
from app.model.languages import FORMAL, INFORMAL, NEUTRAL
from app.register.agents import Agent
from app.register.commands import Change, Outcome
from app.register.desk import Desk
from app.register.entities import change_entity
from app.register.handle import handle
from app.register.products.address_forms import (
    OTHER,
    PERSON,
    SERVICE,
    Guidelines,
    Text,
    put_guidelines,
    retagged,
    texts_of,
    with_form,
)
from app.register.products.conduct import KIND
from app.register.products.own_products import Own, own_product, own_products
from app.register.register import Register

REASON = "Aanspreekvorm"


@dataclass(frozen=True)
class Proposed:
    """One text: as it is, as it would be, as it is kept already if it is; with the doubts."""

    text: Text
    now: str
    proposal: Proposal
    kept: str = ""


def choose(guidelines: Guidelines, agent: Agent, register: Register) -> int:
    """Keep the guidelines; products that have both forms change over. Answers how many did. Raises Refused."""
    register.rights.check(agent, "Change")
    if guidelines.form not in ("", FORMAL, INFORMAL):
        raise Refused("Kies u of je.", [Problem("vorm", "Kies u of je.")])
    if guidelines.contact not in ("", SERVICE, PERSON):
        raise Refused("Kies dienst of persoon.", [Problem("contact", "Kies een dienst of een persoon.")])
    owned = own_products(agent, register)
    with register.log.transaction() as transaction:
        put_guidelines(agent.iri, replace(guidelines, since=transaction.now()), register, transaction)
        desk = Desk(register, transaction, agent, REASON, register.today())
        return sum(_follows(own.code, desk) for own in owned)


def _follows(code: str, desk: Desk) -> bool:
    """Derive the product again; one that could not be brought in any more today stays as it is."""
    with suppress(Refused):
        return change_entity(Change(KIND, code, {}), desk).sequence is not None
    return False


def propose(own: Own, register: Register, aid: Aid) -> tuple[str, list[Proposed]]:
    """The form that the product does not count by, and a proposal for each text; what is kept already stays."""
    type = register.schema.entity_types[KIND]
    current = own.document.get("taalvariant", NEUTRAL)
    other = OTHER[current]
    convert = aid.to_je if other == INFORMAL else aid.to_u
    found = []
    for text in texts_of(own.document, type):
        if now := text.texts.get(current):
            found.append(Proposed(text, now, convert(now), text.texts.get(other, "")))
    return other, found


def keep_form(code: str, form: str, written: Document, expected: int, agent: Agent, register: Register) -> Outcome:
    """Keep the other form beside the one that there is, as somebody read it over; every text must be there."""
    own = _as_expected(code, expected, agent, register)
    type = register.schema.entity_types[KIND]
    if missing := [text.path for text in texts_of(own.document, type) if not written.get(text.path)]:
        raise Refused("Niet alle teksten zijn omgezet.", [Problem(path, "Vul deze tekst in.") for path in missing])
    document = with_form(own.document, type, form, written)
    return handle(Change(KIND, code, document, expected, whole=True), agent, register, REASON)


def confirm_form(code: str, form: str, expected: int, agent: Agent, register: Register) -> Outcome:
    """Say that the texts, as they are, speak in this form already."""
    own = _as_expected(code, expected, agent, register)
    document = retagged(own.document, register.schema.entity_types[KIND], form)
    return handle(Change(KIND, code, document, expected, whole=True), agent, register, REASON)


def differing(before: str, after: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Both texts in pieces, each with whether it differs from the other.

    >>> differing("Vraagt u dit?", "Vraag je dit?")[1]
    [('Vraag je', True), (' dit?', False)]
    """
    left, right = (_words(text) for text in (before, after))
    pieces = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    old = [("".join(left[a:b]), kind != "equal") for kind, a, b, _, _ in pieces if b > a]
    new = [("".join(right[a:b]), kind != "equal") for kind, _, _, a, b in pieces if b > a]
    return _joined(old), _joined(new)


def _words(text: str) -> list[str]:
    """Words, and what stands between them."""
    found: list[str] = []
    for mark in text:
        if found and mark.isalnum() and found[-1][-1].isalnum():
            found[-1] += mark
        else:
            found.append(mark)
    return found


def _joined(pieces: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """A blank between two that differ differs along; neighbours of one kind are one."""
    found: list[tuple[str, bool]] = []
    for index, (text, differs) in enumerate(pieces):
        between = not differs and text == " " and 0 < index < len(pieces) - 1
        differs = differs or between
        if found and found[-1][1] == differs:
            found[-1] = (found[-1][0] + text, differs)
        else:
            found.append((text, differs))
    return found


def _as_expected(code: str, expected: int, agent: Agent, register: Register) -> Own:
    own = own_product(code, agent, register)
    if own.version.number != expected:
        raise Conflict("Iemand anders heeft dit product intussen gewijzigd.")
    return own


def waiting(agent: Agent, register: Register) -> Iterator[Own]:
    """The products that do not speak as their administration does."""
    return (own for own in own_products(agent, register) if own.document.get("omzettingNodig"))
