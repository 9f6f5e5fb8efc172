"""Before everybody sees a product: are its addresses and authorities known; and what happens while nobody answers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.exchange.organisations import OrganisationRegister
from app.exchange.products.address_work import STATE, ProductAddressWork
from app.exchange.products.checks import NOT_CHECKED, NOT_FOUND, ProductChecks
from app.exchange.stubs.addresses import TWICE
from app.exchange.stubs.magda import StubAnswer
from app.exchange.stubs.organisations import OrganisationStub
from app.register.commands import Change
from app.register.handle import handle
from app.register.products.looking_after import ADDRESS, card_of
from app.register.products.own_products import own_product
from app.register.register import Register
from tests.exchange.neighbours import Outside
from tests.products.builders import Document, add, minimal, read
from tests.register.builders import GENT

OVO = "https://data.vlaanderen.be/id/organisatie/"


def at(street: str, number: str, **more: Any) -> Document:
    texts = {"straatnaam": {"nl": street}, "gemeentenaam": {"nl": "Gent"}}
    return {"dienst": "balie", "adres": {**texts, "huisnummer": number, "postcode": "9000", **more}}


def checks(register: Register, outside: Outside, asked: bool = True) -> ProductChecks:
    stub = OrganisationStub(register.codelists.organisations)
    wegwijs = OrganisationRegister(outside.line("Wegwijs", stub.answer), "https://wegwijs.test", outside.clock)
    addresses = outside.to_addresses() if asked else None
    return ProductChecks(addresses, wegwijs if asked else None, register.codelists, lambda: date(2026, 11, 26))


def down(*_: object) -> StubAnswer:
    return StubAnswer(503)


def address_of(document: Document) -> Document:
    return document["contactgegevens"][0]["adres"]  # type: ignore[no-any-return]


def test_an_address_that_is_known_gets_its_identifier(register: Register) -> None:
    found = checks(register, Outside())({"contactgegevens": [{"dienst": "a"}, at("Kerkstraat", "1")]})
    assert found.problems == ()
    assert found.document["contactgegevens"][1]["adres"]["verwijstNaar"].startswith(
        "https://data.vlaanderen.be/id/adres/"
    )


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        (at("Kerkstraat", "2"), "Bedoelt u Kerkstraat 1, 9000 Gent?"),
        (at("Nergenslaan", "77"), "kent dit adres niet"),
        (at("Kerkstraat", TWICE), "2 keer"),
    ],
)
def test_one_that_is_not_is_told_beside_its_field(register: Register, contact: Document, said: str) -> None:
    found = checks(register, Outside())({"contactgegevens": [contact]})
    assert [problem.path for problem in found.problems] == ["contactgegevens[0].adres"]
    assert said in found.problems[0].message
    assert "verwijstNaar" not in address_of(found.document)


@pytest.mark.parametrize("contact", [at("Kerkstraat", "1", land={"nl": "Nederland"}), at("", "1"), {"dienst": "x"}])
def test_what_is_abroad_or_not_whole_is_not_asked(register: Register, contact: Document) -> None:
    outside = Outside()
    assert checks(register, outside)({"contactgegevens": [contact]}).problems == ()
    assert outside.tried == []


def test_what_did_not_change_is_not_asked_again_and_what_did_loses_the_old_identifier(register: Register) -> None:
    outside = Outside()
    known = at("Kerkstraat", "1", verwijstNaar="https://data.vlaanderen.be/id/adres/1")
    same = checks(register, outside)({"contactgegevens": [at("Kerkstraat", "1")]}, {"contactgegevens": [known]})
    assert address_of(same.document)["verwijstNaar"].endswith("/1") and outside.tried == []
    moved = at("Dorpsstraat", "12", verwijstNaar="https://data.vlaanderen.be/id/adres/1")
    other = checks(register, outside)({"contactgegevens": [moved]}, {"contactgegevens": [known]})
    assert not address_of(other.document)["verwijstNaar"].endswith("/1")
    unasked = checks(register, outside, asked=False)({"contactgegevens": [moved]})
    assert "verwijstNaar" not in address_of(unasked.document)


def test_while_nobody_answers_one_may_publish_and_it_is_compared_later(register: Register) -> None:
    outside = Outside(addresses=down)
    found = checks(register, outside)(minimal(contactgegevens=[at("Kerkstraat", "1")]))
    assert found.problems == () and address_of(found.document)["controle"] == NOT_CHECKED
    code = add(register, found.document)
    assert ADDRESS in card_of(own_product(code, GENT, register), register).reasons
    ProductAddressWork(register, checks(register, outside)).work()
    assert register.log.get_state(STATE) is None, "it goes on from there"
    version = read(register, code)["versie"]
    ProductAddressWork(register, checks(register, Outside())).work()
    after = read(register, code)
    assert address_of(after).keys() >= {"verwijstNaar"} and "controle" not in address_of(after)
    assert ADDRESS not in card_of(own_product(code, GENT, register), register).reasons
    handle(Change("product", code, {"naam": {"nl": "Open formulier"}}, version), GENT, register)
    head = register.log.head()
    ProductAddressWork(register, checks(register, Outside())).work()
    assert register.log.head() == head


def test_what_came_in_by_a_list_is_compared_too_but_not_what_a_vendor_answers_for(register: Register) -> None:
    code = add(register, minimal(contactgegevens=[at("Nergenslaan", "77")]))
    theirs = add(
        register, minimal(contactgegevens=[at("Nergenslaan", "77")], sameAs="https://leverancier.voorbeeld.be/1")
    )
    ProductAddressWork(register, checks(register, Outside())).work()
    assert address_of(read(register, code))["controle"] == NOT_FOUND
    assert "controle" not in address_of(read(register, theirs))


def test_an_authority_that_nobody_knows_is_refused(register: Register) -> None:
    check = checks(register, Outside())
    found = check({"bevoegdeOverheden": [f"{OVO}OVO002949"], "uitvoerendeOverheden": [f"{OVO}OVO000000"]})
    assert [(problem.path, problem.message) for problem in found.problems] == [
        ("uitvoerendeOverheden[0]", "Wegwijs kent OVO000000 niet.")
    ]
    silent = {"bevoegdeOverheden": [f"{OVO}OVO999429"]}
    assert check(silent).problems == (), "while nobody answers it is not held against anybody"
    assert checks(register, Outside(), asked=False)({"bevoegdeOverheden": [f"{OVO}OVO000000"]}).problems == ()


def test_an_ovo_number_may_be_typed_as_it_is(register: Register) -> None:
    code = add(register, minimal(bevoegdeOverheden=["OVO002949", "ovo 123456"]))
    names = [register.codelists.organisations.get(iri) for iri in read(register, code)["bevoegdeOverheden"]]
    assert sorted(str(one and one.name) for one in names) == ["None", "agentschap Digitaal Vlaanderen"]
