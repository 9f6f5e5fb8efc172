"""The contract of each endpoint of the admin API: what a client sends, what it gets, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from pyld import jsonld

from app.register.commands import RegisterAssociation
from app.register.handle import handle
from app.web.v1 import admin as v1_admin
from tests.register.builders import THE_KBO
from tests.web.people import DPO, MANAGER, federation, municipality, representative, vendor
from tests.web.v1_client import GENT, START, Client, Json, client, full, location

__all__ = ["client"]
AALTER = municipality("Aalter")


@pytest.fixture(scope="module")
def vzw(client: Client) -> str:
    """An association with legal personality, as the KBO supplied it."""
    find, kbo = client.world.concept, client.world.concept("bron", "KBO")
    document = {
        "naam": "VERZONNEN FANFARE", "verenigingstype": find("verenigingstype", "VZW"), "kboNummer": "0403170701",
        "locaties": [{"locatietype": find("locatietype", "Maatschappelijke zetel volgens KBO"), "adres": {
            "straatnaam": "Kouter", "huisnummer": "1", "postcode": "9000", "gemeente": "Gent"}}],
        "contactgegevens": [{"telefoon": "092101010", "bron": kbo}],
        "vertegenwoordigers": [{"insz": "41062700192", "voornaam": "Marcel", "achternaam": "Bedacht", "bron": kbo}],
        "bankrekeningnummers": [{"iban": "BE68539007547034", "titularis": "Fanfare", "bron": kbo}],
    }  # fmt: skip
    return handle(RegisterAssociation(document), THE_KBO, client.world.service.register).code


@pytest.fixture(scope="module")
def club(client: Client) -> str:
    own = {"locaties": [location("Kouter", "99")], "contactgegevens": unique("de club")}
    return client.registered(**{**full(), **own, "vertegenwoordigers": [], "bankrekeningnummers": []})


def number(client: Client, code: str, term: str, key: str, index: int = 0) -> int:
    return int(client.detail(code)[term][index][key])


@dataclass(frozen=True)
class Deed:
    """One request: `path` is after the V-code, `sees` what the association must say after it, `event` what happened."""

    name: str
    method: str
    path: str
    body: Any = None
    status: int = 202
    sees: Callable[[Json], bool] = field(default=lambda _: True)
    event: str = ""
    location: str = ""


SEQUENCE: dict[str, list[Deed]] = {
    "basic data": [
        Deed("name", "PATCH", "", {"naam": "Kantkring"}, 202, lambda v: v["naam"] == "Kantkring", "NaamWerdGewijzigd"),
        Deed("the same name", "PATCH", "", {"naam": "Kantkring"}, 200),
        Deed("null says nothing", "PATCH", "", {"naam": "Kantkring", "korteNaam": None}, 200,
             lambda v: v["korteNaam"] == "HVK"),
        Deed("an empty text clears", "PATCH", "", {"korteNaam": ""}, 202, lambda v: v["korteNaam"] == "",
             "KorteNaamWerdGewijzigd"),
        Deed("an empty date clears", "PATCH", "", {"startdatum": ""}, 202, lambda v: v["startdatum"] is None,
             "StartdatumWerdGewijzigd"),
        Deed("one age", "PATCH", "", {"doelgroep": {"maximumleeftijd": 60}}, 202,
             lambda v: (v["doelgroep"]["minimumleeftijd"], v["doelgroep"]["maximumleeftijd"]) == (12, 60),
             "DoelgroepWerdGewijzigd"),
        Deed("activities", "PATCH", "", {"hoofdactiviteitenVerenigingsloket": ["sprt", "KECU"]}, 202,
             lambda v: [each["code"] for each in v["hoofdactiviteitenVerenigingsloket"]] == ["SPRT", "KECU"],
             "HoofdactiviteitenVerenigingsloketWerdenGewijzigd"),
        Deed("no activities any more", "PATCH", "", {"hoofdactiviteitenVerenigingsloket": []}, 400),
        Deed("no areas", "PATCH", "", {"werkingsgebieden": []}, 202, lambda v: v["werkingsgebieden"] == [],
             "WerkingsgebiedenWerdenNietBepaald"),
        Deed("areas do not apply", "PATCH", "", {"werkingsgebieden": ["NVT"]}, 202,
             event="WerkingsgebiedenWerdenNietVanToepassing"),
        Deed("and something else", "PATCH", "", {"werkingsgebieden": ["NVT", "BE21"]}, 400),
        Deed("out of sight", "PATCH", "", {"isUitgeschrevenUitPubliekeDatastroom": True}, 202,
             lambda v: v["isUitgeschrevenUitPubliekeDatastroom"], "VerenigingWerdUitgeschrevenUitPubliekeDatastroom"),
        Deed("in sight", "PATCH", "", {"isUitgeschrevenUitPubliekeDatastroom": False}, 202,
             event="VerenigingWerdIngeschrevenInPubliekeDatastroom"),
        Deed("nothing", "PATCH", "", {}, 400),
        Deed("no name", "PATCH", "", {"naam": ""}, 400),
        Deed("as if from the KBO", "PATCH", "/kbo", {"korteBeschrijving": "x"}, 400),
    ],
    "contact details": [
        Deed("add", "POST", "/contactgegevens", {"contactgegeven": {"contactgegeventype": "telefoon", "waarde":
             "09 210 10 20", "beschrijving": "Secretariaat"}}, 202,
             lambda v: v["contactgegevens"][-1]["waarde"] == "+3292101020", "ContactgegevenWerdToegevoegd",
             "contactgegevens"),
        Deed("the same again", "POST", "/contactgegevens", {"contactgegeven": {"contactgegeventype": "Telefoon",
             "waarde":
             "+32 9 210 10 20", "beschrijving": "Secretariaat"}}, 400),
        Deed("another value", "PATCH", "/contactgegevens/{contactgegevens.-1}", {"contactgegeven": {"waarde":
             "092101021"}}, 202, lambda v: v["contactgegevens"][-1]["waarde"] == "+3292101021",
             "ContactgegevenWerdGewijzigd"),
        Deed("nothing changes", "PATCH", "/contactgegevens/{contactgegevens.-1}", {"contactgegeven": {"waarde":
             "09 210 10 21"}}, 200),
        Deed("two primary", "POST", "/contactgegevens", {"contactgegeven": {"contactgegeventype": "E-mail", "waarde":
             "a@b.be", "isPrimair": True}}, 400),
        Deed("no kind", "POST", "/contactgegevens", {"contactgegeven": {"waarde": "a@b.be"}}, 400),
        Deed("drop", "DELETE", "/contactgegevens/{contactgegevens.-1}", None, 202,
             lambda v: len(v["contactgegevens"]) == 2, "ContactgegevenWerdVerwijderd"),
        Deed("not there", "DELETE", "/contactgegevens/999", None, 400),
        Deed("not a KBO one", "PATCH", "/kbo/contactgegevens/999", {"contactgegeven": {"isPrimair": True}}, 400),
    ],
    "locations": [
        Deed("add", "POST", "/locaties", {"locatie": location("Kouter", "3", isPrimair=False,
             locatietype="Correspondentie")}, 202, lambda v: len(v["locaties"]) == 2, "LocatieWerdToegevoegd",
                  "locaties"),
        Deed("a second for letters", "POST", "/locaties", {"locatie": location("Kouter", "4", isPrimair=False,
             locatietype="Correspondentie")}, 400),
        Deed("a seat", "POST", "/locaties", {"locatie": location("Kouter", "5", isPrimair=False,
             locatietype="Maatschappelijke zetel volgens KBO")}, 400),
        Deed("no address", "POST", "/locaties", {"locatie": {"locatietype": "Activiteiten"}}, 400),
        Deed("move", "PATCH", "/locaties/{locaties.-1}", {"locatie": {"adres": location("Kouter", "7")["adres"]}}, 202,
             lambda v: v["locaties"][-1]["adres"]["huisnummer"] == "7", "LocatieWerdGewijzigd"),
        Deed("drop", "DELETE", "/locaties/{locaties.-1}", None, 202, lambda v: len(v["locaties"]) == 1,
             "LocatieWerdVerwijderd"),
        Deed("the last one", "DELETE", "/locaties/{locaties.0}", None, 400),
    ],
    "representatives": [
        Deed("add", "POST", "/vertegenwoordigers", {"vertegenwoordiger": {"insz": "41.06.27-001.92",
             "voornaam": "Marcel",
             "achternaam": "Bedacht", "rol": "Penningmeester"}}, 202,
             lambda v: [one["rol"] for one in v["vertegenwoordigers"]] == ["Voorzitter", "Penningmeester"],
             "VertegenwoordigerWerdToegevoegd", "vertegenwoordigers"),
        Deed("the same person", "POST", "/vertegenwoordigers", {"vertegenwoordiger": {"insz": "41062700192", "voornaam":
             "M", "achternaam": "B"}}, 400),
        Deed("another role", "PATCH", "/vertegenwoordigers/{vertegenwoordigers.-1}", {"vertegenwoordiger": {"rol":
             "Lid"}}, 202, lambda v: v["vertegenwoordigers"][-1]["rol"] == "Lid", "VertegenwoordigerWerdGewijzigd"),
        Deed("another mail", "PATCH", "/vertegenwoordigers/{vertegenwoordigers.-1}", {"vertegenwoordiger": {"E-mail":
             "marcel@thuis.example"}}, 202, event="PersoonsgegevensGewijzigd"),
        Deed("another number says nothing", "PATCH", "/vertegenwoordigers/{vertegenwoordigers.-1}",
             {"vertegenwoordiger": {"insz": "85010100115"}}, 400),
        Deed("drop", "DELETE", "/vertegenwoordigers/{vertegenwoordigers.-1}", None, 202,
             event="VertegenwoordigerWerdVerwijderd"),
        Deed("the last one", "DELETE", "/vertegenwoordigers/{vertegenwoordigers.0}", None, 400),
    ],
    "accounts": [
        Deed("add", "POST", "/bankrekeningnummers", {"bankrekeningnummer": {"iban": "BE80 0010 0000 0177", "doel":
             "Subsidie", "titularissen": ["Kantkring"]}}, 202,
                  lambda v: v["bankrekeningnummers"][-1]["doel"] == "Subsidie",
             "BankrekeningnummerWerdToegevoegd", "bankrekeningnummers"),
        Deed("the same number", "POST", "/bankrekeningnummers", {"bankrekeningnummer": {"iban": "BE80001000000177",
             "titularissen": ["X"]}}, 400),
        Deed("without holder", "POST", "/bankrekeningnummers", {"bankrekeningnummer": {"iban": "BE80001000000177"}},
             400),
        Deed("holder twice", "PATCH", "/bankrekeningnummers/{bankrekeningnummers.-1}", {"bankrekeningnummer":
             {"titularissen": ["A", "a"]}}, 400),
        Deed("another purpose", "PATCH", "/bankrekeningnummers/{bankrekeningnummers.-1}",
             {"bankrekeningnummer": {"doel":
             "Lidgeld"}}, 202, lambda v: v["bankrekeningnummers"][-1]["doel"] == "Lidgeld",
             "BankrekeningnummerWerdGewijzigd"),
        Deed("confirm", "POST", "/bankrekeningnummers/{bankrekeningnummers.-1}/validaties", None, 202,
             lambda v: v["bankrekeningnummers"][-1]["bevestigdDoor"] == [{"ovoCode": "OVO002067", "naam":
             "Gemeente Gent"}]),
        Deed("confirm twice", "POST", "/bankrekeningnummers/{bankrekeningnummers.-1}/validaties", None, 400),
        Deed("take that back", "DELETE", "/bankrekeningnummers/{bankrekeningnummers.-1}/validaties", None, 202,
             lambda v: v["bankrekeningnummers"][-1]["bevestigdDoor"] == []),
        Deed("drop", "DELETE", "/bankrekeningnummers/{bankrekeningnummers.-1}", None, 202,
             lambda v: len(v["bankrekeningnummers"]) == 1, "BankrekeningnummerWerdVerwijderd"),
    ],
    "memberships": [
        Deed("add", "POST", "/lidmaatschappen", {"andereVereniging": "{vzw}", "van": "2020-01-01", "tot": "2021-12-31",
             "identificatie": "K-7", "beschrijving": "Lid"}, 202, lambda v: v["lidmaatschappen"][-1]["naam"] ==
             "VERZONNEN FANFARE", "LidmaatschapWerdToegevoegd", "lidmaatschappen"),
        Deed("overlapping", "POST", "/lidmaatschappen", {"andereVereniging": "{vzw}", "van": "2021-01-01"}, 400),
        Deed("of itself", "POST", "/lidmaatschappen", {"andereVereniging": "{code}"}, 400),
        Deed("of nobody", "POST", "/lidmaatschappen", {"andereVereniging": "V0009999"}, 400),
        Deed("backwards", "POST", "/lidmaatschappen", {"andereVereniging": "{vzw}", "van": "2025-01-01", "tot":
             "2024-01-01"}, 400),
        Deed("an open end", "PATCH", "/lidmaatschappen/{lidmaatschappen.-1}", {"tot": ""}, 202,
             lambda v: v["lidmaatschappen"][-1]["tot"] == "", "LidmaatschapWerdGewijzigd"),
        Deed("a part of it besides", "PATCH", "/subtype", {"subtype": "SUB", "andereVereniging": "{vzw}"}, 400),
        Deed("drop", "DELETE", "/lidmaatschappen/{lidmaatschappen.-1}", None, 202,
             lambda v: v["lidmaatschappen"] == [], "LidmaatschapWerdVerwijderd"),
    ],
    "subtype": [
        Deed("a real association", "PATCH", "/subtype", {"subtype": "FV"}, 202,
             lambda v: v["verenigingssubtype"]["code"] == "FV",
                  "VerenigingssubtypeWerdVerfijndNaarFeitelijkeVereniging"),
        Deed("a part of nothing", "PATCH", "/subtype", {"subtype": "SUB"}, 400),
        Deed("a part of nobody", "PATCH", "/subtype", {"subtype": "SUB", "andereVereniging": "V0009999"}, 400),
        Deed("a part", "PATCH", "/subtype", {"subtype": "SUB", "andereVereniging": "{vzw}", "identificatie": "7"}, 202,
             lambda v: v["subverenigingVan"] == {"andereVereniging": v["subverenigingVan"]["andereVereniging"], "naam":
             "VERZONNEN FANFARE", "identificatie": "7", "beschrijving": ""},
             "VerenigingssubtypeWerdVerfijndNaarSubvereniging"),
        Deed("a part, and said otherwise", "PATCH", "/subtype", {"subtype": "SUB", "beschrijving": "Jeugd"}, 202,
             lambda v: v["subverenigingVan"]["identificatie"] == "7", "SubverenigingDetailsWerdenGewijzigd"),
        Deed("back", "PATCH", "/subtype", {"subtype": "NB"}, 202, lambda v: "subverenigingVan" not in v,
             "VerenigingssubtypeWerdTerugGezetNaarNietBepaald"),
        Deed("no such subtype", "PATCH", "/subtype", {"subtype": "XYZ"}, 400),
    ],
    "recognitions": [
        Deed("register", "POST", "/erkenningen", {"erkenning": {"ipdcProductNummer": "1500", "startdatum": "2026-01-01",
             "einddatum": "2027-12-31", "hernieuwingsdatum": "2027-09-01", "hernieuwingsUrl":
             "https://gent.example/erkenning"}}, 202, lambda v: v["erkenningen"][0]["status"] == "Actief" and
             v["erkenningen"][0]["geregistreerdDoor"] == {"ovoCode": "OVO002067", "naam": "Gemeente Gent"},
             "ErkenningWerdGeregistreerd", "erkenningen"),
        Deed("twice", "POST", "/erkenningen", {"erkenning": {"ipdcProductNummer": "1500",
             "startdatum": "2027-01-01"}}, 400),
        Deed("for nothing", "POST", "/erkenningen", {"erkenning": {"startdatum": "2026-01-01"}}, 400),
        Deed("change without reason", "PATCH", "/erkenningen/{erkenningen.0}", {"einddatum": "2028-12-31"}, 400),
        Deed("renew", "PATCH", "/erkenningen/{erkenningen.0}", {"einddatum": "2028-12-31",
             "redenVanWijziging": "hernieuwd"},
             202, lambda v: v["erkenningen"][0]["einddatum"] == "2028-12-31", "ErkenningWerdGewijzigd"),
        Deed("suspend", "POST", "/erkenningen/{erkenningen.0}/schorsingen", {"redenSchorsing": "Geen verslag."}, 202,
             lambda v: v["erkenningen"][0]["status"] == "Geschorst", "ErkenningWerdGeschorst"),
        Deed("suspend twice", "POST", "/erkenningen/{erkenningen.0}/schorsingen", {"redenSchorsing": "x"}, 400),
        Deed("say better why", "PATCH", "/erkenningen/{erkenningen.0}/schorsingen",
             {"redenSchorsing": "Geen verslag 2025."},
             202, event="ErkenningRedenVanSchorsingWerdGecorrigeerd"),
        Deed("withdraw while suspended", "DELETE", "/erkenningen/{erkenningen.0}", None, 400),
        Deed("lift", "DELETE", "/erkenningen/{erkenningen.0}/schorsingen", None, 202,
             lambda v: v["erkenningen"][0]["status"] == "Actief", "SchorsingVanErkenningWerdOpgeheven"),
        Deed("lift twice", "DELETE", "/erkenningen/{erkenningen.0}/schorsingen", None, 400),
        Deed("withdraw", "DELETE", "/erkenningen/{erkenningen.0}", None, 202, lambda v: v["erkenningen"] == [],
             "ErkenningWerdVerwijderd"),
    ],
    "the end": [
        Deed("closing down", "POST", "/in-stopzetting", {"inStopzetting": True}, 202, lambda v: v["inStopzetting"],
             "VerenigingWerdInStopzettingGeplaatst"),
        Deed("twice", "POST", "/in-stopzetting", {"inStopzetting": True}, 400),
        Deed("not any more", "POST", "/in-stopzetting", {"inStopzetting": False}, 202,
             event="VerenigingWerdUitStopzettingGehaald"),
        Deed("no date", "POST", "/stop", {}, 400),
        Deed("tomorrow", "POST", "/stop", {"einddatum": "2999-01-01"}, 400),
        Deed("stop", "POST", "/stop", {"einddatum": "2026-01-31"}, 202, lambda v: v["status"] == "Gestopt",
             "VerenigingWerdGestopt"),
        Deed("closing what is closed", "POST", "/in-stopzetting", {"inStopzetting": True}, 400),
        Deed("another day", "POST", "/stop", {"einddatum": "2026-01-30"}, 202, event="EinddatumWerdGewijzigd"),
        Deed("the same day", "POST", "/stop", {"einddatum": "2026-01-30"}, 200),
        Deed("remove without a reason", "DELETE", "", {}, 400),
        Deed("remove", "DELETE", "", {"reden": "Vergissing"}, 202),
        Deed("what is gone", "PATCH", "", {"naam": "X"}, 404),
    ],
}  # fmt: skip


def fill(value: Any, client: Client, code: str, vzw: str) -> Any:
    """Puts codes, and numbers of parts (`{locaties.0}`), in the place of their names."""
    if isinstance(value, dict):
        return {key: fill(each, client, code, vzw) for key, each in value.items()}
    if not isinstance(value, str) or "{" not in value:
        return value
    value = value.replace("{vzw}", vzw).replace("{code}", code)
    if "{" in value:
        term, _, index = value.partition("{")[2].partition("}")[0].partition(".")
        keys = {"locaties": "locatieId", "contactgegevens": "contactgegevenId", "erkenningen": "erkenningId",
                "lidmaatschappen": "lidmaatschapId"}  # fmt: skip
        key = keys.get(term, f"{term.removesuffix('s')}Id")
        value = value.replace(f"{{{term}.{index}}}", str(number(client, code, term, key, int(index))))
    return value


@pytest.mark.parametrize("deeds", SEQUENCE.values(), ids=SEQUENCE)
def test_each_endpoint_does_what_the_register_does(client: Client, vzw: str, deeds: list[Deed], request: Any) -> None:
    name = f"Kring {request.node.callspec.id.title()}"
    # A house number of its own, so that no two of them look like one association.
    own = {**full(), "naam": name, "locaties": [location(number=str(100 + list(SEQUENCE.values()).index(deeds)))]}
    answer = client("POST", f"{START}/vzer", {**own, "contactgegevens": unique(name)})
    if answer.status_code == 409:
        token = answer.json()["bevestigingsToken"]
        answer = client("POST", f"{START}/vzer", {**own, "contactgegevens": unique(name)}, vr_bevestigingstoken=token)
    code = answer.headers["location"].rpartition("/")[2]
    for deed in deeds:
        before = client.world.service.log.head()
        body = fill(deed.body, client, code, vzw)
        answer = client(deed.method, f"{START}/{code}{fill(deed.path, client, code, vzw)}", body)
        assert answer.status_code == deed.status, (deed.name, answer.status_code, answer.text)
        written = client.world.service.log.head() - before
        assert written == (deed.status == 202), deed.name
        if deed.status == 202:
            assert answer.headers["vr-sequence"] == str(client.world.service.log.head()), deed.name
            assert answer.headers["etag"].startswith('W/"') and answer.content == b"", deed.name
        if deed.status >= 400:
            assert answer.headers["content-type"] == "application/problem+json", deed.name
        if deed.location:
            assert f"/{code}/{deed.location}/" in answer.headers["location"], deed.name
        if deed.event:
            assert client.events(code)[-1] == deed.event, (deed.name, client.events(code)[-1])
        if answer.status_code < 400 and deed.name != "remove":
            assert deed.sees(client.detail(code)), deed.name


def unique(name: str) -> list[Json]:
    host = "".join(filter(str.isalpha, name.lower()))
    return [
        {"contactgegeventype": "E-mail", "waarde": f"info@{host}.example", "isPrimair": True},
        {"contactgegeventype": "Website", "waarde": f"https://{host}.example"},
    ]


FROM_THE_KBO = [
    ("basic data of the other kind", "PATCH", "", {"naam": "X"}, 400),
    ("a call name", "PATCH", "/kbo", {"roepnaam": "De Fanfare"}, 202),
    ("a description", "PATCH", "/kbo", {"korteBeschrijving": "Wij blazen.",
         "hoofdactiviteitenVerenigingsloket": ["KECU"]}, 202),
    ("its name is not for the taking", "PATCH", "/kbo", {"naam": "X"}, 400),
    ("what a phone is for", "PATCH", "/kbo/contactgegevens/{contactgegevens.0}",
         {"contactgegeven": {"beschrijving": "x"}}, 202),
    ("its number", "PATCH", "/contactgegevens/{contactgegevens.0}", {"contactgegeven": {"waarde": "092101011"}}, 400),
    ("away with it", "DELETE", "/contactgegevens/{contactgegevens.0}", None, 400),
    ("another phone", "POST", "/contactgegevens", {"contactgegeven": {"contactgegeventype": "Telefoon",
         "waarde": "092101012"}}, 202),
    ("the name of the seat", "PATCH", "/kbo/locaties/{locaties.0}", {"locatie": {"naam": "Zetel"}}, 202),
    ("move the seat", "PATCH", "/locaties/{locaties.0}", {"locatie": {"adres": location()["adres"]}}, 400),
    ("drop the seat", "DELETE", "/locaties/{locaties.0}", None, 400),
    ("a representative", "POST", "/vertegenwoordigers", {"vertegenwoordiger": {"insz": "85010100115", "voornaam": "G",
         "achternaam": "V"}}, 400),
    ("drop a representative", "DELETE", "/vertegenwoordigers/{vertegenwoordigers.0}", None, 400),
    ("another account number", "PATCH", "/bankrekeningnummers/{bankrekeningnummers.0}",
         {"bankrekeningnummer": {"doel": "x"}}, 400),
    ("confirm the account", "POST", "/bankrekeningnummers/{bankrekeningnummers.0}/validaties", None, 202),
    ("stop", "POST", "/stop", {"einddatum": "2026-01-01"}, 400),
    ("a subtype", "PATCH", "/subtype", {"subtype": "FV"}, 400),
    ("remove", "DELETE", "", {"reden": "x"}, 400),
]  # fmt: skip


@pytest.mark.parametrize(
    "method, path, body, status", [row[1:] for row in FROM_THE_KBO], ids=[r[0] for r in FROM_THE_KBO]
)
def test_what_the_kbo_decides_is_left_to_it(
    client: Client, vzw: str, method: str, path: str, body: Any, status: int
) -> None:
    answer = client(method, f"{START}/{vzw}{fill(path, client, vzw, vzw)}", body)
    assert answer.status_code == status, answer.text


def test_an_association_from_the_kbo_says_so(client: Client, vzw: str) -> None:
    shown = client.detail(vzw)
    assert shown["bron"] == "KBO"
    assert {shown[term][0]["bron"] for term in ("locaties", "contactgegevens", "vertegenwoordigers")} == {"KBO"}


def test_a_double_is_marked_and_set_right(client: Client, club: str) -> None:
    twin = client.registered(naam="Filatelisten Sint-Verzonnen")
    assert client("POST", f"{START}/{twin}/dubbelVan", {"isDubbelVan": twin}).status_code == 400
    answer = client("POST", f"{START}/{twin}/dubbelVan", {"isDubbelVan": club}, agent=MANAGER)
    assert answer.status_code == 202, answer.text
    shown = client.detail(twin, agent=MANAGER)
    assert (shown["status"], shown["isDubbelVan"]) == ("Dubbel", club)
    assert client.detail(club)["corresponderendeVCodes"] == [twin]
    assert client("PATCH", f"{START}/{twin}", {"korteNaam": "x"}, agent=MANAGER).status_code == 400
    assert client("DELETE", f"{START}/{twin}/dubbelVan", agent=MANAGER).status_code == 202
    assert client.detail(twin, agent=MANAGER)["status"] == "Actief"
    assert client("DELETE", f"{START}/{twin}/dubbelVan", agent=MANAGER).status_code == 400


def test_the_same_registration_again_answers_the_same_association(client: Client) -> None:
    body = {"naam": "Postduivenbond De Verzonnen Vleugel"}
    first, second = (client("POST", f"{START}/feitelijkeverenigingen", body) for _ in range(2))
    assert (first.status_code, second.status_code) == (202, 200)
    assert first.headers["location"] == second.headers["location"]


def test_both_versions_of_the_api(client: Client, club: str) -> None:
    first = client("GET", f"{START}/{club}").json()["vereniging"]
    second = client.detail(club)
    assert (first["verenigingstype"]["code"], second["verenigingstype"]["code"]) == ("FV", "VZER")
    assert "verenigingssubtype" not in first and "verenigingssubtype" in second


def test_the_detail_is_linked_data(client: Client, club: str) -> None:
    given = {"ipdcProductNummer": "1500", "einddatum": "2030-12-31"}
    client("POST", f"{START}/{club}/erkenningen", {"erkenning": given})
    path = f"{START}/{club}"

    def load(url: str, options: Json) -> Json:
        context = client("GET", url.removeprefix(client.world.service.base), agent=None).json()
        return {"contextUrl": None, "documentUrl": url, "document": context, "contentType": "application/ld+json"}

    body = client("GET", path, vr_api_version="v2", x_request_reason="dienstverlening: proef").json()
    dataset = jsonld.to_rdf(body, {"base": client.world.service.base + path, "documentLoader": load})
    parts = ("subject", "predicate", "object")
    triples = {tuple(quad[part]["value"] for part in parts) for quad in dataset["@default"]}
    fv = "https://data.vlaanderen.be/ns/FeitelijkeVerenigingen#"
    assert {predicate for _, predicate, _ in triples if not predicate.startswith("http")} == set()
    assert [s for s, predicate, _ in triples if predicate == f"{fv}heeftErkenning"] == [client.world.iri(club)]
    assert any(predicate == "http://data.europa.eu/m8g/endTime" for _, predicate, _ in triples)


def test_whoever_has_no_right_to_more_reads_what_everybody_reads(client: Client, club: str) -> None:
    shown = client.detail(club, agent=AALTER)
    assert (shown["naam"], shown["vertegenwoordigers"], shown["bankrekeningnummers"]) == (full()["naam"], [], [])
    assert client("GET", f"{START}/{club}/historiek", agent=AALTER).status_code == 403
    anybody = client("GET", f"{START}/{club}", agent=None).json()["vereniging"]
    assert "vertegenwoordigers" not in anybody


def test_nobody_writes_without_a_token(client: Client, club: str) -> None:
    for route in v1_admin.ROUTES:
        path = route.path.replace("{code}", club).replace("{number:int}", "1")
        method = next(iter((route.methods or set()) - {"HEAD"}))
        answer = client(method, path, {}, agent=None)
        assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json"), (method, path)


def test_a_vendor_writes_for_its_municipality(client: Client) -> None:
    answer = client("POST", f"{START}/vzer", {"naam": "Heemkring Verzonnen Verleden"}, agent=vendor("Gent"))
    assert answer.status_code == 202
    code = answer.headers["location"].rpartition("/")[2]
    [event] = client("GET", f"{START}/{code}/historiek").json()["gebeurtenissen"]
    version = client.world.service.log.latest(client.world.iri(code))
    assert event["initiator"] == "OVO002067"
    assert version and (version.actor, version.on_behalf_of) == (vendor("Gent").iri, GENT.iri)


def test_what_is_stopped_is_found_by_who_has_a_right(client: Client) -> None:
    code = client.registered(naam="Zonnewijzerkring Verzonnen Uur")
    client("POST", f"{START}/{code}/stop", {"einddatum": "2026-01-31"})
    client.world.follow()
    found = [client("GET", f"{START}/zoeken?q=zonnewijzerkring", agent=agent).json() for agent in (None, MANAGER)]
    assert [page["metadata"]["pagination"]["totalCount"] for page in found] == [0, 1]


def test_what_is_hidden_is_found_by_exactly_who_may_read_it(client: Client) -> None:
    hidden = {"isUitgeschrevenUitPubliekeDatastroom": True}
    federation_code = client.registered(naam="Koepel Der Verzonnen Klokken", locaties=[location("Klokstraat", "1")])
    here = client.registered(naam="Beiaardkring Verzonnen Toren", locaties=[location("Klokstraat", "2")], **hidden)
    member = client.registered(naam="Beiaardkring Verzonnen Klepel", locaties=[location("Klokstraat", "3")], **hidden)
    membership = {"andereVereniging": federation_code, "van": "2020-01-01", "tot": ""}
    assert client("POST", f"{START}/{member}/lidmaatschappen", membership).status_code == 202
    former = {**membership, "tot": "2021-01-01"}
    assert client("POST", f"{START}/{here}/lidmaatschappen", former).status_code == 202
    client.world.follow()
    expected: list[tuple[Any, set[str]]] = [
        (None, set()), (GENT, {here, member}), (vendor("Gent"), {here, member}), (AALTER, set()),
        (MANAGER, {here, member}), (DPO, {here, member}), (representative(here), {here}),
        (federation(federation_code), {member}), (federation("V0009999"), set()),
    ]  # fmt: skip
    for agent, codes in expected:
        answer = client("GET", f"{START}/zoeken?q=beiaardkring&facetten=gemeente", agent=agent)
        page = answer.json()
        assert {each["vCode"] for each in page["verenigingen"]} == codes, agent
        assert page["metadata"]["pagination"]["totalCount"] == len(codes)
        assert page["facets"]["gemeente"] == [] or page["facets"]["gemeente"][0]["aantal"] == len(codes)
        assert agent is None or answer.headers["cache-control"] == "no-store"
        readable = {code for code in (here, member) if agent and "isUitgeschrevenUitPubliekeDatastroom" in
                    client("GET", f"{START}/{code}", agent=agent).json().get("vereniging", {})}  # fmt: skip
        assert readable == codes, agent


def test_what_is_shown_again_or_hidden_moves_from_one_index_to_the_other(client: Client) -> None:
    code = client.registered(naam="Kaleidoscoopclub Verzonnen Scherf", locaties=[location("Scherfstraat", "9")])

    def seen() -> list[list[bool]]:
        client.world.follow()
        pages = [client("GET", f"{START}/zoeken?q=kaleidoscoopclub", agent=agent).json() for agent in (None, GENT)]
        return [[each.get("isUitgeschrevenUitPubliekeDatastroom", False) for each in page["verenigingen"]]
                for page in pages]  # fmt: skip

    assert seen() == [[False], [False]]
    client("PATCH", f"{START}/{code}", {"isUitgeschrevenUitPubliekeDatastroom": True})
    assert seen() == [[], [True]]
    client("POST", f"{START}/{code}/stop", {"einddatum": "2026-01-31"})
    assert seen() == [[], [True]]
    client("PATCH", f"{START}/{code}", {"isUitgeschrevenUitPubliekeDatastroom": False})
    assert seen() == [[], [False]]
    client("DELETE", f"{START}/{code}", {"reden": "Bestaat niet"})
    assert seen() == [[], []]
