"""Clients that others made, run as their users run them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

CI = Path(__file__).parent.parent.parent / ".ci"
MEMBER = re.compile(r"^<([^>]+)> <http://purl\.org/dc/terms/isVersionOf>", re.MULTILINE)
PATIENCE = 600


@dataclass(frozen=True)
class Peer:
    """A command of an npm package, installed in a folder of its own: `.ci/<folder>`, or where the variable says."""

    package: str
    variable: str
    folder: str
    entry: str

    def command(self) -> list[str]:
        """How to start it; skips the test when it is not installed, and fails it in CI."""
        path = Path(os.environ.get(self.variable, CI / self.folder)) / "node_modules" / self.entry
        if path.exists() and shutil.which("node"):
            return ["node", str(path)]
        reason = f"{self.package} is not installed in .ci/{self.folder} or in ${self.variable}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)

    def run(self, *arguments: str) -> str:
        """What it writes; the test fails when it ends in an error."""
        done = subprocess.run(
            [*self.command(), *arguments], capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout


LDES_CLIENT = Peer("ldes-client", "LDES_CLIENT", "ldes-client", "ldes-client/dist/bin/cli.js")
COMUNICA = Peer(
    "@treecg/actor-init-ldes-client",
    "LDES_CLIENT_COMUNICA",
    "ldes-client-comunica",
    "@treecg/actor-init-ldes-client/bin/run.js",
)
OIDC_PROVIDER = Peer("oidc-provider", "OIDC_PROVIDER", "oidc-provider", "oidc-provider/lib/index.js")


def members(output: str) -> Counter[str]:
    """How often each member was written."""
    return Counter(MEMBER.findall(output))
