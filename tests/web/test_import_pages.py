"""A clerk brings a list in by browser: what is seen of it, what may be corrected, and what becomes of it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from app.exchange.imports.browser import Lists
from app.exchange.imports.corrections import OURS, title_of
from app.exchange.spreadsheet.columns import load_columns
from app.exchange.spreadsheet.read import read_rows
from app.exchange.spreadsheet.titles import Headers as Titles
from app.store.accesses import Which, accesses
from tests.web.conftest import Ask, asking
from tests.web.people import Headers, as_dpo, as_federation, as_manager, as_municipality, as_representative
from tests.web.world import ROOT, World, open_world

HERE = "/beheer/invoer"
FORM = "application/x-www-form-urlencoded"
GENT, AALST = as_municipality("Gent"), as_municipality("Aalst")
INSZ = "85.07.30-033.28"
LIST = f"""Lijst van de cultuurdienst;;;;;;;;
Naam vereniging;Straat;Nr;Postcode;Woonplaats;E-mail;Rijksregisternr. voorzitter;Voornaam voorzitter;Naam voorzitter
Kantkring Het Klosje;Kerkstraat;12;9000;Gent;info@klosje.example;{INSZ};Godelieve;Proefmans
Turnkring Elan;Sportlaan;3;9999;Gent;;;;
Schaakclub De Toren;Markt;5;9000;Gent;geen adres;;;
"""


class Clerk:
    """Somebody with a browser, and the service that works beside it."""

    def __init__(self, ask: Ask, world: World) -> None:
        self.ask, self.world = ask, world
        self.lists = Lists(world.service.register, world.service.root, world.service.mint)

    def get(self, path: str, who: Headers = GENT) -> httpx.Response:
        return self.ask(path, accept="text/html", **who)

    def post(self, path: str, form: Mapping[str, str], who: Headers = GENT) -> httpx.Response:
        body = urlencode(form).encode()
        return self.ask(path, "POST", body, content_type=FORM, accept="text/html", **who)

    def send(self, text: str | bytes, who: Headers = GENT, name: str = "lijst.csv", **fields: str) -> httpx.Response:
        content = text.encode() if isinstance(text, str) else text
        parts = [f'--grens\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
                 for key, value in fields.items()]  # fmt: skip
        head = f'--grens\r\nContent-Disposition: form-data; name="bestand"; filename="{name}"\r\n\r\n'
        body = "".join(parts).encode() + head.encode() + content + b"\r\n--grens--\r\n"
        kind = "multipart/form-data; boundary=grens"
        return self.ask(HERE, "POST", body, content_type=kind, accept="text/html", **who)

    def bring(self, text: str, who: Headers = GENT) -> str:
        """Send a list and have it tried; answers where it is."""
        answer = self.send(text, who)
        assert answer.status_code == 303, answer.text
        self.work()
        return str(answer.headers["location"])

    def work(self) -> None:
        while self.lists.work():
            pass
        self.world.follow()


@pytest.fixture(scope="module")
def clerk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clerk]:
    for world in open_world(tmp_path_factory.mktemp("lijsten")):
        yield Clerk(asking(world), world)


def head(clerk: Clerk) -> int:
    return clerk.world.service.log.head()


def cells_of(content: bytes, tmp_path: Path) -> list[tuple[object, ...]]:
    path = tmp_path / "terug.xlsx"
    path.write_bytes(content)
    return [row.cells for row in read_rows(path)]


def test_a_list_is_tried_corrected_brought_in_and_given_back(clerk: Clerk, tmp_path: Path) -> None:
    before = head(clerk)
    sent = clerk.send(LIST)
    at = sent.headers["location"]
    assert (sent.status_code, "wordt nagekeken" in clerk.get(at).text) == (303, True)
    clerk.work()
    tried = clerk.get(at).text
    assert head(clerk) == before, "a try writes nothing"
    assert "Dit zou er gebeuren" in tried
    assert "Rij 5: Schaakclub De Toren" in tried and "geldig e-mailadres" in tried
    assert "Rij 3" not in tried, "what is well needs no attention"
    assert "Rij 3: Kantkring Het Klosje" in clerk.get(f"{at}?toon=alle").text

    corrected = clerk.post(at, {"besluit": "verbeteren", "cel-5-5": "info@toren.example", "cel-4-3": "9000"})
    assert corrected.status_code == 303
    clerk.work()
    assert "Geen enkele rij vraagt aandacht" in clerk.get(at).text
    assert head(clerk) == before

    clerk.post(at, {"besluit": "inlezen"})
    assert "wordt ingelezen" in clerk.get(at).text
    clerk.work()
    done = clerk.get(at).text
    assert "Dit is er gebeurd" in done and head(clerk) == before + 3

    workbook = clerk.get(f"{at}/resultaat.xlsx")
    assert workbook.headers["content-disposition"].endswith("lijst-resultaat.xlsx")
    rows = cells_of(workbook.content, tmp_path)
    assert [row[0] for row in rows[2:]] == ["Kantkring Het Klosje", "Turnkring Elan", "Schaakclub De Toren"]
    assert all("geregistreerd" in row for row in rows[2:])
    assert "9000" in rows[3] and "info@toren.example" in rows[4]

    clerk.post(at, {"besluit": "inlezen"})
    clerk.work()
    assert head(clerk) == before + 3, "the same list again doubles nothing"
    assert ">ongewijzigd<" in clerk.get(at).text


def test_a_column_that_is_not_known_gets_its_meaning_in_the_browser(clerk: Clerk) -> None:
    at = clerk.bring("Naam vereniging;Waar;Nr;Postcode;Gemeente\nZangkoor Nachtegaal;Kouter;7;9000;Gent\n")
    assert "6 van de 7 kolommen herkend" in clerk.get(at).text
    key = next(column.key for column in clerk.lists.columns if "straat" in column.key.casefold())
    clerk.post(at, {"besluit": "verbeteren", "kolom-1": key})
    clerk.work()
    assert "7 van de 7 kolommen herkend" in clerk.get(at).text
    shown = clerk.get(at).text
    assert "Is een kolom verkeerd gelezen?" in shown and 'name="kolom-1"' not in shown
    clerk.post(at, {"besluit": "verbeteren", "andere": "1", "andere-als": ""})
    clerk.work()
    assert "6 van de 7 kolommen herkend" in clerk.get(at).text


def test_every_column_has_a_header_that_means_it_alone() -> None:
    columns = load_columns(ROOT)
    known = Titles(columns)
    wrong = [
        column.key
        for column in columns
        if [each.column.key for each in known.exact(title_of(column, known))] != [column.key]
    ]
    assert columns and wrong == []
    assert {column.key for column in columns} >= OURS


def test_a_possible_double_is_decided_in_the_list(clerk: Clerk) -> None:
    clerk.post(
        clerk.bring("Naam;Straat;Nr;Postcode;Gemeente\nFanfare De Bron;Markt;5;9000;Gent\n"), {"besluit": "inlezen"}
    )
    clerk.work()
    at = clerk.bring("Naam;Straat;Nr;Postcode;Gemeente\nFanfare De Bronn;Markt;5;9000;Gent\n")
    page = clerk.get(at).text
    assert "voorgelegd" in page and re.search(r'href="/doc/vereniging/V\d{7}"', page), "the other one is a click away"
    [decision] = re.findall(r'name="(cel-2-\d+)" value="" [^>]*>', page[page.index("Beslissing") :])[:1]
    clerk.post(at, {"besluit": "verbeteren", decision: "nieuw"})
    clerk.work()
    assert "Geen enkele rij vraagt aandacht" in clerk.get(at).text


def test_persons_in_a_list_stand_in_the_vault_alone_and_go_with_it(clerk: Clerk) -> None:
    at = clerk.bring(LIST.replace("Kantkring Het Klosje", "Kring van de Kluis"))
    assert "Kring van de Kluis" in clerk.get(f"{at}?toon=alle").text
    folder = clerk.world.service.data
    stored = b"".join(path.read_bytes() for path in folder.glob("log.sqlite*"))
    assert b"Kring van de Kluis" not in stored and INSZ.encode() not in stored
    id = at.rpartition("/")[2]
    database = clerk.world.service.log.database
    used = [one for one in accesses(database, Which(), 50) if one.entity.endswith(id)]
    assert used and {one.what for one in used} == {"verwerkt"}
    clerk.post(at, {"besluit": "vergeten"})
    assert clerk.get(at).status_code == 404
    assert not [entity for entity in clerk.world.service.log.vault.entities() if entity.endswith(id)]


WRONG: list[tuple[str, str | bytes, str, str]] = [
    ("no list", "zomaar wat tekst", "lijst.csv", "kolomkoppen"),
    ("no name", "Straat;Postcode\nMarkt;9000\n", "lijst.csv", "naam van de vereniging"),
    ("another file", b"GIF89a\1\0\1\0\0\0", "foto.xlsx", "geen rekenblad"),
    ("an old workbook", bytes.fromhex("D0CF11E0A1B11AE1"), "lijst.xls", "bewaar het als gewoon xlsx"),
    ("no file", b"", "", "Kies een bestand"),
    ("too much", b"x" * 5_000_001, "lijst.csv", "te groot"),
]


@pytest.mark.parametrize("case, content, name, sentence", WRONG, ids=[case for case, *_ in WRONG])
def test_what_is_no_list_is_told_so_where_it_was_sent(
    clerk: Clerk, case: str, content: str | bytes, name: str, sentence: str
) -> None:
    answer = clerk.send(content, name=name)
    assert answer.status_code == 400 and sentence in answer.text


def test_a_workbook_that_unpacks_without_end_is_refused(clerk: Clerk) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", b"<x/>")
        archive.writestr("xl/workbook.xml", b" " * 250_000_000)
    assert clerk.send(packed.getvalue(), name="bom.xlsx").status_code == 400


def test_lists_are_for_their_own_municipality(clerk: Clerk) -> None:
    at = clerk.bring("Naam;Straat;Nr;Postcode;Gemeente\nToneelkring Doek;Markt;5;9000;Gent\n")
    assert clerk.get(at, AALST).status_code == 404
    assert clerk.post(at, {"besluit": "inlezen"}, AALST).status_code == 404
    elsewhere = clerk.bring("Naam;Straat;Nr;Postcode;Gemeente\nToneelkring Doek;Markt;1;9000;Gent\n", AALST)
    assert "op het eigen grondgebied" in clerk.get(elsewhere, AALST).text


@pytest.mark.parametrize("who", [as_dpo(), as_representative("V0001001"), as_federation("0428315871")])
def test_others_bring_in_no_lists(clerk: Clerk, who: Headers) -> None:
    assert clerk.get(HERE, who).status_code in (400, 403)
    assert clerk.send(LIST, who).status_code in (400, 403)


def test_an_administrator_says_of_which_municipality_the_list_is(clerk: Clerk) -> None:
    assert "Kies de gemeente" in clerk.send(LIST, as_manager()).text
    assert clerk.send(LIST, as_manager(), gemeente="44021").status_code == 303


def test_a_form_of_another_site_changes_nothing(clerk: Clerk) -> None:
    at = clerk.bring("Naam;Straat;Nr;Postcode;Gemeente\nVreemde Vogels;Markt;5;9000;Gent\n")
    before = head(clerk)
    assert clerk.post(at, {"besluit": "inlezen"}, {**GENT, "sec-fetch-site": "cross-site"}).status_code == 403
    clerk.work()
    assert head(clerk) == before


def test_what_is_being_worked_on_waits_for_its_turn(clerk: Clerk) -> None:
    at = clerk.send("Naam;Straat;Nr;Postcode;Gemeente\nDe Wachters;Markt;5;9000;Gent\n").headers["location"]
    assert clerk.post(at, {"besluit": "inlezen"}).status_code == 409
    assert clerk.post(at, {"besluit": "verbeteren", "cel-2-0": "Anders"}).status_code == 409
    assert clerk.ask(f"{at}/toestand", **GENT).json() == {"state": "nakijken", "done": 0, "total": 1}
    clerk.work()
    assert clerk.ask(f"{at}/toestand", **GENT).json()["state"] == "nagekeken"


def test_the_template_comes_along(clerk: Clerk, tmp_path: Path) -> None:
    assert clerk.get(f"{HERE}/sjabloon.xlsx").content[:2] == b"PK"


def test_a_list_that_nobody_touched_for_two_weeks_goes_by_itself(clerk: Clerk) -> None:
    at = clerk.bring("Naam;Straat;Nr;Postcode;Gemeente\nDe Vergetenen;Markt;5;9000;Gent\n")
    clerk.lists.tidy()
    assert clerk.get(at).status_code == 200
    for _ in range(24 * 15):
        clerk.world.service.clock()
    clerk.lists.tidy()
    assert clerk.get(at).status_code == 404


def test_the_page_needs_no_inline_script(clerk: Clerk) -> None:
    at = clerk.send("Naam;Straat;Nr;Postcode;Gemeente\nDe Voorzichtigen;Markt;5;9000;Gent\n").headers["location"]
    page = clerk.get(at)
    assert "unsafe-inline" not in page.headers["content-security-policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=", page.text)
