"""The clock, chance, and where our own files are: what everything else gets passed in."""

from __future__ import annotations

import secrets
import ssl
import time
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import httpx


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def pause(seconds: float) -> None:
    """Let time pass."""
    time.sleep(seconds)


def mint() -> str:
    """A new identifier that nobody can guess."""
    return secrets.token_hex(16)


@cache
def tls() -> ssl.SSLContext:
    """Whom we trust, read once: that takes longer than much of a start."""
    return httpx.create_ssl_context()


def root() -> Path:
    """The folder that holds ontology/, shapes/, queries/ and fixtures/: that of the package, or of the checkout."""
    package = Path(__file__).parent.parent
    installed = package / "_data"
    return installed if installed.is_dir() else package.parent
