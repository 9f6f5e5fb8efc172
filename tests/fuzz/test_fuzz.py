"""A short look by the fuzzer at every reader; the long one is `python -m tests.fuzz READER --seconds 3600`."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

READERS = ("rdfa", "feed", "csv", "xlsx", "ods", "accept", "sparql", "search")
ROOT = Path(__file__).parent.parent.parent


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris is not installed")
@pytest.mark.parametrize("reader", READERS)
def test_a_reader_survives_whatever_it_gets(reader: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.fuzz", reader, "--seconds", "1"]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    tried = re.search(r"number_of_executed_units: (\d+)", done.stderr)
    assert tried and int(tried[1]) > 10, done.stderr[-1000:]
