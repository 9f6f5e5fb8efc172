"""The feeds in a browser, in the whole application with real associations."""

from __future__ import annotations

import pytest

from tests.web.conftest import HARMONY, HIDDEN, REMOVED, Ask
from tests.web.world import World

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PAGES = [
    ("/ldes", ["Feeds", "Verenigingen in Gent"]),
    ("/ldes/verenigingen", ["Verenigingen", "npx ldes-client http://loket.test/ldes/verenigingen", "JSON-LD"]),
    ("/ldes/verenigingen/gemeente/44021", ["Verenigingen in Gent"]),
    ("/ldes/verenigingen/gemeente/11002", ["Verenigingen in Antwerpen", "nog geen"]),
    ("/ldes/verenigingen/1", ["pagina 1", f"/id/vereniging/{HARMONY}/versie/2", "gewijzigd", "verdwenen"]),
]


@pytest.mark.parametrize(("path", "texts"), PAGES)
def test_a_browser_gets_a_page_that_explains_the_feed(ask: Ask, path: str, texts: list[str]) -> None:
    answer = ask(path, accept=BROWSER)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    for text in texts:
        assert text in answer.text


def test_the_hidden_are_in_no_feed_and_the_removed_only_as_such(world: World, ask: Ask) -> None:
    for suffix in ("trig", "nq", "jsonld", "ttl", "nt", "html"):
        assert HIDDEN not in ask(f"/ldes/verenigingen/1.{suffix}").text
    page = ask("/ldes/verenigingen/1.nq").text
    removed = f"<{world.iri(REMOVED)}/versie/2>"
    assert (
        f"{removed} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://www.w3.org/ns/activitystreams#Delete>"
        in page
    )
    assert f" {removed} .\n" not in page.replace(f"member> {removed} .\n", ""), "no payload"


def test_a_home_address_is_in_no_feed(ask: Ask) -> None:
    for suffix in ("trig", "jsonld", "ttl"):
        page = ask(f"/ldes/verenigingen/1.{suffix}").text
        assert "Dorpsstraat" in page
        assert "Geheimlaan" not in page


def test_a_feed_that_is_not_there_is_a_problem_or_a_page_by_what_is_asked(ask: Ask) -> None:
    assert ask("/ldes/verenigingen/99").headers["content-type"] == "application/problem+json"
    page = ask("/ldes/verenigingen/99", accept=BROWSER)
    assert (page.status_code, page.headers["content-type"].partition(";")[0]) == (404, "text/html")
