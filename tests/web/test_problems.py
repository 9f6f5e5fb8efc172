"""Every domain error has one answer, for programs and for people."""

from __future__ import annotations

import inspect

import pytest

from app import errors
from app.web.edge.problems import KINDS, report
from tests.web.conftest import Ask, asking
from tests.web.world import World

ANSWERS = [
    (errors.Refused("Niet goed.", [errors.Problem("naam", "Vul de naam in.")]), 400, "geweigerd"),
    (errors.PossibleDuplicates("Bestaat al?", [("V0001001", ("zelfde naam",))]), 409, "mogelijk-dubbel"),
    (errors.Unknown("Er is niets."), 404, "onbekend"),
    (errors.Gone("Weg.", "http://x/2"), 410, "verwijderd"),
    (errors.Stale("Intussen gewijzigd."), 412, "andere-versie"),
    (errors.Conflict("Te laat."), 409, "intussen-gewijzigd"),
    (errors.Unauthenticated("Wie bent u?"), 401, "niet-aangemeld"),
    (errors.Forbidden("Mag niet."), 403, "niet-toegestaan"),
    (errors.BadQuery("Fout.", 3, 7), 400, "foute-vraag"),
    (errors.TooLarge("Te groot."), 413, "te-groot"),
    (errors.Unavailable("Te druk.", 7), 503, "niet-beschikbaar"),
    (errors.NotYet("Dit rapport wordt gemaakt."), 503, "wordt-gemaakt"),
    (errors.TooMany("Te vaak.", 60), 429, "te-vaak"),
    (errors.BadSetting("Fout."), 500, "onverwacht"),
    (ZeroDivisionError("geheim"), 500, "onverwacht"),
]


@pytest.mark.parametrize("error, status, slug", ANSWERS, ids=lambda value: getattr(value, "title", None))
def test_an_error_has_its_status_and_type(error: Exception, status: int, slug: str) -> None:
    body = report(error).body("http://b", "/pad", "k1")
    assert (body["status"], body["type"]) == (status, f"http://b/problemen#{slug}")
    assert (body["instance"], body["correlationId"]) == ("/pad", "k1")
    assert body["title"] and "geheim" not in str(body)


def test_every_domain_error_is_in_the_table() -> None:
    known = {error for _, error in inspect.getmembers(errors, inspect.isclass) if issubclass(error, errors.LoketError)}
    assert len(known) > 8
    assert known - {type(error) for error, _, _ in ANSWERS} == {errors.LoketError}
    assert known - set(KINDS) == {errors.LoketError, errors.BadSetting}


def test_details_stand_in_members_of_their_own() -> None:
    bodies = [report(error).body("", "", "") for error, _, _ in ANSWERS]
    assert bodies[0]["problems"] == [{"path": "naam", "message": "Vul de naam in."}]
    assert bodies[1]["candidates"] == [{"code": "V0001001", "reasons": ["zelfde naam"]}]
    assert bodies[3]["dct:isReplacedBy"] == {"@id": "http://x/2"}
    assert (bodies[8]["line"], bodies[8]["column"]) == (3, 7)
    assert report(ANSWERS[10][0]).headers["retry-after"] == "7"


@pytest.mark.parametrize("accept", [None, "*/*", "application/json", "text/turtle"])
def test_a_program_gets_problem_json(ask: Ask, accept: str | None) -> None:
    answer = ask("/bestaat-niet", **({"accept": accept} if accept else {}))
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == "Op dit adres staat niets."
    assert answer.json()["correlationId"] == answer.headers["x-correlation-id"]


def test_a_browser_gets_a_page_that_says_the_same(ask: Ask) -> None:
    answer = ask("/bestaat-niet", accept="text/html,application/xhtml+xml,*/*;q=0.8")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "Op dit adres staat niets." in answer.text and answer.headers["x-correlation-id"] in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_method_that_does_nothing_here_is_told_so(ask: Ask, method: str) -> None:
    answer = ask("/doc/vereniging/V0001001", method)
    assert answer.status_code == 405
    assert answer.json()["title"] == "Deze methode kan hier niet."
    assert "GET" in answer.headers["allow"]


def test_an_unknown_error_shows_no_internals(empty_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(empty_world.service.log), "latest", lambda *_: 1 / 0)
    answer = asking(empty_world)("/doc/vereniging/V0001001")
    assert answer.status_code == 500
    assert answer.json()["title"] == "Er ging iets mis bij ons. Probeer later opnieuw."
    assert "division" not in answer.text and "Zero" not in answer.text


def test_every_type_of_problem_is_explained(ask: Ask) -> None:
    page = ask("/problemen").text
    assert all(f'id="{kind.slug}"' in page for kind in KINDS.values())
