"""A product is written in peace: kept unfinished, seen by nobody else, approved where it has a validator, published."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.errors import Conflict, Forbidden, Gone, Refused
from app.register.agents import Agent
from app.register.commands import Archive, Change, Create, Outcome
from app.register.events import read_event
from app.register.handle import handle
from app.register.products.draft_commands import PublishProduct, ReturnProduct, SubmitProduct
from app.register.products.drafts import KIND, draft_about, draft_of, own_product_draft, own_product_drafts
from app.register.products.looking_after import remind_all
from app.register.products.publishing import REMIND_AFTER, remind_validators
from app.register.register import Register
from app.register.telling.occasions import load_occasions, occasions_of
from app.store.outbox import notices
from tests.products.builders import Document, add, full, minimal, read
from tests.products.test_feedback import AALST
from tests.register.builders import A_MANAGER, GENT, NOON, ROOT

WRITER, VALIDATOR = replace(GENT, account="schrijver"), replace(GENT, account="diensthoofd")
POSTS = [
    {"rol": "eigenaar", "dienst": "jeugddienst"},
    {"rol": "validator", "dienst": "diensthoofd", "account": "diensthoofd"},
]


def keep(register: Register, said: Document, about: str = "", agent: Agent = WRITER) -> str:
    version = register.log.latest(register.schema.entity_types["product"].iri(about)) if about else None
    return handle(Create(KIND, draft_of(said, version)), agent, register).code


def publish(register: Register, code: str, agent: Agent = WRITER) -> Outcome:
    return handle(PublishProduct(code), agent, register)


def product_iri(register: Register, code: str) -> str:
    return register.schema.entity_types["product"].iri(code)


def test_what_lacks_everything_can_be_kept_and_comes_back_as_it_was_typed(register: Register) -> None:
    said = {"naam": {"nl": "Nog te schrijven"}, "contactgegevens": [{"email": "geen adres"}], "type": "bestaat niet"}
    code = keep(register, said)
    draft = own_product_draft(code, GENT, register)
    assert (draft.title, draft.said) == ("Nog te schrijven", said)
    assert own_product_draft(keep(register, {}), GENT, register).title == "Zonder titel"


def test_a_draft_is_in_no_public_part_of_the_log_and_in_no_feed(register: Register) -> None:
    code = keep(register, minimal())
    version = own_product_draft(code, GENT, register).version
    assert version.public is None
    assert register.log.members("productontwerpen", 1, 10) == []


def test_published_it_is_a_product_with_all_checks_and_its_code_leads_there(register: Register) -> None:
    code = keep(register, {"naam": {"nl": "Half"}})
    with pytest.raises(Refused) as refused:
        publish(register, code)
    assert [problem.path for problem in refused.value.problems] == ["beschrijving"]
    assert own_product_drafts(GENT, register)[0].code == code, "and it is still there"
    version = own_product_draft(code, GENT, register).version.number
    handle(Change(KIND, code, draft_of(full()), version), WRITER, register)
    product = publish(register, code).code
    assert read(register, product)["naam"]["nl"] == full()["naam"]["nl"]
    with pytest.raises(Gone) as gone:
        own_product_draft(code, GENT, register)
    assert gone.value.replaced_by == product_iri(register, product)


def test_beside_a_draft_the_product_stays_as_everybody_sees_it(register: Register) -> None:
    product = add(register, full())
    before = read(register, product)
    code = keep(register, full(naam={"nl": "Anders", "en": "Different"}), product)
    assert read(register, product) == before
    assert draft_about(product_iri(register, product), register) == code
    publish(register, code)
    after = read(register, product)
    assert (after["naam"]["nl"], after["versie"]) == ("Anders", before["versie"] + 1)
    assert draft_about(product_iri(register, product), register) == ""


def test_parts_keep_their_iris_through_a_draft(register: Register) -> None:
    product = add(register, full())
    before = read(register, product)
    said = {**before, "naam": {"nl": "Anders", "en": "Different"}}
    publish(register, keep(register, said, product))
    assert read(register, product)["voorwaarden"] == before["voorwaarden"]


def test_what_others_noted_meanwhile_is_not_lost(register: Register) -> None:
    product = add(register, full(nazichtOp="2020-01-01"))
    code = keep(register, {**read(register, product), "uitzonderingen": None}, product)
    assert remind_all(register) == 1
    publish(register, code)
    assert "herinnerdOp" in read(register, product)


def test_a_product_that_changed_meanwhile_is_not_overwritten_unseen(register: Register) -> None:
    product = add(register, full())
    code = keep(register, full(naam={"nl": "Uit het ontwerp", "en": "Draft"}), product)
    handle(Change("product", product, {"naam": {"nl": "Intussen", "en": "Meanwhile"}}), GENT, register)
    draft = own_product_draft(code, GENT, register)
    assert draft.overtaken
    with pytest.raises(Conflict):
        publish(register, code)
    handle(Change(KIND, code, {"opVersie": draft.about_version}), WRITER, register)
    publish(register, code)
    assert read(register, product)["naam"]["nl"] == "Uit het ontwerp"


def test_there_is_one_draft_of_a_product(register: Register) -> None:
    product = add(register, full())
    keep(register, full(), product)
    with pytest.raises(Refused, match="goed ingevuld") as refused:
        keep(register, full(), product)
    assert refused.value.problems[0].path == "product"


def test_a_draft_of_what_is_gone_can_only_be_thrown_away(register: Register) -> None:
    product = add(register, full())
    code = keep(register, full(), product)
    handle(Archive("product", product), GENT, register)
    with pytest.raises(Refused, match="uit het aanbod"):
        publish(register, code)
    handle(Archive(KIND, code), WRITER, register)
    assert own_product_drafts(GENT, register) == []


def test_another_administration_sees_and_touches_nothing(register: Register) -> None:
    product, code = add(register, full()), keep(register, minimal())
    assert own_product_drafts(AALST, register) == []
    for ask in (
        lambda: own_product_draft(code, AALST, register),
        lambda: publish(register, code, AALST),
        lambda: handle(Change(KIND, code, {"naam": "Van mij"}), AALST, register),
        lambda: handle(Archive(KIND, code), AALST, register),
        lambda: handle(SubmitProduct(code), AALST, register),
    ):
        with pytest.raises(Forbidden):
            ask()
    with pytest.raises(Refused):
        keep(register, full(), product, AALST)
    assert [each.code for each in own_product_drafts(A_MANAGER, register)] == [code]


def test_a_national_number_is_not_even_kept_in_a_draft(register: Register) -> None:
    with pytest.raises(Refused) as refused:
        keep(register, {"contactgegevens": [{"dienst": "85.01.01-001.15"}]})
    assert refused.value.problems[0].path == "contactgegevens[0].dienst"
    assert keep(register, {"bevoegdeOverheden": ["http://data.lblod.info/id/bestuurseenheden/a85010100115"]})


# --- A validator ------------------------------------------------------------------------------------------------------


def validated(register: Register, **wanted: object) -> str:
    return handle(Create("product", full(verantwoordelijken=POSTS, **wanted)), VALIDATOR, register).code


def test_of_a_card_with_a_validator_nobody_else_changes_what_everybody_sees(register: Register) -> None:
    with pytest.raises(Refused) as refused:
        handle(Create("product", full(verantwoordelijken=POSTS)), WRITER, register)
    assert refused.value.problems[0].path == "verantwoordelijken"
    product = validated(register)
    for change in ({"naam": {"nl": "X", "en": "X"}}, {"verantwoordelijken": POSTS[:1]}):
        with pytest.raises(Refused):
            handle(Change("product", product, change), WRITER, register)
    handle(Change("product", product, {"nazichtOp": "2027-05-05"}), WRITER, register)
    handle(Change("product", product, {"naam": {"nl": "X", "en": "X"}}), VALIDATOR, register)


def test_who_is_named_without_an_account_only_reads_along(register: Register) -> None:
    posts = [{"rol": "validator", "dienst": "diensthoofd"}]
    assert handle(Create("product", full(verantwoordelijken=posts)), WRITER, register).code


def test_asked_sent_back_asked_again_approved_and_published(register: Register) -> None:
    product = validated(register)
    said = full(verantwoordelijken=POSTS, naam={"nl": "Nieuwe titel", "en": "New title"})
    code = keep(register, said, product)
    with pytest.raises(Forbidden):
        publish(register, code)
    handle(SubmitProduct(code), WRITER, register)
    with pytest.raises(Refused, match="al goedkeuring"):
        handle(SubmitProduct(code), WRITER, register)
    with pytest.raises(Refused):
        handle(Change(KIND, code, draft_of({"naam": {"nl": "Stiekem"}})), WRITER, register)
    with pytest.raises(Refused) as unsaid:
        handle(ReturnProduct(code, " "), VALIDATOR, register)
    assert unsaid.value.problems[0].path == "reden"
    handle(ReturnProduct(code, "De titel is te vaag."), VALIDATOR, register)
    draft = own_product_draft(code, GENT, register)
    assert (draft.waits, draft.document["reden"]) == (False, "De titel is te vaag.")
    handle(SubmitProduct(code), WRITER, register)
    assert own_product_drafts(GENT, register)[0].waits
    publish(register, code, VALIDATOR)
    assert read(register, product)["naam"]["nl"] == "Nieuwe titel"
    activity = register.log.latest(product_iri(register, product)).activity  # type: ignore[union-attr]
    assert activity.endswith("#ProductGoedgekeurd")


def test_what_is_not_whole_is_not_put_to_the_validator(register: Register) -> None:
    code = keep(register, {"naam": {"nl": "Half"}, "verantwoordelijken": POSTS})
    with pytest.raises(Refused) as refused:
        handle(SubmitProduct(code), WRITER, register)
    assert refused.value.problems[0].path == "beschrijving"
    with pytest.raises(Refused, match="geen validator"):
        handle(SubmitProduct(keep(register, minimal())), WRITER, register)


def test_who_asked_takes_it_back_without_a_reason(register: Register) -> None:
    code = keep(register, full(verantwoordelijken=POSTS))
    handle(SubmitProduct(code), WRITER, register)
    handle(ReturnProduct(code, ""), WRITER, register)
    assert not own_product_draft(code, GENT, register).waits


def test_the_question_and_each_weekly_reminder_are_an_occasion(register: Register) -> None:
    code = keep(register, full(verantwoordelijken=POSTS))
    assert remind_validators(register) == 0
    handle(SubmitProduct(code), WRITER, register)
    assert remind_validators(register) == 0
    later = replace(register, clock=lambda: NOON + REMIND_AFTER)
    assert (remind_validators(later), remind_validators(later)) == (1, 0)
    assert remind_validators(replace(register, clock=lambda: NOON + REMIND_AFTER * 2)) == 1
    known = load_occasions(ROOT, register.schema)
    events = [read_event(each, register.log, register.schema, register.codelists)
              for each in notices(register.log.database, 100)]  # fmt: skip
    told = [event for event in events if event and "goedkeuring" in occasions_of(event.known, event.type, known)]
    assert len(told) == 3 and told[0].homes == {"44021"}
    assert not any(occasions_of(event.seen, event.type, known) for event in told)
    assert not any("Jaarlijkse" in str(event.known) for event in told), "what a draft says is in no message"
