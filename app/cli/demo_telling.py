"""Of the demonstration: a municipality that asked to be told of changes, and some changes to be told of."""

from __future__ import annotations

from contextlib import suppress

from app.bootstrap.ambient import mint, root
from app.cli.clerk import clerk
from app.errors import LoketError
from app.register.agents import Agent
from app.register.commands import ChangeAssociation, StopAssociation
from app.register.handle import handle
from app.register.register import Register
from app.register.telling.commands import Subscribe
from app.register.telling.occasions import load_occasions
from app.register.telling.recipients import EMAIL, WEBHOOK, recipient_of
from app.register.telling.subscribing import Offer, confirm, subscribe

TOWN, FEED = "Gent", "verenigingen/gemeente/44021"
ACCOUNT = {"iban": "BE68 5390 0754 7034", "titularis": "Verzonnen Vereniging"}


def follow_changes(register: Register) -> None:
    """A clerk agreed to e-mail; a program is told too, at an address that never answers."""
    agent = clerk(TOWN, register)
    _ask(register, agent, EMAIL, "vrije.tijd@stad-gent.be")
    _ask(register, agent, WEBHOOK, "https://crm.stad-gent.invalid/meldingen")
    _change(register, agent)


def _ask(register: Register, agent: Agent, channel: str, address: str) -> None:
    keys = frozenset(one.key for one in load_occasions(root(), register.schema))
    occasions = ("nieuw", "vertegenwoordiger", "bankrekening", "stopzetting")
    command = Subscribe("gemeente/44021", occasions, channel, address)
    made = subscribe(command, agent, register, Offer(keys, mint))
    if recipient := recipient_of(made, register):
        confirm(made.id, recipient.confirming, register)


def _change(register: Register, agent: Agent) -> None:
    """An account, another description and an end, each of the first association for which the rules allow it."""
    members = register.log.members(FEED, 1, 60)
    codes = iter([member.version.entity.rpartition("/")[2] for member in members])
    account, words = {"bankrekeningnummers": [ACCOUNT]}, {"korteBeschrijving": "Samen bewegen, elke week."}
    for reason, make in (
        ("nieuwe rekening, op vraag van de vereniging", lambda code: ChangeAssociation(code, account)),
        ("aanvulling", lambda code: ChangeAssociation(code, words)),
        ("de laatste leden zijn gestopt", lambda code: StopAssociation(code, register.today())),
    ):
        for code in codes:
            with suppress(LoketError):
                handle(make(code), agent, register, reason)
                break
