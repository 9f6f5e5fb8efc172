"""The pages on which a municipality writes a decision, has it signed and publishes it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.register.commands import Create, RegisterAssociation
from app.register.handle import handle
from tests.products.builders import minimal as product_of
from tests.register.builders import Make
from tests.register.test_deciding import OFFICE
from tests.web.decision_world import Send, sending
from tests.web.people import as_federation, as_municipality, as_vendor, municipality
from tests.web.world import World, open_world

LIST, NEW, SESSIONS = "/beheer/besluiten/ontwerpen", "/beheer/besluiten/nieuw", "/beheer/besluiten/zittingen/nieuw"
GHENT = as_municipality("Gent")
SESSION = {
    "orgaan.naam": "College van burgemeester en schepenen",
    "orgaan.soort": "http://data.vlaanderen.be/id/concept/BestuursorgaanClassificatieCode/5ab0e9b8a3b2ca7c5e000006",
    "geplandeStart": "2026-02-20T09:00",
    "start": "2026-02-20T09:02",
    "einde": "2026-02-20T10:40",
    "plaats": "Stadhuis",
    "voorzitter": f"{OFFICE}mandatarissen/m1",
    "secretaris": f"{OFFICE}functionarissen/f1",
    "aanwezigen": f"{OFFICE}mandatarissen/m1\n{OFFICE}mandatarissen/m2",
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An association and a product in Ghent."""
    for made in open_world(tmp_path_factory.mktemp("drafts")):
        register, agent = made.service.register, municipality("Gent")
        make = Make(register.codelists)
        handle(RegisterAssociation(make.minimal(locaties=[make.location(isPrimair=True)])), agent, register)
        handle(Create("product", product_of(productnummer="90001")), agent, register)
        yield made


@pytest.fixture(scope="module")
def send(world: World) -> Send:
    return sending(world)


@pytest.fixture(scope="module")
def session(send: Send) -> str:
    """The IRI of a session that was filled in by form."""
    assert send(SESSIONS, GHENT, **SESSION).status_code == 303
    return "http://loket.test/id/zitting/Z0001001"


def new(send: Send, session: str = "", **changed: str) -> str:
    """Where the form of a new draft is."""
    filled = {"sjabloon": "erkenning", "vereniging": "v0001001", "product": "http://loket.test/id/product/P0001001",
              "begindatum": "2026-04-01", "zitting": session, **changed}  # fmt: skip
    answer = send(NEW, GHENT, **filled)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


WRITTEN = {
    "vereniging": "V0001001", "product": "http://loket.test/id/product/P0001001", "begindatum": "2026-04-01",
    "naam": "Erkenning van De Houten Klepel", "citeeropschrift": "Erkenning De Houten Klepel",
    "beschrijving": "Het college erkent De Houten Klepel.", "motivering": "De vereniging voldoet.",
    "artikelen[0].naam": "Duur", "artikelen[0].inhoud": "Voor onbepaalde tijd.", "artikelen[0].volgorde": "2",
    "artikelen[1].naam": "Erkenning", "artikelen[1].inhoud": "De vereniging is erkend.", "artikelen[1].volgorde": "1",
    "stemming.gevolg": "Goedgekeurd",
}  # fmt: skip


def test_from_a_template_to_a_page_that_everybody_reads(send: Send, session: str) -> None:
    place = new(send, session)
    assert "Werkingssubsidie: De Houten Klepel" in send(place, GHENT).text
    assert send(place, GHENT, **WRITTEN, zitting=session, doe="klaar").status_code == 303
    text = send(place, GHENT).text
    assert "dit is de tekst die getekend wordt" in text
    assert text.index("Artikel 1: Erkenning") < text.index("Artikel 2: Duur")
    assert send(place, GHENT, doe="ondertekenen").status_code == 303
    assert send(place, GHENT, doe="bekendmaken").status_code == 303
    assert "/doc/besluit/B0001001" in send(place, GHENT).text
    public = send("/doc/besluit/B0001001", {}).text
    assert "Het college erkent De Houten Klepel." in public and "Artikel 1" in public
    assert 'href="/doc/besluit/B0001001"' in send("/doc/vereniging/V0001001", {}).text
    assert send(place, GHENT, doe="rechtzetten", reden="").status_code == 400
    assert send(place, GHENT, doe="rechtzetten", reden="Een tikfout").status_code == 303
    assert "U zet een bekendgemaakt besluit recht" in send(place, GHENT).text


