"""A municipality that came of a merger takes over the products of those that are no more."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from tests.products.builders import minimal
from tests.products.test_municipal_merger import NEW, OLD, OLD_NIS, Before
from tests.web.conftest import asking
from tests.web.people import as_manager, as_representative
from tests.web.test_product_desk import Clerk
from tests.web.world import open_world

HERE = "/beheer/fusie"


@pytest.fixture(scope="module")
def clerk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clerk]:
    for world in open_world(Path(tmp_path_factory.mktemp("fusie"))):
        yield Clerk(world, asking(world), NEW)


def test_a_merged_municipality_looks_moves_and_joins(clerk: Clerk) -> None:
    code = Before(clerk.world.service.register).add(minimal())
    html = unescape(clerk.get(HERE).text)
    assert code in html and f"Gemeente {OLD}" in html and "1 product overnemen" in html
    assert clerk.send(HERE, [("besluit", "overnemen")]).status_code == 303
    assert "Er staan geen producten meer" in clerk.get(HERE).text
    assert clerk.get(f"/doc/product/{code}").status_code == 200, "the old address answers as before"
    assert clerk.ask(f"/ldes/producten/gemeente/{OLD_NIS}", accept="text/turtle").status_code == 200
    twin = clerk.send(
        "/beheer/producten/nieuw",
        [("naam", "Werkingssubsidie"), ("beschrijving", "Steun."), ("besluit", "bekendmaken")],
    ).headers["location"].rpartition("/")[2]  # fmt: skip
    assert "Staat er twee keer" in clerk.get(HERE).text
    joined = [("besluit", "samenvoegen"), ("gaat", code), ("blijft", twin)]
    assert clerk.send(HERE, joined).status_code == 303
    gone = clerk.ask(f"/doc/product/{code}", accept="text/turtle")
    assert gone.status_code == 410 and twin in gone.headers["link"]
    assert clerk.send(HERE, [("besluit", "samenvoegen"), ("gaat", twin), ("blijft", twin)]).status_code == 400
    assert f"opgegaan in {twin}" in clerk.get(HERE).text
    assert clerk.send(HERE, [("besluit", "terugdraaien"), ("product", code)]).status_code == 303
    assert clerk.get(f"/doc/product/{code}").status_code == 200
    again = clerk.send(HERE, [("besluit", "terugdraaien"), ("product", "P9999999")])
    assert again.status_code == 400 and "teruggedraaid" in again.text


def test_where_nothing_merged_the_page_says_so(clerk: Clerk) -> None:
    assert "komt niet uit een fusie" in Clerk(clerk.world, clerk.ask, "Gent").get(HERE).text


def test_a_flemish_administrator_chooses_a_municipality(clerk: Clerk) -> None:
    ask = clerk.ask
    assert "Pajottegem" in ask(HERE, accept="text/html", **as_manager()).text
    assert "Naar Pajottegem" in ask(f"{HERE}?gemeente=23106", accept="text/html", **as_manager()).text
    assert ask(f"{HERE}?gemeente=nergens", accept="text/html", **as_manager()).status_code == 404
    assert ask(HERE, accept="text/html", **as_representative("V0001001")).status_code == 403
