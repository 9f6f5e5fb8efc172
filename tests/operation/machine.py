"""A machine of its own: a small Debian that systemd has started, with the service installed as the units want it."""

from __future__ import annotations

import os
import shutil
import site
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.cli.examples import EXAMPLES
from tests.engines import lacking
from tests.operation.debian import small_debian
from tests.operation.proxies import example
from tests.running import PATIENCE, free_port, run, wait_for

ROOT = Path(__file__).parent.parent.parent
UNIT, SOCKET = EXAMPLES["systemd"], EXAMPLES["socket"]
HOME, SETTINGS = Path("opt/verenigingsloket"), Path("etc/verenigingsloket")
START = """#!/opt/verenigingsloket/bin/python
import sys
from app.cli import main
sys.exit(main())
"""
# nspawn of systemd 252 knows nothing of Landlock, and refuses what it does not know.
CALLS = "landlock_create_ruleset landlock_add_rule landlock_restrict_self"


@dataclass(frozen=True)
class Machine:
    """One that runs: its files, its first process as this machine sees it, and where the service answers."""

    root: Path
    first: int
    address: str

    def run(self, *command: str, check: bool = True) -> str:
        """What a command says there; by default it must succeed."""
        there = ["nsenter", "--all", f"--target={self.first}", *command]
        environment = {"PATH": "/usr/local/sbin:/usr/sbin:/usr/bin", "LC_ALL": "C.UTF-8"}
        done = subprocess.run(there, capture_output=True, text=True, timeout=PATIENCE, check=False, env=environment)
        assert done.returncode == 0 or not check, (command, done.stdout, done.stderr)
        return done.stdout.strip()

    def shown(self, name: str) -> str:
        """A property of the service, as systemd has it."""
        return self.run("systemctl", "show", "--property", name, "--value", UNIT)

    def journal(self) -> str:
        return self.run("journalctl", "--no-pager", "--output=cat", f"--unit={UNIT}")


@contextmanager
def booted(folder: Path) -> Iterator[Machine]:
    """Start one, and end it; skips where the kernel does not let us."""
    if os.getuid():
        pytest.skip("only root can start a machine")
    if shutil.which("systemd-nspawn") is None:
        lacking("systemd-nspawn")
    root, port = folder / "machine", free_port()
    small_debian(root)
    install(root, port)
    packages = next(path for path in site.getsitepackages() if path.endswith("site-packages"))
    command = [
        "systemd-nspawn", "--quiet", f"--directory={root}", "--machine=loket-proef", "--boot", "--register=no",
        "--settings=no", "--console=pipe", f"--system-call-filter={CALLS}",
        f"--bind-ro={packages}:/{HOME}/pakketten", f"--bind-ro={ROOT}:/{HOME}/bron",
    ]  # fmt: skip
    if not Path("/run/systemd/system").exists():
        command.append("--keep-unit")
    with (folder / "nspawn.log").open("w+") as log:
        running = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            first = _first_process(running)
            if first is None:
                log.seek(0)
                pytest.skip(f"this kernel lets us start no machine: {log.read().strip()}")
            machine = Machine(root, first, f"http://127.0.0.1:{port}")
            wait_for(
                lambda: machine.run("systemctl", "is-system-running", check=False) == "running", "it did not start"
            )
            yield machine
        finally:
            running.terminate()
            running.wait(timeout=PATIENCE)


def install(root: Path, port: int) -> None:
    """Put the service, its units, its key and the command in their places, as the examples say."""
    subprocess.run(["chroot", root, "python3", "-m", "venv", "--without-pip", f"/{HOME}"], check=True)
    (packages,) = (root / HOME / "lib").glob("python3.*/site-packages")
    if packages.parent.name != f"python3.{sys.version_info.minor}":
        lacking(f"Python 3.{sys.version_info.minor} of Debian")
    (packages / "verenigingsloket.pth").write_text(f"/{HOME}/pakketten\n/{HOME}/bron\n")
    for path, text in (
        (HOME / "bin/verenigingsloket", START),
        (Path("usr/local/sbin/verenigingsloket"), run("voorbeeld", "opdracht").stdout),
        (Path("etc/systemd/system", UNIT), run("voorbeeld", "systemd").stdout),
        (Path("etc/systemd/system", SOCKET), example("socket", {"127.0.0.1:8000": f"127.0.0.1:{port}"})),
        (SETTINGS / "omgeving", "VERENIGINGSLOKET_BASE=http://loket.test\n"),
    ):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
        (root / path).chmod(0o755 if path.name == "verenigingsloket" else 0o600)
    assert run("key", str(root / SETTINGS / "kluis.sleutel")).returncode == 0
    (root / "etc/machine-id").write_text("")


def _first_process(running: subprocess.Popen[bytes]) -> int | None:
    """The child of nspawn, when systemd has taken it over; None when nspawn gave up."""
    children = Path(f"/proc/{running.pid}/task/{running.pid}/children")
    deadline = time.monotonic() + PATIENCE
    while running.poll() is None and time.monotonic() < deadline:
        for child in children.read_text().split():
            if Path(f"/proc/{child}/comm").read_text().strip() == "systemd":
                return int(child)
        time.sleep(0.05)
    return None
