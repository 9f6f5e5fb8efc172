"""U or je: both forms are kept, the administration's is shown, and nothing changes without being read over."""

from __future__ import annotations

import pytest

from app.errors import Conflict, Forbidden, Refused
from app.model.address_form import Aid, load_aid
from app.model.languages import FORMAL, INFORMAL, NEUTRAL
from app.register.commands import Change
from app.register.handle import handle
from app.register.products.address_forms import (
    SERVICE,
    Guidelines,
    carried_over,
    forms_in,
    in_form,
    read_guidelines,
    texts_of,
)
from app.register.products.own_products import own_product
from app.register.products.speaking import choose, confirm_form, differing, keep_form, propose, waiting
from app.register.register import Register
from tests.products.builders import Document, add, full, minimal, read
from tests.products.test_feedback import AALST
from tests.register.builders import ROOT
from tests.web.people import municipality

GHENT = municipality("Gent")


@pytest.fixture(scope="module")
def aid() -> Aid:
    return load_aid(ROOT)


def saying_u(**wanted: object) -> Document:
    part = {"naam": {NEUTRAL: "Uw aanvraag"}, "beschrijving": {NEUTRAL: "<p>U vult het formulier in.</p>"}}
    texts = {"naam": {NEUTRAL: "Uw subsidie"}, "beschrijving": {NEUTRAL: "<p>Hebt u vragen? Bel ons.</p>"}}
    return minimal(**texts, procedures=[part], **wanted)


def converted(register: Register, aid: Aid, code: str) -> Document:
    own = own_product(code, GHENT, register)
    form, proposed = propose(own, register, aid)
    written = {each.text.path: each.proposal.text for each in proposed}
    keep_form(code, form, written, own.version.number, GHENT, register)
    return read(register, code)


def test_a_proposal_writes_nothing(register: Register, aid: Aid) -> None:
    code = add(register, saying_u())
    head = register.log.head()
    form, proposed = propose(own_product(code, GHENT, register), register, aid)
    assert (form, [each.proposal.text for each in proposed]) == (
        INFORMAL,
        ["Je subsidie", "<p>Heb je vragen? Bel ons.</p>", "Je aanvraag", "<p>Je vult het formulier in.</p>"],
    )
    assert register.log.head() == head


def test_both_forms_stand_beside_each_other_and_the_chosen_one_counts(register: Register, aid: Aid) -> None:
    code = add(register, saying_u())
    document = converted(register, aid, code)
    assert document["naam"] == {FORMAL: "Uw subsidie", INFORMAL: "Je subsidie"}
    assert document["taalvariant"] == FORMAL, "nobody chose yet"
    assert choose(Guidelines(INFORMAL), GHENT, register) == 1
    assert read(register, code)["taalvariant"] == INFORMAL
    choose(Guidelines(FORMAL), GHENT, register)
    assert read(register, code)["taalvariant"] == FORMAL


def test_who_chooses_je_sees_what_is_to_be_converted(register: Register, aid: Aid) -> None:
    code = add(register, saying_u())
    assert list(waiting(GHENT, register)) == []
    choose(Guidelines(INFORMAL, SERVICE), GHENT, register)
    assert [own.code for own in waiting(GHENT, register)] == [code]
    converted(register, aid, code)
    assert list(waiting(GHENT, register)) == []
    assert read_guidelines(GHENT.iri, register).contact == SERVICE


def test_a_text_that_says_je_already_is_only_called_so(register: Register) -> None:
    choose(Guidelines(INFORMAL), GHENT, register)
    code = add(register, minimal(naam={NEUTRAL: "Je subsidie"}))
    assert read(register, code)["omzettingNodig"] is True
    confirm_form(code, INFORMAL, 1, GHENT, register)
    document = read(register, code)
    assert (document["naam"], document["taalvariant"]) == ({INFORMAL: "Je subsidie"}, INFORMAL)
    assert "omzettingNodig" not in document


def test_every_text_is_read_over_or_nothing_is_kept(register: Register) -> None:
    code = add(register, saying_u())
    with pytest.raises(Refused) as caught:
        keep_form(code, INFORMAL, {"naam": "Je subsidie"}, 1, GHENT, register)
    assert [problem.path for problem in caught.value.problems] == [
        "beschrijving", "procedures[0].naam", "procedures[0].beschrijving",
    ]  # fmt: skip


def test_who_comes_second_or_from_elsewhere_changes_nothing(register: Register) -> None:
    code = add(register, saying_u())
    handle(Change("product", code, {"zoektermen": {"nl": ["geld"]}}), GHENT, register)
    with pytest.raises(Conflict):
        confirm_form(code, INFORMAL, 1, GHENT, register)
    with pytest.raises(Forbidden):
        confirm_form(code, INFORMAL, 2, AALST, register)


def test_a_changed_text_loses_its_other_form_and_the_rest_keeps_it(register: Register, aid: Aid) -> None:
    code = add(register, saying_u())
    choose(Guidelines(INFORMAL), GHENT, register)
    before = converted(register, aid, code)
    type = register.schema.entity_types["product"]
    said = in_form(before, type, INFORMAL)
    said["naam"] = {INFORMAL: "Je werkingssubsidie"}
    after = carried_over(said, before, type, INFORMAL)
    assert after["naam"] == {INFORMAL: "Je werkingssubsidie"}
    assert after["beschrijving"] == before["beschrijving"]
    assert after["procedures"] == before["procedures"]
    assert handle(Change("product", code, after, whole=True), GHENT, register).sequence


MIXED = [
    ({"naam": {NEUTRAL: "A", INFORMAL: "B"}, "beschrijving": {NEUTRAL: "A", INFORMAL: "B"}}, "dezelfde aanspreekvorm"),
    ({"naam": {FORMAL: "A"}, "beschrijving": {INFORMAL: "B"}}, "dezelfde aanspreekvorm"),
]


@pytest.mark.parametrize(("texts", "why"), MIXED)
def test_a_reader_is_not_addressed_in_two_ways_on_one_page(register: Register, texts: Document, why: str) -> None:
    with pytest.raises(Refused) as caught:
        add(register, minimal(**texts))
    assert why in " ".join(problem.message for problem in caught.value.problems)


def test_every_text_of_a_full_product_is_found(register: Register) -> None:
    type = register.schema.entity_types["product"]
    code = add(register, full())
    document = read(register, code)
    paths = [text.path for text in texts_of(document, type)]
    assert {"naam", "voorwaarden[0].bewijs.naam", "procedures[0].websites[0].naam", "kosten[0].beschrijving"} <= set(
        paths
    )
    assert forms_in(document, type) == {NEUTRAL}


def test_what_differs_is_marked_in_both() -> None:
    old, new = differing("Hebt u vragen? Bel ons.", "Heb je vragen? Bel ons.")
    assert [text for text, differs in old if differs] == ["Hebt u"]
    assert [text for text, differs in new if differs] == ["Heb je"]
    assert "".join(text for text, _ in old) == "Hebt u vragen? Bel ons."
