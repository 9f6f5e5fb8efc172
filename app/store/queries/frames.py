"""How the query pool and its workers talk over a socket: a small JSON header and a body of bytes."""

from __future__ import annotations

import socket
import struct
from collections.abc import Mapping
from typing import Any

import orjson

_SIZES = struct.Struct(">II")
# What is larger the C library fetches from the kernel anew for each read.
_CHUNK = 1 << 16


class Frame:
    """One message on its way in, complete once `feed` says so."""

    def __init__(self) -> None:
        self._data = bytearray()

    def feed(self, channel: socket.socket) -> bool:
        """Take what has arrived; True when the message is whole. Raises EOFError when the other side has gone."""
        chunk = channel.recv(_CHUNK)
        if not chunk:
            raise EOFError
        self._data += chunk
        return len(self._data) >= _SIZES.size and len(self._data) >= _SIZES.size + sum(_SIZES.unpack_from(self._data))

    def content(self) -> tuple[dict[str, Any], bytes]:
        """Header and body of a whole message."""
        head, _ = _SIZES.unpack_from(self._data)
        start = _SIZES.size + head
        return orjson.loads(memoryview(self._data)[_SIZES.size : start]), bytes(memoryview(self._data)[start:])


def pack(header: Mapping[str, Any], body: bytes = b"") -> bytes:
    """The bytes of one message."""
    head = orjson.dumps(header)
    return _SIZES.pack(len(head), len(body)) + head + body


def receive(channel: socket.socket) -> tuple[dict[str, Any], bytes]:
    """Wait for one message. Raises EOFError when the other side has gone."""
    frame = Frame()
    while not frame.feed(channel):
        pass
    return frame.content()
