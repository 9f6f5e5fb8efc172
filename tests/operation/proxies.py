"""The service, with nginx and Varnish in front of it as the examples configure them."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from app.bootstrap.register import open_register
from app.cli.examples import EXAMPLES, FOLDER
from app.config import Settings, read_settings
from app.register.commands import RegisterAssociation
from app.register.handle import handle
from tests.register.builders import GENT, Make
from tests.running import PATIENCE, free_port, serving

PAGE_SIZE, MEMBERS, REQUESTS = 5, 8, 20
# An address of this machine that is none of those that the service trusts.
STRANGER = "127.0.0.2"


@dataclass(frozen=True)
class Site:
    """The service and the two ways in."""

    data: Path
    direct: str
    nginx: str
    varnish: str

    def register(self, name: str) -> None:
        """Bring in one more association, beside the running service."""
        with open_register(settings(self.data)) as register:
            make = Make(register.codelists)
            handle(RegisterAssociation(make.minimal(naam=name)), GENT, register)


@contextmanager
def standing(folder: Path) -> Iterator[Site]:
    """All three, until the end of this."""
    for program in ("nginx", "varnishd"):
        if shutil.which(program) is None and not os.environ.get("CI"):
            pytest.skip(f"{program} is not installed")
    data = folder / "data"
    with open_register(settings(data)) as register:
        make = Make(register.codelists)
        for number in range(MEMBERS):
            handle(RegisterAssociation(make.minimal(naam=f"Kantkring {number}")), GENT, register)
    with ExitStack() as stack:
        options = ("--page-size", str(PAGE_SIZE), "--rate-requests", str(REQUESTS))
        server = stack.enter_context(serving(data, "serve", *options))
        port = server.address.rpartition(":")[2]
        nginx = stack.enter_context(running_nginx(folder / "nginx", port))
        yield Site(data, server.address, nginx, stack.enter_context(running_varnish(folder / "varnish", port)))


def settings(data: Path) -> Settings:
    return read_settings({"data": data, "base": "http://loket.test", "page_size": PAGE_SIZE}, {})


def example(name: str, changes: Mapping[str, str]) -> str:
    """An example, with what must be different on this machine."""
    text = (FOLDER / EXAMPLES[name]).read_text()
    for there, here in changes.items():
        assert there in text, there
        text = text.replace(there, here)
    return text


@contextmanager
def running_nginx(folder: Path, port: str) -> Iterator[str]:
    folder.mkdir()
    own = free_port()
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    changes = {
        "127.0.0.1:8000": f"127.0.0.1:{port}",
        "127.0.0.1:8080": f"127.0.0.1:{own}",
        "/run/nginx.pid": f"{folder}/pid",
        "/var/log/nginx/error.log": f"{folder}/error.log",
        "/var/cache/nginx/verenigingsloket": f"{folder}/cache",
        "http {": f"http {{\n{temporary}",
    }
    file = folder / "nginx.conf"
    file.write_text(example("nginx", changes))
    user = "user root;" if os.getuid() == 0 else ""
    command = ["nginx", "-p", str(folder), "-c", str(file), "-g", f"daemon off; {user}"]
    with process(command, f"http://127.0.0.1:{own}") as address:
        yield address


@contextmanager
def running_varnish(folder: Path, port: str) -> Iterator[str]:
    folder.mkdir()
    own = free_port()
    file = folder / "loket.vcl"
    file.write_text(example("varnish", {'.port = "8000"': f'.port = "{port}"'}))
    command = [
        "varnishd", "-F", "-n", str(folder / "work"), "-a", f"127.0.0.1:{own},HTTP", "-f", str(file),
        "-s", "malloc,32m", "-j", "none",
    ]  # fmt: skip
    with process(command, f"http://127.0.0.1:{own}") as address:
        yield address


@contextmanager
def process(command: list[str], address: str) -> Iterator[str]:
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            _wait(address, running)
            yield address
        finally:
            running.terminate()


def _wait(address: str, running: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and running.poll() is None:
        try:
            if httpx.get(f"{address}/health", timeout=30).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise AssertionError(f"{running.args!r} did not start")
