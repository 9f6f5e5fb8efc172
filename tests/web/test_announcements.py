"""A decision that is made here is a page that others read as we mean it: every level, every triple."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyshacl
import pytest
import rdflib
from rdflib.namespace import SH

from app.exchange.decision_read import Context, Reader, document_of
from app.exchange.fetching import Fetched, Known
from app.exchange.publication_check import check_page
from app.exchange.publication_profile import load_profiles
from app.exchange.rdfa import Page, read_page
from app.exchange.rdfa_spellings import load_spellings
from app.model.decision_templates import load_templates
from app.register.drafting import Writing, draft, draft_at, sign
from tests.exchange.test_harvest import World as Harvesting
from tests.register.test_drafting import MEETING, OFFICE, VALUES
from tests.web.conftest import Ask, asking
from tests.web.decision_world import Send, sending
from tests.web.people import as_manager, as_municipality, municipality
from tests.web.world import BASE, ROOT, World, open_world

SPELLINGS, PROFILES, TEMPLATES = load_spellings(ROOT), load_profiles(ROOT), load_templates(ROOT)
OFFICIAL = ROOT.parent / "shared" / "data" / "lblod" / "shacl"
GHENT = municipality("Gent")
LIST = "/besluiten/bekendmakingen/44021"
# Of no concern to who harvests: what we keep of it ourselves.
KEPT_HERE = {
    "niveau",
    "ondertekendOp",
    "datumLaatsteAanpassing",
    "versie",
    "hoogsteVolgnummer",
    "@type",
    "@id",
    "code",
    "gemeente",
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two decisions that were signed, and a draft."""
    for made in open_world(tmp_path_factory.mktemp("announced")):
        vzer, ghent = made.concept("verenigingstype", "VZER"), made.concept("gemeente", "Gent")
        made.put("V0001001", {"naam": "Chiro <Élan>", "verenigingstype": vzer, "gemeente": [ghent]})
        register = made.service.register
        for template in ("erkenning", "erkenning", "erkenning"):
            draft(Writing(TEMPLATES[template], MEETING, VALUES, "V0001001"), GHENT, register)
        for code in ("B0001001", "B0001002"):
            sign(code, GHENT, register)
        made.follow()
        yield made


@pytest.fixture(scope="module")
def ask(world: World) -> Ask:
    return asking(world)


def page_of(ask: Ask, code: str = "B0001001") -> Page:
    answer = ask(f"/besluiten/bekendmaking/{code}", accept="text/html")
    assert answer.status_code == 200
    return read_page(answer.content, f"{BASE}/besluiten/bekendmaking/{code}", SPELLINGS, "urn:x:")


def test_the_page_reaches_level_three_and_needs_no_repair(ask: Ask) -> None:
    report = check_page(page_of(ask), PROFILES)
    assert (report.profile.key, report.level, report.notes) == ("notulen", 3, ())
    assert [finding.message for finding in report.findings if finding.level] == []


def test_the_page_says_what_the_data_say(world: World, ask: Ask) -> None:
    read = Reader(page_of(ask).graph, Context(BASE, lambda unit: None))
    for kind, code in (("besluit", "B0001001"), ("zitting", "Z0001001")):
        told = draft_at(f"{BASE}/id/{kind}/{code}", world.service.register)
        read_back = document_of(kind, f"{BASE}/id/{kind}/{code}", read)
        assert read_back is not None
        stored = {term: value for term, value in told.items() if term not in KEPT_HERE and not term.startswith("@")}
        for term, value in stored.items():
            assert alike(read_back.get(term), value), (kind, term, read_back.get(term), value)


def alike(read: Any, stored: Any) -> bool:
    """The same, whatever part is called, whitespace apart; the order of a list of links does not count."""
    if isinstance(stored, dict) and isinstance(read, dict):
        return all(alike(read.get(t), v) for t, v in stored.items() if not t.startswith("@") and t not in LINKS)
    if isinstance(stored, list) and isinstance(read, list):
        pairs = zip(sorted(read, key=str), sorted(stored, key=str), strict=True)
        return all(alike(one, other) for one, other in pairs)
    if isinstance(stored, str) and "#" in stored and stored.startswith(BASE):
        return isinstance(read, str) and read.partition("#")[0] == stored.partition("#")[0]
    return bool(read == stored)


LINKS = {"zelfdeAls"}


