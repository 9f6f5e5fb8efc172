"""The contract of `/odata`: lists, options, pages, and errors in the shape that its clients read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import fromstring

import pytest

from tests.web.conftest import HARMONY, PLAIN, STOPPED, Ask, asking
from tests.web.v1_world import filled
from tests.web.world import BASE, World, open_world

JSON = "application/json;odata.metadata=minimal;odata.streaming=true"
EDM = "{http://docs.oasis-open.org/odata/ns/edm}"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    for made in open_world(tmp_path_factory.mktemp("odata")):
        filled(made)
        yield made


@pytest.fixture(scope="module")
def ask(world: World) -> Ask:
    return asking(world)


def asked(ask: Ask, path: str, **headers: str) -> dict[str, Any]:
    head, _, query = path.partition("?")
    answer = ask(f"/odata/{head}?{quote(query, safe='=&$')}", **headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["odata-version"] == "4.0"
    body: dict[str, Any] = answer.json()
    return body


def codes(ask: Ask, query: str, of: str = "Verenigingen") -> list[str]:
    return [row["vCode"] for row in asked(ask, f"{of}?{query}")["value"]]


def clubs(*numbers: int) -> list[str]:
    return [f"V{2001 + number:07d}" for number in numbers]


ALL = [HARMONY, STOPPED, PLAIN, *clubs(0, 1, 2, 3, 4, 5, 6)]


def test_the_service_names_its_lists(ask: Ask) -> None:
    for path in ("/odata", "/odata/"):
        answer = ask(path)
        assert answer.headers["content-type"] == JSON
        body = answer.json()
        assert body["@odata.context"] == f"{BASE}/odata/$metadata"
        assert {row["name"] for row in body["value"]} == {
            "Verenigingen", "Locaties", "Contactgegevens", "Hoofdactiviteiten", "Werkingsgebieden", "Gemeenten",
            "Lidmaatschappen", "Erkenningen",
        }  # fmt: skip


def test_a_browser_gets_a_page_that_tells_how(ask: Ask) -> None:
    answer = ask("/odata", accept="text/html")
    assert "Van OData-feed" in answer.text and "Accept" in answer.headers["vary"]


def test_the_metadata_describes_every_column_and_nothing_that_cannot_be_done(ask: Ask) -> None:
    answer = ask("/odata/$metadata")
    assert answer.headers["content-type"] == "application/xml"
    root = fromstring(answer.content)
    types = {node.get("Name"): node for node in root.iter(f"{EDM}EntityType")}
    found = {node.get("Name"): node.get("Type") for node in types["Vereniging"].iter(f"{EDM}Property")}
    assert found["startdatum"] == "Edm.Date" and found["minimumleeftijd"] == "Edm.Int32"
    [row] = asked(ask, f"Verenigingen?$filter=vCode eq '{HARMONY}'")["value"]
    assert list(row) == list(found)
    bound = {node.get("Target") for node in root.iter(f"{EDM}NavigationPropertyBinding")}
    assert bound <= {node.get("Name") for node in root.iter(f"{EDM}EntitySet")}
    assert b'Property="Insertable" Bool="false"' in answer.content


def test_a_row_says_what_is_public_of_an_association(ask: Ask, world: World) -> None:
    row = asked(ask, f"Verenigingen('{HARMONY}')")
    assert row.pop("@odata.context") == f"{BASE}/odata/$metadata#Verenigingen/$entity"
    assert row == {
        "vCode": HARMONY,
        "naam": "Koninklijke Harmonie De Ware Vrienden",
        "roepnaam": None,
        "korteNaam": "DWV",
        "korteBeschrijving": "Wij maken al sinds 1887 samen muziek, in de zaal en op straat.",
        "verenigingstypeCode": "VZW",
        "verenigingstype": "Vereniging zonder winstoogmerk",
        "verenigingssubtypeCode": None,
        "verenigingssubtype": None,
        "kboNummer": None,
        "status": "Actief",
        "startdatum": "1987-05-01",
        "einddatum": None,
        "minimumleeftijd": 8,
        "maximumleeftijd": 150,
        "hoofdactiviteiten": "Onderwijs & Vorming; Kunsten, Erfgoed & Cultuur",
        "werkingsgebieden": "Gent",
        "gemeenten": "Gent",
        "postcode": "9000",
        "adres": "Dorpsstraat 12 bus 3, 9000 Gent",
        "email": "info@warevrienden.example",
        "telefoon": "+3292223344",
        "website": "https://warevrienden.example/",
        "koepels": "Vlamo",
        "isErkend": True,
        "laatsteAanpassing": None,
        "adresOpHetWeb": world.iri(HARMONY),
    }


FILTERS = [
    ("$filter=vCode eq 'V0001001'", [HARMONY]),
    ("$filter=contains(naam,'Zwemclub')", clubs(1, 2, 4, 5)),
    ("$filter=contains(naam,'zwemclub')", []),
    ("$filter=contains(tolower(naam),'élan')", [STOPPED]),
    ("$filter=startswith(naam,'Turn') and status eq 'Actief'", clubs(0, 3, 6)),
    ("$filter=endswith(naam,'Vrienden')", [HARMONY]),
    ("$filter=minimumleeftijd ge 15 or naam eq null", clubs(5, 6)),
    ("$filter=minimumleeftijd add 1 eq 10", clubs(3)),
    ("$filter=not(status eq 'Actief')", [STOPPED, PLAIN]),
    ("$filter=status ne 'Actief'", [STOPPED, PLAIN]),
    ("$filter=einddatum ne null", [STOPPED]),
    ("$filter=startdatum lt 1990-01-01", [HARMONY]),
    ("$filter=year(startdatum) eq 1987", [HARMONY]),
    ("$filter=laatsteAanpassing ge 2026-03-02T11:00:00%2B01:00", clubs(0, 1, 2, 3, 4, 5, 6)),
    ("$filter=laatsteAanpassing gt 2026-03-02T10:00:00Z", []),
    ("$filter=postcode in ('9300','9000')", [HARMONY, *clubs(0, 2, 4, 6)]),
    ("$filter=length(korteNaam) eq 3", [HARMONY]),
    ("$filter=isErkend eq true", [HARMONY]),
    ("$filter=naam eq 'd''Artagnan'", []),
    ("$filter=Hoofdactiviteiten/any(a: a/code eq 'VORM')", [HARMONY]),
    ("$filter=Locaties/all(l: l/postcode eq '9300') and Locaties/any()", clubs(0, 2, 4, 6)),
    ("$search=harmonie OR turnkring&$filter=status eq 'Actief'", [HARMONY, *clubs(0, 3, 6)]),
    ("$search=harmonie turnkring", []),
    ("$top=2", ALL[:2]),
    ("$top=0", []),
    ("$skip=8", ALL[8:]),
    ("$orderby=naam&$top=1", [HARMONY]),
    ("$orderby=verenigingstype desc,minimumleeftijd desc,vCode&$top=3", [HARMONY, *clubs(6, 5)]),
    ("$orderby=length(naam),vCode&$top=1", [STOPPED]),
    ("$filter=naam eq '; DROP TABLE lijst0 --'", []),
]


@pytest.mark.parametrize("query, expected", FILTERS)
def test_options_choose_and_order_rows(ask: Ask, query: str, expected: list[str]) -> None:
    assert codes(ask, query.replace("%2B", "+")) == expected


def test_a_list_about_an_association_is_asked_by_its_key(ask: Ask) -> None:
    body = asked(ask, f"Verenigingen('{HARMONY}')/Locaties?$select=naam,postcode&$count=true")
    assert body["@odata.context"] == f"{BASE}/odata/$metadata#Locaties(naam,postcode)"
    assert body["@odata.count"] == 2
    assert body["value"] == [{"naam": "Zaal De Kring", "postcode": "9000"}, {"naam": None, "postcode": "9050"}]
    assert asked(ask, f"Verenigingen('{HARMONY}')/naam")["value"] == "Koninklijke Harmonie De Ware Vrienden"
    assert asked(ask, f"Hoofdactiviteiten(vCode='{HARMONY}',code='VORM')")["naam"] == "Onderwijs & Vorming"
    row = asked(ask, "Locaties?$top=1")["value"][0]
    assert asked(ask, f"Locaties(vCode='{row['vCode']}',id='{row['id']}')")["postcode"] == row["postcode"]


def test_other_lists_come_along(ask: Ask) -> None:
    expand = "$expand=Locaties($select=naam;$filter=postcode eq '9000'),Hoofdactiviteiten"
    path = f"Verenigingen?$select=vCode&{expand}&$top=1"
    [row] = asked(ask, path)["value"]
    assert list(row) == ["vCode", "Locaties", "Hoofdactiviteiten"]
    assert row["Locaties"] == [{"naam": "Zaal De Kring"}]
    assert {each["code"] for each in row["Hoofdactiviteiten"]} == {"KECU", "VORM"}


COUNTS = [("Verenigingen/$count", 10), ("Locaties/$count?$filter=postcode eq '9000'", 1)]


@pytest.mark.parametrize("path, number", COUNTS)
def test_a_count_is_a_number(ask: Ask, path: str, number: int) -> None:
    head, _, query = path.partition("?")
    answer = ask(f"/odata/{head}?{quote(query, safe='=&$')}")
    assert (answer.text, answer.headers["content-type"]) == (str(number), "text/plain; charset=utf-8")


PAGED = ["", "$orderby=naam desc", "$filter=status eq 'Actief'&$top=7&$skip=1", "$count=true"]


@pytest.mark.parametrize("query", PAGED)
def test_pages_hold_everything_once(ask: Ask, query: str) -> None:
    whole = codes(ask, query)
    answer = ask(f"/odata/Verenigingen?{quote(query, safe='=&$')}", prefer="odata.maxpagesize=3")
    assert answer.headers["preference-applied"] == "odata.maxpagesize=3"
    body, read = answer.json(), []
    while True:
        assert len(body["value"]) <= 3
        read += [row["vCode"] for row in body["value"]]
        if "@odata.nextLink" not in body:
            break
        body = ask(body["@odata.nextLink"].removeprefix(BASE), prefer="odata.maxpagesize=3").json()
    assert read == whole and len(read) > 5


# As Power Query in Excel and Power BI sends it.
POWER_QUERY = (
    "application/json;odata.metadata=minimal;q=1.0,application/json;odata=minimalmetadata;q=0.9,"
    "application/atomsvc+xml;q=0.8,application/atom+xml;q=0.8,application/xml;q=0.7,text/plain;q=0.7"
)


def test_power_query_gets_json_wherever_it_asks(ask: Ask) -> None:
    for path in ("/odata", "/odata/Verenigingen", f"/odata/Verenigingen('{HARMONY}')/Locaties"):
        answer = ask(path, accept=POWER_QUERY, odata_maxversion="4.0")
        assert (answer.status_code, answer.headers["content-type"]) == (200, JSON)
    assert ask("/odata/$metadata", accept="application/xml;q=0.9, */*;q=0.1").status_code == 200


DETAILS = [
    ({"accept": "application/json;odata.metadata=none"}, "none", ["vCode"]),
    ({"accept": "application/json;odata.metadata=full, */*;q=0.1"}, "full", ["@odata.type", "@odata.id", "vCode"]),
    ({"accept": "*/*"}, "minimal", ["vCode"]),
]


@pytest.mark.parametrize("headers, detail, keys", DETAILS)
def test_an_answer_tells_as_much_of_itself_as_was_asked(
    ask: Ask, headers: dict[str, str], detail: str, keys: list[str]
) -> None:
    answer = ask("/odata/Verenigingen?$top=1&$select=vCode", **headers)
    assert f"odata.metadata={detail}" in answer.headers["content-type"]
    assert ("@odata.context" in answer.json()) == (detail != "none")
    assert list(answer.json()["value"][0]) == keys


REFUSED = [
    ("Verenigingen?$filter=naam", 400, "$filter"),
    ("Verenigingen?$filter=naam eq", 400, "$filter"),
    ("Verenigingen?$filter=naam eq 5", 400, "$filter"),
    ("Verenigingen?$filter=startdatum gt '2020-01-01'", 400, "$filter"),
    ("Verenigingen?$filter=zolder eq 'x'", 400, "$filter"),
    ("Verenigingen?$filter=onbekend(naam)", 400, "$filter"),
    ("Verenigingen?$filter=contains(naam)", 400, "$filter"),
    ("Verenigingen?$filter=Locaties/any(l: x/naam eq 'a')", 400, "$filter"),
    ("Locaties?$filter=Contactgegevens/any()", 400, "$filter"),
    ("Verenigingen?$filter=" + "(" * 90 + "true" + ")" * 90, 200, ""),
    ("Verenigingen?$filter=" + "not " * 90 + "true", 400, "$filter"),
    ("Verenigingen?$orderby=zolder", 400, "$orderby"),
    ("Verenigingen?$orderby=naam omhoog", 400, "$orderby"),
    ("Verenigingen?$select=zolder", 400, "$select"),
    ("Verenigingen?$expand=Zolder", 400, "$expand"),
    ("Verenigingen?$top=-1", 400, "$top"),
    ("Verenigingen?$skip=veel", 400, "$skip"),
    ("Verenigingen?$count=misschien", 400, "$count"),
    ("Verenigingen?$top=1&$top=2", 400, "$top"),
    ("Verenigingen?$skiptoken=xyz", 400, "$skiptoken"),
    ("Verenigingen?$search=(a", 400, "$search"),
    ("Locaties?$search=a", 501, ""),
    ("Verenigingen?$apply=aggregate(x)", 501, ""),
    ("Zolder", 404, ""),
    ("Verenigingen('V9999999')", 404, ""),
    ("Verenigingen(5)", 404, ""),
    ("Verenigingen('V0001001')/Zolder", 404, ""),
    ("Verenigingen?$format=xml", 406, ""),
]


@pytest.mark.parametrize("path, status, target", REFUSED, ids=lambda value: str(value)[:50])
def test_what_cannot_be_is_an_error_of_odata_in_dutch(ask: Ask, path: str, status: int, target: str) -> None:
    head, _, query = path.partition("?")
    answer = ask(f"/odata/{quote(head, safe='()')}?{quote(query, safe='=&$')}")
    assert answer.status_code == status, answer.text
    if status == 200:
        return
    assert answer.headers["content-type"] == "application/json" and answer.headers["odata-version"] == "4.0"
    error = answer.json()["error"]
    assert error["code"] and error["message"].endswith((".", "}"))
    assert error.get("target", "") == target


def test_a_known_answer_is_not_sent_again(ask: Ask) -> None:
    tag = ask("/odata/Verenigingen").headers["etag"]
    assert ask("/odata/Verenigingen", if_none_match=tag).status_code == 304


def test_a_change_is_seen_in_every_list(tmp_path_factory: pytest.TempPathFactory) -> None:
    for world in open_world(tmp_path_factory.mktemp("changing")):
        filled(world)
        ask = asking(world)
        world.put(HARMONY, None)
        assert codes(ask, f"$filter=vCode eq '{HARMONY}'", "Locaties") == []
        assert HARMONY not in codes(ask, "")


def test_nothing_is_written(ask: Ask) -> None:
    assert ask("/odata/Verenigingen", method="POST").status_code == 405
