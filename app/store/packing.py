"""N-Triples made small for the log: a byte that names the method, then the packed bytes."""

import zlib

from app.store.phrases import PHRASES_1

LEVEL = 6
PLAIN, PHRASES = 0, 1


def pack(triples: bytes) -> bytes:
    """Compress with the phrases that nearly every entity shares."""
    if not triples:
        return b""
    packer = zlib.compressobj(LEVEL, zdict=PHRASES_1)
    return bytes([PHRASES]) + packer.compress(triples) + packer.flush()


def unpack(packed: bytes) -> bytes:
    """Give back what was packed, today or years ago."""
    if not packed:
        return b""
    if packed[0] == PLAIN:
        return packed[1:]
    if packed[0] != PHRASES:
        raise ValueError(f"unknown packing {packed[0]}")
    unpacker = zlib.decompressobj(zdict=PHRASES_1)
    return unpacker.decompress(packed[1:]) + unpacker.flush()
