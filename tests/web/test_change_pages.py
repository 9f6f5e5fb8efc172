"""What changed, for everybody: as a reader of feeds that others wrote reads it, and no more than everybody may know."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest

from tests.web.conftest import HARMONY, HIDDEN, PLAIN, REMOVED, Ask, asking
from tests.web.world import World, open_world

MANY = 120


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An association that changed its short name 120 times."""
    for made in open_world(tmp_path_factory.mktemp("busy")):
        kind = made.concept("verenigingstype", "VZER")
        for number in range(1, MANY + 1):
            made.put(HARMONY, {"naam": "De Harmonie", "korteNaam": f"H{number}", "verenigingstype": kind})
        yield made


def read(ask: Ask, path: str) -> Any:
    answer = ask(path)
    assert answer.status_code == 200, answer.text
    found = feedparser.parse(answer.content)
    assert not found.bozo, found.bozo_exception
    return found


def test_a_feed_reader_reads_when_who_and_what(ask: Ask, world: World) -> None:
    found = read(ask, "/wijzigingen.atom")
    assert found.version == "atom10" and found.feed.language == "nl"
    entry = next(each for each in found.entries if each.id == f"{world.iri(HARMONY)}/versie/2")
    assert entry.title == f"Koninklijke Harmonie De Ware Vrienden ({HARMONY}): korte naam gewijzigd"
    assert entry.author == "Gemeente Gent" and entry.link.endswith(f"/doc/vereniging/{HARMONY}")
    assert entry.updated.startswith("2026-03-") and "Korte naam gewijzigd: DWV" in entry.content[0].value


def test_the_newest_comes_first(ask: Ask) -> None:
    times = [each.updated for each in read(ask, "/wijzigingen.atom").entries]
    assert len(times) > 3 and times == sorted(times, reverse=True)


@pytest.mark.parametrize("query", ["", "?gemeente=44021", "?gemeente=Gent", "?feed=verenigingen/gemeente/44021"])
def test_per_municipality_or_all(ask: Ask, query: str) -> None:
    assert read(ask, f"/wijzigingen.atom{query}").entries


def test_per_association(ask: Ask) -> None:
    found = read(ask, f"/wijzigingen.atom?vereniging={HARMONY}")
    assert [entry.title.rpartition(": ")[2] for entry in found.entries] == [
        "korte naam gewijzigd", "in het register gekomen",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "status"),
    [("gemeente=Nergens", 404), ("feed=geheim", 404), ("vereniging=V0009999", 404), ("vereniging=x", 404),
     (f"vereniging={HIDDEN}", 404), (f"vereniging={REMOVED}", 200), ("archief=99", 404), ("archief=-1", 404)],
)  # fmt: skip
@pytest.mark.parametrize("suffix", ["", ".atom", ".json"])
def test_what_is_not_there_is_not_found(ask: Ask, suffix: str, query: str, status: int) -> None:
    assert ask(f"/wijzigingen{suffix}?{query}").status_code == status


def test_what_is_hidden_or_personal_is_in_no_channel(ask: Ask) -> None:
    for suffix in (".atom", ".json", ""):
        text = ask(f"/wijzigingen{suffix}").text
        assert HARMONY in text and PLAIN in text
        assert HIDDEN not in text and "Verborgen" not in text and "Geheimlaan" not in text


def test_a_reason_is_told_to_nobody(ask: Ask) -> None:
    assert "Dubbel van een andere" not in ask("/wijzigingen.atom").text + ask("/wijzigingen.json").text


def test_older_changes_are_in_archives_that_a_reader_follows_to_the_first(busy: World) -> None:
    ask, path = asking(busy), "/wijzigingen.atom"
    found: list[str] = []
    documents = 0
    while path:
        feed = read(ask, path)
        documents += 1
        found += [entry.id for entry in feed.entries]
        links = {link.rel: link.href for link in feed.feed.links}
        following = urlsplit(links.get("prev-archive", ""))
        path = f"{following.path}?{following.query}" if following.path else ""
    assert documents == 3
    assert set(found) == {f"{busy.iri(HARMONY)}/versie/{number}" for number in range(1, MANY + 1)}


def test_an_archive_says_so_and_never_changes(busy: World) -> None:
    ask = asking(busy)
    answer = ask("/wijzigingen.atom?archief=1")
    assert "<fh:archive" in answer.text and 'rel="current"' in answer.text
    assert "immutable" in answer.headers["cache-control"]
    assert "immutable" not in ask("/wijzigingen.atom").headers["cache-control"]
    assert len(feedparser.parse(answer.content).entries) == 50


def test_who_has_it_gets_304(ask: Ask) -> None:
    first = ask("/wijzigingen.atom")
    assert ask("/wijzigingen.atom", if_none_match=first.headers["etag"]).status_code == 304


def test_json_feed_has_the_whole_message(ask: Ask) -> None:
    document = ask("/wijzigingen.json").json()
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert document["feed_url"].endswith("/wijzigingen.json?feed=verenigingen")
    item = next(each for each in document["items"] if each["_wijziging"]["code"] == HARMONY)
    assert item["_wijziging"]["velden"][0]["veld"] == "korteNaam" and item["date_published"] <= "2026-03-31"


def test_a_name_with_marks_of_html_is_text(ask: Ask) -> None:
    assert "<b>" not in ask("/wijzigingen", accept="text/html").text.replace("&lt;b&gt;", "")
    assert any("<b>&" in entry["title"] for entry in ask("/wijzigingen.json").json()["items"])


def test_what_no_xml_may_hold_is_left_out(tmp_path: Path) -> None:
    for made in open_world(tmp_path):
        made.put(HARMONY, {"naam": "De \x02Club", "verenigingstype": made.concept("verenigingstype", "VZER")})
        assert read(asking(made), "/wijzigingen.atom").entries[0].title.startswith("De Club")


def test_the_page_of_an_association_leads_to_its_feed(ask: Ask) -> None:
    assert f"/wijzigingen.atom?vereniging={HARMONY}" in ask(f"/doc/vereniging/{HARMONY}", accept="text/html").text
    assert (
        f"/wijzigingen.atom?vereniging={HARMONY}"
        in ask(f"/doc/vereniging/{HARMONY}/historiek", accept="text/html").text
    )
