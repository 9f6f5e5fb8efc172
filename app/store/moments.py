"""The moments between two steps of a write, by name: where a test ends the process, and nothing happens else.

All of them stand here. A new step that leaves something behind gets a moment before and after it, and is killed there
from then on: what serves by `tests/store/test_faults.py`.
"""

from __future__ import annotations

from collections.abc import Callable

MOMENTS = (
    "log: lock held, nothing written",
    "log: versions written, feeds not",
    "log: all written, not committed",
    "log: committed, nobody knows",
    "stores: neither has it",
    "stores: public has it, internal not",
    "stores: both have it",
    "bulk: loaded, the place not noted",
    "fill: new store full, the place not noted",
    "rebuild: successor whole, not in its place",
    "swap: predecessor moved away, successor not in its place",
    "swap: successor in its place, predecessor still there",
)
# A copy is made and put back by a program of its own: `tests/store/test_backup.py` kills it there.
COPYING = (
    "backup: nothing written",
    "backup: whole, without its name",
    "restore: some tables full",
    "restore: all tables full, not committed",
)
_watch: Callable[[str], None] | None = None


def reached(moment: str) -> None:
    """Say that this moment has come."""
    if _watch is not None:
        _watch(moment)


def watch(watcher: Callable[[str], None] | None) -> None:
    """Be told of every moment in this process; for tests alone."""
    global _watch
    _watch = watcher
