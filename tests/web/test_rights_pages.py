"""The table of rights, readable: for who is logged in, for everybody, and as data."""

import pytest

from app.model.graph import parse_graph
from tests.web.conftest import Ask
from tests.web.people import Headers, as_dpo, as_federation, as_manager, as_municipality, as_representative
from tests.web.world import World


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        (as_municipality("Gent"), "met de rol gemeente"),
        (as_federation("V0001001"), "met de rol federatie"),
        (as_manager(), "met de rol Vlaamse beheerder"),
        (as_dpo(), "met de rol functionaris voor gegevensbescherming"),
    ],
)
def test_a_clerk_reads_what_is_allowed(ask: Ask, headers: Headers, own: str) -> None:
    answer = ask("/beheer/rechten", **headers)
    assert answer.status_code == 200
    assert own in answer.text
    assert "verenigingen registreren" in answer.text


def test_the_pages_of_the_administration_are_not_for_a_representative(ask: Ask) -> None:
    assert ask("/beheer/rechten", **as_representative("V0001001")).status_code == 403


def test_everybody_can_read_the_table(ask: Ask) -> None:
    text = ask("/rechten", accept="text/html").text
    assert "Verenigingen met hun voornaamste locatie op eigen grondgebied" in text
    assert "Wat hier niet staat, mag niet." in text


def test_the_table_is_data_under_its_own_addresses(ask: Ask, world: World) -> None:
    answer = ask("/rechten.ttl")
    graph = parse_graph(answer.content)
    assert set(graph) == set(world.service.schema.permissions.graph)
    assert f"{world.service.base}/rechten#rol-gemeente" in answer.text or "#rol-gemeente" in answer.text
