"""The contract of `/v1/verenigingen/zoeken`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from tests.web.conftest import HARMONY, PLAIN, Ask, asking
from tests.web.v1_world import CLUBS, filled
from tests.web.world import BASE, World, open_world

ZOEKEN = "/v1/verenigingen/zoeken"
V2 = {"vr_api_version": "v2"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    for made in open_world(tmp_path_factory.mktemp("v1")):
        filled(made)
        yield made


@pytest.fixture(scope="module")
def ask(world: World) -> Ask:
    return asking(world)


def found(ask: Ask, query: str, **more: str) -> dict[str, Any]:
    parameters = "".join(f"&{name}={quote(value)}" for name, value in more.items())
    answer = ask(f"{ZOEKEN}?q={quote(query)}{parameters}", **V2)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def codes(body: dict[str, Any]) -> list[str]:
    return [each["vCode"] for each in body["verenigingen"]]


def clubs(*numbers: int) -> list[str]:
    return [f"V{2001 + number:07d}" for number in numbers]


def test_without_a_query_everything_active_and_public_is_found_the_last_code_first(ask: Ask) -> None:
    answer = ask(ZOEKEN)
    body = answer.json()
    assert answer.headers["content-type"] == "application/json"
    assert codes(body) == [*reversed(clubs(*range(CLUBS))), HARMONY]
    assert body["metadata"] == {"pagination": {"totalCount": CLUBS + 1, "offset": 0, "limit": 50}}
    assert body["@context"] == f"{BASE}/v1/contexten/publiek/zoek-verenigingen-context.json"


def test_a_result_has_the_keys_of_the_register_and_no_others(ask: Ask, world: World) -> None:
    [hit] = found(ask, HARMONY)["verenigingen"]
    assert list(hit) == [
        "@type", "vCode", "verenigingstype", "naam", "korteNaam", "korteBeschrijving",
        "hoofdactiviteitenVerenigingsloket", "werkingsgebieden", "doelgroep", "locaties", "lidmaatschappen", "sleutels",
        "relaties", "links", "isErkend", "inStopzetting",
    ]  # fmt: skip
    assert hit["@type"] == "regorg:RegisteredOrganization"
    assert hit["verenigingstype"] == {"code": "VZW", "naam": "Vereniging zonder winstoogmerk"}
    arts = world.service.codelists.find("hoofdactiviteit", "KECU")
    assert arts is not None
    assert {
        "@id": arts.iri, "@type": "skos:Concept", "code": "KECU", "naam": "Kunsten, Erfgoed & Cultuur",
    } in hit["hoofdactiviteitenVerenigingsloket"]  # fmt: skip
    assert list(hit["locaties"][0]) == [
        "@id", "@type", "locatietype", "isPrimair", "adresvoorstelling", "naam", "postcode", "gemeente",
    ]  # fmt: skip
    assert hit["links"] == {"detail": f"{BASE}/v1/verenigingen/{HARMONY}"}


def test_a_home_address_shows_no_street(ask: Ask) -> None:
    [hit] = found(ask, HARMONY)["verenigingen"]
    assert hit["locaties"][1]["adresvoorstelling"] == "9050 Gent, België"
    assert found(ask, "Geheimlaan")["metadata"]["pagination"]["totalCount"] == 0


@pytest.mark.parametrize(
    "headers, type, subtype",
    [
        ({}, {"code": "FV", "naam": "Feitelijke vereniging"}, None),
        ({"vr_api_version": "v1"}, {"code": "FV", "naam": "Feitelijke vereniging"}, None),
        ({"vr_api_version": "zomaar"}, {"code": "FV", "naam": "Feitelijke vereniging"}, None),
        (
            V2,
            {"code": "VZER", "naam": "Vereniging zonder eigen rechtspersoonlijkheid"},
            {"code": "FV", "naam": "Feitelijke vereniging"},
        ),
    ],
)
def test_the_version_decides_how_the_type_is_called(
    ask: Ask, headers: dict[str, str], type: dict[str, str], subtype: dict[str, str] | None
) -> None:
    [hit] = ask(f"{ZOEKEN}?q=V0002001", **headers).json()["verenigingen"]
    assert hit["@type"] == "fei:FeitelijkeVerenigingen"
    assert hit["verenigingstype"] == type
    assert hit.get("verenigingssubtype") == subtype


QUERIES = [
    ("harmonie", [HARMONY]),
    ("HARMÓNIE", [HARMONY]),
    ("harm*", [HARMONY]),
    ("*monie", [HARMONY]),
    ('"ware vrienden"', [HARMONY]),
    ("naam:zwemclub", clubs(5, 4, 2, 1)),
    ("korteNaam:DW*", [HARMONY]),
    ("locaties.postcode:9100", clubs(5, 3, 1)),
    ("locaties.gemeente:Sint-Niklaas AND naam:turnkring", clubs(3)),
    ("locaties.naam:kring", [HARMONY]),
    ("turnkring OR harmonie", [*clubs(6, 3, 0), HARMONY]),
    ("turnkring -locaties.postcode:9100", clubs(6, 0)),
    ("verenigingstype.code:VZW", [HARMONY]),
    ("verenigingstype.code:FV", clubs(6, 5, 4, 3, 2, 1, 0)),
    ("hoofdactiviteitenVerenigingsloket.code:(KECU OR VORM)", [HARMONY]),
    ("doelgroep.minimumleeftijd:[6 TO 9]", [*clubs(3, 2), HARMONY]),
    ("doelgroep.minimumleeftijd:>15", clubs(6)),
    ("geotags.identificatie:9050", [HARMONY]),
    ("geotags.identificatie:BE23444021", [HARMONY]),
    ("geotags.identificatie:BE23", [*clubs(6, 5, 4, 3, 2, 1, 0), HARMONY]),
    ("geotags.identificatie:9300", clubs(6, 4, 2, 0)),
    ("geotags.identificatie:BE21", []),
    ("vCode:v0001001", [HARMONY]),
    ("lidmaatschappen.van:1990-01-01", [HARMONY]),
    ("werkingsgebieden.naam:gent", [HARMONY]),
    ("st jan", clubs(6, 5, 4, 3, 2, 1, 0)),
    ("harmnoie~", [HARMONY]),
    ("bestaatniet:harmonie", []),
    ("elan", []),
    ("verborgen", []),
]


@pytest.mark.parametrize("query, expected", QUERIES)
def test_a_query_finds_what_the_register_would(ask: Ask, query: str, expected: list[str]) -> None:
    assert codes(found(ask, query)) == expected


SORTS = [
    ("vCode", [HARMONY, *clubs(0, 1, 2, 3, 4, 5, 6)]),
    ("-vCode", [*clubs(6, 5, 4, 3, 2, 1, 0), HARMONY]),
    ("naam", [HARMONY, *clubs(0, 3, 6, 1, 2, 4, 5)]),
    ("verenigingstype.beschrijving,-doelgroep.minimumleeftijd", [*clubs(6, 5, 4, 3, 2, 1, 0), HARMONY]),
    ("-locaties.postcode,vCode", [*clubs(0, 2, 4, 6, 1, 3, 5), HARMONY]),
    ("roepnaam", [*clubs(6, 5, 4, 3, 2, 1, 0), HARMONY]),
]


@pytest.mark.parametrize("sort, expected", SORTS)
def test_results_stand_in_the_order_that_was_asked(ask: Ask, sort: str, expected: list[str]) -> None:
    assert codes(found(ask, "*", sort=sort)) == expected


REFUSED = [
    ("q=*&limit=1001", "limit"),
    ("q=*&offset=951", "limit"),
    ("q=*&offset=1000&limit=1", "limit"),
    ("q=*&offset=-1", "offset"),
    ("q=*&limit=veel", "limit"),
    ("q=(a", "q"),
    ("q=*&sort=onbekend", "sort"),
    ("q=*&facetten=onbekend", "facetten"),
    ("q=*&cursor=onzin", "cursor"),
    ("q=*&cursor=*&offset=5", "offset"),
    ("q=*a*a*a*a*a*a*b", "q"),
]


@pytest.mark.parametrize("query, name", REFUSED)
def test_what_cannot_be_asked_is_a_problem_that_names_the_parameter(ask: Ask, query: str, name: str) -> None:
    answer = ask(f"{ZOEKEN}?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert {"type", "title", "detail", "status", "instance"} <= set(body)
    assert [problem["path"] for problem in body["problems"]] == [name]


SENTENCES = [
    ("sort=adres.zolder", "Deze zoekopdracht bevat onbekende sorteervelden en kon niet uitgevoerd worden. "
                          "Onbekende velden: adres.zolder"),
    ("limit=1001", "'Limit' en 'Offset' mogen samen niet groter dan 1000 zijn."),
    ("q=(a", "Deze zoekopdracht kon niet uitgevoerd worden. Controleer alle parameters en probeer opnieuw."),
]  # fmt: skip


@pytest.mark.parametrize("query, sentence", SENTENCES)
def test_an_error_says_what_the_register_says(ask: Ask, query: str, sentence: str) -> None:
    assert ask(f"{ZOEKEN}?{query}").json()["detail"].startswith(sentence)


def test_the_last_thousand_can_be_read_with_offset_and_limit(ask: Ask) -> None:
    assert codes(found(ask, "*", offset="6", limit="994")) == [*clubs(0), HARMONY]
    assert codes(found(ask, "*", offset="1000", limit="0")) == []


def test_the_facets_ignore_their_own_choice_and_the_results_do_not(ask: Ask) -> None:
    body = found(ask, "vrienden OR zwemclub", **{"facets.hoofdactiviteitenVerenigingsloket": "SPRT"})
    assert codes(body) == clubs(5, 4, 2, 1)
    counts = {row["code"]: row["aantal"] for row in body["facets"]["hoofdactiviteitenVerenigingsloket"]}
    assert counts == {"SPRT": 4, "KECU": 1, "VORM": 1}


def test_a_facet_leads_to_the_search_with_that_choice(ask: Ask) -> None:
    body = found(ask, "vrienden OR zwemclub", **{"facets.hoofdactiviteitenVerenigingsloket": "KECU"})
    row = next(row for row in body["facets"]["hoofdactiviteitenVerenigingsloket"] if row["code"] == "SPRT")
    asked = parse_qs(urlsplit(row["query"]).query)
    assert asked["q"] == ["vrienden OR zwemclub"]
    assert asked["facets.hoofdactiviteitenVerenigingsloket"] == ["KECU,SPRT"]
    assert len(codes(ask(row["query"].removeprefix(BASE)).json())) == 5


@pytest.mark.parametrize("value", ["SPRT) OR (naam:harmonie", "SPRT OR VORM", '"', "*"])
def test_a_facet_is_a_value_and_never_a_query(ask: Ask, value: str) -> None:
    assert codes(found(ask, "*", **{"facets.hoofdactiviteitenVerenigingsloket": value})) == []


CHOICES = [
    ({"facets.verenigingstype": "FV", "facets.gemeente": "aalst"}, clubs(6, 4, 2, 0)),
    ({"facets.gemeente": "44021"}, [HARMONY]),
    ({"facets.postcode": "9050,9100"}, [*clubs(5, 3, 1), HARMONY]),
    ({"facets.verenigingssubtype": "fv", "leeftijd": "5"}, clubs(1, 0)),
    ({"leeftijd": "61"}, [HARMONY]),
    ({"facets.locatietype": "Activiteiten"}, [HARMONY]),
]


@pytest.mark.parametrize("choices, expected", CHOICES)
def test_one_can_choose_without_query_syntax(ask: Ask, choices: dict[str, str], expected: list[str]) -> None:
    assert codes(found(ask, "*", **choices)) == expected


def test_more_counts_come_when_asked_for(ask: Ask) -> None:
    body = found(ask, "*", facetten="gemeente,verenigingstype", **{"facets.verenigingstype": "VZER"})
    counts = {name: {row["code"]: row["aantal"] for row in rows} for name, rows in body["facets"].items()}
    assert counts["verenigingstype"] == {"VZER": 7, "VZW": 1}
    assert counts["gemeente"] == {"41002": 4, "46021": 3} or sum(counts["gemeente"].values()) == 7


@pytest.mark.parametrize("sort", ["", "naam", "-naam", "locaties.postcode,-naam", "vCode"])
def test_a_cursor_reads_on_without_end(ask: Ask, sort: str) -> None:
    whole = codes(found(ask, "*", sort=sort))
    page = found(ask, "*", sort=sort, cursor="*", limit="3")
    read = codes(page)
    while next_page := page["metadata"]["pagination"].get("next"):
        answer = ask(next_page.removeprefix(BASE), **V2)
        page = answer.json()
        read += codes(page)
    assert read == whole


def test_a_cursor_belongs_to_its_order(ask: Ask) -> None:
    cursor = found(ask, "*", cursor="*", limit="3")["metadata"]["pagination"]["cursor"]
    assert ask(f"{ZOEKEN}?q=*&sort=naam&cursor={cursor}").status_code == 400


def test_typing_errors_are_forgiven_when_asked(ask: Ask) -> None:
    assert codes(found(ask, "harmonei")) == []
    assert codes(found(ask, "harmonei", typfouten="true")) == [HARMONY]


def test_all_words_can_be_required(ask: Ask) -> None:
    assert codes(found(ask, "zwemclub 9100", operator="AND")) == clubs(5, 1)


def test_a_known_answer_is_not_sent_again(ask: Ask) -> None:
    first = ask(f"{ZOEKEN}?q=harmonie")
    assert "VR-Api-Version" in first.headers["vary"]
    assert ask(f"{ZOEKEN}?q=harmonie", if_none_match=first.headers["etag"]).status_code == 304
    other = ask(f"{ZOEKEN}?q=zwemclub").headers["etag"]
    assert ask(f"{ZOEKEN}?q=zwemclub", if_none_match=other, **V2).status_code == 200


@pytest.mark.parametrize("accept, status", [("text/turtle", 406), ("application/json, text/plain, */*", 200)])
def test_what_cannot_be_made_is_406(ask: Ask, accept: str, status: int) -> None:
    assert ask(f"{ZOEKEN}?q=*", accept=accept).status_code == status


def test_what_changes_is_found_at_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    for made in open_world(tmp_path_factory.mktemp("changing")):
        filled(made)
        ask = asking(made)
        made.put("V0002001", None)
        made.put("V0002002", {**ask_document(made), "naam": "Petanqueclub"}, visible=True)
        made.put("V0002003", ask_document(made), visible=False)
        assert codes(found(ask, "*")) == [*clubs(6, 5, 4, 3, 1), HARMONY]
        assert codes(found(ask, "petanqueclub")) == clubs(1)


def ask_document(world: World) -> dict[str, Any]:
    active, vzer = world.concept("status", "Actief"), world.concept("verenigingstype", "VZER")
    return {"naam": "Iets", "verenigingstype": vzer, "status": active}


def test_a_plain_association_without_status_is_not_found(ask: Ask) -> None:
    assert codes(found(ask, PLAIN)) == []
