"""Who looks after a product, when it is to be looked at again, and that somebody is reminded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.errors import Conflict, Forbidden, Refused
from app.register.events import read_event
from app.register.products.looking_after import (
    AGAIN,
    ALONE,
    NEAR,
    OVERDUE,
    card_of,
    cards,
    looked_at,
    remind_all,
)
from app.register.products.own_products import own_product
from app.register.register import Register
from app.register.telling.occasions import Occasion, load_occasions, occasions_of
from app.store.outbox import notices
from tests.products.builders import Document, add, full, minimal, read
from tests.products.test_feedback import AALST
from tests.register.builders import GENT, NOON, ROOT, TODAY

BOTH = [{"rol": "eigenaar", "dienst": "jeugddienst"}, {"rol": "vervanger", "dienst": "onthaal", "account": "mijn"}]


def due(days: int, **wanted: object) -> Document:
    return full(nazichtOp=(TODAY + timedelta(days=days)).isoformat(), verantwoordelijken=BOTH, **wanted)


def occasions(register: Register) -> tuple[Occasion, ...]:
    return load_occasions(ROOT, register.schema)


WHY = [
    (due(-1), (OVERDUE,)),
    (due(0), (OVERDUE,)),
    (due(30), (NEAR,)),
    (due(31), ()),
    (full(nazichtOp=None, verantwoordelijken=BOTH[:1]), (ALONE,)),
    (minimal(), (ALONE,)),
]


@pytest.mark.parametrize(("document", "reasons"), WHY)
def test_why_a_product_is_to_be_looked_at(register: Register, document: Document, reasons: tuple[str, ...]) -> None:
    code = add(register, document)
    assert card_of(own_product(code, GENT, register), register).reasons == reasons
    assert [card.own.code for card in cards(GENT, register)] == ([code] if reasons else [])


def test_the_longest_overdue_comes_first_and_each_says_who(register: Register) -> None:
    codes = [add(register, due(days)) for days in (-1, -30, 10)]
    found = cards(GENT, register)
    assert [card.own.code for card in found] == [codes[1], codes[0], codes[2]]
    assert found[0].posts == {"eigenaar": "jeugddienst", "vervanger": "onthaal"}
    assert len(cards(replace(GENT, account="mijn"), register, mine=True)) == 3
    assert cards(replace(GENT, account="een ander"), register, mine=True) == []
    assert cards(AALST, register) == []


def test_what_was_looked_at_waits_until_the_next_day(register: Register) -> None:
    code = add(register, due(-1))
    again = TODAY + timedelta(days=365)
    with pytest.raises(Conflict):
        looked_at(code, again, 9, GENT, register)
    with pytest.raises(Forbidden):
        looked_at(code, again, 1, AALST, register)
    for wrong in (TODAY, date(2099, 1, 1)):
        with pytest.raises(Refused):
            looked_at(code, wrong, 1, GENT, register)
    looked_at(code, again, 1, GENT, register)
    assert (cards(GENT, register), read(register, code)["nazichtOp"]) == ([], again.isoformat())


def test_each_reminder_is_an_occasion_and_comes_again_after_two_weeks(register: Register) -> None:
    code = add(register, due(-1))
    add(register, due(1))
    assert (remind_all(register), remind_all(register)) == (1, 0)
    later = replace(register, clock=lambda: NOON + AGAIN)
    assert remind_all(later) == 2, "and of the other the day has come meanwhile"
    events = [read_event(each, register.log, register.schema, register.codelists) for each in notices(
        register.log.database, 100)]  # fmt: skip
    known = occasions(register)
    told = [event for event in events if event and "nazicht" in occasions_of(event.known, event.type, known)]
    assert [event.code for event in told].count(code) == 2
    assert not any(occasions_of(event.seen, event.type, occasions(register)) for event in told)


def test_moving_the_day_tells_nobody_and_counts_anew(register: Register) -> None:
    code = add(register, due(-1))
    remind_all(register)
    looked_at(code, TODAY + timedelta(days=20), 2, GENT, register)
    *_, notice = notices(register.log.database, 100)
    event = read_event(notice, register.log, register.schema, register.codelists)
    assert event and "nazicht" not in occasions_of(event.known, event.type, occasions(register))
    assert remind_all(replace(register, clock=lambda: NOON + timedelta(days=19))) == 0
    assert remind_all(replace(register, clock=lambda: NOON + timedelta(days=20))) == 1