def test_what_is_lacking_stands_beside_its_field_and_what_was_written_is_kept(send: Send) -> None:
    place = new(send)
    answer = send(place, GHENT, **{**WRITTEN, "motivering": "Omdat […]"}, doe="klaar")
    assert answer.status_code == 400
    assert "Kies de zitting" in answer.text and "Vul aan wat open staat" in answer.text
    assert "Omdat […]" in send(place, GHENT).text


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"vereniging": "V0009999"}, "staat niet in het register"),
        ({"vereniging": "x"}, "V-code"),
        ({"begindatum": "straks"}, "datum"),
        ({"begindatum": "2026-04-01", "einddatum": "2026-03-01"}, "ligt voor de begindatum"),
        ({"bedrag": "veel"}, "Schrijf het bedrag in cijfers"),
    ],
)
def test_a_wrong_choice_is_told_and_the_rest_stays(send: Send, changed: dict[str, str], told: str) -> None:
    answer = send(NEW, GHENT, **{"sjabloon": "subsidie", "vereniging": "V0001001", "waarvoor": "een kamp", **changed})
    assert answer.status_code == 400
    assert told in answer.text and "een kamp" in answer.text


def test_an_article_more_or_less_keeps_nothing_yet(send: Send) -> None:
    place = new(send)
    more = send(place, GHENT, **WRITTEN, toevoegen="artikelen").text
    assert 'name="artikelen[2].naam"' in more and "Voor onbepaalde tijd." in more
    less = send(place, GHENT, **WRITTEN, verwijderen="artikelen[0]").text
    assert 'name="artikelen[1].naam"' not in less
    assert "Voor onbepaalde tijd." not in send(place, GHENT).text


def test_the_list_is_by_status_and_word(send: Send) -> None:
    new(send)
    assert "De Houten Klepel" in send(f"{LIST}?status=ontwerp", GHENT).text
    assert "Geen besluit past hierbij" in send(f"{LIST}?zoek=verzonnen", GHENT).text
    assert "De Houten Klepel" not in send(LIST, as_municipality("Aalst")).text


def test_a_session_begins_as_the_last_one_was(send: Send, session: str) -> None:
    text = send(SESSIONS, GHENT).text
    assert "Stadhuis" in text and f"{OFFICE}mandatarissen/m2" in text and "2026-02-20" not in text
    shown = send("/beheer/besluiten/zittingen/Z0001001", GHENT).text
    assert 'value="2026-02-20T09:02"' in shown


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"voorzitter": "De burgemeester"}, "Verwijs naar de IRI bij data.lblod.info"),
        ({"einde": "2026-02-20T08:00"}, "eindigt na haar begin"),
        ({"start": "straks"}, "Geef een geldig tijdstip"),
    ],
)
def test_a_session_that_is_not_right_is_told(send: Send, changed: dict[str, str], told: str) -> None:
    answer = send(SESSIONS, GHENT, **{**SESSION, **changed})
    assert answer.status_code == 400 and told in answer.text and "Stadhuis" in answer.text


def test_it_is_of_its_own_administration(send: Send, session: str) -> None:
    place = new(send)
    assert send(place, as_municipality("Aalst")).status_code == 403
    assert send(place, as_municipality("Aalst"), **WRITTEN, doe="bewaren").status_code == 403
    assert send("/beheer/besluiten/zittingen/Z0001001", as_municipality("Aalst")).status_code == 403
    assert send(LIST, as_federation("0800000075")).status_code == 403


def test_a_vendor_writes_and_does_not_sign(send: Send, session: str) -> None:
    place, vendor = new(send, session), as_vendor("Gent")
    assert send(place, vendor, **WRITTEN, zitting=session, doe="klaar").status_code == 303
    assert "Ondertekenen doet een medewerker" in send(place, vendor).text
    assert send(place, vendor, doe="ondertekenen").status_code == 403


def test_who_signs_another_version_than_they_saw_is_told(send: Send, session: str) -> None:
    place = new(send, session)
    assert send(place, GHENT, **WRITTEN, zitting=session, doe="klaar").status_code == 303
    assert "Iemand anders" in send(place, GHENT, doe="ondertekenen", versie="1").text


def test_a_draft_can_be_thrown_away(send: Send) -> None:
    place = new(send)
    assert send(place, GHENT, doe="weg").headers["location"] == LIST
    assert send(place, GHENT).status_code == 410
