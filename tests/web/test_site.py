"""The site as a whole: every link leads somewhere, every page is built as it should be."""

from __future__ import annotations

import doctest
import re
from html.parser import HTMLParser
from types import ModuleType
from urllib.parse import quote, urljoin, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.web import pages, paging
from app.web.data import jsonld
from tests.web.conftest import REMOVED, Ask
from tests.web.world import BASE, World

BROWSER = "text/html,*/*;q=0.8"
# Answered by another application of its own, or not pages.
ELSEWHERE = ("/sparql", "/static/", "/dumps/")
# Of these, the list itself stands for all.
LONG_LIST = re.compile(
    r"/doc/categorie/(besluittype|bestuursorgaan|gemeente|organisatie|toepassingsgebied|werkingsgebied"
    r"|youreuropecategorie)-"
)


class Page(HTMLParser):
    """What the tests ask of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.inline: list[str] = []
        self.unlabelled: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        # Within a drawing a title is what shows beside a pointer.
        self.tags.append("svg:title" if tag == "title" and "body" in self.tags else tag)
        # Choices of a list combine without end; as search engines do, those are left alone.
        if given.get("rel") != "nofollow":
            self.links |= {given[name] for name in ("href", "src", "action") if name in given}
        self.ids += [given["id"]] if "id" in given else []
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in given and given.get("type") != "application/ld+json"):
            self.inline.append(tag)
        if tag in ("input", "select") and given.get("type") != "hidden":
            self.unlabelled.add(given.get("id", tag))
        if tag == "label":
            self.unlabelled.discard(given["for"])
            self.labels = getattr(self, "labels", set()) | {given["for"]}


def crawl(ask: Ask) -> dict[str, str]:
    """Every page of our own that can be reached from the home page, with its text."""
    found, queue = {}, ["/"]
    while queue:
        path = queue.pop()
        answer = ask(path, accept=BROWSER)
        while answer.status_code in (301, 303):
            answer = ask(answer.headers["location"], accept=BROWSER)
        # A feed and a history tell of a removal, and lead to the page that says so.
        assert answer.status_code == (410 if REMOVED in path and "historiek" not in path else 200), path
        found[path] = answer.text if "text/html" in answer.headers["content-type"] else ""
        for link in sorted(Page(found[path]).links):
            address = urlsplit(urljoin(BASE + path, link))
            target = address.path + (f"?{address.query}" if address.query else "")
            if f"{address.scheme}://{address.netloc}" != BASE or target in found or target in queue:
                continue
            if not target.startswith(ELSEWHERE) and not LONG_LIST.match(target):
                queue.append(target)
    return found


@pytest.fixture(scope="module")
def site(ask: Ask) -> dict[str, str]:
    return {path: text for path, text in crawl(ask).items() if text}


def test_every_link_of_the_site_leads_to_a_page(site: dict[str, str]) -> None:
    assert len(site) > 60
    for path in ("/verenigingen", "/doc/vereniging/V0001001", "/catalogus/verenigingen", "/privacy", "/ldes"):
        assert path in site


def test_every_page_is_dutch_with_one_heading_and_a_skip_link(site: dict[str, str]) -> None:
    for path, text in site.items():
        page = Page(text)
        assert '<html lang="nl">' in text, path
        assert page.tags.count("h1") == 1 and page.tags.count("main") == 1 and page.tags.count("title") == 1, path
        assert "#inhoud" in page.links and "inhoud" in page.ids, path
        assert len(page.ids) == len(set(page.ids)), path


def test_no_page_needs_inline_code_or_another_host(site: dict[str, str]) -> None:
    for path, text in site.items():
        assert Page(text).inline == [], path
        outside = re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="(https?://[^"]+)"', text)
        assert [address for address in outside if not address.startswith(BASE)] == [], path


def test_every_field_of_a_form_has_a_label(site: dict[str, str]) -> None:
    for path, text in site.items():
        page = Page(text)
        assert page.unlabelled - getattr(page, "labels", set()) == set(), path


def test_no_page_shows_an_empty_or_undefined_value(site: dict[str, str]) -> None:
    for path, text in site.items():
        assert not re.search(r">\s*(None|Undefined|\[\]|\(\))\s*<", text), path


def test_static_files_are_kept_for_ever_under_the_digest_of_their_content(ask: Ask) -> None:
    (address,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', ask("/").text)
    assert "immutable" in ask(address).headers["cache-control"]
    assert "immutable" not in ask("/static/site.css").headers["cache-control"]
    assert ask("/static/../app.py").status_code == 404


def test_health_tells_how_far_the_stores_are(ask: Ask, world: World) -> None:
    answer = ask("/health")
    head = world.service.log.head()
    assert answer.json() == {
        "status": "ok", "version": "0.1.0", "role": "leider", "sequence": head,
        "applied": {"public": head, "internal": head}, "behind": 0,
        "chores": {"failed": []},
        "telling": {"outbox": head, "deliveries": {}, "subscriptions": {}},
    }  # fmt: skip
    assert answer.headers["cache-control"] == "no-store"


def test_void_gives_the_figures_of_the_store(ask: Ask, world: World) -> None:
    text = ask("/.well-known/void").text
    assert f"void:sparqlEndpoint <{BASE}/sparql>" in text
    assert f"void:exampleResource <{world.iri('V0001001')}>" in text
    assert re.search(r"void:class fv:Vereniging ;\s+void:entities 3 ", text)
    assert ask("/.well-known/void", accept="application/rdf+xml").headers["content-type"] == "application/rdf+xml"


@pytest.mark.parametrize("module", [jsonld, pages, paging], ids=lambda module: module.__name__)
def test_the_examples_in_the_text_are_right(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0


HEADERS = st.sampled_from(["accept", "accept_datetime", "if_none_match", "if_modified_since", "range"])
STARTS = ["", "id/vereniging/", "doc/vereniging/V0001001", "doc/categorie/", "catalogus", "dumps/", "context/", "ldes/"]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from(STARTS),
    rest=st.text(max_size=20),
    query=st.text(max_size=20),
    headers=st.dictionaries(HEADERS, st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=30)),
)
def test_nothing_that_one_can_ask_breaks_the_site(
    ask: Ask, start: str, rest: str, query: str, headers: dict[str, str]
) -> None:
    answer = ask(f"/{start}{quote(rest, safe='/')}?versie={quote(query)}&page={quote(query)}", **headers)
    assert answer.status_code < 500
