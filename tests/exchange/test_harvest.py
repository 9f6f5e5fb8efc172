"""Harvesting the decisions that a municipality publishes, as specifications about one small site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.exchange.decisions.terms import code_of
from app.exchange.fetching import Fetched, Known, NotFetched, Why
from app.exchange.harvest import pages as harvest_pages
from app.exchange.harvest.pages import Harvester, ReadingTools, raw_path
from app.exchange.publication.profile import load_profiles
from app.exchange.rdfa.spellings import load_spellings
from app.model.codelists import load_codelists
from app.model.documents import to_document
from app.model.graph import from_ntriples
from app.model.schema import load_schema
from app.model.shapes import load_checker
from app.register.register import Register
from app.store.harvests import ACTIVE, GONE, Harvests, Source
from app.store.log import open_log
from app.store.vault import Cipher

ROOT = Path(__file__).parent.parent.parent
SCHEMA, CODELISTS = load_schema(ROOT, "http://loket.test"), load_codelists(ROOT)
CHECKER = load_checker(SCHEMA, "vereniging")
TOOLS = ReadingTools(load_spellings(ROOT), load_profiles(ROOT))
SITE = "https://raad.aalter.be"
MINUTES = (ROOT / "fixtures" / "voorbeelden" / "notulen.html").read_text()
DECISION, SESSION = "https://raad.voorbeeldgem.be/id/besluiten/1", "https://raad.voorbeeldgem.be/id/zittingen/12"
LIST = '<a property="besluit:heeftNotulen" href="/notulen/{}">Notulen</a>'


class Clock:
    """Stands still until somebody moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 4, 1, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class Site:
    """Pages by their path; what is None is gone, and an exception is raised."""

    def __init__(self) -> None:
        self.pages: dict[str, str | NotFetched | None] = {}
        self.asked: list[str] = []

    def fetch(self, url: str, known: Known | None = None) -> Fetched:
        path = url.removeprefix(SITE)
        self.asked.append(path)
        page = self.pages.get(path)
        if isinstance(page, NotFetched):
            raise page
        if page is None:
            return Fetched(url, 404)
        kind = "application/pdf" if page == "%PDF" else "text/html"
        tag = str(hash(page))
        if known and known.etag == tag:
            return Fetched(url, 304, known=known)
        return Fetched(url, 200, page.encode(), "utf-8", kind, Known(etag=tag))


class World:
    """A register, a site and a harvester between them."""

    def __init__(self, folder: Path, base: str = "http://loket.test") -> None:
        schema = SCHEMA if base == SCHEMA.base else load_schema(ROOT, base)
        self.schema = schema
        self.clock, self.site = Clock(), Site()
        self.log = open_log(f"sqlite:///{folder / 'log.sqlite'}", self.clock, Cipher(bytes(32)))
        self.register = Register(schema, CODELISTS, CHECKER, self.log, self.clock)
        self.harvests = Harvests(self.log.database)
        self.folder = folder / "oogst"
        self.harvester = Harvester(self.register, self.harvests, self.site, TOOLS, self.folder)  # type: ignore[arg-type]
        self.source = Source("s1", "44084", f"{SITE}/", ACTIVE, "2026", "2026")

    def run(self, later: timedelta = timedelta(days=2)) -> Any:
        self.clock.now += later
        return self.harvester.run(self.source)

    def document(self, kind: str, iri: str) -> dict[str, Any] | None:
        type = self.schema.entity_types[kind]
        version = self.log.latest(type.iri(code_of(iri)))
        if version is None or version.operation == "delete":
            return None
        return to_document(from_ntriples((version.public or b"") + version.internal), type, version.entity)

    def decision(self) -> dict[str, Any]:
        found = self.document("besluit", DECISION)
        assert found is not None
        return found


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    made.site.pages = {"/": LIST.format(12), "/notulen/12": MINUTES}
    yield made
    made.log.close()


class Nobody:
    """Knows of nobody in office."""

    def asking(self, most: int) -> Any:
        return lambda iri: False


def test_the_level_counts_whether_people_in_office_are_there_when_somebody_can_be_asked(world: World) -> None:
    world.harvester._tools = replace(TOOLS, officials=Nobody())  # type: ignore[arg-type]
    world.run()
    assert world.decision()["niveau"] == 1


def test_a_site_is_followed_along_the_links_that_say_so(world: World) -> None:
    world.site.pages["/"] = LIST.format(12) + '<a href="/elders">x</a><a property="dct:title" href="/ook">y</a>'
    run = world.run()
    assert world.site.asked == ["/", "/notulen/12"]
    assert (run.fetched, run.changed, run.written, run.problems) == (2, 2, 2, [])


