"""The contract of the detail, the changes, the whole list, the code lists, the contexts and the key under `/v1`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pyld import jsonld

from app.exchange.register_api.ids import identifier
from tests.web.conftest import HARMONY, HIDDEN, PLAIN, REMOVED, STOPPED, Ask, asking
from tests.web.v1_world import CLUBS, filled
from tests.web.world import BASE, World, open_world

DETAIL = f"/v1/verenigingen/{HARMONY}"
CLUB = "/v1/verenigingen/V0002001"
V2 = {"vr_api_version": "v2"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    for made in open_world(tmp_path_factory.mktemp("v1")):
        filled(made)
        yield made


@pytest.fixture(scope="module")
def ask(world: World) -> Ask:
    return asking(world)


def test_an_association_is_shown_with_the_keys_of_the_register(ask: Ask) -> None:
    answer = ask(DETAIL)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/ld+json")
    body = answer.json()
    assert list(body) == ["@context", "@id", "vereniging", "metadata"]
    assert body["@id"] == f"{BASE}/id/vereniging/{HARMONY}"
    assert body["@context"] == f"{BASE}/v1/contexten/publiek/detail-vereniging-context.json"
    assert list(body["vereniging"]) == [
        "@type", "vCode", "verenigingstype", "naam", "korteNaam", "korteBeschrijving", "startdatum",
        "hoofdactiviteitenVerenigingsloket", "werkingsgebieden", "doelgroep", "status", "inStopzetting",
        "contactgegevens", "locaties", "lidmaatschappen", "sleutels", "relaties", "erkenningen",
    ]  # fmt: skip
    assert body["vereniging"]["startdatum"] == "1987-05-01"
    assert body["vereniging"]["status"] == "Actief"
    assert body["metadata"] == {"datumLaatsteAanpassing": "2026-03-01"}


def test_the_parts_of_an_association_are_those_of_the_register(ask: Ask) -> None:
    shown = ask(DETAIL).json()["vereniging"]
    assert [(each["contactgegeventype"], each["waarde"], each["isPrimair"]) for each in shown["contactgegevens"]] == [
        ("E-mail", "info@warevrienden.example", True),
        ("Telefoon", "+3292223344", False),
        ("Website", "https://warevrienden.example/", False),
        ("SocialMedia", "https://social.example/@warevrienden", False),
    ]
    hall = shown["locaties"][0]
    assert hall["adres"] == {
        "@id": hall["adres"]["@id"], "@type": "locn:Address", "straatnaam": "Dorpsstraat", "huisnummer": "12",
        "busnummer": "3", "postcode": "9000", "gemeente": "Gent", "land": "België",
    }  # fmt: skip
    assert (hall["locatietype"], hall["adresId"], hall["verwijstNaar"]) == ("Activiteiten", None, None)
    assert shown["doelgroep"] == {
        "@id": identifier("doelgroep", HARMONY), "@type": "verenigingen_ext:Doelgroep", "minimumleeftijd": 8,
        "maximumleeftijd": 150,
    }  # fmt: skip
    membership = shown["lidmaatschappen"][0]
    assert (membership["andereVereniging"], membership["naam"], membership["van"]) == (None, "Vlamo", "1990-01-01")


def test_a_recognition_has_its_grantor_product_and_period(ask: Ask) -> None:
    [recognition] = ask(DETAIL).json()["vereniging"]["erkenningen"]
    number = recognition["erkenningId"]
    assert recognition == {
        "@id": identifier("erkenning", HARMONY, str(number)), "@type": "schema:Certification", "erkenningId": number,
        "geregistreerdDoor": {"ovoCode": "OVO002067", "naam": "Gemeente Gent"},
        "ipdcProduct": {"nummer": "1500", "naam": "Erkenning als cultuurvereniging"},
        "startdatum": "2024-01-01", "einddatum": "2029-12-31", "hernieuwingsdatum": "2029-09-01",
        "hernieuwingsUrl": "", "redenSchorsing": "", "status": "Actief",
    }  # fmt: skip


def test_who_has_a_recognition_in_force_is_found_as_such(ask: Ask) -> None:
    hits = ask("/v1/verenigingen/zoeken?q=isErkend:true").json()["verenigingen"]
    assert [hit["vCode"] for hit in hits] == [HARMONY] and hits[0]["isErkend"] is True


def test_a_key_has_its_source_and_number(ask: Ask) -> None:
    [key] = ask(CLUB).json()["vereniging"]["sleutels"]
    assert (key["bron"], key["waarde"], key["codeerSysteem"]) == ("Vcode", "V0002001", "Vcode")
    assert key["gestructureerdeIdentificator"]["nummer"] == "V0002001"


def test_an_identifier_is_that_of_the_register() -> None:
    assert identifier("doelgroep", "V0001004").endswith("/bcb9a78b-7615-59a9-98e8-16d80cfe9023")


def test_a_home_address_and_what_is_internal_stay_away(ask: Ask) -> None:
    text = ask(DETAIL).text
    assert "Geheimlaan" not in text and "isThuisadres" not in text and "zichtbaar" not in text


@pytest.mark.parametrize("headers, code", [({}, "FV"), ({"vr_api_version": "2"}, "FV"), (V2, "VZER")])
def test_the_version_decides_how_the_type_is_called(ask: Ask, headers: dict[str, str], code: str) -> None:
    shown = ask(CLUB, **headers).json()["vereniging"]
    assert shown["verenigingstype"]["code"] == code
    assert ("verenigingssubtype" in shown) == (code == "VZER")


THERE = [
    (HARMONY, 200),
    (HARMONY.lower(), 200),
    ("V9999999", 404),
    ("niets", 404),
    (STOPPED, 404),
    (HIDDEN, 404),
    (PLAIN, 404),
    (REMOVED, 410),
]


@pytest.mark.parametrize("code, status", THERE)
def test_only_what_is_active_and_public_is_there(ask: Ask, code: str, status: int) -> None:
    answer = ask(f"/v1/verenigingen/{code}")
    assert answer.status_code == status
    if status != 200:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["instance"] == f"/v1/verenigingen/{code}"


def test_what_was_removed_names_what_replaced_it(ask: Ask, world: World) -> None:
    assert ask(f"/v1/verenigingen/{REMOVED}").json()["dct:isReplacedBy"] == {"@id": world.iri(HARMONY)}


@pytest.mark.parametrize(
    "accept, status, media_type",
    [
        ("*/*", 200, "application/ld+json"),
        ("application/json", 200, "application/json"),
        ("application/ld+json", 200, "application/ld+json"),
        ("text/csv", 406, "application/problem+json"),
    ],
)
def test_the_media_type_follows_the_accept_header(ask: Ask, accept: str, status: int, media_type: str) -> None:
    answer = ask(DETAIL, accept=accept)
    assert (answer.status_code, answer.headers["content-type"]) == (status, media_type)


def test_a_known_answer_is_not_sent_again(ask: Ask) -> None:
    first = ask(DETAIL)
    assert ask(DETAIL, if_none_match=first.headers["etag"]).status_code == 304
    assert ask(DETAIL, if_modified_since=first.headers["last-modified"]).status_code == 304
    assert ask(DETAIL, if_none_match='"anders"').status_code == 200


# --- Changes ---


def changes(ask: Ask, query: str = "") -> list[dict[str, Any]]:
    answer = ask(f"/v1/verenigingen/mutaties{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    rows: list[dict[str, Any]] = answer.json()
    return rows


def test_each_association_is_named_once_with_its_last_public_change(ask: Ask, world: World) -> None:
    rows = changes(ask)
    assert rows == changes(ask, "?sinds=0")
    assert all(list(row) == ["vCode", "sequence"] for row in rows)
    assert [row["sequence"] for row in rows] == sorted(row["sequence"] for row in rows)
    named = [row["vCode"] for row in rows]
    assert len(named) == len(set(named)) == CLUBS + 4
    assert HIDDEN not in named and REMOVED in named
    assert {row["vCode"]: row["sequence"] for row in rows}[HARMONY] == 2


def test_only_what_changed_since_is_named(ask: Ask) -> None:
    rows = changes(ask)
    assert changes(ask, f"?sinds={rows[2]['sequence']}") == rows[3:]
    assert changes(ask, f"?sinds={rows[-1]['sequence']}") == []


def test_a_change_that_nobody_may_see_is_no_change(tmp_path_factory: pytest.TempPathFactory) -> None:
    for made in open_world(tmp_path_factory.mktemp("changing")):
        vzer = made.concept("verenigingstype", "VZER")
        made.put("V0001001", {"naam": "Een", "verenigingstype": vzer})
        made.put("V0001002", {"naam": "Twee", "verenigingstype": vzer})
        ask, latest = asking(made), made.service.log.latest(made.iri("V0001001"))
        assert latest is not None
        made.put(
            "V0001001",
            {"naam": "Een", "verenigingstype": vzer},
            public=latest.public,
            internal=b"<a:a> <a:b> <a:c> .\n",
        )
        assert changes(ask, "?sinds=2") == []
        made.put("V0001002", {"naam": "Twee", "verenigingstype": vzer}, visible=False)
        assert changes(ask, "?sinds=2") == [{"vCode": "V0001002", "sequence": 4}]


def test_changes_come_in_pages_and_with_time_when_asked(ask: Ask) -> None:
    rows = changes(ask)
    page = ask("/v1/verenigingen/mutaties?limit=3&tijdstip=true")
    assert [row["vCode"] for row in page.json()] == [row["vCode"] for row in rows[:3]]
    assert page.json()[0]["tijdstip"].startswith("2026-03-01T")
    assert {row["mutatie"] for row in changes(ask, "?tijdstip=true")} == {"toegevoegd", "gewijzigd", "verwijderd"}
    follow = page.headers["link"].removeprefix(f"<{BASE}").partition(">")[0]
    assert [row["vCode"] for row in ask(follow).json()] == [row["vCode"] for row in rows[3:6]]


@pytest.mark.parametrize("query", ["?sinds=x", "?sinds=-1", "?limit=0", "?sinds=" + "9" * 40])
def test_a_wrong_number_is_refused(ask: Ask, query: str) -> None:
    assert ask(f"/v1/verenigingen/mutaties{query}").status_code == 400


# --- Everything ---


def lines(ask: Ask) -> list[dict[str, Any]]:
    answer = ask("/v1/verenigingen/detail/all")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    return [json.loads(line) for line in answer.text.splitlines()]


def test_the_whole_list_has_a_line_for_each_and_one_for_each_to_drop(ask: Ask) -> None:
    rows = {row["vereniging"]["vCode"]: row["vereniging"] for row in lines(ask)}
    dropped = {code for code, row in rows.items() if row.get("teVerwijderen")}
    assert dropped == {STOPPED, REMOVED, PLAIN}
    assert set(rows) - dropped == {HARMONY, *(f"V{2001 + number:07d}" for number in range(CLUBS))}
    assert list(rows[REMOVED]) == ["vCode", "teVerwijderen", "deletedAt"]
    assert rows[REMOVED]["deletedAt"].startswith("2026-03-")


def test_a_line_says_what_the_detail_says_in_version_2(ask: Ask) -> None:
    line = next(row for row in lines(ask) if row["vereniging"]["vCode"] == "V0002001")
    assert line["vereniging"] == ask(CLUB, **V2).json()["vereniging"]
    assert line["@context"].endswith("/v1/contexten/publiek/detail-all-vereniging-context.json")


def test_a_known_list_is_not_sent_again(ask: Ask) -> None:
    first = ask("/v1/verenigingen/detail/all", accept="application/x-ndjson")
    assert first.headers["content-type"].startswith("application/x-ndjson")
    assert ask("/v1/verenigingen/detail/all", if_none_match=first.headers["etag"]).status_code == 304


# --- Lists and contexts ---


def test_the_main_activities_are_the_21_of_the_register(ask: Ask) -> None:
    answer = ask("/v1/hoofdactiviteitenVerenigingsloket")
    rows = answer.json()["hoofdactiviteitenVerenigingsloket"]
    assert answer.headers["content-type"] == "application/json"
    assert len(rows) == 21 and {"code": "SPRT", "naam": "Sport"} in rows


def test_the_areas_hold_provinces_municipalities_and_not_applicable(ask: Ask) -> None:
    answer = ask("/v1/werkingsgebieden")
    rows = {row["code"]: row for row in answer.json()["werkingsgebieden"]}
    assert answer.headers["content-type"] == "application/ld+json"
    assert {"NVT", "BE10", "BE21", "BE25", "BE23444021"} <= set(rows)
    assert list(rows["NVT"]) == ["@id", "@type", "code", "naam"]


CONTEXTS = ("detail-vereniging", "detail-all-vereniging", "zoek-verenigingen")


BEHEER = ("detail-vereniging", "zoek-verenigingen", "historiek-vereniging")
EACH = [*(("publiek", name) for name in CONTEXTS), *(("beheer", name) for name in BEHEER)]


@pytest.mark.parametrize("group, name", EACH)
def test_a_context_stands_under_its_key(ask: Ask, group: str, name: str) -> None:
    answer = ask(f"/v1/contexten/{group}/{name}-context.json")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert list(answer.json()) == ["@context"]
    jsonld.expand({**answer.json(), "vCode": "V0001001", "naam": "Een"}, {"base": BASE})


@pytest.mark.parametrize("scheme", ["status", "locatietype", "verenigingstype"])
def test_a_context_knows_every_code_of_a_list(ask: Ask, world: World, scheme: str) -> None:
    known = ask("/v1/contexten/publiek/detail-vereniging-context.json").json()["@context"][scheme]["@context"]
    codes = known["code"]["@context"] if "code" in known else known
    concepts = world.service.codelists.concepts(scheme)
    assert concepts
    assert {each.notation: each.iri for each in concepts}.items() <= codes.items()


@pytest.mark.parametrize("name", ["bestaat-niet-context.json", "..%2F..%2Fcatalogue.ttl", "Detail.json"])
def test_another_context_is_not_there(ask: Ask, name: str) -> None:
    assert ask(f"/v1/contexten/publiek/{name}").status_code == 404


def quads(ask: Ask, path: str, **headers: str) -> set[tuple[str, str, str]]:
    """What a JSON-LD processor that follows the context reads in an answer."""

    def load(url: str, options: dict[str, Any]) -> dict[str, Any]:
        answer = ask(url.removeprefix(BASE), accept="application/ld+json")
        return {"contextUrl": None, "documentUrl": url, "document": answer.json(), "contentType": "application/ld+json"}

    document = ask(path, **headers).json()
    dataset = jsonld.to_rdf(document, {"base": BASE + path, "documentLoader": load})
    return {
        (quad["subject"]["value"], quad["predicate"]["value"], quad["object"]["value"]) for quad in dataset["@default"]
    }


REG, ORG, VER = (
    "http://www.w3.org/ns/regorg#",
    "http://www.w3.org/ns/org#",
    "http://data.lblod.info/vocabularies/FeitelijkeVerenigingen/",
)
PATHS = (DETAIL, "/v1/verenigingen/zoeken?q=V0001001")


@pytest.mark.parametrize("path", PATHS)
def test_the_json_is_linked_data_about_our_own_iris(ask: Ask, world: World, path: str) -> None:
    found = quads(ask, path, **V2)
    me = world.iri(HARMONY)
    assert (me, "http://www.w3.org/2004/02/skos/core#prefLabel", "Koninklijke Harmonie De Ware Vrienden") in found
    assert (me, f"{VER}doelgroep", identifier("doelgroep", HARMONY)) in found
    assert (me, f"{REG}orgActivity", world.concept("hoofdactiviteit", "KECU")) in found
    site = next(object for subject, predicate, object in found if (subject, predicate) == (me, f"{ORG}hasSite"))
    assert site in {identifier("locatie", HARMONY, str(number)) for number in range(10)}
    kind = "http://data.lblod.info/vocabularies/erediensten/vestigingstype"
    kinds = {object for _, predicate, object in found if predicate == kind}
    assert kinds == {world.concept("locatietype", code) for code in ("Activiteiten", "Correspondentie")}
    types = {object for _, predicate, object in found if predicate == "http://www.w3.org/2004/02/skos/core#exactMatch"}
    assert types == {world.concept("verenigingstype", "VZW")}


@pytest.mark.parametrize("path", PATHS)
def test_every_word_of_the_answer_has_a_real_iri(ask: Ask, path: str) -> None:
    for subject, predicate, _ in quads(ask, path, **V2):
        assert predicate.startswith("http") and BASE not in predicate
        assert subject.startswith(("http://data.lblod.info/", "http://data.vlaanderen.be/", f"{BASE}/id/", "_:"))


def test_status_and_date_hang_on_the_association(ask: Ask, world: World) -> None:
    found = quads(ask, DETAIL, **V2)
    assert (world.iri(HARMONY), f"{REG}orgStatus", world.concept("status", "Actief")) in found
    assert (world.iri(HARMONY), "http://purl.org/pav/lastUpdateOn", "2026-03-01") in found


# --- The key ---

OPEN = ("/v1/verenigingen/mutaties", "/v1/hoofdactiviteitenVerenigingsloket", "/v1/werkingsgebieden",
        "/v1/contexten/publiek/zoek-verenigingen-context.json")  # fmt: skip
CLOSED = ("/v1/verenigingen/zoeken", DETAIL, "/v1/verenigingen/detail/all")


def test_any_key_or_none_will_do_when_there_are_no_keys(ask: Ask) -> None:
    for path in (*OPEN, *CLOSED):
        assert ask(path).status_code == ask(path, vr_api_key="zomaar").status_code == 200
        assert ask(path).headers["cache-control"].startswith("public")


def test_with_keys_associations_need_one_and_lists_do_not(world: World) -> None:
    closed = asking(replace(world, service=replace(world.service, api_keys=frozenset(["sleutel-1", "sleutel-2"]))))
    for path in OPEN:
        assert closed(path).status_code == 200
    for path in CLOSED:
        assert closed(path).status_code == closed(path, vr_api_key="sleutel").status_code == 403
        assert closed(path, vr_api_key="sleutel-2").status_code == 200
        shown = closed(f"{path}?vr-api-key=sleutel-1")
        assert (shown.status_code, shown.headers["cache-control"].partition(",")[0]) == (200, "private")
    assert "sleutel-1" not in closed("/v1/verenigingen/zoeken?vr-api-key=sleutel-1&cursor=*&limit=1").text
