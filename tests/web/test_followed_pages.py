"""The feeds that we follow, on the web: for who runs the service."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

import httpx
import pytest

from app.exchange.following import Follower
from app.exchange.ldes.client import FeedReader
from app.exchange.ldes.contexts import load_contexts
from app.exchange.products.ipdc_concepts import ConceptTaker
from app.exchange.stubs.ipdc_concepts import concept_iri, invented
from app.register.commands import Create
from app.register.handle import handle
from app.store import followed
from tests.exchange.ipdc_world import STREAM, make_stub, through
from tests.products.builders import minimal
from tests.register.builders import GENT, ROOT
from tests.web.conftest import Ask, asking
from tests.web.people import Headers, as_manager, as_municipality
from tests.web.world import World, open_world

AT = "/beheer/bronnen"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A stream of three concepts, one of which cannot go in."""
    stub = make_stub(list(invented(3)))
    stub.change(concept_iri(7), "invalid")
    for made in open_world(tmp_path_factory.mktemp("bronnen")):
        register = made.service.register
        client = httpx.Client(transport=httpx.MockTransport(through(stub)))
        reader = FeedReader(client, lambda: 0.0, lambda seconds: None, lambda: 0.5, 0)
        follower = Follower(register, reader, load_contexts(ROOT), {followed.CONCEPTS: ConceptTaker(register)})
        feed = followed.Feed("ipdc", followed.CONCEPTS, STREAM, "Concepten van de IPDC", followed.ACTIVE, "", "")
        with register.log.database.writing() as connection:
            followed.put_feed(connection, feed)
        follower.run(feed)
        yield World(replace(made.service, follower=follower))


@pytest.fixture(scope="module")
def ask(world: World) -> Ask:
    return asking(world)


def post(ask: Ask, doe: str, headers: Headers, feed: str = "ipdc", **more: str) -> httpx.Response:
    body = urlencode({"doe": doe, **more}).encode()
    return ask(f"{AT}/{feed}", "POST", body, content_type=FORM, **headers)


def add(ask: Ask, name: str, url: str) -> httpx.Response:
    return ask(AT, "POST", urlencode({"naam": name, "url": url}).encode(), content_type=FORM, **as_manager())


def test_who_runs_the_service_sees_what_came_in_and_what_waits_and_why(ask: Ask) -> None:
    page = ask(f"{AT}/ipdc", **as_manager()).text
    for word in ("Concepten van de IPDC", "Een concept heeft een titel nodig", "Probeer opnieuw", "opnieuw vanaf"):
        assert word in page
    row = ask(f"{AT}/ipdc.json", **as_manager()).json()
    assert (row["verwerkt"], row["aantalOpzij"], row["gelezenPaginas"]) == (3, 1, 2)
    assert row["opzij"][0]["problemen"][0]["veld"] == "naam"
    assert "Concepten van de IPDC" in ask(AT, **as_manager()).text
    assert ask(f"{AT}.json", **as_manager()).json()["bronnen"][0]["id"] == "ipdc"


@pytest.mark.parametrize("path", [AT, f"{AT}/ipdc", f"{AT}/ipdc.json"])
def test_nobody_else_does(ask: Ask, path: str) -> None:
    assert ask(path, **as_municipality("Gent")).status_code == 403


def test_trying_again_stopping_and_going_on(ask: Ask, world: World) -> None:
    database = world.service.log.database
    before = followed.aside(database, "ipdc")[0].due
    assert post(ask, "opnieuw", as_manager()).status_code == 303
    assert followed.aside(database, "ipdc")[0].due != before
    for state in (followed.STOPPED, followed.ACTIVE):
        post(ask, state, as_manager())
        found = followed.feed_with(database, "ipdc")
        assert found is not None and found.state == state


@pytest.mark.parametrize("path", [f"{AT}/niets", f"{AT}/niets.json"])
def test_a_feed_that_is_not_there(ask: Ask, path: str) -> None:
    assert ask(path, **as_manager()).status_code == 404


