"""A store is a directory; here is how one takes the place of another without a moment at which none is whole."""

import shutil
from pathlib import Path

from app.store.moments import reached


def upcoming(path: Path) -> Path:
    """Where the successor of a store is built."""
    return path.with_name(path.name + ".nieuw")


def swap(path: Path) -> None:
    """Put the finished successor in the place of the store; killed half-way, `settle_swap` finishes it."""
    former = _former(path)
    shutil.rmtree(former, ignore_errors=True)
    if path.exists():
        path.rename(former)
    reached("swap: predecessor moved away, successor not in its place")
    upcoming(path).rename(path)
    reached("swap: successor in its place, predecessor still there")
    shutil.rmtree(former, ignore_errors=True)


def settle_swap(path: Path) -> None:
    """Leave one whole store: a successor is complete only when its predecessor has been moved away."""
    former, successor = _former(path), upcoming(path)
    if former.exists() and not path.exists():
        (successor if successor.exists() else former).rename(path)
    for rest in (former, successor):
        shutil.rmtree(rest, ignore_errors=True)


def set_aside(path: Path) -> None:
    """Move a damaged store away, and keep that one for whoever wants to know why."""
    broken = path.with_name(path.name + ".defect")
    shutil.rmtree(broken, ignore_errors=True)
    path.rename(broken)


def _former(path: Path) -> Path:
    return path.with_name(path.name + ".oud")
