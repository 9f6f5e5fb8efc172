"""A row becomes a document, with every problem beside its own cell."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import pytest

from app.exchange.spreadsheet.cells import Row
from app.exchange.spreadsheet.columns import Column
from app.exchange.spreadsheet.draft import Draft
from app.exchange.spreadsheet.headers import bind
from app.exchange.spreadsheet.rows import RowReader, Skipped
from app.register.register import Tools
from fixtures.generate import associations, mess_up
from tests.exchange.sheets import Cell

INSZ = "85.07.30-033.28"


class Reading:
    """Reads single rows of a list of Gent."""

    def __init__(self, columns: tuple[Column, ...], tools: Tools) -> None:
        self.columns, self.tools = columns, tools
        self.reader = cache(self._reader)

    def row(self, headers: Sequence[str], cells: Sequence[Cell]) -> Draft | Skipped:
        return self.reader(tuple(headers)).read(Row(7, tuple(cells)))

    def _reader(self, headers: tuple[str, ...]) -> RowReader:
        home = self.tools.codelists.municipality("Gent")
        assert home is not None
        return RowReader(bind(headers, self.columns).bindings, self.tools.codelists, self.tools.type, home)

    def draft(self, **cells: Cell) -> Draft:
        found = self.row([header.replace("_", " ") for header in cells], list(cells.values()))
        assert isinstance(found, Draft)
        return found

    def iri(self, scheme: str, name: str) -> str:
        concept = self.tools.codelists.find(scheme, name)
        assert concept is not None
        return concept.iri


@pytest.fixture
def read(columns: tuple[Column, ...], tools: Tools) -> Reading:
    return Reading(columns, tools)


def test_a_whole_row_becomes_a_whole_document(read: Reading) -> None:
    draft = read.draft(
        Naam="  Judoclub\u00a0 Samoerai vzw ",
        KBO=403170701,
        Rechtsvorm="v.z.w.",
        Koepel="Judo Vlaanderen; Sportfederatie",
        Leeftijd="6-18 jaar",
        Activiteiten="Sport, Jeugdwerk",
        Opgericht_op=37012,
        Straat="Sportlaan",
        Nr="3 bus 2",
        Postcode=9030,
        Gemeente="Mariakerke",
        Thuisadres="ja",
        Adres_activiteiten="Zwembadlaan 5, 9000 Gent",
        Mail="info@samoerai.example; balie@samoerai.example",
        GSM=475123456,
        Facebook="facebook.com/samoerai",
        INSZ=INSZ,
        Voornaam="An",
        Familienaam="Peeters",
        IBAN="BE68 5390 0754 7034",
        Houder="Judoclub Samoerai",
        Zichtbaar_in_het_loket="nee",
    )
    assert (draft.problems, draft.doubts, draft.remarks) == ([], [], [])
    assert draft.document == {
        "naam": "Judoclub Samoerai vzw",
        "kboNummer": "0403170701",
        "verenigingstype": read.iri("verenigingstype", "VZW"),
        "lidmaatschappen": [{"naam": "Judo Vlaanderen"}, {"naam": "Sportfederatie"}],
        "doelgroep": {"minimumleeftijd": 6, "maximumleeftijd": 18},
        "hoofdactiviteiten": [read.iri("hoofdactiviteit", "SPRT"), read.iri("hoofdactiviteit", "JGDW")],
        "startdatum": "2001-05-01",
        "locaties": [
            {
                "locatietype": read.iri("locatietype", "Correspondentie"),
                "adres": {
                    "straatnaam": "Sportlaan",
                    "huisnummer": "3",
                    "busnummer": "2",
                    "postcode": "9030",
                    "gemeente": "Mariakerke",
                },
                "isThuisadres": True,
            },
            {
                "locatietype": read.iri("locatietype", "Activiteiten"),
                "adres": {"straatnaam": "Zwembadlaan", "huisnummer": "5", "postcode": "9000", "gemeente": "Gent"},
            },
        ],
        "contactgegevens": [
            {"email": "info@samoerai.example"},
            {"email": "balie@samoerai.example"},
            {"telefoon": "+32475123456"},
            {"socialMedia": "https://www.facebook.com/samoerai"},
        ],
        "vertegenwoordigers": [{"insz": "85073003328", "voornaam": "An", "achternaam": "Peeters"}],
        "bankrekeningnummers": [{"iban": "BE68 5390 0754 7034", "titularis": "Judoclub Samoerai"}],
        "zichtbaarInLoket": False,
    }
    assert draft.column_of("locaties[0].adres.busnummer") == 8
    assert draft.column_of("contactgegevens[1].email") == 13


def test_a_draft_shows_no_values_when_printed(read: Reading) -> None:
    draft = read.draft(Naam="De Ster", INSZ=INSZ, Voornaam="An", Familienaam="Peeters")
    assert "Peeters" not in repr(draft) and "Ster" not in repr(draft)


FACTUAL = "Feitelijke vereniging"
FOUND: list[tuple[str, dict[str, Cell], str, Any]] = [
    ("a number in the street", {"Straat": "Sportlaan 5", "Gemeente": "9000 Gent"}, "adres",
     {"straatnaam": "Sportlaan", "huisnummer": "5", "postcode": "9000", "gemeente": "Gent"}),
    ("a postcode alone", {"Straat": "Markt", "Nr": 1, "Postcode": 9880}, "adres",
     {"straatnaam": "Markt", "huisnummer": "1", "postcode": "9880", "gemeente": "Aalter"}),
    ("a municipality with one postcode of its name", {"Straat": "Markt", "Nr": 1, "Gemeente": "Gent"}, "adres",
     {"straatnaam": "Markt", "huisnummer": "1", "postcode": "9000", "gemeente": "Gent"}),
    ("abroad", {"Straat": "Dam", "Nr": 1, "Postcode": "1012 JS", "Gemeente": "Amsterdam", "Land": "Nederland"}, "adres",
     {"straatnaam": "Dam", "huisnummer": "1", "postcode": "1012 JS", "gemeente": "Amsterdam", "land": "Nederland"}),
]  # fmt: skip


@pytest.mark.parametrize("case, cells, term, expected", FOUND, ids=[case for case, *_ in FOUND])
def test_an_address_is_completed(read: Reading, case: str, cells: dict[str, Cell], term: str, expected: Any) -> None:
    draft = read.draft(Naam="De Ster", **cells)
    assert (draft.problems, draft.doubts) == ([], [])
    assert draft.document["locaties"][0][term] == expected


BAD: list[tuple[dict[str, Cell], str, str, str]] = [
    ({"Postcode": 9999, "Gemeente": "Gent"}, "doubts", "Postcode", "bestaat niet"),
    ({"Postcode": 9000, "Gemeente": "Brugge"}, "doubts", "Gemeente", "horen niet bij elkaar. De postcode is van Gent"),
    ({"Postcode": 9000, "Gemeente": "Verweggistan"}, "doubts", "Gemeente", "kennen we niet"),
    ({"Gemeente": "Antwerppen"}, "doubts", "Gemeente", "Bedoelt u “Antwerpen”"),
    ({"Postcode": "90"}, "problems", "Postcode", "vier cijfers"),
    ({"Gemeente": "Pajottegem"}, "problems", "Gemeente", "meer dan één"),
    ({"KBO": "0403.170.702"}, "problems", "KBO", "controlegetal"),
    ({"INSZ": "85.07.30-033.29"}, "problems", "INSZ", "controlegetal"),
    ({"Mail": "info.a.example"}, "problems", "Mail", "e-mailadres"),
    ({"Rechtsvorm": "coöperatie"}, "problems", "Rechtsvorm", "kennen we niet"),
    ({"Activiteiten": "Diversen"}, "problems", "Activiteiten", "staat niet in de lijst"),
    ({"V-code": "1001"}, "problems", "V-code", "V met zeven cijfers"),
    ({"Beslissing": "misschien"}, "problems", "Beslissing", "“nieuw”"),
    ({"Opgericht op": "1985"}, "problems", "Opgericht op", "onvolledig"),
    ({"Website": "<b>weg</b>"}, "problems", "Website", "webadres"),
]


@pytest.mark.parametrize("cells, kind, header, sentence", BAD, ids=[sentence for *_, sentence in BAD])
def test_what_is_wrong_is_said_beside_its_own_cell(
    read: Reading, cells: dict[str, Cell], kind: str, header: str, sentence: str
) -> None:
    draft = read.draft(Naam="De Ster", **cells)
    found = getattr(draft, kind)
    assert [problem.column for problem in found] == [["Naam", *cells].index(header)]
    assert sentence in found[0].message
    assert len(draft.problems) + len(draft.doubts) == 1


def test_a_representative_without_a_number_is_left_out_and_their_own_address_stays_personal(read: Reading) -> None:
    draft = read.draft(Naam="De Ster", Mail="an.peeters@mail.example", Voornaam="An", Familienaam="Peeters")
    assert "vertegenwoordigers" not in draft.document
    assert draft.document["contactgegevens"] == [{"email": "an.peeters@mail.example", "isPersoonlijk": True}]
    assert "rijksregisternummer ontbreekt" in draft.remarks[0].message


def test_people_of_one_row_are_told_apart_by_their_role(read: Reading) -> None:
    headers = ["Naam", "INSZ voorzitter", "Voorzitter", "INSZ secretaris", "Secretaris"]
    draft = read.row(headers, ["De Ster", INSZ, "PEETERS An", "93.05.18-223.61", "Jansen, Jan"])
    assert isinstance(draft, Draft)
    people = [(p["voornaam"], p["achternaam"], p["rol"]) for p in draft.document["vertegenwoordigers"]]
    assert people == [("An", "Peeters".upper(), "voorzitter"), ("Jan", "Jansen", "secretaris")]


def test_a_feitelijke_vereniging_is_a_type_and_a_subtype(read: Reading) -> None:
    document = read.draft(Naam="De Ster", Rechtsvorm=FACTUAL).document
    assert document["verenigingstype"] == read.iri("verenigingstype", "VZER")
    assert document["verenigingssubtype"] == read.iri("verenigingssubtype", "FV")


def test_the_same_value_in_two_cells_counts_once(read: Reading) -> None:
    draft = read.row(
        ["Naam", "Mail 1", "Mail 2"], ["De Ster", "info@ster.example", "INFO@ster.example; b@ster.example"]
    )
    assert isinstance(draft, Draft)
    assert draft.document["contactgegevens"] == [{"email": "info@ster.example"}, {"email": "b@ster.example"}]


NO_ASSOCIATIONS: list[tuple[list[Cell], str]] = [
    ([None, " ", "-"], "Lege rij."),
    (["SPORT", None, None], "Opmerking of tussentitel."),
    (["Totaal: 12", None, None], "Opmerking of tussentitel."),
    (["* nog na te vragen", None, None], "Opmerking of tussentitel."),
    ([None, "nog navragen!", None], "Opmerking of tussentitel."),
    ([None, None, None, "12 leden"], "Geen gegevens van een vereniging."),
]


@pytest.mark.parametrize("cells, reason", NO_ASSOCIATIONS)
def test_what_stands_between_the_rows_is_passed_over_with_the_reason(
    read: Reading, cells: list[Cell], reason: str
) -> None:
    assert read.row(["Naam", "Korte naam", "Mail", "Leden"], cells) == Skipped(7, reason)


@pytest.mark.parametrize("word", ["n.v.t.", "geen", "onbekend", "?", "--", "N/A", "/"])
def test_what_people_write_for_nothing_is_nothing(read: Reading, word: str) -> None:
    assert read.draft(Naam="De Ster", KBO=word, Mail=word, Straat=word).document == {"naam": "De Ster"}


def test_a_row_without_a_name_is_a_problem_unless_it_has_a_code(read: Reading) -> None:
    headers = ["Naam", "Mail", "GSM", "V-code"]
    without = read.row(headers, [None, "info@ster.example", "09 210 10 10"])
    with_code = read.row(headers, [None, "info@ster.example", None, "V0001001"])
    assert isinstance(without, Draft) and isinstance(with_code, Draft)
    assert [problem.message for problem in without.problems] == ["De naam van de vereniging ontbreekt."]
    assert with_code.problems == []


def test_the_invented_mess_is_seen_through_or_named_in_its_column(read: Reading) -> None:
    clean = associations("Gent", 250, seed=9)
    keys = list({key: None for row in clean for key in row})
    labels = [next(column.label for column in read.columns if column.key == key) for key in keys]
    messy, truth = mess_up(clean, seed=9, rate=0.2)
    retyped = {mess.row for mess in truth if mess.kind == "dubbel met typfout"}
    harmful = {(mess.row, mess.column) for mess in truth if not mess.harmless and mess.row not in retyped}
    found = set()
    for number, row in enumerate(messy):
        draft = read.row(labels, [row.get(key) for key in keys])
        if isinstance(draft, Draft) and number not in retyped:
            found |= {(number, keys[problem.column]) for problem in (*draft.problems, *draft.doubts)}
    assert len(harmful) > 30
    assert found - harmful == set()
    # How old anybody may be is for the shape to say.
    assert {column for _, column in harmful - found} <= {"leeftijdTot"}
