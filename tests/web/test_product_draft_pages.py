"""The pages on which a clerk writes a product in peace, and a validator approves it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from app.register.commands import Create
from app.register.handle import handle
from app.register.products.concept_commands import TakeConcept
from tests.exchange.neighbours import Outside
from tests.products.builders import CONCEPT, CONCEPT_CODE, concept, full
from tests.register.builders import A_MANAGER
from tests.web.conftest import Ask, asking
from tests.web.people import municipality, with_session
from tests.web.test_product_desk import HERE, Clerk, made
from tests.web.world import World, open_world

DRAFTS = f"{HERE}/ontwerpen"
POSTS = [{"rol": "validator", "dienst": "diensthoofd", "account": "diensthoofd"}]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    yield from open_world(Path(tmp_path_factory.mktemp("ontwerpen")))


@pytest.fixture(scope="module")
def ask(world: World) -> Ask:
    return asking(world)


@pytest.fixture(scope="module")
def clerk(world: World, ask: Ask) -> Clerk:
    return Clerk(world, ask, "Gent")


@pytest.fixture(scope="module")
def validator(world: World, ask: Ask) -> Clerk:
    found = Clerk(world, ask, "Gent")
    found.who = with_session(replace(municipality("Gent"), account="diensthoofd"))
    return found


def kept(clerk: Clerk, place: str, fields: list[tuple[str, str]]) -> str:
    """Keep as a draft; answers where it stands."""
    answer = clerk.send(place, [*fields, ("besluit", "ontwerp")])
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


def test_a_new_product_is_kept_unfinished_found_again_and_published(clerk: Clerk) -> None:
    place = kept(clerk, f"{HERE}/nieuw", [("naam", "Fuifkoffer lenen"), ("contactgegevens[0].email", "geen adres")])
    assert place.startswith(DRAFTS)
    assert "Fuifkoffer lenen" in clerk.get(HERE).text
    html = clerk.get(place).text
    assert 'value="geen adres"' in html and "Nog niet in het aanbod" in html
    fields = clerk.fields(html)
    refused = clerk.send(place, [*fields, ("besluit", "bekendmaken")])
    assert refused.status_code == 400 and "Vul de beschrijving in." in refused.text
    assert "geen geldig e-mailadres" in unescape(refused.text)
    mended = {"beschrijving": "Met alles erin.", "contactgegevens[0].email": "fuif@gent.voorbeeld.be"}
    whole = dict(clerk.fields(refused.text)) | mended
    answer = clerk.send(place, [*whole.items(), ("besluit", "bekendmaken")])
    assert answer.status_code == 303 and answer.headers["location"].startswith("/doc/product/P")
    assert clerk.get(place).status_code == 410
    assert clerk.document(answer.headers["location"].rpartition("/")[2])["naam"] == {"nl": "Fuifkoffer lenen"}


def test_changes_wait_beside_what_everybody_sees(clerk: Clerk) -> None:
    code = made(clerk, full())
    before = clerk.document(code)
    fields = [(n, "Andere titel" if n == "naam" else v) for n, v in clerk.fields(clerk.get(f"{HERE}/{code}").text)]
    place = kept(clerk, f"{HERE}/{code}", fields)
    assert clerk.document(code) == before
    assert place.rpartition("/")[2] in clerk.get(f"{HERE}/{code}").text
    fields = clerk.fields(clerk.get(place).text)
    assert ("naam", "Andere titel") in fields
    again = kept(clerk, place, fields)
    assert again == place
    assert "Alles is goed ingevuld." in clerk.send(place, [*fields, ("besluit", "nakijken")]).text
    # The draft was kept once more meanwhile, so this form is of an older version of it.
    late = clerk.send(
        place,
        [*[(n, "1" if n == "versie" else "Laat" if n == "naam" else v) for n, v in fields], ("besluit", "ontwerp")],
    )
    assert late.status_code == (409 if dict(fields)["versie"] != "1" else 303)
    assert clerk.send(place, [*clerk.fields(clerk.get(place).text), ("besluit", "bekendmaken")]).status_code == 303
    after = clerk.document(code)
    assert after["voorwaarden"] == before["voorwaarden"] and after["naam"]["nl"] in ("Andere titel", "Laat")


def test_a_draft_is_shown_as_each_portal_would(clerk: Clerk) -> None:
    place = kept(clerk, f"{HERE}/nieuw", [("naam", "Nog een zaal"), ("doelgroepen", "Vereniging")])
    html = clerk.get(f"{place}/voorbeeld").text
    assert "Nog een zaal" in html and "Er is nog niets bewaard" not in html
    assert clerk.send(place, [("naam", "Zaal twee"), ("besluit", "voorbeeld")]).status_code == 200
    assert 'name="kosten[0].naam"' in clerk.send(place, [("naam", "Zaal"), ("toevoegen", "kosten")]).text
    assert clerk.send(place, [("besluit", "weggooien")]).status_code == 303
    assert "Nog een zaal" not in clerk.get(HERE).text


def test_nobody_else_finds_a_draft(clerk: Clerk, world: World) -> None:
    place = kept(clerk, f"{HERE}/nieuw", [("naam", "Kwartelkoning")])
    code = place.rpartition("/")[2]
    other = Clerk(clerk.world, clerk.ask, "Aalst")
    assert (other.get(place).status_code, other.send(place, [("naam", "x")]).status_code) == (403, 403)
    assert clerk.ask(place, accept="application/json").status_code == 401
    for path in (f"/doc/productontwerp/{code}", "/ldes/productontwerpen", "/dumps/productontwerpen.nq.gz"):
        assert clerk.ask(path).status_code == 404
    for path in ("/aanbod.json?zoek=kwartelkoning", "/ldes/producten", "/aanbod?zoek=kwartelkoning"):
        assert "Kwartelkoning" not in clerk.ask(path).text
    world.follow()
    iri = world.service.schema.entity_types["productontwerp"].iri(code)
    assert not list(world.service.public.describe(iri))
    assert list(world.service.internal.describe(iri))


def test_a_validator_approves_or_sends_back(clerk: Clerk, validator: Clerk) -> None:
    code = handle(
        Create("product", full(verantwoordelijken=POSTS)),
        replace(municipality("Gent"), account="diensthoofd"), clerk.world.service.register,
    ).code  # fmt: skip
    html = clerk.get(f"{HERE}/{code}").text
    assert "Ter goedkeuring voorleggen" in html and "Bewaren en bekendmaken" not in html
    fields = [(n, "Ter goedkeuring" if n == "naam" else v) for n, v in clerk.fields(html)]
    direct = clerk.send(f"{HERE}/{code}", [*fields, ("besluit", "bekendmaken")])
    assert direct.status_code == 400 and "vraag om goedkeuring" in direct.text
    place = clerk.send(f"{HERE}/{code}", [*fields, ("besluit", "voorleggen")]).headers["location"]
    assert "Terugnemen" in clerk.get(place).text
    waiting = validator.get("/beheer/nazicht?mijn=1").text
    assert "Wacht op uw goedkeuring" in waiting and place in waiting
    assert place not in clerk.get("/beheer/nazicht?mijn=1").text
    for path in ("/beheer", "/beheer/werklijst"):
        assert "/beheer/nazicht#goedkeuren" in validator.get(path).text, path
    page = validator.get(place).text
    assert "Goedkeuren en bekendmaken" in page and "Ter goedkeuring" in page and full()["naam"]["nl"] in page
    assert "Jaarlijkse steun" not in page, "what stays the same is not in the way"
    bare = validator.send(place, [("besluit", "terugsturen"), ("waarom", "")])
    assert bare.status_code == 400 and "Zeg waarom" in bare.text
    assert validator.send(place, [("besluit", "terugsturen"), ("waarom", "Te vaag")]).status_code == 303
    html = clerk.get(place).text
    assert "Teruggestuurd:" in html and "Te vaag" in html
    assert clerk.send(place, [*clerk.fields(html), ("besluit", "voorleggen")]).status_code == 303
    assert clerk.send(place, [("besluit", "goedkeuren")]).status_code == 403
    answer = validator.send(place, [("besluit", "goedkeuren")])
    assert (answer.status_code, answer.headers["location"]) == (303, f"/doc/product/{code}")
    assert clerk.document(code)["naam"]["nl"] == "Ter goedkeuring"


def test_what_changed_meanwhile_is_told_and_settled(clerk: Clerk) -> None:
    code = made(clerk, full())
    fields = clerk.fields(clerk.get(f"{HERE}/{code}").text)
    place = kept(clerk, f"{HERE}/{code}", fields)
    changed = [(n, "Intussen" if n == "naam" else v) for n, v in fields]
    assert clerk.send(f"{HERE}/{code}", [*changed, ("besluit", "bekendmaken")]).status_code == 303
    html = clerk.get(place).text
    assert "gewijzigd sinds dit ontwerp begon" in html
    late = clerk.send(place, [*clerk.fields(html), ("besluit", "bekendmaken")])
    assert late.status_code == 409
    assert clerk.send(place, [("besluit", "bijwerken")]).status_code == 303
    assert clerk.send(place, [*clerk.fields(clerk.get(place).text), ("besluit", "bekendmaken")]).status_code == 303
    assert clerk.document(code)["naam"]["nl"] == full()["naam"]["nl"]


def test_what_a_clerk_takes_over_from_a_concept_waits_for_the_validator(clerk: Clerk) -> None:
    register = clerk.world.service.register
    handle(TakeConcept(CONCEPT_CODE, concept()), A_MANAGER, register)
    who = replace(municipality("Gent"), account="diensthoofd")
    code = handle(Create("product", full(verantwoordelijken=POSTS, linkedConcept=CONCEPT)), who, register).code
    before = clerk.document(code)
    answer = clerk.send(f"{HERE}/{code}/herziening", [("besluit", "velden"), ("veld", "naam")])
    assert answer.status_code == 303 and answer.headers["location"].startswith(DRAFTS)
    assert clerk.document(code) == before
    assert "Ter goedkeuring voorleggen" in clerk.get(answer.headers["location"]).text


def test_with_an_address_register_an_address_must_exist(world: World) -> None:
    known = World(replace(world.service, addresses=Outside().to_addresses()))
    clerk = Clerk(known, asking(known), "Gent")
    place = "contactgegevens[0].adres."
    address = {"straatnaam": "Nergenslaan", "huisnummer": "77", "postcode": "9000", "gemeentenaam": "Gent"}
    fields = [("naam", "Met adres"), ("beschrijving", "Waar u ons vindt.")]
    wrong = [*fields, *((f"{place}{term}", text) for term, text in address.items())]
    for what in ("bekendmaken", "nakijken"):
        answer = clerk.send(f"{HERE}/nieuw", [*wrong, ("besluit", what)])
        fieldset = answer.text.partition('id="contactgegevens[0].adres"')[2].partition("</fieldset>")[0]
        assert "Het Adressenregister kent dit adres niet." in fieldset
    kept_at = kept(clerk, f"{HERE}/nieuw", wrong)
    refused = clerk.send(kept_at, [*wrong, ("besluit", "bekendmaken")])
    assert refused.status_code == 400 and "kent dit adres niet" in refused.text
    right = [
        (n, "Kerkstraat" if n.endswith("straatnaam") else "1" if n.endswith("huisnummer") else v) for n, v in wrong
    ]
    answer = clerk.send(kept_at, [*right, ("besluit", "bekendmaken")])
    assert answer.status_code == 303, answer.text
    document = clerk.document(answer.headers["location"].rpartition("/")[2])
    assert document["contactgegevens"][0]["adres"]["verwijstNaar"]
    fields = clerk.fields(clerk.get(f"{HERE}/{document['code']}").text)
    assert clerk.send(f"{HERE}/{document['code']}", [*fields, ("besluit", "bekendmaken")]).status_code == 303
    assert clerk.document(document["code"]) == document, "sent back as it came, nothing changes"
