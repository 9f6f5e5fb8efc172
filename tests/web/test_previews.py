"""The form of a product helps to write, and shows how each portal will show it; neither keeps anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.products.builders import full
from tests.web.conftest import asking
from tests.web.test_product_desk import Clerk, made
from tests.web.world import open_world

HERE = "/beheer/producten"


@pytest.fixture(scope="module")
def clerk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clerk]:
    for world in open_world(Path(tmp_path_factory.mktemp("schrijven"))):
        yield Clerk(world, asking(world), "Gent")


def test_the_form_says_what_could_be_better_beside_what_is_wrong(clerk: Clerk) -> None:
    hard = "Teneinde te huren wordt een formulier ingevuld."
    said = [("naam", "Zaal"), ("beschrijving", hard), ("besluit", "nakijken")]
    html = clerk.send(f"{HERE}/nieuw", said).text
    assert "Makkelijker: om." in html and "Zeg wie het doet" in html and 'href="#contactgegevens"' in html
    assert "Alles is goed ingevuld." in html


def test_each_portal_shows_what_is_for_its_readers(clerk: Clerk) -> None:
    code = made(clerk, full())
    html = clerk.get(f"{HERE}/{code}/voorbeeld").text
    burger, _, rest = html.partition("e-loketondernemers.be")
    association = rest.partition('id="loket-3"')[2]
    assert "de doelgroep burgers is niet gekozen" in burger
    assert (
        "Werkingssubsidie voor jeugdverenigingen" in association
        and "E-loket" in association
        and "9.00 tot 12.30 uur" in association
    )
    assert "Wie belt terug?" not in html, "what is internal is shown in no portal"


def test_a_form_is_looked_at_before_it_is_kept(clerk: Clerk) -> None:
    head = clerk.world.service.log.head()
    audience = clerk.world.concept("doelgroep", "Burger")
    said = [("naam", "Fuif melden"), ("beschrijving", "Half"), ("doelgroepen", audience), ("besluit", "voorbeeld")]
    html = clerk.send(f"{HERE}/nieuw", said).text
    assert "Wat burgers zien" in html and "Fuif melden" in html and "Er is nog niets bewaard" in html
    assert clerk.send(f"{HERE}/nieuw", [("besluit", "voorbeeld")]).status_code == 200
    assert clerk.world.service.log.head() == head