def test_a_decision_comes_in_whole(world: World) -> None:
    world.run()
    found = world.decision()
    session = f"http://loket.test/id/zitting/{code_of(SESSION)}"
    assert found["naam"] == "Besluit tot erkenning van Chiro De Vlinders als jeugdvereniging"
    assert found["zelfdeAls"] == [DECISION]
    assert found["bronnen"] == [f"{SITE}/notulen/12"]
    assert found["zittingsdatum"] == "2026-03-23"
    assert found["soorten"] == [
        "https://data.vlaanderen.be/id/concept/BesluitType/d7060f97-c417-474c-abc6-ef006cb61f41"
    ]
    assert found["gemeente"] == "http://vocab.belgif.be/auth/refnis2025/44084"
    assert found["behandeling"].startswith(f"{session}#behandeling-")
    assert [(a["nummer"], a["naam"], a["volgorde"]) for a in found["artikelen"]] == [("Artikel 1", "Erkenning", 1)]
    assert (found["orgaan"]["naam"], found["niveau"], found["versie"]) == ("Gemeenteraad", 3, 1)


def test_a_session_comes_in_with_its_order_as_lists_and_as_numbers(world: World) -> None:
    world.run()
    found = world.document("zitting", SESSION)
    assert found is not None
    first, second = found["agendapunten"]
    assert (first["volgorde"], second["volgorde"], second["na"]) == (1, 2, first["@id"])
    treated, _ = found["behandelingen"]
    assert treated["agendapunt"] == first["@id"]
    assert treated["besluiten"] == [f"http://loket.test/id/besluit/{code_of(DECISION)}"]
    [vote] = treated["stemmingen"]
    assert (vote["aantalVoorstanders"], vote["gevolg"], len(vote["voorstanders"])) == (2, "goedgekeurd", 2)


def test_no_name_of_a_person_is_kept(world: World) -> None:
    named = MINUTES.replace(
        ">voorzitter<", '><b property="foaf:familyName">Janssens</b><i property="foaf:name">An Janssens</i><'
    )
    world.site.pages["/notulen/12"] = named
    world.run()
    kept = world.harvests.page(f"{SITE}/notulen/12")
    assert kept is not None and kept.graph is not None and b"Janssens" not in kept.graph
    assert all(b"Janssens" not in (version.public or b"") for version in world.log.read(0, 100))


def test_what_did_not_change_writes_nothing(world: World) -> None:
    world.run()
    run = world.run(timedelta(days=40))
    assert (run.unchanged, run.changed, run.written) == (2, 0, 0)


def test_a_page_that_says_the_same_in_other_html_writes_nothing(world: World) -> None:
    world.run()
    world.site.pages["/notulen/12"] = MINUTES.replace("<body", "<body class='nieuw'").replace("<h2>", "\n\n<h2>")
    run = world.run(timedelta(days=40))
    assert (run.changed, run.written) == (1, 0)


def test_what_goes_and_comes_back_comes_back(world: World) -> None:
    names = []
    for name in ("A", "B", "A"):
        world.site.pages["/notulen/12"] = MINUTES.replace("Besluit tot erkenning van Chiro De Vlinders", name)
        world.run(timedelta(days=40))
        names.append((world.decision()["naam"], world.decision()["versie"]))
    assert names == [("A als jeugdvereniging", 1), ("B als jeugdvereniging", 2), ("A als jeugdvereniging", 3)]


def test_a_field_that_a_page_drops_is_gone(world: World) -> None:
    world.run()
    world.site.pages["/notulen/12"] = MINUTES.replace('property="eli:title_short"', "")
    world.run(timedelta(days=40))
    assert "citeeropschrift" not in world.decision()


def test_a_page_is_gone_only_when_it_is_gone_twice(world: World) -> None:
    world.run()
    world.site.pages["/notulen/12"] = None
    world.run(timedelta(days=40))
    assert world.document("besluit", DECISION) is not None
    run = world.run(timedelta(days=2))
    assert run.gone == 1
    assert world.document("besluit", DECISION) is None
    page = world.harvests.page(f"{SITE}/notulen/12")
    assert page is not None and page.state == GONE


def test_a_decision_that_a_page_no_longer_has_is_archived_and_comes_back_under_its_own_address(world: World) -> None:
    world.run()
    world.site.pages["/notulen/12"] = "<p>Even niets</p>"
    world.run(timedelta(days=40))
    assert world.document("besluit", DECISION) is None
    world.site.pages["/notulen/12"] = MINUTES
    world.run(timedelta(days=40))
    assert world.decision()["versie"] == 3


