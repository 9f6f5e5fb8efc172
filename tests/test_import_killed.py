"""kill -9 in the middle of imports, fifty times: what comes out is what one undisturbed import gives."""

import os
import sys
from contextlib import closing
from itertools import cycle
from pathlib import Path
from random import Random

import pytest

from app.bootstrap.ambient import now
from app.cli.lists import COMMANDS
from app.cli.main import main
from app.model.graph import Graph, from_ntriples
from app.model.terms import SKOS
from app.store.log import Version, open_log
from fixtures.generate import STYLES, associations, write
from tests.killing import ready_to_fork
from tests.running import run

KILLS = 50
PLACES = ("Gent", "Brugge", "Leuven", "Hasselt", "Mechelen")
ROWS = 250
# What the command needs is read before it starts.
assert COMMANDS


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
    random, kills, context = Random(50), 0, ready_to_fork("tests.test_import_killed")
    for place, path in cycle(lists.items()):
        arguments = ("import", "associations", str(path), "--municipality", place, "--data", str(data))
        process = context.Process(target=in_silence, args=arguments)
        process.start()
        process.join(random.uniform(0.05, 2.5))
        if process.exitcode is None:
            process.kill()
            process.join()
            kills += 1
        if kills == KILLS:
            break
    for place, path in lists.items():
        done = run("import", "associations", str(path), "--municipality", place, "--data", str(data))
        assert done.returncode == 0, done.stderr


def in_silence(*arguments: str) -> None:
    """One command in a process that has read the program already, so that most of its time goes to the work."""
    for stream in (sys.stdout, sys.stderr):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    sys.exit(main(arguments))


def everything(data: Path) -> list[Version]:
    with closing(open_log(f"sqlite:///{data / 'log.sqlite'}", now)) as log:
        return log.read(0, 10**9)


def name(version: Version) -> str:
    graph: Graph = from_ntriples((version.public or b"") + version.internal)
    [entity] = [subject for subject in graph.subjects() if subject.value == version.entity]
    return str(graph.value(entity, SKOS.prefLabel))