@pytest.mark.parametrize("name", ["notulen.ttl", "decision.ttl"])
def test_the_official_shapes_find_nothing_that_a_level_needs(ask: Ask, name: str) -> None:
    """As their own engine tests: without SPARQL that only it takes, any IRI of any class, a place may be a text."""
    if not OFFICIAL.is_dir():
        pytest.skip(f"no shapes in {OFFICIAL}")
    shapes = rdflib.Graph().parse(OFFICIAL / name)
    shapes.remove((None, SH.sparql, None))
    data = rdflib.Graph().parse(data=page_of(ask).graph.ntriples(), format="nt")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes)
    assert isinstance(report, rdflib.Graph)
    level = rdflib.URIRef("http://lblod.data.gift/vocabularies/besluit/maturiteitsniveau")
    wrong = set()
    for result in report.subjects(rdflib.RDF.type, SH.ValidationResult):
        shape, path = report.value(result, SH.sourceShape), str(report.value(result, SH.resultPath))
        counts = name == "decision.ttl" or str(shapes.value(shape, level)).startswith("Niveau")
        of_class = report.value(result, SH.sourceConstraintComponent) == SH.ClassConstraintComponent
        any_iri = of_class and isinstance(report.value(result, SH.value), rdflib.URIRef)
        if counts and not any_iri and not path.endswith("#atLocation"):
            wrong.add((path, str(report.value(result, SH.resultMessage))))
    assert not wrong


def test_a_draft_is_on_no_page(ask: Ask) -> None:
    assert ask("/besluiten/bekendmaking/B0001003", accept="text/html").status_code == 404
    assert ask("/doc/besluit/B0001003", accept="text/turtle").status_code == 404
    assert "B0001003" not in ask(LIST, accept="text/html").text


def test_the_list_of_a_municipality_leads_to_its_decisions(ask: Ask) -> None:
    text = ask(LIST, accept="text/html").text
    assert f'property="besluit:heeftNotulen" href="{BASE}/besluiten/bekendmaking/B0001001"' in text
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
    assert (run.fetched, run.problems) == (3, [])
    found = there.document("besluit", f"{BASE}/id/besluit/B0001001")
    assert found is not None
    assert found["naam"] == "Besluit tot erkenning van Chiro <Élan> als jeugdvereniging"
    assert (found["zelfdeAls"], found["niveau"]) == ([f"{BASE}/id/besluit/B0001001"], 3)
    assert found["gaatOver"] == [f"{BASE}/id/vereniging/V0001001"]
    assert [article["nummer"] for article in found["artikelen"]] == ["Artikel 1", "Artikel 2", "Artikel 3"]
    there.log.close()


# --- Writing one ------------------------------------------------------------------------------------------------------

NEW = "/beheer/besluiten/nieuw"
FILLED = {
    "sjabloon": "subsidie", "vereniging": "v0001001", "vraag.doel": "een kamp", "vraag.bedrag": "300",
    "orgaan": "College van Burgemeester en Schepenen", "gepland": "2026-05-04T09:00", "begin": "2026-05-04T09:02",
    "einde": "2026-05-04T11:00", "plaats": "Stadhuis", "voorzitter": f"{OFFICE}1", "secretaris": f"{OFFICE}9",
    "aanwezigen": f"{OFFICE}1\n{OFFICE}2",
}  # fmt: skip


@pytest.fixture(scope="module")
def send(world: World) -> Send:
    return sending(world)


def test_a_clerk_writes_reads_over_and_signs(send: Send) -> None:
    assert "Subsidie aan een vereniging" in send(NEW, as_municipality("Gent")).text
    written = send(NEW, as_municipality("Gent"), **FILLED)
    assert written.status_code == 303
    place = written.headers["location"]
    text = send(place, as_municipality("Gent")).text
    assert "Subsidie aan Chiro &lt;Élan&gt; voor een kamp" in text and "Dit is een ontwerp." in text
    assert place in send(NEW, as_municipality("Gent")).text
    assert send(place, as_municipality("Aalter")).status_code == 403
    signed = send(place, as_municipality("Gent"), doe="onderteken")
    assert signed.headers["location"].startswith("/besluiten/bekendmaking/B")
    assert place not in send(NEW, as_municipality("Gent")).text
    assert send(place, as_municipality("Gent"), doe="weg").status_code == 403


def test_the_next_form_knows_the_session_of_the_last(send: Send) -> None:
    text = send(f"{NEW}?sjabloon=erkenning&vereniging=V0001001", as_municipality("Gent")).text
    assert "Stadhuis" in text and f"{OFFICE}2" in text and 'value="V0001001"' in text


def test_a_form_that_is_not_complete_comes_back_with_what_is_missing(send: Send) -> None:
    answer = send(NEW, as_municipality("Gent"), **{**FILLED, "vraag.doel": "", "begin": "straks", "vereniging": ""})
    assert answer.status_code == 400
    assert all(f'id="{name}-fout"' in answer.text for name in ("vraag.doel", "begin", "vereniging"))
    assert "een kamp" not in answer.text and "Stadhuis" in answer.text


def test_a_draft_can_be_thrown_away(send: Send) -> None:
    place = send(NEW, as_municipality("Gent"), **FILLED).headers["location"]
    assert send(place, as_municipality("Gent"), doe="weg").status_code == 303
    assert send(place, as_municipality("Gent")).status_code == 404


def test_who_is_no_municipality_writes_nothing(send: Send) -> None:
    assert send(NEW, as_manager()).status_code == 403
    assert send(NEW, as_municipality("Gent"), **{**FILLED, "sjabloon": "verzonnen"}).status_code == 404
