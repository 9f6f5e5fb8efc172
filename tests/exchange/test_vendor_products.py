"""Products that a vendor publishes for a municipality: exactly what LPDC takes, and why the rest waits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from app.errors import Refused
from app.exchange.following_run import Run
from app.exchange.stubs.ipdc_concepts import concept_iri, invented
from app.model.terms import VL
from app.register.agents import MUNICIPALITY, Agent
from app.register.commands import Change, Create
from app.register.desk import Desk
from app.register.entities import mark_entity
from app.register.handle import handle
from app.register.products.conduct import EXTERNAL
from app.register.register import Tools
from app.store import followed
from app.store.followed import PRODUCTS, Feed, Thing
from tests.exchange.ipdc_world import IPDC, World, make_world
from tests.products.builders import GHENT, minimal, read
from tests.register.builders import BASE, GENT, make_tools

REAL = Path(__file__).parents[3] / "shared/data/lpdc/feeds/instancesnapshot-ldes-stub/ldes-pages"
PRODUCT = "http://data.lblod.info/id/public-service/00000000-0000-4000-8000-000000000001"
AALST = "http://data.lblod.info/id/bestuurseenheden/974816591f269bb7d74aa1720922651529f3d3b2a787f5c60b73e5a0384950a4"
TEXT = {"nl-BE-x-informal": "Tekst"}
PART = {"naam": TEXT, "beschrijving": TEXT, "order": 0}


def snapshot(number: int = 1, **wanted: Any) -> dict[str, Any]:
    """The least that goes in, as vendors write it; None takes a field out."""
    document = {
        "@id": f"http://data.lblod.info/id/public-service-snapshot/00000000-0000-4000-9000-{number:012d}",
        "@type": ["InstantieSnapshot"],
        "isVersionOf": PRODUCT,
        "aangemaaktDoor": GHENT,
        "creatie": "2026-02-14T13:42:12.357Z",
        "laatstGewijzigd": f"2026-02-{number:02d}T13:59:25.236Z",
        "generatedAtTime": f"2026-03-{number:02d}T06:32:10.377Z",
        "naam": {"nl-BE-x-informal": "Zaal huren"},
        "beschrijving": {"nl-BE-x-informal": "<p>Je huurt een zaal.</p>"},
        "bevoegdeOverheden": [GHENT],
        "geografischToepassingsgebieden": ["BE23444021"],
        **wanted,
    }
    return {key: value for key, value in document.items() if value is not None}


@pytest.fixture(scope="module")
def tools() -> Tools:
    return make_tools()


@pytest.fixture
def world(tools: Tools, tmp_path: Path) -> Iterator[World]:
    made = make_world(tools, tmp_path, list(invented(1)))
    made.follower().run(made.feed())
    yield made
    made.register.log.close()


def bring(world: World, *members: Any, owners: tuple[str, ...] = (GHENT,), dry_run: bool = False) -> Run:
    """One page with these, as the whole stream."""
    names = ["https://hier/ipdc-lpdc-im.jsonld", "https://hier/ldes.jsonld"]
    body = orjson.dumps({"@context": names, "@id": f"{IPDC}/1", "@type": "EventStream", "member": list(members)})
    world.clock.forward(hours=1)
    with httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(200, content=body))) as client:
        other = replace(world, client=client)
        feed = vendor(other, owners)
        return other.follower().rehearse(feed) if dry_run else other.follower().run(feed)


def vendor(world: World, owners: tuple[str, ...] = (GHENT,), url: str = f"{IPDC}/1") -> Feed:
    feed = world.feed(url, PRODUCTS, "leverancier")
    with world.register.log.database.writing() as connection:
        for owner in owners:
            followed.allow_owner(connection, feed.id, owner, "", "test")
    return feed


def code_of(world: World) -> str:
    [entity] = world.register.log.find(EXTERNAL, PRODUCT)
    return entity.rpartition("/")[2]


def test_a_snapshot_becomes_a_product_that_keeps_its_own_iri(world: World) -> None:
    assert bring(world, snapshot()).taken == 1
    found = read(world.register, code_of(world))
    assert (found["sameAs"], found["aangemaaktDoor"], found["taalvariant"]) == (PRODUCT, GHENT, "nl-be-x-informal")
    assert found["status"].endswith("instance-status/verzonden")
    assert found["verzondenOp"] == "2026-03-01T06:32:10.377Z"
    assert (found["creatie"], found["laatstGewijzigd"]) == ("2026-02-14T13:42:12.357Z", "2026-02-01T13:59:25.236Z")


def test_a_newer_snapshot_is_the_whole_product_but_for_what_it_cannot_say(world: World) -> None:
    bring(world, snapshot(1, kosten=[{"@type": "Kost", **PART}]))
    code = code_of(world)
    internal = [{"vraag": "Wie belt terug?", "antwoord": "De zaalwachter."}]
    handle(Change("product", code, {"interneInfo": internal}), GENT, world.register)
    bring(world, snapshot(2, naam={"nl-BE-x-informal": "Zalen huren"}))
    found = read(world.register, code)
    assert found["naam"] == {"nl-be-x-informal": "Zalen huren"}
    assert "kosten" not in found and found["interneInfo"][0]["vraag"] == "Wie belt terug?"


@pytest.mark.parametrize("late", [snapshot(1, naam=TEXT), {**snapshot(2, naam=TEXT), "@id": "urn:even-oud"}])
def test_an_older_or_equally_old_snapshot_is_passed_over(world: World, late: dict[str, Any]) -> None:
    bring(world, snapshot(2))
    bring(world, snapshot(2), late)
    assert read(world.register, code_of(world))["naam"] == {"nl-be-x-informal": "Zaal huren"}


def test_older_than_one_that_failed_is_passed_over_too(world: World) -> None:
    found = bring(world, snapshot(2, naam=None), snapshot(1))
    assert (found.taken, found.same, len(found.aside)) == (0, 1, 1)


def test_archived_goes_and_a_later_snapshot_brings_it_back_under_its_code(world: World) -> None:
    bring(world, snapshot(1))
    code = code_of(world)
    bring(world, snapshot(2, gearchiveerd="true"))
    version = world.register.log.latest(f"{BASE}/id/product/{code}")
    assert version is not None and version.operation == "delete"
    bring(world, snapshot(1), snapshot(2, gearchiveerd="true"))
    assert world.register.log.latest(f"{BASE}/id/product/{code}") == version
    bring(world, snapshot(3, gearchiveerd=False))
    assert code_of(world) == code


def test_archived_before_it_was_ever_here_is_nothing(world: World) -> None:
    head = world.register.log.head()
    assert bring(world, snapshot(1, gearchiveerd=True)).same == 1
    assert world.register.log.head() == head


def test_a_concept_brings_its_number_and_a_new_snapshot_settles_the_review(world: World) -> None:
    bring(world, snapshot(1, linkedConcept=concept_iri(0)))
    code = code_of(world)
    world.stub.change(concept_iri(0))
    world.clock.forward(hours=1)
    world.follower().run(world.feed())
    assert read(world.register, code)["herzieningsstatus"].endswith("concept-gewijzigd")
    bring(world, snapshot(2, linkedConcept=concept_iri(0)))
    found = read(world.register, code)
    assert "herzieningsstatus" not in found
    assert (found["productnummer"], found["conceptSnapshot"]) == ("1500", world.stub.members[-1]["@id"])


def test_a_stream_speaks_only_for_who_let_it(world: World) -> None:
    assert "mag niet voor dit bestuur" in bring(world, snapshot(1), owners=()).aside[0].why
    bring(world, snapshot(1))
    assert code_of(world)


def test_a_stream_takes_no_product_from_another_administration(world: World) -> None:
    bring(world, snapshot(1))
    with world.register.log.database.writing() as connection:
        followed.forbid_owner(connection, "leverancier", GHENT)
    stolen = snapshot(2, aangemaaktDoor=AALST, bevoegdeOverheden=[AALST])
    assert "mag niet voor dit bestuur" in bring(world, stolen, owners=(AALST,)).aside[0].why


def test_english_that_the_title_alone_has_is_dropped_as_are_keywords_in_other_languages(world: World) -> None:
    words = {"nl": ["zaal"], "en": ["hall"], "nl-BE-x-informal": ["je zaal"]}
    bring(world, snapshot(1, naam={"nl-BE-x-informal": "Zaal", "en": "Hall"}, zoektermen=words))
    found = read(world.register, code_of(world))
    assert (found["naam"], found["zoektermen"]) == ({"nl-be-x-informal": "Zaal"}, {"nl": ["zaal"]})


def test_a_dry_run_keeps_nothing(world: World) -> None:
    head = world.register.log.head()
    found = bring(world, snapshot(1), {**snapshot(2, naam=None), "isVersionOf": f"{PRODUCT}x"}, dry_run=True)
    assert (found.taken, len(found.aside), world.register.log.head()) == (1, 1, head)


def site(**wanted: Any) -> dict[str, Any]:
    return {"@type": "Website", "naam": TEXT, "url": "https://a.be", "order": 0, **wanted}


UNKNOWN = "http://data.lblod.info/id/bestuurseenheden/00000000000000000000"
# what is different, the field that is wrong, a part of the sentence
REFUSED: list[tuple[dict[str, Any], str, str]] = [
    *(({term: None}, term, "verplicht") for term in ("naam", "beschrijving", "aangemaaktDoor", "creatie")),
    *(({term: None}, term, "verplicht") for term in ("laatstGewijzigd", "bevoegdeOverheden")),
    ({"geografischToepassingsgebieden": None}, "geografischToepassingsgebieden", "verplicht"),
    ({"naam": {"en": "Hall"}, "beschrijving": {"en": "Hall"}}, "naam", "geen nl-taal aanwezig"),
    ({"beschrijving": {"nl": "u"}}, "beschrijving", "meer dan een nl-taal"),
    ({"kosten": [{"@type": "Kost", **PART, "naam": {"nl": "x"}}]}, "kosten[0].naam", "meer dan een nl-taal"),
    ({"naam": {**TEXT, "nl-BE-x-generated-formal": "x"}}, "naam", "IPDC zelf maakte"),
    *(({"creatie": time}, "creatie", "UTC") for time in (
        "2026-02-14T13:42:12+02:00", "2026-02-14T13:42:12.3571Z", "2026-02-14T13:42:12.35712Z", "2026-02-14",
    )),
    ({"startDienstVerlening": "2026-02-14T13:42:12"}, "startDienstVerlening", "UTC"),
    *(({term: [{"@type": type, **PART, "beschrijving": None}]}, f"{term}[0].beschrijving", "verplicht") for term, type
      in (("voorwaarden", "Voorwaarde"), ("procedures", "Procedure"), ("kosten", "Kost"))),
    ({"financieleVoordelen": [{"@type": "FinancieelVoordeel", "naam": TEXT, "order": 0}]},
     "financieleVoordelen[0].beschrijving", "verplicht"),
    ({"voorwaarden": [{"@type": "Voorwaarde", **PART, "bewijs": {"@type": "Bewijs", "naam": TEXT}}]},
     "voorwaarden[0].bewijs.beschrijving", "verplicht"),
    ({"websites": [site(url=None)]}, "websites[0].url", "verplicht"),
    ({"websites": [site(order=None)]}, "websites[0].order", "volgorde"),
    ({"procedures": [{"@type": "Procedure", **PART, "websites": [site(naam=None)]}]},
     "procedures[0].websites[0].naam", "verplicht"),
    ({"regelgeving": [{"@type": "Regelgeving", "order": 0}]}, "regelgeving[0].url", "verplicht"),
    ({"kosten": [{"@type": "Kost", **PART}, {"@type": "Kost", **PART, "naam": {"nl-BE-x-informal": "Twee"}}]},
     "kosten[1].order", "al ingenomen"),
    ({"publicatiekanalen": ["YourEurope"]}, "yourEuropeCategorieen", "Kies een categorie"),
    ({"linkedConcept": concept_iri(99)}, "linkedConcept", "kennen we niet"),
    ({"bevoegdeOverheden": [UNKNOWN]}, "bevoegdeOverheden[0]", "kennen we niet"),
    ({"uitvoerendeOverheden": ["https://a.be/1"]}, "uitvoerendeOverheden[0]", "."),
    ({"geografischToepassingsgebieden": ["BE23444040"]}, "geografischToepassingsgebieden[0]", "bestaat niet meer"),
    ({"geografischToepassingsgebieden": ["BE234"]}, "geografischToepassingsgebieden[0]", "Kies een gebied"),
    ({"generatedAtTime": None}, "generatedAtTime", "geldig tijdstip"),
    ({"generatedAtTime": "2026-03-01T06:32:10.37712Z"}, "generatedAtTime", "UTC"),
]  # fmt: skip


@pytest.mark.parametrize("different, path, sentence", REFUSED, ids=[f"{row[1]} {row[2]}" for row in REFUSED])
def test_what_is_put_aside(world: World, different: dict[str, Any], path: str, sentence: str) -> None:
    bare = {key: _without_none(value) for key, value in different.items()}
    [aside] = bring(world, snapshot(1, **bare)).aside
    found = dict(line.split(": ", 1) for line in aside.why.splitlines()[1:])
    assert sentence in found.get(path, ""), aside.why


ALLOWED: list[dict[str, Any]] = [
    *({"creatie": f"2026-02-14T13:42:12{part}Z"} for part in ("", ".1", ".12", ".123", ".123456", ".123456789")),
    {"bevoegdeOverheden": ["OVO123456"], "geografischToepassingsgebieden": ["http://data.europa.eu/nuts/code/BE23"]},
    {"kosten": [{"@type": "Kost", **PART, "order": 0.0}, {"@type": "Kost", **PART, "order": 1.0}]},
    {"regelgeving": [{"@type": "Regelgeving", "order": 0, "url": "https://codex.voorbeeld.be/1 "}]},
    {"voorwaarden": [{"@type": "Voorwaarde", **PART}, {"@type": "Voorwaarde", **PART, "order": 1}]},
    {"gearchiveerd": "false", "talen": ["NLD", "ENG"], "doelgroepen": ["Burger"], "type": "Toelating"},
]


@pytest.mark.parametrize("different", ALLOWED, ids=str)
def test_what_goes_in(world: World, different: dict[str, Any]) -> None:
    found = bring(world, snapshot(1, **different))
    assert (found.taken, [each.why for each in found.aside]) == (1, [])


def contact(**wanted: Any) -> dict[str, Any]:
    return {"contactgegevens": [{"@type": "Contactgegevens", "order": 0, **wanted}]}


def level(kind: str, notation: str) -> str:
    return f"https://productencatalogus.data.vlaanderen.be/id/concept/{kind}/{notation}"


EXECUTED_ELSEWHERE = {"uitvoerendBestuursniveaus": [level("UitvoerendBestuursniveau", "Vlaams")]}
ADDRESS = {"@type": "Adres", "straatnaam": {"nl": "Botermarkt"}, "gemeentenaam": {"nl": "Gent"}}
# What LPDC asks of people only, and the field that a remark is about.
HINTED: list[tuple[dict[str, Any], set[str]]] = [
    (contact(email="info@gent.be1"), {"contactgegevens[0].email"}),
    (contact(telefoonnummer="04123456781"), {"contactgegevens[0].telefoonnummer"}),
    (contact(url="www.gent.be1"), {"contactgegevens[0].url"}),
    (contact(adres=ADDRESS), {"contactgegevens[0].adres.huisnummer", "contactgegevens[0].adres.postcode"}),
    ({"websites": [site(url="ftp://a.be")]}, {"websites[0].url"}),
    ({"regelgeving": [{"@type": "Regelgeving", "order": 0, "url": "codex"}]}, {"regelgeving[0].url"}),
    ({"bevoegdBestuursniveaus": [level("BevoegdBestuursniveau", "Federaal")]}, {"bevoegdBestuursniveaus"}),
    (EXECUTED_ELSEWHERE, {"uitvoerendBestuursniveaus"}),
    ({"startDienstVerlening": "2026-05-01T00:00:00Z", "eindeDienstVerlening": "2026-04-01T00:00:00Z"},
     {"startDienstVerlening"}),
]  # fmt: skip


@pytest.mark.parametrize("different, fields", HINTED, ids=[min(row[1]) for row in HINTED])
def test_what_goes_in_with_a_remark(world: World, different: dict[str, Any], fields: set[str]) -> None:
    assert [paths(each) for each in bring(world, snapshot(1, **different), dry_run=True).hinted] == [fields]
    found = bring(world, snapshot(1, **different))
    assert (found.taken, found.aside) == (1, [])
    [kept] = followed.hinted(world.register.log.database, "leverancier")
    assert paths(kept) == fields
    assert str(found).endswith("1 met opmerkingen.")


def paths(thing: Thing) -> set[str]:
    return {line.partition(": ")[0] for line in thing.why.splitlines()[1:]}


def test_a_better_snapshot_takes_the_remark_away(world: World) -> None:
    bring(world, snapshot(1, **contact(email="info@gent.be1")))
    bring(world, snapshot(2, **contact(email="info@gent.be")))
    assert followed.hinted(world.register.log.database, "leverancier") == []


def test_who_edits_such_a_product_here_keeps_the_rules_for_people(world: World) -> None:
    bring(world, snapshot(1, **contact(email="info@gent.be1", telefoonnummer="09 210 10 10")))
    code = code_of(world)
    [kept] = read(world.register, code)["contactgegevens"]
    assert (kept["email"], kept["telefoonnummer"]) == ("info@gent.be1", "+3292101010")
    words = {"zoektermen": {"nl": ["zaal"]}}
    with pytest.raises(Refused) as refused:
        handle(Change("product", code, words), GENT, world.register)
    assert [each.path for each in refused.value.problems] == ["contactgegevens[0].email"]
    right = [{**kept, "email": "info@gent.be"}]
    handle(Change("product", code, {**words, "contactgegevens": right}), GENT, world.register)


def test_what_the_register_marks_itself_loses_nothing_of_it(world: World) -> None:
    bring(world, snapshot(1, **contact(email="info@gent.be1")))
    code = code_of(world)
    with world.register.log.transaction() as transaction:
        desk = Desk(world.register, transaction, GENT, "", world.register.today())
        type = world.register.schema.entity_types["product"]
        mark_entity(type, code, {"nazichtOp": "2026-12-01"}, VL.Gewijzigd.value, desk)
    found = read(world.register, code)
    assert (found["nazichtOp"], found["contactgegevens"][0]["email"]) == ("2026-12-01", "info@gent.be1")


@pytest.mark.parametrize("term", ["beschrijving", "verdereBeschrijving"])
def test_markup_that_acts_never_goes_in(world: World, term: str) -> None:
    text = "<p>Zaal<script>alert(1)</script></p>"
    bring(world, snapshot(1, **{term: {"nl-BE-x-informal": text}}))
    assert read(world.register, code_of(world))[term] == {"nl-be-x-informal": "<p>Zaal</p>"}


def test_a_national_number_never_goes_in(world: World) -> None:
    [aside] = bring(world, snapshot(1, **contact(email="85.07.30-033.28"))).aside
    assert "contactgegevens[0].email" in aside.why and "85.07" not in aside.why


def _without_none(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_none(item) for item in value]
    return {k: v for k, v in value.items() if v is not None} if isinstance(value, dict) else value


# The real pages of LPDC's own stub: snapshot, whether it goes in, else the fields that are wrong.
FULL = {"geografischToepassingsgebieden[0]", "linkedConcept"}
EXPECTED = {
    "c0d6bf9a-fcc4-4d46-beb6-3f4d80f03bf3": set(),
    "c17b67ac-c518-4f98-b73c-53b3c068ad21": set(),
    "c31c343e-836c-4674-8efa-991cc2078493": FULL,  # BE234 is in no list, and its concept is of the test environment
    "2e018424-7af6-4798-8026-0e627a8694d8": None,  # came, and was archived
    "ad3abd4f-d4aa-4e92-99e4-ef2dc2376bf6": set(),
    "645dcaec-7f27-44b7-85ba-b3ffe58c6328": set(),
}


@pytest.mark.skipif(not REAL.is_dir(), reason="the real pages of LPDC are not beside this checkout")
def test_the_real_pages_go_in_as_lpdc_takes_them(world: World) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=(REAL / f"page-{request.url.params['pageNumber']}.json").read_bytes())

    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        other = replace(world, client=client)
        found = other.follower().run(vendor(other, url="http://hostname/doc/instancesnapshot?pageNumber=0"))
    assert (found.pages, found.taken) == (3, 7), found.aside
    aside = {each.thing: each.why for each in followed.aside(world.register.log.database, "leverancier")}
    for uuid, fields in EXPECTED.items():
        iri = f"http://data.lblod.info/id/public-service/{uuid}"
        lines = aside.get(iri, "").splitlines()[1:]
        assert {line.partition(": ")[0] for line in lines} == (fields or set())
        assert bool(world.register.log.find(EXTERNAL, iri)) is (fields == set())


# The one that stays aside has these besides: LPDC takes them.
OURS = {
    "bevoegdBestuursniveaus",
    *(f"contactgegevens[{n}].{term}" for n in (0, 1) for term in ("email", "telefoonnummer", "url")),
    *(f"procedures[{n}].websites[{m}].url" for n in (0, 1) for m in (0, 1)),
}


@pytest.mark.skipif(not REAL.is_dir(), reason="the real pages of LPDC are not beside this checkout")
def test_the_fullest_real_snapshot_goes_in_with_remarks_where_its_area_and_concept_are_known(world: World) -> None:
    members = orjson.loads((REAL / "page-1.json").read_bytes())["member"]
    [full] = [each for each in members if each["isVersionOf"].endswith("c31c343e-836c-4674-8efa-991cc2078493")]
    known = {"geografischToepassingsgebieden": ["BE23444021"], "linkedConcept": concept_iri(0)}
    found = bring(world, {**full, **known}, owners=(GHENT, full["aangemaaktDoor"]))
    assert [each.why for each in found.aside] == []
    assert [paths(each) for each in found.hinted] == [OURS]


def test_a_municipality_sees_its_product_as_any_other(world: World) -> None:
    bring(world, snapshot(1))
    aalst = Agent(f"{BASE}/id/organisatie/gent-2", "Stad Gent", MUNICIPALITY, "44021")
    handle(Change("product", code_of(world), {"zoektermen": {"nl": ["zaal"]}}), aalst, world.register)


def test_what_a_snapshot_cannot_say_stays_in_the_product_and_in_its_parts(world: World) -> None:
    condition = {"@type": "Voorwaarde", "naam": {"nl-BE-x-informal": "Erkend"}, "beschrijving": TEXT, "order": 0}
    contact = {"@type": "Contactgegevens", "email": "zaal@gent.voorbeeld.be", "order": 0}
    bring(world, snapshot(1, voorwaarden=[condition], contactgegevens=[contact]))
    register, code = world.register, code_of(world)
    found = read(register, code)
    related = handle(Create("product", minimal()), GENT, register).entity
    ours = {
        "voorwaarden": [{**found["voorwaarden"][0], "criteria": [{"soort": "erkend-door", "waarden": ["Stad Gent"]}]}],
        "contactgegevens": [{**found["contactgegevens"][0], "dienst": "Zaalverhuur", "kanaal": "e-mail"}],
        "verantwoordelijken": [{"rol": "eigenaar", "dienst": "zaalwachter"}], "nazichtOp": "2027-01-01",
        "verwant": [related], "vereist": [related], "interneInfo": [{"vraag": "Wie belt?", "antwoord": "De wachter."}],
    }  # fmt: skip
    handle(Change("product", code, ours), GENT, register)
    with register.log.transaction() as transaction:
        desk = Desk(register, transaction, GENT, "", register.today())
        marks = {"feedbackBeschikbaar": True, "herinnerdOp": "2026-02-02"}
        mark_entity(register.schema.entity_types["product"], code, marks, VL.TerugkoppelingGekregen.value, desk)
    before = read(register, code)
    later = {**condition, "beschrijving": {"nl-BE-x-informal": "<p>Door de stad.</p>"}}
    other = {"@type": "Voorwaarde", **PART, "naam": {"nl-BE-x-informal": "Verzekerd"}, "order": 1}
    bring(
        world, snapshot(2, voorwaarden=[later, other], contactgegevens=[{**contact, "telefoonnummer": "09 266 00 00"}])
    )
    after = read(register, code)
    kept = (
        "verantwoordelijken",
        "nazichtOp",
        "verwant",
        "vereist",
        "interneInfo",
        "feedbackBeschikbaar",
        "herinnerdOp",
    )
    assert {term: after[term] for term in kept} == {term: before[term] for term in kept}
    first, second = after["voorwaarden"]
    assert first["criteria"] == before["voorwaarden"][0]["criteria"] and "criteria" not in second
    assert first["beschrijving"] == {"nl-be-x-informal": "<p>Door de stad.</p>"}
    [changed] = after["contactgegevens"]
    assert (changed["dienst"], changed["kanaal"]) == (
        before["contactgegevens"][0]["dienst"],
        before["contactgegevens"][0]["kanaal"],
    )
    bring(world, snapshot(3, voorwaarden=[{**later, "naam": {"nl-BE-x-informal": "Erkend door ons"}}, other]))
    assert read(register, code)["voorwaarden"][0]["criteria"] == before["voorwaarden"][0]["criteria"]
    bring(world, snapshot(4))
    assert "voorwaarden" not in read(register, code), "what it can say and leaves out is no more"
