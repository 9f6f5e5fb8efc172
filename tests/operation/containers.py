"""An image made as the example says, and a container of it, by an engine with a store of its own.

No registry is asked: what the example builds on is a small Debian with Python, under the same name.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from app.cli.examples import EXAMPLES, FOLDER
from tests.engines import lacking
from tests.operation.debian import small_debian
from tests.running import PATIENCE, free_port

ROOT = FOLDER.parent.parent
# How pip finds its packages here is this machine's matter, and whom it trusts.
PIP = ("/etc/pip.conf", "/etc/xdg/pip", "/etc/ssl/certs", str(Path.home() / ".config/pip"))
NOWHERE = "No matching distribution found"
# The engine would ask for a million files, which not every root may give.
LIMIT = 16_384


@dataclass(frozen=True)
class Container:
    """The service in a container, and the commands of the example as they were run."""

    folder: Path
    address: str

    def podman(self, *arguments: str, given: str = "", check: bool = True) -> str:
        """What the engine says; by default it must succeed."""
        done = _run(self.folder, ["podman", *arguments], given)
        assert done.returncode == 0 or not check, (arguments, done.stdout, done.stderr)
        return done.stdout.strip()

    def get(self, path: str, **how: object) -> httpx.Response:
        return httpx.get(self.address + path, timeout=PATIENCE, **how)  # type: ignore[arg-type]


def commands() -> list[str]:
    """Those that the head of the example tells to give, each on one line."""
    lines = (FOLDER / EXAMPLES["container"]).read_text().splitlines()
    told = (line.removeprefix("#   ") for line in lines if line.startswith("#   "))
    return "\n".join(told).replace("\\\n", " ").splitlines()


@contextmanager
def contained(folder: Path) -> Iterator[Container]:
    """Build and start it by the commands of the example; skips where the kernel does not let us."""
    if os.getuid():
        pytest.skip("only root can run a container on a store of its own")
    if shutil.which("podman") is None:
        lacking("podman")
    container = Container(folder, f"http://127.0.0.1:{free_port()}")
    # Its engine refuses a longer path than fifty characters for what it knows of running containers.
    with tempfile.TemporaryDirectory(prefix="podman-", ignore_cleanup_errors=True) as run:
        _engine(folder, run)
        yield from _running(container)


def _running(container: Container) -> Iterator[Container]:
    folder = container.folder
    try:
        _base(container)
        build, secret, run = commands()
        mounted = " ".join(f"--volume={path}:{path}:ro" for path in PIP if Path(path).exists())
        build = build.replace("podman build", f"podman build --layers=false --network=host {mounted}")
        run = run.replace("podman run", "podman run --detach --name=loket")
        for command in (build, secret, run.replace("127.0.0.1:8000", container.address.removeprefix("http://"))):
            done = _run(folder, ["bash", "-euo", "pipefail", "-c", command])
            if NOWHERE in done.stderr:
                pytest.skip("pip finds no packages from within a container here")
            assert done.returncode == 0, (command, done.stdout[-2000:], done.stderr[-4000:])
        yield container
    finally:
        container.podman("rm", "--force", "--all", check=False)
        subprocess.run(["umount", folder / "store/overlay"], check=False, capture_output=True)


def _engine(folder: Path, run: str) -> None:
    """A `podman` that keeps all it has in this folder, and asks for no more than this machine may give."""
    given = ", ".join(f'"{name}={LIMIT}:{LIMIT}"' for name in ("nofile", "nproc"))
    (folder / "containers.conf").write_text(f"[containers]\ndefault_ulimits = [{given}]\n")
    driver = "overlay" if "\toverlay\n" in Path("/proc/filesystems").read_text() else "vfs"
    runtime = "--runtime=runc" if shutil.which("runc") else ""
    options = f"--root={folder}/store --runroot={run} --storage-driver={driver} {runtime}"
    (folder / "bin").mkdir()
    wrapper = folder / "bin/podman"
    wrapper.write_text(
        f"#!/bin/sh\nexport CONTAINERS_CONF={folder}/containers.conf\n"
        f'exec {shutil.which("podman")} {options} --cgroup-manager=cgroupfs --events-backend=file "$@"\n'
    )
    wrapper.chmod(0o755)


def _base(container: Container) -> None:
    """Have what the example builds on, and see whether a container runs here at all."""
    example = (FOLDER / EXAMPLES["container"]).read_text()
    name = next(line.split()[1] for line in example.splitlines() if line.startswith("FROM"))
    small_debian(container.folder / "debian")
    subprocess.run(
        ["tar", "--create", "--file", "debian.tar", "--directory=debian", "."], cwd=container.folder, check=True
    )
    container.podman("import", str(container.folder / "debian.tar"), name)
    tried = _run(container.folder, ["podman", "run", "--rm", "--publish=127.0.0.1::8000", name, "true"])
    if tried.returncode:
        pytest.skip(f"this kernel lets us run no container: {tried.stderr.strip()}")


def _run(folder: Path, command: list[str], given: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": f"{folder}/bin:{os.environ['PATH']}"}
    return subprocess.run(
        command, cwd=ROOT, env=environment, input=given, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
