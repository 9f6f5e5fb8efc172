"""What a row changes of an association, and what it leaves as it is."""

from typing import Any

import pytest

from app.exchange.imports.merge import merge

ADDRESS = {"@id": "#adres-1", "straatnaam": "Sportlaan", "huisnummer": "3", "busnummer": "2", "postcode": "9030",
           "gemeente": "Mariakerke (Gent)", "land": "België"}  # fmt: skip
CORRESPONDENCE = {"@id": "#locatie-1", "locatietype": "C", "isPrimair": True, "adres": ADDRESS}
HALL = {"@id": "#locatie-2", "locatietype": "A", "naam": "Sporthal", "adres": {**ADDRESS, "huisnummer": "9"}}
MAIL = {"@id": "#contact-3", "email": "info@judo.example", "isPrimair": True}
SECOND = {"@id": "#contact-4", "email": "oud@judo.example"}
MEMBERS = {"@id": "#contact-5", "email": "leden@judo.example", "beschrijving": "ledenadministratie"}
PHONE = {"@id": "#contact-6", "telefoon": "+3292101010"}
OWN = {"@id": "#contact-7", "email": "an@mail.example", "isPersoonlijk": True}
AN = {
    "@id": "#vertegenwoordiger-8",
    "insz": "85073003328",
    "voornaam": "An",
    "achternaam": "Peeters",
    "rol": "voorzitter",
}
JAN = {"insz": "93051822361", "voornaam": "Jan", "achternaam": "Jansen"}
ACCOUNT = {"@id": "#bankrekening-9", "iban": "BE68 5390 0754 7034", "titularis": "Judo"}
SAVINGS = {"@id": "#bankrekening-10", "iban": "BE43 0689 9999 9501", "doel": "sparen"}
FEDERATION = {"@id": "#lidmaatschap-11", "naam": "Judo Vlaanderen"}
SINCE = {"@id": "#lidmaatschap-12", "naam": "Sportfederatie", "van": "2001-01-01"}
BEFORE: dict[str, Any] = {
    "naam": "Judoclub",
    "hoofdactiviteiten": ["sport", "jeugd"],
    "doelgroep": {"@id": "#doelgroep-1", "minimumleeftijd": 6, "maximumleeftijd": 18},
    "locaties": [CORRESPONDENCE, HALL],
    "contactgegevens": [MAIL, SECOND, MEMBERS, PHONE, OWN],
    "vertegenwoordigers": [AN],
    "bankrekeningnummers": [ACCOUNT, SAVINGS],
    "lidmaatschappen": [FEDERATION, SINCE],
}
NEW_MAIL, NEW_ACCOUNT = {"email": "balie@judo.example"}, {"iban": "BE62 5100 0754 7061"}
WHOLE = {"straatnaam": "Kerkstraat", "huisnummer": "1", "postcode": "9000", "gemeente": "Gent"}


def at(kind: str, **address: str) -> dict[str, Any]:
    return {"locatietype": kind, "adres": address}


UNCHANGED: dict[str, dict[str, Any]] = {
    "nothing said": {},
    "the same values": {"naam": "Judoclub", "hoofdactiviteiten": ["jeugd", "sport"]},
    "one of the ages": {"doelgroep": {"minimumleeftijd": 6}},
    "the same addresses, written otherwise": {"contactgegevens": [{"email": "INFO@judo.example"}, SECOND]},
    "the same place, by the name of its part": {
        "locaties": [at("C", straatnaam="Sportlaan", huisnummer="3", postcode="9030", gemeente="Mariakerke")]
    },
    "only the municipality of a home": {"locaties": [at("C", postcode="9030", gemeente="Mariakerke")]},
    "the same representative": {"vertegenwoordigers": [{"insz": "85073003328", "voornaam": "An"}]},
    "the same account and federation": {
        "bankrekeningnummers": [{"iban": ACCOUNT["iban"]}],
        "lidmaatschappen": [{"naam": "Judo Vlaanderen"}],
    },
}


@pytest.mark.parametrize("case", UNCHANGED)
def test_a_row_that_says_nothing_new_changes_nothing(case: str) -> None:
    assert merge(BEFORE, UNCHANGED[case]).supplied == {}


CHANGED: dict[str, tuple[dict[str, Any], str, Any]] = {
    "a name": ({"naam": "Judoka"}, "naam", "Judoka"),
    "activities are a whole": ({"hoofdactiviteiten": ["sport"]}, "hoofdactiviteiten", ["sport"]),
    "one age": (
        {"doelgroep": {"maximumleeftijd": 99}},
        "doelgroep",
        {"@id": "#doelgroep-1", "minimumleeftijd": 6, "maximumleeftijd": 99},
    ),
    "bare addresses make place, described and personal ones stay": (
        {"contactgegevens": [NEW_MAIL]},
        "contactgegevens",
        [MEMBERS, PHONE, OWN, NEW_MAIL],
    ),
    "a list with people knows which address is personal": (
        {"contactgegevens": [{"email": MAIL["email"]}], "vertegenwoordigers": [AN]},
        "contactgegevens",
        [MAIL, MEMBERS, PHONE],
    ),
    "a representative is added": ({"vertegenwoordigers": [JAN]}, "vertegenwoordigers", [AN, JAN]),
    "a representative is corrected": (
        {"vertegenwoordigers": [{"insz": AN["insz"], "voornaam": "Anna"}]},
        "vertegenwoordigers",
        [{**AN, "voornaam": "Anna"}],
    ),
    "an account takes the place of the bare one": (
        {"bankrekeningnummers": [NEW_ACCOUNT]},
        "bankrekeningnummers",
        [SAVINGS, NEW_ACCOUNT],
    ),
    "a federation takes the place of the bare one": (
        {"lidmaatschappen": [{"naam": "Judobond"}]},
        "lidmaatschappen",
        [SINCE, {"naam": "Judobond"}],
    ),
    "another address replaces the whole, box number and all": (
        {"locaties": [at("C", **WHOLE)]},
        "locaties",
        [{**CORRESPONDENCE, "adres": {"@id": "#adres-1", **WHOLE}}, HALL],
    ),
    "part of an address completes it": (
        {"locaties": [at("C", busnummer="4")]},
        "locaties",
        [{**CORRESPONDENCE, "adres": {**ADDRESS, "busnummer": "4"}}, HALL],
    ),
}


@pytest.mark.parametrize("case", CHANGED)
def test_a_row_changes(case: str) -> None:
    row, term, expected = CHANGED[case]
    assert merge(BEFORE, row).supplied == {term: expected}


def test_of_several_places_the_one_at_the_same_address_is_meant_and_another_is_one_more() -> None:
    second = {**HALL, "@id": "#locatie-3", "adres": {**ADDRESS, "huisnummer": "11"}}
    before = {"locaties": [HALL, second]}
    assert (
        merge(before, {"locaties": [at("A", straatnaam="Sportlaan", huisnummer="11", postcode="9030")]}).supplied == {}
    )
    added = merge(before, {"locaties": [at("A", **WHOLE)]}).supplied["locaties"]
    assert added == [HALL, second, at("A", **WHOLE)]


def test_a_problem_in_the_merged_document_leads_back_to_the_row() -> None:
    merged = merge(BEFORE, {"contactgegevens": [NEW_MAIL], "locaties": [at("A", **WHOLE)], "naam": "Judoka"})
    assert merged.origin("contactgegevens[3].email") == "contactgegevens[0].email"
    assert merged.origin("locaties[1].adres.straatnaam") == "locaties[0].adres.straatnaam"
    assert merged.origin("naam") == "naam"
