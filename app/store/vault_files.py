"""Sealing what is too large for the vault: each content with a key of its own, and that key stands in the vault.

Taking the row out of the vault destroys the content, wherever copies of it are; changing the key of the vault seals
that row anew and leaves contents as they are.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.errors import Unavailable
from app.store.vault import KEY_BYTES, NONCE_BYTES


def new_key() -> str:
    """A key for one content, as text."""
    return b64encode(os.urandom(KEY_BYTES)).decode()


def seal(content: bytes, key: str, name: str) -> bytes:
    """What opens only with this key, and only as what bears this name."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(b64decode(key)).encrypt(nonce, content, name.encode())


def unseal(sealed: bytes, key: str, name: str) -> bytes:
    """The content; raises Unavailable when it is not what was sealed."""
    try:
        return AESGCM(b64decode(key)).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], name.encode())
    except InvalidTag:
        raise Unavailable("Dit document is beschadigd.") from None
