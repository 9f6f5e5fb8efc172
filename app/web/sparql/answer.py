"""Answers of the SPARQL endpoint as they go over the wire, and when a client has one already."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass

from starlette.types import Send

from app.web.answers import FRESH_BRIEFLY

# These give another answer each time, so such a query has no answer to keep.
UNSTABLE = ("NOW", "RAND", "UUID")
CALLED = re.compile(rf"(?:{'|'.join(UNSTABLE)})(?:\s|#[^\n\r]*[\n\r])*\(")
GZIP = re.compile(r"(?:^|,)\s*(?:gzip|x-gzip|\*)\s*(?:;\s*q\s*=\s*([0-9.]+)\s*)?(?:,|$)", re.IGNORECASE)
WORTH_COMPRESSING = 1000
# About the middle: 9 takes five times as long for a few percent.
LEVEL = 5


@dataclass(frozen=True)
class Representation:
    """A result in one media type and encoding, ready to be sent."""

    body: bytes
    headers: tuple[tuple[bytes, bytes], ...]

    @property
    def size(self) -> int:
        return len(self.body) + 2000


def represent(body: bytes, media_type: str, tag: bytes, compressed: bool = False) -> Representation:
    """The answer with its headers; without a tag it is not to be kept."""
    if compressed:
        body = gzip.compress(body, LEVEL, mtime=0)
    type = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
    headers = [
        (b"content-type", type.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"vary", b"Accept, Accept-Encoding"),
        (b"cache-control", FRESH_BRIEFLY.encode() if tag else b"no-store"),
    ]
    if tag:
        headers.append((b"etag", tag))
    if compressed:
        headers.append((b"content-encoding", b"gzip"))
    return Representation(body, tuple(headers))


def takes_gzip(accept_encoding: str) -> bool:
    """
    >>> takes_gzip("br, gzip;q=0.8"), takes_gzip("gzip;q=0"), takes_gzip("")
    (True, False, False)
    """
    found = GZIP.search(accept_encoding)
    return found is not None and found[1] not in ("0", "0.", "0.0", "0.00", "0.000")


def is_stable(query: str) -> bool:
    """Whether the same query on the same data has the same answer."""
    text = query.upper()
    return not any(name in text for name in UNSTABLE) or CALLED.search(text) is None


def has_it(tag: bytes, if_none_match: bytes) -> bool:
    """Whether the client's copy is this one.

    The comparison is the weak one (RFC 9110 section 13.1.2), and a tag of ours stands in the list exactly when it
    stands in the text of the list. https://www.rfc-editor.org/rfc/rfc9110#name-if-none-match
    """
    return bool(if_none_match) and (tag.removeprefix(b"W/") in if_none_match or if_none_match.strip() == b"*")


async def send_answer(representation: Representation, send: Send) -> None:
    """200 with the body."""
    headers = list(representation.headers)
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": representation.body})


async def send_not_modified(tag: bytes, send: Send) -> None:
    """304 with what a 304 repeats."""
    headers = [(b"etag", tag), (b"vary", b"Accept, Accept-Encoding"), (b"cache-control", FRESH_BRIEFLY.encode())]
    await send({"type": "http.response.start", "status": 304, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def send_allowed(methods: str, send: Send) -> None:
    """What an OPTIONS request is told."""
    headers = [(b"allow", methods.encode()), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
