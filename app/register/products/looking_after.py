"""Who looks after a product, and when it is to be looked at again: the list of an administration, and the reminders.

cards(agent, register)                                  # what is to be looked at, the longest overdue first
looked_at(code, date(2027, 1, 1), 3, agent, register)   # it was; look again on that day
remind_all(register)                                    # each night: who subscribed is told
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.errors import Problem, Refused
from app.model.codelists import CodeLists
from app.model.fields import Document
from app.model.terms import VL
from app.register.agents import SYSTEM, Agent
from app.register.commands import Change, Outcome
from app.register.desk import Desk
from app.register.entities import mark_entity, type_of
from app.register.handle import handle
from app.register.products.conduct import KIND
from app.register.products.own_products import Own, own_product, own_products
from app.register.register import Register

OWNER, BACK_UP, VALIDATOR = "eigenaar", "vervanger", "validator"
SOON, AGAIN, AT_MOST = timedelta(days=30), timedelta(days=14), timedelta(days=366 * 5)
OVERDUE, NEAR, CONCEPT, FEEDBACK, FORM, ADDRESS, ALONE = (
    "verstreken",
    "binnenkort",
    "concept",
    "terugkoppeling",
    "vorm",
    "adres",
    "alleen",
)


@dataclass(frozen=True)
class Card:
    """A product with who looks after it, and why it is to be looked at: the codes above."""

    own: Own
    posts: Mapping[str, str]
    accounts: frozenset[str]
    reasons: tuple[str, ...]

    @property
    def due(self) -> str:
        """The day on which it is to be looked at again; empty when there is none."""
        return str(self.own.document.get("nazichtOp", ""))


def cards(agent: Agent, register: Register, *, mine: bool = False) -> list[Card]:
    """The products that are to be looked at; with `mine` those that name the account of this agent."""
    found = (card_of(own, register) for own in own_products(agent, register))
    kept = [card for card in found if card.reasons and (not mine or agent.account in card.accounts)]
    return sorted(kept, key=lambda card: (OVERDUE not in card.reasons, card.due or "9999", card.own.code))


def card_of(own: Own, register: Register) -> Card:
    """The card of one product, with reasons or without."""
    posts, accounts = _posts(own.document, register.codelists)
    return Card(own, posts, accounts, tuple(_reasons(own, posts, register.today())))


def looked_at(code: str, again: date, expected: int, agent: Agent, register: Register) -> Outcome:
    """Say that it was looked at, and when it is to be again. Raises Refused for a day that is past or far away."""
    today = register.today()
    if not today < again <= today + AT_MOST:
        raise Refused("Kies een dag in de komende vijf jaar.", [Problem("nazichtOp", "Kies een latere dag.")])
    own_product(code, agent, register)
    change = Change(KIND, code, {"nazichtOp": again.isoformat()}, expected, activity=VL.ProductNagekeken.value)
    return handle(change, agent, register)


def remind_all(register: Register) -> int:
    """Note a reminder on each product whose day has come, again every two weeks; answers how many."""
    system = Agent(SYSTEM, "Het systeem", SYSTEM)
    today = register.today()
    late = [own.code for own in own_products(system, register) if _is_to_be_reminded(own.document, today)]
    if not late:
        return 0
    with register.log.transaction() as transaction:
        desk = Desk(register, transaction, system, "", today)
        type = type_of(KIND, desk)
        marks = {"herinnerdOp": today.isoformat()}
        for code in late:
            mark_entity(type, code, marks, VL.NazichtHerinnerd.value, desk)
    return len(late)


def _is_to_be_reminded(document: Document, today: date) -> bool:
    due, reminded = document.get("nazichtOp"), document.get("herinnerdOp", "")
    if not due or due > today.isoformat():
        return False
    return bool(reminded < due or reminded <= (today - AGAIN).isoformat())


def _reasons(own: Own, posts: Mapping[str, str], today: date) -> Iterator[str]:
    due = own.document.get("nazichtOp")
    if due and due <= today.isoformat():
        yield OVERDUE
    elif due and due <= (today + SOON).isoformat():
        yield NEAR
    if own.review:
        yield CONCEPT
    if own.document.get("feedbackBeschikbaar"):
        yield FEEDBACK
    if own.document.get("omzettingNodig"):
        yield FORM
    if any("controle" in each.get("adres", {}) for each in own.document.get("contactgegevens", ())):
        yield ADDRESS
    if not {OWNER, BACK_UP} <= posts.keys():
        yield ALONE


def _posts(document: Document, codelists: CodeLists) -> tuple[Mapping[str, str], frozenset[str]]:
    posts, accounts = {}, set()
    for each in document.get("verantwoordelijken", ()):
        if role := codelists.concept(each["rol"], "productrol"):
            posts[role.notation] = each["dienst"]
        if account := each.get("account"):
            accounts.add(account)
    return posts, frozenset(accounts)
