"""Every example of the README runs as it stands, against the demonstration that the README starts."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import PATIENCE, Server

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
EXAMPLES = re.findall(r"^```sh\n(.*?)^```$", README.partition("## Using it")[2], re.MULTILINE | re.DOTALL)
LDES_CLIENT = ROOT / ".ci" / "ldes-client" / "node_modules"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the reader stands: the checkout, with the environment that the first command made."""
    place = tmp_path_factory.mktemp("reader")
    (place / "fixtures").symlink_to(ROOT / "fixtures")
    (place / "node_modules").symlink_to(LDES_CLIENT)
    return place


def test_every_link_within_it_leads_to_a_heading() -> None:
    headings = re.findall(r"^#+ (.*)$", README, re.MULTILINE)
    named = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    links = re.findall(r"\]\(#([^)]*)\)", README)
    assert links
    assert set(links) <= named


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 8


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: text.strip().splitlines()[0][:60])
def test_an_example_works(example: str, demo: Server, folder: Path) -> None:
    if "ldes-client" in example and not LDES_CLIENT.exists() and not os.environ.get("CI"):
        pytest.skip("the npm package ldes-client is not installed")
    programs = f"{Path(sys.executable).parent}/"
    text = example.replace("http://127.0.0.1:8000", demo.address).replace(".venv/bin/", programs)
    bash = ["bash", "-euo", "pipefail", "-c", text]
    done = subprocess.run(bash, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
