"""The list of products that are to be looked at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.products.builders import full
from tests.web.conftest import asking
from tests.web.people import as_representative
from tests.web.test_product_desk import Clerk, made
from tests.web.world import open_world

HERE = "/beheer/nazicht"


@pytest.fixture(scope="module")
def clerk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clerk]:
    for world in open_world(Path(tmp_path_factory.mktemp("nazicht"))):
        yield Clerk(world, asking(world), "Gent")


def test_a_clerk_looks_at_what_is_overdue(clerk: Clerk) -> None:
    code = made(clerk, full(nazichtOp="2026-01-15"))
    html = clerk.get(HERE).text
    assert code in html and "Nazicht verstreken" in html and "Eigenaar: jeugdconsulent" in html
    assert code not in clerk.get(f"{HERE}?waarom=concept").text
    assert code not in clerk.get(f"{HERE}?mijn=1").text
    for said in ([("nazichtOp", "ooit")], [("nazichtOp", "2020-01-01")]):
        assert clerk.send(f"{HERE}/{code}", [*said, ("versie", "1")]).status_code == 400
    assert clerk.send(f"{HERE}/{code}", [("nazichtOp", "2027-01-15"), ("versie", "9")]).status_code == 409
    assert clerk.send(f"{HERE}/{code}", [("nazichtOp", "2027-01-15"), ("versie", "1")]).status_code == 303
    assert "Nazicht verstreken</span>" not in clerk.get(HERE).text
    assert clerk.document(code)["nazichtOp"] == "2027-01-15"


def test_only_an_administration_comes_in(clerk: Clerk) -> None:
    assert clerk.ask(HERE, accept="text/html", **as_representative("V0001001")).status_code == 403
