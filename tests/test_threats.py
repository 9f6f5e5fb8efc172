"""The threat model of the README: each threat has a test, and each test that it names is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
SECTION = README.partition("#### What could go wrong, and what stops it")[2].partition("\n## ")[0]
ROWS = [line.strip("| ").split(" | ") for line in SECTION.splitlines() if line.startswith("| ") and "`" in line]


def named_in(path: Path) -> set[str]:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, functions)}


def test_each_threat_names_what_stops_it_and_a_test_that_is_there() -> None:
    assert len(ROWS) > 20
    for row in ROWS:
        assert len(row) == 3, row
        names = re.findall(r"`(tests/[a-z_0-9/]+\.py)::(test_[a-z_0-9]+)`", row[2])
        assert names, f"no test for: {row[0]}"
        for file, name in names:
            assert name in named_in(ROOT / file), f"{file} has no {name}"
