"""What readers say of a product, what becomes of it, and that nothing of what they write leaves the vault."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest

from app.errors import Conflict, Forbidden, Refused, Unknown
from app.register.agents import MUNICIPALITY, Agent
from app.register.commands import Archive
from app.register.events import read_event
from app.register.handle import handle
from app.register.products.feedback import (
    LONGEST,
    Handled,
    Said,
    forget_texts,
    give,
    handle_feedback,
    open_feedback,
)
from app.register.register import Register
from app.register.telling.occasions import load_occasions, occasions_of
from app.store.accesses import Which, accesses
from app.store.feedback import ANSWERED, BUSY, COUNTED, DECLINED, NEW, Asked, count_feedback, list_feedback, tallies
from app.store.outbox import notices
from app.store.tables import log as tables
from app.store.tables import telling as tables_telling
from tests.products.builders import add, minimal, read
from tests.register.builders import A_STRANGER, GENT, ROOT

AALST = Agent("https://verenigingen.voorbeeld.be/id/organisatie/aalst", "Stad Aalst", MUNICIPALITY, "41002")
SECRET = "Jan Verzonnen van het loket wist het niet."
Mint = Callable[[], str]


@pytest.fixture
def mint() -> Mint:
    numbers = count(1)
    return lambda: f"t{next(numbers)}"


@pytest.fixture
def code(register: Register) -> str:
    return add(register, minimal())


SAID = [
    (Said(True), ("duidelijk", True, COUNTED, False)),
    (Said(True, "Dank u"), ("duidelijk", True, NEW, True)),
    (Said(False), ("duidelijk", False, NEW, False)),
    (Said(False, "Te moeilijk"), ("duidelijk", False, NEW, True)),
    (Said(None, "De openingsuren kloppen niet"), ("fout", None, NEW, True)),
]


@pytest.mark.parametrize(("said", "kept"), SAID)
def test_what_a_reader_said_is_work_unless_all_was_clear(
    register: Register, code: str, mint: Mint, said: Said, kept: tuple[object, ...]
) -> None:
    found = give(code, said, None, register, mint)
    assert (found.kind, found.clear, found.state, found.written) == kept
    assert ("feedbackBeschikbaar" in read(register, code)) == (found.state == NEW)


def test_a_text_stands_in_the_vault_alone_and_each_reading_is_logged(register: Register, code: str, mint: Mint) -> None:
    given = give(code, Said(False, SECRET), None, register, mint)
    with register.log.database.reading() as connection:
        for table in tables.metadata.sorted_tables:
            rows = connection.execute(table.select()).all()
            assert "Verzonnen" not in repr(rows), table.name
    assert open_feedback(given.id, GENT, register).text == SECRET
    [line] = accesses(register.log.database, Which(entity=f"{register.schema.base}/terugkoppeling/{given.id}"))
    assert (line.purpose, line.what) == ("dienstverlening", "gelezen")


REFUSED = [
    (Said(None, " "), "nog leeg"),
    (Said(False, "a" * (LONGEST + 1)), "te lang"),
    (Said(False, "<script>x</script>"), "niet bewaren"),
    (Said(False, "a\x00b"), "niet bewaren"),
]


@pytest.mark.parametrize(("said", "why"), REFUSED)
def test_what_cannot_be_kept_is_refused_and_nothing_is_written(
    register: Register, code: str, mint: Mint, said: Said, why: str
) -> None:
    head = register.log.head()
    with pytest.raises(Refused, match=why):
        give(code, said, None, register, mint)
    assert (register.log.head(), tallies(register.log.database, None)) == (head, [])


def test_of_a_product_that_is_not_there_nobody_says_anything(register: Register, mint: Mint) -> None:
    with pytest.raises(Unknown):
        give("P0009999", Said(True), None, register, mint)


def test_the_owner_works_through_it(register: Register, code: str, mint: Mint) -> None:
    given = give(code, Said(False, "Waar?"), None, register, mint)
    busy = handle_feedback(given.id, Handled(BUSY), GENT, register)
    assert "feedbackBeschikbaar" in read(register, code)
    handle_feedback(given.id, Handled(ANSWERED, "Aan de balie; de pagina zegt het nu."), GENT, register, busy.changed)
    assert "feedbackBeschikbaar" not in read(register, code)
    opened = open_feedback(given.id, GENT, register)
    assert (opened.text, opened.answer) == ("Waar?", "Aan de balie; de pagina zegt het nu.")
    with pytest.raises(Conflict):
        handle_feedback(given.id, Handled(BUSY), GENT, register, busy.changed)


def test_who_declines_says_why(register: Register, code: str, mint: Mint) -> None:
    given = give(code, Said(False), None, register, mint)
    with pytest.raises(Refused, match="waarom"):
        handle_feedback(given.id, Handled(DECLINED), GENT, register)
    with pytest.raises(Refused, match="bestaat niet"):
        handle_feedback(given.id, Handled("weg"), GENT, register)
    handle_feedback(given.id, Handled(DECLINED, "Dit gaat over een ander product."), GENT, register)


def test_another_administration_sees_nothing_of_it(register: Register, code: str, mint: Mint) -> None:
    given = give(code, Said(False, "Waar?"), None, register, mint)
    for agent in (AALST, A_STRANGER):
        with pytest.raises(Forbidden):
            open_feedback(given.id, agent, register)
        with pytest.raises(Forbidden):
            handle_feedback(given.id, Handled(BUSY), agent, register)


def test_figures_add_up(register: Register, code: str, mint: Mint) -> None:
    for said in (Said(True), Said(True), Said(False), Said(None, "Fout")):
        give(code, said, None, register, mint)
    [tally] = tallies(register.log.database, None)
    assert (tally.clear, tally.unclear, tally.mistakes, tally.open) == (2, 1, 1, 2)
    asked = Asked(None)
    assert count_feedback(register.log.database, asked) == {COUNTED: 2, NEW: 2}
    assert [each.kind for each in list_feedback(register.log.database, asked, 10)] == ["duidelijk", "fout"]
    assert list_feedback(register.log.database, Asked(frozenset({"een ander"})), 10) == []


def test_the_first_word_arises_as_an_occasion_for_who_may_know(register: Register, code: str, mint: Mint) -> None:
    for text in ("Een", "Twee"):
        give(code, Said(False, text), None, register, mint)
    *_, notice = notices(register.log.database, 100)
    event = read_event(notice, register.log, register.schema, register.codelists)
    assert event is not None and event.version.number == 2, "of the second nobody is told again"
    occasions = load_occasions(ROOT, register.schema)
    assert "terugkoppeling" in occasions_of(event.known, event.type, occasions)
    assert not occasions_of(event.seen, event.type, occasions)


def test_nothing_of_it_is_in_the_public_feed(register: Register, code: str, mint: Mint) -> None:
    before = [member.sequence for member in register.log.members("producten", 1, 10)]
    give(code, Said(False), None, register, mint)
    assert [member.sequence for member in register.log.members("producten", 1, 10)] == before


def test_a_product_that_is_gone_meanwhile_can_still_be_settled(register: Register, code: str, mint: Mint) -> None:
    given = give(code, Said(False), None, register, mint)
    handle(Archive("product", code), GENT, register)
    assert handle_feedback(given.id, Handled(ANSWERED), GENT, register).state == ANSWERED


def test_what_is_settled_long_ago_is_forgotten_but_counts(register: Register, code: str, mint: Mint) -> None:
    given = give(code, Said(False, SECRET), None, register, mint)
    handle_feedback(given.id, Handled(ANSWERED, "Verbeterd."), GENT, register)
    assert forget_texts(register) == 0
    with register.log.transaction() as transaction:
        old = tables_telling.feedback.update().values(changed="2024-01-01T00:00:00.000000Z")
        transaction.connection.execute(old)
    assert (forget_texts(register), forget_texts(register)) == (1, 0)
    assert open_feedback(given.id, GENT, register).text == ""
    assert tallies(register.log.database, None)[0].unclear == 1
