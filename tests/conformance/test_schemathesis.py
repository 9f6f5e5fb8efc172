"""Schemathesis reads our OpenAPI document and asks what nobody thought of, over HTTP, with a token of a municipality.

A short run by default. To look long: `SCHEMATHESIS_EXAMPLES=200 SCHEMATHESIS_SECONDS=3600 pytest …`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.bootstrap.register import open_register
from app.config import read_settings
from app.register.commands import RegisterAssociation
from app.register.handle import handle
from tests.register.builders import GENT, Make
from tests.running import PATIENCE, Server, serving

EXAMPLES = os.environ.get("SCHEMATHESIS_EXAMPLES", "1")
SECONDS = os.environ.get("SCHEMATHESIS_SECONDS", "40")
PROGRAM = Path(sys.executable).parent / "st"
HERE = Path(__file__).parent
SEED = "1"
MACHINE = ("demo-gent", "geheim-van-gent")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demonstration, with two associations of Gent in the place of its lists."""
    data = tmp_path_factory.mktemp("schemathesis") / "data"
    with open_register(read_settings({"data": data, "base": "http://loket.test"}, {})) as register:
        make = Make(register.codelists)
        handle(RegisterAssociation(make.minimal(locaties=[make.location()])), GENT, register)
        handle(RegisterAssociation(make.minimal(naam="Turnkring Reuzenpoort")), GENT, register)
    with serving(data, "demo") as running:
        yield running


@pytest.mark.slow
@pytest.mark.skipif(shutil.which(PROGRAM) is None, reason="schemathesis is not installed")
def test_nothing_that_the_document_allows_or_forbids_surprises_the_service(server: Server, tmp_path: Path) -> None:
    token = httpx.post(
        f"{server.address}/demo/aanmelddienst/token",
        data={"grant_type": "client_credentials"},
        auth=MACHINE,
        timeout=PATIENCE,
    ).json()["access_token"]
    command = [
        PROGRAM, "--config-file", HERE / "schemathesis.toml", "run", f"{server.address}/openapi.json",
        "--url", server.address, "--header", f"Authorization: Bearer {token}", "--phases", "examples,coverage,fuzzing",
        "--max-examples", EXAMPLES, "--max-time", SECONDS, "--seed", SEED, "--no-shrink", "--continue-on-failure",
    ]  # fmt: skip
    done = subprocess.run(list(map(str, command)), cwd=tmp_path, capture_output=True, text=True, check=False)
    found = re.search(r"(\d+) generated", done.stdout)
    assert found, done.stdout[-3000:] + done.stderr[-1000:]
    print(f"{found[1]} cases")
    assert int(found[1]) > 500, done.stdout[-3000:]
    assert done.returncode == 0, done.stdout[-12000:]
