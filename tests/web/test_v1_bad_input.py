"""What the admin API refuses: with problem+json, naming the field but not what stood there, nothing written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest

from app.web.app import create_app
from tests.web.people import DPO, federation, municipality, representative
from tests.web.v1_client import GENT, START, Client, Json, client, full, location, small

__all__ = ["client"]
AALTER = municipality("Aalter")
SECRET = "85.01.01-001.16"
PERSONAL = ("vertegenwoordigers", "bankrekeningnummers")


@pytest.fixture(scope="module")
def code(client: Client) -> str:
    return client.registered(**full())


@contextmanager
def nothing_written(client: Client) -> Iterator[None]:
    """The log stands where it stood, and so does the vault."""
    log = client.world.service.log
    before = log.head(), log.vault.entities()
    yield
    assert (log.head(), log.vault.entities()) == before


def contact(kind: str, value: Any) -> Json:
    return {"contactgegevens": [{"contactgegeventype": kind, "waarde": value}]}


def person(**changes: Any) -> Json:
    return {"vertegenwoordigers": [{"insz": "85010100115", "voornaam": "An", "achternaam": "Bedacht", **changes}]}


# What is sent beside a name, and the path of the field that is wrong.
REFUSED: list[tuple[str, Json, str]] = [
    ("HTML", {"naam": "<script>alert(1)</script>"}, "naam"),
    ("HTML in a part", {"locaties": [location(naam="<b>Zaal</b>")]}, "locaties[0].naam"),
    ("HTML in an address", {"locaties": [location("<i>Kouter</i>")]}, "locaties[0].adres.straatnaam"),
    ("HTML over lines", {"korteBeschrijving": "a <\nb> c"}, "korteBeschrijving"),
    ("letters that pose as others", {"naam": "Hаrmonie"}, "naam"),
    ("only what nobody sees", {"naam": "\u200b\u00ad"}, "naam"),
    ("a control character", {"naam": "Harm\u0007onie"}, "naam"),
    ("half a character", {"naam": "Harmonie \\ud800"}, ""),
    ("a name without end", {"naam": "n" * 5000}, "naam"),
    ("a description without end", {"korteBeschrijving": "n" * 50_000}, "korteBeschrijving"),
    ("a long name of a place", {"locaties": [location(naam="n" * 129)]}, "locaties[0].naam"),
    ("no name", {"naam": None}, "naam"),
    ("a blank name", {"naam": "   "}, "naam"),
    ("a number for a name", {"naam": 7}, "naam"),
    ("a list for a name", {"naam": ["x"]}, "naam"),
    ("a text for a list", {"locaties": "Gent"}, "locaties"),
    ("a text for a part", {"locaties": ["Gent"]}, "locaties[0]"),
    ("a text for yes", {"isUitgeschrevenUitPubliekeDatastroom": "ja"}, "isUitgeschrevenUitPubliekeDatastroom"),
    ("a text for an age", {"doelgroep": {"minimumleeftijd": "acht"}}, "doelgroep.minimumleeftijd"),
    ("yes for an age", {"doelgroep": {"minimumleeftijd": True}}, "doelgroep.minimumleeftijd"),
    ("a part of a year", {"doelgroep": {"minimumleeftijd": 1.5}}, "doelgroep.minimumleeftijd"),
    ("too old", {"doelgroep": {"maximumleeftijd": 151}}, "doelgroep.maximumleeftijd"),
    ("ages upside down", {"doelgroep": {"minimumleeftijd": 9, "maximumleeftijd": 8}}, "doelgroep.minimumleeftijd"),
    ("no day", {"startdatum": "2020-02-30"}, "startdatum"),
    ("tomorrow", {"startdatum": "2999-01-01"}, "startdatum"),
    ("an unknown activity", {"hoofdactiviteitenVerenigingsloket": ["XXXX"]}, "hoofdactiviteitenVerenigingsloket[0]"),
    ("an activity twice", {"hoofdactiviteitenVerenigingsloket": ["SPRT", "sprt"]},
         "hoofdactiviteitenVerenigingsloket[1]"),
    ("a typing error in a code", {"hoofdactiviteitenVerenigingsloket": ["SPORTT"]},
         "hoofdactiviteitenVerenigingsloket[0]"),
    ("an unknown area", {"werkingsgebieden": ["BE99"]}, "werkingsgebieden[0]"),
    ("not applicable and more", {"werkingsgebieden": ["NVT", "BE21"]}, "werkingsgebieden"),
    ("an unknown kind of contact", contact("Fax", "092101010"), "contactgegevens[0].contactgegeventype"),
    ("no mail address", contact("E-mail", "info@"), "contactgegevens[0].waarde"),
    ("no phone number", contact("Telefoon", "bel mij"), "contactgegevens[0].waarde"),
    ("a script for a site", contact("Website", "javascript:alert(1)"), "contactgegevens[0].waarde"),
    ("an object for a value", contact("E-mail", {"a": 1}), "contactgegevens[0].waarde"),
    ("no address", {"locaties": [{"locatietype": "Activiteiten"}]}, "locaties[0].adres"),
    ("half an address", {"locaties": [location(adres={"straatnaam": "Kouter"})]}, "locaties[0].adres.postcode"),
    ("an address of nobody", {"locaties": [location(adresId={"broncode": "XX", "bronwaarde": "1"})]},
     "locaties[0].adresId.broncode"),
    ("an address from elsewhere", {"locaties": [location(adresId={"broncode": "AR", "bronwaarde": "http://x/1"})]},
     "locaties[0].adresId.bronwaarde"),
    ("two for letters", {"locaties": [location(locatietype="Correspondentie", number=str(n), isPrimair=False)
                                      for n in (1, 2)]}, "locaties"),
    ("two primary", {"locaties": [location(number=str(n)) for n in (1, 2)]}, "locaties"),
    ("the seat", {"locaties": [location(locatietype="Maatschappelijke zetel volgens KBO")]}, "locaties[0]"),
    ("an impossible number of a person", person(insz=SECRET), "vertegenwoordigers[0].insz"),
    ("digits in a name", person(voornaam="An3"), "vertegenwoordigers[0].voornaam"),
    ("a mail of nobody", person(**{"e-mail": "an@"}), "vertegenwoordigers[0].e-mail"),
    ("HTML of somebody", person(roepnaam="<b>An</b>"), "vertegenwoordigers[0].roepnaam"),
    ("no account", {"bankrekeningnummers": [{"iban": "BE00", "titularissen": ["A"]}]}, "bankrekeningnummers[0].iban"),
    ("a foreign account", {"bankrekeningnummers": [{"iban": "NL91ABNA0417164300", "titularissen": ["A"]}]},
     "bankrekeningnummers[0].iban"),
    ("an account of nobody", {"bankrekeningnummers": [{"iban": "BE68539007547034", "titularissen": []}]},
     "bankrekeningnummers[0].titularissen"),
]  # fmt: skip


@pytest.mark.parametrize("sent, path", [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_wrong_value_is_refused_beside_its_field(client: Client, sent: Json, path: str) -> None:
    body = orjson.dumps({**small(), "naam": "Verzonnen kring", **sent}).replace(b"\\\\ud800", b"\\ud800")
    with nothing_written(client):
        answer = client("POST", f"{START}/vzer", body)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    problem = answer.json()
    assert path in [each["path"] for each in problem.get("problems", [])] or path == ""
    assert problem["title"] and problem["detail"] and problem["correlationId"]
    personal = [value for term in PERSONAL for part in sent.get(term, []) for value in part.values()]
    assert not [value for value in (SECRET, *personal) if str(value) and str(value) in problem_texts(problem)]


def problem_texts(problem: Json) -> str:
    """What a problem says, without the names of fields."""
    return " ".join([problem["title"], problem["detail"], *(each["message"] for each in problem.get("problems", []))])


BODIES = [
    ("nothing", b"", 400),
    ("no JSON", b"{naam:", 400),
    ("a list", b"[]", 400),
    ("a number", b"7", 400),
    ("not UTF-8", b'{"naam": "\xff"}', 400),
    ("deeper than anybody digs", b'{"naam":' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
    ("NaN", b'{"doelgroep": {"minimumleeftijd": NaN}}', 400),
    ("too much", b'{"naam": "' + b"n" * 1_000_001 + b'"}', 413),
]


@pytest.mark.parametrize("body, status", [row[1:] for row in BODIES], ids=[row[0] for row in BODIES])
def test_a_body_that_is_no_request_is_refused(client: Client, code: str, body: bytes, status: int) -> None:
    for method, path in (("POST", f"{START}/vzer"), ("PATCH", f"{START}/{code}"), ("POST", f"{START}/{code}/locaties")):
        with nothing_written(client):
            answer = client(method, path, body)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


VERSIONS = ['W/"0"', 'W/"99"', '"1"', "1", "*", 'W/"1", W/"2"', 'W/"x"', ""]


@pytest.mark.parametrize("if_match", VERSIONS)
def test_another_version_than_that_of_now_is_a_412(client: Client, code: str, if_match: str) -> None:
    writes = [
        ("PATCH", "", {"korteNaam": "x"}), ("POST", "/stop", {"einddatum": "2026-01-01"}), ("DELETE", "",
             {"reden": "x"}),
        ("POST", "/locaties", {"locatie": location("Kouter", "5", isPrimair=False)}),
        ("POST", "/erkenningen", {"erkenning": {"ipdcProductNummer": "1"}}), ("PATCH", "/subtype", {"subtype": "FV"}),
    ]  # fmt: skip
    for method, path, body in writes:
        with nothing_written(client):
            answer = client(method, f"{START}/{code}{path}", body, if_match=if_match)
        assert answer.status_code == 412, (method, path)
        assert answer.json()["detail"] == "De gevraagde vereniging heeft niet de verwachte sequentiewaarde."


# --- Tokens -----------------------------------------------------------------------------------------------------------


def twin(**changes: Any) -> Json:
    return {
        **full(),
        "naam": "Kantclub Het Verzonnen Klosjes",
        "vertegenwoordigers": [],
        "bankrekeningnummers": [],
        **changes,
    }


@pytest.fixture(scope="module")
def token(client: Client, code: str) -> str:
    answer = client("POST", f"{START}/vzer", twin())
    assert answer.status_code == 409, code
    return str(answer.json()["bevestigingsToken"])


def test_a_forged_token_confirms_nothing(client: Client, token: str) -> None:
    until, codes, signature = token.split(".")
    forged = [
        "x", ".", "..", f"{until}.{codes}.", f"{until}.{codes}.{'0' * len(signature)}", f"f{until}.{codes}.{signature}",
        f"{until}.V0001999.{signature}", f"{until}.{codes}-V0001999.{signature}", token + "0", token[:-1],
        "5F-4D-CC-3B-5A-A7-65-D6-1D-83-27-DE-B8-82-CF-99",
    ]  # fmt: skip
    for each in forged:
        with nothing_written(client):
            answer = client("POST", f"{START}/vzer", twin(), vr_bevestigingstoken=each)
        assert answer.status_code == 400, each


def test_a_token_is_of_one_request_by_one_organisation(client: Client, token: str, code: str) -> None:
    with nothing_written(client):
        assert client("POST", f"{START}/vzer", twin(korteNaam="X"), vr_bevestigingstoken=token).status_code == 400
        assert client("POST", f"{START}/vzer", twin(), AALTER, vr_bevestigingstoken=token).status_code in (400, 403)
        assert client("PATCH", f"{START}/{code}", {"naam": "X"}, vr_bevestigingstoken=token).status_code == 400


def test_a_token_counts_for_a_day(client: Client, token: str) -> None:
    later = client.world.service.clock() + timedelta(hours=30)
    tomorrow = replace(client.world.service, clock=lambda: later)
    with nothing_written(client):
        late = Client(client.world, create_app(tomorrow))
        answer = late("POST", f"{START}/vzer", twin(), vr_bevestigingstoken=token)
    assert answer.status_code == 400 and "verlopen" in answer.json()["detail"]


# --- Sent again -------------------------------------------------------------------------------------------------------


def test_what_is_sent_again_with_its_key_is_done_once(client: Client) -> None:
    body, key = {"naam": "Muziekatelier De Verzonnen Noot"}, "3f1d6b1e-9b57-4c3c-8d3b-4a1f0e7a2b11"
    first = client("POST", f"{START}/vzer", body, idempotency_key=key)
    with nothing_written(client):
        again = client("POST", f"{START}/vzer", {"naam": body["naam"]}, idempotency_key=key)
    kept = ("location", "etag", "vr-sequence")
    assert (again.status_code, [again.headers[name] for name in kept]) == (202, [first.headers[name] for name in kept])
    code = first.headers["location"].rpartition("/")[2]
    phone = {"contactgegeven": {"contactgegeventype": "Telefoon", "waarde": "092101010"}}
    answers = [client("POST", f"{START}/{code}/contactgegevens", phone, idempotency_key="tel-1") for _ in range(2)]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert len(client.detail(code)["contactgegevens"]) == 1


def test_a_key_is_of_one_request_and_of_one_asker(client: Client) -> None:
    client("POST", f"{START}/vzer", {"naam": "Schaakkring De Verzonnen Toren"}, idempotency_key="k-1")
    with nothing_written(client):
        assert client("POST", f"{START}/vzer", {"naam": "Iets anders"}, idempotency_key="k-1").status_code == 400
        assert client("POST", f"{START}/vzer", small(), idempotency_key="k" * 256).status_code == 400
    other = client("POST", f"{START}/vzer", {"naam": "Schaakkring Aalter"}, AALTER, idempotency_key="k-1")
    assert other.status_code == 202


def test_what_was_refused_may_be_sent_again_in_good_order(client: Client) -> None:
    assert client("POST", f"{START}/vzer", {"naam": ""}, idempotency_key="k-2").status_code == 400
    assert (
        client("POST", f"{START}/vzer", {"naam": "Petanque Verzonnen Boule"}, idempotency_key="k-2").status_code == 202
    )


# --- Who and where ----------------------------------------------------------------------------------------------------

WRITES: list[tuple[str, str, Any]] = [
    ("PATCH", "", {"korteNaam": "x"}),
    ("POST", "/stop", {"einddatum": "2026-01-01"}),
    ("DELETE", "", {"reden": "x"}),
    ("POST", "/locaties", {"locatie": location("Kouter", "5", isPrimair=False)}),
    ("POST", "/vertegenwoordigers", person()["vertegenwoordigers"][0]),
    ("POST", "/erkenningen", {"erkenning": {"ipdcProductNummer": "1"}}),
    ("POST", "/dubbelVan", {"isDubbelVan": "V0001002"}),
]


@pytest.mark.parametrize(
    "agent", [AALTER, DPO, representative("V0009999"), federation("V0009999")], ids=lambda a: a.role
)
def test_who_has_no_right_to_it_changes_nothing(client: Client, code: str, agent: Any) -> None:
    for method, path, body in WRITES:
        with nothing_written(client):
            answer = client(method, f"{START}/{code}{path}", body, agent)
        assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json"), (method, path)


def test_an_association_from_elsewhere_is_not_for_this_municipality(client: Client) -> None:
    elsewhere = location(adres={"straatnaam": "Stationsstraat", "huisnummer": "1", "postcode": "9300",
         "gemeente": "Aalst",
                                "land": "België"})  # fmt: skip
    with nothing_written(client):
        answer = client("POST", f"{START}/vzer", {"naam": "Aalsterse Kring", "locaties": [elsewhere]}, GENT)
    assert answer.status_code == 403


NOT_THERE = [("V0009999", 404), ("V1234567", 404), ("V0000001", 400), ("zoeken", 400), ("V12", 400), ("%00", 400)]


@pytest.mark.parametrize("wanted, status", NOT_THERE)
def test_what_is_not_there_is_not_changed(client: Client, wanted: str, status: int) -> None:
    with nothing_written(client):
        answer = client("PATCH", f"{START}/{wanted}", {"naam": "x"})
    assert answer.status_code == status, answer.text
