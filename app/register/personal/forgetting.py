"""Erasing over the whole register: one association, one person wherever they stand, and what is kept long enough.

Each answers which fields of which associations went and which stayed; with `dry_run` which would.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import orjson

from app.errors import Problem, Refused
from app.model.identifiers import validate_insz
from app.model.processing import RIGHTS
from app.register.agents import Agent
from app.register.handle import handle
from app.register.personal.commands import ErasePersonalData
from app.register.personal.erasure import Share, expired, of_person
from app.register.personal.people import technical_use, use_by
from app.register.register import Register
from app.store.accesses import forget
from app.store.checks import forget_calls
from app.store.queues import close_older
from app.store.vault import Personal

EXPIRED = "De bewaartermijn is om."
AGAIN = "Opnieuw gewist na het terugzetten van een reservekopie."


@dataclass(frozen=True)
class Forgotten:
    """What went of one association or referral, and what stayed, by field and without values."""

    code: str
    gone: str
    left: str = ""


def forget_association(
    code: str, agent: Agent, register: Register, reason: str = "", dry_run: bool = False
) -> list[Forgotten]:
    """Erase all personal values of one association."""
    register.rights.check(agent, ErasePersonalData)
    share = Share(register.log.vault.read(register.tools.type.iri(code), technical_use(agent)), ())
    return _forget(code, share, ErasePersonalData(code), agent, register, reason, dry_run)


def forget_person(
    insz: str, agent: Agent, register: Register, reason: str = "", *, only: str = "", dry_run: bool = False
) -> list[Forgotten]:
    """Erase one person from every association, or from `only` one, and from what still waits for a decision."""
    register.rights.check(agent, ErasePersonalData)
    insz = read_insz(insz, register)
    found = register.log.vault.find(insz, use_by(agent, RIGHTS, reason))
    start = register.tools.type.iri_start
    forgotten: list[Forgotten] = []
    for entity in found:
        code = entity.removeprefix(start)
        if entity.startswith(start) and only in ("", code):
            share = of_person(register.log.vault.read(entity, technical_use(agent)), insz)
            command = ErasePersonalData(code, insz)
            forgotten += _forget(code, share, command, agent, register, reason, dry_run)
    return forgotten if only else forgotten + _forget_referred(insz, agent, register, reason, dry_run)


def forget_again(
    erased: Sequence[tuple[str, frozenset[str]]], agent: Agent, register: Register, dry_run: bool = False
) -> list[Forgotten]:
    """Erase what was erased before, (code, nodes), after a backup brought it back."""
    register.rights.check(agent, ErasePersonalData)
    forgotten = []
    for code, nodes in erased:
        kept = register.log.vault.read(register.tools.type.iri(code), technical_use(agent))
        going = tuple(one for one in kept if one.node.rpartition("#")[2] in nodes)
        command = ErasePersonalData(code, nodes=nodes)
        forgotten += _forget(code, Share(going, ()), command, agent, register, AGAIN, dry_run)
    return forgotten


def forget_expired(agent: Agent, register: Register, dry_run: bool = False) -> list[Forgotten]:
    """Erase what is kept long enough: of ended associations, of questions never answered, and who used values when."""
    today, processing = register.today(), register.schema.processing
    forgotten = [
        each
        for code in expired(register, today)
        for each in forget_association(code, agent, register, EXPIRED, dry_run)
    ]
    if not dry_run:
        held = frozenset(register.log.vault.entities())
        with register.log.transaction() as transaction:
            forget(transaction.connection, _day(today, processing.days_of_accesses))
            forget_calls(transaction.connection, _day(today, processing.days))
            subjects = close_older(transaction, _day(today, processing.days), held, EXPIRED)
            transaction.keep([Personal(subject, subject, None) for subject in subjects])
    return forgotten


def read_insz(text: str, register: Register) -> str:
    """The eleven digits; raises Refused, which does not show them."""
    try:
        return validate_insz(text.strip(), register.test_identities)
    except ValueError as error:
        raise Refused("Dit is geen INSZ.", (Problem("insz", str(error)),)) from None


def _forget(
    code: str, share: Share, command: ErasePersonalData, agent: Agent, register: Register, reason: str, dry_run: bool
) -> list[Forgotten]:
    if not share.going:
        return []
    if not dry_run:
        handle(command, agent, register, reason)
    return [Forgotten(code, *share.told)]


def _forget_referred(insz: str, agent: Agent, register: Register, reason: str, dry_run: bool) -> list[Forgotten]:
    """A referred document goes on without the person."""
    forgotten = []
    vault, start = register.log.vault, f"{register.schema.base}/taak/"
    for subject in (entity for entity in vault.entities() if entity.startswith(start)):
        for kept in vault.read(subject, technical_use(agent)):
            left = _without(kept, insz)
            if left == kept:
                continue
            forgotten.append(Forgotten(subject.removeprefix(start), "document vertegenwoordigers"))
            if not dry_run:
                with register.log.transaction() as transaction:
                    transaction.keep([left])
                    transaction.note(subject, use_by(agent, RIGHTS, reason, "gewist"), "document vertegenwoordigers")
    return forgotten


def _without(kept: Personal, insz: str) -> Personal:
    values = dict(kept.values or {})
    if "document" not in values:
        return kept
    document = orjson.loads(values["document"])
    people: Sequence[dict[str, str]] = document.get("vertegenwoordigers", ())
    left = [each for each in people if _digits(str(each.get("insz", ""))) != insz]
    if len(left) == len(people):
        return kept
    return replace(kept, values={**values, "document": orjson.dumps({**document, "vertegenwoordigers": left}).decode()})


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text)).zfill(11)


def _day(today: date, days: int) -> str:
    return (today - timedelta(days=days)).isoformat()
