"""Settings -> Register: the log, the rules and the vault's key."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from app.bootstrap.ambient import now, root
from app.config import Settings
from app.errors import BadSetting
from app.model.codelists import load_codelists
from app.model.schema import load_schema
from app.model.shapes import load_checker
from app.register.register import Register
from app.store.log import Log, open_log
from app.store.vault import KEY_BYTES, Cipher, read_key

KEY_FILE = "kluis.sleutel"


@contextmanager
def open_register(settings: Settings) -> Iterator[Register]:
    """The log and the rules, without the stores: a running service follows by itself what is written here."""
    settings.data.mkdir(parents=True, exist_ok=True)
    cipher = Cipher(vault_key(settings))
    with closing(open_log(f"sqlite:///{settings.data.resolve() / 'log.sqlite'}", now, cipher)) as log:
        schema = load_schema(root(), settled_base(log, settings))
        yield Register(schema, load_codelists(root()), load_checker(schema, "vereniging"), log, now)


def settled(log: Log, key: str, value: str) -> str:
    """What was decided at the first start and holds ever since; the first time, `value`."""
    with log.transaction() as transaction:
        kept = transaction.get_state(key)
        if kept is None:
            transaction.put_state(key, value)
    return value if kept is None else kept


def settled_base(log: Log, settings: Settings) -> str:
    """The start of all IRIs: it is part of the data. Raises BadSetting when the setting says something else now."""
    base = settled(log, "base", settings.base or f"http://{settings.host}:{settings.port}")
    if settings.base and settings.base != base:
        raise BadSetting(f"De gegevens in deze map beginnen met {base}; de instelling base kan niet meer veranderen.")
    return base


def vault_key(settings: Settings) -> bytes:
    """The key from the settings, or else from a file in the data directory that is made at the first start."""
    if settings.vault_key:
        return read_key(settings.vault_key)
    path = settings.data / KEY_FILE
    if not path.exists():
        _write_new(path, base64.b64encode(os.urandom(KEY_BYTES)))
    return read_key(path.read_text().strip())


def _write_new(path: Path, content: bytes) -> None:
    """Write for the owner alone; of two processes that start at once, the first one's content holds."""
    temporary = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content + b"\n")
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(temporary, path)
    temporary.unlink()
