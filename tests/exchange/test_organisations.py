"""The organisation register: found, unknown, followed by another, and all that can go wrong."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.errors import Unavailable, Unknown
from app.exchange.organisations import OrganisationRegister, read_organisation
from app.exchange.stubs.organisations import OrganisationStub
from app.model.codelists import load_codelists
from tests.exchange.neighbours import Outside
from tests.register.builders import ROOT

STUB = OrganisationStub(load_codelists(ROOT).organisations)
ANSWER = b"""[{"name": "Gemeente Puurs", "ovoNumber": "OVO002214", "shortName": "Puurs",
 "validity": {"start": "1977-01-01", "end": "2018-12-31"}, "operationalValidity": {},
 "keys": [{"keyTypeName": "KBO", "value": "0207.499.826"}, {"keyTypeName": "NIS", "value": "12030"}],
 "relations": [{"relationId": "9ac9c9d5-ac30-edf4-585e-6d4686b91ee2", "relatedOrganisationOvoNumber": "OVO021866"},
  {"relationId": "2c68b8eb-55d2-ff8e-3301-f0fb12467df7", "relatedOrganisationOvoNumber": "OVO008382"}]}]"""


def register(outside: Outside) -> OrganisationRegister:
    return OrganisationRegister(outside.line("Wegwijs", STUB.answer), "https://wegwijs.test/", outside.clock)


def test_an_organisation_is_found_by_number_or_iri_and_asked_once_a_day() -> None:
    outside = Outside()
    wegwijs = register(outside)
    found = wegwijs.find("https://data.vlaanderen.be/id/organisatie/OVO002067")
    assert (found.name, found.nis, found.active(date(2026, 1, 1))) == ("Gemeente Gent", "44021", True)
    assert wegwijs.find("ovo002067") == found
    assert len(outside.tried) == 1
    outside.now += timedelta(days=1)
    wegwijs.find("OVO002067")
    assert len(outside.tried) == 2


def test_dates_keys_and_the_successor_are_read_from_an_answer_of_the_real_form() -> None:
    found = read_organisation(ANSWER, "OVO002214")
    assert (found.kbo, found.nis, found.heir, found.ended) == ("0207499826", "12030", "OVO008382", "2018-12-31")
    assert not found.active(date(2019, 1, 1))


def test_who_follows_whom_is_followed_and_a_circle_ends() -> None:
    outside = Outside()
    around = {"OVO000001": "OVO000002", "OVO000002": "OVO000001"}
    wegwijs = register(outside)
    first = read_organisation(ANSWER, "OVO002214")
    for number, heir in around.items():
        wegwijs._known[number] = (outside.now, type(first)(number, f"Kring {number}", heir=heir))
    assert wegwijs.heir("OVO000001").ovo == "OVO000002"


@pytest.mark.parametrize("number", ["OVO000000", "OVO12", "gent", ""])
def test_a_number_that_is_none_or_that_nobody_has_is_unknown(number: str) -> None:
    with pytest.raises(Unknown, match="OVO"):
        register(Outside()).find(number)


@pytest.mark.parametrize("number", ["OVO999429", "OVO999500", "OVO999600", "OVO999700", "OVO999800"])
def test_no_good_answer_is_said_to_be_none_and_not_remembered(number: str) -> None:
    outside = Outside()
    wegwijs = register(outside)
    with pytest.raises(Unavailable):
        wegwijs.find(number)
    assert outside.tried
    assert not wegwijs._known
