"""Help with writing a product: what lacks, what the guidelines ask, and how each portal will show it."""

from __future__ import annotations

import pytest

from app.model.languages import FORMAL, INFORMAL
from app.model.plain_language import PlainLanguage, load_plain_language
from app.register.products.address_forms import PERSON, SERVICE, Guidelines
from app.register.products.writing import help_with
from app.register.register import Register
from tests.products.builders import Document, add, full, minimal, read
from tests.register.builders import ROOT


@pytest.fixture(scope="module")
def help() -> PlainLanguage:
    return load_plain_language(ROOT)


def paths(register: Register, document: Document, guidelines: Guidelines, help: PlainLanguage) -> list[str]:
    helped = help_with(document, register.schema.entity_types["product"], guidelines, help)
    return [hint.path for hint in helped.hints]


def test_what_readers_miss_is_named_and_a_full_product_misses_nothing(register: Register, help: PlainLanguage) -> None:
    assert {"contactgegevens", "doelgroepen", "procedures", "verantwoordelijken", "nazichtOp"} <= set(
        paths(register, minimal(), Guidelines(), help)
    )
    assert paths(register, read(register, add(register, full())), Guidelines(), help) == []
    assert {"naam", "beschrijving"} <= set(paths(register, {}, Guidelines(), help))


ASKED = [
    (Guidelines(INFORMAL), {"beschrijving": {"nl": "<p>U belt ons.</p>"}}, "beschrijving"),
    (Guidelines(FORMAL), {"beschrijving": {"nl": "<p>Jij belt ons.</p>"}}, "beschrijving"),
    (Guidelines("", SERVICE), {"contactgegevens": [{"email": "jeugd@gent.be"}]}, "contactgegevens[0].dienst"),
    (
        Guidelines("", SERVICE),
        {"contactgegevens": [{"dienst": "Jeugd", "email": "jan.verzonnen@gent.be"}]},
        "contactgegevens[0].email",
    ),
    (Guidelines("", PERSON), {"contactgegevens": [{"email": "jeugd@gent.be"}]}, "contactgegevens[0].email"),
]


@pytest.mark.parametrize(("guidelines", "said", "path"), ASKED)
def test_what_the_administration_asks_is_checked(
    register: Register, help: PlainLanguage, guidelines: Guidelines, said: Document, path: str
) -> None:
    assert path in paths(register, full(**said), guidelines, help)


HELD = [
    (Guidelines(INFORMAL), {"beschrijving": {"nl": "<p>Je belt ons tot 12 u.</p>", "en": "<p>You call us.</p>"}}),
    (Guidelines("", SERVICE), {"contactgegevens": [{"dienst": "Jeugd", "email": "sport.jeugd@gent.be"}]}),
    (Guidelines("", PERSON), {"contactgegevens": [{"email": "jan.verzonnen@gent.be"}]}),
]


@pytest.mark.parametrize(("guidelines", "said"), HELD)
def test_who_does_as_asked_hears_nothing(
    register: Register, help: PlainLanguage, guidelines: Guidelines, said: Document
) -> None:
    assert paths(register, read(register, add(register, full(**said))), guidelines, help) == []
