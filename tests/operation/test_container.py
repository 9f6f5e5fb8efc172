"""The example of a container, built and run by the very commands that it tells.

Needs root, podman and a kernel that lets containers run. A package that lacks is a failure in CI. A kernel that refuses
is not, as where CI itself runs in a closed container: the tests then skip with what it said.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.operation.containers import ROOT, Container, contained
from tests.running import wait_for

pytestmark = pytest.mark.slow
LIST = ROOT / "fixtures/voorbeelden/producten-aalter.csv"
COUNT = {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}
WALLS = "from app.store.queries.confine import confine; print(*sorted(confine(2_000_000_000, ['/tmp'])))"
ALLOCATOR = "from app.store.queries.allocator import allocator; print(allocator())"


@pytest.fixture(scope="module")
def container(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Container]:
    with contained(tmp_path_factory.mktemp("container")) as running:
        until_healthy(running)
        yield running


def until_healthy(container: Container) -> None:
    """As the engine itself sees it."""
    check = ("healthcheck", "run", "loket")
    wait_for(lambda: container.podman(*check, check=False) == "" and ready(container), "it is not healthy")


def ready(container: Container) -> bool:
    return container.podman("inspect", "--format={{.State.Health.Status}}", "loket") == "healthy"


def test_it_answers_on_the_port_that_was_opened(container: Container) -> None:
    assert container.get("/ready").json()["ready"]
    page = container.get("/catalogus", headers={"accept": "text/turtle"}).text
    assert "https://loket.voorbeeld.be" in page and "0.0.0.0" not in page


def test_figures_are_for_the_machine_that_it_runs_on(container: Container) -> None:
    assert container.get("/metrics").status_code == 200


def test_it_is_nobody_special_and_writes_nowhere_but_on_its_volume(container: Container) -> None:
    status = container.podman("exec", "loket", "cat", "/proc/1/status")
    assert "Uid:\t10001\t" in status and "CapBnd:\t0000000000000000" in status
    places = "/ /etc /opt/verenigingsloket /home /usr/bin /run/secrets /var"
    tried = container.podman(
        "exec", "loket", "sh", "-c", f"for each in {places}; do touch $each/x && echo $each; done; true"
    )
    assert tried == "/run/secrets"


def test_questions_of_strangers_are_answered_behind_the_same_walls_as_elsewhere(container: Container) -> None:
    answer = container.get("/sparql", params=COUNT, headers={"accept": "text/csv"})
    assert answer.status_code == 200 and int(answer.text.split()[1]) > 1000
    here = subprocess.run([sys.executable, "-c", WALLS], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert here.strip() == container.podman("exec", "loket", "python", "-c", WALLS) != ""


def test_its_workers_have_the_allocator_with_which_a_query_costs_less(container: Container) -> None:
    assert "jemalloc" in container.podman("exec", "loket", "python", "-c", ALLOCATOR)


def test_it_stops_in_time_and_goes_on_where_it_was(container: Container) -> None:
    container.podman("exec", "--interactive", "loket", "sh", "-c", "cat >/data/lijst.csv", given=LIST.read_text())
    container.podman(
        "exec", "loket", "verenigingsloket", "import", "products", "/data/lijst.csv", "--municipality", "Aalter"
    )
    before = container.get("/health").json()["sequence"]
    container.podman("stop", "--time=10", "loket")
    # 137 would be a kill, after these ten seconds.
    assert container.podman("inspect", "--format={{.State.ExitCode}}", "loket") == "0"
    container.podman("start", "loket")
    until_healthy(container)
    assert container.get("/health").json()["sequence"] == before > 0
