"""A client of OData 4 that others made (python-odata) reads our metadata, and asks by what it found there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from app.exchange.register_api.hidden import finder_in
from app.register.reports.reporting import Reporter, Sources, load_reports
from tests.conformance.feed_server import serving
from tests.running import free_port
from tests.web.conftest import HARMONY
from tests.web.v1_world import CLUBS, filled
from tests.web.world import ROOT, open_world

odata = pytest.importorskip("odata", reason="python-odata is not installed")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from app.web.app import create_app

    folder, port = tmp_path_factory.mktemp("odata"), free_port()
    for world in open_world(folder, base=f"http://127.0.0.1:{port}"):
        filled(world)
        service = world.service
        finder = finder_in(service.search, service.hidden, service.register)
        sources = Sources(service.public, service.internal, finder)
        reporter = Reporter(service.register, sources, load_reports(ROOT))
        with serving(create_app(replace(world.service, reporter=reporter)), port):
            yield odata.ODataService(f"http://127.0.0.1:{port}/odata/", reflect_entities=True, quiet_progress=True)


def test_it_finds_every_list_in_the_metadata(service: Any) -> None:
    assert {"Verenigingen", "Locaties", "Contactgegevens", "Hoofdactiviteiten"} <= set(service.entities)


def test_it_filters_orders_and_counts(service: Any) -> None:
    club = service.entities["Verenigingen"]
    query = service.query(club)
    found = query.filter(club.naam.contains("Zwemclub")).filter(club.minimumleeftijd > 3).order_by(club.naam.desc())
    assert [one.naam for one in found.all()] == [f"Zwemclub Nummer {number} St.-Jan" for number in (5, 4, 2)]
    assert service.query(club).filter(club.status == "Actief").count() == CLUBS + 1


def test_it_reads_a_row_by_its_key(service: Any) -> None:
    found = service.query(service.entities["Verenigingen"]).get(HARMONY)
    assert (found.naam, found.startdatum) == ("Koninklijke Harmonie De Ware Vrienden", "1987-05-01")


def test_it_brings_other_lists_along(service: Any) -> None:
    club = service.entities["Verenigingen"]
    [found] = service.query(club).filter(club.vCode == HARMONY).expand(club.Locaties).all()
    assert [place.postcode for place in found.Locaties] == ["9000", "9050"]


def test_it_reads_reports_as_it_reads_lists(service: Any) -> None:
    report = service.entities["Rapport_verenigingen_per_status"]
    found = service.query(report).filter(report.aantal > 1).order_by(report.aantal.desc()).all()
    assert [(one.status, one.aantal) for one in found] == [("Actief", CLUBS + 1)]
    assert not any(name.startswith("Rapport_interacties") for name in service.entities)


def test_it_understands_our_errors(service: Any) -> None:
    with pytest.raises(odata.ODataError, match="heeft geen kolom zolder"):
        service.query(service.entities["Verenigingen"]).filter("zolder eq 'x'").all()
