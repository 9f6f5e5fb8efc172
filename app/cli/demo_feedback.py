"""Of the demonstration: what readers said of some products, and what was done with it."""

from __future__ import annotations

from datetime import timedelta

from app.bootstrap.ambient import mint
from app.cli.clerk import clerk
from app.model.languages import INFORMAL
from app.register.commands import Change
from app.register.handle import handle
from app.register.products.address_forms import SERVICE, Guidelines
from app.register.products.feedback import Handled, Said, give, handle_feedback
from app.register.products.looking_after import remind_all
from app.register.products.own_products import own_products
from app.register.products.speaking import choose
from app.register.register import Register
from app.store.feedback import ANSWERED, BUSY

TOWN, OTHER_TOWN = "Gent", "Aalst"
SAID = (
    Said(True),
    Said(True),
    Said(False, "Ik vind niet terug wie mij kan helpen om dit in te vullen."),
    Said(True, "Duidelijk. Een voorbeeld van een goed dossier zou helpen."),
    Said(None, "Het formulier dat hier staat, is dat van vorig jaar."),
    Said(False),
)


def speak_of_products(register: Register) -> None:
    """Readers of the first three products of one municipality; one was answered, one is being looked at."""
    agent = clerk(TOWN, register)
    given = [give(own.code, said, None, register, mint) for own in own_products(agent, register)[:3] for said in SAID]
    waiting = [each for each in given if each.written]
    handle_feedback(
        waiting[0].id, Handled(ANSWERED, "De jeugddienst helpt: dat staat nu bij Contact."), agent, register
    )
    handle_feedback(waiting[1].id, Handled(BUSY), agent, register)


def guide_writers(register: Register) -> None:
    """Two municipalities say je and name a service; the day has come to look at some products of the first."""
    for town in (TOWN, OTHER_TOWN):
        choose(Guidelines(INFORMAL, SERVICE), clerk(town, register), register)
    agent, today = clerk(TOWN, register), register.today()
    for own, days in zip(own_products(agent, register)[3:6], (-20, -3, 12), strict=True):
        due = (today + timedelta(days=days)).isoformat()
        handle(Change("product", own.code, {"nazichtOp": due}), agent, register)
    remind_all(register)
