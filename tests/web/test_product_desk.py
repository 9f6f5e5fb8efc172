"""The pages with which an administration keeps its products: form, errors beside fields, review."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from app.exchange.spreadsheet.read import read_rows
from app.model.documents import to_document
from app.model.graph import from_ntriples
from app.register.commands import Create
from app.register.handle import handle
from app.register.products.concept_commands import TakeConcept
from app.register.products.deriving import product_from
from tests.products.builders import CONCEPT, CONCEPT_CODE, SNAPSHOT, Document, concept, full
from tests.register.builders import A_MANAGER
from tests.web.conftest import Ask, asking
from tests.web.people import as_municipality, as_representative, municipality
from tests.web.world import World, open_world

HERE = "/beheer/producten"
Fields = list[tuple[str, str]]


class Clerk:
    """A clerk of a municipality in a browser without scripts."""

    def __init__(self, world: World, ask: Ask, place: str) -> None:
        self.world, self.ask, self.who = world, ask, as_municipality(place)

    def get(self, path: str) -> httpx.Response:
        return self.ask(path, accept="text/html", **self.who)

    def send(self, path: str, fields: Fields) -> httpx.Response:
        body = urlencode(fields).encode()
        return self.ask(
            path, "POST", body, content_type="application/x-www-form-urlencoded", accept="text/html", **self.who
        )

    def fields(self, html: str) -> Fields:
        """What the form would send as it stands."""
        found = [(m[1], unescape(m[2])) for m in re.finditer(r'<textarea id="[^"]*" name="([^"]+)"[^>]*>([^<]*)', html)]
        for tag in re.findall(r"<input [^>]*>", html.partition('class="edit-form"')[2].partition("</form>")[0]):
            pairs = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
            if "name" in pairs and (pairs.get("type") != "checkbox" or " checked" in tag):
                found.append((unescape(pairs["name"]), unescape(pairs.get("value", ""))))
        for name, options in re.findall(r'<select id="[^"]*" name="([^"]+)"[^>]*>(.*?)</select>', html, re.S):
            chosen = re.search(r'<option value="([^"]*)" selected', options)
            found.append((name, unescape(chosen[1]) if chosen else ""))
        return found

    def document(self, code: str) -> Document:
        type = self.world.service.schema.entity_types["product"]
        version = self.world.service.log.latest(type.iri(code))
        assert version is not None
        return to_document(from_ntriples((version.public or b"") + version.internal), type, version.entity)


@pytest.fixture(scope="module")
def clerk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clerk]:
    for world in open_world(Path(tmp_path_factory.mktemp("producten"))):
        yield Clerk(world, asking(world), "Gent")


def made(clerk: Clerk, document: Document) -> str:
    return handle(Create("product", document), municipality("Gent"), clerk.world.service.register).code


def test_only_an_administration_comes_in(clerk: Clerk) -> None:
    assert clerk.ask(HERE, accept="application/json").status_code == 401
    assert clerk.ask(HERE, accept="text/html", **as_representative("V0001001")).status_code == 403


def test_a_new_product_needs_no_more_than_a_title_and_a_description(clerk: Clerk) -> None:
    form = clerk.fields(clerk.get(f"{HERE}/nieuw").text)
    filled = dict(form) | {
        "naam": "Zaal huren",
        "beschrijving": "Voor iedereen:\n- klein\n- groot",
        "besluit": "bekendmaken",
    }
    answer = clerk.send(f"{HERE}/nieuw", list(filled.items()))
    assert answer.status_code == 303
    document = clerk.document(answer.headers["location"].rpartition("/")[2])
    assert document["beschrijving"] == {"nl": "<p>Voor iedereen:</p><ul><li>klein</li><li>groot</li></ul>"}
    assert not document.keys() & {"voorwaarden", "contactgegevens", "kosten"}


def test_a_form_sent_back_as_it_came_changes_nothing(clerk: Clerk) -> None:
    code = made(clerk, full())
    before = clerk.document(code)
    fields = clerk.fields(clerk.get(f"{HERE}/{code}").text)
    assert clerk.send(f"{HERE}/{code}", [*fields, ("besluit", "bekendmaken")]).status_code == 303
    assert clerk.document(code) == before


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(clerk: Clerk) -> None:
    head = clerk.world.service.log.head()
    fields = [("naam", "Materiaal"), ("contactgegevens[0].email", "geen adres"), ("besluit", "bekendmaken")]
    answer = clerk.send(f"{HERE}/nieuw", [*fields, ("zoektermen", "nadar\ntent")])
    assert answer.status_code == 400
    told = answer.text.partition('role="alert"')[2].partition("</div>")[0]
    assert '<a href="#beschrijving">Beschrijving</a>: Vul de beschrijving in.' in told
    assert '<a href="#contactgegevens[0].email">Contactpunt 1, E-mail' in told
    place = answer.text.partition('for="contactgegevens[0].email"')[2].partition("<input")[0]
    assert "geen geldig e-mailadres" in unescape(place)
    assert "nadar\ntent" in answer.text and 'value="Materiaal"' in answer.text
    assert clerk.world.service.log.head() == head


def test_checking_writes_nothing(clerk: Clerk) -> None:
    head = clerk.world.service.log.head()
    fields = [("naam", "A"), ("beschrijving", "B"), ("besluit", "nakijken")]
    assert "Alles is goed ingevuld." in clerk.send(f"{HERE}/nieuw", fields).text
    assert clerk.world.service.log.head() == head


def test_parts_are_added_and_removed_by_buttons(clerk: Clerk) -> None:
    html = clerk.send(f"{HERE}/nieuw", [("naam", "A"), ("toevoegen", "procedures")]).text
    assert 'name="procedures[0].naam"' in html and 'value="A"' in html
    html = clerk.send(f"{HERE}/nieuw", [("procedures[0].naam", "P"), ("toevoegen", "procedures[0].websites")]).text
    assert 'name="procedures[0].websites[0].url"' in html
    fields = [("kosten[0].naam", "Eén"), ("kosten[1].naam", "Twee"), ("verwijderen", "kosten[0]")]
    html = clerk.send(f"{HERE}/nieuw", fields).text
    assert 'value="Twee"' in html and 'value="Eén"' not in html


def test_an_odd_button_breaks_nothing(clerk: Clerk) -> None:
    for path in ("x", "kosten[9]", "procedures[7].websites", "naam.x[1]", "[", "kosten[0].y[0]"):
        for button in ("toevoegen", "verwijderen"):
            assert clerk.send(f"{HERE}/nieuw", [("naam", "A"), (button, path)]).status_code in (200, 400)


def test_who_comes_second_is_told(clerk: Clerk) -> None:
    code = made(clerk, full())
    fields = clerk.fields(clerk.get(f"{HERE}/{code}").text)
    first = [(n, "Anders" if n == "naam" else v) for n, v in fields]
    assert clerk.send(f"{HERE}/{code}", [*first, ("besluit", "bekendmaken")]).status_code == 303
    second = [(n, "Nog anders" if n == "naam" else v) for n, v in fields]
    assert clerk.send(f"{HERE}/{code}", [*second, ("besluit", "bekendmaken")]).status_code == 409


def test_a_product_of_another_administration_is_not_mine(clerk: Clerk) -> None:
    code = made(clerk, full())
    other = Clerk(clerk.world, clerk.ask, "Aalst")
    assert other.get(f"{HERE}/{code}").status_code == 403
    assert other.send(f"{HERE}/{code}", [("naam", "Van mij")]).status_code == 403
    assert code not in other.get(HERE).text
    assert code in clerk.get(HERE).text


def test_archiving_takes_it_off_the_offer(clerk: Clerk) -> None:
    code = made(clerk, full())
    assert clerk.send(f"{HERE}/{code}/archiveren", []).status_code == 303
    assert clerk.get(f"/doc/product/{code}").status_code == 410


def test_a_product_from_a_concept_and_its_review(clerk: Clerk) -> None:
    register = clerk.world.service.register
    handle(TakeConcept(CONCEPT_CODE, concept()), A_MANAGER, register)
    html = clerk.get(f"{HERE}/nieuw?concept={CONCEPT_CODE}&vorm=nl-be-x-informal").text
    assert 'value="Jouw subsidie"' in html
    answer = clerk.send(f"{HERE}/nieuw", [*clerk.fields(html), ("besluit", "bekendmaken")])
    assert answer.status_code == 303, answer.text
    code = answer.headers["location"].rpartition("/")[2]
    document = clerk.document(code)
    assert (document["linkedConcept"], document["taalvariant"]) == (CONCEPT, "nl-be-x-informal")
    assert document["voorwaarden"][0]["volgens"]
    later = {"snapshot": SNAPSHOT.format(2), "generatedAtTime": "2026-02-01T00:00:00Z", "kosten": []}
    handle(TakeConcept(CONCEPT_CODE, concept(**later)), A_MANAGER, register)
    assert "Herziening nodig" in clerk.get(HERE).text
    html = clerk.get(f"{HERE}/{code}/herziening").text
    assert "concept gewijzigd" in html and "kosten" in html
    assert "Volgorde" not in html and "Overgenomen van" not in html
    assert clerk.send(f"{HERE}/{code}/herziening", [("besluit", "velden"), ("veld", "kosten")]).status_code == 303
    assert "kosten" not in clerk.document(code)
    settled = [("besluit", "bevestigen"), ("snapshot", SNAPSHOT.format(2))]
    assert clerk.send(f"{HERE}/{code}/herziening", settled).status_code == 303
    assert "herzieningsstatus" not in clerk.document(code)


def multipart(name: str, content: str, **fields: str) -> tuple[bytes, str]:
    parts = [f'--grens\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()]
    head = f'--grens\r\nContent-Disposition: form-data; name="bestand"; filename="{name}"\r\n\r\n'
    return ("".join(parts) + head + content + "\r\n--grens--\r\n").encode(), "multipart/form-data; boundary=grens"


def test_a_list_is_tried_first_and_then_brought_in(clerk: Clerk) -> None:
    text = "Titel;Beschrijving;E-mail\nUit een lijst;Uitleg;\nFout;Uitleg;geen\n"
    answers = []
    for what in ("proberen", "opladen"):
        body, kind = multipart("lijst.csv", text, besluit=what)
        answers.append(
            clerk.ask(f"{HERE}/opladen", "POST", body, content_type=kind, accept="text/html", **clerk.who).text
        )
        assert ("Uit een lijst" in clerk.get(HERE).text) == (what == "opladen")
    assert "Dit zou er gebeuren" in answers[0] and "Dit is er gebeurd" in answers[1]
    for answer in answers:
        assert "1 geregistreerd" in answer and "geen geldig e-mailadres" in answer


def test_a_list_comes_back_with_what_became_of_each_row(clerk: Clerk, tmp_path: Path) -> None:
    text = "Titel;Beschrijving;E-mail\nTerug in een lijst;Uitleg;\nFout;Uitleg;geen\n"
    body, kind = multipart("Ons aanbod.csv", text, besluit="proberen", terug="werkboek")
    answer = clerk.ask(f"{HERE}/opladen", "POST", body, content_type=kind, accept="text/html", **clerk.who)
    assert "Ons%20aanbod-resultaat.xlsx" in answer.headers["content-disposition"]
    path = tmp_path / "terug.xlsx"
    path.write_bytes(answer.content)
    head, *rows = ([str(cell) for cell in row.cells] for row in read_rows(path))
    assert [row[head.index("Uitkomst")] for row in rows] == ["geregistreerd", "geweigerd"]
    assert not any(row[head.index("Code")].startswith("P") for row in rows)


@pytest.mark.parametrize("name, content", [("lijst.csv", ""), ("lijst.exe", "MZ"), ("a.jsonld", "{}"), ("", "x")])
def test_a_file_that_is_no_list_is_told(clerk: Clerk, name: str, content: str) -> None:
    body, kind = multipart(name, content, besluit="opladen")
    answer = clerk.ask(f"{HERE}/opladen", "POST", body, content_type=kind, accept="text/html", **clerk.who)
    assert answer.status_code == 400 and 'role="alert"' in answer.text


def test_a_product_without_a_concept_has_no_review(clerk: Clerk) -> None:
    assert clerk.get(f"{HERE}/{made(clerk, full())}/herziening").status_code == 400
    assert product_from({"@id": CONCEPT}, clerk.world.service.schema.entity_types["product"], "nl", None)
