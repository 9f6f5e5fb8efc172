"""The clock, chance, and where our own files are: what everything else gets passed in."""

from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime
from pathlib import Path


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def pause(seconds: float) -> None:
    """Let time pass."""
    time.sleep(seconds)


def mint() -> str:
    """A new identifier that nobody can guess."""
    return uuid.uuid4().hex


def root() -> Path:
    """The folder that holds ontology/, shapes/, queries/ and fixtures/: that of the package, or of the checkout."""
    package = Path(__file__).parent.parent
    installed = package / "_data"
    return installed if installed.is_dir() else package.parent
