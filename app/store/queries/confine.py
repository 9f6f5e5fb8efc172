"""What a process gives up before it works for strangers: the network, its files, and more memory than it may use.

confine(memory=2_000_000_000, readable=["/data/snapshots"])     # {"network", "files"}: the walls that stand

Each wall is one that the kernel keeps, and this process cannot take down again:
- a network namespace of its own, with nothing in it (https://man7.org/linux/man-pages/man2/unshare.2.html);
- Landlock (https://docs.kernel.org/userspace-api/landlock.html): it reads the copy of the public store and the program
  itself, and nothing else; it writes nothing, runs nothing, and on newer kernels connects nowhere and signals nobody;
- limits: no file grows by a byte, no dump of its memory is left, and no process is started.
The walls come on top of what the process does not have to begin with: no environment, so no key, and no open file.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PR_SET_NO_NEW_PRIVS = 38
# The same numbers on every architecture.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION_FLAG, PATH_BENEATH = 1, 1
READ_FILE, READ_DIR = 1 << 2, 1 << 3
# How many rights on files each version of Landlock knows; those on the network came with the fourth.
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
NEWEST_FILE_RIGHTS, NETWORK_RIGHTS, NETWORK_SINCE = 16, 0b11, 4
# No signals to, and no sockets without a file of, processes outside.
SCOPES, SCOPES_SINCE = 0b11, 6


class Ruleset(ctypes.Structure):
    """struct landlock_ruleset_attr, as far as the sixth version has it."""

    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class PathBeneath(ctypes.Structure):
    """struct landlock_path_beneath_attr."""

    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def confine(memory: int, readable: Iterable[str]) -> frozenset[str]:
    """Raise the walls; answers which the system has. Must come before any thread.

    Only a process with one thread may enter a user namespace, and Landlock holds for the thread that asks for it.
    """
    limits(memory)
    if not sys.platform.startswith("linux"):
        return frozenset()
    libc = ctypes.CDLL(None, use_errno=True)
    walls = {"network": leave_network(libc), "files": leave_files(libc, [*readable, *own_program()])}
    return frozenset(name for name, stands in walls.items() if stands)


def limits(memory: int) -> None:
    """Past these, an allocation fails and ends this process, not the machine."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def leave_network(libc: ctypes.CDLL) -> bool:
    """Enter a network in which nothing is; False where the system does not allow that."""
    return any(libc.unshare(flags) == 0 for flags in (CLONE_NEWNET, CLONE_NEWUSER | CLONE_NEWNET))


def leave_files(libc: ctypes.CDLL, readable: Iterable[str]) -> bool:
    """Allow reading beneath these paths, and nothing else; False where the kernel has no Landlock."""
    version = libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), VERSION_FLAG)
    if version < 1:
        return False
    rights = (1 << FILE_RIGHTS.get(version, NEWEST_FILE_RIGHTS)) - 1
    network, scoped = version >= NETWORK_SINCE, version >= SCOPES_SINCE
    wanted = Ruleset(rights, NETWORK_RIGHTS * network, SCOPES * scoped)
    # As many fields as this kernel knows: it refuses a structure with more.
    size = ctypes.c_size_t(8 * (1 + network + scoped))
    rules = libc.syscall(CREATE_RULESET, ctypes.byref(wanted), size, 0)
    if rules < 0:
        return False
    for path in readable:
        with suppress(FileNotFoundError, NotADirectoryError):
            _allow(libc, rules, path)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    stands: bool = libc.syscall(RESTRICT_SELF, rules, 0) == 0
    os.close(rules)
    return stands


def own_program() -> list[str]:
    """Where Python and what it imports stand, as code is read when it is first used.

    Not all of the search path: the folder in which the service was started is on it, and data may stand beneath that.
    """
    own = str(Path(__file__).parents[2])
    installed = (path for path in sys.path if "site-packages" in path or "dist-packages" in path)
    return [own, *installed, sys.prefix, sys.base_prefix, "/usr/lib", "/lib", "/lib64", "/dev/urandom", "/proc/meminfo"]


def _allow(libc: ctypes.CDLL, rules: int, path: str) -> None:
    folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rights = READ_FILE | READ_DIR if Path(path).is_dir() else READ_FILE
        rule = PathBeneath(rights, folder)
        libc.syscall(ADD_RULE, rules, PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(folder)
