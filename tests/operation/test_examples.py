"""What `verenigingsloket voorbeeld` prints is complete and right, as far as can be tried without its machine."""

from __future__ import annotations

import asyncio
import configparser
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.cli.examples import EXAMPLES, FOLDER
from app.config import PREFIX, Settings
from tests.engines import lacking
from tests.running import run
from tests.web.conftest import fill
from tests.web.sparql_site import SparqlSite, sparql_site
from tests.web.world import open_world

ROOT = FOLDER.parent.parent
HARDENING = (
    "NoNewPrivileges",
    "ProtectSystem",
    "PrivateTmp",
    "DynamicUser",
    "SystemCallFilter",
    "CapabilityBoundingSet",
)


def text(name: str) -> str:
    return (FOLDER / EXAMPLES[name]).read_text()


def test_each_example_is_printed_whole() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(EXAMPLES.values())
    assert run("voorbeeld", "grafana").stdout == text("grafana")


def test_every_setting_that_an_example_names_exists() -> None:
    names = {PREFIX + each.name.upper() for each in fields(Settings)}
    found = {name for example in EXAMPLES for name in re.findall(rf"{PREFIX}[A-Z_]+", text(example))}
    assert found and found <= names


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparqlSite]:
    for world in open_world(tmp_path_factory.mktemp("world")):
        fill(world)
        with sparql_site(world, tmp_path_factory.mktemp("pool")) as made:
            yield made


def ask(site: SparqlSite, path: str) -> httpx.Response:
    return asyncio.run(site._go("GET", path, None, {"host": "loket.test"}))


def test_every_figure_of_the_dashboard_and_the_alarms_is_one_that_we_give(site: SparqlSite) -> None:
    site.ask("ASK {}")
    ask(site, "/bestaat-niet/V0001001")
    answer = ask(site, "/metrics")
    families = list(text_string_to_metric_families(answer.text))
    given = {sample.name for family in families for sample in family.samples} | {family.name for family in families}
    wanted = set(re.findall(r"verenigingsloket_[a-z_]+", text("grafana") + text("prometheus")))
    assert len(wanted) > 10
    assert wanted <= given
    rooms = {sample.labels["room"] for family in families for sample in family.samples if "room" in sample.labels}
    assert rooms == {"sparql", "elders"}


def test_the_dashboard_is_one_that_grafana_takes() -> None:
    board = json.loads(text("grafana"))
    assert board["uid"] and board["schemaVersion"] >= 36
    ids = [panel["id"] for panel in board["panels"]]
    assert len(ids) == len(set(ids)) > 10
    places = [tuple(panel["gridPos"].values()) for panel in board["panels"]]
    assert all(x + w <= 24 for x, _, w, _ in places)
    assert all(
        target["expr"].count("(") == target["expr"].count(")") for p in board["panels"] for target in p["targets"]
    )


def test_the_unit_takes_away_what_the_service_does_not_need() -> None:
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[method-assign, assignment]
    unit.read_string(text("systemd"))
    assert all(unit.has_option("Service", name) for name in HARDENING)
    assert unit["Service"]["Type"] == "notify" and "-HUP" in unit["Service"]["ExecReload"]


def analyse(*arguments: str) -> subprocess.CompletedProcess[str]:
    if shutil.which("systemd-analyze") is None:
        lacking("systemd-analyze")
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False)


def test_systemd_finds_little_that_the_service_could_still_do() -> None:
    done = analyse("security", "--offline=yes", "--threshold=20", str(FOLDER / EXAMPLES["systemd"]))
    assert done.returncode == 0, done.stdout


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    program = tmp_path / "verenigingsloket"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for name in ("systemd", "socket"):
        unit = text(name).replace("/opt/verenigingsloket/bin/verenigingsloket", str(program))
        (tmp_path / EXAMPLES[name]).write_text(unit)
    done = analyse("verify", "--man=no", *(str(tmp_path / EXAMPLES[name]) for name in ("systemd", "socket")))
    told = [line for line in done.stderr.splitlines() if "verenigingsloket" in line]
    assert not told, done.stderr


def test_all_that_the_image_copies_is_there_and_it_runs_as_nobody_special() -> None:
    lines = [line for line in text("container").replace("\\\n", " ").splitlines() if line and not line.startswith("#")]
    copied = [word for line in lines if line.startswith("COPY") and "--from" not in line for word in line.split()[1:-1]]
    assert copied and all((ROOT / name).exists() for name in copied)
    needed = {"pyproject.toml", "README.md", "constraints.txt", "app", "ontology", "shapes", "queries", "fixtures"}
    assert needed <= set(copied)
    assert "USER 10001" in lines and 'CMD ["serve"]' in lines
    known = (
        "FROM",
        "WORKDIR",
        "COPY",
        "RUN",
        "USER",
        "VOLUME",
        "EXPOSE",
        "ENV",
        "STOPSIGNAL",
        "HEALTHCHECK",
        "ENTRYPOINT",
        "CMD",
    )
    assert all(line.split()[0] in known for line in lines)
