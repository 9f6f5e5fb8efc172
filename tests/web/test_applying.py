"""An association applies by browser: what it is told before it shares anything, what is filled in, what is refused."""

from __future__ import annotations

import html
from collections.abc import Iterator
from io import BytesIO

import pytest
from pypdf import PdfReader

from app.register.commands import Change
from app.register.handle import handle
from app.store.accesses import Which, accesses
from tests.exchange.attachments import bomb, pdf, word
from tests.web.dossier_site import AALST, ASSOCIATION, CLUB, GHENT, LOAN, OWN, STRANGER, Site, open_site, value_of
from tests.web.people import as_representative, municipality

DOCUMENTS = "/mijn-vereniging/documenten"
SECRETS = ("Verzinsel", "ludovica@", "fluisterzacht")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    yield from open_site(tmp_path_factory.mktemp("aanvragen"))


# --- Before ---------------------------------------------------------------------------------------------------------


def test_the_page_of_a_product_leads_to_its_application_and_shows_how_it_goes(site: Site) -> None:
    page = site.get(f"/doc/product/{site.products['projectsubsidie']}", {}).text
    assert f'href="/aanvragen/{site.products["projectsubsidie"]}"' in page
    assert "<title id=" in page
    assert "Onderzoek: daarna Aanvulling gevraagd, Beslissing" in page


def test_what_is_shared_with_whom_and_why_is_told_before_anything_is_taken(site: Site) -> None:
    seen = len(accesses(site.world.service.log.database, Which()))
    page = html.unescape(site.get(f"/aanvragen/{site.products['projectsubsidie']}", ASSOCIATION).text)
    for told in ("Gemeente Gent", "Naam van de contactpersoon", "Rekening waarop betaald wordt", "Interacties tussen"):
        assert told in page
    assert len(accesses(site.world.service.log.database, Which())) == seen


def test_who_does_not_meet_a_condition_reads_which_and_cannot_begin(site: Site) -> None:
    page = site.get(f"/aanvragen/{site.products['sport']}", ASSOCIATION)
    assert "Enkel voor de hoofdactiviteit" in page.text
    assert "Akkoord, begin" not in page.text
    assert site.post(f"/aanvragen/{site.products['sport']}", ASSOCIATION, vereniging=CLUB).status_code == 400


def test_only_an_association_applies(site: Site) -> None:
    path = f"/aanvragen/{site.products['uitlening']}"
    assert site.get(path, {}).status_code in (303, 401)
    assert site.get(path, GHENT).status_code == 403


def test_another_association_cannot_be_named(site: Site) -> None:
    begun = site.post(f"/aanvragen/{site.products['uitlening']}", STRANGER, vereniging=CLUB)
    assert "De Houten Klepel" not in site.get(begun.headers["location"], STRANGER).text
    assert site.get(begun.headers["location"], ASSOCIATION).status_code == 403


def test_a_form_elsewhere_is_opened_with_what_is_public_alone(site: Site) -> None:
    path = f"/aanvragen/{site.products['elders']}"
    page = site.get(path, ASSOCIATION).text
    assert "0403170701" in page
    answer = site.get(f"{path}/elders", ASSOCIATION)
    assert answer.headers["location"].startswith(
        "https://formulieren.voorbeeld.be/aanvraag?v=V0001001&naam=Koninklijke%20"
    )
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert site.get(f"/aanvragen/{site.products['uitlening']}/elders", ASSOCIATION).status_code == 400


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "http://voorbeeld.be", "https://a@b.be/{vcode}", "https://b/{insz}"]
)
def test_a_link_elsewhere_is_an_address_of_the_web_with_what_may_be_told(site: Site, link: str) -> None:
    clerk = municipality("Gent")
    with pytest.raises(Exception, match="Niet alle gegevens"):
        handle(Change("product", site.products["elders"], {"aanvraaglink": link}), clerk, site.world.service.register)


# --- The form ---------------------------------------------------------------------------------------------------------


def test_what_the_register_knows_is_filled_in_and_that_was_logged(site: Site) -> None:
    page = site.get(site.begin("projectsubsidie"), ASSOCIATION).text
    assert value_of(page, "contactNaam") == "Godelieve Verzonnen"
    assert value_of(page, "contactTelefoon") == "+32470123456"
    assert value_of(page, "iban") == "BE68 5390 0754 7034"
    read = [each.entity for each in accesses(site.world.service.log.database, Which())]
    assert f"http://loket.test/id/vereniging/{CLUB}" in read


def test_a_draft_is_kept_half_filled_in_and_taken_up_again(site: Site) -> None:
    place = site.begin("projectsubsidie")
    kept = site.post(place, ASSOCIATION, doe="bewaren", project="Een bos", contactNaam="", van="morgen")
    assert kept.status_code == 303
    page = site.get(place, ASSOCIATION).text
    assert (value_of(page, "project"), value_of(page, "contactNaam")) == ("Een bos", "")
    assert place in site.get(OWN, ASSOCIATION).text
    assert place in site.get(f"/aanvragen/{site.products['projectsubsidie']}", ASSOCIATION).text
    assert site.post(place, ASSOCIATION, doe="weg").status_code == 303
    assert site.get(place, ASSOCIATION).status_code == 404


def test_a_list_grows_and_shrinks_by_buttons(site: Site) -> None:
    place = site.begin()
    more = site.post(place, ASSOCIATION, toevoegen="materiaal", **LOAN).text
    assert 'name="materiaal[1].materiaal"' in more
    less = site.post(place, ASSOCIATION, verwijderen="materiaal[0]", **LOAN).text
    assert "Klapstoelen" not in less


