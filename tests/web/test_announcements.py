"""A decision that is made here is a page that others read as we mean it: every level, every triple."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pyshacl
import pytest
import rdflib
from pyRdfa import pyRdfa
from pyRdfa.options import Options
from rdflib.namespace import SH

from app.exchange.decisions.drafting import Choices, draft_from
from app.exchange.decisions.read import Context, Reader, document_of
from app.exchange.fetching import Fetched, Known
from app.exchange.publication.check import check_page
from app.exchange.publication.profile import load_profiles
from app.exchange.rdfa.reading import Page, read_page
from app.exchange.rdfa.spellings import load_spellings
from app.model.graph import from_ntriples
from app.register.commands import Change, Create, RegisterAssociation
from app.register.decisions.draft_commands import (
    CorrectDecision,
    PublishDecision,
    SignDraft,
    SubmitDraft,
    WithdrawDecision,
)
from app.register.decisions.templates import templates
from app.register.handle import handle
from tests.exchange.test_harvest import World as Harvesting
from tests.register.builders import Make
from tests.register.test_deciding import SESSION, VOTE
from tests.web.conftest import Ask, asking
from tests.web.people import municipality
from tests.web.world import BASE, ROOT, World, open_world

SPELLINGS, PROFILES = load_spellings(ROOT), load_profiles(ROOT)
OFFICIAL = ROOT.parent / "shared" / "data" / "lblod" / "shacl"
GHENT = municipality("Gent")
LIST = "/besluiten/bekendmakingen/44021"
FIRST, SECOND, WITHDRAWN = "B0001001", "B0001002", "B0001003"
DECISIONS = "/doc/zitting/Z0001001/besluitenlijst"
PAGES = (f"/doc/besluit/{FIRST}", f"/doc/besluit/{SECOND}", f"/doc/besluit/{WITHDRAWN}")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A session with a recognition, a subsidy that was corrected and one that was withdrawn; a draft besides."""
    for made in open_world(tmp_path_factory.mktemp("announced")):
        register = made.service.register
        make = Make(register.codelists)
        club = make.minimal(naam="Chiro Élan & “Čović”", locaties=[make.location("Dorpsstraat", "12", isPrimair=True)])
        handle(RegisterAssociation(club), GHENT, register)
        session = handle(Create("zitting", SESSION), GHENT, register).entity
        codes = []
        for template in ("erkenning", "subsidie", "subsidie", "subsidie"):
            chosen = Choices("V0001001", "", "90001", "1.250", "2026-04-01", "2029-03-31", session, "Jeugdwerk")
            document = draft_from(templates(register.codelists)[template], chosen, register, GHENT)
            code = handle(Create("ontwerp", {**document, "stemming": VOTE}), GHENT, register).code
            codes.append(code)
        for code in codes[:3]:
            _publish(code, made)
        handle(CorrectDecision(codes[1], "Het bedrag was fout."), GHENT, register)
        handle(Change("ontwerp", codes[1], {"bedrag": "1.300"}), GHENT, register)
        _publish(codes[1], made)
        handle(WithdrawDecision(codes[2], "Dubbel genomen."), GHENT, register)
        made.follow()
        yield made


def _publish(code: str, world: World) -> None:
    for step in (SubmitDraft, SignDraft, PublishDecision):
        handle(step(code), GHENT, world.service.register)


@pytest.fixture(scope="module")
def ask(world: World) -> Ask:
    return asking(world)


def html_of(ask: Ask, path: str) -> str:
    answer = ask(path, accept="text/html")
    assert answer.status_code == 200
    return str(answer.text)


def page_of(ask: Ask, path: str) -> Page:
    return read_page(html_of(ask, path), BASE + path, SPELLINGS, "urn:x:")


@pytest.mark.parametrize(("path", "key"), [*((path, "besluit") for path in PAGES), (DECISIONS, "besluitenlijst")])
def test_each_page_reaches_level_three_and_needs_no_repair(ask: Ask, path: str, key: str) -> None:
    report = check_page(page_of(ask, path), PROFILES)
    assert [finding.message for finding in report.findings if finding.level or finding.bonus] == []
    assert (report.profile.key, report.level, report.notes) == (key, 3, ())


def stored(world: World, kind: str, code: str) -> set[str]:
    version = world.service.log.latest(f"{BASE}/id/{kind}/{code}")
    assert version is not None
    return set((version.public or b"").decode().splitlines())


@pytest.mark.parametrize("path", PAGES)
def test_the_page_of_a_decision_says_every_triple_of_it(world: World, ask: Ask, path: str) -> None:
    said = set(page_of(ask, path).graph.ntriples().decode().splitlines())
    assert stored(world, "besluit", path.rpartition("/")[2]) - said == set()


@pytest.mark.parametrize("path", PAGES)
def test_another_reader_of_rdfa_finds_the_same(
    world: World, ask: Ask, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)  # it would write every time otherwise than it stands
    options = Options(output_default_graph=True, output_processor_graph=False, embedded_rdf=False)
    graph = rdflib.Graph()
    reader = pyRdfa(options, base=BASE + path, media_type="text/html")
    reader.graph_from_source(io.StringIO(html_of(ask, path)), graph=graph, rdfOutput=False)
    said = from_ntriples(graph.serialize(format="nt").encode()).ntriples().decode().splitlines()
    assert stored(world, "besluit", path.rpartition("/")[2]) - set(said) == set()


