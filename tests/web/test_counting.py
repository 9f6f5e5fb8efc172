"""What visitors look at and look for is counted, unless they object or are programs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from app.register.commands import Create
from app.register.handle import handle
from app.register.reports.usage import Counter
from app.store.usage import TABLE
from tests.products.builders import minimal
from tests.web.conftest import HARMONY, Ask, asking, fill
from tests.web.people import municipality
from tests.web.world import World, open_world

BROWSER = {"user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0", "accept": "text/html"}


@dataclass
class Place:
    world: World
    ask: Ask
    counter: Counter
    product: str

    def counted(self) -> dict[tuple[str, str, str], tuple[int, int]]:
        self.counter.flush()
        with self.world.service.log.database.reading() as connection:
            rows = connection.execute(TABLE.select()).all()
        return {(row.event, row.subject.rpartition("/")[2], row.place): (row.times, row.visitors) for row in rows}

    def forget(self) -> None:
        self.counter.flush()
        with self.world.service.log.database.writing() as connection:
            connection.execute(TABLE.delete())


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    for world in open_world(tmp_path_factory.mktemp("geteld")):
        fill(world)
        log = world.service.log
        counter = Counter(log.database, lambda: datetime(2026, 3, 1, 12, tzinfo=UTC), os.urandom)
        counted = World(replace(world.service, counter=counter))
        code = handle(Create("product", minimal()), municipality("Gent"), world.service.register).code
        yield Place(counted, asking(counted), counter, code)


@pytest.fixture
def place(whole: Place) -> Place:
    whole.forget()
    return whole


def test_pages_are_counted_and_data_are_not(place: Place) -> None:
    for path in (f"/doc/vereniging/{HARMONY}", f"/doc/vereniging/{HARMONY}", f"/doc/product/{place.product}"):
        assert place.ask(path, **BROWSER).status_code == 200
    place.ask(f"/doc/vereniging/{HARMONY}.jsonld", **BROWSER)
    place.ask(f"/doc/vereniging/{HARMONY}?versie=1", **BROWSER)
    assert place.counted() == {("pagina", HARMONY, ""): (2, 1), ("pagina", place.product, ""): (1, 1)}


@pytest.mark.parametrize(
    "headers",
    [
        {"dnt": "1"}, {"sec_gpc": "1"}, {"sec_purpose": "prefetch;prerender"}, {"user_agent": "curl/8.14"},
        {"user_agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}, {"user_agent": ""},
    ],
    ids=str,
)  # fmt: skip
def test_who_objects_and_what_is_no_person_is_not_counted(place: Place, headers: dict[str, str]) -> None:
    assert place.ask(f"/doc/vereniging/{HARMONY}", **{**BROWSER, **headers}).status_code == 200
    assert place.counted() == {}


def test_searches_are_counted_once_a_list_with_the_municipality_and_what_gave_nothing(place: Place) -> None:
    for path in ("/verenigingen?naam=Harmonie&gemeente=Gent", "/aanbod?zoek=ZAAL%20huren", "/verenigingen?naam=xyzzy"):
        place.ask(path, **BROWSER)
    place.ask("/verenigingen?naam=harmonie&pagina=1", **BROWSER)
    assert place.counted() == {
        ("zoek-verenigingen", "harmonie", "44021"): (1, 1),
        ("zoek-aanbod", "zaal huren", ""): (1, 1), ("niets-aanbod", "zaal huren", ""): (1, 1),
        ("zoek-verenigingen", "xyzzy", ""): (1, 1), ("niets-verenigingen", "xyzzy", ""): (1, 1),
    }  # fmt: skip


def test_what_a_stranger_says_is_the_municipality_is_not_kept(place: Place) -> None:
    place.ask("/aanbod?zoek=zaal&gemeente=85010100115", **BROWSER)
    assert {key[2] for key in place.counted()} == {""}


def test_no_personal_value_that_is_searched_for_is_kept(place: Place) -> None:
    for text in ("85010100115", "jan@voorbeeld.be", "0470123456", "BE68539007547034"):
        place.ask(f"/verenigingen?naam={text}", **BROWSER)
        place.ask(f"/aanbod?zoek={text}", **BROWSER)
    assert place.counted() == {}


def test_nobody_gets_a_cookie(place: Place) -> None:
    assert "set-cookie" not in place.ask("/aanbod?zoek=zaal", **BROWSER).headers
