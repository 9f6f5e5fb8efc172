"""N-Triples made small for the log: a byte that names the method, then the packed bytes."""

import zlib

from app.store.phrases import PHRASES_1

# Level 6 would save another tenth and take twice the time.
LEVEL = 3
PLAIN, PHRASES = b"\x00", b"\x01"
# Shorter than this, packing gains nothing.
SHORT = 100


def pack(triples: bytes) -> bytes:
    """Compress, with the phrases that nearly every entity shares."""
    if not triples:
        return b""
    if len(triples) < SHORT:
        return PLAIN + triples
    packer = zlib.compressobj(LEVEL, zdict=PHRASES_1)
    return PHRASES + packer.compress(triples) + packer.flush()


def unpack(packed: bytes) -> bytes:
    """Give back what was packed, today or years ago. Raises ValueError for what is damaged."""
    method, rest = packed[:1], packed[1:]
    if method in (b"", PLAIN):
        return rest
    if method != PHRASES:
        raise ValueError(f"unknown packing {method!r}")
    unpacker = zlib.decompressobj(zdict=PHRASES_1)
    try:
        plain = unpacker.decompress(rest)
    except zlib.error:
        raise ValueError("damaged") from None
    if not unpacker.eof:
        raise ValueError("cut off")
    return plain
