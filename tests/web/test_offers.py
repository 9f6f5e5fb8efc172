"""`/aanbod` and the pages of products: what is found, counted, told and embedded."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyshacl
import pytest
import rdflib

from app.register.commands import Archive, Change, Create, RegisterAssociation
from app.register.handle import handle
from app.register.recognitions.commands import RegisterRecognition
from tests.products.builders import GHENT, full, minimal
from tests.register.builders import A_MANAGER, GENT
from tests.web.conftest import Ask, asking
from tests.web.world import World, open_world

AALST = "http://data.europa.eu/nuts/code/BE23141002"
EAST_FLANDERS = "http://data.europa.eu/nuts/code/BE23"
GIVER = type(GENT)(GHENT, "Stad Gent", GENT.role, "44021")


class Site:
    """The site with a recognition, a subsidy that requires it, a hall for all in Aalst, and advice for a province."""

    def __init__(self, world: World, get: Ask) -> None:
        self.world, self.get, self.register = world, get, world.service.register
        recognition = self.add(
            minimal(naam={"nl": "Erkenning jeugdvereniging"}, type="Bewijs", doelgroepen=["Vereniging"])
        )
        self.subsidy = self.add(full(vereist=[f"{world.service.base}/id/product/{recognition}"]))
        self.recognition = recognition
        self.hall = self.add(
            minimal(
                naam={"nl": "Zaal huren"}, zoektermen={"nl": ["feestzaal"]}, type="Infrastructuur en materiaal",
                doelgroepen=["Vereniging", "Burger"], geografischToepassingsgebieden=[AALST],
                themas=["Burger en Overheid"],
            )
        )  # fmt: skip
        self.advice = self.add(minimal(naam={"nl": "Advies"}, geografischToepassingsgebieden=[EAST_FLANDERS]))
        self.club = self._club()

    def add(self, document: dict[str, Any]) -> str:
        return handle(Create("product", document), GIVER, self.register).code

    def _club(self) -> str:
        find = self.world.concept
        place = {"straatnaam": "Kerkstraat", "huisnummer": "1", "postcode": "9000", "gemeente": "Gent"}
        association = {
            "naam": "De Ravotters",
            "verenigingstype": find("verenigingstype", "VZER"),
            "hoofdactiviteiten": [find("hoofdactiviteit", "Jeugdwerk")],
            "doelgroep": {"minimumleeftijd": 6, "maximumleeftijd": 18},
            "locaties": [{"locatietype": find("locatietype", "Activiteiten"), "adres": place}],
        }
        return handle(RegisterAssociation(association), A_MANAGER, self.register).code

    def json(self, path: str) -> Any:
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def titles(self, query: str = "") -> list[str]:
        return [each["titel"] for each in self.json(f"/aanbod.json{query}")["producten"]]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    worlds = open_world(Path(tmp_path_factory.mktemp("aanbod")))
    world = next(worlds)
    yield Site(world, asking(world))
    next(worlds, None)


SUBSIDY, HALL, RECOGNITION, ADVICE = (
    "Werkingssubsidie voor jeugdverenigingen", "Zaal huren", "Erkenning jeugdvereniging", "Advies",
)  # fmt: skip
# query, titles in order
FOUND = [
    ("", [ADVICE, RECOGNITION, SUBSIDY, HALL]),
    ("?zoek=subsidie", [SUBSIDY]),
    ("?zoek=FEESTZAAL", [HALL]),
    ("?zoek=jeugdvereniging", [RECOGNITION, SUBSIDY]),
    ("?zoek=niets", []),
    ("?gemeente=Aalst", [ADVICE, HALL]),
    ("?gemeente=44021", [ADVICE, RECOGNITION, SUBSIDY]),
    ("?gemeente=Antwerpen", []),
    ("?gemeente=Nergens", []),
    ("?doelgroep=Burger", [HALL]),
    ("?type=Bewijs", [RECOGNITION]),
    ("?thema=BurgerOverheid&doelgroep=Vereniging", [HALL]),
    ("?activiteit=JGDW", [SUBSIDY]),
]


@pytest.mark.parametrize("query, titles", FOUND, ids=[row[0] for row in FOUND])
def test_what_is_found(site: Site, query: str, titles: list[str]) -> None:
    assert site.titles(query) == titles


def test_each_choice_says_how_many_it_would_give_with_the_others_as_they_are(site: Site) -> None:
    html = site.get("/aanbod?gemeente=41002").text
    assert "Gent (3)" in html and "Aalst (2)" in html
    for name in ("doelgroep", "type", "thema", "activiteit"):
        offered = choices(html, name)
        for code in ("Burger", "Vereniging", "Bewijs", "BurgerOverheid", "JGDW"):
            wanted = len(site.titles(f"?gemeente=41002&{name}={code}"))
            assert offered.get(f"/aanbod?gemeente=41002&amp;{name}={code}", 0) == wanted, (name, code)


def choices(html: str, name: str) -> dict[str, int]:
    """The addresses that a filter offers, and how many each says that it gives."""
    part = html.partition(f'id="kies-{name}"')[2].partition("</nav>")[0]
    found = re.findall(r'<a href="([^"]+)".*?<span class="count">([\d.]+)</span>', part)
    return {address: int(count) for address, count in found}


def test_a_choice_is_taken_back_where_it_was_made(site: Site) -> None:
    html = site.get("/aanbod?type=Bewijs&zoek=jeugd&pagina=1").text
    assert '<a href="/aanbod?zoek=jeugd" aria-current="true"' in html
    assert '<a href="/aanbod?type=Bewijs" rel="nofollow">“jeugd”' in html
    assert site.get("/aanbod?zoek=niets").text.count("Niets gevonden") == 1


def test_the_list_stands_by_title_or_the_latest_first(site: Site) -> None:
    assert site.titles("?sorteer=gewijzigd") == [ADVICE, HALL, SUBSIDY, RECOGNITION]
    assert site.titles("?sorteer=gewijzigd&doelgroep=Vereniging&zoek=jeugdvereniging") == [SUBSIDY, RECOGNITION]
    assert site.titles("?sorteer=onbekend") == site.titles()


def test_a_hit_says_what_it_is_who_offers_it_and_what_one_must_meet(site: Site) -> None:
    html = site.get("/aanbod?zoek=werkingssubsidie").text
    for told in ("Financieel voordeel", "Gent", "Voorwaarden: ", "gewijzigd op "):
        assert told in html


def test_with_an_association_each_product_says_whether_it_can_be_had_and_why_not(site: Site) -> None:
    answers = site.json(f"/aanbod.json?vereniging={site.club}")
    found = {each["titel"]: each for each in answers["producten"]}
    assert [found[title]["kan"] for title in (ADVICE, SUBSIDY, HALL)] == ["ja", "nee", "nee"]
    assert "Niet erkend door Gemeente Gent." in [reason["tekst"] for reason in found[SUBSIDY]["redenen"]]
    assert answers["producten"][0]["kan"] == "ja"


def test_a_recognition_opens_what_required_it(site: Site) -> None:
    recognition = {"ipdcProduct": {"nummer": site.recognition}, "geldigheidsperiode": {"startdatum": "2026-01-01"}}
    handle(RegisterRecognition(site.club, recognition), GIVER, site.register)
    answer = site.json(f"/aanbod/{site.subsidy}/kan.json?vereniging={site.club}")
    assert answer["kan"] == "ja", answer
    assert "Erkend door Gemeente Gent." in [reason["tekst"] for reason in answer["redenen"]]
    html = site.get(f"/aanbod/{site.subsidy}/kan?vereniging={site.club}").text
    assert "Komt in aanmerking" in html and "De Ravotters" in html


def test_an_unknown_association_is_told(site: Site) -> None:
    assert site.get("/aanbod?vereniging=V0009999").status_code == 404
    assert site.get(f"/aanbod/{site.subsidy}/kan.json").status_code == 404
    assert site.get(f"/aanbod/{site.subsidy}/kan").status_code == 200
    assert site.get("/aanbod/P0009999/kan").status_code == 404


def test_the_page_of_a_product_says_all_that_is_public_and_nothing_else(site: Site) -> None:
    html = site.get(f"/doc/product/{site.subsidy}", accept="text/html").text
    for text in ("Werkingssubsidie", "Voorwaarden", "Eerst nodig", "Erkenning jeugdvereniging", "Procedure", "Kosten",
                 "Openingsuren", "ma, di", "9.00 tot 12.30 uur", "Botermarkt 1, 9000 Gent"):  # fmt: skip
        assert text in html, text
    for secret in ("Wie belt terug", "jeugdconsulent", "Na te kijken"):
        assert secret not in html


def test_search_engines_read_a_government_service(site: Site) -> None:
    html = site.get(f"/doc/product/{site.subsidy}", accept="text/html").text
    service = json.loads(html.partition('<script type="application/ld+json">')[2].partition("</script>")[0])
    assert (service["@type"], service["identifier"]) == ("GovernmentService", site.subsidy)
    assert service["provider"]["name"] == "Gemeente Gent"
    assert service["audience"] == [{"@type": "Audience", "audienceType": "Vereniging"}]
    [channel] = service["availableChannel"]
    assert channel["servicePhone"]["hoursAvailable"][0]["opens"] == "09:00:00"
    assert channel["serviceLocation"]["address"]["addressLocality"] == "Gent"


def test_a_product_with_little_to_say_has_a_page_too(site: Site) -> None:
    contacts = [{"email": "info@gent.voorbeeld.be"}, {"openingsuren": "Elke dag van 9 tot 12 uur"}]
    code = site.add(minimal(contactgegevens=contacts))
    html = site.get(f"/doc/product/{code}", accept="text/html").text
    assert "info@gent.voorbeeld.be" in html and "Elke dag van 9 tot 12 uur" in html


def test_a_product_tells_what_it_opens(site: Site) -> None:
    html = site.get(f"/doc/product/{site.recognition}", accept="text/html").text
    assert "Hiermee kan men ook aanvragen" in html and SUBSIDY in html


@pytest.mark.parametrize("suffix", ["jsonld", "ttl", "nt", "trig", "rdf"])
def test_a_product_is_there_in_every_format_without_what_is_internal(site: Site, suffix: str) -> None:
    answer = site.get(f"/doc/product/{site.subsidy}.{suffix}")
    assert answer.status_code == 200
    assert "Wie belt terug" not in answer.text


def test_json_ld_has_the_terms_of_the_official_context(site: Site) -> None:
    document = site.json(f"/doc/product/{site.subsidy}.jsonld")
    assert document["@type"] == ["Instantie"]
    assert document["naam"] == {"nl": SUBSIDY, "en": "Subsidy for youth clubs"}
    assert document["type"]["@type"] == "CodelijstConcept"


def test_what_changes_or_goes_is_seen_at_the_next_look(site: Site) -> None:
    code = site.add(minimal(naam={"nl": "Tijdelijk"}))
    assert "Tijdelijk" in site.titles()
    handle(Change("product", code, {"naam": {"nl": "Tijdelijk anders"}}), GIVER, site.register)
    assert "Tijdelijk anders" in site.titles()
    handle(Archive("product", code), GIVER, site.register)
    assert not any("Tijdelijk" in title for title in site.titles())


def test_the_page_to_embed_shows_how(site: Site) -> None:
    html = site.get("/aanbod/insluiten").text
    assert "data-aanbod" in html and "aanbod.js" in html
    assert site.get("/static/aanbod.js").status_code == 200
    assert site.get("/aanbod.json", origin="https://gent.be").headers[
        "access-control-allow-origin"
    ] == "*"  # fmt: skip


def test_all_products_are_there_as_plain_cpsv_ap(site: Site) -> None:
    site.world.follow()
    answer = site.get("/aanbod/cpsv-ap.ttl")
    assert answer.headers["content-type"].startswith("text/turtle")
    data = rdflib.Graph().parse(data=answer.text, format="turtle")
    shapes = rdflib.Graph().parse(Path(__file__).parent / "cpsv_ap.ttl")
    conforms, _, report = pyshacl.validate(data, shacl_graph=shapes)
    assert conforms, report
    services = set(data.subjects(rdflib.RDF.type, rdflib.URIRef("http://purl.org/vocab/cpsv#PublicService")))
    assert rdflib.URIRef(f"{site.world.service.base}/id/product/{site.subsidy}") in services and len(services) > 3
    assert "Wie belt terug" not in answer.text


def test_one_product_as_cpsv_ap_speaks_of_no_other(site: Site) -> None:
    site.world.follow()
    answer = site.get(f"/aanbod/{site.subsidy}/cpsv-ap.ttl").text
    assert "holdsRequirement" in answer and "Monday 09:00-12:30" in answer
    assert site.hall not in answer
    assert site.get("/aanbod/P0009999/cpsv-ap").status_code == 404
