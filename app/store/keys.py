"""The key of the vault: whether it is the right one, and putting another in its place.

The key seals values, and gives the blind index by which persons and doubles are recognised. After a change the new key
seals, and the secret of the index, sealed with it, stays the same: everything that is found by it is still found.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import insert, select

from app.errors import BadSetting
from app.store.batches import batches
from app.store.database import Database
from app.store.log import Log
from app.store.tables import log as tables
from app.store.vault import NONCE_BYTES, Cipher, derive

STATE = "kluis/index"
WRONG = "Deze sleutel past niet op de kluis. Geef de sleutel waarmee ze gesloten is, in vault_key of vault_key_file."
LABEL = b"index"
AT_ONCE = 1000


def unlock(database: Database, key: bytes) -> Cipher:
    """The cipher with this key; raises BadSetting when the vault was closed with another one."""
    with database.reading() as connection:
        kept = connection.execute(select(tables.state.c.value).where(tables.state.c.key == STATE)).scalar()
        used = connection.execute(select(tables.vault.c.key_id).limit(1)).scalar()
    cipher = Cipher(key) if kept is None else Cipher(key, root=_unwrap(key, kept))
    if used is not None and used != cipher.id:
        raise BadSetting(WRONG)
    return cipher


def change_key(log: Log, old: Cipher, new: bytes) -> int:
    """Seal everything with the new key, in one transaction; answers of how many nodes. All others must be stopped."""
    cipher = Cipher(new, root=old.root)
    with log.transaction() as transaction:
        connection = transaction.connection
        rows = connection.execute(select(tables.vault)).all()
        sealed = [cipher.seal(old.open(row)) for row in rows]
        connection.execute(tables.vault.delete())
        for part in batches(sealed, AT_ONCE):
            connection.execute(insert(tables.vault), part)
        transaction.put_state(STATE, _wrap(new, old.root))
    return len(sealed)


def _wrap(key: bytes, root: bytes) -> str:
    nonce = os.urandom(NONCE_BYTES)
    return b64encode(nonce + AESGCM(derive(key, b"wrap")).encrypt(nonce, root, LABEL)).decode()


def _unwrap(key: bytes, text: str) -> bytes:
    whole = b64decode(text)
    try:
        return AESGCM(derive(key, b"wrap")).decrypt(whole[:NONCE_BYTES], whole[NONCE_BYTES:], LABEL)
    except InvalidTag:
        raise BadSetting(WRONG) from None
