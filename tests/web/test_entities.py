"""Dereferencing: `/id`, `/doc`, formats, caching, versions, and what is not there."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.web.conftest import HARMONY, HIDDEN, PLAIN, REMOVED, STOPPED, Ask
from tests.web.world import BASE, World

DOC = f"/doc/vereniging/{HARMONY}"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
ACCEPTED = [
    (None, "application/ld+json"),
    ("*/*", "application/ld+json"),
    ("application/json", "application/ld+json"),
    ("application/ld+json", "application/ld+json"),
    ("text/turtle", "text/turtle; charset=utf-8"),
    ("application/n-triples", "application/n-triples"),
    ("application/trig", "application/trig"),
    ("application/rdf+xml", "application/rdf+xml"),
    (BROWSER, "text/html; charset=utf-8"),
    ("text/turtle;q=0.4, application/rdf+xml;q=0.8", "application/rdf+xml"),
]
SUFFIXES = {
    "jsonld": "application/ld+json",
    "json": "application/ld+json",
    "ttl": "text/turtle; charset=utf-8",
    "nt": "application/n-triples",
    "trig": "application/trig",
    "rdf": "application/rdf+xml",
    "xml": "application/rdf+xml",
    "html": "text/html; charset=utf-8",
}
REDIRECTS = [
    (f"/id/vereniging/{HARMONY}", 303, DOC),
    (f"/id/vereniging/{HARMONY.lower()}", 303, DOC),
    (f"/id/vereniging/{HARMONY}.ttl", 303, f"{DOC}.ttl"),
    (f"/id/vereniging/{HARMONY}/versie/1", 303, f"{DOC}?versie=1"),
    (f"/id/vereniging/{HIDDEN}", 303, f"/doc/vereniging/{HIDDEN}"),
    (f"/doc/vereniging/{HARMONY.lower()}", 301, DOC),
    (f"/doc/vereniging/{HARMONY.lower()}.ttl?versie=1", 301, f"{DOC}.ttl?versie=1"),
    (f"/doc/vereniging/{HARMONY.lower()}/historiek", 301, f"{DOC}/historiek"),
]
NOT_THERE = [
    ("/doc/vereniging/V9999999", 404),
    ("/doc/vereniging/niets", 404),
    ("/doc/onbekend/1", 404),
    ("/id/onbekend/1", 404),
    (f"/doc/vereniging/{HIDDEN}", 404),
    (f"/doc/vereniging/{HIDDEN}?versie=1", 404),
    (f"/doc/vereniging/{HIDDEN}/historiek", 404),
    (f"{DOC}?versie=3", 404),
    (f"{DOC}?versie=0", 404),
    (f"{DOC}?versie=een", 400),
    (f"{DOC}?versie=-1", 400),
    (f"{DOC}?versie=²", 400),
    (f"{DOC}.pdf", 404),
    (f"/doc/vereniging/{REMOVED}", 410),
    (f"/doc/vereniging/{REMOVED}.ttl", 410),
    (f"/doc/vereniging/{REMOVED}?versie=1", 410),
]


def links(answer: httpx.Response) -> list[tuple[str, str]]:
    """(target, relation) of each link in the Link header."""
    return re.findall(r'<([^>]*)>; rel="([^"]*)"', answer.headers["link"])


@pytest.mark.parametrize("accept, media_type", ACCEPTED)
def test_the_format_follows_the_accept_header(ask: Ask, accept: str | None, media_type: str) -> None:
    answer = ask(DOC, **({"accept": accept} if accept else {}))
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
    assert "Accept" in answer.headers["vary"]


@pytest.mark.parametrize("suffix, media_type", SUFFIXES.items())
def test_the_suffix_wins_over_the_accept_header(ask: Ask, suffix: str, media_type: str) -> None:
    answer = ask(f"{DOC}.{suffix}", accept="image/png")
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)


def test_what_we_cannot_make_is_refused(ask: Ask) -> None:
    answer = ask(DOC, accept="image/png")
    assert answer.status_code == 406
    assert "text/turtle" in answer.json()["title"]


@pytest.mark.parametrize("path, status, location", REDIRECTS)
def test_an_address_leads_to_the_document(ask: Ask, path: str, status: int, location: str) -> None:
    answer = ask(path)
    assert (answer.status_code, answer.headers["location"]) == (status, location)


@pytest.mark.parametrize("path, status", NOT_THERE)
def test_what_is_not_there_is_told_honestly(ask: Ask, path: str, status: int) -> None:
    answer = ask(path)
    assert answer.status_code == status
    assert answer.json()["status"] == status


def test_hidden_and_never_registered_answer_alike(ask: Ask) -> None:
    hidden, never = (ask(f"/doc/vereniging/{code}").json() for code in (HIDDEN, "V9999999"))
    assert hidden["title"].replace(HIDDEN, "") == never["title"].replace("V9999999", "")
    assert hidden["type"] == never["type"]


def test_what_was_removed_names_what_replaced_it(ask: Ask, world: World) -> None:
    answer = ask(f"/doc/vereniging/{REMOVED}")
    assert answer.json()["dct:isReplacedBy"] == {"@id": world.iri(HARMONY)}
    assert (world.iri(HARMONY), "http://purl.org/dc/terms/isReplacedBy") in links(answer)
    page = ask(f"/doc/vereniging/{REMOVED}", accept=BROWSER)
    assert page.status_code == 410 and world.iri(HARMONY) in page.text
    assert f'href="/doc/vereniging/{REMOVED}/historiek"' in page.text


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_known_tag_is_answered_with_304(ask: Ask, suffix: str) -> None:
    first = ask(f"{DOC}.{suffix}")
    again = ask(f"{DOC}.{suffix}", if_none_match=f'"anders", W/{first.headers["etag"]}')
    assert again.status_code == 304 and again.content == b""
    assert again.headers["etag"] == first.headers["etag"]
    assert "link" in again.headers and "vary" in again.headers


def test_the_tag_differs_for_each_format_and_version(ask: Ask) -> None:
    tags = [ask(f"{DOC}.{suffix}").headers["etag"] for suffix in ("jsonld", "ttl", "nt", "trig", "rdf", "html")]
    tags += [ask(f"{DOC}.ttl?versie=1").headers["etag"], ask(f"/doc/vereniging/{PLAIN}.ttl").headers["etag"]]
    assert len(set(tags)) == len(tags)


def test_the_date_of_the_last_change_is_known_and_asked_for(ask: Ask) -> None:
    modified = ask(DOC).headers["last-modified"]
    assert modified.startswith("Sun, 01 Mar 2026")
    assert ask(DOC, if_modified_since=modified).status_code == 304
    assert ask(DOC, if_modified_since="Sat, 28 Feb 2026 00:00:00 GMT").status_code == 200
    assert ask(DOC, if_modified_since=modified, if_none_match='"anders"').status_code == 200
    assert ask(DOC, if_modified_since="gisteren").status_code == 200
    assert ask(DOC, if_modified_since="Sat, 28 Feb 2026 00:00:00 -0000").status_code == 200


def test_links_tell_where_the_rest_is(ask: Ask, world: World) -> None:
    found = links(ask(DOC))
    page = BASE + DOC
    assert (page, "canonical") in found
    assert (world.iri(HARMONY), "about") in found
    assert ("https://data.vlaanderen.be/ns/FeitelijkeVerenigingen#Vereniging", "type") in found
    assert (f"{BASE}/shapes/vereniging", "describedby") in found
    assert (f"{page}/historiek", "version-history") in found
    assert {target for target, rel in found if rel == "alternate"} == {
        f"{page}.{suffix}" for suffix in ("jsonld", "ttl", "nt", "trig", "rdf", "html")
    }


def test_links_lead_somewhere(ask: Ask) -> None:
    own = [target for target, _ in links(ask(DOC)) if target.startswith(BASE)]
    assert len(own) > 8
    assert all(ask(target.removeprefix(BASE)).status_code in (200, 303) for target in own)


def test_an_older_version_is_what_it_was(ask: Ask) -> None:
    now, then = ask(DOC).json(), ask(f"{DOC}?versie=1")
    assert (now["korteNaam"], then.json()["korteNaam"]) == ("DWV", "De Ware Vrienden")
    assert then.headers["memento-datetime"] == then.headers["last-modified"]
    assert (f"{BASE}{DOC}?versie=1", "canonical") in links(then)
    assert "Dit is versie 1" in ask(f"{DOC}?versie=1", accept=BROWSER).text


@pytest.mark.parametrize(
    "moment, number",
    [
        ("Sat, 01 Jan 2000 00:00:00 GMT", 1),
        ("Sun, 01 Mar 2026 09:30:00 GMT", 1),
        ("Fri, 01 Jan 2027 00:00:00 GMT", 2),
    ],
)
def test_a_time_traveller_is_led_to_the_version_of_that_moment(ask: Ask, moment: str, number: int) -> None:
    answer = ask(DOC, accept_datetime=moment)
    assert (answer.status_code, answer.headers["location"]) == (302, f"{DOC}?versie={number}")
    assert "Accept-Datetime" in answer.headers["vary"]


def test_a_home_address_and_what_is_internal_are_in_no_format(ask: Ask) -> None:
    for suffix in SUFFIXES:
        text = ask(f"{DOC}.{suffix}").text
        assert "Geheimlaan" not in text
        assert "zichtbaarInLoket" not in text


def test_a_page_shows_what_a_visitor_wants_to_know(ask: Ask) -> None:
    page = ask(DOC, accept=BROWSER).text
    for text in (
        "Koninklijke Harmonie De Ware Vrienden", "1 mei 1987", "Dorpsstraat 12 bus 3", "0428.315.871", HARMONY,
        'href="mailto:info@warevrienden.example"', 'href="tel:+3292223344"', "Vanaf 8 jaar", "Vlamo", "Versie 2",
    ):  # fmt: skip
        assert text in page


def test_a_page_escapes_what_people_typed(ask: Ask) -> None:
    page = ask(f"/doc/vereniging/{PLAIN}", accept=BROWSER).text
    assert "<b>&" not in page and "&lt;b&gt;&amp;" in page


def test_a_stopped_association_says_so(ask: Ask) -> None:
    page = ask(f"/doc/vereniging/{STOPPED}", accept=BROWSER).text
    assert "Gestopt" in page and "31 augustus 2025" in page
