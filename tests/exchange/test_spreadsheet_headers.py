"""Headers as people write them mean one column; what is not certain is said."""

from collections.abc import Iterable
from pathlib import Path

import pytest
import xlsxwriter

from app.errors import Refused
from app.exchange.spreadsheet.columns import Column
from app.exchange.spreadsheet.headers import Recognition, bind, recognise
from app.exchange.spreadsheet.read import read_sheets
from app.model.schema import Schema, load_schema
from fixtures.generate import STYLES, associations, write
from tests.exchange.conftest import BASE, ROOT
from tests.exchange.sheets import Cell, write_xlsx

HEADERS = [
    ("Naam", "naam"),
    ("NAAM VAN DE VERENIGING", "naam"),
    ("Verenigingsnaam (verplicht)", "naam"),
    ("naam_vereniging", "naam"),
    ("Afkorting", "korteNaam"),
    ("KBO-nr.", "kboNummer"),
    ("Ondernemings nr", "kboNummer"),
    ("BTW nummer", "kboNummer"),
    ("Koepel / Federatie", "koepel"),
    ("Aangesloten bij", "koepel"),
    ("Relatie met koepel/federatie", "koepel"),
    ("Doelgroep: leeftijdscategorie", "leeftijden"),
    ("Leeftijd van", "leeftijdVan"),
    ("max. leeftijd", "leeftijdTot"),
    ("Activiteiten: categorie", "hoofdactiviteiten"),
    ("Hoofdactiviteit 2", "hoofdactiviteiten"),
    ("Hoofdactiviteiten (max. 3)", "hoofdactiviteiten"),
    ("Juridische vorm", "rechtsvorm"),
    ("vzw / feitelijke vereniging", "rechtsvorm"),
    ("Straat", "corrStraat"),
    ("straat + nr", "corrStraatNummer"),
    ("Postcode + gemeente", "corrPostcodeGemeente"),
    ("Huisnr.", "corrHuisnummer"),
    ("Correspondentieadres - Gemeente", "corrGemeente"),
    ("postadres", "corrAdres"),
    ("Adres secretariaat", "corrAdres"),
    ("Activiteitenadres postcode", "actPostcode"),
    ("Adres van de activiteiten", "actAdres"),
    ("Exploitatieadres", "actAdres"),
    ("Straat lokaal", "actStraat"),
    ("E-MAILADRES(SEN)", "email"),
    ("e-mail vereniging", "email"),
    ("Tel./GSM", "telefoon"),
    ("Telefoonnummer 1", "telefoon"),
    ("URL", "website"),
    ("Web-site", "website"),
    ("Facebook", "socialeMedia"),
    ("Website en/of social media", None),
    ("Bankrekeningnr", "iban"),
    ("Naam houder bankrekening", "titularis"),
    ("Rijksregisternummer of BIS-nummer", "insz"),
    ("INSZ", "insz"),
    ("Voornaam contactpersoon", "voornaam"),
    ("Familienaam vertegenwoordiger", "achternaam"),
    ("Naam voorzitter", "achternaam"),
    ("Voorzitter", "volledigeNaam"),
    ("GSM secretaris", "persoonTelefoon"),
    ("E-mail contactpersoon", "persoonEmail"),
    ("Opgericht op", "startdatum"),
    ("Zichtbaar in het loket?", "zichtbaar"),
    ("V-code", "vCode"),
    ("Thuisadres (ja/nee)", "thuisadres"),
    ("Coresspondentieadres", "corrAdres"),
    ("Telefon", "telefoon"),
    ("Oprichtingsdatm", "startdatum"),
    ("Aantal leden", None),
    ("Staat", None),
    ("Opmerkingen", None),
]


@pytest.mark.parametrize("header, key", HEADERS)
def test_a_header_means_its_column(header: str, key: str | None, columns: tuple[Column, ...]) -> None:
    found = bind([header], columns)
    assert [binding.column.key for binding in found.bindings] == ([key] if key else [])
    assert found.unknown == (() if key else (header,))


def keys(found: Recognition) -> list[str]:
    return [binding.column.key + (f"/{binding.part}" if binding.part else "") for binding in found.bindings]


ROWS = {
    "the second of two addresses is that of the activities": (
        ("Naam", "Straat", "Nr", "Gemeente", "Straat", "Nr", "Gemeente"),
        ["naam", "corrStraat", "corrHuisnummer", "corrGemeente", "actStraat", "actHuisnummer", "actGemeente"],
    ),
    "a name beside a first name is a person's": (
        ("Naam vereniging", "Naam", "Voornaam", "GSM"),
        ["naam", "achternaam", "voornaam", "persoonTelefoon"],
    ),
    "what follows a person is theirs": (
        ("Vereniging", "Contactpersoon", "E-mail"),
        ["naam", "volledigeNaam", "persoonEmail"],
    ),
    "an address that follows a person is not guessed at": (
        ("Naam", "Straat", "Gemeente", "Voorzitter", "Straat", "Gemeente"),
        ["naam", "corrStraat", "corrGemeente", "volledigeNaam/voorzitter"],
    ),
    "several columns may hold e-mail addresses": (("Naam", "E-mail 1", "E-mail 2"), ["naam", "email", "email"]),
    "people are told apart by their role": (
        ("Naam", "INSZ voorzitter", "Naam voorzitter", "INSZ secretaris", "Naam secretaris"),
        ["naam", "insz/voorzitter", "achternaam/voorzitter", "insz/secretaris", "achternaam/secretaris"],
    ),
    "an association's name goes before all": (
        ("Voornaam", "Naam", "Naam club"),
        ["voornaam", "achternaam", "naam"],
    ),
}


