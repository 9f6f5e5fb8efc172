"""The units as they are printed, under a systemd that really runs: on a small Debian that nspawn starts.

Needs root, nspawn and a kernel that lets a machine start in a machine. A package that lacks is a failure in CI.
A kernel that refuses is not, as where CI itself runs in a closed container: the tests then skip with what it said.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import httpx
import pytest

from tests.operation.machine import ROOT, SOCKET, UNIT, Machine, booted
from tests.operation.proxies import example
from tests.running import PATIENCE, wait_for
from tests.test_restart import Crowd

pytestmark = pytest.mark.slow
LOG = "/var/lib/verenigingsloket/log.sqlite"
COUNT = {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}
LIST = ROOT / "fixtures/voorbeelden/producten-aalter.csv"
WALLS = "from app.store.queries.confine import confine; print('muren:', *sorted(confine(2_000_000_000, ['/tmp'])))"
PYTHON = "/opt/verenigingsloket/bin/python"


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with booted(tmp_path_factory.mktemp("systemd")) as started:
        started.run("systemctl", "enable", "--now", SOCKET, UNIT)
        yield started


def get(machine: Machine, path: str) -> httpx.Response:
    return httpx.get(machine.address + path, timeout=PATIENCE)


def starts(machine: Machine) -> int:
    return machine.journal().count('"event": "started"')


def active(machine: Machine) -> bool:
    return [machine.shown(name) for name in ("ActiveState", "SubState")] == ["active", "running"]


def test_it_is_active_once_it_answers(machine: Machine) -> None:
    assert active(machine) and starts(machine) == 1
    assert get(machine, "/ready").json()["ready"]


def test_it_owns_nothing_but_its_folder(machine: Machine) -> None:
    uid = machine.run("stat", "--format=%u %a", LOG).split()
    assert int(uid[0]) > 60_000 and uid[1] == "600"
    status = machine.run("cat", f"/proc/{machine.shown('MainPID')}/status")
    assert re.search(r"^CapBnd:\s+0+$", status, re.M) and re.search(r"^NoNewPrivs:\s+1$", status, re.M)


def test_questions_of_strangers_are_answered(machine: Machine) -> None:
    answer = httpx.get(f"{machine.address}/sparql", params=COUNT, headers={"accept": "text/csv"}, timeout=PATIENCE)
    assert answer.status_code == 200 and int(answer.text.split()[1]) > 1000


def test_their_workers_stand_behind_the_same_walls_as_without_the_unit(machine: Machine) -> None:
    there = machine.run(PYTHON, "-c", WALLS)
    assert "network" in there
    changes = {
        "Type=notify": "Type=oneshot",
        "Requires=verenigingsloket.socket": "",
        "StateDirectory=verenigingsloket": "",
        "ExecStart=/opt/verenigingsloket/bin/verenigingsloket serve --data /var/lib/verenigingsloket":
            f'ExecStart={PYTHON} -c "{WALLS}"',
    }  # fmt: skip
    (machine.root / "etc/systemd/system/muren.service").write_text(example("systemd", changes))
    machine.run("systemctl", "start", "muren")
    assert there in machine.run("journalctl", "--no-pager", "--output=cat", "--unit=muren")


def test_another_command_runs_beside_it_as_the_same_user(machine: Machine) -> None:
    shutil.copyfile(LIST, machine.root / "var/lib/private/verenigingsloket/lijst.csv")
    machine.run("/usr/local/sbin/verenigingsloket", "import", "products", "lijst.csv", "--municipality", "Aalter")
    assert get(machine, "/health").json()["sequence"] > 0
    owners = machine.run("find", "/var/lib/private/verenigingsloket", "-name", "*.sqlite", "-printf", "%u %m\n")
    assert len(set(owners.splitlines())) == 1


@pytest.mark.parametrize("command", ["reload", "restart"])
def test_nobody_notices_a_new_version_or_new_settings(machine: Machine, command: str) -> None:
    before, process = starts(machine), machine.shown("MainPID")
    crowd = Crowd(machine.address)
    with crowd.asking():
        machine.run("systemctl", command, UNIT)
        wait_for(lambda: starts(machine) == before + 1 and active(machine), "it did not start again")
    assert set(crowd.outcomes) == {"200"}
    assert (machine.shown("MainPID") == process) is (command == "reload")


def test_after_a_kill_it_is_started_again_with_all_there_was(machine: Machine) -> None:
    before = get(machine, "/health").json()["sequence"]
    machine.run("systemctl", "kill", "--signal=KILL", UNIT)
    wait_for(lambda: machine.shown("NRestarts") == "1" and active(machine), "it was not started again")
    health = get(machine, "/health").json()
    assert health["status"] == "ok" and health["sequence"] == before


def test_several_processes_start_as_one(machine: Machine) -> None:
    settings = machine.root / "etc/verenigingsloket/omgeving"
    settings.write_text(settings.read_text() + "VERENIGINGSLOKET_WORKERS=2\n")
    machine.run("systemctl", "restart", UNIT)
    assert active(machine) and get(machine, "/ready").status_code == 200
    assert "Got notification message" not in machine.journal()


def test_the_journal_says_nothing_of_who_asked_what(machine: Machine) -> None:
    get(machine, "/verenigingen?naam=An+Peeters")
    journal = machine.journal()
    lines = [line for line in journal.splitlines() if '"path": "/verenigingen"' in line]
    assert lines and "Peeters" not in journal
    assert not any("127.0.0.1" in line for line in lines)
    assert "Traceback" not in journal


def test_it_stops_in_an_orderly_way(machine: Machine) -> None:
    machine.run("systemctl", "stop", SOCKET, UNIT)
    assert [machine.shown(name) for name in ("Result", "ExecMainStatus")] == ["success", "0"]
    with pytest.raises(httpx.ConnectError):
        get(machine, "/ready")
