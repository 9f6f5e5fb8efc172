"""Which products a regulation is the basis of, and which regulation a decision rests on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from app.model.fields import Document
from app.register.agents import SYSTEM, Agent
from app.register.commands import Create
from app.register.decisions.conduct import is_regulation
from app.register.decisions.linking import link, link_regulations, settle
from app.register.decisions.links import SURE, Link
from app.register.decisions.regulation_links import regulation_links
from app.register.desk import Desk
from app.register.doubles.worklist import Asked, worklist
from app.register.handle import handle
from app.register.register import Register, Tools
from tests.register.builders import BASE, GENT, make_log, make_register

READER = Agent(BASE, "Oogst", SYSTEM)
UNIT = "http://data.lblod.info/id/bestuurseenheden/353234a365664e581db5c2f7cc07add2534b47b8e1ab87c821fc6e6365e6bef5"
PLACE = "http://vocab.belgif.be/auth/refnis2025/44021"
AALTER = "http://vocab.belgif.be/auth/refnis2025/44084"
SOURCE = "https://raad.gent.be/id/besluit/"
PRODUCTS = {
    "jeugd": {"naam": "Werkingssubsidie voor jeugdverenigingen"},
    "sport": {"naam": "Werkingssubsidie voor sportclubs"},
    "erkenning": {"naam": "Erkenning als jeugdvereniging"},
    "project": {"naam": "Steun voor een project", "url": f"{SOURCE}77"},
    "zaal": {"naam": "Zaal huren", "url": "http://www.raad.gent.be/reglementen/zalen/"},
}


class World:
    """A register with the products of Ghent, and what is tied in it."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.number = 0
        self.codes = {key: self._product(one) for key, one in PRODUCTS.items()}

    def _product(self, one: dict[str, str]) -> str:
        document: Document = {"naam": {"nl": one["naam"]}, "beschrijving": {"nl": "<p>Uitleg.</p>"}}
        document |= {"aangemaaktDoor": UNIT}
        if "url" in one:
            document["regelgeving"] = [{"naam": {"nl": "Reglement"}, "url": one["url"]}]
        return handle(Create("product", document), GENT, self.register).code

    def decide(self, title: str, **more: Any) -> str:
        self.number += 1
        code = f"B{self.number:07d}"
        document = {"code": code, "naam": title, "gemeente": PLACE, "zelfdeAls": [f"{SOURCE}{code}"], **more}
        return handle(Create("besluit", document, code), READER, self.register).code

    def links(self, code: str) -> list[Link]:
        document = self.read(code)
        with self.desk() as desk:
            return regulation_links(document, desk)

    def tied(self, title: str, **more: Any) -> set[str]:
        code = self.decide(title, **more)
        return {self.key(each.code) for each in self.links(code) if each.certainty >= SURE}

    def key(self, code: str) -> str:
        return next((key for key, known in self.codes.items() if known == code), code)

    def read(self, code: str) -> Document:
        with self.desk() as desk:
            return desk.open_document(desk.standing_at(self.register.schema.entity_types["besluit"].iri(code), "Dit"))

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        with self.register.log.transaction() as transaction:
            yield Desk(self.register, transaction, READER, "", self.register.today())