@pytest.mark.parametrize("case", ROWS)
def test_headers_together(case: str, columns: tuple[Column, ...]) -> None:
    headers, expected = ROWS[case]
    assert keys(bind(headers, columns)) == expected


def test_what_is_doubled_guessed_or_left_out_is_said(columns: tuple[Column, ...]) -> None:
    headers = ["Naam", "KBO", "Ondernemingsnummer", "Webiste", "Straat", "Voorzitter", "Straat"]
    remarks = bind(headers, columns).remarks
    assert remarks == (
        "Kolom D “Webiste” gelezen als “Website”.",
        "Kolom C “Ondernemingsnummer” staat er twee keer: we lezen de eerste.",
        "Kolom G “Straat” staat bij een persoon en is niet overgenomen: "
        "zet “activiteitenadres” in de kop als het dat is.",
    )


def test_an_address_behind_a_person_may_be_a_home(columns: tuple[Column, ...]) -> None:
    headers = ["Naam", "Contactpersoon", "Straat", "Gemeente"]
    [remark] = bind(headers, columns).remarks
    assert remark.startswith("Kolom C “Straat” volgt op een persoon: is het een thuisadres")
    assert bind([*headers, "Thuisadres"], columns).remarks == ()


def found_in(path: Path, columns: Iterable[Column]) -> Recognition:
    return recognise(read_sheets(path), tuple(columns))


TITLES: list[list[Cell]] = [["Verenigingen in Gent"], [], ["bijgewerkt op", "3 februari"]]
GROUPS: list[Cell] = ["Vereniging", None, "Correspondentieadres", None, "Activiteiten", None, "Voorzitter", None]
PARTS: list[Cell] = ["Naam", "E-mail", "Straat", "Gemeente", "Straat", "Gemeente", "Naam", "E-mail"]


def test_the_header_row_stands_under_titles_and_merged_groups(tmp_path: Path, columns: tuple[Column, ...]) -> None:
    found = found_in(write_xlsx(tmp_path / "l.xlsx", [*TITLES, GROUPS, PARTS, ["De Ster", "Sport"]]), columns)
    assert found.header_row == 5
    assert keys(found) == [
        "naam", "email", "corrStraat", "corrGemeente", "actStraat", "actGemeente", "achternaam/voorzitter",
        "persoonEmail/voorzitter",
    ]  # fmt: skip


def test_a_title_above_the_headers_changes_nothing(tmp_path: Path, columns: tuple[Column, ...]) -> None:
    found = found_in(write_xlsx(tmp_path / "l.xlsx", [["Lijst Gent"], ["Naam", "Straat"], ["De Ster"]]), columns)
    assert (found.header_row, keys(found), found.remarks) == (2, ["naam", "corrStraat"], ())


def test_the_first_sheet_with_a_list_is_read_and_the_others_are_named(
    tmp_path: Path, columns: tuple[Column, ...]
) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "l.xlsx"))
    book.add_worksheet("Voorblad").write(0, 0, "Dienst Vrije Tijd")
    hidden = book.add_worksheet("Oud")
    hidden.write_row(0, 0, ["Naam", "E-mail"])
    hidden.hide()
    book.add_worksheet("Lijst").write_row(0, 0, ["Naam", "E-mail", "Aantal leden"])
    book.add_worksheet("Archief")
    book.close()
    found = found_in(tmp_path / "l.xlsx", columns)
    assert found.sheet.name == "Lijst"
    assert found.remarks == (
        "Gelezen is blad “Lijst”; niet gelezen: “Voorblad”, “Oud”, “Archief”.",
        "Deze kolommen kennen we niet en zijn niet overgenomen: “Aantal leden”.",
    )


NO_LISTS = {
    "nothing at all": ([], "leeg"),
    "no headers": ([["a", "b"], ["c", "d"]], "geen rij met kolomkoppen"),
    "no name": ([["Straat", "Postcode"]], "geen kolom met de naam van de vereniging"),
    "only people": ([["Naam", "Voornaam", "GSM"]], "geen kolom met de naam van de vereniging"),
}


@pytest.mark.parametrize("case", NO_LISTS)
def test_what_is_no_list_is_refused_with_the_reason(tmp_path: Path, case: str, columns: tuple[Column, ...]) -> None:
    rows, sentence = NO_LISTS[case]
    with pytest.raises(Refused) as refused:
        found_in(write_xlsx(tmp_path / "l.xlsx", rows), columns)
    assert sentence in refused.value.title


@pytest.mark.parametrize("style", STYLES)
def test_every_style_of_the_invented_lists_is_recognised_to_the_last_column(
    tmp_path: Path, style: str, columns: tuple[Column, ...]
) -> None:
    path = tmp_path / "l.csv"
    write(path, associations("Gent", 20, seed=1), STYLES[style])
    found = found_in(path, columns)
    assert [binding.column.key for binding in found.bindings] == list(STYLES[style].headers)
    assert found.unknown == ()


@pytest.fixture(scope="module")
def schema() -> Schema:
    return load_schema(ROOT, BASE)


def test_every_column_leads_to_a_field_and_has_an_explanation(columns: tuple[Column, ...], schema: Schema) -> None:
    assert len(columns) > 40
    assert len({column.key for column in columns}) == len(columns)
    for column in columns:
        type = schema.entity_types["vereniging"]
        for step in column.path:
            found = type.field(step.term)
            type = found.node or type  # type: ignore[assignment]
        assert column.help.endswith("."), column.key
        assert column.path or column.kind in ("V-code", "beslissing", "uitkomst")


def test_every_label_of_the_template_is_recognised_as_its_own_column(columns: tuple[Column, ...]) -> None:
    wanted = [column for column in columns if column.in_template]
    assert keys(bind([column.label for column in wanted], columns)) == [column.key for column in wanted]
