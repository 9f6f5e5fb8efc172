"""A municipal officer sees what is new with one click, and writes to an association without seeing its address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from email.message import EmailMessage
from urllib.parse import urlencode

import httpx
import pytest

from app.exchange.telling.desk_post import DeskPost
from app.exchange.telling.letters import Letters
from app.register.commands import ChangeAssociation, HideAssociation, RegisterAssociation, ShowAssociation
from app.register.handle import handle
from app.store.accesses import Which, accesses
from app.store.deliveries import LETTER, deliveries
from tests.register.builders import GODELIEVE, Make
from tests.web.conftest import Ask, asking
from tests.web.people import Headers, as_dpo, as_manager, as_municipality, as_representative, municipality
from tests.web.world import World, open_world

FORM = "application/x-www-form-urlencoded"
GENT, AALST = as_municipality("Gent"), as_municipality("Aalst")
HIDDEN, PUBLIC = "godelieve@geheim.example", "info@club.example"
WORDS = {"onderwerp": "Welkom in Gent", "tekst": "Dag,\nkom gerust eens langs.", "antwoord": "jeugd@gent.example"}


class Officer:
    """Somebody at a desk, and the post that works beside it; what it carries away lies in `mails`."""

    def __init__(self, ask: Ask, world: World) -> None:
        self.ask, self.world = ask, world
        self.register, self.make = world.service.register, Make(world.service.codelists)
        self.mails: list[EmailMessage] = []
        self.fault: Exception | None = None
        letters = Letters(world.service.base, "Verenigingsloket", "meldingen@voorbeeld.example", "v@x.example", str)
        self.post_office = DeskPost(self.register, letters, self.carry, lambda: 0.0)

    def carry(self, mail: EmailMessage) -> None:
        if self.fault:
            raise self.fault
        self.mails.append(mail)

    def found(self, name: str, place: str = "Gent", **more: object) -> str:
        postcode = {"Gent": "9000", "Aalst": "9300"}[place]
        site = self.make.location("Kouter", "1", postcode=postcode, gemeente=place)
        document = self.make.minimal(naam=name, locaties=[site], **more)
        code = handle(RegisterAssociation(document), municipality(place), self.register).code
        self.world.follow()
        return code

    def get(self, path: str, who: Headers = GENT) -> httpx.Response:
        return self.ask(path, accept="text/html", **who)

    def post(self, path: str, form: Mapping[str, str] | None = None, who: Headers = GENT) -> httpx.Response:
        return self.ask(path, "POST", urlencode(form or {}).encode(), content_type=FORM, accept="text/html", **who)


@pytest.fixture(scope="module")
def officer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Officer]:
    for world in open_world(tmp_path_factory.mktemp("nieuw")):
        yield Officer(asking(world), world)


def part(page: str, id: str) -> str:
    """One section of a page."""
    start = page.index(f'aria-labelledby="{id}"')
    return page[start : page.index("</section>", start)]


def test_what_is_new_and_changed_since_the_last_visit_is_one_click_away(officer: Officer) -> None:
    first = officer.found("Fanfare De Oude Tijd")
    officer.found("Kring van Elders", "Aalst")
    page = officer.get("/beheer/nieuw").text
    assert "Fanfare De Oude Tijd" in part(page, "nieuw") and "Kring van Elders" not in page
    assert officer.post("/beheer/nieuw").status_code == 303
    assert "Er kwam niets bij" in officer.get("/beheer/nieuw").text

    officer.found("Ruimteclub Komeet")
    handle(ChangeAssociation(first, {"korteNaam": "FDOT"}), municipality("Gent"), officer.register, "op hun vraag")
    officer.world.follow()
    page = officer.get("/beheer/nieuw").text
    assert "Ruimteclub Komeet" in part(page, "nieuw") and "Fanfare" not in part(page, "nieuw")
    assert "Fanfare De Oude Tijd" in part(page, "gewijzigd") and "op hun vraag" in page
    assert "door Gemeente Gent" in page
    dashboard = officer.get("/beheer").text
    assert 'href="/beheer/nieuw"' in dashboard and "Nieuwe verenigingen" in part(dashboard, "wacht")
    assert "Fanfare De Oude Tijd" in officer.get("/beheer/nieuw?sinds=maand").text


def test_what_not_everybody_sees_is_new_too_for_who_may_see_it(officer: Officer) -> None:
    officer.post("/beheer/nieuw"), officer.post("/beheer/nieuw", who=AALST)
    code = officer.found("Verborgen Kaartclub", zichtbaarInLoket=False)
    news = part(officer.get("/beheer/nieuw").text, "nieuw")
    assert "Verborgen Kaartclub" in news and "niet zichtbaar" in news
    assert "Verborgen Kaartclub" not in officer.get("/beheer/nieuw", AALST).text
    officer.post("/beheer/nieuw")
    handle(ShowAssociation(code), municipality("Gent"), officer.register)
    officer.world.follow()
    shown = officer.get("/beheer/nieuw").text
    assert "Verborgen Kaartclub" in shown and "niet zichtbaar" not in shown
    officer.post("/beheer/nieuw")
    handle(HideAssociation(code), municipality("Gent"), officer.register)
    officer.world.follow()
    assert "niet zichtbaar" in part(officer.get("/beheer/nieuw").text, "gewijzigd")


def test_what_another_municipality_saw_makes_no_difference_here(officer: Officer) -> None:
    officer.found("Turnkring De Twee Gemeenten")
    officer.post("/beheer/nieuw", who=AALST)
    assert "Turnkring De Twee Gemeenten" in officer.get("/beheer/nieuw").text
    assert "Turnkring De Twee Gemeenten" in officer.get("/beheer/nieuw", as_manager()).text
    assert officer.get("/beheer/nieuw", as_dpo()).status_code == 403


def test_the_first_page_shows_only_work_that_there_is(officer: Officer) -> None:
    officer.post("/beheer/nieuw", who=AALST)
    page = officer.get("/beheer", AALST).text
    assert "Nieuwe verenigingen" not in page
    assert ">Verenigingen</li>" in page and ">Producten</li>" in page, "the menu is in groups"


def test_a_letter_reaches_who_represents_and_the_officer_never_sees_where(officer: Officer) -> None:
    people = [{**GODELIEVE, "rol": "voorzitter", "email": HIDDEN}]
    code = officer.found("Toneelkring Inspraak", vertegenwoordigers=people)
    at = f"/beheer/verenigingen/{code}/bericht"
    assert f'href="{at}"' in officer.get(f"/beheer/verenigingen/{code}").text
    sent = officer.post(at, WORDS)
    assert sent.status_code == 303, sent.text
    stored = b"".join(path.read_bytes() for path in officer.world.service.data.glob("log.sqlite*"))
    assert b"kom gerust eens langs" not in stored, "words may name somebody: they stand in the vault"
    assert officer.post_office.work() == 1 and officer.post_office.work() == 0
    [mail] = officer.mails
    assert (mail["To"], mail["Reply-To"], mail["Subject"]) == (HIDDEN, "jeugd@gent.example", "Welkom in Gent")
    assert mail["From"].startswith("Gemeente Gent via Verenigingsloket")
    text = mail.get_body(("plain",))
    assert text is not None and "kom gerust eens langs." in text.get_content()
    page = officer.get(at).text
    assert "Verzonden" in page and HIDDEN not in page
    used = accesses(officer.register.log.database, Which(entity=officer.world.iri(code)), 20)
    assert used and {one.what for one in used} == {"verwerkt"}
    assert not [one for one in officer.register.log.vault.entities() if "/bericht/" in one], "sent, so forgotten"


def test_without_an_address_of_a_person_the_public_one_is_used(officer: Officer) -> None:
    code = officer.found("Wandelclub De Openbare", contactgegevens=[{"email": PUBLIC}])
    officer.mails.clear()
    officer.post(f"/beheer/verenigingen/{code}/bericht", WORDS)
    officer.post_office.work()
    assert [mail["To"] for mail in officer.mails] == [PUBLIC]


def test_who_has_no_address_cannot_be_written_to(officer: Officer) -> None:
    at = f"/beheer/verenigingen/{officer.found('Kring Onbereikbaar')}/bericht"
    assert "kennen we geen e-mailadres" in officer.get(at).text
    assert officer.post(at, WORDS).status_code == 400


@pytest.mark.parametrize(
    ("wrong", "id"), [({"onderwerp": " "}, "onderwerp"), ({"tekst": ""}, "tekst"), ({"antwoord": "jeugd"}, "antwoord")]
)
def test_what_is_missing_in_a_letter_stands_beside_its_field(officer: Officer, wrong: dict[str, str], id: str) -> None:
    code = officer.found(f"Letterclub {id}", contactgegevens=[{"email": PUBLIC}])
    page = officer.post(f"/beheer/verenigingen/{code}/bericht", {**WORDS, **wrong})
    assert page.status_code == 400 and f'id="{id}-fout"' in page.text
    assert not deliveries(officer.register.log.database, [code], ("wacht",), 5, kinds=(LETTER,))


def test_a_header_cannot_be_slipped_into_a_letter(officer: Officer) -> None:
    code = officer.found("Kring Zonder Achterdeur", contactgegevens=[{"email": PUBLIC}])
    officer.mails.clear()
    bad = {**WORDS, "onderwerp": "Dag\r\nBcc: alle@wereld.example"}
    officer.post(f"/beheer/verenigingen/{code}/bericht", bad)
    officer.post_office.work()
    assert officer.mails[0]["Bcc"] is None and officer.mails[0]["Subject"] == "Dag Bcc: alle@wereld.example"
    bad = {**WORDS, "antwoord": "jeugd@gent.example\r\nBcc: alle@wereld.example"}
    assert officer.post(f"/beheer/verenigingen/{code}/bericht", bad).status_code == 400


def test_a_mail_server_that_is_away_is_tried_again(officer: Officer) -> None:
    code = officer.found("Zeilclub De Stilte", contactgegevens=[{"email": PUBLIC}])
    officer.mails.clear()
    officer.fault = OSError()
    officer.post(f"/beheer/verenigingen/{code}/bericht", WORDS)
    officer.post_office.work()
    [waiting] = deliveries(officer.register.log.database, [code], ("wacht",), 5, kinds=(LETTER,))
    assert (waiting.attempts, officer.mails) == (1, [])
    officer.fault = None
    officer.post_office.work()
    assert [mail["To"] for mail in officer.mails] == [PUBLIC]


def test_letters_are_for_the_own_territory(officer: Officer) -> None:
    at = f"/beheer/verenigingen/{officer.found('Kring Van Gent', contactgegevens=[{'email': PUBLIC}])}/bericht"
    for stranger in (AALST, as_dpo(), as_representative("V0009999")):
        assert officer.get(at, stranger).status_code == 403
        assert officer.post(at, WORDS, stranger).status_code == 403
    assert officer.get(at, as_manager()).status_code == 200
    assert officer.post(at, WORDS, {**GENT, "sec-fetch-site": "cross-site"}).status_code == 403
