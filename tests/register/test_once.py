"""What is sent again is not done again, for a week."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.errors import Refused
from app.register.commands import ChangeAssociation, Outcome, RegisterAssociation
from app.register.once import DAYS, Once, forget_old, handle_once
from app.register.register import Register
from tests.register.builders import GENT, Make


def later(register: Register, days: int) -> Register:
    moment = register.clock() + timedelta(days)
    return replace(register, clock=lambda: moment)


def ask(register: Register, make: Make, key: str = "k", asked: str = "a", name: str = "De Houten Klepel") -> Outcome:
    return handle_once(RegisterAssociation(make.minimal(naam=name)), GENT, register, once=Once(key, asked))


@pytest.mark.parametrize("days, repeated", [(0, True), (1, True), (DAYS, True), (DAYS + 1, False)])
def test_a_key_counts_for_a_week(register: Register, make: Make, days: int, repeated: bool) -> None:
    first = ask(register, make)
    again = ask(later(register, days), make)
    assert (again == first) is repeated
    assert again.code == first.code and (again.sequence is None) is not repeated


def test_what_is_old_is_forgotten_and_nothing_else(register: Register, make: Make) -> None:
    ask(register, make)
    ask(later(register, 3), make, key="other", name="Turnkring Olympia")
    with register.log.transaction() as transaction:
        transaction.put_state("eenmali", "before")
        transaction.put_state("zomaar", "after")
    forget_old(later(register, DAYS + 1))
    with register.log.transaction() as transaction:
        assert transaction.get_state("eenmali") == "before" and transaction.get_state("zomaar") == "after"
    assert ask(later(register, DAYS + 1), make).sequence is None
    assert ask(later(register, DAYS + 1), make, key="other", name="Turnkring Olympia").sequence == 2


def test_a_key_is_of_one_question(register: Register, make: Make) -> None:
    ask(register, make)
    with pytest.raises(Refused, match="andere aanvraag"):
        ask(register, make, asked="b")


def test_what_was_refused_is_not_remembered(register: Register, make: Make) -> None:
    code = ask(register, make).code
    once = Once("change", "x")
    with pytest.raises(Refused):
        handle_once(ChangeAssociation(code, {"naam": "<b>"}), GENT, register, once=once)
    changed = handle_once(ChangeAssociation(code, {"korteNaam": "DHK"}), GENT, register, once=once)
    assert changed.version == 2


def test_a_key_shows_nothing_of_what_was_asked(register: Register, make: Make) -> None:
    ask(register, make, key="dossier-van-godelieve")
    with register.log.database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT key, value FROM state").all()
    assert rows and not any("godelieve" in f"{row}" for row in rows)
