"""A small Debian in a folder, of what is installed on this machine: nothing is fetched for it, and it takes seconds."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.engines import lacking

WANTED = (
    "apt", "base-files", "bash", "coreutils", "dash", "dbus", "findutils", "grep", "libc-bin", "libjemalloc2",
    "login", "mount", "passwd", "procps", "python3-venv", "sed", "systemd-sysv", "tar", "tzdata", "util-linux",
)  # fmt: skip
RELATIONS = ("suggests", "recommends", "conflicts", "breaks", "replaces", "enhances")
# What the scripts of packages make when they are installed, and no package says to have.
MADE = (
    "/bin", "/lib", "/lib64", "/sbin", "/etc/group", "/etc/ld.so.cache", "/etc/nsswitch.conf", "/etc/passwd",
    "/var/lib/dpkg/status",
)  # fmt: skip
LEFT_OUT = ("/usr/share/doc/", "/usr/share/locale/", "/usr/share/man/")


def small_debian(folder: Path) -> None:
    """Make one there, with systemd and Python; skips on a machine that is no Debian or lacks any of it."""
    for program in ("apt-cache", "dpkg-query"):
        if shutil.which(program) is None:
            lacking(program)
    states = (line.split() for line in _lines("dpkg-query", "--show", "--showformat=${db:Status-Abbrev} ${Package}\n"))
    installed = {package for state, package in states if state == "ii"}
    for package in sorted(set(WANTED) - installed):
        lacking(f"the Debian package {package}")
    excepted = (f"--no-{relation}" for relation in RELATIONS)
    needed = installed.intersection(_lines("apt-cache", "depends", "--recurse", "--installed", *excepted, *WANTED))
    _copy([*MADE, *_lines("dpkg-query", "--listfiles", *sorted(needed))], folder)
    (folder / "usr/bin/python").symlink_to("python3")


def _lines(*command: str) -> list[str]:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def _copy(listed: list[str], folder: Path) -> None:
    kept = (Path(path) for path in listed if path.startswith("/") and not path.startswith(LEFT_OUT) and path != "/.")
    # By the way that leads there: packages still say /lib for what stands in /usr/lib.
    real = {path.parent.resolve() / path.name for path in kept if os.path.lexists(path)}
    folder.mkdir()
    names = "\0".join(sorted(str(path)[1:] for path in real)).encode()
    packing = ["tar", "--create", "--directory=/", "--no-recursion", "--null", "--files-from=-"]
    packed = subprocess.run(packing, input=names, stdout=subprocess.PIPE, check=True).stdout
    subprocess.run(["tar", "--extract", f"--directory={folder}"], input=packed, check=True)
