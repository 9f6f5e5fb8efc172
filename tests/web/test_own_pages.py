"""The desk for one association: finding it, changing it by form, recognising it; for clerks and for itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from zlib import crc32

import httpx
import pytest
from lxml import html

from app.register.commands import RegisterAssociation
from app.register.handle import handle
from app.web.app import create_app
from tests.register.builders import MARCEL, Make
from tests.web.people import Headers, as_dpo, as_municipality, as_representative, municipality
from tests.web.v1_client import Client, location
from tests.web.world import open_world

FORM = "application/x-www-form-urlencoded"
GENT, AALTER = as_municipality("Gent"), as_municipality("Aalter")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    for world in open_world(tmp_path_factory.mktemp("desk")):
        yield Client(world, create_app(world.service))


@pytest.fixture
def code(client: Client, request: pytest.FixtureRequest) -> str:
    make = Make(client.world.service.codelists)
    number = str(crc32(request.node.name.encode()) % 9000 + 1)
    places = [make.location("Kouter", number, isPrimair=True), make.location("Geheimlaan", number, isThuisadres=True)]
    document = make.minimal(
        naam=f"Kring {number} {request.node.name[5:30]}",
        locaties=places,
        contactgegevens=[{"email": f"info@kring{number}.example"}],
        vertegenwoordigers=[MARCEL],
    )
    handled = RegisterAssociation(document, confirmed_not=tuple(f"V{n:07d}" for n in range(1001, 1100)))
    return handle(handled, municipality("Gent"), client.world.service.register).code


def get(client: Client, path: str, who: Headers) -> httpx.Response:
    return client("GET", path, agent=None, **who)


def post(client: Client, path: str, fields: list[tuple[str, str]], who: Headers) -> httpx.Response:
    return client("POST", path, urlencode(fields).encode(), None, **{**who, "content-type": FORM})


def filled(page: httpx.Response) -> list[tuple[str, str]]:
    """What a browser sends of the form when nobody touches it."""
    [form] = html.fromstring(page.text).xpath("//main//form[.//input[@name='versie']]") or [None]
    assert form is not None
    return [(str(name), str(value)) for name, value in form.form_values()]


def changed(fields: list[tuple[str, str]], **changes: str | None) -> list[tuple[str, str]]:
    """The same with other values by path, dots written as `__` and brackets as `_0_`."""
    names = {name.replace("__", ".").replace("_0", "[0]").replace("_1", "[1]").replace("_2", "[2]"): value
             for name, value in changes.items()}  # fmt: skip
    return [(name, value) for name, value in fields if name not in names] + [
        (name, value) for name, value in names.items() if value is not None
    ]


def place(code: str) -> str:
    return f"/beheer/verenigingen/{code}"


def test_who_has_a_right_sees_what_stands_in_the_register(client: Client, code: str) -> None:
    page = get(client, place(code), GENT)
    assert page.status_code == 200 and "Gegevens wijzigen" in page.text and "niet openbaar" in page.text
    assert "Marcel" not in page.text and "41062700192" not in page.text and "Geheimlaan" not in page.text
    assert get(client, place(code), AALTER).status_code == 403
    assert "Gegevens wijzigen" not in get(client, place(code), as_dpo()).text
    own = get(client, f"/mijn-vereniging/{code}", as_representative(code))
    assert own.status_code == 200 and f"/mijn-vereniging/{code}/wijzigen" in own.text
    assert get(client, f"/mijn-vereniging/{code}", as_representative("V0009999")).status_code == 403


def test_an_association_is_found_by_name_or_code(client: Client, code: str) -> None:
    client.world.follow()
    name = client.detail(code)["naam"]
    assert place(code) in get(client, f"/beheer/verenigingen?{urlencode({'naam': name})}", GENT).text
    straight = get(client, f"/beheer/verenigingen?naam={code.lower()}", GENT)
    assert (straight.status_code, straight.headers["location"]) == (303, place(code))


def test_hidden_ones_stand_in_the_list_of_who_has_a_right_to_them(client: Client) -> None:
    code = client.registered(
        naam="Schimmenspel Verzonnen Doek", isUitgeschrevenUitPubliekeDatastroom=True,
        locaties=[location("Doekstraat", "4")],
    )  # fmt: skip
    client.world.follow()
    page = get(client, "/beheer/verenigingen?naam=schimmen", GENT)
    assert place(code) in page.text and "niet zichtbaar" in page.text
    assert place(code) in get(client, "/beheer/verenigingen?naam=schimenspel", as_dpo()).text
    assert place(code) not in get(client, "/beheer/verenigingen?naam=schimmen", AALTER).text
    assert code not in get(client, "/verenigingen?naam=schimmen", GENT).text


def test_a_form_that_nobody_touches_changes_nothing(client: Client, code: str) -> None:
    page = get(client, f"{place(code)}/wijzigen", GENT)
    before = client.world.service.log.head()
    answer = post(client, f"{place(code)}/wijzigen", filled(page), GENT)
    assert (answer.status_code, answer.headers["location"]) == (303, place(code))
    assert client.world.service.log.head() == before


def test_what_is_filled_in_otherwise_changes_and_nothing_else(client: Client, code: str) -> None:
    path = f"{place(code)}/wijzigen"
    sport = client.world.concept("hoofdactiviteit", "SPRT")
    fields = changed(
        filled(get(client, path, GENT)), korteNaam="DK", startdatum="2001-05-01", doelgroep__minimumleeftijd="8",
        hoofdactiviteiten=sport, locaties_0__adres__huisnummer="77", contactgegevens_1__telefoon="09 210 10 20",
        reden="gemeld door de voorzitter",
    )  # fmt: skip
    assert post(client, path, fields, GENT).status_code == 303
    shown = client.detail(code)
    assert (shown["korteNaam"], shown["startdatum"], shown["doelgroep"]["minimumleeftijd"]) == ("DK", "2001-05-01", 8)
    assert [each["code"] for each in shown["hoofdactiviteitenVerenigingsloket"]] == ["SPRT"]
    address = shown["locaties"][0]["adres"]
    assert (address["straatnaam"], address["huisnummer"]) == ("Kouter", "77")
    assert [each["waarde"] for each in shown["contactgegevens"]][1] == "+3292101020"
    version = client.world.service.log.latest(client.world.iri(code))
    assert version and version.reason == "gemeld door de voorzitter"
    kept = client.detail(code, x_request_reason="dienstverlening")["locaties"][1]["adres"]["straatnaam"]
    assert kept == "Geheimlaan"


def test_a_part_is_removed_by_its_box(client: Client, code: str) -> None:
    path = f"{place(code)}/wijzigen"
    fields = changed(filled(get(client, path, GENT)), contactgegevens_0__weg="ja")
    assert post(client, path, fields, GENT).status_code == 303
    assert client.detail(code)["contactgegevens"] == []


WRONG: list[tuple[dict[str, str], str]] = [
    ({"naam": ""}, "Vul de naam in."),
    ({"naam": "<b>x</b>"}, "niet toegestane tekens"),
    ({"startdatum": "2999-01-01"}, "datum"),
    ({"startdatum": "ooit"}, "datum"),
    ({"doelgroep__minimumleeftijd": "tien"}, "geheel getal"),
    ({"locaties_0__adres__postcode": "99999"}, "postcode"),
    ({"locaties_2__naam": "Zaal zonder adres"}, "adres"),
    ({"contactgegevens_0__email": "info@"}, "e-mailadres"),
]


@pytest.mark.parametrize("changes, sentence", WRONG, ids=[str(row[0]) for row in WRONG])
def test_what_is_wrong_comes_back_beside_its_field(
    client: Client, code: str, changes: dict[str, str], sentence: str
) -> None:
    path = f"{place(code)}/wijzigen"
    before = client.world.service.log.head()
    fields = changed(filled(get(client, path, GENT)), korteBeschrijving="Blijft staan", **changes)
    answer = post(client, path, fields, GENT)
    assert answer.status_code == 400 and sentence.lower() in answer.text.lower()
    assert "Blijft staan" in answer.text
    assert client.world.service.log.head() == before


def test_who_saves_after_somebody_else_is_told(client: Client, code: str) -> None:
    path = f"{place(code)}/wijzigen"
    fields = changed(filled(get(client, path, GENT)), korteNaam="Eerst")
    assert post(client, path, fields, GENT).status_code == 303
    late = post(client, path, changed(fields, korteNaam="Later"), GENT)
    assert late.status_code == 412 and "intussen" in late.text and "Later" in late.text
    assert client.detail(code)["korteNaam"] == "Eerst"


def test_the_association_changes_its_own_data_and_no_other(client: Client, code: str) -> None:
    path, me = f"/mijn-vereniging/{code}/wijzigen", as_representative(code)
    fields = changed(filled(get(client, path, me)), korteBeschrijving="Wij zijn het zelf.")
    assert post(client, path, fields, me).status_code == 303
    assert client.detail(code)["korteBeschrijving"] == "Wij zijn het zelf."
    assert post(client, path, fields, as_representative("V0009999")).status_code == 403
    assert post(client, f"{place(code)}/wijzigen", fields, AALTER).status_code == 403


def test_nothing_counts_that_comes_from_another_site(client: Client, code: str) -> None:
    path = f"{place(code)}/wijzigen"
    fields = changed(filled(get(client, path, GENT)), korteNaam="Van elders")
    assert post(client, path, fields, {**GENT, "sec-fetch-site": "cross-site"}).status_code == 403


# --- Recognitions -----------------------------------------------------------------------------------------------------


def recognise(client: Client, code: str, who: Headers = GENT, **fields: str) -> httpx.Response:
    asked = {"doe": "erkennen", "productnummer": "1500", "productnaam": "Erkenning als sportclub", "startdatum":
             "2026-01-01", "einddatum": "2027-12-31", **fields}  # fmt: skip
    return post(client, f"{place(code)}/erkenningen", list(asked.items()), who)


def deed(client: Client, code: str, doe: str, who: Headers = GENT, **fields: str) -> httpx.Response:
    number = str(client.detail(code)["erkenningen"][0]["erkenningId"])
    asked = {"doe": doe, "nummer": number, **fields}
    return post(client, f"{place(code)}/erkenningen", list(asked.items()), who)


def test_a_recognition_is_given_changed_suspended_and_withdrawn(client: Client, code: str) -> None:
    def now() -> dict[str, Any]:
        [recognition] = client.detail(code)["erkenningen"]
        return dict(recognition)

    assert recognise(client, code, besluit="https://besluiten.example/1").status_code == 303
    assert (now()["status"], now()["ipdcProduct"]["naam"]) == ("Actief", "Erkenning als sportclub")
    assert deed(client, code, "wijzigen", einddatum="31/12/2028", reden="hernieuwd").status_code == 303
    assert (now()["startdatum"], now()["einddatum"]) == ("", "2028-12-31")
    assert deed(client, code, "schorsen", redenSchorsing="Geen verslag.").status_code == 303
    assert now()["status"] == "Geschorst"
    page = get(client, f"{place(code)}/erkenningen", GENT)
    assert "Geen verslag." in page.text and "Schorsing opheffen" in page.text
    assert deed(client, code, "verwijderen").status_code == 400
    assert deed(client, code, "opheffen").status_code == 303
    assert deed(client, code, "verwijderen").status_code == 303
    assert client.detail(code)["erkenningen"] == []


def test_what_is_wrong_with_a_recognition_is_told_and_comes_back(client: Client, code: str) -> None:
    answer = recognise(client, code, hernieuwingsdatum="2030-01-01", hernieuwingsUrl="https://gent.example/h")
    assert answer.status_code == 400 and "hernieuwingsdatum moet tussen" in answer.text
    assert "https://gent.example/h" in answer.text
    assert recognise(client, code, startdatum="ooit").status_code == 400
    assert post(client, f"{place(code)}/erkenningen", [("doe", "iets")], GENT).status_code == 400
    assert client.detail(code)["erkenningen"] == []


def test_only_the_own_recognitions_can_be_touched(client: Client, code: str) -> None:
    recognise(client, code)
    own = get(client, f"/mijn-vereniging/{code}/erkenningen", as_representative(code))
    assert own.status_code == 200 and "Erkenning als sportclub" in own.text
    assert "<form" not in own.text.split("framed-content")[1]
    assert deed(client, code, "schorsen", as_dpo(), redenSchorsing="x").status_code == 403
