"""The figures of a municipality by e-mail: put down at night for who asked, once a day, a week or a month.

    send_figures(register, reporter)

What is due is known by the day, week or month that its id names, so that a night in which nothing ran is made good the
next, and none sends twice. Who may not see the figures any more gets them no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson

from app.model.codelists import Municipality
from app.model.figures import NUMBER, TABLE
from app.register.agents import Agent
from app.register.products.audience import ALL, REPORT
from app.register.register import Register
from app.register.reports.periods import Wanted
from app.register.reports.reporting import Answer, Reporter
from app.register.telling.standing import lost, owner_of
from app.register.telling.subscription_checks import MONTHLY, WEEKLY
from app.store.deliveries import FIGURES, Delivery, delivery, put
from app.store.subscriptions import Subscription, active_subscriptions
from app.store.times import iso

MOST_ROWS = 8


def send_figures(register: Register, reporter: Reporter) -> int:
    """Put down what is due; answers how many e-mails that are."""
    made = 0
    for known in active_subscriptions(register.log.database):
        if known.scope.startswith(f"{REPORT}/"):
            made += _send(known, period_of(known.rhythm, register.today()), register, reporter)
    return made


def send_now(known: Subscription, mark: str, register: Register, reporter: Reporter) -> bool:
    """Put it down whatever the day; False when its owner may not see the figures any more."""
    return bool(_send(known, mark, register, reporter))


def period_of(rhythm: str, today: date) -> str:
    """The day, week or month for which figures are due.

    >>> [period_of(rhythm, date(2026, 11, 26)) for rhythm in ("elke dag", "elke week", "elke maand")]
    ['2026-11-26', '2026-W48', '2026-11']
    """
    year, week, _ = today.isocalendar()
    return {WEEKLY: f"{year}-W{week:02}", MONTHLY: today.isoformat()[:7]}.get(rhythm, today.isoformat())


def message_of(place: Municipality | None, agent: Agent, reporter: Reporter, time: str) -> Mapping[str, Any]:
    """What an e-mail says: the score, and of each figure the first rows."""
    wanted = Wanted(place=place)
    figures = [one for one in reporter.reports.figures.values() if place is None or "gemeente" in one.parameters]
    answers = [reporter.answer(one.name, wanted, agent) for one in figures if one.picture != TABLE]
    return {
        "tijdstip": time,
        "gemeente": place.nis if place else "",
        "kwaliteit": _quality(place, agent, reporter),
        "cijfers": [_told(answer) for answer in answers if answer.rows and answer.figure.step == ""],
    }


def _send(known: Subscription, period: str, register: Register, reporter: Reporter) -> int:
    id = f"{known.id}-{FIGURES}-{period}"
    owner, where = owner_of(known), known.scope.partition("/")[2]
    place = None if where == ALL else register.codelists.municipality(where)
    if delivery(register.log.database, id) or lost(known, register) or not reporter.may_see_all(owner, place):
        return 0
    now = iso(register.clock())
    body = orjson.dumps(message_of(place, owner, reporter, now))
    with register.log.transaction() as transaction:
        put(transaction.connection, [Delivery(id, known.id, FIGURES, 0, body, now, now)])
    return 1


def _quality(place: Municipality | None, agent: Agent, reporter: Reporter) -> Mapping[str, Any] | None:
    if place is None:
        return None
    answer = reporter.answer("kwaliteit", Wanted(place=place), agent)
    names = [column.name for column in answer.columns]
    rows = [dict(zip(names, row, strict=True)) for row in answer.rows]
    return {"score": rows[0]["score"], "eerst": rows[0]["eerst"]} if rows else None


def _told(answer: Answer) -> Mapping[str, Any]:
    places = [place for place, column in enumerate(answer.columns) if column.kind != "iri"]
    numbers = [answer.columns[place].kind == NUMBER for place in places]
    # Of what has a time the last rows are news, of all else the first.
    rows = answer.rows[-MOST_ROWS:] if answer.columns[0].kind in ("maand", "jaar") else answer.rows[:MOST_ROWS]
    return {
        "naam": answer.figure.name,
        "titel": answer.figure.title,
        "kolommen": [answer.columns[place].label for place in places],
        "getallen": numbers,
        "rijen": [["" if row[place] is None else row[place] for place in places] for row in rows],
        "meer": len(answer.rows) - len(rows),
    }