def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_lost(site: Site) -> None:
    place = site.begin()
    wrong = {**LOAN, "contactEmail": "geen adres", "van": "2027-02-01", "materiaal[0].aantal": "veel"}
    answer = site.post(place, ASSOCIATION, doe="indienen", **wrong)
    page = html.unescape(answer.text)
    assert answer.status_code == 400
    for told in ("Geef een geldig e-mailadres.", "getal", "Het einde ligt voor het begin."):
        assert told in page, told
    assert value_of(page, "contactEmail") == "geen adres"


def test_an_application_is_sent_once_however_often_one_clicks(site: Site) -> None:
    place = site.begin()
    first, second = (site.post(place, ASSOCIATION, doe="indienen", **LOAN) for _ in range(2))
    assert first.headers["location"].partition("?")[0] == second.headers["location"].partition("?")[0]
    assert site.get(place, ASSOCIATION).status_code == 303


# --- Documents --------------------------------------------------------------------------------------------------------

REFUSED = {
    "script.pdf": (pdf(b"/OpenAction << /S /JavaScript >>"), "vanzelf start"),
    "statuten.pdf": (b"MZ\x90\0 geen pdf", "Dit soort bestand"),
    "bom.docx": (bomb(), "veel meer"),
    "groot.pdf": (pdf() + b" " * 10_000_000, "te groot"),
    "leeg.pdf": (b"", "leeg"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_document_that_we_do_not_take_is_told_beside_its_field_and_the_rest_is_kept(site: Site, name: str) -> None:
    content, why = REFUSED[name]
    place = site.begin("projectsubsidie")
    files = {"plan-nieuw": (name, content)}
    answer = site.upload(place, ASSOCIATION, files, doe="indienen", project="Een bos")
    page = html.unescape(answer.text)
    assert answer.status_code == 400
    assert why in page
    assert value_of(page, "project") == "Een bos"


def test_a_document_given_once_is_offered_again(site: Site) -> None:
    place = site.begin("projectsubsidie")
    content = word()
    site.upload(place, ASSOCIATION, {"plan-nieuw": ("plan van Ludovica.docx", content)}, doe="bewaren")
    again = site.get(site.begin("projectsubsidie"), ASSOCIATION).text
    assert "Plan of schets, Word, van" in again
    assert "Ludovica" not in again
    store = site.get(DOCUMENTS, ASSOCIATION).text
    code = store.partition('href="/documenten/')[2].partition('"')[0]
    opened = site.get(f"/documenten/{code}", ASSOCIATION)
    assert opened.content == content
    assert opened.headers["content-disposition"] == 'attachment; filename="plan van Ludovica.docx"'
    assert "sandbox" in opened.headers["content-security-policy"]
    for who in (STRANGER, GHENT, AALST):
        assert site.get(f"/documenten/{code}", who).status_code == 403
    assert site.post(DOCUMENTS, ASSOCIATION, wissen=code).status_code == 303
    assert site.get(f"/documenten/{code}", ASSOCIATION).status_code == 404


def test_a_document_stands_encrypted_in_the_database(site: Site) -> None:
    secret = pdf(b"/Title (fluisterzacht)")
    site.upload(DOCUMENTS, ASSOCIATION, {"bestand": ("Verzinsel.pdf", secret)}, soort="")
    again = site.upload(DOCUMENTS, ASSOCIATION, {"bestand": ("Verzinsel.pdf", secret)}, soort="")
    assert again.status_code == 303
    assert site.get(DOCUMENTS, ASSOCIATION).text.count("Ander document, PDF") == 1
    for file in site.world.service.data.rglob("*"):
        content = file.read_bytes() if file.is_file() else b""
        assert not [secret for secret in SECRETS if secret.encode() in content], file


# --- Afterwards -------------------------------------------------------------------------------------------------------


def test_a_receipt_says_what_was_sent_and_its_number(site: Site) -> None:
    place = site.apply(waarvoor="Het feest van 2027.")
    answer = site.get(f"{place}/ontvangstbewijs.pdf", ASSOCIATION)
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    for told in (place.rpartition("/")[2], "Het feest van 2027.", "Klapstoelen", "Ludovica Verzinsel", "Gemeente Gent"):
        assert told in text, told
    assert site.get(f"{place}/ontvangstbewijs.pdf", STRANGER).status_code == 403


def test_an_association_follows_writes_and_withdraws(site: Site) -> None:
    place = site.apply()
    page = site.get(place, ASSOCIATION).text
    assert "Aangevraagd (hier staat het dossier nu)" in page
    assert site.post(place, ASSOCIATION, doe="bericht", bericht="Kan het ook met 50?").status_code == 303
    assert site.post(place, ASSOCIATION, doe="bericht", bericht=" ").status_code == 400
    assert site.post(place, ASSOCIATION, doe="aanvullen", bericht="Hier").status_code == 400
    assert site.post(place, ASSOCIATION, doe="intrekken", reden="Het feest gaat niet door.").status_code == 303
    page = site.get(place, ASSOCIATION).text
    assert "Kan het ook met 50?" in page
    assert "Ingetrokken door de vereniging" in page
    assert "Intrekken</button>" not in page
    assert site.post(place, ASSOCIATION, doe="intrekken").status_code == 400


def test_a_dossier_is_for_its_own_association(site: Site) -> None:
    place = site.apply()
    for who in (STRANGER, GHENT, AALST, as_representative("V0009999")):
        assert site.get(place, who).status_code == 403
        assert site.post(place, who, doe="intrekken").status_code == 403
    assert site.get(f"{OWN}/A9999999", ASSOCIATION).status_code == 404
