"""Every row of a list ends in exactly one way, and bringing it in again doubles nothing."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.errors import LoketError, Refused, Unknown
from app.exchange.imports.associations import ImportReport, import_associations
from app.model.documents import to_document
from app.model.graph import from_ntriples
from app.register.commands import ChangeAssociation, HideAssociation, RemoveAssociation
from app.register.doubles.commands import MarkDuplicate
from app.register.doubles.queue import decide, document_of, waiting
from app.register.doubles.referrals import ADDRESS, DUPLICATE, Corrected, Same
from app.register.handle import handle
from app.register.register import Register
from app.store.vault import Use
from fixtures.generate import STYLES, associations, mess_up, write
from tests.exchange.conftest import ROOT
from tests.exchange.sheets import (
    CLERK,
    HARMONIE,
    HEADERS,
    JUDO,
    Cell,
    bring_in,
    outcomes,
    results,
    write_csv,
    write_xlsx,
)

INSZ = "85.07.30-033.28"
FULL = ("V-code", *HEADERS)


def document(register: Register, code: str) -> dict[str, Any]:
    """All that the log holds of an association, without personal values."""
    version = register.log.latest(register.tools.type.iri(code))
    assert version is not None
    graph = from_ntriples((version.public or b"") + version.internal)
    return to_document(graph, register.tools.type, version.entity)


def values(register: Register, code: str, term: str) -> list[str]:
    return [contact[term] for contact in document(register, code)["contactgegevens"] if term in contact]


@pytest.fixture
def two(register: Register, tmp_path: Path) -> Path:
    """A list of two associations, brought in as V0001001 and V0001002."""
    path = write_xlsx(tmp_path / "lijst.xlsx", [HEADERS, HARMONIE, JUDO])
    assert results(path, register) == ["geregistreerd", "geregistreerd"]
    return path


def test_a_new_row_is_registered(two: Path, register: Register) -> None:
    found = document(register, "V0001002")
    assert (found["naam"], found["gemeente"]) == ("Judoclub Samoerai", [register.codelists.by_postcode("9030")[0].iri])
    assert values(register, "V0001002", "telefoon") == ["+3292101010"]


def test_the_same_list_again_changes_nothing(two: Path, register: Register) -> None:
    head = register.log.head()
    assert results(two, register) == ["ongewijzigd", "ongewijzigd"]
    assert register.log.head() == head


def row(**cells: Cell) -> tuple[Cell, ...]:
    """The judo club with other cells."""
    return tuple(
        cells.get(header.split()[0].replace("-", ""), cell) for header, cell in zip(HEADERS, JUDO, strict=True)
    )


OUTCOMES: list[tuple[str, tuple[Cell, ...], str, str, str]] = [
    ("a corrected number", row(Telefoon="09 210 10 11"), "gewijzigd", "", ""),
    ("an added address", row(Email="info@samoerai.example"), "gewijzigd", "", ""),
    ("an empty cell", row(Telefoon=""), "ongewijzigd", "", ""),
    ("another notation", row(Telefoon="+32 9 210 10 10", Activiteiten="SPRT"), "ongewijzigd", "", ""),
    ("nearly the same name", row(Naam="Judo club Samourai", Postcode="9031", Gemeente="Drongen"), "voorgelegd",
     "Naam vereniging", "V0001002"),
    ("an unknown address", row(Naam="De Ster", Postcode=9999), "voorgelegd", "Postcode", "bestaat niet"),
    ("a missing number", row(Naam="De Ster", Nr=""), "geweigerd", "Straat", "huisnummer"),
    ("a wrong e-mail address", row(Naam="De Ster", Email="info.ster"), "geweigerd", "E-mail", "geldig e-mailadres"),
    ("something only the shape knows", row(Naam="De Ster", Activiteiten="Sport; Jeugdwerk; Hobby & Spel; Toerisme"),
     "geweigerd", "Activiteiten", "drie"),
    ("HTML", row(Naam="<b>De Ster</b>"), "geweigerd", "Naam vereniging", "niet toegestane tekens"),
    ("no name", row(Naam=""), "geweigerd", "Naam vereniging", "ontbreekt"),
]  # fmt: skip


@pytest.mark.parametrize("case, cells, result, header, sentence", OUTCOMES, ids=[case for case, *_ in OUTCOMES])
def test_a_row_ends_as(
    two: Path, register: Register, tmp_path: Path, case: str, cells: tuple[Cell, ...], result: str, header: str,
    sentence: str,
) -> None:  # fmt: skip
    [outcome] = outcomes(write_xlsx(tmp_path / "nieuw.xlsx", [HEADERS, cells]), register)
    assert (str(outcome.result), outcome.row) == (result, 2)
    assert [HEADERS[problem.column] for problem in outcome.problems] == ([header] if header else [])
    assert all(sentence in problem.message for problem in outcome.problems)


WITH_CODE: list[tuple[str, tuple[Cell, ...], str, str]] = [
    ("a new name", ("V0001002", *row(Naam="Judoclub Kano")), "gewijzigd", ""),
    ("a code nobody has", ("V0009999", *JUDO), "geweigerd", "staat niet in het register"),
    ("no code at all", ("judo", *JUDO), "geweigerd", "zeven cijfers"),
    ("only what changes", ("V0001002", *[""] * 6, "info@judo.example", "", ""), "gewijzigd", ""),
    ("nothing that changes", ("V0001002", *[""] * 9), "ongewijzigd", ""),
]


@pytest.mark.parametrize("case, cells, result, sentence", WITH_CODE, ids=[case for case, *_ in WITH_CODE])
def test_a_row_with_a_v_code_is_about_that_association(
    two: Path, register: Register, tmp_path: Path, case: str, cells: tuple[Cell, ...], result: str, sentence: str
) -> None:
    [outcome] = outcomes(write_xlsx(tmp_path / "nieuw.xlsx", [FULL, cells]), register)
    assert str(outcome.result) == result
    assert all(sentence in problem.message for problem in outcome.problems)


def test_only_the_columns_in_the_list_change(two: Path, register: Register, tmp_path: Path) -> None:
    handle(ChangeAssociation("V0001002", {"korteNaam": "Samoerai", "startdatum": "2001-05-01"}), CLERK, register)
    rows = [("Naam", "Postcode", "Tel"), ("Judoclub Samoerai", "9030", "0475 12 34 56")]
    assert results(write_csv(tmp_path / "tel.csv", rows), register) == ["gewijzigd"]
    found = document(register, "V0001002")
    assert (found["korteNaam"], found["startdatum"]) == ("Samoerai", "2001-05-01")
    assert values(register, "V0001002", "telefoon") == ["+32475123456"]
    assert len(found["hoofdactiviteiten"]) == 1


def test_a_value_that_comes_back_is_a_change_too(two: Path, register: Register, tmp_path: Path) -> None:
    other = write_xlsx(tmp_path / "anders.xlsx", [HEADERS, row(Telefoon="09 210 10 11")])
    assert results(other, register) == ["gewijzigd"]
    assert results(two, register) == ["ongewijzigd", "gewijzigd"]
    assert values(register, "V0001002", "telefoon") == ["+3292101010"]


def test_what_the_association_changed_itself_is_not_undone_by_the_old_list(two: Path, register: Register) -> None:
    contacts = [{"telefoon": "09 210 10 12"}]
    handle(ChangeAssociation("V0001002", {"contactgegevens": contacts}), CLERK, register)
    assert results(two, register) == ["ongewijzigd", "ongewijzigd"]
    assert values(register, "V0001002", "telefoon") == ["+3292101012"]


def test_an_invisible_or_removed_association_is_known_all_the_same(two: Path, register: Register) -> None:
    handle(HideAssociation("V0001001"), CLERK, register)
    handle(RemoveAssociation("V0001002", "dubbel", "V0001001"), CLERK, register)
    hidden, removed = outcomes(two, register)
    assert (str(hidden.result), hidden.code) == ("ongewijzigd", "V0001001")
    assert str(removed.result) == "geweigerd"
    assert "verwijderd" in removed.problems[0].message


KBO = ("0403.170.701", "0403.170.702")


def test_a_kbo_number_leads_to_its_association_unless_the_name_is_another(register: Register, tmp_path: Path) -> None:
    rows: list[tuple[Cell, ...]] = [("Naam", "KBO", "Tel"), ("De Ster vzw", 403170701, "09 210 10 10")]
    assert results(write_xlsx(tmp_path / "a.xlsx", rows), register) == ["geregistreerd"]
    rows[1] = ("Ster vzw", "BE 0403.170.701", "09 210 10 11")
    assert results(write_xlsx(tmp_path / "b.xlsx", rows), register) == ["gewijzigd"]
    rows[1] = ("Judoclub Samoerai", "0403170701", "")
    [outcome] = outcomes(write_xlsx(tmp_path / "c.xlsx", rows), register)
    assert str(outcome.result) == "voorgelegd"
    assert "Dit KBO-nummer is van V0001001, die een andere naam heeft." in outcome.problems[0].message


def test_the_list_of_a_double_goes_to_the_one_that_stays(two: Path, register: Register, tmp_path: Path) -> None:
    handle(MarkDuplicate("V0001002", "V0001001"), CLERK, register)
    outcome = outcomes(two, register)[1]
    assert (str(outcome.result), outcome.code) == ("ongewijzigd", "V0001001")
    [changed] = outcomes(write_xlsx(tmp_path / "m.xlsx", [HEADERS, row(Telefoon="09 210 10 11")]), register)
    assert (str(changed.result), changed.code) == ("gewijzigd", "V0001001")
    assert "V0001002 is een dubbel van V0001001" in changed.remarks[0].message
    assert values(register, "V0001001", "telefoon") == ["+3292101011"]


def test_a_row_named_after_its_village_is_known_by_its_kbo_number(register: Register, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "l.xlsx", [HEADERS, ("VK Sint-Kruis-Winkel", "0403.170.701", "Leieoever", "59", 9042,
                                                      "Sint-Kruis-Winkel", "", "", "Sport")])  # fmt: skip
    assert results(path, register) == ["geregistreerd"]
    assert results(path, register) == ["ongewijzigd"]


def test_a_legal_person_without_a_legal_form_is_taken_for_a_vzw_and_that_is_said(
    register: Register, tmp_path: Path
) -> None:
    rows = [("Naam", "KBO"), ("De Ster", "0403.170.701"), ("De Maan", "")]
    ster, maan = outcomes(write_xlsx(tmp_path / "a.xlsx", rows), register)
    assert "vzw" in ster.remarks[0].message and maan.remarks == ()
    types = [register.codelists.concept(document(register, o.code)["verenigingstype"]) for o in (ster, maan)]
    assert [concept.notation if concept else "" for concept in types] == ["VZW", "VZER"]


def test_doubles_in_one_list(register: Register, tmp_path: Path) -> None:
    rows = [HEADERS, JUDO, JUDO, row(Telefoon="09 210 10 11")]
    path = write_xlsx(tmp_path / "l.xlsx", rows)
    for expected in (["geregistreerd", "ongewijzigd", "voorgelegd"], ["ongewijzigd", "ongewijzigd", "voorgelegd"]):
        found = outcomes(path, register)
        assert [str(outcome.result) for outcome in found] == expected
        assert found[1].code == "V0001001"
        assert "rij 2" in found[1].remarks[0].message and "rij 2" in found[2].problems[0].message


def test_the_same_v_code_twice_is_refused(two: Path, register: Register, tmp_path: Path) -> None:
    rows = [FULL, ("V0001002", *JUDO), ("V0001002", *row(Telefoon="09 210 10 11"))]
    first, second = outcomes(write_xlsx(tmp_path / "l.xlsx", rows), register)
    assert (str(first.result), str(second.result)) == ("ongewijzigd", "geweigerd")
    assert "ook in rij 2" in second.problems[0].message


NEAR = ("Judo club Samourai", *JUDO[1:4], "9031", "Drongen", *JUDO[6:])


@pytest.mark.parametrize("decision, result, codes", [("nieuw", "geregistreerd", 3), ("V0001002", "gewijzigd", 2)])
def test_a_decision_settles_what_was_put_before_the_clerk_once_and_for_all(
    two: Path, register: Register, tmp_path: Path, decision: str, result: str, codes: int
) -> None:
    undecided = write_xlsx(tmp_path / "a.xlsx", [HEADERS, NEAR])
    assert results(undecided, register) == ["voorgelegd"]
    decided = write_xlsx(tmp_path / "b.xlsx", [(*HEADERS, "Beslissing"), (*NEAR, decision)])
    assert results(decided, register) == [result]
    assert results(decided, register) == ["ongewijzigd"]
    assert len(register.log.entities("vereniging")) == codes
    if decision != "nieuw":
        assert results(undecided, register) == ["ongewijzigd"]


def test_what_is_referred_waits_in_the_queue_until_the_list_or_somebody_answers(
    two: Path, register: Register, tmp_path: Path
) -> None:
    nearly = row(Naam="Judo club Samourai", Straat="Dorp")
    path = write_xlsx(tmp_path / "l.xlsx", [HEADERS, nearly, row(Naam="De Ster", Postcode=9999)])
    assert results(path, register, dry_run=True) == ["voorgelegd", "voorgelegd"]
    assert waiting(register, DUPLICATE) == []
    assert results(path, register) == results(path, register) == ["voorgelegd", "voorgelegd"]
    [double], [address] = waiting(register, DUPLICATE), waiting(register, ADDRESS)
    assert (double.name, double.source, double.candidates[0][0]) == (
        "Judo club Samourai", "lijst van Gent, rij 2", "V0001002")  # fmt: skip
    assert address.problems[0].path == "locaties[0].adres.postcode"
    decide(double, Same("V0001002"), CLERK, register)
    corrected = document_of(address, CLERK, register)
    corrected["locaties"][0]["adres"]["postcode"] = "9030"
    decide(address, Corrected(corrected), CLERK, register)
    assert [(str(o.result), o.code) for o in outcomes(path, register)] == [
        ("ongewijzigd", "V0001002"), ("ongewijzigd", "V0001003")]  # fmt: skip


def test_a_question_that_the_list_answers_itself_leaves_the_queue(
    two: Path, register: Register, tmp_path: Path
) -> None:
    nearly = ("", *row(Naam="Judo club Samourai", Straat="Dorp"))
    results(write_xlsx(tmp_path / "l.xlsx", [("Beslissing", *HEADERS), nearly]), register)
    assert len(waiting(register, DUPLICATE)) == 1
    path = write_xlsx(tmp_path / "m.xlsx", [("Beslissing", *HEADERS), ("nieuw", *nearly[1:])])
    assert results(path, register) == ["geregistreerd"]
    assert waiting(register, DUPLICATE) == []


def test_two_with_one_name_can_both_be_new(register: Register, tmp_path: Path) -> None:
    rows = [(*HEADERS, "Beslissing"), (*JUDO, ""), (*row(Telefoon="09 210 10 11"), "nieuw"),
            (*row(Telefoon="09 210 10 12"), "nieuw")]  # fmt: skip
    path = write_xlsx(tmp_path / "l.xlsx", rows)
    assert results(path, register) == ["geregistreerd"] * 3
    assert results(path, register) == ["ongewijzigd"] * 3


def test_a_decision_for_an_association_that_another_row_is_about_leaves_that_row_in_force(
    two: Path, register: Register, tmp_path: Path
) -> None:
    rows = [(*HEADERS, "Beslissing"), (*JUDO, ""), (*NEAR, "V0001002")]
    first, second = outcomes(write_xlsx(tmp_path / "l.xlsx", rows), register)
    assert (str(first.result), str(second.result), second.code) == ("ongewijzigd", "ongewijzigd", "V0001002")
    assert "rij 2" in second.remarks[0].message


def test_a_dry_run_tells_the_same_and_writes_nothing(register: Register, tmp_path: Path) -> None:
    rows, _ = mess_up(associations("Gent", 60, seed=2), seed=2, rate=0.15)
    path = tmp_path / "l.xlsx"
    write(path, rows, STYLES["klerk"])
    dry = results(path, register, dry_run=True, chunk_rows=20)
    assert register.log.head() == 0
    assert states(register) == []
    assert results(path, register, chunk_rows=20) == dry
    assert {"geregistreerd", "geweigerd", "overgeslagen"} <= set(dry)


def test_workers_come_to_the_same_outcomes(register: Register, tmp_path: Path) -> None:
    rows, _ = mess_up(associations("Gent", 40, seed=3), seed=3, rate=0.15)
    path = tmp_path / "l.ods"
    write(path, rows, STYLES["klerk"])
    here = outcomes(path, register, dry_run=True)
    assert outcomes(path, register, workers=2, chunk_rows=10) == here


class Stop(Exception):
    """Somebody pulls the plug."""


def stop_after(rows: int) -> Any:
    def progress(report: ImportReport) -> None:
        if report.rows >= rows:
            raise Stop

    return progress


def test_an_interrupted_import_goes_on_where_it_stopped(register: Register, tmp_path: Path) -> None:
    rows, _ = mess_up(associations("Gent", 70, seed=5), seed=5, rate=0.15)
    path = tmp_path / "l.csv"
    write(path, rows, STYLES["sjabloon"])
    undisturbed = outcomes(path, register, dry_run=True)
    with pytest.raises(Stop):
        bring_in(path, register, chunk_rows=10, progress=stop_after(30))
    done = register.log.head()
    assert 0 < done < sum(outcome.result == "geregistreerd" for outcome in undisturbed)
    with bring_in(path, register, chunk_rows=10) as report:
        assert report.resumed_after >= 30
        assert list(report.outcomes()) == undisturbed
    assert register.log.head() == sum(outcome.result == "geregistreerd" for outcome in undisturbed)
    assert all(not key.startswith("invoer/44021/") for key, _ in states(register))
    with bring_in(path, register) as report:
        assert report.resumed_after == 0


def test_doubles_of_rows_before_the_interruption_are_still_seen(register: Register, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "l.xlsx", [HEADERS, JUDO, HARMONIE, row(Telefoon="09 210 10 11")])
    with pytest.raises(Stop):
        bring_in(path, register, chunk_rows=2, progress=stop_after(2))
    [*_, last] = outcomes(path, register, chunk_rows=2)
    assert "ook in rij 2" in last.problems[0].message


def states(register: Register) -> list[tuple[str, str]]:
    with register.log.database.reading() as connection:
        return [(key, value) for key, value in connection.execute(text("SELECT key, value FROM state"))]


def test_what_an_import_remembers_holds_no_value_of_the_list(register: Register, tmp_path: Path) -> None:
    headers = (*HEADERS, "INSZ", "Voornaam", "Familienaam")
    rows: list[tuple[Cell, ...]] = [headers, (*JUDO, INSZ, "An", "Peeters"), (*HARMONIE, "1", "An", "Peeters")]
    path = write_xlsx(tmp_path / "l.xlsx", rows)
    with pytest.raises(Stop):
        bring_in(path, register, chunk_rows=1, progress=stop_after(2))
    kept = str(states(register))
    assert "invoer/" in kept and "rijksregister" in kept
    for value in ("Peeters", "85073003328", INSZ, "Samoerai", "eendracht", "9030", "Kerkstraat"):
        assert value not in kept


def test_personal_values_go_to_the_vault_only(register: Register, tmp_path: Path) -> None:
    headers = (*HEADERS, "INSZ", "Voornaam", "Familienaam", "IBAN")
    path = write_xlsx(tmp_path / "l.xlsx", [headers, (*JUDO, INSZ, "An", "Peeters", "BE68 5390 0754 7034")])
    assert results(path, register) == ["geregistreerd"]
    version = register.log.latest(register.tools.type.iri("V0001001"))
    assert version is not None and version.public is not None
    assert b"Peeters" not in version.public + version.internal
    with register.log.transaction() as transaction:
        kept = transaction.personal(version.entity, Use("test", "test"))
    assert sorted(value for node in kept for value in (node.values or {}).values()) == [
        "85073003328",
        "An",
        "BE68 5390 0754 7034",
        "Peeters",
    ]


def test_a_list_adds_a_representative_and_takes_none_away(register: Register, tmp_path: Path) -> None:
    headers = ("Naam", "INSZ", "Voornaam", "Familienaam")
    for insz, first in ((INSZ, "An"), ("93.05.18-223.61", "Jan")):
        outcomes(write_xlsx(tmp_path / f"{first}.xlsx", [headers, ("De Ster", insz, first, "Peeters")]), register)
    assert len(document(register, "V0001001")["vertegenwoordigers"]) == 2


WRONG: dict[str, tuple[str, list[list[Cell]], type[LoketError]]] = {
    "an unknown municipality": ("Verweggistan", [["Naam"]], Unknown),
    "no list": ("Gent", [["a"]], Refused),
}


@pytest.mark.parametrize("case", WRONG)
def test_an_import_that_cannot_begin_says_why(register: Register, tmp_path: Path, case: str) -> None:
    municipality, rows, error = WRONG[case]
    path = write_xlsx(tmp_path / "l.xlsx", rows)
    with pytest.raises(error):
        import_associations(path, municipality, register, CLERK, ROOT)
    assert register.log.head() == 0


@pytest.fixture
def report(register: Register, tmp_path: Path) -> Iterator[ImportReport]:
    with closing(bring_in(write_xlsx(tmp_path / "l.xlsx", [HEADERS, JUDO, HARMONIE]), register)) as found:
        yield found


def test_a_report_can_be_read_more_than_once(report: ImportReport) -> None:
    assert list(report.outcomes()) == list(report.outcomes())
    assert report.rows == 2
