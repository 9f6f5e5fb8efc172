"""A request that is sent again is not carried out again: its outcome is remembered in the transaction that made it.

A key counts for a week.

    once = Once(key="8f2…", asked="9c1…")
    handle_once(command, agent, register, once=once)      # the second time: what came of the first
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date, timedelta

import orjson

from app.errors import LoketError, Problem, Refused
from app.register.agents import Agent
from app.register.commands import Command, Outcome
from app.register.desk import Desk
from app.register.handle import attempt_alone, ready
from app.register.register import Register

PREFIX, DAYS = "eenmalig/", 7
ANOTHER = "Deze Idempotency-Key hoort bij een andere aanvraag."


@dataclass(frozen=True)
class Once:
    """A key that the asker chose, and a digest of what was asked with it."""

    key: str
    asked: str = field(repr=False)


def handle_once(
    command: Command, agent: Agent, register: Register, reason: str = "", once: Once | None = None
) -> Outcome:
    """Do one thing as `handle` does, or answer what came of it before; raises Refused for another question's key."""
    prepared = ready(command, agent, register)
    with register.log.transaction() as transaction:
        desk = Desk(register, transaction, agent, reason, register.today())
        if once and (known := _recall(once, desk)):
            return known
        if isinstance(prepared, LoketError):
            raise prepared
        outcome = attempt_alone(prepared, desk)
        if once:
            transaction.put_state(_state(once, desk, desk.today), orjson.dumps([once.asked, asdict(outcome)]).decode())
        return outcome


def forget_old(register: Register) -> None:
    """Take away what is older than the keys count."""
    last = register.today() - timedelta(days=DAYS)
    with register.log.transaction() as transaction:
        transaction.drop_states(PREFIX, f"{PREFIX}{last.isoformat()}")


def _recall(once: Once, desk: Desk) -> Outcome | None:
    days = (desk.today - timedelta(days=back) for back in range(DAYS + 1))
    kept = next((found for day in days if (found := desk.transaction.get_state(_state(once, desk, day)))), None)
    if kept is None:
        return None
    asked, outcome = orjson.loads(kept)
    if asked != once.asked:
        raise Refused(ANOTHER, [Problem("Idempotency-Key", ANOTHER)])
    hints = tuple(Problem(**hint) for hint in outcome.pop("hints", ()))
    return Outcome(**outcome, hints=hints)


def _state(once: Once, desk: Desk, day: date) -> str:
    """Each asker has keys of its own; what it chose may say something, so only a keyed hash of it is kept."""
    return f"{PREFIX}{day.isoformat()}/{desk.blind(f'{desk.agent.reader}|{once.key}')}"
