"""kill -9 in the middle of imports, fifty times: what comes out is what one undisturbed import gives."""

import subprocess
from contextlib import closing
from itertools import cycle
from pathlib import Path
from random import Random

import pytest

from app.bootstrap.ambient import now
from app.model.graph import Graph, from_ntriples
from app.model.terms import SKOS
from app.store.log import Version, open_log
from fixtures.generate import STYLES, associations, write
from tests.running import PROGRAM, run

KILLS = 50
PLACES = ("Gent", "Brugge", "Leuven", "Hasselt", "Mechelen")
ROWS = 600


@pytest.mark.slow
def test_fifty_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    lists = {place: tmp_path / f"{place}.csv" for place in PLACES}
    for seed, (place, path) in enumerate(lists.items()):
        write(path, associations(place, ROWS, seed), STYLES["sjabloon"])
    for place, path in lists.items():
        done = run("import", "associations", str(path), "--municipality", place, "--data", str(tmp_path / "rust"))
        assert done.returncode == 0, done.stderr
    import_with_kills(lists, tmp_path / "storm")
    undisturbed, killed = everything(tmp_path / "rust"), everything(tmp_path / "storm")
    assert len(undisturbed) > len(PLACES) * ROWS * 0.9
    assert [version.sequence for version in killed] == list(range(1, len(killed) + 1))
    assert len({version.entity for version in killed}) == len(killed)
    assert sorted(name(version) for version in killed) == sorted(name(version) for version in undisturbed)
    assert run("validate", "--data", str(tmp_path / "storm")).returncode == 0


def import_with_kills(lists: dict[str, Path], data: Path) -> None:
    """Import the lists over and over, killing each time at a random moment; at last, all of them to the end."""
    random, kills = Random(50), 0
    for place, path in cycle(lists.items()):
        command = [*PROGRAM, "import", "associations", str(path), "--municipality", place, "--data", str(data)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=random.uniform(0.8, 3.0))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            kills += 1
        if kills == KILLS:
            break
    for place, path in lists.items():
        done = run("import", "associations", str(path), "--municipality", place, "--data", str(data))
        assert done.returncode == 0, done.stderr


def everything(data: Path) -> list[Version]:
    with closing(open_log(f"sqlite:///{data / 'log.sqlite'}", now)) as log:
        return log.read(0, 10**9)


def name(version: Version) -> str:
    graph: Graph = from_ntriples((version.public or b"") + version.internal)
    [entity] = [subject for subject in graph.subjects() if subject.value == version.entity]
    return str(graph.value(entity, SKOS.prefLabel))
