"""A short look by the fuzzer at every reader; the long one is `python -m tests.fuzz READER --seconds 3600`."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

READERS = (
    "rdfa", "feed", "csv", "xlsx", "ods", "accept", "sparql", "search", "odata", "value", "attachment",
)  # fmt: skip
ROOT = Path(__file__).parent.parent.parent


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris is not installed")
def test_a_reader_survives_whatever_it_gets(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.fuzz", *READERS, "--seconds", "1"]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-500:] + done.stderr[-3000:]
    assert done.stdout.splitlines() == [f"{reader}: survived" for reader in READERS]
    tried = [int(number) for number in re.findall(r"number_of_executed_units: (\d+)", done.stderr)]
    assert len(tried) == len(READERS) and min(tried) > 5, tried