@pytest.fixture
def world(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    log = make_log(tmp_path_factory.mktemp("regulations"))
    yield World(make_register(tools, log))
    log.close()


@pytest.mark.parametrize(
    ("title", "product"),
    [
        ("Reglement werkingssubsidies jeugd", {"jeugd"}),
        ("2026_GR_00437 - Aanpassing werkingssubsidiereglement sportverenigingen - Goedkeuring", {"sport"}),
        ("Gents reglement erkenning jeugdverenigingen 2026", {"erkenning"}),
        ("Reglement erkenning sportverenigingen", set()),
        ("Verkeer. Aanvullend politiereglement op het verkeer", set()),
        ("Huishoudelijk reglement hondenlosloopweide", set()),
        ("Retributiereglement randactiviteiten", set()),
        ("Werkingssubsidie aan Chiro Élan volgens het reglement werkingssubsidies jeugd", set()),
    ],
)
def test_a_regulation_goes_with_the_product_that_is_about_the_same(world: World, title: str, product: set[str]) -> None:
    assert world.tied(title) == product


def test_a_regulation_of_another_municipality_goes_with_none(world: World) -> None:
    assert world.tied("Reglement werkingssubsidies jeugd", gemeente=AALTER) == set()


@pytest.mark.parametrize("term", ["gaatOver", "bijlagen", "citeert"])
def test_what_a_decision_refers_to_by_its_iri_comes_first(world: World, term: str) -> None:
    assert world.tied("Goedkeuring", **{term: [f"{BASE}/id/product/{world.codes['sport']}"]}) == {"sport"}


def test_what_a_product_names_as_its_legal_resource_is_told_by_that(world: World) -> None:
    assert world.tied("Kennisneming", zelfdeAls=[f"{SOURCE}77"]) == {"project"}


def test_a_page_with_several_decisions_does_not_say_which_one(world: World) -> None:
    page = ["https://raad.gent.be/reglementen/zalen"]
    first = world.decide("Reglement zalen", bronnen=page)
    assert [(world.key(each.code), each.certainty >= SURE) for each in world.links(first)] == [("zaal", True)]
    world.decide("Reglement parkeren", bronnen=page)
    assert [(world.key(each.code), each.certainty >= SURE) for each in world.links(first)] == [("zaal", False)]


def test_an_award_rests_on_the_regulation_that_it_names(world: World) -> None:
    world.decide("Subsidiereglement cultuur: goedkeuring", zittingsdatum="2024-01-01")
    newer = world.decide("Subsidiereglement cultuur - aanpassing", zittingsdatum="2025-01-01")
    world.decide("Subsidiereglement cultuur: opheffing", zittingsdatum="2027-01-01")
    award = {"motivering": "Gelet op het subsidiereglement cultuur, artikel 3.", "zittingsdatum": "2026-02-01"}
    assert world.tied("Subsidie aan KWB Bellem", **award) == {newer}


def test_an_award_rests_on_the_regulation_that_it_cites_by_its_iri_at_the_source(world: World) -> None:
    rule = world.decide("Reglement op de vlaggen")
    assert world.tied("Toelage", citeert=[f"{SOURCE}{rule}"]) == {rule}


def test_ties_stand_with_the_decision_with_their_evidence(world: World) -> None:
    rule = world.decide("Reglement werkingssubsidies jeugd")
    award = world.decide("Toelage", motivering="Zie het reglement werkingssubsidies jeugd.")
    told = link([rule, award], READER, world.register)
    assert (told.links, told.questions) == (2, 0)
    [tie] = world.read(rule)["verbanden"]
    assert (tie["onderwerp"], tie["zekerheid"]) == (f"{BASE}/id/product/{world.codes['jeugd']}", 97)
    assert tie["bewijs"] == "de titel lijkt op “Werkingssubsidie voor jeugdverenigingen”"
    assert world.read(rule)["gaatOver"] == [tie["onderwerp"]]
    assert world.read(award)["citeert"] == [f"{BASE}/id/besluit/{rule}"]


def test_what_is_not_sure_waits_for_the_municipality(world: World) -> None:
    code = world.decide("Subsidiereglement sport")
    link([code], READER, world.register)
    [referral] = worklist(Asked(kind="verband"), GENT, world.register).referrals
    assert (referral.code, [world.key(each) for each, _ in referral.candidates]) == (code, ["sport"])
    settle(code, world.codes["sport"], True, GENT, world.register)
    assert world.read(code)["verbanden"][0]["bewijs"] == "bevestigd door het bestuur"
    settle(code, world.codes["sport"], False, GENT, world.register)
    link([code], READER, world.register)
    assert "verbanden" not in world.read(code)


def test_a_product_that_comes_after_its_regulation_is_found_in_the_night(world: World) -> None:
    code = world.decide("Reglement vlaggen ontlenen")
    product = {"naam": {"nl": "Vlaggen ontlenen"}, "beschrijving": {"nl": "<p>Uitleg.</p>"}, "aangemaaktDoor": UNIT}
    made = handle(Create("product", product), GENT, world.register).code
    assert link_regulations(READER, world.register).links == 1
    assert world.read(code)["gaatOver"] == [f"{BASE}/id/product/{made}"]


@pytest.mark.parametrize(
    ("title", "rule"),
    [
        ("Subsidiereglement sport", True),
        ("Opheffing van reglementen", True),
        ("Subsidie conform het subsidiereglement sport", False),
        ("Reglementaire afstand", False),
    ],
)
def test_a_regulation_is_told_from_an_award_by_its_title(title: str, rule: bool) -> None:
    assert is_regulation({"naam": title}) is rule
