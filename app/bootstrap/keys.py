"""Where the key of the vault comes from, and files with a new one."""

from __future__ import annotations

import base64
import os
from contextlib import suppress
from pathlib import Path

import structlog

from app.config import Settings
from app.errors import BadSetting, Refused
from app.store.vault import KEY_BYTES, read_key

KEY_FILE = "kluis.sleutel"


def vault_key(settings: Settings) -> bytes:
    """The key from the settings, else from a file in the data directory that is made, at random, at the first start.

    A key beside the data protects nobody who takes both, so that file is for who tries things out: each start says so.
    """
    if settings.vault_key:
        return read_key(settings.vault_key)
    if str(settings.vault_key_file) not in ("", "."):
        return read_key_file(settings.vault_key_file)
    path = settings.data / KEY_FILE
    if not path.exists():
        _write_new(path)
    return read_key_file(path)


def warn_of_key_beside_data(settings: Settings) -> None:
    """One log line where a service runs on the key in its own data directory."""
    if not settings.vault_key and str(settings.vault_key_file) in ("", "."):
        hint = "set vault_key_file to a file elsewhere; `verenigingsloket key FILE` makes one"
        structlog.get_logger("vault").warning("the key stands beside the data", hint=hint)


def read_key_file(path: Path) -> bytes:
    """The key in a file; raises BadSetting when it is not there or none of ours."""
    try:
        return read_key(path.read_text().strip())
    except (OSError, UnicodeDecodeError):
        raise BadSetting(f"Het sleutelbestand {path} kan niet gelezen worden.") from None


def new_key_file(path: Path) -> None:
    """Make a file with a new random key, for the owner alone; raises Refused when there is one already."""
    if path.exists():
        raise Refused(f"{path} bestaat al; een sleutel wordt nooit overschreven.")
    try:
        _write_new(path)
    except OSError:
        raise Refused(f"{path} kan niet geschreven worden.") from None


def _write_new(path: Path) -> None:
    """Write for the owner alone; of two processes that start at once, the first one's content holds."""
    temporary = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(base64.b64encode(os.urandom(KEY_BYTES)) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(temporary, path)
    temporary.unlink()