def test_the_list_of_a_session_says_what_the_session_says(world: World, ask: Ask) -> None:
    read = document_of(
        "zitting",
        f"{BASE}/id/zitting/Z0001001",
        Reader(page_of(ask, DECISIONS).graph, Context(BASE, lambda unit: None)),
    )
    assert read is not None
    for term in ("geplandeStart", "start", "einde", "plaats", "voorzitter", "secretaris", "aanwezigen"):
        assert read[term] == SESSION[term], term
    assert [item["volgorde"] for item in read["agendapunten"]] == [1, 2, 3]
    assert [t["besluiten"] for t in read["behandelingen"]] == [
        [f"{BASE}/id/besluit/{c}"] for c in (FIRST, SECOND, WITHDRAWN)
    ]
    assert {v["gevolg"] for t in read["behandelingen"] for v in t["stemmingen"]} == {VOTE["gevolg"]}


SHAPES = [*((path, "decision.ttl") for path in PAGES), (DECISIONS, "decision-list.ttl")]


@pytest.mark.parametrize(("path", "name"), SHAPES)
def test_the_official_shapes_find_nothing(ask: Ask, path: str, name: str) -> None:
    """All that they say, but for a document's class: theirs is any concept, and they ask a name of none."""
    if not OFFICIAL.is_dir():
        pytest.skip(f"no shapes in {OFFICIAL}")
    shapes = rdflib.Graph().parse(OFFICIAL / name)
    data = rdflib.Graph().parse(data=page_of(ask, path).graph.ntriples(), format="nt")
    _, report, text = pyshacl.validate(data, shacl_graph=shapes)
    assert isinstance(report, rdflib.Graph)
    results = list(report.subjects(rdflib.RDF.type, SH.ValidationResult))
    assert [str(report.value(each, SH.resultPath)) for each in results] == [], text


def test_a_draft_is_on_no_page(ask: Ask) -> None:
    assert ask("/doc/besluit/B0001004", accept="text/html").status_code == 404
    assert ask("/doc/ontwerp/D0001001", accept="text/turtle").status_code == 404
    assert html_of(ask, LIST).count("heeftUittreksel") == 3


def test_what_was_set_right_or_withdrawn_says_so(ask: Ask) -> None:
    corrected, withdrawn = html_of(ask, PAGES[1]), html_of(ask, PAGES[2])
    assert "Rechtgezet." in corrected and "Het bedrag was fout." in corrected
    assert "Dit besluit is ingetrokken." in withdrawn and "Dubbel genomen." in withdrawn
    assert "Rechtgezet." not in html_of(ask, f"{PAGES[1]}?versie=1")


def test_the_list_of_a_municipality_leads_to_its_sessions_and_decisions(ask: Ask) -> None:
    text = html_of(ask, LIST)
    assert f'property="besluit:heeftBesluitenlijst" href="{BASE}{DECISIONS}"' in text
    assert f'property="besluit:heeftUittreksel" href="{BASE}{PAGES[0]}"' in text
    assert ask("/besluiten/bekendmakingen/44084", accept="text/html").status_code == 200
    assert ask("/besluiten/bekendmakingen/1", accept="text/html").status_code == 404


class Ours:
    """The fetcher of a harvester elsewhere: it asks us."""

    def __init__(self, ask: Ask) -> None:
        self.ask = ask

    def fetch(self, url: str, known: Known | None = None) -> Fetched:
        answer = self.ask(url.removeprefix(BASE), accept="text/html")
        return Fetched(url, answer.status_code, answer.content, "utf-8", "text/html")


def test_another_register_harvests_what_we_publish(ask: Ask, tmp_path: Path) -> None:
    there = Harvesting(tmp_path, base="http://elders.test")
    there.harvester._fetcher = Ours(ask)  # type: ignore[assignment]
    there.source = there.source.__class__("s1", "44021", BASE + LIST, "actief", "2026", "2026")
    run = there.run()
    assert (run.fetched, run.problems) == (5, [])
    found = there.document("besluit", f"{BASE}/id/besluit/{FIRST}")
    assert found is not None
    assert found["naam"] == "Jeugdwerk: Chiro Élan & “Čović”"
    assert (found["zelfdeAls"], found["niveau"]) == ([f"{BASE}/id/besluit/{FIRST}"], 3)
    assert found["gaatOver"] == [f"{BASE}/id/vereniging/V0001001"]
    assert [article["nummer"] for article in found["artikelen"]] == ["Artikel 1", "Artikel 2", "Artikel 3"]
    there.log.close()


def test_the_feeds_of_decisions_have_it(world: World) -> None:
    feeds = {feed for feed in world.service.log.feeds() if feed.startswith("besluiten")}
    assert {"besluiten", "besluiten/gemeente/44021", "besluiten/soort/subsidie-premie-erkenning"} <= feeds


def test_the_association_shows_its_recognition_with_the_decision(ask: Ask) -> None:
    [recognition] = ask("/doc/vereniging/V0001001.jsonld").json()["erkenningen"]
    assert recognition["besluit"] == f"{BASE}/id/besluit/{FIRST}"


@pytest.mark.parametrize("path", PAGES)
def test_the_pdf_says_the_same_and_can_be_read_aloud(ask: Ask, path: str) -> None:
    answer = ask(f"{path}.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    pdf = pypdf.PdfReader(io.BytesIO(answer.content))
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pdf.pages))
    assert "Chiro Élan & “Čović”" in text and "Artikel 1" in text and f"{BASE}/id{path.removeprefix('/doc')}" in text
    root: Any = pdf.trailer["/Root"]
    assert (root["/Lang"], root["/ViewerPreferences"]["/DisplayDocTitle"]) == ("nl-BE", True)
    assert pdf.metadata is not None and str(pdf.metadata.title) in text
    assert len(pdf.outline) >= 2
    assert ask(f"{path}.pdf").content == answer.content


def test_what_has_no_pdf_says_so(ask: Ask) -> None:
    assert ask("/doc/besluit/B0009999.pdf").status_code == 404
    assert ask("/doc/besluit/B0001004.pdf").status_code == 404