def test_what_the_form_does_not_have_is_refused(ask: Ask) -> None:
    assert post(ask, "iets", as_manager()).status_code == 404
    assert post(ask, "opnieuw", as_municipality("Gent")).status_code == 403


def test_a_feed_of_a_vendor_is_added_and_speaks_for_who_is_named(ask: Ask) -> None:
    made = add(ask, "Gent (QA)", "https://ldes.qa.voorbeeld.be/lpdc")
    assert (made.status_code, made.headers["location"]) == (303, f"{AT}/gent-qa")
    assert "Nog voor geen enkel" in ask(f"{AT}/gent-qa", **as_manager()).text
    assert post(ask, "machtig", as_manager(), "gent-qa", organisatie="Gemeente Gent").status_code == 303
    [owner] = ask(f"{AT}/gent-qa.json", **as_manager()).json()["besturen"]
    assert owner["naam"] == "Gemeente Gent"
    post(ask, "trek-in", as_manager(), "gent-qa", organisatie=owner["bestuur"])
    assert ask(f"{AT}/gent-qa.json", **as_manager()).json()["besturen"] == []


def test_what_went_in_with_remarks_is_listed_with_them(ask: Ask, world: World) -> None:
    why = "Overgenomen.\ncontactgegevens[0].email: Dit is geen geldig e-mailadres."
    hinted = followed.Thing("ipdc", "urn:ding", "urn:ding/1", "2026", followed.APPLIED, why=why, time="2026-01-01")
    with world.service.log.database.writing() as connection:
        followed.put_things(connection, [hinted])
    page = ask(f"{AT}/ipdc", **as_manager()).text
    assert "met opmerkingen" in page and "contactgegevens[0].email" in page
    [row] = ask(f"{AT}/ipdc.json", **as_manager()).json()["opmerkingen"]
    assert row["problemen"] == [{"veld": "contactgegevens[0].email", "probleem": "Dit is geen geldig e-mailadres."}]
    with world.service.log.database.writing() as connection:
        followed.drop_things(connection, [hinted])


def test_the_page_of_what_a_vendor_sent_links_only_what_a_browser_opens(ask: Ask, world: World) -> None:
    odd = {"telefoonnummer": "04123456781", "email": "info@gent.be1", "url": "javascript:alert(1)"}
    document = minimal(contactgegevens=[odd], websites=[{"naam": {"nl": "Zaal"}, "url": "javascript:alert(2)"}])
    code = handle(Create("product", document, incoming=True), GENT, world.service.register).code
    world.follow()
    page = ask(f"/doc/product/{code}").text
    assert all(value in page for value in odd.values()) and "Zaal" in page
    assert 'href="javascript' not in page and 'href="None"' not in page


WRONG = [("", "https://a.be/x", "naam"), ("x" * 99, "https://a.be/x", "naam"), ("Nieuw", "a.be", "url")]


@pytest.mark.parametrize("name, url, path", WRONG)
def test_a_feed_without_a_name_or_address_is_refused(ask: Ask, name: str, url: str, path: str) -> None:
    body = urlencode({"naam": name, "url": url}).encode()
    answer = ask(AT, "POST", body, accept="application/json", content_type=FORM, **as_manager())
    assert answer.status_code == 400 and path in answer.text


def test_two_feeds_do_not_have_one_name(ask: Ask) -> None:
    assert [add(ask, "Twee keer", "https://a.be/1").status_code for _ in range(2)] == [303, 400]


def test_an_administration_that_nobody_knows_is_refused(ask: Ask) -> None:
    assert post(ask, "machtig", as_manager(), "ipdc", organisatie="zzzzzzzz").status_code == 400


def test_a_rehearsal_says_what_would_happen(ask: Ask, world: World) -> None:
    page = post(ask, "proef", as_manager()).text
    assert "Proefronde" in page and "kunnen niet binnen" in page and "Een concept heeft een titel nodig" in page