def test_what_two_pages_say_stays_until_both_are_silent(world: World) -> None:
    world.site.pages |= {"/": LIST.format(12) + LIST.format(13), "/notulen/13": MINUTES}
    world.run()
    assert world.decision()["bronnen"] == [f"{SITE}/notulen/12", f"{SITE}/notulen/13"]
    world.site.pages["/notulen/12"] = "<p>niets"
    world.run(timedelta(days=40))
    assert world.decision()["bronnen"] == [f"{SITE}/notulen/13"]


def test_of_two_pages_the_one_that_changed_last_is_believed(world: World) -> None:
    world.site.pages |= {"/": LIST.format(12) + LIST.format(13), "/notulen/13": MINUTES}
    world.run()
    world.site.pages["/notulen/13"] = MINUTES.replace("Besluit tot erkenning van", "Rechtgezet:")
    world.run(timedelta(days=40))
    assert world.decision()["naam"].startswith("Rechtgezet:")


def test_one_bad_page_stops_no_other(world: World) -> None:
    bad: dict[str, str | NotFetched | None] = {
        "/notulen/9": NotFetched(Why.NETWORK, "Er kwam geen antwoord binnen de tijd."),
        "/notulen/10": "%PDF",
        "/notulen/11": "<!-- niets -->",
    }
    world.site.pages |= {"/": "".join(LIST.format(n) for n in (9, 10, 11, 12)), **bad}
    run = world.run()
    assert [url.removeprefix(SITE) for url, _ in run.problems] == ["/notulen/10", "/notulen/11", "/notulen/9"]
    assert world.document("besluit", DECISION) is not None
    assert len(world.harvests.troubled("s1")) == 3


def test_a_page_that_fails_for_a_while_keeps_what_it_said(world: World) -> None:
    world.run()
    world.site.pages["/notulen/12"] = NotFetched(Why.BUSY, "De site vraagt om later terug te komen.", 30)
    world.run(timedelta(days=40))
    assert world.document("besluit", DECISION) is not None


def test_a_run_that_is_broken_off_goes_on_where_it_was(world: World) -> None:
    world.site.pages["/"] = "".join(LIST.format(n) for n in range(1, 6))
    world.clock.now += timedelta(days=1)
    world.harvester.run(world.source, limit=3)
    before = len(world.site.asked)
    world.harvester.run(world.source)
    assert world.site.asked[:before] == ["/", "/notulen/1", "/notulen/2"]
    assert set(world.site.asked[before:]) >= {"/notulen/3", "/notulen/4", "/notulen/5"}


def test_a_sitemap_is_a_list_of_pages(world: World) -> None:
    world.site.pages["/"] = (
        f"<?xml version='1.0'?><urlset xmlns='x'><url><loc>{SITE}/notulen/12</loc></url>"
        "<url><loc>https://elders.be/x</loc></url></urlset>"
    )
    world.run()
    assert world.site.asked == ["/", "/notulen/12"]
    assert world.document("besluit", DECISION) is not None


def test_the_page_as_it_came_is_kept_under_its_digest(world: World) -> None:
    world.run()
    page = world.harvests.page(f"{SITE}/notulen/12")
    assert page is not None and raw_path(world.folder, page.digest).exists()


def test_what_was_mended_stands_with_the_decision(world: World) -> None:
    world.site.pages["/notulen/12"] = MINUTES.replace("eli: http://data.europa.eu/eli/ontology#", "")
    world.run()
    assert "voorvoegsel: eli:title → http://data.europa.eu/eli/ontology#title" in world.decision()["herstellingen"]


def test_each_feed_has_its_views(world: World) -> None:
    world.run()
    for feed in ("besluiten", "besluiten/gemeente/44084", "besluiten/soort/subsidie-premie-erkenning", "zittingen"):
        assert world.log.feed_size(feed) == 1, feed


def test_a_site_without_end_is_followed_to_a_limit_and_the_operator_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(harvest_pages, "MOST_PAGES", 30)
    locations = "".join(f"<url><loc>{SITE}/notulen/{number}</loc></url>" for number in range(40_000))
    world.site.pages["/"] = f"<?xml version='1.0'?><urlset xmlns='x'>{locations}</urlset>"
    run = world.run()
    assert len(world.site.asked) == 30
    assert str(run).endswith(" " + harvest_pages.ENDLESS.format(most=30))
    world.run()
    assert len(set(world.site.asked)) == 30, "the next round knows no more"
