"""What the calendar does to recognitions, day by day: found by the day on which their status changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from app.register.agents import SYSTEM, Agent
from app.register.commands import Outcome
from app.register.handle import handle_all
from app.register.obstacles import code_of
from app.register.recognitions.commands import SettleRecognitions
from app.register.recognitions.rules import DUE
from app.register.register import Register
from app.store.batches import batches

STATE = "erkenningen/tot"
AT_ONCE = 500


def settle_all(register: Register) -> int:
    """Write down what changed since the last time; answers of how many associations. May be done as often as wanted."""
    today = register.today()
    codes = sorted({code_of(entity) for day in _days(register, today) for entity in register.log.find(DUE, day)})
    agent = Agent(f"{register.schema.base}/id/systeem/kalender", "De kalender", SYSTEM)
    changed = 0
    for part in batches(codes, AT_ONCE):
        outcomes = handle_all([SettleRecognitions(code) for code in part], agent, register)
        changed += sum(isinstance(each, Outcome) and each.sequence is not None for each in outcomes)
    with register.log.transaction() as transaction:
        transaction.put_state(STATE, today.isoformat())
    return changed


def _days(register: Register, today: date) -> Iterator[str]:
    """The days since the last time, that one included; at the first time, today and the year before."""
    last = register.log.get_state(STATE)
    day = date.fromisoformat(last) if last else today - timedelta(days=366)
    while day <= today:
        yield day.isoformat()
        day += timedelta(days=1)
